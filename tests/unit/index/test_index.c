// The index against a plain history: whatever is added, undone, flushed, merged, killed or
// refused by the disk, look-ups answer as the list of records does.
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "history.h"

static void
any_order_of_adding_undoing_flushing_and_reopening_agrees_with_the_history(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct history *h = history_new(seed);
        char *path = directory_new();
        struct index *index = open_toy(path, &self);
        struct fault fault = FAULT_NONE;
        uint64_t random = seed * 77, filed = 0, committed = 0, mark = 0;
        while (filed < RECORDS) {
            uint64_t batch = below(&random, 30) + 1, before = index_mark(index);
            uint64_t upto = filed + batch < RECORDS ? filed + batch : RECORDS;
            for (uint64_t r = filed + 1; r <= upto; r++)
                add_record(index, h, r);
            if (below(&random, 4) == 0)
                index_rewind(index, before);
            else
                filed = upto;
            if (below(&random, 3) == 0) { // the main store commits
                committed = filed;
                mark = index_mark(index);
            }
            while (index_wants_flush(index) && committed && below(&random, 6) != 0 &&
                   index_flush(index, committed, mark, &fault))
                assert_true(index_covered(index) <= committed);
            assert_int_equal(fault.code, WIRE_OK);
            assert_some_found(index, h, filed, &random, 6);
            if (below(&random, 20) == 0) {
                filed = committed; // a crash of the main store keeps what it committed
                index_close(&index);
                open_and_fill(path, h, filed, &index);
                mark = index_mark(index);
            }
        }
        while (index_flush(index, filed, index_mark(index), &fault))
            ;
        assert_int_equal(fault.code, WIRE_OK);
        assert_int_equal(index_covered(index), RECORDS);
        assert_false(index_wants_flush(index));
        assert_some_found(index, h, RECORDS, &random, 300);
        assert_int_equal(index_verify(index, unexpected, NULL), RECORDS * EACH);
        index_close(&index);
        index = open_toy(path, &self); // all of it is in segments now
        assert_int_equal(index_covered(index), RECORDS);
        assert_some_found(index, h, RECORDS, &random, 300);
        index_close(&index);
        directory_remove(path);
        free(h);
    }
}

// The child files, flushes and is killed after a number of commits that differs each time.
static void
file_until_killed(const char *path, const struct history *h, unsigned commits)
{
    struct index *index = NULL;
    struct fault fault = FAULT_NONE;
    open_and_fill(path, h, 300, &index);
    for (uint64_t r = 301; r <= RECORDS; r++) {
        add_record(index, h, r);
        if (!index_wants_flush(index))
            continue;
        (void)index_flush(index, r, index_mark(index), &fault);
        if (--commits == 0)
            (void)raise(SIGKILL);
    }
    _exit(0);
}

static void
a_kill_between_any_two_commits_loses_and_doubles_nothing(void **state)
{
    (void)state;
    struct history *h = history_new(99);
    uint64_t random = 5;
    for (unsigned commits = 1; commits < 60; commits += 3) {
        char *path = directory_new();
        pid_t child = fork();
        if (child == 0)
            file_until_killed(path, h, commits);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        struct index *index = NULL;
        open_and_fill(path, h, RECORDS, &index);
        assert_some_found(index, h, RECORDS, &random, 40);
        struct fault fault = FAULT_NONE;
        while (index_flush(index, RECORDS, index_mark(index), &fault))
            ;
        assert_int_equal(fault.code, WIRE_OK);
        assert_some_found(index, h, RECORDS, &random, 40);
        assert_int_equal(index_verify(index, unexpected, NULL), RECORDS * EACH);
        index_close(&index);
        directory_remove(path);
    }
    free(h);
}

