// A store of a test's own, and rows of every table with every field set.
#ifndef TESTS_STORE_SAMPLE_H
#define TESTS_STORE_SAMPLE_H

#include "store/store.h"
#include "unit/store/place.h"

static const struct store_identity sample_who = {
    .id = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
      .epoch = 77
};

static inline struct store_settings
sample_settings(const struct place *place)
{
    return (struct store_settings){.path = place->path, .map_bytes = 64 << 20};
}

static inline struct store *
sample_open(const struct place *place)
{
    struct store *store = NULL;
    struct fault fault = FAULT_NONE;
    struct store_settings settings = sample_settings(place);
    if (store_open(&settings, &store, &fault) != WIRE_OK)
        fail_msg("store_open: %s", fault.words);
    return store;
}

static inline struct store *
sample_new(const struct place *place)
{
    struct fault fault = FAULT_NONE;
    struct store_settings settings = sample_settings(place);
    if (store_create(&settings, &sample_who, &fault) != WIRE_OK)
        fail_msg("store_create: %s", fault.words);
    return sample_open(place);
}

static inline struct store_txn *
sample_write(struct store *store)
{
    struct store_txn *txn = NULL;
    assert_int_equal(store_begin_write(store, &txn), WIRE_OK);
    return txn;
}

static inline struct store_txn *
sample_read(struct store *store)
{
    struct store_txn *txn = NULL;
    assert_int_equal(store_begin_read(store, &txn), WIRE_OK);
    return txn;
}

static inline struct digest
sample_digest(uint8_t seed)
{
    struct digest digest;
    for (size_t i = 0; i < sizeof digest.bytes; i++)
        digest.bytes[i] = (uint8_t)(seed + i);
    return digest;
}

static inline struct store_item
sample_item(uint64_t number)
{
    return (struct store_item){
        .item = number,
        .source = 1,
        .has_id = true,
        .uri = SLICE("urn:newsml:dpa.com:20261124:1"),
        .current = number,
        .last = number,
        .current_key = {true, 3,    1795500000000000, number   },
        .axes = {0,    true, 1795600000000000, TIME_NONE},
        .story = number
    };
}

static inline struct store_change
sample_change(uint64_t seq)
{
    return (struct store_change){
        .seq = seq,
        .record = seq,
        .item = seq,
        .story = seq,
        .current = seq,
        .content = seq,
        .change_class = CHANGE_NEW,
        .source = SLICE("dpa"),
        .uri = SLICE("urn:newsml:dpa.com:20261124:1"),
        .version = SLICE("3"),
        .language = SLICE("de"),
        .subjects = SLICE("\x91\xa8medtop:1"),
        .urgency = 4,
        .has_id = true,
        .key = {true, 3,    1795500000000000, seq      },
        .axes = {0,    true, 1795600000000000, TIME_NONE},
        .house_us = 1795510000000000 + (int64_t)seq * 10,
        .article_digest = sample_digest(0x10),
        .key_digest = sample_digest(0x40),
        .raw_digest = sample_digest(0x80),
        .normalizer = 2,
        .key_version = 5
    };
}

static inline struct store_header
sample_header(uint64_t seq)
{
    return (struct store_header){.seq = seq,
        .headline = SLICE("Hochwasser erreicht die Altstadt"),
        .slugline = SLICE("Wetter/Hochwasser")};
}

static inline struct store_revision
sample_revision(uint64_t seq)
{
    return (struct store_revision){.seq = seq,
        .codec = CODEC_LZ4,
        .article_bytes = 2900,
        .raw_bytes = 3100,
        .block = SLICE("a block that nobody unpacks here")};
}

