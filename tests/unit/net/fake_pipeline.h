// A pipeline whose every step the test takes: jobs stay inside until fake_answer, what is
// filed is in the tail until fake_checkpoint. Store and index are real. Included by one
// test, whose functions then stand in for the room's.
#ifndef UNIT_NET_FAKE_PIPELINE_H
#define UNIT_NET_FAKE_PIPELINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/pipeline.h"
#include "unit/net/unit.h"

#define FAKE_ROWS 64
#define FAKE_JOBS 4096

struct tail_batch {
    atomic_uint holders; // of all rows: back to 0 when every one was released
};

struct pipeline {
    pthread_mutex_t lock; // guards durable, rows, inside
    struct store *store;
    struct index *index;
    struct mailbox *answers;
    struct durable durable;
    struct tail_row rows[FAKE_ROWS];
    struct tail_batch batch;
    size_t count, committed;
    struct job *inside[FAKE_JOBS];
    size_t inside_count;
    int intake_fd;
    struct watch *watch[8];
    unsigned watches;
    atomic_bool full, no_room;
    atomic_uint wanted, forgotten; // calls
    atomic_llong house_us;
    char path[64];
};

// ---- what the test does

static inline struct pipeline *
fake_open(void)
{
    struct pipeline *p = calloc(1, sizeof *p);
    struct fault fault = FAULT_NONE;
    struct store_identity identity = {.id = "fake store id 16", .epoch = 77};
    char store[96], index[96];
    (void)snprintf(p->path, sizeof p->path, "/tmp/net-unit-XXXXXX");
    assert_non_null(mkdtemp(p->path));
    (void)snprintf(store, sizeof store, "%s/store", p->path);
    (void)snprintf(index, sizeof index, "%s/index", p->path);
    assert_int_equal(mkdir(store, 0700) | mkdir(index, 0700), 0);
    struct store_settings settings = {.path = store, .map_bytes = 64U << 20};
    assert_int_equal(store_create(&settings, &identity, &fault), WIRE_OK);
    assert_int_equal(store_open(&settings, &p->store, &fault), WIRE_OK);
    struct index_settings index_settings = {.path = index};
    assert_int_equal(
        index_open(&index_settings, &identity, &p->index, &fault), WIRE_OK);
    p->answers = mailbox_new(FAKE_JOBS);
    p->intake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    p->durable.hash = store_first_hash(&identity);
    (void)pthread_mutex_init(&p->lock, NULL);
    atomic_store(&p->house_us, 1000);
    return p;
}

static inline void
fake_close(struct pipeline *p)
{
    char command[96];
    assert_int_equal(atomic_load(&p->batch.holders), 0);
    for (size_t i = 0; i < p->count; i++) {
        free((void *)(uintptr_t)p->rows[i].change.uri.data);
        free((void *)(uintptr_t)p->rows[i].revision.block.data);
    }
    index_close(&p->index);
    store_close(&p->store);
    mailbox_free(&p->answers);
    (void)close(p->intake_fd);
    (void)pthread_mutex_destroy(&p->lock);
    (void)snprintf(command, sizeof command, "rm -rf %s", p->path);
    assert_int_equal(system(command), 0);
    free(p);
}

static inline void
fake_ring(struct pipeline *p)
{
    uint64_t one = 1;
    for (unsigned i = 0; i < p->watches; i++)
        if (atomic_load(&p->watch[i]->wanted))
            assert_int_equal(write(p->watch[i]->eventfd, &one, sizeof one), sizeof one);
}

// fake_article packs {"uri": uri}; the caller frees it.
static inline struct slice
fake_article(struct slice uri)
{
    struct wire_writer w = {0};
    wire_put_map(&w, 1);
    wire_put_key(&w, "uri");
    wire_put_str(&w, uri);
    assert_false(w.failed);
    return wire_written(&w);
}

