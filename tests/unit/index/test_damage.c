// An index that can't be used: another store's, spoilt, or no index at all.
#include "history.h"

static char *
directory_flushed(const struct history *h)
{
    char *path = directory_new();
    struct index *index = NULL;
    struct fault fault = FAULT_NONE;
    open_and_fill(path, h, RECORDS, &index);
    while (index_flush(index, RECORDS, index_mark(index), &fault))
        ;
    index_close(&index);
    return path;
}

static void
an_index_of_another_store_or_epoch_is_emptied(void **state)
{
    (void)state;
    struct history *h = history_new(4);
    const struct store_identity others[] = {
        {.id = "a store of ours", .epoch = 8},
        {.id = "another store's", .epoch = 7}
    };
    for (size_t i = 0; i < LENGTH(others); i++) {
        char *path = directory_flushed(h);
        struct index *index = open_toy(path, &others[i]);
        uint64_t none;
        assert_int_equal(index_covered(index), 0);
        assert_int_equal(index_find(index, 0, h->entries[1][0].hash, &none, 1), 0);
        for (uint64_t r = 1; r <= RECORDS; r++)
            add_record(index, h, r);
        struct fault fault = FAULT_NONE;
        while (index_flush(index, RECORDS, index_mark(index), &fault))
            ;
        assert_int_equal(fault.code, WIRE_OK);
        uint64_t random = 6;
        assert_some_found(index, h, RECORDS, &random, 100);
        index_close(&index);
        directory_remove(path);
    }
    free(h);
}

// Flips one bit of the n-th value, or cuts it short. False: there is no such value.
static bool
spoil(const char *path, unsigned n, bool cut, size_t bit, bool *is_pages_out)
{
    struct blobs *blobs = NULL;
    struct blobs_read *read = NULL;
    struct fault fault = FAULT_NONE;
    struct slice key = slice_of(NULL, 0), value = key;
    assert_int_equal(blobs_open(path, 0, &blobs, &fault), WIRE_OK);
    assert_int_equal(blobs_read_begin(blobs, &read), WIRE_OK);
    enum wire_err err = WIRE_OK;
    for (unsigned i = 0; i <= n && !err; i++)
        err = blobs_next(read, key, &key, &value);
    if (!err) {
        uint8_t *copy = malloc(value.size), name[16];
        assert_true(key.size <= sizeof name);
        memcpy(copy, value.data, value.size);
        memcpy(name, key.data, key.size);
        copy[bit / 8 % value.size] ^= (uint8_t)(1U << bit % 8);
        *is_pages_out =
            key.size == SEGMENT_KEY_BYTES && name[8] == SEGMENT_PAGES && !cut;
        struct slice spoilt = slice_of(copy, value.size - (cut ? 1 : 0));
        key = slice_of(name, key.size);
        blobs_read_end(&read);
        assert_int_equal(blobs_begin(blobs), WIRE_OK);
        blobs_put(blobs, key, spoilt);
        assert_int_equal(blobs_end(blobs, &fault), WIRE_OK);
        free(copy);
    }
    blobs_read_end(&read);
    blobs_close(&blobs);
    return !err;
}

static void
count(void *context, const char *words)
{
    assert_non_null(words);
    ++*(unsigned *)context;
}

// Pages are not read at the start: the look-up that meets a bad one says so, and from then
// on nothing may be decided by a miss. The next start is from nothing.
static void
meet_bad_page(const char *path, const struct history *h, bool flush)
{
    struct index *index = open_toy(path, &self);
    unsigned findings = 0;
    assert_int_equal(index_covered(index), RECORDS);
    (void)index_verify(index, count, &findings);
    assert_true(findings > 0);
    for (uint64_t r = 1; r <= RECORDS && !index_fault(index); r++)
        for (unsigned e = 0; e < EACH; e++) {
            uint64_t numbers[3];
            const struct entry *x = &h->entries[r][e];
            size_t n = index_find(index, x->kind, x->hash, numbers, 3);
            assert_true(n > 0 || index_fault(index) == WIRE_DAMAGED);
        }
    assert_int_equal(index_fault(index), WIRE_DAMAGED);
    struct fault fault = FAULT_NONE;
    if (flush) {
        assert_false(index_flush(index, RECORDS, index_mark(index), &fault));
        assert_int_equal(fault.code, WIRE_DAMAGED);
    }
    index_close(&index);
}

static void
damage_anywhere_is_met_and_never_taken_for_a_miss(void **state)
{
    (void)state;
    struct history *h = history_new(8);
    uint64_t random = 9;
    bool more = true;
    for (unsigned n = 0; more; n++)
        for (unsigned cut = 0; cut < 2 && more; cut++) {
            char *path = directory_flushed(h);
            bool pages = false;
            more = spoil(path, n, cut, next_random(&random) % 1000000, &pages);
            if (more && pages)
                meet_bad_page(path, h, n % 2 == 0);
            struct index *index = open_toy(path, &self);
            assert_int_equal(index_covered(index), more ? 0 : RECORDS);
            index_close(&index);
            open_and_fill(path, h, RECORDS, &index);
            assert_some_found(index, h, RECORDS, &random, 20);
            index_close(&index);
            directory_remove(path);
        }
    free(h);
}

static void
files_that_are_no_index_are_replaced(void **state)
{
    (void)state;
    char *path = directory_new(), file[128];
    (void)snprintf(file, sizeof file, "%s/data.mdb", path);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    for (unsigned i = 0; i < 4096; i++)
        assert_true(fprintf(out, "no index ") > 0);
    assert_int_equal(fclose(out), 0);
    struct index *index = open_toy(path, &self);
    assert_int_equal(index_covered(index), 0);
    index_close(&index);
    directory_remove(path);
}

static void
clearing_forgets_everything_at_once_and_for_good(void **state)
{
    (void)state;
    struct history *h = history_new(12);
    char *path = directory_flushed(h);
    struct index *index = open_toy(path, &self);
    struct fault fault = FAULT_NONE;
    uint64_t none, random = 1;
    add_record(index, h, 1);
    assert_int_equal(index_clear(index, &fault), WIRE_OK);
    assert_int_equal(index_covered(index), 0);
    const struct entry *x = &h->entries[1][0];
    assert_int_equal(index_find(index, x->kind, x->hash, &none, 1), 0);
    index_close(&index);
    index = open_toy(path, &self);
    assert_int_equal(index_covered(index), 0);
    for (uint64_t r = 1; r <= RECORDS; r++)
        add_record(index, h, r);
    assert_some_found(index, h, RECORDS, &random, 50);
    index_close(&index);
    directory_remove(path);
    free(h);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_of_another_store_or_epoch_is_emptied),
        cmocka_unit_test(damage_anywhere_is_met_and_never_taken_for_a_miss),
        cmocka_unit_test(files_that_are_no_index_are_replaced),
        cmocka_unit_test(clearing_forgets_everything_at_once_and_for_good),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
