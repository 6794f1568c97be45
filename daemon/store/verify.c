// Verify walks every row of every table and says what is not as it was written. It runs
// beside the writer: its read transaction is renewed every so many rows, so that it keeps
// no pages from being used again, and it looks no further than the store reached when it
// began.
#include "store/verify.h"

#include <stdarg.h>
#include <stdio.h>

#define ROWS_A_SNAPSHOT 4096

void
verify_report(
    struct verify *v, enum table table, uint64_t number, const char *format, ...)
{
    char cause[192], words[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(cause, sizeof cause, format, args);
    va_end(args);
    (void)snprintf(words, sizeof words, "%s %llu: %s", table_name(table),
        (unsigned long long)number, cause);
    v->finding(v->context, words);
}

void
verify_fault(struct verify *v)
{
    v->finding(v->context, v->txn->fault.words);
    txn_forgive(v->txn);
}

// ---- walking

static bool
next_key(struct table_key *key)
{
    for (size_t i = key->size; i-- > 0;)
        if (++key->bytes[i] != 0)
            return true;
    return false;
}

static bool
find(struct verify *v, enum table table, struct table_key *key)
{
    if (++v->since_renewal >= ROWS_A_SNAPSHOT) {
        v->since_renewal = 0;
        (void)txn_renew(v->txn);
    }
    enum wire_err err = table_from(v->txn, table, *key, key);
    if (err && err != WIRE_NOT_FOUND)
        verify_fault(v);
    return err == WIRE_OK;
}

static void
report_gap(struct verify *v, enum table table, uint64_t first, uint64_t end)
{
    if (end - first == 1)
        verify_report(v, table, first, "the row is missing");
    else
        verify_report(v, table, first, "%llu rows are missing from here on",
            (unsigned long long)(end - first));
}

// How a table is walked: rows of numbers first..last, all of them if dense.
struct walk {
    enum table table;
    size_t key_bytes;
    bool dense;
    uint64_t first, last;
    verify_check_fn *check;
};

static void
walk_table(struct verify *v, const struct walk *walk)
{
    uint64_t expected = walk->first;
    struct table_key key = key_of(0);
    for (bool more = true; more && find(v, walk->table, &key); more = next_key(&key)) {
        uint64_t number = key_number(&key);
        if (number > walk->last)
            break;
        v->rows++;
        if (key.size != walk->key_bytes) {
            verify_report(v, walk->table, number, "a key of %zu bytes", key.size);
            continue;
        }
        if (number < walk->first)
            verify_report(v, walk->table, number, "the row is below the first number");
        else if (walk->dense && number > expected)
            report_gap(v, walk->table, expected, number);
        expected = number >= expected ? number + 1 : expected;
        walk->check(v, &key);
    }
    if (walk->dense && expected <= walk->last)
        report_gap(v, walk->table, expected, walk->last + 1);
}

// Entries of the list are in order of source: each is looked at alone.
static void
walk_by_source(struct verify *v)
{
    struct table_key key = key_of(0);
    for (bool more = true; more && find(v, TABLE_BY_SOURCE, &key);
         more = next_key(&key)) {
        v->rows++;
        if (key.size != 10)
            verify_report(v, TABLE_BY_SOURCE, 0, "a key of %zu bytes", key.size);
        else if (by_source_seq(&key) <= v->meta.seq)
            verify_by_source(v, &key);
    }
}

// ---- how far

static uint64_t
last_number(struct verify *v, enum table table)
{
    struct table_key key;
    enum wire_err err = table_last(v->txn, table, &key);
    if (err && err != WIRE_NOT_FOUND)
        verify_fault(v);
    return err ? 0 : key_number(&key);
}

// Without a readable row of meta the tables themselves say how far they go.
static void
read_meta(struct verify *v)
{
    store_get_meta(v->txn, &v->meta);
    v->meta_known = v->txn->fault.code == WIRE_OK;
    if (v->meta_known)
        return;
    verify_fault(v);
    v->meta = (struct store_meta){.records = last_number(v, TABLE_RECORDS),
        .items = last_number(v, TABLE_ITEMS),
        .seq = last_number(v, TABLE_CHANGES),
        .oldest_seq = 1};
}

// Meta and the last rows are of one snapshot here, so nothing may lie beyond.
static void
check_ends(struct verify *v)
{
    const struct {
        enum table table;
        uint64_t last;
    } ends[] = {
        {TABLE_RECORDS,    v->meta.records},
        {TABLE_RAWS,       v->meta.records},
        {TABLE_QUARANTINE, v->meta.records},
        {TABLE_ITEMS,      v->meta.items  },
        {TABLE_CHANGES,    v->meta.seq    },
        {TABLE_HEADERS,    v->meta.seq    },
        {TABLE_REVISIONS,  v->meta.seq    },
        {TABLE_META,       META_RENEWAL   },
        {TABLE_STAMPS,     v->meta.seq    },
    };
    for (size_t i = 0; v->meta_known && i < sizeof ends / sizeof *ends; i++) {
        uint64_t last = last_number(v, ends[i].table);
        if (last > ends[i].last)
            verify_report(v, ends[i].table, last,
                "the row is beyond the last number, %llu",
                (unsigned long long)ends[i].last);
    }
}

// An entry for a change not there yet would be passed over by the walk.
static void
check_counts(struct verify *v)
{
    uint64_t entries = table_rows(v->txn, TABLE_BY_SOURCE);
    uint64_t changes = table_rows(v->txn, TABLE_CHANGES);
    if (entries != changes)
        verify_report(v, TABLE_BY_SOURCE, 0, "%llu entries for %llu changes",
            (unsigned long long)entries, (unsigned long long)changes);
}

// What was settled meanwhile would count twice: then nothing is said.
static void
check_open(struct verify *v, uint64_t open)
{
    if (v->meta_known && store_entries_open(v->txn) == open && v->open_entries != open)
        verify_report(v, TABLE_META, META_ENTRIES, "%llu entries are open, not %llu",
            (unsigned long long)v->open_entries, (unsigned long long)open);
}

static void
check_head(struct verify *v)
{
    if (v->meta_known && v->hash_known && !digest_equal(&v->hash, &v->meta.hash))
        verify_report(v, TABLE_META, META_PROGRESS,
            "the running hash is not that of change %llu",
            (unsigned long long)v->meta.seq);
    if (v->meta_known && v->meta.seq > 0 && v->house_us > v->meta.house_us)
        verify_report(v, TABLE_META, META_PROGRESS,
            "house time is before that of change %llu",
            (unsigned long long)v->meta.seq);
}

static void
walk_all(struct verify *v)
{
    uint64_t oldest = v->meta.oldest_seq ? v->meta.oldest_seq : 1;
    const struct walk walks[] = {
        {TABLE_SOURCES,    8,  true,  1,      store_source_count(v->txn), verify_source    },
        {TABLE_RECORDS,    8,  true,  1,      v->meta.records,            verify_record    },
        {TABLE_ITEMS,      8,  true,  1,      v->meta.items,              verify_item      },
        {TABLE_CHANGES,    8,  true,  oldest, v->meta.seq,                verify_change    },
        {TABLE_HEADERS,    8,  false, 1,      v->meta.seq,                verify_header    },
        {TABLE_REVISIONS,  8,  false, 1,      v->meta.seq,                verify_revision  },
        {TABLE_RAWS,       8,  false, 1,      v->meta.records,            verify_raw       },
        {TABLE_QUARANTINE, 12, false, 1,      v->meta.records,            verify_quarantine},
        {TABLE_STAMPS,     8,  false, 1,      v->meta.seq,                verify_stamp     },
        {TABLE_RULES,      8,  false, 1,      store_source_count(v->txn), verify_rules     },
    };
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++)
        walk_table(v, &walks[i]);
    walk_by_source(v);
}

uint64_t
store_verify(struct store *store, store_finding_fn *finding, void *context)
{
    struct verify v = {.finding = finding, .context = context, .house_us = INT64_MIN};
    enum wire_err err = store_begin_read(store, &v.txn);
    if (err) {
        finding(context, wire_error_text(err));
        return 0;
    }
    read_meta(&v);
    check_ends(&v);
    check_counts(&v);
    v.hash = store_first_hash(&store->who);
    v.hash_known = v.meta.oldest_seq <= 1;
    uint64_t open = store_entries_open(v.txn);
    if (v.txn->fault.code)
        verify_fault(&v);
    walk_all(&v);
    check_open(&v, open);
    check_head(&v);
    v.rows += 2; // identity and progress
    store_end_read(&v.txn);
    return v.rows;
}
