// Sources and their numbers, in the table and in memory at once.
#include "store/source.h"

#include "store/table.h"

#define SOURCE_LAYOUT 1

enum wire_err
source_get(struct store_txn *txn, uint32_t number, struct slice *out)
{
    struct row_reader r;
    struct table_key key = key_of(number);
    enum wire_err err = row_open(txn, TABLE_SOURCES, key, SOURCE_LAYOUT, &r);
    if (err == WIRE_NOT_FOUND)
        return txn_damaged(txn, TABLE_SOURCES, number, "the row is missing");
    if (err)
        return err;
    struct slice name = read_rest(&r);
    if (name.size < 1 || name.size > SOURCE_NAME_BYTES)
        return txn_damaged(txn, TABLE_SOURCES, number, "the name has a wrong length");
    *out = name;
    return WIRE_OK;
}

enum wire_err
source_load(struct store_txn *txn)
{
    struct sources *sources = &txn->store->sources;
    struct slice name;
    enum wire_err err = WIRE_OK;
    uint64_t rows = table_rows(txn, TABLE_SOURCES);
    (void)pthread_mutex_lock(&sources->mutex);
    for (uint32_t n = atomic_load(&sources->count) + 1; !err && n <= rows; n++) {
        err = source_get(txn, n, &name);
        if (!err && sources_add(sources, name) == 0)
            err = fault_set(&txn->fault, WIRE_NO_MEMORY, n, "sources", "source %u", n);
    }
    (void)pthread_mutex_unlock(&sources->mutex);
    return err ? err : txn->fault.code;
}

// How many sources txn sees. In the process that writes, memory is never behind; in one
// that only looks on (verify) it may be.
static uint32_t
seen(struct store_txn *txn)
{
    struct sources *sources = &txn->store->sources;
    if (txn->writing)
        return atomic_load(&sources->count);
    uint64_t rows = table_rows(txn, TABLE_SOURCES);
    if (rows > atomic_load(&sources->count) && source_load(txn) != WIRE_OK)
        return 0;
    return (uint32_t)rows;
}

uint16_t
store_source_number(struct store_txn *txn, struct slice name)
{
    return sources_find(&txn->store->sources, name, seen(txn));
}

static void
put_source(struct store_txn *txn, uint16_t number, struct slice name)
{
    struct row_writer w;
    if (!row_begin(txn, TABLE_SOURCES, key_of(number), 1 + name.size, PUT_ONCE, &w))
        return;
    row_u8(&w, SOURCE_LAYOUT);
    row_text(&w, name);
    row_end(&w);
}

uint16_t
store_add_source(struct store_txn *txn, struct slice name)
{
    struct sources *sources = &txn->store->sources;
    uint16_t number = store_source_number(txn, name);
    if (number || txn->fault.code)
        return number;
    if (name.size < 1 || name.size > SOURCE_NAME_BYTES) {
        row_too_long(txn, TABLE_SOURCES, 0);
        return 0;
    }
    (void)pthread_mutex_lock(&sources->mutex);
    number = sources_add(sources, name);
    (void)pthread_mutex_unlock(&sources->mutex);
    if (number == 0)
        (void)fault_set(&txn->fault, WIRE_STORE_FULL, FAULT_NOWHERE, "sources",
            "no memory or no number for another source after %u",
            atomic_load(&sources->count));
    else
        put_source(txn, number, name);
    return txn->fault.code ? 0 : number;
}

struct slice
store_source_name(struct store_txn *txn, uint16_t source)
{
    return source == 0 || source > seen(txn)
               ? slice_of(NULL, 0)
               : sources_name(&txn->store->sources, source);
}

uint16_t
store_source_count(struct store_txn *txn)
{
    return (uint16_t)seen(txn);
}