static inline struct store_record
sample_record(uint64_t number)
{
    return (struct store_record){
        .record = number,
        .id = {0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab,
               0xac, 0xad, 0xae, 0xaf},
        .source = 1,
        .principal = SLICE("desk-feeder"),
        .format = SLICE("ninjs"),
        .request_digest = sample_digest(0x20),
        .raw_digest = sample_digest(0x80),
        .raw_bytes = 3100,
        .first_seq = number,
        .last_seq = number,
        .house_us = 1795510000000000 + (int64_t)number * 10,
        .wall_us = 1795510000000003,
        .receipt = SLICE("\x81\xa6record\x01")
    };
}

static inline struct store_raw
sample_raw(uint64_t record)
{
    return (struct store_raw){.record = record,
        .codec = CODEC_ZSTD,
        .raw_bytes = 9000,
        .block = SLICE("raw bytes of a page")};
}

static inline struct store_quarantine
sample_quarantine(uint64_t record)
{
    return (struct store_quarantine){.record = record,
        .item = 2,
        .fate = ITEM_REJECTED,
        .code = WIRE_FIELD_TOO_LONG,
        .at = 1234,
        .field = SLICE("headlines[0].value"),
        .words = SLICE("2,049 bytes, the limit is 2,048")};
}

// sample_file files record n as a submission of one new item, seq n, from `source`.
static inline void
sample_file(
    struct store_txn *txn, uint64_t n, struct slice source, struct store_meta *meta)
{
    struct store_item item = sample_item(n);
    struct store_change change = sample_change(n);
    struct store_header header = sample_header(n);
    struct store_revision revision = sample_revision(n);
    struct store_record record = sample_record(n);
    item.source = record.source = store_add_source(txn, source);
    change.source = source;
    store_put_item(txn, &item);
    store_put_change(txn, &change, &meta->hash);
    store_put_header(txn, &header);
    store_put_revision(txn, &revision);
    store_put_record(txn, &record);
    meta->records = meta->items = meta->seq = n;
    meta->oldest_seq = 1;
    meta->hash = change.hash;
    meta->house_us = change.house_us;
}

static inline void
sample_fill(struct store_txn *txn, uint64_t count)
{
    struct store_meta meta = {0};
    store_get_meta(txn, &meta);
    for (uint64_t n = meta.seq + 1, end = meta.seq + count; n <= end; n++)
        sample_file(txn, n, n % 3 ? SLICE("dpa") : SLICE("city-desk"), &meta);
    store_put_meta(txn, &meta);
    if (store_txn_fault(txn))
        fail_msg("sample_fill: %s", store_txn_why(txn)->words);
}

static inline void
sample_commit(struct store_txn *txn)
{
    struct fault fault = FAULT_NONE;
    if (store_commit(txn, &fault) != WIRE_OK)
        fail_msg("store_commit: %s", fault.words);
}

// sample_two holds two records with a row of every table.
static inline struct store *
sample_two(const struct place *place)
{
    struct store *store = sample_new(place);
    struct store_txn *txn = sample_write(store);
    struct store_raw raw = sample_raw(1);
    struct store_quarantine q = sample_quarantine(1);
    sample_fill(txn, 2);
    store_put_raw(txn, &raw);
    store_put_quarantine(txn, &q);
    store_put_entry(
        txn, &(struct store_entry){.record = 1, .unread = 2, .sent = SLICE("sent")});
    store_put_entry(txn, &(struct store_entry){.record = 1,
                             .state = ENTRY_RETRIED,
                             .unread = 2,
                             .settled_by = 2,
                             .sent = SLICE("sent")});
    struct stamp stamp = {.seq = 1,
        .rules = 300,
        .normalizer = 2,
        .key_version = 1,
        .has_key = true,
        .key_digest = sample_digest(0x40)};
    store_put_stamp(txn, &stamp);
    store_put_rules(
        txn, &(struct store_rules){
                 .source = 1, .number = 300, .record = 2, .rules = SLICE("\x80")});
    store_put_renewal(txn, SLICE("\x81\xa3run\x01"));
    sample_commit(txn);
    store_abort_write(&txn);
    return store;
}

#endif
