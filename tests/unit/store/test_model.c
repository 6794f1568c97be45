// A store against a model of it in memory: random batches ended or aborted, commits,
// transactions given up and stores closed and opened must leave the same changes, sources
// and lists in both.
#include "store/store.h"
#include "unit/store/sample.h"

enum { SEQS = 4000, SOURCES = 12, STEPS = 150 };

// Which source each seq is of, and in what order sources were numbered.
struct model {
    uint64_t seq;
    uint8_t source_of[SEQS + 1];
    uint8_t order[SOURCES], sources; // order[number - 1]
};

struct run {
    struct place place;
    struct store *store;
    struct store_txn *txn;
    struct model committed, pending;
    uint64_t random;
};

static uint64_t
draw(struct run *run, uint64_t below)
{
    run->random ^= run->random << 13;
    run->random ^= run->random >> 7;
    run->random ^= run->random << 17;
    return run->random % below;
}

static struct slice
name_of(uint8_t source, char out[32])
{
    return slice_of(out, (size_t)snprintf(out, 32, "wire-%u", source));
}

static uint16_t
number_in(struct model *model, uint8_t source)
{
    for (uint8_t i = 0; i < model->sources; i++)
        if (model->order[i] == source)
            return (uint16_t)(i + 1);
    model->order[model->sources++] = source;
    return model->sources;
}

static void
file_batch(struct run *run)
{
    struct model model = run->pending;
    struct store_meta meta;
    uint64_t count = 1 + draw(run, 30);
    char name[32];
    if (model.seq + count > SEQS)
        return;
    assert_int_equal(store_batch_begin(run->txn), WIRE_OK);
    store_get_meta(run->txn, &meta);
    for (; count > 0; count--) {
        uint8_t source = (uint8_t)draw(run, SOURCES);
        model.source_of[++model.seq] = source;
        assert_int_equal(store_add_source(run->txn, name_of(source, name)),
            number_in(&model, source));
        sample_file(run->txn, model.seq, name_of(source, name), &meta);
    }
    store_put_meta(run->txn, &meta);
    if (draw(run, 4) == 0) {
        store_batch_abort(run->txn);
        return;
    }
    assert_int_equal(store_batch_end(run->txn), WIRE_OK);
    run->pending = model;
}

static void
assert_source(struct store_txn *txn, const struct model *model, uint16_t number)
{
    static uint64_t seqs[SEQS];
    char name[32];
    uint8_t source = model->order[number - 1];
    assert_int_equal(store_source_number(txn, name_of(source, name)), number);
    assert_true(slice_equal(store_source_name(txn, number), name_of(source, name)));
    size_t count = store_source_list(txn, number, UINT64_MAX, seqs, SEQS), at = 0;
    for (uint64_t seq = model->seq; seq > 0; seq--)
        if (model->source_of[seq] == source)
            assert_true(at < count && seqs[at++] == seq);
    assert_int_equal(at, count);
}

static void
assert_same(struct store_txn *txn, const struct model *model)
{
    struct store_meta meta;
    struct store_change change;
    store_get_meta(txn, &meta);
    assert_int_equal(meta.seq, model->seq);
    assert_int_equal(store_source_count(txn), model->sources);
    for (uint16_t number = 1; number <= model->sources; number++)
        assert_source(txn, model, number);
    assert_int_equal(store_get_change(txn, model->seq + 1, &change), WIRE_NOT_FOUND);
    assert_int_equal(store_txn_fault(txn), WIRE_OK);
}

static void
found(void *context, const char *words)
{
    (void)context;
    fail_msg("verify: %s", words);
}

static void
settle(struct run *run)
{
    struct store_txn *txn = sample_read(run->store);
    assert_same(txn, &run->committed);
    store_end_read(&txn);
    (void)store_verify(run->store, found, NULL);
}

static void
step(struct run *run)
{
    uint64_t what = draw(run, 20);
    if (what < 14) {
        file_batch(run);
        assert_same(run->txn, &run->pending);
        return;
    }
    if (what < 18) {
        sample_commit(run->txn);
        run->committed = run->pending;
    } else {
        store_abort_write(&run->txn);
        if (what == 19) {
            store_close(&run->store);
            run->store = sample_open(&run->place);
        }
        run->txn = sample_write(run->store);
        run->pending = run->committed;
    }
    settle(run);
}

static void
a_store_is_what_was_committed_to_it(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        static struct run run;
        memset(&run, 0, sizeof run);
        run.random = seed * 0x9e3779b97f4a7c15U;
        run.place = place_new();
        run.store = sample_new(&run.place);
        run.txn = sample_write(run.store);
        for (unsigned i = 0; i < STEPS; i++)
            step(&run);
        assert_true(run.committed.seq > 100 && run.committed.sources == SOURCES);
        store_abort_write(&run.txn);
        store_close(&run.store);
        place_free(&run.place);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_is_what_was_committed_to_it),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/model", tests, NULL, NULL)
                       : 1;
}
