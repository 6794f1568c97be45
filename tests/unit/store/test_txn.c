// Transactions: sticky, whole or not at all, and not the end when the disk is full.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/store.h"
#include "store/table.h"
#include "unit/store/sample.h"

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
    unsigned *found = context;
    if ((*found)++ == 0)
        print_message("finding: %s\n", words);
}

static unsigned
findings_in(struct store *store)
{
    unsigned found = 0;
    (void)store_verify(store, count, &found);
    return found;
}

// ---- opening

static void
a_store_opens_as_who_it_was_made(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    assert_memory_equal(store_who(store)->id, sample_who.id, 16);
    assert_int_equal(store_who(store)->epoch, sample_who.epoch);
    store_close(&store);
    assert_null(store);
    store_close(&store); // none is fine
    struct store_settings settings = sample_settings(&place);
    struct fault fault = FAULT_NONE;
    assert_int_equal(store_create(&settings, &sample_who, &fault), WIRE_IO);
    assert_non_null(strstr(fault.words, "is there already"));
    settings.map_bytes = 0; // larger than the file system
    settings.readers = 4;
    assert_int_equal(store_open(&settings, &store, NULL), WIRE_OK);
    store_close(&store);
    place_free(&place);
}

static void
opening_nothing_makes_nothing(void **state)
{
    (void)state;
    struct place place = place_new();
    char file[512];
    struct store *store = NULL;
    struct store_settings settings = sample_settings(&place);
    struct fault fault = FAULT_NONE;
    assert_int_equal(store_open(&settings, &store, &fault), WIRE_DAMAGED);
    assert_non_null(strstr(fault.words, "data.mdb is missing"));
    assert_null(store);
    place_file(&place, "data.mdb", file);
    assert_int_equal(access(file, F_OK), -1);
    place_free(&place);
}

static void
an_environment_that_is_not_a_store_is_DAMAGED(void **state)
{
    (void)state;
    struct place place = place_new();
    struct blobs *blobs = NULL;
    assert_int_equal(blobs_open(place.path, 0, &blobs, NULL), WIRE_OK);
    assert_int_equal(blobs_begin(blobs), WIRE_OK);
    blobs_put(blobs, SLICE("k"), SLICE("v"));
    assert_int_equal(blobs_end(blobs, NULL), WIRE_OK);
    blobs_close(&blobs);
    struct store *store = NULL;
    struct store_settings settings = sample_settings(&place);
    struct fault fault = FAULT_NONE;
    assert_int_equal(store_open(&settings, &store, &fault), WIRE_DAMAGED);
    assert_non_null(strstr(fault.words, "table meta"));
    place_free(&place);
}

static void
readers_beyond_the_limit_are_BUSY(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    store_close(&store);
    struct store_settings settings = sample_settings(&place);
    struct store_txn *txns[4] = {NULL}, *more = NULL;
    char lock[512];
    place_file(&place, "lock.mdb", lock);
    assert_int_equal(unlink(lock), 0); // it was made for more
    settings.readers = 4;
    assert_int_equal(store_open(&settings, &store, NULL), WIRE_OK);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(store_begin_read(store, &txns[i]), WIRE_OK);
    assert_int_equal(store_begin_read(store, &more), WIRE_BUSY);
    assert_null(more);
    store_end_read(&txns[0]);
    assert_int_equal(store_begin_read(store, &more), WIRE_OK);
    store_end_read(&more);
    for (size_t i = 1; i < 4; i++)
        store_end_read(&txns[i]);
    store_close(&store);
    place_free(&place);
}

// ---- batches

