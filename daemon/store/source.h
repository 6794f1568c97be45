// The rows of table sources, read into memory.
#ifndef STORE_SOURCE_H
#define STORE_SOURCE_H

#include "store/inside.h"

// source_get reads one row; a missing one is DAMAGED: numbers are handed out densely.
enum wire_err source_get(struct store_txn *txn, uint32_t number, struct slice *out);
// source_load reads the rows of txn's snapshot that are not in memory yet.
enum wire_err source_load(struct store_txn *txn);

#endif
