#include "pipeline/opening.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/logline.h"
#include "base/notify.h"
#include "pipeline/hooks.h"
#include "pipeline/skip.h"

void
opening_path(const struct pipeline_settings *settings, const char *part, char out[4096])
{
    (void)snprintf(out, 4096, "%s/%s", settings->path, part);
}

static enum wire_err
cannot(struct fault *fault, const char *what, const char *path)
{
    enum wire_err code = errno == ENOSPC ? WIRE_STORE_FULL : WIRE_IO;
    return fault_set(fault, code, FAULT_NOWHERE, "store.path", "cannot %s %s: %s", what,
        path, strerrordesc_np(errno));
}

static enum wire_err
sync_directory(const char *path, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        enum wire_err err = cannot(fault, "sync", path);
        if (fd >= 0)
            (void)close(fd);
        return err;
    }
    (void)close(fd);
    return WIRE_OK;
}

// sync_above makes the entry of path in its parent directory durable.
static enum wire_err
sync_above(const char *path, struct fault *fault)
{
    char parent[4096 + 3];
    (void)snprintf(parent, sizeof parent, "%s/..", path);
    return sync_directory(parent, fault);
}

// ---- the lock

static enum wire_err
in_use(int fd, const char *path, struct fault *fault)
{
    char who[64] = "";
    ssize_t n = pread(fd, who, sizeof who - 1, 0);
    if (n <= 0)
        (void)snprintf(who, sizeof who, "another wireroomd");
    (void)close(fd);
    return fault_set(fault, WIRE_STORE_IN_USE, FAULT_NOWHERE, "store.path",
        "store %s is in use by %s", path, who);
}

static void
sign(int fd)
{
    char who[64];
    struct tm t;
    time_t now = time(NULL);
    (void)localtime_r(&now, &t);
    int n = snprintf(who, sizeof who, "wireroomd pid %d (since %02d:%02d)",
        (int)getpid(), t.tm_hour, t.tm_min);
    if (ftruncate(fd, 0) == 0) {
        ssize_t w = pwrite(fd, who, (size_t)n, 0);
        (void)w; // only words for whoever comes second
    }
}

// A start that was killed between making a name and syncing it leaves one that only the
// page cache knows, so what is found is synced, too. Where the parent is closed to us (a
// service's state directory) it was made for us, long before.
static enum wire_err
make_room(const char *path, struct fault *fault)
{
    char parent[4096 + 3];
    (void)snprintf(parent, sizeof parent, "%s/..", path);
    bool made = mkdir(path, 0750) == 0;
    if (!made && errno != EEXIST)
        return cannot(fault, "make", path);
    if (!made && access(parent, R_OK) != 0)
        return WIRE_OK;
    return sync_directory(parent, fault);
}

enum wire_err
opening_lock(const char *path, int *fd_out, struct fault *fault)
{
    char lock[4096];
    (void)snprintf(lock, sizeof lock, "%s/lock", path);
    if (make_room(path, fault))
        return fault->code;
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return cannot(fault, "open", lock);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return in_use(fd, path, fault);
    sign(fd);
    *fd_out = fd;
    return WIRE_OK;
}

// ---- creation

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static struct log_settings
log_settings_of(const struct pipeline_settings *s, const struct store_identity *who)
{
    struct log_settings out = {
        .epoch = who->epoch, .segment_bytes = s->segment_bytes, .ahead = 2};
    memcpy(out.store_id, who->id, sizeof out.store_id);
    return out;
}

static struct store_settings
store_settings_of(const struct pipeline_settings *s, const char *path)
{
    return (struct store_settings){.path = path,
        .map_bytes = s->map_bytes,
        .zero_ahead_bytes = s->zero_ahead_bytes,
        .readers = 512};
}

