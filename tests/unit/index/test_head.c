#include "index/head.h"
#include "shared.h"

enum { ENTRIES = 20000 };

struct added {
    enum index_kind kind;
    uint64_t tag, number;
};

// Half of the tags are few, so that chains grow; one in eight has all high bits alike.
static struct added
some_entry(uint64_t *random, uint64_t number)
{
    uint64_t tag = next_random(random);
    if (tag & 1)
        tag %= 97;
    else if ((tag & 14) == 14)
        tag |= 0xffffffff00000000U;
    return (struct added){(enum index_kind)below(random, INDEX_KINDS), tag, number};
}

static size_t
expected(const struct added *all, size_t n, const struct added *like, uint64_t *out,
    size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (all[i].kind == like->kind && all[i].tag == like->tag) {
            if (count < max)
                out[count] = all[i].number;
            count++;
        }
    return count;
}

static void
assert_same(const struct head *head, const struct added *all, size_t n,
    const struct added *like)
{
    uint64_t want[5] = {0}, got[5] = {0};
    size_t count = expected(all, n, like, want, LENGTH(want));
    assert_int_equal(head_find(head, like->kind, like->tag, got, LENGTH(got)), count);
    assert_memory_equal(want, got, sizeof want);
}

static void
adding_and_rewinding_agrees_with_a_list(void **state)
{
    (void)state;
    static struct added all[ENTRIES];
    uint64_t random = 1, base = 1000;
    struct head *head = head_new(base);
    size_t n = 0;
    for (unsigned step = 0; n < ENTRIES; step++) {
        size_t batch = below(&random, 200) + 1, mark = n;
        for (size_t i = 0; i < batch && n < ENTRIES; i++, n++) {
            all[n] = some_entry(&random, 5 + n);
            assert_true(head_add(head, all[n].kind, all[n].tag, all[n].number));
        }
        if (step % 3 == 0) {
            n = mark;
            head_rewind(head, base + mark);
        }
        assert_int_equal(head_end(head), base + n);
        for (unsigned i = 0; i < 20 && n; i++)
            assert_same(head, all, n, &all[below(&random, n)]);
        struct added absent = some_entry(&random, 0);
        assert_same(head, all, n, &absent);
    }
    head_rewind(head, base);
    for (unsigned k = 0; k < INDEX_KINDS; k++)
        assert_int_equal(head_count(head, k), 0);
    assert_same(head, all, 0, &all[0]);
    head_free(&head);
    assert_null(head);
}

static void
a_hundred_thousand_of_one_hash_are_counted_not_walked(void **state)
{
    (void)state;
    struct head *head = head_new(0);
    for (uint64_t i = 0; i < 100000; i++)
        assert_true(head_add(head, INDEX_KEY, 42, i));
    uint64_t first[3];
    for (unsigned i = 0; i < 100000; i++) // 10^10 steps if each walked the chain
        assert_int_equal(head_find(head, INDEX_KEY, 42, first, 3), 100000);
    assert_int_equal(first[0], 0);
    assert_int_equal(first[2], 2);
    head_rewind(head, 1);
    assert_int_equal(head_find(head, INDEX_KEY, 42, first, 3), 1);
    head_free(&head);
}

static void
what_follows_a_mark_is_copied_in_order(void **state)
{
    (void)state;
    struct head *head = head_new(7), *rest = head_new(7 + 60);
    for (uint64_t i = 0; i < 100; i++)
        assert_true(head_add(head, INDEX_ITEM, i % 10, i));
    assert_true(head_copy_from(head, 7 + 60, rest));
    assert_int_equal(head_end(rest), head_end(head));
    struct pair pairs[40];
    assert_int_equal(head_count(rest, INDEX_ITEM), 40);
    struct pair *out[INDEX_KINDS] = {[INDEX_ITEM] = pairs};
    uint32_t walked = 0, calls = 1;
    while (!head_collect(rest, &walked, 15, out))
        calls++;
    assert_int_equal(calls, 3);
    assert_ptr_equal(out[INDEX_ITEM], pairs + 40);
    for (uint64_t i = 0; i < 40; i++) {
        assert_int_equal(pairs[i].number, 60 + i);
        assert_int_equal(pairs[i].tag, i % 10);
    }
    head_free(&head);
    head_free(&rest);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adding_and_rewinding_agrees_with_a_list),
        cmocka_unit_test(a_hundred_thousand_of_one_hash_are_counted_not_walked),
        cmocka_unit_test(what_follows_a_mark_is_copied_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
