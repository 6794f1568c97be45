// Reading and writing one page.
#include "index/page.h"

static uint64_t
page_checksum(uint64_t segment, uint64_t number, const uint8_t *page)
{
    return hash64(
        slice_of(page + 8, PAGE_BYTES - 8), segment * 0x9e3779b97f4a7c15U + number);
}

void
page_write(uint64_t segment, uint64_t number, enum index_kind kind,
    const struct pair *pairs, uint32_t count, uint8_t *out)
{
    memset(out, 0, PAGE_BYTES);
    put_le16(out + 8, (uint16_t)count);
    put_le16(out + 10, (uint16_t)kind);
    for (uint32_t i = 0; i < count; i++) {
        put_le64(out + PAGE_HEAD + (size_t)i * sizeof *pairs, pairs[i].tag);
        put_le64(out + PAGE_HEAD + (size_t)i * sizeof *pairs + 8, pairs[i].number);
    }
    put_le64(out, page_checksum(segment, number, out));
}

bool
page_good(uint64_t segment, uint64_t number, enum index_kind kind, const uint8_t *page)
{
    return get_le64(page) == page_checksum(segment, number, page) &&
           get_le16(page + 10) == kind && page_count(page) > 0 &&
           page_count(page) <= PAGE_PAIRS;
}

uint32_t
page_place(const uint8_t *page, uint64_t tag, bool after)
{
    uint32_t low = 0, high = page_count(page);
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        uint64_t here = page_pair(page, middle).tag;
        if (here < tag || (after && here == tag))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
