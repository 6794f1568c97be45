// Sources in memory: their names by number and their numbers by name, so that neither the
// writer nor a reader goes to the table for each row.
//
// Shared between threads without waiting. Only the writer adds; a name is written before
// its number is published in `count`. What a transaction that was aborted had added is
// taken back, last in first out; a reader never looks past the number of rows in its own
// snapshot, and those are committed: their places never change again.
#ifndef STORE_SOURCES_H
#define STORE_SOURCES_H

#include <pthread.h>
#include <stdatomic.h>

#include "proto/proto.h"

#define SOURCE_NAME_BYTES 64U
#define SOURCES_MAX 65535U
#define SOURCE_SLOTS (1U << 17)
#define SOURCE_CHUNK 256U
#define SOURCE_CHUNKS 256U

struct source_entry {
    uint8_t size;
    uint8_t name[SOURCE_NAME_BYTES];
};

struct sources {
    pthread_mutex_t
        mutex; // adding: the writer, or any reader where another process writes
    _Atomic uint32_t count;
    struct source_entry *_Atomic chunks[SOURCE_CHUNKS]; // entry of number n at n - 1
    _Atomic uint16_t *slots; // open addressing by hash of name; 0: free
};

bool sources_init(struct sources *sources);
void sources_fini(struct sources *sources);
// sources_add gives the next number to a name of 1 to 64 bytes; 0 out of memory or numbers.
uint16_t sources_add(struct sources *sources, struct slice name);
void sources_take_back(
    struct sources *sources, uint32_t count); // all numbers above count
// sources_find looks among numbers 1..count only; 0: not there.
uint16_t sources_find(const struct sources *sources, struct slice name, uint32_t count);
struct slice sources_name(const struct sources *sources, uint32_t number);

#endif
