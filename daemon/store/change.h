// The list of changes by source: keys alone, the number of the source before the seq.
#ifndef STORE_CHANGE_H
#define STORE_CHANGE_H

#include "store/table.h"

static inline struct table_key
by_source_key(uint16_t source, uint64_t seq)
{
    struct table_key key = {
        .bytes = {(uint8_t)(source >> 8), (uint8_t)source},
          .size = 10
    };
    put_be64(key.bytes + 2, seq);
    return key;
}

static inline uint16_t
by_source_number(const struct table_key *key)
{
    return (uint16_t)(key->bytes[0] << 8 | key->bytes[1]);
}

static inline uint64_t
by_source_seq(const struct table_key *key)
{
    return get_be64(key->bytes + 2);
}

// Entries lie all over the table, a leaf for each source, and nothing that is not committed
// is looked for in it. So they wait for the commit, and go in sorted.
// list_add takes one; without memory the transaction fails. list_flush puts all into it, no
// batch being open.
void list_add(struct store_txn *txn, uint16_t source, uint64_t seq);
void list_flush(struct store_txn *txn);

#endif
