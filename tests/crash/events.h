// What the recorder writes and the replayer reads: every call that changes a directory
// tree, in the order in which the calls returned. Files and directories are named by
// numbers of the recorder's own, given when they are first seen; 0 is the root.
#ifndef CRASH_EVENTS_H
#define CRASH_EVENTS_H

#include <stdint.h>

enum event_type {
    EVENT_CREATE = 1, // node: new, a: directory, b: 1 if itself one; payload: name
    EVENT_WRITE,      // node, a: offset; payload: bytes
    EVENT_SYNC,       // node: all written so far is durable; of a directory: its names
    EVENT_SYNC_FAIL,  // node: what is dirty is now clean, at a version nobody knows
    EVENT_SYNC_RANGE, // node, a: offset, b: length; an O_DSYNC write made itself durable
    EVENT_SIZE,       // node, a: size; truncated or allocated
    EVENT_RENAME,     // node, a: from directory, b: to directory; payload: old NUL new
    EVENT_EXCHANGE,   // the same, and the node at the new name takes the old one
    EVENT_UNLINK,     // node, a: directory; payload: name
    EVENT_MARK,       // a: enum crash_mark, b: record number; payload: see there
    EVENT_UNKNOWN,    // payload: a call on the tree that the model does not have
};

struct event {
    uint32_t type, payload; // bytes that follow
    uint64_t node, a, b;
};

enum crash_mark {
    MARK_BEGIN = 1, // the tree is recorded as it was; from now on the program acts
    MARK_SUBMITTED, // records up to b may exist from now on
    MARK_RECEIPTED, // records up to b must exist from now on; payload: the receipt of b
    MARK_FOUND,     // an open found exactly the records up to b
    MARK_FAILED,    // the next call failed because CRASH_FAIL said so
};

#endif
