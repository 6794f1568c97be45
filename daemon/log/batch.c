#include "log/batch.h"

#include "base/bytes.h"

static const uint8_t layout_1[8] = {'w', 'r', '.', 'l', 'o', 'g', 0, 1};

enum {
    AT_MAGIC = 0,
    AT_KEY = 8,
    AT_STORE_ID = 16,
    AT_EPOCH = 32,
    AT_SEGMENT_BYTES = 40,
    AT_SEGMENT = 48,
    AT_INCARNATION = 56,
    AT_POSITION = 64,
    AT_LENGTH = 72,
    AT_COUNT = 76,
    AT_FIRST_RECORD = 80,
    AT_SEQ = 88,
    AT_HASH = 96,
    AT_SYNCED = 128,
    AT_PREVIOUS = 136,
    AT_BODY_SUM = 144,
    AT_SUM = 152,
};
_Static_assert(AT_SUM + 8 == BATCH_HEADER, "the sum ends the header");
_Static_assert(BATCH_HEADER <= 512, "a header never tears: it lies in one sector");

uint64_t
batch_padded(uint32_t length)
{
    return ((uint64_t)BATCH_HEADER + length + LOG_BLOCK - 1) / LOG_BLOCK * LOG_BLOCK;
}

uint64_t
batch_bytes(uint64_t record_bytes, uint32_t count)
{
    uint64_t table = 4 * (uint64_t)count;
    if (record_bytes > UINT32_MAX || record_bytes + table > UINT32_MAX)
        return UINT64_MAX;
    return batch_padded((uint32_t)(record_bytes + table));
}

static void
header_write(struct batch_header *h, uint8_t *out)
{
    memcpy(out + AT_MAGIC, layout_1, 8);
    put_le64(out + AT_KEY, h->origin.key);
    memcpy(out + AT_STORE_ID, h->origin.store_id, 16);
    put_le64(out + AT_EPOCH, h->origin.epoch);
    put_le64(out + AT_SEGMENT_BYTES, h->origin.segment_bytes);
    put_le64(out + AT_SEGMENT, h->segment);
    put_le64(out + AT_INCARNATION, h->incarnation);
    put_le64(out + AT_POSITION, h->position);
    put_le32(out + AT_LENGTH, h->length);
    put_le32(out + AT_COUNT, h->count);
    put_le64(out + AT_FIRST_RECORD, h->first_record);
    put_le64(out + AT_SEQ, h->seq);
    memcpy(out + AT_HASH, h->hash.bytes, DIGEST_BYTES);
    put_le64(out + AT_SYNCED, h->synced);
    put_le64(out + AT_PREVIOUS, h->previous);
    put_le64(out + AT_BODY_SUM, h->body_sum);
    h->sum = hash64(slice_of(out, AT_SUM), h->previous);
    put_le64(out + AT_SUM, h->sum);
}

static uint8_t *
join(const struct slice *pieces, uint32_t count, uint8_t *to)
{
    for (uint32_t i = 0; i < count; i++) {
        if (pieces[i].size)
            memcpy(to, pieces[i].data, pieces[i].size);
        to += pieces[i].size;
    }
    return to;
}

void
batch_pack(struct batch_header *header, const struct slice *pieces,
    uint32_t pieces_each, uint32_t count, uint8_t *out)
{
    uint8_t *table = out + BATCH_HEADER, *to = table + 4 * (size_t)count;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *end = join(pieces + (size_t)i * pieces_each, pieces_each, to);
        put_le32(table + 4 * (size_t)i, (uint32_t)(end - to));
        to = end;
    }
    header->count = count;
    header->length = (uint32_t)(to - table);
    memset(to, 0, batch_padded(header->length) - BATCH_HEADER - header->length);
    header->body_sum = hash64(slice_of(table, header->length), header->previous);
    header_write(header, out);
}

static void
fields_read(const uint8_t *in, struct batch_header *h)
{
    h->origin.key = get_le64(in + AT_KEY);
    memcpy(h->origin.store_id, in + AT_STORE_ID, 16);
    h->origin.epoch = get_le64(in + AT_EPOCH);
    h->origin.segment_bytes = get_le64(in + AT_SEGMENT_BYTES);
    h->segment = get_le64(in + AT_SEGMENT);
    h->incarnation = get_le64(in + AT_INCARNATION);
    h->position = get_le64(in + AT_POSITION);
    h->length = get_le32(in + AT_LENGTH);
    h->count = get_le32(in + AT_COUNT);
    h->first_record = get_le64(in + AT_FIRST_RECORD);
    h->seq = get_le64(in + AT_SEQ);
    memcpy(h->hash.bytes, in + AT_HASH, DIGEST_BYTES);
    h->synced = get_le64(in + AT_SYNCED);
    h->previous = get_le64(in + AT_PREVIOUS);
    h->body_sum = get_le64(in + AT_BODY_SUM);
    h->sum = get_le64(in + AT_SUM);
}

static bool
header_sane(const struct batch_header *h, uint64_t at)
{
    uint64_t segment_bytes = h->origin.segment_bytes;
    return segment_bytes >= LOG_BLOCK && segment_bytes % LOG_BLOCK == 0 &&
           h->position / segment_bytes == h->segment &&
           h->position % segment_bytes == at &&
           batch_padded(h->length) <= segment_bytes - at &&
           4 * (uint64_t)h->count <= h->length && h->synced <= h->position;
}

bool
batch_header_read(
    const uint8_t block[static BATCH_HEADER], uint64_t at, struct batch_header *out)
{
    struct batch_header h;
    if (memcmp(block + AT_MAGIC, layout_1, 8) != 0)
        return false;
    fields_read(block, &h);
    if (hash64(slice_of(block, AT_SUM), h.previous) != h.sum || !header_sane(&h, at))
        return false;
    *out = h;
    return true;
}

bool
batch_same_origin(const struct batch_origin *a, const struct batch_origin *b)
{
    return memcmp(a->store_id, b->store_id, sizeof a->store_id) == 0 &&
           a->epoch == b->epoch && a->key == b->key &&
           a->segment_bytes == b->segment_bytes;
}

bool
batch_body_good(const struct batch_header *header, const uint8_t *body)
{
    if (hash64(slice_of(body, header->length), header->previous) != header->body_sum)
        return false;
    uint64_t total = 4 * (uint64_t)header->count;
    for (uint32_t i = 0; i < header->count; i++)
        total += get_le32(body + 4 * (size_t)i);
    return total == header->length;
}

void
batch_records(
    const struct batch_header *header, const uint8_t *body, struct slice *records_out)
{
    const uint8_t *at = body + 4 * (size_t)header->count;
    for (uint32_t i = 0; i < header->count; i++) {
        size_t size = get_le32(body + 4 * (size_t)i);
        records_out[i] = slice_of(at, size);
        at += size;
    }
}
