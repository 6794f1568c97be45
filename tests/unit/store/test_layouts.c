// Rows as bytes: what is on disk today must be read, and written alike, for ever.
// tests/corpus/store/*.row has a row of each table, each field on a line of its own: hex,
// then what it means. A new layout comes with a new file; old files stay.
#include <ctype.h>

#include "store/record.h"
#include "store/store.h"
#include "store/table.h"
#include "unit/store/sample.h"

static const struct {
    const char *file;
    enum table table;
    struct table_key key;
} layouts[] = {
    {"identity-1",   TABLE_META,       {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {"progress-1",   TABLE_META,       {{0, 0, 0, 0, 0, 0, 0, 2}, 8}             },
    {"source-1",     TABLE_SOURCES,    {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {"item-1",       TABLE_ITEMS,      {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {"change-1",     TABLE_CHANGES,    {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {"header-1",     TABLE_HEADERS,    {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {"revision-1",   TABLE_REVISIONS,  {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {"record-1",     TABLE_RECORDS,    {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {"raw-1",        TABLE_RAWS,       {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {"quarantine-1", TABLE_QUARANTINE, {{0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2}, 12}},
    {"entry-1",      TABLE_QUARANTINE,
     {{0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff}, 12}                      },
    {"open-1",       TABLE_META,       {{0, 0, 0, 0, 0, 0, 0, 3}, 8}             },
    {"renewal-1",    TABLE_META,       {{0, 0, 0, 0, 0, 0, 0, 4}, 8}             },
    {"stamp-1",      TABLE_STAMPS,     {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {"rules-1",      TABLE_RULES,      {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
};

static int
digit(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static size_t
read_row(const char *name, uint8_t out[1024])
{
    char path[512], line[512];
    size_t size = 0;
    (void)snprintf(path, sizeof path, "%s/store/%s.row", CORPUS, name);
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("%s is missing", path);
    while (fgets(line, sizeof line, f))
        for (const char *c = line; isxdigit((unsigned char)c[0]); c += 2) {
            assert_true(isxdigit((unsigned char)c[1]) && size < 1024);
            out[size++] = (uint8_t)(digit(c[0]) << 4 | digit(c[1]));
        }
    (void)fclose(f);
    return size;
}

static void
assert_row(struct store_txn *txn, size_t i)
{
    uint8_t want[1024];
    struct slice got;
    size_t size = read_row(layouts[i].file, want);
    assert_int_equal(table_get(txn, layouts[i].table, layouts[i].key, &got), WIRE_OK);
    if (!slice_equal(got, slice_of(want, size))) {
        char hex[2049];
        hex_of(got.data, got.size < 1024 ? got.size : 1024, hex);
        fail_msg("%s is now %s", layouts[i].file, hex);
    }
}

static void
rows_are_written_as_they_always_were(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_two(&place);
    struct store_txn *txn = sample_read(store);
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i].table != TABLE_META || layouts[i].key.bytes[7] != META_PROGRESS)
            assert_row(txn, i);
    store_end_read(&txn);
    txn = sample_write(store);
    store_put_meta(txn,
        &(struct store_meta){10, 8, 9, 3, sample_digest(5), 1 << 20, 1795510000000000});
    assert_row(txn, 1);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
old_rows_are_read_as_what_they_meant(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    for (size_t i = 1; i < sizeof layouts / sizeof *layouts; i++) {
        uint8_t row[1024];
        size_t size = read_row(layouts[i].file, row);
        table_put(
            txn, layouts[i].table, layouts[i].key, slice_of(row, size), PUT_ANYWHERE);
    }
    struct store_meta meta = {0};
    struct store_item item;
    struct store_change change;
    struct store_header header;
    struct store_revision revision;
    struct store_record record;
    struct store_raw raw;
    struct store_quarantine q;
    struct store_entry entry;
    struct stamp stamp;
    struct store_rules rules;
    struct slice run;
    struct digest first = store_first_hash(&sample_who), digest = sample_digest(5);
    store_get_meta(txn, &meta);
    assert_int_equal(meta.log_position, 1 << 20);
    assert_true(digest_equal(&meta.hash, &digest));
    assert_int_equal(store_get_item(txn, 1, &item), WIRE_OK);
    assert_true(slice_is(item.uri, "urn:newsml:dpa.com:20261124:1"));
    assert_int_equal(item.current_key.created_us, 1795500000000000);
    assert_int_equal(store_get_change(txn, 1, &change), WIRE_OK);
    assert_true(slice_is(change.language, "de"));
    digest = store_change_hash(&change, &first);
    assert_true(digest_equal(&change.hash, &digest));
    assert_int_equal(store_get_header(txn, 1, &header), WIRE_OK);
    assert_true(slice_is(header.slugline, "Wetter/Hochwasser"));
    assert_int_equal(store_get_revision(txn, 1, &revision), WIRE_OK);
    assert_int_equal(revision.article_bytes, 2900);
    assert_int_equal(store_get_record(txn, 1, &record), WIRE_OK);
    assert_true(slice_is(record.principal, "desk-feeder"));
    assert_int_equal(store_get_raw(txn, 1, &raw), WIRE_OK);
    assert_int_equal(raw.codec, CODEC_ZSTD);
    assert_int_equal(store_get_quarantine(txn, 1, 2, &q), WIRE_OK);
    assert_int_equal(q.code, WIRE_FIELD_TOO_LONG);
    assert_int_equal(store_get_entry(txn, 1, &entry), WIRE_OK);
    assert_int_equal(entry.settled_by, 2);
    assert_int_equal(store_entries_open(txn), 0);
    assert_int_equal(store_get_stamp(txn, 1, &stamp), WIRE_OK);
    assert_int_equal(stamp.rules, 300);
    assert_int_equal(store_get_rules(txn, 1, &rules), WIRE_OK);
    assert_int_equal(rules.record, 2);
    assert_int_equal(store_get_renewal(txn, &run), WIRE_OK);
    assert_int_equal(run.size, 6);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// What is extra makes the row one of layout 2; without it, it is what it always was.
static void
a_record_keeps_what_is_extra(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_record record = sample_record(1), got;
    uint8_t want[1024];
    struct slice row;
    record.extra = SLICE("\x91\x01");
    store_put_record(txn, &record);
    size_t size = read_row("record-2", want);
    struct table_key key = key_of(1);
    assert_int_equal(table_get(txn, TABLE_RECORDS, key, &row), WIRE_OK);
    if (!slice_equal(row, slice_of(want, size))) {
        char hex[2049];
        hex_of(row.data, row.size, hex);
        fail_msg("record-2 is now %s", hex);
    }
    assert_int_equal(store_get_record(txn, 1, &got), WIRE_OK);
    assert_true(slice_equal(got.extra, record.extra));
    assert_true(slice_equal(got.receipt, record.receipt));
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_written_as_they_always_were),
        cmocka_unit_test(old_rows_are_read_as_what_they_meant),
        cmocka_unit_test(a_record_keeps_what_is_extra),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/layouts", tests, NULL, NULL)
                       : 1;
}