// fake_file makes the next row of item `item` durable, in the tail alone. A touch has no
// text of its own.
static inline uint64_t
fake_file(
    struct pipeline *p, uint64_t item, enum change_class class, uint8_t pub_status)
{
    (void)pthread_mutex_lock(&p->lock);
    struct tail_row *row = &p->rows[p->count];
    uint64_t seq = p->count + 1, previous = 0;
    char uri[32];
    int size = snprintf(uri, sizeof uri, "u:%llu", (unsigned long long)item);
    for (size_t i = 0; i < p->count; i++)
        if (p->rows[i].change.item == item)
            previous = p->rows[i].change.seq;
    row->change = (struct store_change){
        .seq = seq,
        .record = seq,
        .item = item,
        .story = item,
        .previous = previous,
        .current = seq,
        .content = class == CHANGE_TOUCH ? previous : seq,
        .change_class = class,
        .source = SLICE("dpa"),
        .uri = slice_of(strndup(uri, (size_t)size), (size_t)size),
        .version = SLICE("1"),
        .language = SLICE("de"),
        .has_id = true,
        .axes = {.pub_status = pub_status,
                 .embargoed_until_us = TIME_NONE,
                 .expires_us = TIME_NONE},
        .house_us = (int64_t)seq * 1000
    };
    row->change.key.arrival = seq;
    row->change.hash = store_change_hash(&row->change, &p->durable.hash);
    row->header = (struct store_header){.seq = seq, .headline = SLICE("Flood")};
    struct slice article = fake_article(row->change.uri);
    row->revision = (struct store_revision){.seq = seq,
        .codec = CODEC_STORED,
        .article_bytes = (uint32_t)article.size,
        .block = article};
    if (class == CHANGE_TOUCH) {
        free((void *)(uintptr_t)article.data);
        row->revision = (struct store_revision){.seq = seq};
    }
    p->count++;
    p->durable.hash = row->change.hash;
    p->durable.seq = p->durable.records = seq;
    p->durable.items = item > p->durable.items ? item : p->durable.items;
    p->durable.oldest_seq = 1;
    (void)pthread_mutex_unlock(&p->lock);
    fake_ring(p);
    return seq;
}

static inline void
fake_put(struct pipeline *p, struct store_txn *txn, size_t i, struct store_meta *meta)
{
    struct tail_row *row = &p->rows[i];
    struct store_change change = row->change;
    uint16_t source = store_add_source(txn, change.source);
    struct store_item item = {.item = change.item,
        .source = source,
        .has_id = true,
        .uri = change.uri,
        .current = change.seq,
        .last = change.seq,
        .current_key = change.key,
        .axes = change.axes,
        .story = change.story};
    struct store_record record = {.record = change.record,
        .source = source,
        .principal = SLICE("root"),
        .format = SLICE("text"),
        .first_seq = change.seq,
        .last_seq = change.seq,
        .house_us = change.house_us,
        .receipt = SLICE("\x80")};
    store_put_item(txn, &item);
    store_put_change(txn, &change, &meta->hash);
    assert_true(digest_equal(&change.hash, &row->change.hash));
    store_put_header(txn, &row->header);
    store_put_revision(txn, &row->revision);
    store_put_record(txn, &record);
    if (change.previous == 0)
        (void)index_add(
            p->index, INDEX_ITEM, index_hash_item(source, change.uri), change.item);
    meta->hash = change.hash;
    meta->seq = meta->records = change.seq;
    meta->items = change.item > meta->items ? change.item : meta->items;
    meta->oldest_seq = 1;
    meta->house_us = change.house_us;
}

static inline void
fake_checkpoint(struct pipeline *p)
{
    struct store_txn *txn = NULL;
    struct store_meta meta;
    struct fault fault = FAULT_NONE;
    assert_int_equal(store_begin_write(p->store, &txn), WIRE_OK);
    assert_int_equal(store_batch_begin(txn), WIRE_OK);
    store_get_meta(txn, &meta);
    for (size_t i = p->committed; i < p->count; i++)
        fake_put(p, txn, i, &meta);
    store_put_meta(txn, &meta);
    assert_int_equal(store_batch_end(txn), WIRE_OK);
    assert_int_equal(store_commit(txn, &fault), WIRE_OK);
    store_abort_write(&txn);
    (void)pthread_mutex_lock(&p->lock);
    p->committed = p->count;
    p->durable.checkpoint_seq = meta.seq;
    p->durable.checkpoint_record = meta.records;
    (void)pthread_mutex_unlock(&p->lock);
    fake_ring(p);
}

// fake_inside waits until so many jobs are inside, and gives how many are after 5 s at most.
static inline size_t
fake_inside(struct pipeline *p, size_t want)
{
    size_t count = 0;
    for (int i = 0; i < 5000 && count != want; i++) {
        (void)pthread_mutex_lock(&p->lock);
        count = p->inside_count;
        (void)pthread_mutex_unlock(&p->lock);
        if (count != want)
            (void)usleep(1000);
    }
    return count;
}

