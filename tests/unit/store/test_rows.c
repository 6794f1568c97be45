// Every table gives back what was put, and a row that is not what was written is damage.
#include "store/store.h"
#include "store/table.h"
#include "unit/store/sample.h"

#define assert_same(a, b) assert_memory_equal(&(a), &(b), sizeof(a))
#define assert_text(a, b) assert_true(slice_equal((a), (b)))

static void
assert_same_key(const struct sort_key *got, const struct sort_key *want)
{
    assert_int_equal(got->has_integer, want->has_integer);
    assert_int_equal(got->integer, want->integer);
    assert_int_equal(got->created_us, want->created_us);
    assert_int_equal(got->arrival, want->arrival);
}

static void
assert_same_axes(const struct axes *got, const struct axes *want)
{
    assert_int_equal(got->pub_status, want->pub_status);
    assert_int_equal(got->advisory, want->advisory);
    assert_int_equal(got->embargoed_until_us, want->embargoed_until_us);
    assert_int_equal(got->expires_us, want->expires_us);
}

static void
assert_item(struct store_txn *txn, const struct store_item *want)
{
    struct store_item got;
    assert_int_equal(store_get_item(txn, want->item, &got), WIRE_OK);
    assert_int_equal(got.item, want->item);
    assert_int_equal(got.source, want->source);
    assert_int_equal(got.has_id, want->has_id);
    assert_text(got.uri, want->uri);
    assert_int_equal(got.current, want->current);
    assert_int_equal(got.last, want->last);
    assert_same_key(&got.current_key, &want->current_key);
    assert_same_axes(&got.axes, &want->axes);
    assert_int_equal(got.story, want->story);
}

static void
assert_change(struct store_txn *txn, const struct store_change *want)
{
    struct store_change got;
    assert_int_equal(store_get_change(txn, want->seq, &got), WIRE_OK);
    assert_int_equal(got.seq, want->seq);
    assert_int_equal(got.record, want->record);
    assert_int_equal(got.item, want->item);
    assert_int_equal(got.story, want->story);
    assert_int_equal(got.previous, want->previous);
    assert_int_equal(got.current, want->current);
    assert_int_equal(got.content, want->content);
    assert_int_equal(got.of_seq, want->of_seq);
    assert_int_equal(got.change_class, want->change_class);
    assert_text(got.source, want->source);
    assert_text(got.uri, want->uri);
    assert_text(got.version, want->version);
    assert_text(got.language, want->language);
    assert_text(got.subjects, want->subjects);
    assert_int_equal(got.urgency, want->urgency);
    assert_int_equal(got.has_id, want->has_id);
    assert_same_key(&got.key, &want->key);
    assert_same_axes(&got.axes, &want->axes);
    assert_int_equal(got.house_us, want->house_us);
    assert_same(got.article_digest, want->article_digest);
    assert_same(got.key_digest, want->key_digest);
    assert_same(got.raw_digest, want->raw_digest);
    assert_int_equal(got.normalizer, want->normalizer);
    assert_int_equal(got.key_version, want->key_version);
    assert_same(got.hash, want->hash);
}

