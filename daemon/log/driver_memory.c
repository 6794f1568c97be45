// Segments as blocks of memory, so that tests reach every edge of the log quickly. All is
// gone with close.
#include <errno.h>
#include <stdlib.h>

#include "log/log.h"

struct memory_file {
    uint8_t *bytes;
    uint64_t size;
};

struct memory {
    unsigned magic;
#define MEMORY_MAGIC 0x6d656d6f
    struct memory_file *files;
    uint64_t count, making; // making: bytes of the next file that were asked for
};

static struct memory *
memory_of(void *state)
{
    struct memory *memory = state;
    if (memory->magic != MEMORY_MAGIC)
        abort();
    return memory;
}

static int
memory_create(
    void *state, uint64_t file, uint64_t size, uint64_t budget, bool *whole_out)
{
    struct memory *memory = memory_of(state);
    if (file != memory->count)
        return EEXIST;
    if (budget < size - memory->making) {
        memory->making += budget;
        *whole_out = false;
        return 0;
    }
    struct memory_file *files =
        realloc(memory->files, (memory->count + 1) * sizeof *files);
    if (!files)
        return ENOMEM;
    memory->files = files;
    uint8_t *bytes = calloc(1, size);
    if (!bytes)
        return ENOMEM;
    memory->files[memory->count++] = (struct memory_file){bytes, size};
    memory->making = 0;
    *whole_out = true;
    return 0;
}

static int
memory_count(void *state, uint64_t *files_out)
{
    *files_out = memory_of(state)->count;
    return 0;
}

static int
memory_size(void *state, uint64_t file, uint64_t *size_out)
{
    struct memory *memory = memory_of(state);
    if (file >= memory->count)
        return ENOENT;
    *size_out = memory->files[file].size;
    return 0;
}

static bool
in_file(const struct memory *memory, uint64_t file, uint64_t at, size_t size)
{
    return file < memory->count && at <= memory->files[file].size &&
           size <= memory->files[file].size - at;
}

static int
memory_read(void *state, uint64_t file, uint64_t at, void *out, size_t size)
{
    struct memory *memory = memory_of(state);
    if (!in_file(memory, file, at, size))
        return EIO;
    memcpy(out, memory->files[file].bytes + at, size);
    return 0;
}

static int
memory_write(void *state, uint64_t file, uint64_t at, const void *bytes, size_t size)
{
    struct memory *memory = memory_of(state);
    if (!in_file(memory, file, at, size))
        return EIO;
    memcpy(memory->files[file].bytes + at, bytes, size);
    return 0;
}

static int
memory_sync(void *state, uint64_t file)
{
    return file < memory_of(state)->count ? 0 : ENOENT;
}

static void
memory_close(void *state)
{
    struct memory *memory = memory_of(state);
    for (uint64_t i = 0; i < memory->count; i++)
        free(memory->files[i].bytes);
    free(memory->files);
    memory->magic = 0;
    free(memory);
}

enum wire_err
log_driver_memory(struct log_driver *out)
{
    struct memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return WIRE_NO_MEMORY;
    memory->magic = MEMORY_MAGIC;
    *out = (struct log_driver){.name = "memory",
        .state = memory,
        .create = memory_create,
        .count = memory_count,
        .size = memory_size,
        .read = memory_read,
        .write = memory_write,
        .sync = memory_sync,
        .close = memory_close};
    return WIRE_OK;
}
