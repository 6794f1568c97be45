// What judging costs a record of one item, filing aside, as the store grows: an item not
// seen before, the next version of one, and a text filed under another identity; then what
// filling the index again costs a record.
//
//   dedupe_bench [RECORDS]   (200000; in a directory of its own under TMPDIR)
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dedupe/dedupe.h"

enum { BATCH = 64 };

struct bench {
    struct store *store;
    struct store_txn *txn;
    struct index *index;
    struct judge_numbers next;
    struct digest hash;
    double filing_us;
    uint64_t outcomes[OUTCOME_DEAD + 1];
};

static double
now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
need(bool ok, const char *what)
{
    if (!ok) {
        (void)fprintf(stderr, "dedupe_bench: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

static enum wire_err
file(void *context, const struct record *r, uint32_t i, const struct item_verdict *v)
{
    struct bench *b = context;
    double from = now_us();
    const struct prepared_item *item = &r->prepared.items[i];
    struct sort_key key = dedupe_sort_key(item, v->seq);
    struct store_item row = {.item = v->item,
        .source = 1,
        .has_id = true,
        .uri = item->uri,
        .current = v->current,
        .last = v->seq,
        .current_key = key,
        .axes = v->axes,
        .story = v->story};
    struct store_change change = {.seq = v->seq,
        .record = r->verdict.record,
        .item = v->item,
        .story = v->story,
        .previous = v->previous,
        .current = v->current,
        .content = v->content,
        .change_class = v->change_class,
        .source = r->submission.source,
        .uri = item->uri,
        .version = item->version,
        .has_id = true,
        .key = key,
        .axes = v->axes,
        .article_digest = item->article_digest,
        .key_digest = item->key_digest,
        .key_version = 1};
    store_put_item(b->txn, &row);
    store_put_change(b->txn, &change, &b->hash);
    b->hash = change.hash;
    need(!dedupe_entries_of_item(b->index, 1, item, v), "no memory");
    b->filing_us += now_us() - from;
    return store_txn_fault(b->txn);
}

// One item of record n: its uri, version and text are numbers.
static struct prepared_item
item_of(uint64_t uri, uint64_t version, uint64_t text, char words[2][64])
{
    (void)snprintf(words[0], sizeof words[0], "urn:newsml:dpa.com:20260101:%llu",
        (unsigned long long)uri);
    (void)snprintf(words[1], sizeof words[1], "%llu", (unsigned long long)version);
    struct prepared_item item = {
        .has_id = true,
        .has_key = true,
        .uri = slice_str(words[0]),
        .version = slice_str(words[1]),
        .version_created_us = 1,
        .axes = {.embargoed_until_us = TIME_NONE, .expires_us = TIME_NONE}
    };
    item.article_digest = digest_of(slice_of(words, sizeof *words * 2));
    item.key_digest = digest_of(slice_of(&text, sizeof text));
    return item;
}

static double
judge_one(struct bench *b, const struct prepared_item *item, struct arena *arena)
{
    struct fault fault = FAULT_NONE;
    struct prepared_item items[1] = {*item};
    struct record r = {
        .submission = {.source = SLICE("dpa")},
        .prepared = { .key_version = 1, .count = 1, .items = items}
    };
    double before = b->filing_us, from = now_us();
    enum wire_err err =
        judge(b->txn, b->index, &r, &b->next, file, b, arena, &r.verdict, &fault);
    double took = now_us() - from;
    need(!err, fault.words);
    b->outcomes[r.verdict.items[0].outcome]++;
    struct store_record row = {.record = r.verdict.record,
        .source = 1,
        .first_seq = r.verdict.first_seq,
        .last_seq = r.verdict.last_seq};
    memcpy(row.id, &row.record, sizeof row.record);
    store_put_record(b->txn, &row);
    need(!dedupe_entries_of_record(b->index, &row), "no memory");
    arena_reset(arena);
    return took - (b->filing_us - before);
}

enum what { UNSEEN, NEXT_VERSION, SAME_TEXT };

static void
run(struct bench *b, enum what what, uint64_t records)
{
    static const char *const names[] = {"unseen", "next version", "same text"};
    static const enum outcome want[] = {
        OUTCOME_NEW, OUTCOME_UPDATED, OUTCOME_DUPLICATE};
    struct arena arena;
    arena_init(&arena, 1U << 20);
    uint64_t base = what == UNSEEN ? b->next.seq : 1, had = b->outcomes[want[what]];
    double us = 0;
    for (uint64_t n = 0; n < records; n += BATCH) {
        need(!store_batch_begin(b->txn), "batch");
        for (uint64_t i = n; i < n + BATCH; i++) {
            uint64_t at = base + i, seen = at * 7919 % records + 1;
            char words[2][64] = {{0}};
            struct prepared_item item = what == UNSEEN ? item_of(at, 1, at, words)
                                        : what == NEXT_VERSION
                                            ? item_of(seen, 2 + i / records, ~at, words)
                                            : item_of(~at, 1, seen, words);
            us += judge_one(b, &item, &arena);
        }
        need(!store_batch_end(b->txn), "batch");
    }
    printf("%-13s %9.3f us a record, %llu of %llu %s\n", names[what],
        us / (double)records, (unsigned long long)(b->outcomes[want[what]] - had),
        (unsigned long long)records, outcome_name(want[what]));
    arena_fini(&arena);
    need(b->outcomes[want[what]] - had == records,
        "another outcome than the one measured");
}

// A start fills the head again with what no segment covers.
static void
refill(struct bench *b)
{
    struct fault fault = FAULT_NONE;
    need(!index_clear(b->index, &fault), fault.words);
    double from = now_us();
    for (uint64_t n = 1; n < b->next.record; n++)
        need(!dedupe_entries_of_stored(b->index, b->txn, n), "a record can't be read");
    printf("%-13s %9.3f us a record\n", "filled again",
        (now_us() - from) / (double)(b->next.record - 1));
}

int
main(int argc, char **argv)
{
    uint64_t records = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    const char *under = getenv("TMPDIR");
    char path[128], store[160], index[160];
    struct bench b = {
        .next = {1, 1, 1}
    };
    struct fault fault = FAULT_NONE;
    const struct store_identity identity = {.epoch = 1};
    (void)snprintf(path, sizeof path, "%s/dedupe_bench-XXXXXX", under ? under : "/tmp");
    need(hash_init() && mkdtemp(path), "cannot make a directory");
    (void)snprintf(store, sizeof store, "%s/store", path);
    (void)snprintf(index, sizeof index, "%s/index", path);
    need(mkdir(store, 0700) == 0, store);
    const struct store_settings where = {.path = store};
    need(!store_create(&where, &identity, &fault) &&
             !store_open(&where, &b.store, &fault) &&
             !index_open(&(struct index_settings){.path = index}, &identity, &b.index,
                 &fault) &&
             !store_begin_write(b.store, &b.txn),
        fault.words);
    need(store_add_source(b.txn, SLICE("dpa")) == 1, "source");
    records = (records + BATCH - 1) / BATCH * BATCH;
    run(&b, UNSEEN, records);
    run(&b, NEXT_VERSION, records);
    run(&b, SAME_TEXT, records);
    refill(&b);
    store_abort_write(&b.txn);
    store_close(&b.store);
    index_close(&b.index);
    (void)blobs_remove(store, &fault);
    (void)blobs_remove(index, &fault);
    (void)rmdir(store);
    (void)rmdir(index);
    return rmdir(path) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
