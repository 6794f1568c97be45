// Opening a store: the lock, creation that survives a power cut, and recovery, which files
// the log's tail with the verdicts found in it.
#ifndef PIPELINE_OPENING_H
#define PIPELINE_OPENING_H

#include "pipeline/inside.h"

// opening_lock takes DIR/lock, making DIR if need be; STORE_IN_USE names who holds it.
enum wire_err opening_lock(const char *path, int *fd_out, struct fault *fault);

// opening_make builds DIR/store, unless it is there.
enum wire_err opening_make(
    const struct pipeline_settings *settings, struct fault *fault);

// opening_recover opens main store, index and log, and files the tail.
enum wire_err opening_recover(struct pipeline *p, struct fault *fault);

// replay_record files a logged record as judged anew, DAMAGED if that differs (replay.c).
enum wire_err replay_record(struct pipeline *p, struct filing *f,
    const struct record *logged, struct arena *arena, struct fault *fault);

// The parts' own directories, under settings->path.
void opening_path(
    const struct pipeline_settings *settings, const char *part, char out[4096]);

#endif
