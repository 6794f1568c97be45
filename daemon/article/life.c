#include "article/life.h"

#include "article/article.h"

static const char *const outcomes[] = {"", "NEW", "UPDATED", "CORRECTED", "TOUCHED",
    "UNCHANGED", "DUPLICATE", "STALE", "CONFLICT", "QUARANTINED", "REJECTED", "DEAD",
    "DROPPED"};
static const char *const classes[] = {"", "new", "update", "correction", "touch",
    "duplicate", "conflict", "stale", "renormalized", "withhold", "release", "embargo",
    "kill", "revive", "expire", "erase", "link", "archive"};
static const char *const states[] = {
    "open", "withheld", "embargoed", "killed", "expired"};

#define NAME(table, i) ((size_t)(i) < sizeof(table) / sizeof *(table) ? (table)[i] : "")

const char *
outcome_name(enum outcome outcome)
{
    return NAME(outcomes, outcome);
}

bool
outcome_files(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_NEW:
    case OUTCOME_UPDATED:
    case OUTCOME_CORRECTED:
    case OUTCOME_TOUCHED:
    case OUTCOME_DUPLICATE:
    case OUTCOME_STALE:
    case OUTCOME_CONFLICT:
        return true;
    case OUTCOME_NONE:
    case OUTCOME_UNCHANGED:
    case OUTCOME_QUARANTINED:
    case OUTCOME_REJECTED:
    case OUTCOME_DEAD:
    case OUTCOME_DROPPED:
        return false;
    }
    return false;
}

const char *
change_class_name(enum change_class change_class)
{
    return NAME(classes, change_class);
}

enum state
state_of(const struct axes *axes, int64_t house_us)
{
    if (axes->pub_status == PUB_CANCELED)
        return STATE_KILLED;
    if (axes->pub_status == PUB_WITHHELD)
        return STATE_WITHHELD;
    if (axes->embargoed_until_us != TIME_NONE && house_us < axes->embargoed_until_us)
        return STATE_EMBARGOED;
    if (axes->expires_us != TIME_NONE && house_us >= axes->expires_us)
        return STATE_EXPIRED;
    return STATE_OPEN;
}

const char *
state_name(enum state state)
{
    return NAME(states, state);
}
