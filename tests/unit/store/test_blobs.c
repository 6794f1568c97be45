// Blobs keep what was ended, forget what was aborted, and say when the disk is full.

#include "store/store.h"
#include "unit/store/place.h"

static struct blobs *
opened(const char *path, uint64_t map_bytes)
{
    struct blobs *blobs = NULL;
    struct fault fault = FAULT_NONE;
    assert_int_equal(blobs_open(path, map_bytes, &blobs, &fault), WIRE_OK);
    return blobs;
}

static void
put(struct blobs *blobs, struct slice key, struct slice value)
{
    assert_int_equal(blobs_begin(blobs), WIRE_OK);
    blobs_put(blobs, key, value);
    assert_int_equal(blobs_end(blobs, NULL), WIRE_OK);
}

static void
assert_holds(struct blobs *blobs, struct slice key, struct slice want)
{
    struct blobs_read *read = NULL;
    struct slice value;
    assert_int_equal(blobs_read_begin(blobs, &read), WIRE_OK);
    assert_int_equal(blobs_get(read, key, &value), WIRE_OK);
    assert_true(slice_equal(value, want));
    blobs_read_end(&read);
    assert_null(read);
}

static void
assert_lacks(struct blobs *blobs, struct slice key)
{
    struct blobs_read *read = NULL;
    struct slice value;
    assert_int_equal(blobs_read_begin(blobs, &read), WIRE_OK);
    assert_int_equal(blobs_get(read, key, &value), WIRE_NOT_FOUND);
    blobs_read_end(&read);
}

static void
what_was_ended_is_there_after_reopening(void **state)
{
    (void)state;
    struct place place = place_new();
    struct blobs *blobs = opened(place.path, 0);
    put(blobs, SLICE("a"), SLICE("first"));
    put(blobs, SLICE("a"), SLICE("second"));
    put(blobs, SLICE("empty"), SLICE(""));
    blobs_close(&blobs);
    assert_null(blobs);

    blobs = opened(place.path, 0);
    assert_holds(blobs, SLICE("a"), SLICE("second"));
    assert_holds(blobs, SLICE("empty"), SLICE(""));
    blobs_close(&blobs);
    place_free(&place);
}

static void
what_was_aborted_or_deleted_is_not(void **state)
{
    (void)state;
    struct place place = place_new();
    struct blobs *blobs = opened(place.path, 0);
    put(blobs, SLICE("kept"), SLICE("1"));
    put(blobs, SLICE("gone"), SLICE("2"));
    assert_int_equal(blobs_begin(blobs), WIRE_OK);
    blobs_put(blobs, SLICE("never"), SLICE("3"));
    blobs_delete(blobs, SLICE("kept"));
    blobs_abort(blobs);
    assert_int_equal(blobs_begin(blobs), WIRE_OK);
    blobs_delete(blobs, SLICE("gone"));
    blobs_delete(blobs, SLICE("not there"));
    assert_int_equal(blobs_end(blobs, NULL), WIRE_OK);

    assert_holds(blobs, SLICE("kept"), SLICE("1"));
    assert_lacks(blobs, SLICE("never"));
    assert_lacks(blobs, SLICE("gone"));
    blobs_close(&blobs);
    place_free(&place);
}

static void
next_walks_all_keys_in_order_whether_its_key_exists_or_not(void **state)
{
    (void)state;
    struct place place = place_new();
    struct blobs *blobs = opened(place.path, 0);
    put(blobs, SLICE("c"), SLICE("3"));
    put(blobs, SLICE("a"), SLICE("1"));
    put(blobs, SLICE("bb"), SLICE("2"));

    struct blobs_read *read = NULL;
    struct slice key = SLICE(""), value;
    assert_int_equal(blobs_read_begin(blobs, &read), WIRE_OK);
    static const char *const keys[] = {"a", "bb", "c"}, *const values[] = {
                                                            "1", "2", "3"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(blobs_next(read, key, &key, &value), WIRE_OK);
        assert_true(slice_is(key, keys[i]));
        assert_true(slice_is(value, values[i]));
    }
    assert_int_equal(blobs_next(read, key, &key, &value), WIRE_NOT_FOUND);
    assert_true(slice_is(key, "c")); // untouched on failure
    assert_int_equal(blobs_next(read, SLICE("b"), &key, &value), WIRE_OK);
    assert_true(slice_is(key, "bb"));
    blobs_read_end(&read);
    blobs_close(&blobs);
    place_free(&place);
}

