// What the tests of the log share: records whose bytes follow from their number, a driver
// that outlives the log that used it, and a replay that notes what it saw.
#ifndef UNIT_LOG_WORLD_H
#define UNIT_LOG_WORLD_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "log/log.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))
#define MOST_RECORDS 4096
#define TOY_SEGMENT (8 * (uint64_t)LOG_BLOCK)

struct rng {
    uint64_t state;
};

static inline uint64_t
rng_next(struct rng *rng)
{
    uint64_t z = rng->state += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static inline uint64_t
rng_below(struct rng *rng, uint64_t n)
{
    return rng_next(rng) % n;
}

// record_of fills a record of size bytes that no other number has.
static inline void
record_fill(uint64_t number, uint8_t *out, size_t size)
{
    struct rng rng = {number * 7919 + size};
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)rng_next(&rng);
    for (size_t i = 0; i < 8 && i < size; i++)
        out[i] = (uint8_t)(number >> (8 * i));
}

static inline struct digest
hash_after(uint64_t number)
{
    struct digest d;
    record_fill(number + 1000000, d.bytes, sizeof d.bytes);
    return d;
}

// What was appended, or replayed: the size of each record, and where batches end.
struct history {
    uint64_t first, count; // records first .. first+count-1
    size_t sizes[MOST_RECORDS];
    uint64_t ends[MOST_RECORDS]; // of the batch that the record ends, else 0
    uint64_t positions[MOST_RECORDS];
    uint64_t batches;
};

static inline struct history *
history_new(void)
{
    struct history *h = calloc(1, sizeof *h);
    assert_non_null(h);
    return h;
}

static inline enum wire_err
history_replay(void *context, const struct log_batch *batch)
{
    struct history *h = context;
    assert_int_not_equal(batch->count, 0);
    if (h->count == 0)
        h->first = batch->first_record;
    assert_int_equal(batch->first_record, h->first + h->count);
    assert_int_equal(batch->seq, 10 * (batch->first_record + batch->count - 1));
    struct digest hash = hash_after(batch->first_record + batch->count - 1);
    assert_true(digest_equal(&batch->hash, &hash));
    for (uint32_t i = 0; i < batch->count; i++) {
        struct slice got = batch->records[i];
        uint8_t *want = malloc(got.size + 1);
        assert_non_null(want);
        record_fill(batch->first_record + i, want, got.size);
        assert_true(slice_equal(got, slice_of(want, got.size)));
        free(want);
        assert_true(h->count < MOST_RECORDS);
        h->sizes[h->count] = got.size;
        h->positions[h->count] = batch->position;
        h->ends[h->count] = i + 1 == batch->count ? batch->end : 0;
        h->count++;
    }
    h->batches++;
    return WIRE_OK;
}

// history_append appends one batch of count records of size bytes each and notes it only
// when it went well.
static inline enum wire_err
history_append(struct history *h, struct log *log, uint32_t count, size_t size,
    bool urgent, struct fault *fault)
{
    struct slice pieces[64];
    assert_true(count <= LENGTH(pieces));
    uint8_t *bytes = malloc(count * size + 1);
    assert_non_null(bytes);
    uint64_t number = h->first + h->count, end;
    for (uint32_t i = 0; i < count; i++) {
        record_fill(number + i, bytes + i * size, size);
        pieces[i] = slice_of(bytes + i * size, size);
    }
    struct digest hash = hash_after(number + count - 1);
    struct log_records records = {
        pieces, 1, count, number, 10 * (number + count - 1), &hash};
    enum wire_err err = log_reserve(log, count * size, count, urgent, fault);
    if (!err)
        err = log_append(log, &records, &end, fault);
    free(bytes);
    for (uint32_t i = 0; !err && i < count; i++) {
        assert_true(h->count < MOST_RECORDS);
        h->sizes[h->count] = size;
        h->ends[h->count] = i + 1 == count ? end : 0;
        h->count++;
    }
    h->batches += !err;
    return err;
}

// A driver lent to a log: closing the log leaves it as it is.
static inline void
lent_close(void *state)
{
    (void)state;
}

static inline struct log_driver
lent(struct log_driver driver)
{
    driver.close = lent_close;
    return driver;
}

static inline struct log_settings
toy_settings(void)
{
    struct log_settings s = {.epoch = 77, .segment_bytes = TOY_SEGMENT, .ahead = 2};
    memset(s.store_id, 0x5a, sizeof s.store_id);
    return s;
}

static inline struct log_driver
memory_log(void)
{
    struct log_driver driver;
    struct log_settings settings = toy_settings();
    struct fault fault = FAULT_NONE;
    assert_int_equal(log_driver_memory(&driver), WIRE_OK);
    assert_int_equal(log_create(&driver, &settings, &fault), WIRE_OK);
    return driver;
}

static inline struct log *
opened(struct log_driver driver, uint64_t from, struct history *seen)
{
    struct log *log = NULL;
    struct fault fault = FAULT_NONE;
    struct log_settings settings = toy_settings();
    enum wire_err err =
        log_open(lent(driver), &settings, from, history_replay, seen, &log, &fault);
    if (err)
        print_error("%s: %s\n", fault.field, fault.words);
    assert_int_equal(err, WIRE_OK);
    return log;
}

// The bytes of a driver that can be put back, for tests that break them.
struct image {
    uint64_t files;
    uint64_t sizes[64];
    uint8_t *bytes[64];
};

static inline struct image
image_of(struct log_driver driver)
{
    struct image image = {0};
    assert_int_equal(driver.count(driver.state, &image.files), 0);
    assert_true(image.files <= LENGTH(image.bytes));
    for (uint64_t f = 0; f < image.files; f++) {
        assert_int_equal(driver.size(driver.state, f, &image.sizes[f]), 0);
        image.bytes[f] = malloc(image.sizes[f]);
        assert_non_null(image.bytes[f]);
        assert_int_equal(
            driver.read(driver.state, f, 0, image.bytes[f], image.sizes[f]), 0);
    }
    return image;
}

static inline struct log_driver
image_driver(const struct image *image)
{
    struct log_driver driver;
    assert_int_equal(log_driver_memory(&driver), WIRE_OK);
    for (uint64_t f = 0; f < image->files; f++) {
        bool whole = false;
        assert_int_equal(
            driver.create(driver.state, f, image->sizes[f], UINT64_MAX, &whole), 0);
        assert_true(whole);
        assert_int_equal(
            driver.write(driver.state, f, 0, image->bytes[f], image->sizes[f]), 0);
    }
    return driver;
}

static inline void
image_free(struct image *image)
{
    for (uint64_t f = 0; f < image->files; f++)
        free(image->bytes[f]);
}

#endif
