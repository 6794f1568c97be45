// The topic of a notice: GROUP.SOURCE.LANG, e.g. "a.dpa.de". Groups: a (new update
// correction conflict), t (touch duplicate stale renormalized link archive), k (kill
// withhold release revive embargo expire erase). At most 200 bytes (libzmq 4.3.4 loses
// subscriptions of 246 to 255).
#ifndef PROTO_TOPIC_H
#define PROTO_TOPIC_H

#include "proto/slice.h"

#define WIRE_TOPIC_MAX 200

// wire_source_ok says whether a source name is [a-z0-9-]{1,64}.
bool wire_source_ok(struct slice source);

// wire_topic writes the topic of a change class, source and BCP 47 tag, a language outside
// the fixed list of primary subtags becomes "und". Returns its length.
size_t wire_topic(const char *change_class, struct slice source, struct slice language,
    char out[WIRE_TOPIC_MAX]);

// Frame 1 of a notice: a msgpack array [epoch, seq, prev]; prev is nil for the first
// notice of a topic after a start, which means "ask the feed".
struct wire_notice {
    uint64_t epoch, seq, previous;
    bool previous_known;
};

#endif
