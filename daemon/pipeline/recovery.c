#include "pipeline/recovery.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/logline.h"
#include "base/notify.h"
#include "pipeline/hooks.h"

bool
recovery_skips(const struct recovery *r, uint64_t record)
{
    for (uint32_t i = 0; i < r->skips; i++)
        if (r->skipped[i] == record)
            return true;
    return false;
}

// A skip lies behind the record that it names, so all are found before any is filed.
enum wire_err
recovery_find_skips(void *recovery, const struct log_batch *batch)
{
    struct recovery *r = recovery;
    for (uint32_t i = 0; i < batch->count; i++) {
        uint64_t record = record_skipped(batch->records[i]);
        r->suspect_seen |= !record && batch->first_record + i == r->deaths.suspect;
        if (!record || recovery_skips(r, record))
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
    if (recovery_skips(r, record->verdict.record)) {
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

void
recovery_note(struct recovery *r, const struct record *record)
{
    r->records++;
    r->meta.records = record->verdict.record;
    r->meta.house_us = record->submission.house_us;
    for (uint32_t i = 0; i < record->verdict.count; i++) {
        const struct item_verdict *v = &record->verdict.items[i];
        if (v->item > r->meta.items)
            r->meta.items = v->item;
        if (v->seq > r->meta.seq)
            r->meta.seq = v->seq;
    }
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
    recovery_note(r, &record);
    if (r->p->replay && recovery_skips(r, record.verdict.record))
        begin_numbers(r->p, &r->meta); // it was not judged, but has its numbers
    return WIRE_OK;
}

enum wire_err
recovery_batch(void *recovery, const struct log_batch *batch)
{
    struct recovery *r = recovery;
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
        return opening_cannot(fault, "make", path);
    struct index_settings settings = {.path = path,
        .map_bytes = p->settings.map_bytes,
        .head_bytes = p->settings.index_head_bytes};
    return index_open(&settings, store_who(p->store), &p->index, fault);
}

// A directory that is gone is what an empty one is: a log that has no files.
enum wire_err
recovery_driver(struct pipeline *p, struct log_driver *driver_out,
    struct log_settings *settings_out, struct fault *fault)
{
    char path[4096];
    opening_path(&p->settings, "store/log", path);
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return fault_set(
            fault, WIRE_STORE_MISMATCH, 0, "000000.log", "the log has no files");
    *settings_out = opening_log_settings(&p->settings, store_who(p->store));
    return opening_driver(&p->settings, path, driver_out, fault);
}

static enum wire_err
try_log(struct recovery *r, log_replay_fn *replay, struct fault *fault)
{
    struct pipeline *p = r->p;
    struct log_driver driver = {0};
    struct log_settings settings = {0};
    enum wire_err err = recovery_driver(p, &driver, &settings, fault);
    settings.peek = recovery_find_skips;
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
    struct log_records records = {
        &bytes, 1, 1, last->first_record + last->count, last->seq, &last->hash};
    enum wire_err err = w.failed ? WIRE_NO_MEMORY : WIRE_OK;
    if (!err)
        err = log_reserve(r->p->log, bytes.size, 1, true, fault);
    if (!err)
        err = log_append(r->p->log, &records, &end, fault);
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
    if (!err && r->suspect_seen && !recovery_skips(r, r->deaths.suspect))
        err = append_skip(r, fault);
    log_close(&r->p->log);
    return err;
}

// The new log is made beside the old one and they change places in one step, so there is
// always one to find. What is filed is committed first: of a salvage, it is all there is.
enum wire_err
recovery_new_log(
    struct recovery *r, char aside_out[static 4096 + 32], struct fault *fault)
{
    struct pipeline *p = r->p;
    uint64_t epoch;
    char path[4096], *aside = aside_out;
    opening_path(&p->settings, "store/log", path);
    (void)snprintf(aside, 4096 + 32, "%s.lost-%lld", path, (long long)clock_wall_us());
    if (mkdir(aside, 0750) != 0)
        return opening_cannot(fault, "make", aside);
    random_bytes(&epoch, sizeof epoch);
    store_put_epoch(p->writer.txn, epoch);
    r->meta.log_position = 0;
    struct log_settings settings =
        opening_log_settings(&p->settings, store_who(p->store));
    enum wire_err err = opening_make_log(&p->settings, aside, &settings, fault);
    if (!err)
        err = commit_recovered(r);
    bool gone = access(path, F_OK) != 0;
    unsigned how = gone ? RENAME_NOREPLACE : RENAME_EXCHANGE;
    if (!err && renameat2(AT_FDCWD, aside, AT_FDCWD, path, how) != 0)
        err = opening_cannot(fault, "set aside", path);
    return err ? err : opening_sync_above(path, fault);
}

// The operator accepts that the log does not belong to the store: it is set aside, what
// LMDB holds is all there is, and the new epoch tells every cursor so. Cut short, the epochs
// differ and the loss is there to be accepted again.
static enum wire_err
accept_loss(struct recovery *r, struct fault *fault)
{
    char aside[4096 + 32];
    enum wire_err err = recovery_new_log(r, aside, fault);
    if (err)
        return err;
    log_error("loss=accepted log=%s seq=%llu", aside, (unsigned long long)r->meta.seq);
    return try_log(r, recovery_batch, fault);
}

// The log names the file in which a batch is broken; what is wrong inside of a record, no
// salvage mends.
static void
name_salvage(struct fault *fault)
{
    size_t n = strlen(fault->words), field = strlen(fault->field);
    if (fault->code == WIRE_DAMAGED && field > 4 &&
        strcmp(fault->field + field - 4, ".log") == 0)
        (void)snprintf(fault->words + n, sizeof fault->words - n,
            "; wireroomd log salvage says what is whole");
}

static enum wire_err
open_log(struct recovery *r, struct fault *fault)
{
    struct fault why = FAULT_NONE;
    enum wire_err err = skip_suspect(r, &why);
    if (!err)
        err = try_log(r, recovery_batch, &why);
    if (err == WIRE_STORE_MISMATCH && r->p->settings.accept_loss)
        return accept_loss(r, fault);
    name_salvage(&why);
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
        .sources = store_source_count(w->txn),
        .hash = meta->hash,
        .house_us = meta->house_us};
    house_time_start(&p->house, meta->records ? meta->house_us : TIME_NONE, &reading);
    atomic_store(&p->house_told_us, p->house.now_us);
    atomic_store(&p->house_told_at, p->house.monotonic_us);
    log_trim(p->log, meta->log_position);
}

enum wire_err
recovery_begin(struct recovery *r, struct pipeline *p, struct fault *fault)
{
    static char path[4096], note[4096];
    *r = (struct recovery){.p = p, .fault = fault};
    arena_init(&r->arena, (size_t)256 << 20);
    opening_path(&p->settings, "store/filing", note);
    deaths_read(&r->deaths, note);
    opening_path(&p->settings, "store/main", path);
    struct store_settings settings = opening_store_settings(&p->settings, path);
    enum wire_err err = store_open(&settings, &p->store, fault);
    if (!err)
        err = open_index(p, fault);
    if (!err)
        err = store_begin_write(p->store, &p->writer.txn);
    if (err)
        return fault_set(fault, err, FAULT_NOWHERE, "", "cannot open the store");
    store_get_meta(p->writer.txn, &r->meta);
    begin_numbers(p, &r->meta);
    return fill_index(p, r->meta.records, fault);
}

void
recovery_end(struct recovery *r)
{
    arena_fini(&r->arena);
    if (r->p->writer.txn) // the writer begins its own: LMDB's lock is a thread's
        store_abort_write(&r->p->writer.txn);
}

enum wire_err
opening_recover(struct pipeline *p, struct fault *fault)
{
    struct recovery r;
    enum wire_err err = recovery_begin(&r, p, fault);
    if (!err)
        err = open_log(&r, fault);
    if (!err)
        err = move_past_openings(&r);
    if (!err)
        begin_where_it_ended(p, &r.meta);
    deaths_end(&r.deaths, !err);
    recovery_end(&r);
    if (err)
        return fault_set(fault, err, FAULT_NOWHERE, "", "cannot recover");
    if (r.records)
        log_info("recovered=%llu records seq=%llu", (unsigned long long)r.records,
            (unsigned long long)r.meta.seq);
    return WIRE_OK;
}
