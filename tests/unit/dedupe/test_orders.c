// What must agree over orders of arrival: revisions, current and axes of each item. Sets
// of documents are drawn at random; each is filed in every order, under a uri of its own,
// and must end as it did in the first.
#include "desk.h"

enum { DOCS = 5, SETS = 40 };

static uint64_t
next_random(uint64_t *state) // splitmix64
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static unsigned
below(uint64_t *state, unsigned n)
{
    return (unsigned)(next_random(state) % n);
}

// The words a source may use for its versions: integers, other words, none. Times differ
// wherever words do, so no two revisions are equal in rank.
static const struct {
    const char *version;
    int64_t created_us;
} words[] = {
    {"1",     500},
    {"2",     400},
    {"10",    300},
    {"010",   350}, // the same integer: the time decides
    {"draft", 100},
    {"final", 200},
    {NULL,    150},
    {NULL,    250},
    {"3",     0  },
    {NULL,    0  },
};
static const char *const texts[] = {"a", "b", "c"};

// One document a word, said again with the same content as often as it is drawn.
static void
draw_set(uint64_t *random, struct doc docs[DOCS])
{
    for (unsigned i = 0; i < DOCS; i++) {
        unsigned word = below(random, LENGTH(words));
        docs[i] = (struct doc){.source = "dpa",
            .version = words[word].version,
            .created_us = words[word].created_us,
            .text = texts[below(random, LENGTH(texts))],
            .status = below(random, 4) == 0 ? PUB_WITHHELD : PUB_USABLE,
            .embargo_us = below(random, 4) == 0 ? NOON + below(random, 3) : 0,
            .advisory = below(random, 2)};
        for (unsigned j = 0; j < i; j++)
            if (docs[j].created_us == docs[i].created_us &&
                slice_equal(slice_str(docs[j].version), slice_str(docs[i].version)))
                docs[i] = docs[j];
    }
}

// How an item ended: its revisions as (word, article), sorted, the place of the current one
// among them, its axes.
struct revision {
    uint64_t word;
    struct digest article;
};
struct ending {
    struct revision revisions[DOCS];
    uint32_t count, current;
    struct axes axes;
};

static int
compare(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct revision));
}

static struct revision
revision_of(struct desk *desk, uint64_t seq, uint64_t *previous_out)
{
    struct store_change c;
    assert_int_equal(store_get_change(desk->txn, seq, &c), WIRE_OK);
    *previous_out = c.previous;
    return (struct revision){
        index_hash_version(1, c.version, c.key.created_us), c.article_digest};
}

static struct ending
ending_of(struct desk *desk, uint64_t item)
{
    struct store_item row = desk_item(desk, item);
    struct ending e;
    memset(&e, 0, sizeof e);
    e.axes.pub_status = row.axes.pub_status;
    e.axes.advisory = row.axes.advisory;
    e.axes.embargoed_until_us = row.axes.embargoed_until_us;
    e.axes.expires_us = row.axes.expires_us;
    uint64_t previous;
    for (uint64_t seq = row.last; seq; seq = previous) {
        assert_true(e.count < DOCS);
        e.revisions[e.count++] = revision_of(desk, seq, &previous);
    }
    qsort(e.revisions, e.count, sizeof *e.revisions, compare);
    struct revision current = revision_of(desk, row.current, &previous);
    for (; e.current < e.count; e.current++)
        if (memcmp(&e.revisions[e.current], &current, sizeof current) == 0)
            break;
    return e;
}

static bool
next_order(unsigned order[DOCS])
{
    int i = DOCS - 2, j = DOCS - 1;
    while (i >= 0 && order[i] >= order[i + 1])
        i--;
    if (i < 0)
        return false;
    while (order[j] <= order[i])
        j--;
    unsigned swap = order[i];
    order[i] = order[j];
    order[j] = swap;
    for (int a = i + 1, b = DOCS - 1; a < b; a++, b--) {
        swap = order[a];
        order[a] = order[b];
        order[b] = swap;
    }
    return true;
}

