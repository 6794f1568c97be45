// What could not be read: one item that says why, and the raw bytes kept. Made by the
// reader that failed in words, or by the daemon for a reader that failed without any.
#ifndef PIPELINE_QUARANTINE_H
#define PIPELINE_QUARANTINE_H

#include "article/record.h"

// quarantine_whole makes p a submission of one unreadable item. fault must outlive p.
void quarantine_whole(struct prepared *p, const struct fault *fault, struct slice raw,
    struct arena *arena);

// quarantine_keep_raw puts the raw bytes beside the items, compressed.
void quarantine_keep_raw(struct prepared *p, struct slice raw, struct arena *arena);

#endif
