// One thread writes, others read: each reads a whole snapshot, whatever the writer does.
// Worth most under ThreadSanitizer.
#include <pthread.h>
#include <stdatomic.h>

#include "store/store.h"
#include "unit/store/sample.h"

enum { READERS = 3, ROUNDS = 60 };

struct shared {
    struct store *store;
    _Atomic uint64_t durable; // seq that the writer knows committed
    _Atomic bool stop;
    _Atomic unsigned wrong, snapshots;
};

// What must hold of a snapshot: it is whole, and not older than what was durable before.
static bool
snapshot_is_whole(struct store_txn *txn, uint64_t at_least)
{
    struct store_meta meta = {0};
    struct store_change change;
    struct store_revision revision;
    struct store_item item;
    uint64_t seqs[4];
    store_get_meta(txn, &meta);
    if (meta.seq < at_least || meta.seq % 3 != 0)
        return false;
    if (meta.seq == 0)
        return store_source_count(txn) == 0;
    if (store_get_change(txn, meta.seq, &change) != WIRE_OK ||
        !digest_equal(&change.hash, &meta.hash) ||
        store_get_change(txn, meta.seq + 1, &change) != WIRE_NOT_FOUND ||
        store_get_change(txn, meta.seq / 2 + 1, &change) != WIRE_OK ||
        store_get_revision(txn, change.content, &revision) != WIRE_OK ||
        store_get_item(txn, change.item, &item) != WIRE_OK)
        return false;
    uint16_t source = store_source_number(txn, change.source);
    return source == item.source &&
           slice_equal(store_source_name(txn, source), change.source) &&
           store_source_list(txn, source, change.seq + 1, seqs, 4) > 0 &&
           seqs[0] == change.seq && store_seq_at(txn, change.house_us) == change.seq &&
           store_txn_fault(txn) == WIRE_OK;
}

static void *
read_on(void *context)
{
    struct shared *shared = context;
    while (!atomic_load(&shared->stop)) {
        uint64_t at_least = atomic_load(&shared->durable);
        struct store_txn *txn = NULL;
        bool right = store_begin_read(shared->store, &txn) == WIRE_OK;
        for (int again = 0; right && again < 3; again++)
            right = snapshot_is_whole(txn, at_least);
        store_end_read(&txn);
        atomic_fetch_add(&shared->snapshots, 1);
        if (!right)
            atomic_fetch_add(&shared->wrong, 1);
    }
    return NULL;
}

static void
wrong_on_finding(void *context, const char *words)
{
    struct shared *shared = context;
    print_message("finding: %s\n", words);
    atomic_fetch_add(&shared->wrong, 1);
}

static void *
verify_on(void *context)
{
    struct shared *shared = context;
    while (!atomic_load(&shared->stop))
        (void)store_verify(shared->store, wrong_on_finding, shared);
    return NULL;
}

static void *
zero_on(void *context)
{
    struct shared *shared = context;
    while (!atomic_load(&shared->stop))
        (void)store_zero_ahead(shared->store);
    return NULL;
}

// Three records from a new source every other round; some batches are aborted, and with
// them sources whose numbers the next batch takes again.
static void
write_round(struct store_txn *txn, unsigned round)
{
    char name[32];
    struct store_meta meta;
    int size = snprintf(name, sizeof name, "source-%u", round / 2);
    if (round % 5 == 0) {
        assert_int_equal(store_batch_begin(txn), WIRE_OK);
        sample_fill(txn, 3);
        (void)store_add_source(txn, SLICE("never"));
        store_batch_abort(txn);
    }
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    store_get_meta(txn, &meta);
    for (uint64_t n = meta.seq + 1, end = meta.seq + 3; n <= end; n++)
        sample_file(txn, n, slice_of(name, (size_t)size), &meta);
    store_put_meta(txn, &meta);
    assert_int_equal(store_batch_end(txn), WIRE_OK);
}

static void
readers_verify_and_zeros_run_beside_the_writer(void **state)
{
    (void)state;
    struct place place = place_new();
    struct shared shared = {0};
    struct store_settings settings = sample_settings(&place);
    pthread_t threads[READERS + 2];
    shared.store = sample_new(&place);
    store_close(&shared.store);
    settings.zero_ahead_bytes = 256 << 10;
    assert_int_equal(store_open(&settings, &shared.store, NULL), WIRE_OK);
    for (size_t i = 0; i < READERS + 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL,
                             i < READERS    ? read_on
                             : i == READERS ? verify_on
                                            : zero_on,
                             &shared),
            0);
    struct store_txn *txn = sample_write(shared.store);
    for (unsigned round = 0; round < ROUNDS; round++) {
        write_round(txn, round);
        sample_commit(txn);
        atomic_store(&shared.durable, 3 * (round + 1));
    }
    while (atomic_load(&shared.snapshots) < 100)
        (void)sched_yield();
    atomic_store(&shared.stop, true);
    for (size_t i = 0; i < READERS + 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(shared.wrong, 0);
    store_abort_write(&txn);
    store_close(&shared.store);
    place_free(&place);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_verify_and_zeros_run_beside_the_writer),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/threads", tests, NULL, NULL)
                       : 1;
}
