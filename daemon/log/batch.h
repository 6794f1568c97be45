// A batch as bytes: a header, the lengths of its records, the records, zeros to the end
// of the block. The header says where it must lie, what came before and how far the log
// was known to be synced, so that a block read anywhere tells whether it belongs there.
#ifndef LOG_BATCH_H
#define LOG_BATCH_H

#include "log/log.h"

// To change the layout: add one to the last byte of the magic, keep the present reader
// under the old one, and add a log of the old layout to tests/corpus/log/. The table of
// offsets is in docs/storage.md, LOG; test_batch holds the two together.
#define BATCH_HEADER 160U

// What every batch of one log has in common. The key is random, made by log_create and
// never shown: bytes that a stranger sends can't be mistaken for a header.
struct batch_origin {
    uint8_t store_id[16];
    uint64_t epoch;
    uint64_t key;
    uint64_t segment_bytes;
};

struct batch_header {
    struct batch_origin origin;
    uint64_t segment;     // number of the segment: position / segment_bytes
    uint64_t incarnation; // +1 at each open
    uint64_t position;
    uint32_t length; // bytes after the header, before the padding
    uint32_t count;  // 0: an opening, written when an incarnation begins
    uint64_t first_record, seq;
    struct digest hash;
    uint64_t synced;   // everything before was known durable when this was written
    uint64_t previous; // sum of the batch before, the seed of both sums
    uint64_t body_sum; // over the length bytes after the header
    uint64_t sum;      // over the header before this field
};

// batch_bytes gives the whole size with padding; UINT64_MAX when no batch can be so large.
uint64_t batch_bytes(uint64_t record_bytes, uint32_t count);
uint64_t batch_padded(uint32_t length);

// batch_pack fills out, batch_bytes() long, and the fields length, count, body_sum and
// sum of the header. Each record is so many pieces, one after another.
void batch_pack(struct batch_header *header, const struct slice *pieces,
    uint32_t pieces_each, uint32_t count, uint8_t *out);

// batch_header_read is true when the bytes are a header whose own sum is right and that
// may lie at `at` of a segment file.
bool batch_header_read(
    const uint8_t block[static BATCH_HEADER], uint64_t at, struct batch_header *out);
bool batch_same_origin(const struct batch_origin *a, const struct batch_origin *b);

// batch_body_good checks the bytes after the header, and that the lengths add up.
bool batch_body_good(const struct batch_header *header, const uint8_t *body);
// batch_records cuts a good body into header->count slices of it.
void batch_records(
    const struct batch_header *header, const uint8_t *body, struct slice *records_out);

#endif
