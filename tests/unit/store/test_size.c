// A data file whose end is cut off is refused in words, wherever it is cut; one that is
// merely shorter than its last commit might need is opened.
#include <signal.h>
#include <sys/stat.h>

#include "store/env.h"
#include "store/store.h"
#include "unit/store/sample.h"

static uint64_t
file_bytes(const char *file)
{
    struct stat st;
    assert_int_equal(stat(file, &st), 0);
    return (uint64_t)st.st_size;
}

// Cut from the end, page by page: the walk of a child says whether it can be lived with,
// and then every row reads back here.
static void
wherever_a_store_is_cut_off_it_is_refused_or_whole(void **state)
{
    (void)state;
    struct place place = place_new();
    char file[512];
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    sample_fill(txn, 60);
    sample_commit(txn);
    store_abort_write(&txn);
    store_close(&store);
    place_file(&place, "data.mdb", file);
    uint64_t whole = file_bytes(file);
    struct store_settings settings = sample_settings(&place);
    unsigned refused = 0;
    settings.zero_ahead_bytes = 0;
    for (uint64_t bytes = whole - 4096; bytes >= 4096; bytes -= 4096) {
        struct fault fault = FAULT_NONE;
        assert_int_equal(truncate(file, (off_t)bytes), 0);
        enum wire_err err = store_open(&settings, &store, &fault);
        assert_true(!err || err == WIRE_DAMAGED);
        if (!err)
            store_close(&store);
        if (err && bytes >= 8192) {
            assert_non_null(strstr(fault.words, "cut off"));
            assert_non_null(strstr(fault.field, "/data.mdb"));
        }
        refused += err == WIRE_DAMAGED;
    }
    assert_true(refused > 4);
    place_free(&place);
}

static struct env
opened(const struct place *place, bool create)
{
    struct env env;
    struct fault fault = FAULT_NONE;
    struct env_settings settings = {
        .path = place->path, .map_bytes = 16U << 20, .create = create};
    assert_int_equal(env_open(&settings, &env, &fault), WIRE_OK);
    return env;
}

static unsigned
next(unsigned *seed, unsigned n)
{
    *seed = *seed * 1103515245 + 12345;
    return (*seed >> 8) % n;
}

// A transaction of puts and deletes; gives how many rows there are then.
static size_t
commit_some(struct env *env, unsigned *seed)
{
    static const char text[30000];
    MDB_txn *txn;
    MDB_dbi table;
    MDB_stat rows;
    assert_int_equal(mdb_txn_begin(env->mdb, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, NULL, 0, &table), 0);
    for (unsigned i = next(seed, 400); i > 0; i--) {
        char name[16];
        int size = snprintf(name, sizeof name, "n%04u", next(seed, 300));
        unsigned most = next(seed, 3) ? 400 : sizeof text;
        MDB_val key = env_val(name, (size_t)size),
                row = env_val(text, next(seed, most));
        if (next(seed, 5) < 3)
            assert_int_equal(mdb_put(txn, table, &key, &row, 0), 0);
        else
            (void)mdb_del(txn, table, &key, NULL);
    }
    assert_int_equal(mdb_stat(txn, table, &rows), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    return rows.ms_entries;
}

static void
expect_rows(const struct place *place, size_t rows)
{
    struct env env = opened(place, false);
    MDB_stat found;
    assert_int_equal(mdb_env_stat(env.mdb, &found), 0);
    assert_int_equal(found.ms_entries, rows);
    env_close(&env);
}

// A transaction that takes pages at the end and gives them back before it commits leaves a
// file that ends before its last page number: about one commit in a hundred of these.
static void
a_file_that_is_short_and_whole_is_opened(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (unsigned start = 0; start < 200 && seen < 3; start++) {
        struct place place = place_new();
        struct env env = opened(&place, true);
        uint64_t bytes, needed;
        unsigned seed = start;
        bool is_short = false;
        size_t rows = 0;
        assert_int_equal(mdb_env_set_flags(env.mdb, MDB_NOSYNC, 1), 0);
        for (int commit = 0; commit < 6 && !is_short; commit++) {
            rows = commit_some(&env, &seed);
            is_short = env_is_short(&env, &bytes, &needed);
        }
        env_close(&env);
        if (is_short)
            expect_rows(&place, rows);
        seen += is_short;
        place_free(&place);
    }
    assert_int_equal(seen, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wherever_a_store_is_cut_off_it_is_refused_or_whole),
        cmocka_unit_test(a_file_that_is_short_and_whole_is_opened),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/size", tests, NULL, NULL)
                       : 1;
}
