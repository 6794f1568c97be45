// Verify finds each kind of damage and nothing in a sound store.
#include <fcntl.h>

#include "store/change.h"
#include "store/record.h"
#include "store/store.h"
#include "unit/store/sample.h"

struct findings {
    unsigned count;
    char words[16][256];
};

static void
take(void *context, const char *words)
{
    struct findings *found = context;
    if (found->count < 16)
        (void)snprintf(found->words[found->count], sizeof found->words[0], "%s", words);
    found->count++;
}

static struct findings
verified(struct store *store)
{
    struct findings found = {0};
    assert_true(store_verify(store, take, &found) > 0);
    return found;
}

static void
assert_sound(struct store *store)
{
    struct findings found = verified(store);
    if (found.count)
        fail_msg("%u findings, first: %s", found.count, found.words[0]);
}

static bool
says(const struct findings *found, const char *words)
{
    for (unsigned i = 0; i < found->count && i < 16; i++)
        if (strcmp(found->words[i], words) == 0)
            return true;
    return false;
}

static void
assert_says(const struct findings *found, const char *words)
{
    if (says(found, words))
        return;
    for (unsigned i = 0; i < found->count && i < 16; i++)
        print_message("found: %s\n", found->words[i]);
    fail_msg("not found: %s", words);
}

// ---- sound stores

