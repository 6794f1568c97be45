#include "net/submit.h"
#include "unit/net/unit.h"

static struct submission
plain(void)
{
    return (struct submission){.raw_digest = digest_of(SLICE("text")),
        .format = SLICE("auto"),
        .page = SLICE("A1"),
        .language = SLICE("de")};
}

static void
a_submission_is_the_same_by_its_bytes_and_every_hint(void **state)
{
    (void)state;
    assert_true(hash_init());
    struct submission s = plain(), other;
    struct digest digest = submit_digest(&s), again;
    again = submit_digest(&s);
    assert_true(digest_equal(&digest, &again));
    struct slice *const hints[] = {&other.format, &other.issue_date, &other.page,
        &other.language, &other.zone, &other.charset};
    for (size_t i = 0; i < LENGTH(hints); i++) {
        other = plain();
        *hints[i] = SLICE("x");
        again = submit_digest(&other);
        assert_false(digest_equal(&digest, &again));
    }
    other = plain();
    other.all_or_nothing = true;
    again = submit_digest(&other);
    assert_false(digest_equal(&digest, &again));
    other = plain();
    other.raw_digest.bytes[31] ^= 1;
    again = submit_digest(&other);
    assert_false(digest_equal(&digest, &again));
}

static void
hints_do_not_run_together(void **state)
{
    (void)state;
    struct submission a = plain(), b = plain();
    a.page = SLICE("A1d");
    a.language = SLICE("e");
    struct digest x = submit_digest(&a), y = submit_digest(&b);
    assert_false(digest_equal(&x, &y));
    a = b = plain();
    a.zone = SLICE("UTC");
    b.charset = SLICE("UTC");
    x = submit_digest(&a);
    y = submit_digest(&b);
    assert_false(digest_equal(&x, &y));
}

static void
who_and_when_are_no_part_of_it(void **state)
{
    (void)state;
    struct submission a = plain(), b = plain();
    b.principal = SLICE("root");
    b.source = SLICE("dpa");
    b.id[0] = 1;
    b.house_us = 5;
    struct digest x = submit_digest(&a), y = submit_digest(&b);
    assert_true(digest_equal(&x, &y));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_submission_is_the_same_by_its_bytes_and_every_hint),
        cmocka_unit_test(hints_do_not_run_together),
        cmocka_unit_test(who_and_when_are_no_part_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
