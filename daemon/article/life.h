// The life of a story in words and numbers: what a submission can come out as, what class
// a change is, what state an item is in. Numbers are on disk: never reused.
#ifndef ARTICLE_LIFE_H
#define ARTICLE_LIFE_H

#include "base/clock.h"
#include "proto/proto.h"

enum outcome {
    OUTCOME_NONE = 0,
    OUTCOME_NEW = 1,
    OUTCOME_UPDATED = 2,
    OUTCOME_CORRECTED = 3,
    OUTCOME_TOUCHED = 4,   // new version, same content
    OUTCOME_UNCHANGED = 5, // same version and content: no seq, no row
    OUTCOME_DUPLICATE = 6, // the text is filed under another identity
    OUTCOME_STALE = 7,     // older than current: history
    OUTCOME_CONFLICT = 8,  // same version, other content: both kept
    OUTCOME_QUARANTINED = 9,
    OUTCOME_REJECTED = 10,
    OUTCOME_DEAD = 11,    // a kill came first
    OUTCOME_DROPPED = 12, // taken out of the quarantine on somebody's word, not filed
};
const char *outcome_name(enum outcome outcome); // "NEW"
// outcome_files says whether the outcome takes a seq and a row of the feed.
bool outcome_files(enum outcome outcome);

enum change_class {
    CHANGE_NONE = 0,
    CHANGE_NEW = 1,
    CHANGE_UPDATE = 2,
    CHANGE_CORRECTION = 3,
    CHANGE_TOUCH = 4,
    CHANGE_DUPLICATE = 5,
    CHANGE_CONFLICT = 6,
    CHANGE_STALE = 7,
    CHANGE_RENORMALIZED = 8,
    CHANGE_WITHHOLD = 9,
    CHANGE_RELEASE = 10,
    CHANGE_EMBARGO = 11,
    CHANGE_KILL = 12,
    CHANGE_REVIVE = 13,
    CHANGE_EXPIRE = 14,
    CHANGE_ERASE = 15,
    CHANGE_LINK = 16,
    CHANGE_ARCHIVE = 17,
};
const char *change_class_name(enum change_class change_class); // "new"

// The axes of an item are independent; its state follows from them and house time.
struct axes {
    uint8_t pub_status; // enum pub_status; PUB_CANCELED once is PUB_CANCELED for ever
    bool advisory;
    int64_t embargoed_until_us, expires_us; // TIME_NONE: none
};
enum state {
    STATE_OPEN,
    STATE_WITHHELD,
    STATE_EMBARGOED,
    STATE_KILLED,
    STATE_EXPIRED,
};
// state_of: killed outranks withheld, then embargoed, then expired.
enum state state_of(const struct axes *axes, int64_t house_us);
const char *state_name(enum state state); // "open"

#endif
