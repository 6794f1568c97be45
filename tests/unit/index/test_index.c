#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "index/room.h"
#include "shared.h"

static const struct store_identity self = {.id = "a store of ours", .epoch = 7};

// A history is what a store would hold: records in order, each with a few entries. Some
// hashes come back often, as texts and items do.
enum { RECORDS = 1500, EACH = 6, KINDS = INDEX_KINDS };
struct entry {
    enum index_kind kind;
    uint64_t hash, number;
};
struct history {
    struct entry entries[RECORDS + 1][EACH];
};

static struct history *
history_new(uint64_t seed)
{
    struct history *h = calloc(1, sizeof *h);
    assert_non_null(h);
    uint64_t number = 1;
    for (unsigned r = 1; r <= RECORDS; r++)
        for (unsigned e = 0; e < EACH; e++) {
            uint64_t hash = next_random(&seed);
            if (hash % 3 == 0)
                hash = hash >> 32 & 3; // 150 of each kind: runs that cross pages
            h->entries[r][e] =
                (struct entry){(enum index_kind)below(&seed, KINDS), hash, number++};
        }
    return h;
}

static void
add_record(struct index *index, const struct history *h, uint64_t record)
{
    for (unsigned e = 0; e < EACH; e++) {
        const struct entry *x = &h->entries[record][e];
        assert_int_equal(index_add(index, x->kind, x->hash, x->number), WIRE_OK);
    }
}

static struct index *
open_toy(const char *path, const struct store_identity *identity)
{
    struct index_settings toy = {
        .path = path, .head_bytes = 4000, .chunk_bytes = 8192, .commit_bytes = 16384};
    struct fault fault = FAULT_NONE;
    struct index *index = NULL;
    if (index_open(&toy, identity, &index, &fault))
        fail_msg("%s", fault.words);
    return index;
}

static void
open_and_fill(
    const char *path, const struct history *h, uint64_t upto, struct index **out)
{
    *out = open_toy(path, &self);
    assert_true(index_covered(*out) <= upto);
    for (uint64_t r = index_covered(*out) + 1; r <= upto; r++)
        add_record(*out, h, r);
}

static size_t
in_history(const struct history *h, uint64_t upto, const struct entry *like,
    uint64_t *out, size_t max)
{
    size_t count = 0;
    for (uint64_t r = 1; r <= upto; r++)
        for (unsigned e = 0; e < EACH; e++)
            if (h->entries[r][e].kind == like->kind &&
                h->entries[r][e].hash == like->hash) {
                if (count < max)
                    out[count] = h->entries[r][e].number;
                count++;
            }
    return count;
}

static void
assert_found(struct index *index, const struct history *h, uint64_t upto,
    const struct entry *like)
{
    uint64_t want[300] = {0}, got[300] = {0};
    size_t max = like->number % 3 == 0 ? 300 : like->number % 40; // few, many, none
    size_t count = in_history(h, upto, like, want, max);
    assert_int_equal(index_find(index, like->kind, like->hash, got, max), count);
    assert_memory_equal(want, got, sizeof want);
    assert_int_equal(index_fault(index), WIRE_OK);
}

static void
assert_some_found(struct index *index, const struct history *h, uint64_t upto,
    uint64_t *random, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        uint64_t r = below(random, RECORDS) + 1; // later ones are misses
        struct entry like = h->entries[r][below(random, EACH)];
        assert_found(index, h, upto, &like);
        like.hash ^= 1ULL << below(random, 64);
        assert_found(index, h, upto, &like);
    }
}

static void
unexpected(void *context, const char *words)
{
    (void)context;
    fail_msg("%s", words);
}

// ---- the model

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

static uint64_t
segments_in_blobs(const char *path)
{
    struct blobs *blobs = NULL;
    struct blobs_read *read = NULL;
    struct fault fault = FAULT_NONE;
    struct slice key = slice_of(NULL, 0), value;
    uint64_t last = 0, ids = 0;
    assert_int_equal(blobs_open(path, 0, &blobs, &fault), WIRE_OK);
    assert_int_equal(blobs_read_begin(blobs, &read), WIRE_OK);
    for (; blobs_next(read, key, &key, &value) == WIRE_OK; last = get_be64(key.data))
        ids += get_be64(key.data) != last;
    blobs_read_end(&read);
    blobs_close(&blobs);
    return ids;
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

// ---- what can't be used

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
        cmocka_unit_test(an_index_of_another_store_or_epoch_is_emptied),
        cmocka_unit_test(damage_anywhere_is_met_and_never_taken_for_a_miss),
        cmocka_unit_test(files_that_are_no_index_are_replaced),
        cmocka_unit_test(clearing_forgets_everything_at_once_and_for_good),
        cmocka_unit_test(a_disk_that_is_full_for_a_while_costs_nothing_but_the_wait),
        cmocka_unit_test(
            readers_find_each_entry_once_while_it_moves_from_head_to_segments),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