static enum wire_err
open_driver(const struct pipeline_settings *settings, const char *path,
    struct log_driver *out, struct fault *fault)
{
    enum wire_err err = log_driver_local(path, out, fault);
    if (!err && settings->wrap_log)
        err = settings->wrap_log(settings->wrap_context, out);
    return err;
}

static enum wire_err
make_log(const struct pipeline_settings *s, const char *path,
    const struct log_settings *settings, struct fault *fault)
{
    struct log_driver driver;
    enum wire_err err = open_driver(s, path, &driver, fault);
    if (err)
        return err;
    err = log_create(&driver, settings, fault);
    driver.close(driver.state);
    return err ? err : sync_directory(path, fault);
}

static enum wire_err
make_parts(const struct pipeline_settings *settings, const struct store_identity *who,
    struct fault *fault)
{
    char main_path[4096], log_path[4096];
    opening_path(settings, "store.new/main", main_path);
    opening_path(settings, "store.new/log", log_path);
    if (mkdir(main_path, 0750) != 0)
        return cannot(fault, "make", main_path);
    if (mkdir(log_path, 0750) != 0)
        return cannot(fault, "make", log_path);
    struct store_settings store = store_settings_of(settings, main_path);
    struct log_settings log = log_settings_of(settings, who);
    enum wire_err err = store_create(&store, who, fault);
    return err ? err : make_log(settings, log_path, &log, fault);
}

enum wire_err
opening_make(const struct pipeline_settings *settings, struct fault *fault)
{
    char made[4096], building[4096];
    struct stat st;
    struct store_identity who;
    opening_path(settings, "store", made);
    opening_path(settings, "store.new", building);
    if (stat(made, &st) == 0) // its name may be in the page cache alone
        return sync_directory(settings->path, fault);
    (void)nftw(
        building, remove_one, 16, FTW_DEPTH | FTW_PHYS); // of a start that failed
    if (mkdir(building, 0750) != 0)
        return cannot(fault, "make", building);
    random_bytes(&who.id, sizeof who.id);
    random_bytes(&who.epoch, sizeof who.epoch);
    enum wire_err err = make_parts(settings, &who, fault);
    if (!err)
        err = sync_directory(building, fault);
    if (!err && rename(building, made) != 0)
        err = cannot(fault, "rename", building);
    if (!err)
        err = sync_directory(settings->path, fault);
    return err;
}

// ---- recovery

#define SKIPS_MOST 64U

struct recovery {
    struct pipeline *p;
    struct arena arena;
    struct store_meta meta;
    uint64_t records;
    struct deaths deaths;
    uint64_t skipped[SKIPS_MOST]; // numbers that records of the tail say to skip
    uint32_t skips;
    bool suspect_seen;     // in the tail
    struct log_batch last; // of the tail; its records are gone
    struct fault *fault;
};

static bool
is_skipped(const struct recovery *r, uint64_t record)
{
    for (uint32_t i = 0; i < r->skips; i++)
        if (r->skipped[i] == record)
            return true;
    return false;
}

// A skip lies behind the record that it names, so all are found before any is filed.
static enum wire_err
find_skips(void *context, const struct log_batch *batch)
{
    struct recovery *r = context;
    for (uint32_t i = 0; i < batch->count; i++) {
        uint64_t record = record_skipped(batch->records[i]);
        r->suspect_seen |= !record && batch->first_record + i == r->deaths.suspect;
        if (!record || is_skipped(r, record))
            continue;
        if (r->skips == SKIPS_MOST)
            return fault_set(r->fault, WIRE_DAMAGED, batch->position, "log",
                "more than %u records of the log's tail are to be skipped", SKIPS_MOST);
        r->skipped[r->skips++] = record;
    }
    r->last = *batch;
    return WIRE_OK;
}

static void
begin_numbers(struct pipeline *p, const struct store_meta *meta)
{
    p->writer.next = (struct judge_numbers){
        .record = meta->records + 1, .item = meta->items + 1, .seq = meta->seq + 1};
    p->writer.hash = meta->hash;
}

