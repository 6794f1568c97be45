// A place in the feed that outlives the program.
#include <stdlib.h>
#include <unistd.h>

#include "cursor_file.h"
#include "unit/check.h"

static char path[64];

static int
make_path(void **state)
{
    char place[] = "/tmp/wireroom-test.XXXXXX";
    (void)state;
    if (!mkdtemp(place))
        return -1;
    (void)snprintf(path, sizeof path, "%s/cursor", place);
    return 0;
}

static int
remove_path(void **state)
{
    (void)state;
    (void)unlink(path);
    *strrchr(path, '/') = '\0';
    return rmdir(path);
}

static void
write_line(const char *line)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(line, file);
    (void)fclose(file);
}

static void
no_file_is_no_place_yet(void **state)
{
    struct cursor_file file = {.path = path};
    struct wireroom_place place = {.after = 5};
    uint8_t cursor[24];
    bool found = true;
    (void)state;
    assert_true(cursor_file_read(&file, cursor, &place, &found));
    assert_false(found);
    assert_int_equal(place.after, 5);
}

static void
what_is_kept_is_read_again(void **state)
{
    struct cursor_file file = {.path = path};
    struct wireroom_change change = {
        .seq = 12,
        .epoch = 0xfedcba9876543210,
        .has_cursor = true,
        .cursor = {1, 0xff}
    };
    struct wireroom_place place = {.after = 0};
    uint8_t cursor[24];
    bool found = false;
    (void)state;
    cursor_file_note(&file, &change);
    assert_true(cursor_file_keep(&file, true));
    assert_true(cursor_file_read(&file, cursor, &place, &found));
    assert_true(found);
    assert_ptr_equal(place.cursor, cursor);
    assert_memory_equal(cursor, change.cursor, sizeof cursor);

    change.has_cursor = false; // in the middle of what came together
    place = (struct wireroom_place){.after = 0};
    cursor_file_note(&file, &change);
    assert_true(cursor_file_keep(&file, true));
    assert_true(cursor_file_read(&file, cursor, &place, &found));
    assert_null(place.cursor);
    assert_int_equal(place.after, 12);
    assert_true(place.epoch == 0xfedcba9876543210);
}

static void
a_snapshot_leaves_the_place_alone(void **state)
{
    struct cursor_file file = {.path = path};
    struct wireroom_change change = {.seq = 12, .snapshot = true};
    (void)state;
    cursor_file_note(&file, &change);
    assert_false(file.dirty);
}

static void
what_is_no_cursor_is_refused(void **state)
{
    static const char *const lines[] = {"", "x\n", "12\n", "0011\n", "fedc:\n", ":12\n",
        "00112233445566778899aabbccddeeff00112233445566778\n",
        "00112233445566778899aabbccddeeff001122334455667788\n", "fedc:12x\n"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct cursor_file file = {.path = path};
        struct wireroom_place place = {.after = 0};
        uint8_t cursor[24];
        bool found;
        write_line(lines[i]);
        if (cursor_file_read(&file, cursor, &place, &found))
            fail_msg("\"%s\"", lines[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_file_is_no_place_yet),
        cmocka_unit_test(what_is_kept_is_read_again),
        cmocka_unit_test(a_snapshot_leaves_the_place_alone),
        cmocka_unit_test(what_is_no_cursor_is_refused),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
