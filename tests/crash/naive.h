// A log as one would write it first, with three rules that can be broken one at a time:
// the controls. Whoever checks crash states must find each flaw, and nothing without one.
#ifndef CRASH_NAIVE_H
#define CRASH_NAIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct naive_flaws {
    bool no_directory_sync; // a new file's name is left to luck
    bool no_zeroing;        // recovery leaves what it did not accept where it lies
    bool reuse_block;       // a record begins in the block where the last one ended
    bool early_receipt;     // said before the sync (the toy's doing)
    bool no_recovery_sync;  // what the cache gives back is believed
};
struct naive_flaws naive_flaws_of(const char *name); // NULL: none

struct naive;
typedef void naive_record_fn(
    void *context, uint64_t number, const uint8_t *bytes, size_t size);

bool naive_exists(const char *directory);
struct naive *naive_open(const char *directory, struct naive_flaws flaws,
    naive_record_fn *each, void *context);
bool naive_append(
    struct naive *naive, uint64_t number, const uint8_t *bytes, size_t size);
bool naive_sync(struct naive *naive);
void naive_close(struct naive **naive);

#endif
