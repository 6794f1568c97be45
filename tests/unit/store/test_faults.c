// A disk that fails: every write and sync that LMDB does, one after the other, gives EIO
// once. Whatever it hits, a commit says IO, nothing that was committed is lost, and what
// follows is either sound again or failed for good.
//
// The calls are caught by defining them here: a program's symbols come before libc's.
#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "store/store.h"
#include "unit/store/sample.h"

// Counted down at each call; the one that reaches 0 fails.
static long calls_left = -1;
static long calls_made;

static bool
fails_now(void)
{
    calls_made++;
    return calls_left > 0 && --calls_left == 0;
}

#define CAUGHT __attribute__((visibility("default")))

CAUGHT ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    if (fails_now()) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, bytes, size, at);
}

CAUGHT ssize_t
writev(int fd, const struct iovec *parts, int count)
{
    if (fails_now()) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_writev, fd, parts, count);
}

CAUGHT int
fdatasync(int fd)
{
    if (fails_now()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

static uint64_t
head(struct store_txn *txn)
{
    struct store_meta meta = {.seq = UINT64_MAX};
    store_get_meta(txn, &meta);
    return meta.seq;
}

static void
count(void *context, const char *words)
{
    print_message("finding: %s\n", words);
    ++*(unsigned *)context;
}

static void
assert_sound_at(struct store *store, uint64_t seq)
{
    unsigned found = 0;
    (void)store_verify(store, count, &found);
    assert_int_equal(found, 0);
    struct store_txn *txn = sample_read(store);
    assert_int_equal(head(txn), seq);
    store_end_read(&txn);
}

enum { KEPT = 10, MORE = 40 };

// Commits MORE rows upon KEPT with the n-th call failing; gives false when no call failed.
static bool
commit_with_failure(const struct place *place, long n)
{
    struct store *store = sample_new(place);
    struct store_txn *txn = sample_write(store);
    struct fault fault = FAULT_NONE;
    sample_fill(txn, KEPT);
    sample_commit(txn);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    sample_fill(txn, MORE);
    assert_int_equal(store_batch_end(txn), WIRE_OK);
    calls_left = n;
    enum wire_err err = store_commit(txn, &fault);
    bool failed = calls_left == 0;
    calls_left = -1;
    assert_int_equal(err, failed ? WIRE_IO : WIRE_OK);
    uint64_t seq = failed ? KEPT : KEPT + MORE;
    if (failed)
        assert_non_null(strstr(fault.words, "EIO"));
    if (store_txn_fault(txn) == WIRE_OK) { // begun again: file the tail once more
        assert_int_equal(head(txn), seq);
        sample_fill(txn, MORE);
        sample_commit(txn);
        seq += MORE;
        assert_sound_at(store, seq);
    } else { // the meta page: failed for good
        assert_int_equal(store_txn_fault(txn), WIRE_IO);
        assert_int_equal(store_batch_begin(txn), WIRE_IO);
        assert_int_equal(store_batch_end(txn), WIRE_IO);
        assert_int_equal(store_commit(txn, NULL), WIRE_IO);
    }
    store_abort_write(&txn);
    store_close(&store);

    store = sample_open(place);
    assert_sound_at(store, seq);
    txn = sample_write(store);
    sample_fill(txn, MORE);
    sample_commit(txn);
    assert_sound_at(store, seq + MORE);
    store_abort_write(&txn);
    store_close(&store);
    return failed;
}

static void
a_failed_write_or_sync_anywhere_in_a_commit_is_IO_and_loses_nothing(void **state)
{
    (void)state;
    long n = 0;
    for (bool failed = true; failed;) {
        struct place place = place_new();
        failed = commit_with_failure(&place, ++n);
        place_free(&place);
    }
    assert_true(calls_made > 0);
    assert_in_range(n, 4, 1000); // pages, sync and meta were all hit, each once
}

static void
a_failed_creation_is_told_and_makes_no_store(void **state)
{
    (void)state;
    long n = 0;
    for (bool failed = true; failed;) {
        struct place place = place_new();
        struct store_settings settings = sample_settings(&place);
        struct fault fault = FAULT_NONE;
        calls_left = ++n;
        enum wire_err err = store_create(&settings, &sample_who, &fault);
        failed = calls_left == 0;
        calls_left = -1;
        assert_int_equal(err, failed ? WIRE_IO : WIRE_OK);
        struct store *store = NULL;
        if (failed)
            assert_int_not_equal(store_open(&settings, &store, NULL), WIRE_OK);
        place_free(&place);
    }
    assert_in_range(n, 4, 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_failed_write_or_sync_anywhere_in_a_commit_is_IO_and_loses_nothing),
        cmocka_unit_test(a_failed_creation_is_told_and_makes_no_store),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/faults", tests, NULL, NULL)
                       : 1;
}