static void
what_was_merged_away_or_cut_short_leaves_no_blobs(void **state)
{
    (void)state;
    struct history *h = history_new(3);
    char *path = directory_new();
    pid_t child = fork();
    if (child == 0)
        file_until_killed(path, h, 41);
    assert_int_equal(waitpid(child, NULL, 0), child);
    struct index *index = NULL;
    struct fault fault = FAULT_NONE;
    open_and_fill(path, h, RECORDS, &index);
    while (index_flush(index, RECORDS, index_mark(index), &fault))
        ;
    struct index_sizes sizes;
    index_sizes(index, &sizes);
    assert_int_equal(sizes.head_entries, 0);
    assert_int_equal(sizes.segment_entries, RECORDS * EACH);
    assert_true(sizes.segments < 12);
    index_close(&index);

    assert_int_equal(segments_in_blobs(path), sizes.segments);
    directory_remove(path);
    free(h);
}

static void
blobs_of_a_segment_that_is_being_read_wait(void **state)
{
    (void)state;
    struct history *h = history_new(17);
    char *path = directory_new();
    struct index *index = open_toy(path, &self);
    struct fault fault = FAULT_NONE;
    uint64_t record = 0;
    while (index->count == 0) {
        add_record(index, h, ++record);
        (void)index_flush(index, record, index_mark(index), &fault);
    }
    struct segment *held = index->list[0];
    segment_hold(held);
    for (; record < 400; (void)index_flush(index, record, index_mark(index), &fault))
        add_record(index, h, ++record);
    while (index_flush(index, record, index_mark(index), &fault))
        ;
    assert_ptr_not_equal(index->list[0], held); // merged away
    struct blobs_read *read = NULL;
    assert_int_equal(blobs_read_begin(index->blobs, &read), WIRE_OK);
    assert_int_equal(segment_load(held, read), WIRE_OK);
    blobs_read_end(&read);
    assert_false(index_wants_flush(index)); // nothing to be done about it now

    segment_drop(&held);
    assert_true(index_wants_flush(index));
    while (index_flush(index, record, index_mark(index), &fault))
        ;
    assert_int_equal(fault.code, WIRE_OK);
    unsigned count = index->count;
    index_close(&index);
    assert_int_equal(segments_in_blobs(path), count);
    directory_remove(path);
    free(h);
}

// Adding so fast that the head is full at every call leaves no time to merge: then merging
// goes first as soon as the list is long.
static void
the_list_stays_short_however_fast_entries_come(void **state)
{
    (void)state;
    char *path = directory_new();
    struct index *index = open_toy(path, &self);
    struct fault fault = FAULT_NONE;
    uint64_t number = 0, random = 40;
    unsigned longest = 0;
    for (unsigned call = 0; call < 600; call++) {
        for (unsigned i = 0; i < 101; i++, number++)
            assert_int_equal(
                index_add(index, INDEX_KEY, number * 0x9e3779b97f4a7c15U, number),
                WIRE_OK);
        (void)index_flush(index, call + 1, index_mark(index), &fault);
        longest = index->count > longest ? index->count : longest;
    }
    assert_int_equal(fault.code, WIRE_OK);
    assert_in_range(longest, SEGMENTS_MAX / 2, SEGMENTS_MAX / 2 + 1);
    for (unsigned i = 0; i < 3000; i++) {
        uint64_t one = below(&random, number), found;
        assert_int_equal(
            index_find(index, INDEX_KEY, one * 0x9e3779b97f4a7c15U, &found, 1), 1);
        assert_int_equal(found, one);
    }
    index_close(&index);
    directory_remove(path);
}

