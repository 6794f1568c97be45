// A desk to judge at: a store and an index of the test's own, documents in a line each, and
// filing in its simplest form.
#ifndef TESTS_DEDUPE_DESK_H
#define TESTS_DEDUPE_DESK_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h> // needs those before it
// clang-format on

#include "dedupe/dedupe.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))
#define NOON 1000000000LL // house time of every record, in microseconds

// A document as a reader would have prepared it. NULL and 0: absent.
struct doc {
    const char *source, *uri; // uri NULL: the source gave none
    const char *version;
    int64_t created_us;
    const char *text; // NULL: no text to compare
    enum pub_status status;
    int64_t embargo_us;
    bool correction, advisory;
    enum item_fate fate;
    uint16_t urgency; // differs: another article with the same text
};

struct desk {
    char directory[64];
    struct store *store;
    struct store_txn *txn;
    struct index *index;
    struct arena arena;
    struct judge_numbers next;
    struct digest hash;
    uint16_t key_version;
    uint32_t filed; // calls of file in the last record
    bool deaf;      // file fails
};

static inline struct slice
name_of_text(struct arena *arena, const char *source, const struct digest *key)
{
    char hex[2 * DIGEST_BYTES + 1];
    hex_of(key->bytes, DIGEST_BYTES, hex);
    return arena_printf(arena, "urn:wireroom:%s:%s", source, hex);
}

static inline struct prepared_item
prepared_of(struct arena *arena, const struct doc *d)
{
    struct prepared_item item = {
        .fate = d->fate,
        .has_id = d->uri != NULL,
        .has_key = d->text != NULL,
        .correction = d->correction,
        .version = slice_str(d->version),
        .version_created_us = d->created_us ? d->created_us : TIME_NONE,
        .axes = {.pub_status = (uint8_t)d->status,
                 .advisory = d->advisory,
                 .embargoed_until_us = d->embargo_us ? d->embargo_us : TIME_NONE,
                 .expires_us = TIME_NONE}
    };
    struct slice article = arena_printf(arena, "%s|%d|%lld|%u", d->text ? d->text : "",
        (int)d->status, (long long)d->embargo_us, d->urgency);
    item.article_digest = digest_of(article);
    if (d->text)
        item.key_digest = digest_of(slice_str(d->text));
    item.uri =
        d->uri ? slice_str(d->uri) : name_of_text(arena, d->source, &item.key_digest);
    return item;
}

static inline void
put_rows(struct desk *desk, const struct record *r, const struct prepared_item *item,
    const struct item_verdict *v)
{
    struct sort_key key = dedupe_sort_key(item, v->seq);
    struct store_item row = {.current_key = key};
    if (v->previous)
        assert_int_equal(store_get_item(desk->txn, v->item, &row), WIRE_OK);
    else
        row = (struct store_item){.item = v->item,
            .source = store_source_number(desk->txn, r->submission.source),
            .has_id = item->has_id,
            .uri = item->uri};
    row.current = v->current;
    row.last = v->seq;
    row.current_key = v->current == v->seq ? key : row.current_key;
    row.axes = v->axes;
    row.story = v->story;
    struct store_change change = {.seq = v->seq,
        .record = r->verdict.record,
        .item = v->item,
        .story = v->story,
        .previous = v->previous,
        .current = v->current,
        .content = v->content,
        .of_seq = v->of_seq,
        .change_class = v->change_class,
        .source = r->submission.source,
        .uri = item->uri,
        .version = item->version,
        .has_id = item->has_id,
        .key = key,
        .axes = v->axes,
        .house_us = r->submission.house_us,
        .article_digest = item->article_digest,
        .key_digest = item->key_digest,
        .key_version = r->prepared.key_version};
    store_put_item(desk->txn, &row);
    store_put_change(desk->txn, &change, &desk->hash);
    desk->hash = change.hash;
}

static inline enum wire_err
desk_file(
    void *context, const struct record *r, uint32_t i, const struct item_verdict *v)
{
    struct desk *desk = context;
    const struct prepared_item *item = &r->prepared.items[i];
    desk->filed++;
    if (desk->deaf)
        return WIRE_IO;
    if (store_source_number(desk->txn, r->submission.source) == 0)
        (void)store_add_source(desk->txn, r->submission.source);
    put_rows(desk, r, item, v);
    uint16_t source = store_source_number(desk->txn, r->submission.source);
    assert_int_equal(dedupe_entries_of_item(desk->index, source, item, v), WIRE_OK);
    return store_txn_fault(desk->txn);
}