static void
an_aborted_batch_leaves_no_row_and_no_source(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    sample_fill(txn, 2);
    assert_int_equal(store_batch_end(txn), WIRE_OK);
    uint64_t dirty = store_dirty_bytes(txn);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    sample_fill(txn, 5);
    assert_int_equal(store_add_source(txn, SLICE("afp")), 3);
    assert_true(store_dirty_bytes(txn) > dirty);
    store_batch_abort(txn);
    assert_int_equal(store_dirty_bytes(txn), dirty);
    assert_int_equal(head(txn), 2);
    assert_int_equal(store_source_number(txn, SLICE("afp")), 0);
    assert_int_equal(store_source_count(txn), 1);

    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    assert_int_equal(store_add_source(txn, SLICE("xinhua")), 2);
    sample_fill(txn, 3);
    assert_int_equal(store_batch_end(txn), WIRE_OK);
    sample_commit(txn);
    assert_int_equal(store_dirty_bytes(txn), 0);
    assert_int_equal(head(txn), 5);
    assert_int_equal(findings_in(store), 0);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
a_failed_batch_fails_whole_and_the_next_one_works(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_change change = sample_change(9);
    struct digest before = sample_digest(1);
    struct store_item item = sample_item(1), got;
    sample_fill(txn, 1);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    change.source = SLICE("nobody");
    store_put_change(txn, &change, &before); // no such source
    assert_int_equal(store_txn_fault(txn), WIRE_INTERNAL);
    assert_string_equal(
        store_txn_why(txn)->words, "changes 9: its source has no number");
    item.last = 7;
    store_put_item(txn, &item); // does nothing: the batch has failed
    assert_int_equal(store_get_item(txn, 1, &got), WIRE_INTERNAL);
    assert_int_equal(store_batch_end(txn), WIRE_INTERNAL);
    assert_int_equal(store_txn_fault(txn), WIRE_OK);
    assert_int_equal(store_get_item(txn, 1, &got), WIRE_OK);
    assert_int_equal(got.last, 1);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    sample_fill(txn, 1);
    assert_int_equal(store_batch_end(txn), WIRE_OK);
    sample_commit(txn);
    assert_int_equal(head(txn), 2);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
a_failure_outside_a_batch_stands_until_the_commit_which_writes_nothing(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    sample_fill(txn, 2);
    assert_int_equal(store_add_source(txn, SLICE("")), 0);
    assert_int_equal(store_txn_fault(txn), WIRE_INTERNAL);
    assert_int_equal(store_batch_begin(txn), WIRE_INTERNAL);
    assert_int_equal(store_batch_end(txn), WIRE_INTERNAL); // none is open
    store_batch_abort(txn);
    assert_int_equal(store_batch_begin(txn), WIRE_INTERNAL); // nor needs to be ended
    sample_file(txn, 3, SLICE("dpa"), &(struct store_meta){0});
    assert_int_equal(store_txn_fault(txn), WIRE_INTERNAL);
    struct fault fault = FAULT_NONE;
    assert_int_equal(store_commit(txn, &fault), WIRE_INTERNAL);
    assert_int_equal(fault.code, WIRE_INTERNAL);
    assert_int_equal(store_txn_fault(txn), WIRE_OK); // begun again
    assert_int_equal(head(txn), 0);
    assert_int_equal(store_source_count(txn), 0);
    sample_fill(txn, 2);
    sample_commit(txn);
    assert_int_equal(head(txn), 2);
    assert_int_equal(findings_in(store), 0);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

static void
a_change_is_put_once_and_in_order(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct digest before = sample_digest(1);
    sample_fill(txn, 3);
    for (uint64_t seq = 1; seq <= 3; seq++) {
        struct store_change change = sample_change(seq);
        assert_int_equal(store_batch_begin(txn), WIRE_OK);
        store_put_change(txn, &change, &before);
        assert_int_equal(store_batch_end(txn), WIRE_INTERNAL);
    }
    sample_commit(txn);
    assert_int_equal(findings_in(store), 0);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// "About": a commit of what was counted writes between half and twice as much.
static void
dirty_bytes_are_about_what_the_file_grows_by(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    char file[512];
    struct stat before, after;
    static uint8_t block[2900];
    place_file(&place, "data.mdb", file);
    assert_int_equal(stat(file, &before), 0);
    struct store_meta meta;
    store_get_meta(txn, &meta);
    for (uint64_t n = 1; n <= 600; n++) {
        struct store_revision revision = sample_revision(n);
        sample_file(txn, n, SLICE("dpa"), &meta);
        revision.block = slice_of(block, sizeof block);
        if (n % 64 == 0)
            store_put_meta(txn, &meta);
        if (n % 2)
            store_put_revision(txn, &revision);
    }
    uint64_t counted = store_dirty_bytes(txn);
    sample_commit(txn);
    assert_int_equal(stat(file, &after), 0);
    uint64_t grown = (uint64_t)(after.st_size - before.st_size);
    assert_in_range(counted, grown / 2, grown * 2);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// A source's list goes on where it stopped, so it costs no page a row.
static void
dirty_bytes_count_the_leaf_of_a_list_once(void **state)
{
    (void)state;
    static const char *const names[] = {"xinhua", "dpa", "afp", "city-desk"};
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_txn *txn = sample_write(store);
    struct store_meta meta;
    store_get_meta(txn, &meta);
    uint64_t n = 0, counted[2];
    for (int commit = 0; commit < 2; commit++) {
        for (int i = 0; i < 400; i++, n++)
            sample_file(txn, n + 1, slice_str(names[n % 4]), &meta);
        counted[commit] = store_dirty_bytes(txn);
        store_put_meta(txn, &meta);
        sample_commit(txn);
    }
    struct stat after;
    char file[512];
    place_file(&place, "data.mdb", file);
    assert_int_equal(stat(file, &after), 0);
    assert_in_range(counted[0] + counted[1], 0, 2 * (uint64_t)after.st_size);
    assert_in_range(counted[1], counted[0] / 2, counted[0] * 2);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// ---- full

static struct store *
small_map(const struct place *place, uint64_t map_bytes)
{
    struct store *store = sample_new(place);
    struct store_settings settings = sample_settings(place);
    store_close(&store);
    settings.map_bytes = map_bytes;
    assert_int_equal(store_open(&settings, &store, NULL), WIRE_OK);
    return store;
}

// Files batches of 20 until one does not fit; gives its error.
static enum wire_err
fill_up(struct store_txn *txn, struct fault *fault)
{
    struct store_meta meta;
    for (;;) {
        (void)store_batch_begin(txn);
        store_get_meta(txn, &meta);
        for (uint64_t n = meta.seq + 1, end = meta.seq + 20; n <= end; n++)
            sample_file(txn, n, SLICE("dpa"), &meta);
        store_put_meta(txn, &meta);
        struct fault why = *store_txn_why(txn);
        enum wire_err err = store_batch_end(txn);
        if (!err)
            err = store_commit(txn, &why);
        if (err) {
            *fault = why;
            return err;
        }
    }
}

static void
a_full_map_fails_the_batch_or_the_commit_and_loses_nothing(void **state)
{
    (void)state;
    // Sizes by the page, so that the map ends in a put here and in a commit there.
    for (uint64_t pages = 60; pages < 90; pages++) {
        struct place place = place_new();
        struct store *store = small_map(&place, pages * 4096);
        struct store_txn *txn = sample_write(store);
        struct fault fault = FAULT_NONE;
        assert_int_equal(fill_up(txn, &fault), WIRE_STORE_FULL);
        assert_non_null(strstr(fault.words, "MDB_MAP_FULL"));
        assert_int_equal(store_txn_fault(txn), WIRE_OK);
        store_abort_write(&txn);
        assert_int_equal(findings_in(store), 0);
        store_close(&store);

        store = sample_open(&place); // a larger map
        txn = sample_write(store);
        uint64_t kept = head(txn);
        assert_true(kept > 0 && kept % 20 == 0);
        sample_fill(txn, 500);
        sample_commit(txn);
        assert_int_equal(head(txn), kept + 500);
        assert_int_equal(findings_in(store), 0);
        store_abort_write(&txn);
        store_close(&store);
        place_free(&place);
    }
}

static void
a_full_map_in_a_batch_leaves_the_earlier_batches_to_commit(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = small_map(&place, 512 << 10);
    struct store_txn *txn = sample_write(store);
    static uint8_t large[1 << 20];
    struct store_raw raw = {.record = 1, .block = slice_of(large, sizeof large)};
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    sample_fill(txn, 3);
    assert_int_equal(store_batch_end(txn), WIRE_OK);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    sample_fill(txn, 3);
    store_put_raw(txn, &raw);
    assert_int_equal(store_batch_end(txn), WIRE_STORE_FULL);
    assert_int_equal(head(txn), 3);
    sample_commit(txn);
    assert_int_equal(head(txn), 3);
    assert_int_equal(findings_in(store), 0);
    store_abort_write(&txn);
    store_close(&store);
    place_free(&place);
}

// In a child with a mount namespace of its own: exit status 0, or the line that failed.
#define CHECK(holds)               \
    do {                           \
        if (!(holds))              \
            return __LINE__ % 255; \
    } while (0)
enum { NO_MOUNT = 255 };

static bool
map_write(const char *path, const char *map)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, map, strlen(map)) == (ssize_t)strlen(map);
    return fd >= 0 && close(fd) == 0 && written;
}

// Root of a namespace of its own, where others than root may mount too.
static bool
become_root_of_nothing(void)
{
    char uid[64], gid[64];
    (void)snprintf(uid, sizeof uid, "0 %u 1", (unsigned)geteuid());
    (void)snprintf(gid, sizeof gid, "0 %u 1", (unsigned)getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
           map_write("/proc/self/setgroups", "deny") &&
           map_write("/proc/self/uid_map", uid) && map_write("/proc/self/gid_map", gid);
}

static int
fill_a_small_disk(const char *path, const char *options)
{
    char ballast[256], store_path[256];
    bool ours = unshare(CLONE_NEWNS) == 0 || become_root_of_nothing();
    (void)mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    if (!ours || mount("store", path, "tmpfs", 0, options) != 0)
        return NO_MOUNT;
    (void)snprintf(ballast, sizeof ballast, "%s/ballast", path);
    (void)snprintf(store_path, sizeof store_path, "%s/store", path);
    CHECK(mkdir(store_path, 0700) == 0);
    int fd = open(ballast, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && posix_fallocate(fd, 0, 512 << 10) == 0 && close(fd) == 0);

    struct store *store = NULL;
    struct store_txn *txn = NULL;
    struct store_settings settings = {.path = store_path, .zero_ahead_bytes = 1 << 20};
    struct fault fault = FAULT_NONE;
    unsigned found = 0;
    CHECK(store_create(&settings, &sample_who, NULL) == WIRE_OK);
    CHECK(store_open(&settings, &store, NULL) == WIRE_OK);
    CHECK(store_begin_write(store, &txn) == WIRE_OK);
    CHECK(fill_up(txn, &fault) == WIRE_STORE_FULL);
    CHECK(strstr(fault.words, "EIO") || strstr(fault.words, "ENOSPC"));
    uint64_t kept = head(txn);
    CHECK(kept > 0 && kept % 20 == 0);
    fault = FAULT_NONE;
    CHECK(fill_up(txn, &fault) == WIRE_STORE_FULL); // still, and still in words
    CHECK(!store_zero_ahead(store));                // takes nothing of a full disk
    CHECK(unlink(ballast) == 0);
    CHECK(!store_zero_ahead(store)); // nor of what was made free
    struct store_meta meta;
    store_get_meta(txn, &meta); // file again what the log holds
    sample_file(txn, kept + 1, SLICE("dpa"), &meta);
    store_put_meta(txn, &meta);
    CHECK(store_commit(txn, NULL) == WIRE_OK);
    CHECK(head(txn) == kept + 1);
    (void)store_verify(store, count, &found);
    CHECK(found == 0);
    store_abort_write(&txn);
    store_close(&store);
    CHECK(store_open(&settings, &store, NULL) == WIRE_OK);
    (void)store_verify(store, count, &found);
    CHECK(found == 0);
    store_close(&store);
    return 0;
}

static void
a_full_disk_is_STORE_FULL_and_giving_up_ballast_mends_it(void **state)
{
    (void)state;
    static const char *const sizes[] = {
        "size=1024k", "size=1276k", "size=1500k", "size=2052k", "size=3000k"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct place place = place_new();
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            _exit(fill_a_small_disk(place.path, sizes[i]));
        int status;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        place_free(&place);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) == NO_MOUNT) {
            print_message("skipped: no tmpfs can be mounted here\n");
            skip();
        }
        if (WEXITSTATUS(status))
            fail_msg(
                "%s: check at line %d (mod 255) failed", sizes[i], WEXITSTATUS(status));
    }
}

// ---- kill -9

static void
write_until_killed(const struct place *place, int told)
{
    struct store *store = sample_open(place);
    struct store_txn *txn = sample_write(store);
    for (;;) {
        assert_int_equal(store_batch_begin(txn), WIRE_OK);
        sample_fill(txn, 7);
        assert_int_equal(store_batch_end(txn), WIRE_OK);
        sample_commit(txn);
        uint64_t durable = head(txn);
        if (write(told, &durable, sizeof durable) != sizeof durable)
            _exit(1);
    }
}

static void
a_killed_writer_loses_nothing_it_told_of(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    store_close(&store);
    for (unsigned round = 0; round < 20; round++) {
        int ends[2];
        uint64_t told = 0, next;
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            (void)close(ends[0]);
            write_until_killed(&place, ends[1]);
        }
        (void)close(ends[1]);
        for (unsigned i = 0; i < 3 + round; i++)
            assert_int_equal(read(ends[0], &told, sizeof told), sizeof told);
        assert_int_equal(kill(pid, SIGKILL), 0);
        while (read(ends[0], &next, sizeof next) == sizeof next)
            told = next;
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        (void)close(ends[0]);

        store = sample_open(&place);
        struct store_txn *txn = sample_write(store); // its lock is not in the way
        assert_true(head(txn) >= told);
        assert_int_equal(head(txn) % 7, 0); // whole batches only
        assert_int_equal(findings_in(store), 0);
        store_abort_write(&txn);
        store_close(&store);
    }
    place_free(&place);
}

static void
slots_of_a_killed_reader_are_cleared(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_two(&place);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    store_close(&store);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct store_settings settings = sample_settings(&place);
        settings.read_only = true;
        if (store_open(&settings, &store, NULL) != WIRE_OK)
            _exit(1);
        (void)sample_read(store);
        (void)!write(ends[1], "r", 1);
        (void)pause();
        _exit(1);
    }
    char ready;
    assert_int_equal(read(ends[0], &ready, 1), 1);
    store = sample_open(&place);
    assert_int_equal(store_clear_readers(store), 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(store_clear_readers(store), 1);
    (void)close(ends[0]);
    (void)close(ends[1]);
    store_close(&store);
    place_free(&place);
}

// ---- zeros

static void
zeros_go_behind_the_last_page_and_cover_nothing(void **state)
{
    (void)state;
    struct place place = place_new();
    struct store *store = sample_new(&place);
    struct store_settings settings = sample_settings(&place);
    struct stat file;
    char path[512];
    place_file(&place, "data.mdb", path);
    store_close(&store);
    settings.zero_ahead_bytes = 3 << 20;
    assert_int_equal(store_open(&settings, &store, NULL), WIRE_OK);
    struct store_txn *txn = sample_write(store);
    assert_true(store_zero_ahead(store));
    assert_true(store_zero_ahead(store));
    (void)store_zero_ahead(store);
    assert_false(store_zero_ahead(store));
    assert_int_equal(stat(path, &file), 0);
    off_t size = file.st_size;
    assert_in_range((uint64_t)size, 3 << 20, (3 << 20) + (1 << 20));
    sample_fill(txn, 300);
    sample_commit(txn);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_size, size); // overwritten, not grown
    assert_int_equal(findings_in(store), 0);
    while (store_zero_ahead(store))
        sample_fill(txn, 1);
    assert_int_equal(stat(path, &file), 0);
    assert_true(file.st_size > size);
    sample_commit(txn);
    assert_int_equal(findings_in(store), 0);
    store_abort_write(&txn);
    store_close(&store);
    store = sample_open(&place);
    assert_int_equal(findings_in(store), 0);
    assert_false(store_zero_ahead(store)); // not asked for
    store_close(&store);
    place_free(&place);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_opens_as_who_it_was_made),
        cmocka_unit_test(opening_nothing_makes_nothing),
        cmocka_unit_test(an_environment_that_is_not_a_store_is_DAMAGED),
        cmocka_unit_test(readers_beyond_the_limit_are_BUSY),
        cmocka_unit_test(an_aborted_batch_leaves_no_row_and_no_source),
        cmocka_unit_test(a_failed_batch_fails_whole_and_the_next_one_works),
        cmocka_unit_test(
            a_failure_outside_a_batch_stands_until_the_commit_which_writes_nothing),
        cmocka_unit_test(a_change_is_put_once_and_in_order),
        cmocka_unit_test(dirty_bytes_are_about_what_the_file_grows_by),
        cmocka_unit_test(dirty_bytes_count_the_leaf_of_a_list_once),
        cmocka_unit_test(a_full_map_fails_the_batch_or_the_commit_and_loses_nothing),
        cmocka_unit_test(a_full_map_in_a_batch_leaves_the_earlier_batches_to_commit),
        cmocka_unit_test(a_full_disk_is_STORE_FULL_and_giving_up_ballast_mends_it),
        cmocka_unit_test(a_killed_writer_loses_nothing_it_told_of),
        cmocka_unit_test(slots_of_a_killed_reader_are_cleared),
        cmocka_unit_test(zeros_go_behind_the_last_page_and_cover_nothing),
    };
    return hash_init() ? cmocka_run_group_tests_name("store/txn", tests, NULL, NULL)
                       : 1;
}