// Texts are filed under each order anew, so that none is a duplicate of the last order's.
static struct ending
file_in_order(struct desk *desk, const struct doc docs[DOCS],
    const unsigned order[DOCS], unsigned n)
{
    struct slice uri = arena_printf(&desk->arena, "uri-%u", n);
    uint64_t item = 0;
    for (unsigned i = 0; i < DOCS; i++) {
        struct doc d = docs[order[i]];
        d.uri = (const char *)uri.data;
        item = desk_submit(desk, d).item;
    }
    return ending_of(desk, item);
}

static void
documents_that_differ_in_version_or_time_end_alike_in_every_order(void **state)
{
    (void)state;
    struct desk desk;
    uint64_t random = 11;
    unsigned n = 0, several = 0;
    desk_open(&desk);
    for (unsigned set = 0; set < SETS; set++) {
        struct doc docs[DOCS];
        unsigned order[DOCS] = {0, 1, 2, 3, 4};
        draw_set(&random, docs);
        struct ending first = file_in_order(&desk, docs, order, n++);
        several += first.count > 2;
        while (next_order(order)) {
            struct ending e = file_in_order(&desk, docs, order, n++);
            assert_memory_equal(&e, &first, sizeof e);
        }
    }
    assert_true(several > SETS / 2);
    desk_close(&desk);
}

static void
a_kill_anywhere_in_the_order_closes_the_item(void **state)
{
    (void)state;
    struct desk desk;
    uint64_t random = 12;
    unsigned n = 0;
    desk_open(&desk);
    for (unsigned set = 0; set < SETS / 4; set++) {
        struct doc docs[DOCS];
        unsigned order[DOCS] = {0, 1, 2, 3, 4};
        draw_set(&random, docs);
        docs[0].status = PUB_CANCELED;
        do {
            struct ending e = file_in_order(&desk, docs, order, n++);
            assert_int_equal(e.axes.pub_status, PUB_CANCELED);
        } while (next_order(order));
    }
    desk_close(&desk);
}

static void
judging_the_same_again_gives_the_same_verdict(void **state)
{
    (void)state;
    struct desk desk;
    uint64_t random = 13;
    desk_open(&desk);
    assert_int_equal(store_batch_end(desk.txn), WIRE_OK);
    for (unsigned set = 0; set < SETS; set++) {
        struct doc docs[DOCS];
        struct verdict first, second;
        draw_set(&random, docs);
        for (unsigned i = 0; i < DOCS; i++)
            docs[i].uri = texts[below(&random, LENGTH(texts))];
        struct judge_numbers next = desk.next;
        struct digest hash = desk.hash;
        uint64_t mark = index_mark(desk.index);
        assert_int_equal(store_batch_begin(desk.txn), WIRE_OK);
        assert_int_equal(desk_judge(&desk, docs, DOCS, false, &first), WIRE_OK);
        store_batch_abort(desk.txn);
        index_rewind(desk.index, mark);
        desk.next = next;
        desk.hash = hash;
        assert_int_equal(store_batch_begin(desk.txn), WIRE_OK);
        assert_int_equal(desk_judge(&desk, docs, DOCS, false, &second), WIRE_OK);
        assert_int_equal(store_batch_end(desk.txn), WIRE_OK);
        assert_int_equal(first.record, second.record);
        assert_int_equal(first.last_seq, second.last_seq);
        for (unsigned i = 0; i < DOCS; i++) {
            assert_int_equal(first.items[i].outcome, second.items[i].outcome);
            assert_int_equal(first.items[i].change_class, second.items[i].change_class);
            assert_int_equal(first.items[i].seq, second.items[i].seq);
            assert_int_equal(first.items[i].current, second.items[i].current);
            assert_int_equal(first.items[i].of_seq, second.items[i].of_seq);
            assert_int_equal(first.items[i].story, second.items[i].story);
        }
    }
    assert_int_equal(store_batch_begin(desk.txn), WIRE_OK);
    desk_close(&desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            documents_that_differ_in_version_or_time_end_alike_in_every_order),
        cmocka_unit_test(a_kill_anywhere_in_the_order_closes_the_item),
        cmocka_unit_test(judging_the_same_again_gives_the_same_verdict),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
