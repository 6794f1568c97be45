// The head: entries that are in no segment yet, in memory. One thread adds and rewinds;
// whoever looks at the same time holds the index's lock. Any number of entries may share a
// hash (the same text under many ids): adding stays one step, and the first few numbers and
// the count are found without walking them all.
#ifndef INDEX_HEAD_H
#define INDEX_HEAD_H

#include "index/tag.h"

struct head;

// A mark counts entries ever added; the first one here is entry number `base`.
struct head *head_new(uint64_t base); // NULL: no memory
void head_free(struct head **head);
uint64_t head_base(const struct head *head);
uint64_t head_end(const struct head *head); // base + entries
uint64_t head_bytes(const struct head *head);
uint64_t head_count(const struct head *head, enum index_kind kind);

// head_add gives false out of memory (or past 2^32 entries) and changes nothing then.
bool head_add(struct head *head, enum index_kind kind, uint64_t tag, uint64_t number);
// head_rewind forgets the entries from mark on; base <= mark <= end.
void head_rewind(struct head *head, uint64_t mark);
size_t head_find(const struct head *head, enum index_kind kind, uint64_t tag,
    uint64_t *numbers_out, size_t max);

// head_copy_from adds to `to` what `from` holds from mark on, in order.
bool head_copy_from(const struct head *from, uint64_t mark, struct head *to);
// head_collect copies the pairs of up to `most` entries from *walked on to where out says,
// by kind and in order of arrival, and moves both on; true when none is left.
bool head_collect(const struct head *head, uint32_t *walked, uint32_t most,
    struct pair *out[INDEX_KINDS]);

#endif
