// The key of a quarantined item: the record, then the item's place in it, from 0.
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "store/table.h"

#define QUARANTINE_ENTRY UINT32_MAX // the place of a record's entry: no item has it

static inline struct table_key
quarantine_key(uint64_t record, uint32_t item)
{
    struct table_key key = key_of(record);
    uint32_t big_endian = __builtin_bswap32(item);
    memcpy(key.bytes + 8, &big_endian, 4);
    key.size = 12;
    return key;
}

static inline uint32_t
quarantine_item(const struct table_key *key)
{
    uint32_t big_endian;
    memcpy(&big_endian, key->bytes + 8, 4);
    return __builtin_bswap32(big_endian);
}

#endif