// A file that may not grow stands for the disk that is full.
static void
limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_disk_that_is_full_for_a_while_costs_nothing_but_the_wait(void **state)
{
    (void)state;
    struct history *h = history_new(31);
    char *path = directory_new();
    struct index *index = open_toy(path, &self);
    uint64_t random = 32, failed = 0;
    assert_ptr_not_equal(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    for (uint64_t r = 1; r <= RECORDS; r++) {
        struct fault fault = FAULT_NONE;
        add_record(index, h, r);
        limit_files(below(&random, 3) == 0 ? 70000 : RLIM_INFINITY);
        if (index_wants_flush(index))
            (void)index_flush(index, r, index_mark(index), &fault);
        failed += fault.code != WIRE_OK;
        if (r % 10 == 0)
            assert_some_found(index, h, r, &random, 5);
    }
    limit_files(RLIM_INFINITY);
    assert_true(failed > 100);
    struct fault fault = FAULT_NONE;
    while (index_flush(index, RECORDS, index_mark(index), &fault))
        ;
    assert_int_equal(fault.code, WIRE_OK);
    assert_int_equal(index_verify(index, unexpected, NULL), RECORDS * EACH);
    uint64_t segments = index->count;
    index_close(&index);
    assert_int_equal(segments_in_blobs(path), segments); // none of what was given up
    open_and_fill(path, h, RECORDS, &index);
    assert_some_found(index, h, RECORDS, &random, 100);
    index_close(&index);
    directory_remove(path);
    free(h);
}

// ---- threads

struct reading {
    struct index *index;
    const struct history *h;
    _Atomic uint64_t filed; // records whose entries are in for good
    atomic_bool stop;
    _Atomic uint64_t looked, wrong;
};

static void *
read_all_the_time(void *context)
{
    struct reading *r = context;
    uint64_t random = (uint64_t)(uintptr_t)&random;
    while (!atomic_load(&r->stop)) {
        uint64_t filed = atomic_load(&r->filed), numbers[400];
        if (filed == 0)
            continue;
        const struct entry *x =
            &r->h->entries[below(&random, filed) + 1][below(&random, EACH)];
        size_t n = index_find(r->index, x->kind, x->hash, numbers, 400);
        bool found = false, rising = true;
        for (size_t i = 0; i < n && i < 400; i++) {
            found = found || numbers[i] == x->number;
            rising = rising && (i == 0 || numbers[i - 1] < numbers[i]);
        }
        atomic_fetch_add(&r->wrong, !found || !rising || n > 400);
        atomic_fetch_add(&r->looked, 1);
    }
    return NULL;
}

static void
readers_find_each_entry_once_while_it_moves_from_head_to_segments(void **state)
{
    (void)state;
    struct history *h = history_new(21);
    char *path = directory_new();
    struct fault fault = FAULT_NONE;
    struct reading r = {.index = open_toy(path, &self), .h = h};
    pthread_t threads[2];
    for (size_t i = 0; i < LENGTH(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_all_the_time, &r), 0);
    for (uint64_t record = 1; record <= RECORDS; record++) {
        uint64_t before = index_mark(r.index);
        add_record(r.index, h, record);
        if (record % 7 == 0) {
            index_rewind(r.index, before);
            add_record(r.index, h, record);
        }
        atomic_store(&r.filed, record);
        if (index_wants_flush(r.index))
            (void)index_flush(r.index, record, index_mark(r.index), &fault);
    }
    while (atomic_load(&r.looked) < 2000)
        (void)index_flush(r.index, RECORDS, index_mark(r.index), &fault);
    atomic_store(&r.stop, true);
    for (size_t i = 0; i < LENGTH(threads); i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(fault.code, WIRE_OK);
    assert_int_equal(atomic_load(&r.wrong), 0);
    index_close(&r.index);
    directory_remove(path);
    free(h);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            any_order_of_adding_undoing_flushing_and_reopening_agrees_with_the_history),
        cmocka_unit_test(a_kill_between_any_two_commits_loses_and_doubles_nothing),
        cmocka_unit_test(what_was_merged_away_or_cut_short_leaves_no_blobs),
        cmocka_unit_test(blobs_of_a_segment_that_is_being_read_wait),
        cmocka_unit_test(the_list_stays_short_however_fast_entries_come),
        cmocka_unit_test(a_disk_that_is_full_for_a_while_costs_nothing_but_the_wait),
        cmocka_unit_test(
            readers_find_each_entry_once_while_it_moves_from_head_to_segments),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