static enum wire_err
commit_recovered(struct recovery *r)
{
    struct pipeline *p = r->p;
    store_put_meta(p->writer.txn, &r->meta);
    return store_commit(p->writer.txn, r->fault);
}

static enum wire_err
file_or_skip(struct recovery *r, struct filing *f, const struct record *record)
{
    struct pipeline *p = r->p;
    if (is_skipped(r, record->verdict.record)) {
        log_error("record=%llu skipped=text next=\"report it: wireroom raw --record "
                  "%llu has the bytes; filing them ended two starts\"",
            (unsigned long long)record->verdict.record,
            (unsigned long long)record->verdict.record);
        return skip_file(f, record, &r->arena);
    }
    if (p->replay)
        return replay_record(p, f, record, &r->arena, r->fault);
    if (record->prepared.count)
        hook_filing(record->prepared.items[0].headline);
    return filing_record(f, record);
}

static enum wire_err
recover_record(struct recovery *r, struct filing *f, struct slice bytes)
{
    struct record record;
    arena_reset(&r->arena);
    enum wire_err err = record_decode(bytes, &r->arena, &record, r->fault);
    if (err || record.kind == RECORD_SKIP)
        return err;
    err = file_or_skip(r, f, &record);
    if (err)
        return fault_set(r->fault, err, FAULT_NOWHERE, "", "cannot file record %llu",
            (unsigned long long)record.verdict.record);
    r->records++;
    r->meta.records = record.verdict.record;
    r->meta.house_us = record.submission.house_us;
    for (uint32_t i = 0; i < record.verdict.count; i++) {
        const struct item_verdict *v = &record.verdict.items[i];
        if (v->item > r->meta.items)
            r->meta.items = v->item;
        if (v->seq > r->meta.seq)
            r->meta.seq = v->seq;
    }
    if (r->p->replay && is_skipped(r, record.verdict.record))
        begin_numbers(r->p, &r->meta); // it was not judged, but has its numbers
    return WIRE_OK;
}

static enum wire_err
recover_batch(void *context, const struct log_batch *batch)
{
    struct recovery *r = context;
    struct pipeline *p = r->p;
    struct filing f = {.txn = p->writer.txn, .index = p->index, .hash = r->meta.hash};
    enum wire_err err = store_batch_begin(p->writer.txn);
    for (uint32_t i = 0; i < batch->count && !err; i++) {
        if (!p->replay) // judging again may die of other things
            deaths_at(&r->deaths, batch->first_record + i);
        err = recover_record(r, &f, batch->records[i]);
    }
    if (!p->replay)
        deaths_at(&r->deaths, 0);
    if (!err)
        err = store_batch_end(p->writer.txn);
    if (err)
        return err;
    r->meta.hash = f.hash;
    r->meta.log_position = batch->end;
    r->meta.oldest_seq = r->meta.seq ? 1 : 0;
    if (r->meta.seq != batch->seq || !digest_equal(&r->meta.hash, &batch->hash))
        return fault_set(r->fault, WIRE_STORE_MISMATCH, batch->position, "log",
            "the log's history is not the one filed: hash differs at seq %llu",
            (unsigned long long)batch->seq);
    if (store_dirty_bytes(p->writer.txn) >= p->settings.checkpoint_bytes)
        return commit_recovered(r);
    return WIRE_OK;
}

static enum wire_err
fill_index(struct pipeline *p, uint64_t records, struct fault *fault)
{
    uint64_t covered = index_covered(p->index);
    if (covered > records &&
        index_clear(p->index, fault)) // of a store restored behind it
        return fault->code;
    covered = index_covered(p->index);
    if (covered < records)
        log_info("index=filling from=%llu to=%llu", (unsigned long long)covered + 1,
            (unsigned long long)records);
    for (uint64_t n = covered + 1; n <= records; n++) {
        enum wire_err err = dedupe_entries_of_stored(p->index, p->writer.txn, n);
        if (err)
            return fault_set(fault, err, FAULT_NOWHERE, "index",
                "record %llu can't be read", (unsigned long long)n);
        if (n % 65536 == 0)
            notify_extend(30 * SECOND_US);
    }
    return WIRE_OK;
}

