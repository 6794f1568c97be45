// The rows of table sources, read into memory.
#ifndef STORE_SOURCE_H
#define STORE_SOURCE_H

#include "store/inside.h"

// source_load reads the rows of txn's snapshot that are not in memory yet.
enum wire_err source_load(struct store_txn *txn);

#endif
