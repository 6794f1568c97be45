// A feed that is followed.
#ifndef FOLLOW_H
#define FOLLOW_H

#include <zmq.h>

#include "trouble.h"

#define CURSOR_BYTES 24

struct follow {
    bool wanted; // followed, now or when connected again
    bool opened; // OPENED came on this connection
    bool in_snapshot;
    int64_t away_us;              // since when it was not opened
    struct wireroom_place place;  // where to begin on the next connection
    uint8_t cursor[CURSOR_BYTES]; // what place.cursor points at
    int64_t not_before_us;
    struct trouble trouble; // why it ended, until wireroom_next has told; or OK
    uint64_t epoch, head;   // as told
    uint64_t last;          // seq given
    uint64_t acked;
    zmq_msg_t event; // body of the EVENT whose changes are being given
    struct wire_reader changes;
    uint32_t left; // in it
    uint8_t event_cursor[CURSOR_BYTES];
    uint8_t behind[CURSOR_BYTES]; // the place behind all that was given
    bool has_behind;              // there is a cursor for it
    int64_t credit_bytes;         // below 0 after an EVENT larger than what was left
    uint64_t credit_messages;
};

#endif