static void
an_item_comes_back_also_after_it_was_put_again(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_item first = sample_item(1), second = sample_item(2);
    store_put_item(txn, &first);
    store_put_item(txn, &second);
    first.uri =
        SLICE("urn:longer:than:before:so:that:the:row:is:another:size:altogether");
    first.has_id = false;
    first.current_key = (struct sort_key){false, 0, TIME_NONE, 9};
    first.axes = (struct axes){2, false, TIME_NONE, 5};
    store_put_item(txn, &first);
    sample_commit(txn);
    assert_item(txn, &first);
    assert_item(txn, &second);
    struct store_item none = {.item = 99};
    assert_int_equal(store_get_item(txn, 3, &none), WIRE_NOT_FOUND);
    assert_int_equal(none.item, 99); // untouched on failure
    assert_int_equal(store_txn_fault(txn), WIRE_OK);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
a_change_comes_back_with_the_hash_that_others_compute(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct digest first = store_first_hash(&sample_who);
    struct store_change one = sample_change(1), two = sample_change(2);
    two.previous = 1;
    two.of_seq = 1;
    two.has_id = two.key.has_integer = two.axes.advisory = false;
    two.key.integer = 0;
    two.uri = two.version = two.language = two.subjects = slice_of(NULL, 0);
    two.change_class = CHANGE_CONFLICT;
    assert_int_equal(store_add_source(txn, SLICE("dpa")), 1);
    store_put_change(txn, &one, &first);
    store_put_change(txn, &two, &one.hash);
    sample_commit(txn);
    assert_change(txn, &one);
    assert_change(txn, &two);
    struct digest computed = store_change_hash(&one, &first);
    assert_same(computed, one.hash);
    computed = store_change_hash(&two, &one.hash);
    assert_same(computed, two.hash);
    assert_memory_not_equal(&one.hash, &two.hash, sizeof one.hash);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// Each field of a change is under the hash: another value is another hash.
static void
every_field_of_a_change_is_in_its_hash(void **state)
{
    (void)state;
    struct digest before = sample_digest(1);
    struct store_change base = sample_change(7);
    struct digest hash = store_change_hash(&base, &before);
#define DIFFERS(field, value)                                       \
    do {                                                            \
        struct store_change other = base;                           \
        other.field = value;                                        \
        struct digest another = store_change_hash(&other, &before); \
        assert_memory_not_equal(&another, &hash, sizeof hash);      \
    } while (0)
    DIFFERS(seq, 8);
    DIFFERS(record, 8);
    DIFFERS(item, 8);
    DIFFERS(story, 8);
    DIFFERS(previous, 6);
    DIFFERS(current, 6);
    DIFFERS(content, 6);
    DIFFERS(of_seq, 6);
    DIFFERS(change_class, CHANGE_UPDATE);
    DIFFERS(source, SLICE("dpb"));
    DIFFERS(uri, SLICE("urn:newsml:dpa.com:20261124:2"));
    DIFFERS(version, SLICE("4"));
    DIFFERS(language, SLICE("en"));
    DIFFERS(subjects, SLICE("\x91\xa8medtop:2"));
    DIFFERS(urgency, 5);
    DIFFERS(has_id, false);
    DIFFERS(key.has_integer, false);
    DIFFERS(key.integer, 4);
    DIFFERS(key.created_us, 1);
    DIFFERS(key.arrival, 8);
    DIFFERS(axes.pub_status, 1);
    DIFFERS(axes.advisory, false);
    DIFFERS(axes.embargoed_until_us, 1);
    DIFFERS(axes.expires_us, 1);
    DIFFERS(house_us, 1);
    DIFFERS(article_digest.bytes[31], 0);
    DIFFERS(key_digest.bytes[31], 0);
    DIFFERS(raw_digest.bytes[31], 0);
    DIFFERS(normalizer, 3);
    DIFFERS(key_version, 6);
#undef DIFFERS
    struct digest other_before = sample_digest(2);
    struct digest another = store_change_hash(&base, &other_before);
    assert_memory_not_equal(&another, &hash, sizeof hash);
    // Text that moves from one field to its neighbour is another row.
    struct store_change moved = base;
    moved.uri = SLICE("urn:newsml:dpa.com:20261124:13");
    moved.version = SLICE("");
    another = store_change_hash(&moved, &before);
    assert_memory_not_equal(&another, &hash, sizeof hash);
}

static void
headers_revisions_and_raws_come_back_empty_or_large(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    static uint8_t large[300000];
    memset(large, 0x5a, sizeof large);
    struct store_header headers[] = {sample_header(1), {.seq = 2}};
    struct store_revision revisions[] = {sample_revision(1), {.seq = 2}, {.seq = 3}};
    struct store_raw raws[] = {sample_raw(1), {.record = 2}};
    revisions[2].block = raws[1].block = slice_of(large, sizeof large);
    for (size_t i = 0; i < 2; i++) {
        store_put_header(txn, &headers[i]);
        store_put_raw(txn, &raws[i]);
    }
    for (size_t i = 0; i < 3; i++)
        store_put_revision(txn, &revisions[i]);
    sample_commit(txn);
    for (size_t i = 0; i < 2; i++) {
        struct store_header header;
        struct store_raw raw;
        assert_int_equal(store_get_header(txn, i + 1, &header), WIRE_OK);
        assert_text(header.headline, headers[i].headline);
        assert_text(header.slugline, headers[i].slugline);
        assert_int_equal(store_get_raw(txn, i + 1, &raw), WIRE_OK);
        assert_int_equal(raw.codec, raws[i].codec);
        assert_int_equal(raw.raw_bytes, raws[i].raw_bytes);
        assert_text(raw.block, raws[i].block);
    }
    for (size_t i = 0; i < 3; i++) {
        struct store_revision revision;
        assert_int_equal(store_get_revision(txn, i + 1, &revision), WIRE_OK);
        assert_int_equal(revision.codec, revisions[i].codec);
        assert_int_equal(revision.article_bytes, revisions[i].article_bytes);
        assert_int_equal(revision.raw_bytes, revisions[i].raw_bytes);
        assert_text(revision.block, revisions[i].block);
    }
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
a_record_comes_back(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_record want = sample_record(1), got;
    store_put_record(txn, &want);
    sample_commit(txn);
    assert_int_equal(store_get_record(txn, 1, &got), WIRE_OK);
    assert_int_equal(got.record, 1);
    assert_memory_equal(got.id, want.id, sizeof got.id);
    assert_int_equal(got.source, want.source);
    assert_text(got.principal, want.principal);
    assert_text(got.format, want.format);
    assert_same(got.request_digest, want.request_digest);
    assert_same(got.raw_digest, want.raw_digest);
    assert_int_equal(got.raw_bytes, want.raw_bytes);
    assert_int_equal(got.first_seq, want.first_seq);
    assert_int_equal(got.last_seq, want.last_seq);
    assert_int_equal(got.house_us, want.house_us);
    assert_int_equal(got.wall_us, want.wall_us);
    assert_text(got.receipt, want.receipt);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
quarantine_is_by_record_and_place(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_quarantine want = sample_quarantine(9), zeroth = {.record = 9}, got;
    store_put_quarantine(txn, &want);
    store_put_quarantine(txn, &zeroth); // not in order: it is put where it belongs
    sample_commit(txn);
    assert_int_equal(store_get_quarantine(txn, 9, 2, &got), WIRE_OK);
    assert_int_equal(got.record, 9);
    assert_int_equal(got.item, 2);
    assert_int_equal(got.fate, want.fate);
    assert_int_equal(got.code, want.code);
    assert_int_equal(got.at, want.at);
    assert_text(got.field, want.field);
    assert_text(got.words, want.words);
    assert_int_equal(store_get_quarantine(txn, 9, 0, &got), WIRE_OK);
    assert_int_equal(got.item, 0);
    assert_int_equal(store_get_quarantine(txn, 9, 1, &got), WIRE_NOT_FOUND);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
meta_comes_back_and_a_new_store_begins_with_the_hash_of_its_id(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_meta meta,
        want = {10, 8, 9, 3, sample_digest(5), 1 << 20, 1795510000000000};
    struct digest first = store_first_hash(&sample_who);
    struct digest by_hand = digest_of(slice_of(sample_who.id, 16));
    memset(&meta, 0xff, sizeof meta);
    store_get_meta(txn, &meta);
    assert_int_equal(meta.records + meta.items + meta.seq + meta.oldest_seq, 0);
    assert_same(meta.hash, first);
    assert_same(first, by_hand);
    store_put_meta(txn, &want);
    sample_commit(txn);
    store_get_meta(txn, &meta);
    assert_same(meta, want);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// ---- damage

static const struct {
    enum table table;
    struct table_key key;
} places[] = {
    {TABLE_META,       {{0, 0, 0, 0, 0, 0, 0, 2}, 8}             },
    {TABLE_ITEMS,      {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {TABLE_CHANGES,    {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {TABLE_HEADERS,    {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {TABLE_REVISIONS,  {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {TABLE_RECORDS,    {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {TABLE_RAWS,       {{0, 0, 0, 0, 0, 0, 0, 1}, 8}             },
    {TABLE_QUARANTINE, {{0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2}, 12}},
};

static enum wire_err
get_any(struct store_txn *txn, enum table table, uint64_t number)
{
    union {
        struct store_meta meta;
        struct store_item item;
        struct store_change change;
        struct store_header header;
        struct store_revision revision;
        struct store_record record;
        struct store_raw raw;
        struct store_quarantine quarantine;
    } out;
    switch (table) {
    case TABLE_META:
        store_get_meta(txn, &out.meta);
        return store_txn_fault(txn);
    case TABLE_ITEMS:
        return store_get_item(txn, number, &out.item);
    case TABLE_CHANGES:
        return store_get_change(txn, number, &out.change);
    case TABLE_HEADERS:
        return store_get_header(txn, number, &out.header);
    case TABLE_REVISIONS:
        return store_get_revision(txn, number, &out.revision);
    case TABLE_RECORDS:
        return store_get_record(txn, number, &out.record);
    case TABLE_RAWS:
        return store_get_raw(txn, number, &out.raw);
    case TABLE_QUARANTINE:
        return store_get_quarantine(txn, number, 2, &out.quarantine);
    default:
        fail();
        return WIRE_INTERNAL;
    }
}

static enum wire_err
get_as(struct store *store, enum table table, struct table_key key, struct slice bytes)
{
    struct store_txn *txn = sample_write(store);
    table_put(txn, table, key, bytes, PUT_ANYWHERE);
    assert_int_equal(store_txn_fault(txn), WIRE_OK);
    enum wire_err err = get_any(txn, table, key_number(&key));
    assert_int_equal(store_txn_fault(txn), err); // damage is sticky
    store_abort_write(&txn);
    return err;
}

static size_t
row_of(struct store *store, size_t place, uint8_t out[1024])
{
    struct store_txn *txn = sample_read(store);
    struct slice row;
    assert_int_equal(
        table_get(txn, places[place].table, places[place].key, &row), WIRE_OK);
    assert_in_range(row.size, 10, 1024);
    memcpy(out, row.data, row.size);
    store_end_read(&txn);
    return row.size;
}

static void
a_flipped_bit_anywhere_in_a_row_is_DAMAGED(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_two(&place);
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        uint8_t row[1024];
        size_t size = row_of(store, p, row);
        for (size_t bit = 0; bit < size * 8; bit++) {
            row[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_equal(
                get_as(store, places[p].table, places[p].key, slice_of(row, size)),
                WIRE_DAMAGED);
            row[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        assert_int_equal(
            get_as(store, places[p].table, places[p].key, slice_of(row, size)),
            WIRE_OK);
    }
    store_close(&store);
    place_free(&place);
}

static void
a_row_cut_or_grown_is_DAMAGED(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_two(&place);
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        uint8_t row[1024 + 1];
        size_t size = row_of(store, p, row);
        row[size] = 0;
        for (size_t cut = 0; cut <= size + 1; cut++)
            if (cut != size)
                assert_int_equal(
                    get_as(store, places[p].table, places[p].key, slice_of(row, cut)),
                    WIRE_DAMAGED);
    }
    store_close(&store);
    place_free(&place);
}

static void
a_row_under_another_number_or_in_another_table_is_DAMAGED(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_two(&place);
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        uint8_t row[1024];
        size_t size = row_of(store, p, row);
        struct table_key key = places[p].key;
        key.bytes[7] ^= 1;
        if (places[p].table != TABLE_META)
            assert_int_equal(
                get_as(store, places[p].table, key, slice_of(row, size)), WIRE_DAMAGED);
        for (size_t q = 0; q < sizeof places / sizeof *places; q++)
            if (q != p)
                assert_int_equal(
                    get_as(store, places[q].table, places[q].key, slice_of(row, size)),
                    WIRE_DAMAGED);
    }
    store_close(&store);
    place_free(&place);
}

// A sound row of a later version of ours is not damage: the checksum holds.
static void
a_layout_not_known_here_is_STORE_VERSION(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct row_writer w;
    struct store_item item;
    assert_true(row_begin(txn, TABLE_ITEMS, key_of(1), 3, PUT_AT_END, &w));
    row_u8(&w, 200);
    row_u16(&w, 7);
    row_end(&w);
    assert_int_equal(store_get_item(txn, 1, &item), WIRE_STORE_VERSION);
    assert_non_null(strstr(store_txn_why(txn)->words, "items 1: layout 200"));
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// Lengths that lie are caught even where the checksum was made over the lie.
static void
lengths_beyond_the_row_are_DAMAGED(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_two(&place);
    for (size_t p = 1; p < sizeof places / sizeof *places; p++) {
        uint8_t row[1024];
        size_t size = row_of(store, p, row) - ROW_CHECK_BYTES;
        bool to_the_end =
            places[p].table == TABLE_REVISIONS || places[p].table == TABLE_RAWS;
        for (size_t cut = 1; cut < size; cut++) {
            struct store_txn *txn = sample_write(store);
            struct row_writer w;
            assert_true(
                row_begin(txn, places[p].table, places[p].key, cut, PUT_ANYWHERE, &w));
            row_bytes(&w, row, cut);
            row_end(&w);
            enum wire_err err =
                get_any(txn, places[p].table, key_number(&places[p].key));
            if (!to_the_end || cut < 6)
                assert_int_equal(err, WIRE_DAMAGED);
            store_abort_write(&txn);
        }
    }
    store_close(&store);
    place_free(&place);
}

static void
a_text_too_long_for_its_row_fails_the_transaction(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    static uint8_t text[UINT16_MAX + 1];
    struct slice large = slice_of(text, sizeof text);
    struct store_item item = sample_item(1);
    struct store_change change = sample_change(1);
    struct store_record record = sample_record(1);
    struct store_header header = sample_header(1);
    struct digest before = sample_digest(0);
    item.uri = change.language = record.format = header.slugline = large;
    for (int i = 0; i < 4; i++) {
        struct store_txn *txn = sample_write(store);
        assert_int_equal(store_add_source(txn, SLICE("dpa")), 1);
        if (i == 0)
            store_put_item(txn, &item);
        else if (i == 1)
            store_put_change(txn, &change, &before);
        else if (i == 2)
            store_put_record(txn, &record);
        else
            store_put_header(txn, &header);
        assert_int_equal(store_txn_fault(txn), WIRE_INTERNAL);
        store_abort_write(&txn);
    }
    store_close(&store);
    place_free(&place);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_comes_back_also_after_it_was_put_again),
        cmocka_unit_test(a_change_comes_back_with_the_hash_that_others_compute),
        cmocka_unit_test(every_field_of_a_change_is_in_its_hash),
        cmocka_unit_test(headers_revisions_and_raws_come_back_empty_or_large),
        cmocka_unit_test(a_record_comes_back),
        cmocka_unit_test(quarantine_is_by_record_and_place),
        cmocka_unit_test(
            meta_comes_back_and_a_new_store_begins_with_the_hash_of_its_id),
        cmocka_unit_test(a_flipped_bit_anywhere_in_a_row_is_DAMAGED),
        cmocka_unit_test(a_row_cut_or_grown_is_DAMAGED),
        cmocka_unit_test(a_row_under_another_number_or_in_another_table_is_DAMAGED),
        cmocka_unit_test(a_layout_not_known_here_is_STORE_VERSION),
        cmocka_unit_test(lengths_beyond_the_row_are_DAMAGED),
        cmocka_unit_test(a_text_too_long_for_its_row_fails_the_transaction),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/rows", tests, NULL, NULL)
                       : 1;
}
