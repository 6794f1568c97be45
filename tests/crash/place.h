// The smallest store around a log: the log in a directory, and a file that says up to where
// it is filed, as LMDB does for the daemon. Built under a name of its own and renamed.
#ifndef CRASH_PLACE_H
#define CRASH_PLACE_H

#include "log/log.h"

struct place {
    char directory[1024]; // DIRECTORY/store
    struct log *log;
    uint64_t filed_position, filed_record;
};

// place_build makes DIRECTORY/store. False: the fault says why.
bool place_build(const char *directory, struct fault *fault);
bool place_exists(const char *directory);
bool place_open(const char *directory, log_replay_fn *replay, void *context,
    struct place *out, struct fault *fault);
// place_file makes it durable that everything up to a record is filed.
bool place_file(struct place *place, uint64_t position, uint64_t record);
void place_close(struct place *place);

#endif