static enum wire_err
open_index(struct pipeline *p, struct fault *fault)
{
    static char path[4096];
    opening_path(&p->settings, "store/index", path);
    if (mkdir(path, 0750) != 0 && errno != EEXIST)
        return cannot(fault, "make", path);
    struct index_settings settings = {.path = path,
        .map_bytes = p->settings.map_bytes,
        .head_bytes = p->settings.index_head_bytes};
    return index_open(&settings, store_who(p->store), &p->index, fault);
}

static enum wire_err
try_log(struct recovery *r, log_replay_fn *replay, struct fault *fault)
{
    struct pipeline *p = r->p;
    char path[4096];
    struct log_driver driver;
    opening_path(&p->settings, "store/log", path);
    enum wire_err err = open_driver(&p->settings, path, &driver, fault);
    struct log_settings settings = log_settings_of(&p->settings, store_who(p->store));
    settings.peek = find_skips;
    r->skips = 0;
    if (!err)
        err = log_open(
            driver, &settings, r->meta.log_position, replay, r, &p->log, fault);
    return err;
}

static enum wire_err
file_nothing(void *context, const struct log_batch *batch)
{
    (void)context;
    (void)batch;
    return WIRE_OK;
}

// append_skip names the suspect behind all that is logged. It takes no number: the next
// record has the one that its batch says.
static enum wire_err
append_skip(struct recovery *r, struct fault *fault)
{
    struct record skip = {.kind = RECORD_SKIP, .skip_record = r->deaths.suspect};
    struct wire_writer w = {0};
    const struct log_batch *last = &r->last;
    uint64_t end;
    record_encode(&skip, &w);
    struct slice bytes = wire_written(&w);
    enum wire_err err = w.failed ? WIRE_NO_MEMORY : WIRE_OK;
    if (!err)
        err = log_reserve(r->p->log, bytes.size, 1, true, fault);
    if (!err)
        err = log_append(r->p->log, &bytes, 1, last->first_record + last->count,
            last->seq, &last->hash, &end, fault);
    if (!err)
        err = log_sync(r->p->log, fault);
    wire_writer_fini(&w);
    return err;
}

// Once it is in the log, every later start and every replay skips it.
static enum wire_err
skip_suspect(struct recovery *r, struct fault *fault)
{
    if (r->deaths.count < DEATHS_ENOUGH)
        return WIRE_OK;
    enum wire_err err = try_log(r, file_nothing, fault);
    if (!err && r->suspect_seen && !is_skipped(r, r->deaths.suspect))
        err = append_skip(r, fault);
    log_close(&r->p->log);
    return err;
}

// The operator accepts that the log does not belong to the store: it is set aside, what
// LMDB holds is all there is, and the new epoch tells every cursor so. The new log is made
// beside the old one and they change places in one step, so there is always one to find; if
// that is cut short, the epochs differ and the loss is there to be accepted again.
static enum wire_err
accept_loss(struct recovery *r, struct fault *fault)
{
    struct pipeline *p = r->p;
    uint64_t epoch;
    char path[4096], aside[4096 + 32];
    opening_path(&p->settings, "store/log", path);
    (void)snprintf(
        aside, sizeof aside, "%s.lost-%lld", path, (long long)clock_wall_us());
    if (mkdir(aside, 0750) != 0)
        return cannot(fault, "make", aside);
    random_bytes(&epoch, sizeof epoch);
    store_put_epoch(p->writer.txn, epoch);
    r->meta.log_position = 0;
    struct log_settings settings = log_settings_of(&p->settings, store_who(p->store));
    enum wire_err err = make_log(&p->settings, aside, &settings, fault);
    if (!err && renameat2(AT_FDCWD, path, AT_FDCWD, aside, RENAME_EXCHANGE) != 0)
        err = cannot(fault, "set aside", path);
    if (!err)
        err = sync_above(path, fault);
    if (!err)
        err = commit_recovered(r);
    log_error("loss=accepted log=%s seq=%llu", aside, (unsigned long long)r->meta.seq);
    return err ? err : try_log(r, recover_batch, fault);
}