// Judges and files one record. The verdict stands until desk_close.
static inline enum wire_err
desk_judge(struct desk *desk, const struct doc *docs, uint32_t count,
    bool all_or_nothing, struct verdict *out)
{
    struct fault fault = FAULT_NONE;
    struct record *r = ARENA_NEW(&desk->arena, struct record);
    r->submission.source = slice_str(docs[0].source);
    r->submission.all_or_nothing = all_or_nothing;
    r->submission.house_us = NOON;
    memcpy(r->submission.id, &desk->next.record, sizeof desk->next.record);
    r->prepared.key_version = desk->key_version;
    r->prepared.count = count;
    r->prepared.items = arena_array(&desk->arena, count, sizeof *r->prepared.items);
    for (uint32_t i = 0; i < count; i++)
        r->prepared.items[i] = prepared_of(&desk->arena, &docs[i]);
    desk->filed = 0;
    enum wire_err err = judge(desk->txn, desk->index, r, &desk->next, desk_file, desk,
        &desk->arena, &r->verdict, &fault);
    *out = r->verdict;
    if (err)
        return err;
    if (store_source_number(desk->txn, r->submission.source) == 0)
        (void)store_add_source(desk->txn, r->submission.source);
    struct store_record row = {.record = r->verdict.record,
        .source = store_source_number(desk->txn, r->submission.source),
        .first_seq = r->verdict.first_seq,
        .last_seq = r->verdict.last_seq};
    memcpy(row.id, r->submission.id, sizeof row.id);
    store_put_record(desk->txn, &row);
    assert_int_equal(dedupe_entries_of_record(desk->index, &row), WIRE_OK);
    return store_txn_fault(desk->txn);
}

static inline struct item_verdict
desk_submit(struct desk *desk, struct doc doc)
{
    struct verdict v;
    if (!doc.source)
        doc.source = "dpa";
    assert_int_equal(desk_judge(desk, &doc, 1, false, &v), WIRE_OK);
    assert_int_equal(v.count, 1);
    return v.items[0];
}

static inline struct store_item
desk_item(struct desk *desk, uint64_t item)
{
    struct store_item row;
    assert_int_equal(store_get_item(desk->txn, item, &row), WIRE_OK);
    return row;
}

static inline void
desk_path(const struct desk *desk, const char *name, char path[128])
{
    (void)snprintf(path, 128, "%s/%s", desk->directory, name);
}

static inline void
desk_open(struct desk *desk)
{
    char store[128], index[128];
    const struct store_identity identity = {.epoch = 3};
    struct fault fault = FAULT_NONE;
    *desk = (struct desk){
        .directory = "/tmp/wireroom-desk-XXXXXX", .next = {1, 1, 1},
             .key_version = 1
    };
    assert_non_null(mkdtemp(desk->directory));
    desk_path(desk, "store", store);
    desk_path(desk, "index", index);
    assert_int_equal(mkdir(store, 0700), 0);
    arena_init(&desk->arena, (size_t)1 << 30);
    const struct store_settings settings = {.path = store};
    if (store_create(&settings, &identity, &fault) ||
        store_open(&settings, &desk->store, &fault) ||
        index_open(
            &(struct index_settings){.path = index}, &identity, &desk->index, &fault))
        fail_msg("%s", fault.words);
    assert_int_equal(store_begin_write(desk->store, &desk->txn), WIRE_OK);
    assert_int_equal(store_batch_begin(desk->txn), WIRE_OK);
}

static inline void
desk_close(struct desk *desk)
{
    char path[128];
    struct fault fault = FAULT_NONE;
    assert_int_equal(store_txn_fault(desk->txn), WIRE_OK);
    store_batch_abort(desk->txn);
    store_abort_write(&desk->txn);
    store_close(&desk->store);
    index_close(&desk->index);
    arena_fini(&desk->arena);
    const char *parts[] = {"store", "index"};
    for (size_t i = 0; i < LENGTH(parts); i++) {
        desk_path(desk, parts[i], path);
        assert_int_equal(blobs_remove(path, &fault), WIRE_OK);
        assert_int_equal(rmdir(path), 0);
    }
    assert_int_equal(rmdir(desk->directory), 0);
}

#endif
