// The note of starts that died while they filed: what counts as a death, and what does not.
#include <stdio.h>
#include <unistd.h>

#include "pipeline/skip.h"
#include "unit/check.h"

static char path[64];

static int
set_up(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/wr-skip-%d", (int)getpid());
    (void)unlink(path);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    return 0;
}

static struct deaths
begin(void)
{
    struct deaths d;
    deaths_read(&d, path);
    return d;
}

// A start that gets as far as a record and is not heard of again.
static void
die_at(uint64_t record)
{
    struct deaths d = begin();
    for (uint64_t n = record - 2; n <= record; n++)
        deaths_at(&d, n);
    (void)close(d.fd);
}

static void
expect(uint64_t suspect, uint64_t count)
{
    struct deaths d = begin();
    assert_int_equal(d.suspect, suspect);
    assert_int_equal(d.count, count);
}

static void
deaths_of_one_record_add_up(void **state)
{
    (void)state;
    expect(0, 0);
    die_at(40);
    expect(40, 1);
    expect(40, 1); // looking is no death
    die_at(40);
    expect(40, 2);
}

static void
a_death_of_another_record_begins_anew(void **state)
{
    (void)state;
    die_at(40);
    die_at(44);
    expect(44, 1);
    die_at(40);
    expect(40, 1);
}

static void
a_start_that_fails_in_words_is_no_death(void **state)
{
    (void)state;
    die_at(40);
    struct deaths d = begin();
    deaths_at(&d, 40);
    deaths_end(&d, false); // EIO, no memory, a full disk
    expect(40, 1);
    die_at(40);
    expect(40, 2);
}

static void
a_start_that_was_between_records_is_no_death(void **state)
{
    (void)state;
    struct deaths d = begin();
    deaths_at(&d, 40);
    deaths_at(&d, 0);
    (void)close(d.fd);
    expect(0, 0);
}

static void
a_disk_that_fails_under_the_map_is_no_death(void **state)
{
    (void)state;
    struct deaths d = begin();
    deaths_at(&d, 40);
    deaths_forgive(); // as the handler of SIGBUS does
    (void)close(d.fd);
    expect(0, 0);
}

static void
when_all_is_filed_nothing_is_left(void **state)
{
    (void)state;
    die_at(40);
    struct deaths d = begin();
    deaths_at(&d, 40);
    deaths_end(&d, true);
    assert_int_not_equal(access(path, F_OK), 0);
    expect(0, 0);
}

static void
a_note_that_is_not_whole_says_nothing(void **state)
{
    (void)state;
    die_at(40);
    assert_int_equal(truncate(path, 20), 0);
    expect(0, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(deaths_of_one_record_add_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_death_of_another_record_begins_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_start_that_fails_in_words_is_no_death, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_start_that_was_between_records_is_no_death, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_disk_that_fails_under_the_map_is_no_death, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            when_all_is_filed_nothing_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_note_that_is_not_whole_says_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