static void
a_snapshot_does_not_see_later_writes(void **state)
{
    (void)state;
    struct place place = place_new();
    struct blobs *blobs = opened(place.path, 0);
    put(blobs, SLICE("k"), SLICE("old"));
    struct blobs_read *read = NULL;
    struct slice value;
    assert_int_equal(blobs_read_begin(blobs, &read), WIRE_OK);
    put(blobs, SLICE("k"), SLICE("new"));
    assert_int_equal(blobs_get(read, SLICE("k"), &value), WIRE_OK);
    assert_true(slice_is(value, "old"));
    blobs_read_end(&read);
    assert_holds(blobs, SLICE("k"), SLICE("new"));
    blobs_close(&blobs);
    place_free(&place);
}

static void
a_full_map_is_STORE_FULL_writes_nothing_and_is_not_the_end(void **state)
{
    (void)state;
    struct place place = place_new();
    struct blobs *blobs = opened(place.path, 256 << 10);
    put(blobs, SLICE("k"), SLICE("v"));
    static uint8_t large[1 << 20];
    assert_int_equal(blobs_begin(blobs), WIRE_OK);
    blobs_put(blobs, SLICE("small"), SLICE("v"));
    blobs_put(blobs, SLICE("large"), slice_of(large, sizeof large));
    blobs_put(blobs, SLICE("after"), SLICE("v"));
    struct fault fault = FAULT_NONE;
    assert_int_equal(blobs_end(blobs, &fault), WIRE_STORE_FULL);
    assert_int_equal(fault.code, WIRE_STORE_FULL);
    assert_lacks(blobs, SLICE("small"));
    assert_lacks(blobs, SLICE("after"));
    put(blobs, SLICE("small"), SLICE("again"));
    assert_holds(blobs, SLICE("small"), SLICE("again"));
    blobs_close(&blobs);
    place_free(&place);
}

static void
a_key_too_long_or_empty_fails_the_write(void **state)
{
    (void)state;
    struct place place = place_new();
    struct blobs *blobs = opened(place.path, 0);
    static const uint8_t key[512];
    for (size_t size = 0; size <= 512; size += 512) {
        assert_int_equal(blobs_begin(blobs), WIRE_OK);
        blobs_put(blobs, slice_of(key, size), SLICE("v"));
        assert_int_equal(blobs_end(blobs, NULL), WIRE_INTERNAL);
    }
    put(blobs, slice_of(key, 511), SLICE("v"));
    blobs_close(&blobs);
    place_free(&place);
}

static void
files_that_are_not_ours_are_DAMAGED_and_can_be_removed(void **state)
{
    (void)state;
    static const uint8_t zeros[8192];
    static const struct slice contents[] = {
        {zeros,                               8192},
        {zeros,                               10  },
        {(const uint8_t *)"not a database\n", 15  },
    };
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        struct place place = place_new();
        char file[512];
        place_file(&place, "data.mdb", file);
        FILE *f = fopen(file, "w");
        assert_non_null(f);
        assert_int_equal(
            fwrite(contents[i].data, 1, contents[i].size, f), contents[i].size);
        assert_int_equal(fclose(f), 0);

        struct blobs *blobs = NULL;
        struct fault fault = FAULT_NONE;
        assert_int_equal(blobs_open(place.path, 0, &blobs, &fault), WIRE_DAMAGED);
        assert_null(blobs);
        assert_string_not_equal(fault.words, "");
        assert_int_equal(blobs_remove(place.path, NULL), WIRE_OK);
        blobs = opened(place.path, 0);
        put(blobs, SLICE("k"), SLICE("v"));
        blobs_close(&blobs);
        place_free(&place);
    }
}

static void
a_missing_directory_is_made_but_not_its_parents(void **state)
{
    (void)state;
    struct place place = place_new();
    char path[512], deep[600];
    place_file(&place, "index", path);
    struct blobs *blobs = opened(path, 0);
    put(blobs, SLICE("k"), SLICE("v"));
    blobs_close(&blobs);
    assert_int_equal(blobs_remove(path, NULL), WIRE_OK);
    assert_int_equal(rmdir(path), 0);

    (void)snprintf(deep, sizeof deep, "%s/a/b", place.path);
    struct fault fault = FAULT_NONE;
    assert_int_equal(blobs_open(deep, 0, &blobs, &fault), WIRE_IO);
    place_free(&place);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_ended_is_there_after_reopening),
        cmocka_unit_test(what_was_aborted_or_deleted_is_not),
        cmocka_unit_test(next_walks_all_keys_in_order_whether_its_key_exists_or_not),
        cmocka_unit_test(a_snapshot_does_not_see_later_writes),
        cmocka_unit_test(a_full_map_is_STORE_FULL_writes_nothing_and_is_not_the_end),
        cmocka_unit_test(a_key_too_long_or_empty_fails_the_write),
        cmocka_unit_test(files_that_are_not_ours_are_DAMAGED_and_can_be_removed),
        cmocka_unit_test(a_missing_directory_is_made_but_not_its_parents),
    };
    return cmocka_run_group_tests_name("store/blobs", tests, NULL, NULL);
}
