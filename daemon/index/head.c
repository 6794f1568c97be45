// Entries stand in a list in order of arrival, in blocks that never move. Entries of one
// (kind, tag) are chained oldest first, and a hash table of 64 shards finds the oldest.
// Shards grow one by one, so that no single add pays for all. A slot holds half of the mixed
// tag beside the entry's place: a miss reads one cache line, and growing reads no entry.
#include "index/head.h"

#include <assert.h>
#include <stdlib.h>

#define SHARDS 64U
#define SHARD_SHIFT 58U
#define SLOTS_MIN 16U
#define BLOCK_ENTRIES 4096U
#define NONE UINT32_MAX

struct entry {
    uint64_t tag, number;
    uint32_t next;  // entry of the same tag, or NONE
    uint32_t back;  // the entry before; of the first of a chain: the last
    uint32_t count; // of the first of a chain: its length
    uint32_t kind;
};
struct shard {
    uint64_t *slots; // mixed tag << 32 | place + 1; 0: empty
    uint32_t mask, used;
};
struct head {
    uint64_t base, bytes;
    uint64_t counts[INDEX_KINDS];
    uint32_t end; // entries here
    struct shard shards[SHARDS];
    struct entry **blocks;
    size_t blocks_room;
};

struct head *
head_new(uint64_t base)
{
    struct head *head = calloc(1, sizeof *head);
    if (head) {
        head->base = base;
        head->bytes = sizeof *head;
    }
    return head;
}

void
head_free(struct head **head)
{
    struct head *h = *head;
    *head = NULL;
    if (!h)
        return;
    for (size_t i = 0; i < h->blocks_room; i++)
        free(h->blocks[i]);
    for (size_t i = 0; i < SHARDS; i++)
        free(h->shards[i].slots);
    free(h->blocks);
    free(h);
}

uint64_t
head_base(const struct head *head)
{
    return head->base;
}

uint64_t
head_end(const struct head *head)
{
    return head->base + head->end;
}

uint64_t
head_bytes(const struct head *head)
{
    return head->bytes;
}

uint64_t
head_count(const struct head *head, enum index_kind kind)
{
    return head->counts[kind];
}

static struct entry *
entry_at(const struct head *head, uint32_t place)
{
    return &head->blocks[place / BLOCK_ENTRIES][place % BLOCK_ENTRIES];
}

// The slot of the chain of (kind, tag), or the empty one where it would go. The shard has
// slots, and at least one of them is empty.
static uint64_t *
slot_find(const struct head *head, uint64_t mixed, enum index_kind kind, uint64_t tag)
{
    const struct shard *s = &head->shards[mixed >> SHARD_SHIFT];
    for (uint32_t i = (uint32_t)mixed & s->mask;; i = (i + 1) & s->mask) {
        uint64_t slot = s->slots[i];
        if (!slot)
            return &s->slots[i];
        if ((uint32_t)(slot >> 32) != (uint32_t)mixed)
            continue;
        const struct entry *e = entry_at(head, (uint32_t)slot - 1);
        if (e->tag == tag && e->kind == kind)
            return &s->slots[i];
    }
}

static void
slot_place(struct shard *s, uint64_t slot)
{
    uint32_t i = (uint32_t)(slot >> 32) & s->mask;
    while (s->slots[i])
        i = (i + 1) & s->mask;
    s->slots[i] = slot;
}

// shard_room makes sure of an empty slot beside the one to be taken: at most 3/4 full.
static bool
shard_room(struct head *head, struct shard *s)
{
    size_t had = s->slots ? (size_t)s->mask + 1 : 0;
    if (s->slots && s->used < had / 4 * 3)
        return true;
    size_t want = had ? had * 2 : SLOTS_MIN;
    struct shard grown = {
        calloc(want, sizeof *s->slots), (uint32_t)(want - 1), s->used};
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < had; i++)
        if (s->slots[i])
            slot_place(&grown, s->slots[i]);
    free(s->slots);
    *s = grown;
    head->bytes += (want - had) * sizeof *s->slots;
    return true;
}