static enum wire_err
open_log(struct recovery *r, struct fault *fault)
{
    struct fault why = FAULT_NONE;
    enum wire_err err = skip_suspect(r, &why);
    if (!err)
        err = try_log(r, recover_batch, &why);
    if (err == WIRE_STORE_MISMATCH && r->p->settings.accept_loss)
        return accept_loss(r, fault);
    if (err && why.code)
        *fault = why;
    return err;
}

// Each open of the log leaves a batch of its own in it. What recovery filed is committed,
// and now and then the place is moved past the openings of idle starts.
static enum wire_err
move_past_openings(struct recovery *r)
{
    struct pipeline *p = r->p;
    uint64_t end = log_end(p->log);
    if (r->records == 0 && end - r->meta.log_position < p->settings.segment_bytes / 2)
        return WIRE_OK;
    r->meta.log_position = end;
    return commit_recovered(r);
}

static void
begin_where_it_ended(struct pipeline *p, const struct store_meta *meta)
{
    struct writer *w = &p->writer;
    struct clock_reading reading = clock_read();
    begin_numbers(p, meta);
    w->committed_record = meta->records;
    w->committed_seq = meta->seq;
    w->committed_mark = index_mark(p->index);
    p->durable = (struct durable){.seq = meta->seq,
        .checkpoint_seq = meta->seq,
        .checkpoint_record = meta->records,
        .oldest_seq = meta->oldest_seq,
        .records = meta->records,
        .items = meta->items,
        .hash = meta->hash,
        .house_us = meta->house_us};
    house_time_start(&p->house, meta->records ? meta->house_us : TIME_NONE, &reading);
    atomic_store(&p->house_told_us, p->house.now_us);
    atomic_store(&p->house_told_at, p->house.monotonic_us);
    log_trim(p->log, meta->log_position);
}

enum wire_err
opening_recover(struct pipeline *p, struct fault *fault)
{
    static char path[4096], note[4096];
    struct recovery r = {.p = p, .fault = fault};
    opening_path(&p->settings, "store/main", path);
    struct store_settings settings = store_settings_of(&p->settings, path);
    enum wire_err err = store_open(&settings, &p->store, fault);
    if (!err)
        err = open_index(p, fault);
    if (!err)
        err = store_begin_write(p->store, &p->writer.txn);
    if (err)
        return fault_set(fault, err, FAULT_NOWHERE, "", "cannot open the store");
    arena_init(&r.arena, (size_t)256 << 20);
    opening_path(&p->settings, "store/filing", note);
    deaths_read(&r.deaths, note);
    store_get_meta(p->writer.txn, &r.meta);
    begin_numbers(p, &r.meta);
    err = fill_index(p, r.meta.records, fault);
    if (!err)
        err = open_log(&r, fault);
    if (!err)
        err = move_past_openings(&r);
    deaths_end(&r.deaths, !err);
    arena_fini(&r.arena);
    store_abort_write(
        &p->writer.txn); // the writer begins its own: LMDB's lock is a thread's
    if (err)
        return fault_set(fault, err, FAULT_NOWHERE, "", "cannot recover");
    if (r.records)
        log_info("recovered=%llu records seq=%llu", (unsigned long long)r.records,
            (unsigned long long)r.meta.seq);
    begin_where_it_ended(p, &r.meta);
    return WIRE_OK;
}