// fake_answer gives the oldest job a receipt (the map {}), and its turn back.
static inline uint64_t
fake_answer(struct pipeline *p)
{
    (void)pthread_mutex_lock(&p->lock);
    assert_true(p->inside_count > 0);
    struct job *job = p->inside[0];
    p->inside_count--;
    memmove(p->inside, p->inside + 1, p->inside_count * sizeof *p->inside);
    (void)pthread_mutex_unlock(&p->lock);
    uint64_t turn = job->turn;
    uint8_t *receipt = malloc(1);
    *receipt = 0x80;
    job->answer = JOB_RECEIPT;
    job->receipt = slice_of(receipt, 1);
    assert_true(mailbox_put(p->answers, job));
    return turn;
}

// ---- what net/ calls

struct job *
job_new(void)
{
    struct job *job = calloc(1, sizeof *job);
    if (job)
        job->magic = JOB_MAGIC;
    return job;
}

void
job_free(struct job **job)
{
    if (!*job)
        return;
    if ((*job)->release)
        (*job)->release(*job);
    free((void *)(uintptr_t)(*job)->receipt.data);
    free(*job);
    *job = NULL;
}

bool
pipeline_submit(struct pipeline *p, struct job *job)
{
    if (atomic_load(&p->no_room))
        return false;
    (void)pthread_mutex_lock(&p->lock);
    p->inside[p->inside_count++] = job;
    (void)pthread_mutex_unlock(&p->lock);
    return true;
}

void
pipeline_flush(struct pipeline *p)
{
    (void)p;
}

struct mailbox *
pipeline_answers(struct pipeline *p)
{
    return p->answers;
}

int
pipeline_intake_fd(const struct pipeline *p)
{
    return p->intake_fd;
}

void
pipeline_intake_turn(struct pipeline *p)
{
    (void)p;
}

enum wire_err
pipeline_renew(
    struct pipeline *p, const struct pipeline_renew *wanted, struct fault *fault)
{
    (void)p;
    (void)wanted;
    return fault_set(fault, WIRE_BUSY, FAULT_NOWHERE, "", "none");
}

void
pipeline_renewal(struct pipeline *p, struct wire_writer *w)
{
    (void)p;
    wire_put_map(w, 0);
}

int
pipeline_renewing(struct pipeline *p)
{
    (void)p;
    return -1;
}

bool
pipeline_settle(struct pipeline *p, struct job *job, uint64_t record)
{
    (void)p;
    (void)record;
    return (void)fault_set(&job->fault, WIRE_NOT_FOUND, FAULT_NOWHERE, "", "none"),
           false;
}

// What would be said of a dry run: its source, as text.
enum wire_err
pipeline_advise(struct pipeline *p, const struct job *job, struct wire_writer *w,
    struct fault *fault)
{
    (void)p;
    (void)fault;
    wire_put_str(w, job->submission.source);
    return WIRE_OK;
}

bool
pipeline_known(struct pipeline *p, struct job *job)
{
    (void)p;
    (void)job;
    return false;
}

void
pipeline_forget(struct pipeline *p, uint64_t connection, uint64_t turns)
{
    (void)connection;
    (void)turns;
    atomic_fetch_add(&p->forgotten, 1U);
}

void
pipeline_durable(struct pipeline *p, struct durable *out)
{
    (void)pthread_mutex_lock(&p->lock);
    *out = p->durable;
    (void)pthread_mutex_unlock(&p->lock);
}

void
pipeline_watch(struct pipeline *p, struct watch *watch)
{
    p->watch[p->watches++] = watch;
}

void
pipeline_want_checkpoint(struct pipeline *p)
{
    atomic_fetch_add(&p->wanted, 1U);
}

int64_t
pipeline_house_us(struct pipeline *p)
{
    return atomic_load(&p->house_us);
}

bool
pipeline_full(struct pipeline *p)
{
    return atomic_load(&p->full);
}

struct store *
pipeline_store(struct pipeline *p)
{
    return p->store;
}

struct index *
pipeline_index(struct pipeline *p)
{
    return p->index;
}

uint64_t
pipeline_disk_free(struct pipeline *p)
{
    (void)p;
    return 1U << 30;
}

uint64_t
pipeline_store_bytes(struct pipeline *p)
{
    (void)p;
    return 1U << 20;
}

// Only what the checkpoint does not hold, so that both ways of reading are taken.
size_t
tail_take(struct pipeline *p, uint64_t from, struct tail_row *out, size_t max)
{
    size_t n = 0;
    (void)pthread_mutex_lock(&p->lock);
    for (size_t i = (size_t)from - 1; from > p->committed && i < p->count && n < max;
         i++) {
        out[n] = p->rows[i];
        out[n++].batch = &p->batch;
        atomic_fetch_add(&p->batch.holders, 1U);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return n;
}

void
tail_release(struct tail_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        atomic_fetch_sub(&rows[i].batch->holders, 1U);
}

#endif