// Rewinding keeps blocks: the batch is filed again, and fills them again.
static bool
block_room(struct head *head)
{
    size_t block = head->end / BLOCK_ENTRIES;
    if (block >= head->blocks_room) {
        size_t room = head->blocks_room ? head->blocks_room * 2 : 8;
        struct entry **grown = realloc(head->blocks, room * sizeof *grown);
        if (!grown)
            return false;
        memset(
            grown + head->blocks_room, 0, (room - head->blocks_room) * sizeof *grown);
        head->blocks = grown;
        head->blocks_room = room;
    }
    if (!head->blocks[block]) {
        head->blocks[block] = calloc(BLOCK_ENTRIES, sizeof(struct entry));
        if (head->blocks[block])
            head->bytes += BLOCK_ENTRIES * sizeof(struct entry);
    }
    return head->blocks[block] != NULL;
}

bool
head_add(struct head *head, enum index_kind kind, uint64_t tag, uint64_t number)
{
    uint64_t mixed = tag_mix(kind, tag);
    struct shard *s = &head->shards[mixed >> SHARD_SHIFT];
    if (head->end >= NONE - 1 || !shard_room(head, s) || !block_room(head))
        return false;
    uint32_t place = head->end++;
    struct entry *e = entry_at(head, place);
    *e = (struct entry){tag, number, NONE, place, 1, kind};
    head->counts[kind]++;
    uint64_t *slot = slot_find(head, mixed, kind, tag);
    if (!*slot) {
        *slot = mixed << 32 | (place + 1);
        s->used++;
        return true;
    }
    struct entry *first = entry_at(head, (uint32_t)*slot - 1);
    struct entry *last = entry_at(head, first->back);
    assert(last->number <= number);
    e->back = first->back;
    last->next = place;
    first->back = place;
    first->count++;
    return true;
}

// Closes the hole at `slot` so that no probe stops short: each slot that follows moves into
// the hole unless that would put it before its own start.
static void
slot_remove(struct shard *s, uint64_t *slot)
{
    uint32_t hole = (uint32_t)(slot - s->slots);
    for (uint32_t i = (hole + 1) & s->mask; s->slots[i]; i = (i + 1) & s->mask) {
        uint32_t start = (uint32_t)(s->slots[i] >> 32) & s->mask;
        if (((i - start) & s->mask) >= ((i - hole) & s->mask)) {
            s->slots[hole] = s->slots[i];
            hole = i;
        }
    }
    s->slots[hole] = 0;
    s->used--;
}

// The newest entry is the last of its chain.
static void
newest_remove(struct head *head)
{
    uint32_t place = head->end - 1;
    const struct entry *e = entry_at(head, place);
    uint64_t mixed = tag_mix(e->kind, e->tag);
    uint64_t *slot = slot_find(head, mixed, e->kind, e->tag);
    uint32_t first = (uint32_t)*slot - 1;
    if (first == place) {
        slot_remove(&head->shards[mixed >> SHARD_SHIFT], slot);
    } else {
        entry_at(head, e->back)->next = NONE;
        entry_at(head, first)->count--;
        entry_at(head, first)->back = e->back;
    }
    head->counts[e->kind]--;
    head->end--;
}

void
head_rewind(struct head *head, uint64_t mark)
{
    assert(mark >= head->base && mark <= head_end(head));
    while (head_end(head) > mark)
        newest_remove(head);
}

size_t
head_find(const struct head *head, enum index_kind kind, uint64_t tag,
    uint64_t *numbers_out, size_t max)
{
    uint64_t mixed = tag_mix(kind, tag);
    if (!head->shards[mixed >> SHARD_SHIFT].slots)
        return 0;
    uint64_t slot = *slot_find(head, mixed, kind, tag);
    if (!slot)
        return 0;
    const struct entry *e = entry_at(head, (uint32_t)slot - 1);
    size_t count = e->count;
    for (size_t i = 0; i < count && i < max; i++) {
        numbers_out[i] = e->number;
        if (e->next != NONE)
            e = entry_at(head, e->next);
    }
    return count;
}

bool
head_copy_from(const struct head *from, uint64_t mark, struct head *to)
{
    for (uint64_t i = mark - from->base; i < from->end; i++) {
        const struct entry *e = entry_at(from, (uint32_t)i);
        if (!head_add(to, e->kind, e->tag, e->number))
            return false;
    }
    return true;
}

bool
head_collect(const struct head *head, uint32_t *walked, uint32_t most,
    struct pair *out[INDEX_KINDS])
{
    uint32_t left = head->end - *walked, end = *walked + (left < most ? left : most);
    for (uint32_t i = *walked; i < end; i++) {
        const struct entry *e = entry_at(head, i);
        *out[e->kind]++ = (struct pair){e->tag, e->number};
    }
    *walked = end;
    return end == head->end;
}
