// A page is what a look-up reads of a segment: up to 255 sorted pairs of one kind, under a
// checksum that covers the segment's id and the page's place, so that a page of elsewhere
// is damage too. All pages of a kind but the last are full.
//
//   0  checksum (8)   8  count (2)   10  kind (2)   12  zero (4)   16  pairs: tag, number
//
// All little-endian. To change it, add one to MANIFEST_LAYOUT: an index of another layout
// is emptied and built again.
#ifndef INDEX_PAGE_H
#define INDEX_PAGE_H

#include "base/bytes.h"
#include "index/tag.h"

#define PAGE_BYTES 4096U
#define PAGE_HEAD 16U
#define PAGE_PAIRS ((PAGE_BYTES - PAGE_HEAD) / (uint32_t)sizeof(struct pair))

static inline struct pair
page_pair(const uint8_t *page, uint32_t i)
{
    const uint8_t *at = page + PAGE_HEAD + (size_t)i * sizeof(struct pair);
    return (struct pair){get_le64(at), get_le64(at + 8)};
}

static inline uint32_t
page_count(const uint8_t *page)
{
    return get_le16(page + 8);
}

// page_write fills PAGE_BYTES at out; count is 1 to PAGE_PAIRS.
void page_write(uint64_t segment, uint64_t number, enum index_kind kind,
    const struct pair *pairs, uint32_t count, uint8_t *out);
// page_good checks what page_write wrote.
bool page_good(
    uint64_t segment, uint64_t number, enum index_kind kind, const uint8_t *page);
// page_place gives how many pairs come before `tag`, or before what is greater (after).
uint32_t page_place(const uint8_t *page, uint64_t tag, bool after);

#endif
