// Sources in memory: see sources.h for who may do what.
#include "store/sources.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"

bool
sources_init(struct sources *sources)
{
    // Untouched pages of this cost nothing: a wire room has tens of sources.
    sources->slots = calloc(SOURCE_SLOTS, sizeof *sources->slots);
    if (!sources->slots)
        return false;
    (void)pthread_mutex_init(&sources->mutex, NULL);
    return true;
}

void
sources_fini(struct sources *sources)
{
    if (!sources->slots)
        return;
    for (size_t i = 0; i < SOURCE_CHUNKS; i++)
        free(atomic_load(&sources->chunks[i]));
    free(sources->slots);
    (void)pthread_mutex_destroy(&sources->mutex);
    sources->slots = NULL;
}

static struct source_entry *
entry_of(const struct sources *sources, uint32_t number)
{
    struct source_entry *chunk = atomic_load_explicit(
        &sources->chunks[(number - 1) / SOURCE_CHUNK], memory_order_acquire);
    return chunk ? &chunk[(number - 1) % SOURCE_CHUNK] : NULL;
}

struct slice
sources_name(const struct sources *sources, uint32_t number)
{
    const struct source_entry *entry = entry_of(sources, number);
    return slice_of(entry->name, entry->size);
}

static uint32_t
slot_of(struct slice name)
{
    return (uint32_t)hash64(name, 0) % SOURCE_SLOTS;
}

// The walk ends at a free slot: there are twice as many slots as numbers.
uint16_t
sources_find(const struct sources *sources, struct slice name, uint32_t count)
{
    for (uint32_t i = slot_of(name);; i = (i + 1) % SOURCE_SLOTS) {
        uint16_t number =
            atomic_load_explicit(&sources->slots[i], memory_order_acquire);
        if (number == 0)
            return 0;
        if (number <= count && slice_equal(sources_name(sources, number), name))
            return number;
    }
}

uint16_t
sources_add(struct sources *sources, struct slice name)
{
    assert(name.size >= 1 && name.size <= SOURCE_NAME_BYTES);
    uint32_t number = atomic_load(&sources->count) + 1;
    if (number > SOURCES_MAX)
        return 0;
    struct source_entry *entry = entry_of(sources, number);
    if (!entry) {
        struct source_entry *chunk = calloc(SOURCE_CHUNK, sizeof *chunk);
        if (!chunk)
            return 0;
        atomic_store_explicit(
            &sources->chunks[(number - 1) / SOURCE_CHUNK], chunk, memory_order_release);
        entry = &chunk[(number - 1) % SOURCE_CHUNK];
    }
    entry->size = (uint8_t)name.size;
    memcpy(entry->name, name.data, name.size);
    uint32_t slot = slot_of(name);
    while (atomic_load(&sources->slots[slot]) != 0)
        slot = (slot + 1) % SOURCE_SLOTS;
    atomic_store_explicit(
        &sources->slots[slot], (uint16_t)number, memory_order_release);
    atomic_store_explicit(&sources->count, number, memory_order_release);
    return (uint16_t)number;
}

void
sources_take_back(struct sources *sources, uint32_t count)
{
    for (uint32_t last = atomic_load(&sources->count); last > count; last--) {
        uint32_t slot = slot_of(sources_name(sources, last));
        while (atomic_load(&sources->slots[slot]) != last)
            slot = (slot + 1) % SOURCE_SLOTS;
        atomic_store(&sources->slots[slot], 0);
        atomic_store(&sources->count, last - 1);
    }
}
