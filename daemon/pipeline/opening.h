// Opening a store: the lock, and creation that survives a power cut; recovery.h does the
// rest.
#ifndef PIPELINE_OPENING_H
#define PIPELINE_OPENING_H

#include "pipeline/inside.h"

// opening_lock takes DIR/lock, making DIR if need be; STORE_IN_USE names who holds it.
enum wire_err opening_lock(const char *path, int *fd_out, struct fault *fault);

// opening_make builds DIR/store, unless it is there.
enum wire_err opening_make(
    const struct pipeline_settings *settings, struct fault *fault);

// opening_recover opens main store, index and log, and files the tail (recovery.c).
enum wire_err opening_recover(struct pipeline *p, struct fault *fault);

// replay_record files a logged record as judged anew, DAMAGED if that differs (replay.c).
enum wire_err replay_record(struct pipeline *p, struct filing *f,
    const struct record *logged, struct arena *arena, struct fault *fault);

// The parts' own directories, under settings->path, and how they are opened.
void opening_path(
    const struct pipeline_settings *settings, const char *part, char out[4096]);
struct log_settings opening_log_settings(
    const struct pipeline_settings *s, const struct store_identity *who);
struct store_settings opening_store_settings(
    const struct pipeline_settings *s, const char *path);
enum wire_err opening_driver(const struct pipeline_settings *settings, const char *path,
    struct log_driver *out, struct fault *fault);
// opening_make_log makes an empty log, durable, in a directory that is there.
enum wire_err opening_make_log(const struct pipeline_settings *s, const char *path,
    const struct log_settings *settings, struct fault *fault);

// opening_cannot says that a call failed, by errno. opening_sync_above makes the entry of
// path in its parent directory durable.
enum wire_err opening_cannot(struct fault *fault, const char *what, const char *path);
enum wire_err opening_sync_above(const char *path, struct fault *fault);

#endif