static void
a_new_store_and_a_filled_one_are_sound(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    assert_sound(store);
    struct store_txn *txn = sample_write(store);
    sample_fill(txn, 5000); // more than one snapshot's rows
    sample_commit(txn);
    assert_sound(store);
    struct findings found = {0};
    // identity, progress, two sources; item, change, header, revision, record, list entry
    assert_int_equal(store_verify(store, take, &found), 2 + 2 + 6 * 5000);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// A second version, a touch of it and a conflict: what refers to what.
static void
versions_touches_and_conflicts_are_sound(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_two(&place);
    struct store_txn *txn = sample_write(store);
    struct store_meta meta;
    struct digest before;
    store_get_meta(txn, &meta);
    before = meta.hash;
    struct store_record record = sample_record(3);
    struct store_item item = sample_item(1);
    record.first_seq = 3;
    record.last_seq = 5;
    for (uint64_t seq = 3; seq <= 5; seq++) {
        struct store_change change = sample_change(seq);
        struct store_revision revision = sample_revision(seq);
        struct store_header header = sample_header(seq);
        change.record = 3;
        change.item = change.story = 1;
        change.previous = seq == 3 ? 1 : seq - 1;
        if (seq == 4) { // touched
            change.content = 3;
            change.change_class = CHANGE_TOUCH;
            revision.block = SLICE("");
        }
        if (seq == 5) { // conflict: 4 stays current
            change.of_seq = change.current = 4;
            change.key.integer = 2;
            change.change_class = CHANGE_CONFLICT;
        } else {
            item.current = seq;
            item.current_key = change.key;
        }
        item.last = seq;
        store_put_change(txn, &change, &before);
        store_put_header(txn, &header);
        store_put_revision(txn, &revision);
        before = change.hash;
        meta.house_us = change.house_us;
    }
    store_put_item(txn, &item);
    store_put_record(txn, &record);
    meta.hash = before;
    meta.records = 3;
    meta.seq = 5;
    store_put_meta(txn, &meta);
    sample_commit(txn);
    assert_sound(store);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
verify_runs_beside_the_writer(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    for (int i = 0; i < 20; i++) {
        sample_fill(txn, 100); // not committed while verify looks
        assert_sound(store);
        sample_commit(txn);
        assert_sound(store);
    }
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// ---- planted damage: rows with sound checksums that say what is not so

static void
drop_row(struct store_txn *txn, enum table table, struct table_key key)
{
    MDB_val k = env_val(key.bytes, key.size);
    assert_int_equal(mdb_del(txn->txn, txn->store->tables[table], &k, NULL), 0);
}

#define PLANT(name) static void name(struct store_txn *txn)
#define DROP(name, table, number)             \
    PLANT(name)                               \
    {                                         \
        drop_row(txn, table, key_of(number)); \
    }
DROP(no_record, TABLE_RECORDS, 2)
DROP(no_item, TABLE_ITEMS, 1)
DROP(no_change, TABLE_CHANGES, 2)
DROP(no_header, TABLE_HEADERS, 3)
DROP(no_revision, TABLE_REVISIONS, 3)
DROP(no_progress, TABLE_META, META_PROGRESS)

PLANT(no_entry)
{
    drop_row(txn, TABLE_BY_SOURCE, by_source_key(1, 2));
}

PLANT(entry_of_nothing)
{
    table_put(
        txn, TABLE_BY_SOURCE, by_source_key(1, 900), slice_of(NULL, 0), PUT_ANYWHERE);
}

PLANT(entry_of_another_source)
{
    drop_row(txn, TABLE_BY_SOURCE, by_source_key(1, 2));
    table_put(
        txn, TABLE_BY_SOURCE, by_source_key(2, 2), slice_of(NULL, 0), PUT_ANYWHERE);
}

PLANT(rows_beyond)
{
    struct store_revision revision = sample_revision(50);
    struct store_item item = sample_item(50);
    store_put_revision(txn, &revision);
    store_put_item(txn, &item);
}

PLANT(flipped)
{
    struct slice row;
    uint8_t copy[1024];
    assert_int_equal(table_get(txn, TABLE_HEADERS, key_of(2), &row), WIRE_OK);
    memcpy(copy, row.data, row.size);
    copy[20] ^= 1;
    table_put(txn, TABLE_HEADERS, key_of(2), slice_of(copy, row.size), PUT_ANYWHERE);
}

PLANT(moved)
{
    struct slice row;
    uint8_t copy[1024];
    assert_int_equal(table_get(txn, TABLE_REVISIONS, key_of(1), &row), WIRE_OK);
    memcpy(copy, row.data, row.size);
    table_put(txn, TABLE_REVISIONS, key_of(2), slice_of(copy, row.size), PUT_ANYWHERE);
}

PLANT(stray_meta)
{
    table_put(txn, TABLE_META, key_of(9), SLICE("?"), PUT_ANYWHERE);
}

PLANT(item_of_no_source)
{
    struct store_item item = sample_item(1);
    item.source = 12;
    store_put_item(txn, &item);
}

PLANT(item_with_the_revision_of_another)
{
    struct store_item item = sample_item(1);
    item.current = 2;
    item.last = 40;
    store_put_item(txn, &item);
}

PLANT(item_with_another_key)
{
    struct store_item item = sample_item(1);
    item.current_key.integer = 17;
    store_put_item(txn, &item);
}

PLANT(record_of_other_changes)
{
    struct store_record record = sample_record(1);
    record.last_seq = 2;
    store_put_record(txn, &record);
}

PLANT(record_backwards)
{
    struct store_record record = sample_record(2);
    record.first_seq = 3;
    store_put_record(txn, &record);
}

PLANT(raw_of_no_record)
{
    drop_row(txn, TABLE_RECORDS, key_of(1));
}

PLANT(head_forged)
{
    struct store_meta meta;
    store_get_meta(txn, &meta);
    meta.hash.bytes[3] ^= 1;
    meta.house_us = 0;
    store_put_meta(txn, &meta);
}

PLANT(empty_revision)
{
    struct store_revision revision = sample_revision(3);
    revision.block = SLICE("");
    store_put_revision(txn, &revision);
}

// History rewritten with every checksum right: only the running hash tells.
static void
rewrite_change(struct store_txn *txn, struct store_change *change, struct digest before)
{
    drop_row(txn, TABLE_CHANGES, key_of(change->seq));
    drop_row(txn, TABLE_BY_SOURCE, by_source_key(1, change->seq));
    struct store_change last;
    struct slice kept;
    uint8_t copy[1024];
    // put_change wants the greatest seq: lift the last row while it is put back
    assert_int_equal(store_get_change(txn, 3, &last), WIRE_OK);
    assert_int_equal(table_get(txn, TABLE_CHANGES, key_of(3), &kept), WIRE_OK);
    size_t size = kept.size;
    memcpy(copy, kept.data, size);
    drop_row(txn, TABLE_CHANGES, key_of(3));
    store_put_change(txn, change, &before);
    table_put(txn, TABLE_CHANGES, key_of(3), slice_of(copy, size), PUT_ANYWHERE);
}

PLANT(history_rewritten)
{
    struct store_change first, change = sample_change(2);
    assert_int_equal(store_get_change(txn, 1, &first), WIRE_OK);
    change.urgency = 1;
    rewrite_change(txn, &change, first.hash);
}

PLANT(references_astray)
{
    struct store_change first, change = sample_change(2);
    assert_int_equal(store_get_change(txn, 1, &first), WIRE_OK);
    change.previous = 1; // of item 1
    change.content = 3;
    change.current = 0;
    change.of_seq = 2;
    change.record = 3;
    change.house_us = 5;
    rewrite_change(txn, &change, first.hash);
}

static const struct {
    const char *name;
    void (*plant)(struct store_txn *txn);
    const char *says[6];
} plants[] = {
    {"no record",        no_record,
     {"records 2: the row is missing", "changes 2: its record 2 is missing"}                                    },
    {"no item",          no_item,
     {"items 1: the row is missing", "changes 1: its item 1 is missing"}                                        },
    {"no change",        no_change,
     {"changes 2: the row is missing", "records 2: its change 2 is missing",
            "items 2: its current revision 2 is missing",
            "items 2: its last revision 2 is missing",
            "headers 2: there is no such change",
            "revisions 2: there is no such change"}                                                             },
    {"no header",        no_header,                         {"changes 3: its header is missing"}                },
    {"no revision",      no_revision,                       {"changes 3: its revision is missing"}              },
    {"no progress",      no_progress,                       {"meta 2: the row is missing"}                      },
    {"no entry",         no_entry,
     {"changes 2: the list of its source lacks it",
            "by_source 0: 2 entries for 3 changes"}                                                             },
    {"entry of nothing", entry_of_nothing,                  {"by_source 0: 4 entries for 3 changes"}            },
    {"entry elsewhere",  entry_of_another_source,
     {"by_source 2: the change is not of source 2",
            "changes 2: the list of its source lacks it"}                                                       },
    {"rows beyond",      rows_beyond,
     {"revisions 50: the row is beyond the last number, 3",
            "items 50: the row is beyond the last number, 3"}                                                   },
    {"flipped",          flipped,                           {"headers 2: the checksum does not match the row"}  },
    {"moved",            moved,                             {"revisions 2: the checksum does not match the row"}},
    {"stray meta",       stray_meta,                        {"meta 9: the row is beyond the last number, 4"}    },
    {"no source",        item_of_no_source,                 {"items 1: there is no source 12"}                  },
    {"of another",       item_with_the_revision_of_another,
     {"items 1: its current revision 2 is of item 2",
            "items 1: its last revision 40 is missing"}                                                         },
    {"another key",      item_with_another_key,
     {"items 1: its sort key is not that of its current revision 1"}                                            },
    {"others' changes",  record_of_other_changes,
     {"records 1: its change 2 is of record 2"}                                                                 },
    {"run backwards",    record_backwards,
     {"records 2: its run of changes is 3 to 2",
            "changes 2: its record 2 does not name it"}                                                         },
    {"raw of nothing",   raw_of_no_record,
     {"raws 1: there is no such record", "quarantine 1: there is no such record"}                               },
    {"head forged",      head_forged,
     {"meta 2: the running hash is not that of change 3",
            "meta 2: house time is before that of change 3"}                                                    },
    {"empty revision",   empty_revision,
     {"revisions 3: it has 0 bytes, its content is in 3"}                                                       },
    {"rewritten",        history_rewritten,
     {"changes 3: the running hash does not follow from the row"}                                               },
    {"astray",           references_astray,
     {"changes 2: its previous revision 1 is of item 1",
            "changes 2: its content revision is 3",
            "changes 2: its current revision is 0",
            "changes 2: it is said to follow from 2",
            "changes 2: its record 3 does not name it",
            "changes 2: house time is before that of the change before"}                                        },
};

static struct store *
three(const struct place *place)
{
    struct store *store = sample_new(place);
    struct store_txn *txn = sample_write(store);
    struct store_raw raw = sample_raw(1);
    struct store_quarantine q = sample_quarantine(1);
    struct store_meta meta;
    store_get_meta(txn, &meta);
    (void)store_add_source(txn, SLICE("dpa"));
    (void)store_add_source(txn, SLICE("city-desk"));
    for (uint64_t n = 1; n <= 3; n++)
        sample_file(txn, n, SLICE("dpa"), &meta);
    store_put_meta(txn, &meta);
    store_put_raw(txn, &raw);
    store_put_quarantine(txn, &q);
    sample_commit(txn);
    store_abort_write(&txn);
    return store;
}

static void
verify_finds_each_planted_damage(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plants / sizeof *plants; i++) {
        struct place place = place_new();
        struct store *store = three(&place);
        assert_sound(store);
        struct store_txn *txn = sample_write(store);
        plants[i].plant(txn);
        sample_commit(txn);
        struct findings found = verified(store);
        for (size_t j = 0; j < 6 && plants[i].says[j]; j++)
            assert_says(&found, plants[i].says[j]);
        store_abort_write(&txn);
        store_close(&store);
        place_free(&place);
    }
}

static void
a_gap_is_one_finding_however_wide(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = three(&place);
    struct store_txn *txn = sample_write(store);
    struct store_meta meta;
    store_get_meta(txn, &meta);
    meta.records = UINT64_MAX / 2;
    store_put_meta(txn, &meta);
    sample_commit(txn);
    struct findings found = verified(store);
    assert_int_equal(found.count, 1);
    assert_says(&found, "records 4: 9223372036854775804 rows are missing from here on");
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
a_damaged_source_keeps_the_store_from_opening_and_says_which(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = three(&place);
    struct store_txn *txn = sample_write(store);
    table_put(txn, TABLE_SOURCES, key_of(2),
        SLICE("\x01"
              "city-desk12345678"),
        PUT_ANYWHERE);
    sample_commit(txn);
    store_abort_write(&txn);
    store_close(&store);
    struct store_settings settings = sample_settings(&place);
    struct fault fault = FAULT_NONE;
    assert_int_equal(store_open(&settings, &store, &fault), WIRE_DAMAGED);
    assert_non_null(strstr(fault.words, "sources 2: the checksum"));
    place_free(&place);
}

// ---- flips in the file itself

static uint8_t *
read_file(const char *path, size_t *size_out)
{
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    *size_out = (size_t)ftell(f);
    uint8_t *bytes = malloc(*size_out);
    assert_non_null(bytes);
    rewind(f);
    assert_int_equal(fread(bytes, 1, *size_out, f), *size_out);
    assert_int_equal(fclose(f), 0);
    return bytes;
}

static bool
told(const struct place *place)
{
    struct store *store = NULL;
    struct findings found = {0};
    struct store_settings settings = sample_settings(place);
    settings.read_only = true;
    if (store_open(&settings, &store, NULL) != WIRE_OK)
        return true;
    (void)store_verify(store, take, &found);
    store_close(&store);
    return found.count > 0;
}

// Flips byte `at` of every copy of row in the file: old pages hold copies as well.
static void
flip(int fd, const uint8_t *bytes, size_t size, struct slice row, size_t at)
{
    const uint8_t *hit = bytes;
    while ((hit = memmem(hit, size - (size_t)(hit - bytes), row.data, row.size))) {
        uint8_t flipped = hit[at] ^ 0x40;
        assert_int_equal(pwrite(fd, &flipped, 1, hit - bytes + (off_t)at), 1);
        hit += row.size;
    }
}

static void
restore(int fd, const uint8_t *bytes, size_t size)
{
    assert_int_equal(pwrite(fd, bytes, size, 0), (ssize_t)size);
}

static void
no_flipped_byte_of_any_row_in_the_file_goes_unseen(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = three(&place);
    static const enum table tables[] = {TABLE_META, TABLE_SOURCES, TABLE_ITEMS,
        TABLE_CHANGES, TABLE_HEADERS, TABLE_REVISIONS, TABLE_RECORDS, TABLE_RAWS};
    struct store_txn *txn = sample_read(store);
    uint8_t rows[8][1024];
    size_t sizes[8];
    for (size_t t = 0; t < 8; t++) {
        struct slice row;
        assert_int_equal(table_get(txn, tables[t], key_of(1), &row), WIRE_OK);
        memcpy(rows[t], row.data, sizes[t] = row.size);
    }
    store_end_read(&txn);
    store_close(&store);

    char file[512];
    size_t size;
    place_file(&place, "data.mdb", file);
    uint8_t *bytes = read_file(file, &size);
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_false(told(&place));
    for (size_t t = 0; t < 8; t++)
        for (size_t at = 0; at < sizes[t]; at++) {
            flip(fd, bytes, size, slice_of(rows[t], sizes[t]), at);
            if (!told(&place))
                fail_msg("table %s: byte %zu went unseen", table_name(tables[t]), at);
            restore(fd, bytes, size);
        }
    assert_false(told(&place));
    (void)close(fd);
    free(bytes);
    place_free(&place);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_store_and_a_filled_one_are_sound),
        cmocka_unit_test(versions_touches_and_conflicts_are_sound),
        cmocka_unit_test(verify_runs_beside_the_writer),
        cmocka_unit_test(verify_finds_each_planted_damage),
        cmocka_unit_test(a_gap_is_one_finding_however_wide),
        cmocka_unit_test(a_damaged_source_keeps_the_store_from_opening_and_says_which),
        cmocka_unit_test(no_flipped_byte_of_any_row_in_the_file_goes_unseen),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/verify", tests, NULL, NULL)
                       : 1;
}
