// What no single value can know: settings that must agree with each other.
#include "config/guess.h"
#include "config/loading.h"

// A record holds the submission and its articles, both compressed at worst to their size;
// normalization can make text longer, but not by more than again its size.
static uint64_t
record_bytes(const struct config *c)
{
    return 3 * c->limits_submission + 8192;
}

// The place to look at: where the setting came from, if somebody set it.
static const char *
origin_of(const struct loading *l, const char *room, const char *key)
{
    long i = setting_find(slice_str(room), slice_str(key));
    const char *origin = i < 0 ? NULL : l->config->origins[i];
    return !origin || strcmp(origin, "default") == 0 ? "settings" : origin;
}

static void
check_log_room(struct loading *l)
{
    const struct config *c = l->config;
    if (record_bytes(c) > c->store_segment) {
        loading_fault(l, origin_of(l, "store", "segment"),
            "store.segment: %llu bytes can't hold a record of limits.submission %llu "
            "(%llu bytes)",
            (unsigned long long)c->store_segment,
            (unsigned long long)c->limits_submission,
            (unsigned long long)record_bytes(c));
        return;
    }
    // A batch is full once it has this size: one record more may lie in it.
    uint64_t most = c->store_segment - 2 * c->limits_submission - 8192;
    if (c->limits_batch > most)
        loading_fault(l, origin_of(l, "limits", "batch"),
            "limits.batch: a batch must fit in store.segment with one record more: at "
            "most %llu bytes",
            (unsigned long long)most);
}

static void
check_credit(struct loading *l)
{
    const struct config *c = l->config;
    if (c->credit_grant > c->credit_connection)
        loading_fault(l, origin_of(l, "credit", "grant"),
            "credit.grant: must not be more than credit.connection");
    if (c->credit_connection > c->credit_total)
        loading_fault(l, origin_of(l, "credit", "connection"),
            "credit.connection: must not be more than credit.total");
}

static void
check_level(struct loading *l)
{
    static const char *const levels[] = {"error", "warn", "info", "debug"};
    struct guess guess = {.unknown = slice_str(l->config->log_level)};
    for (int i = 0; i < 4; i++) {
        if (strcmp(l->config->log_level, levels[i]) == 0)
            return;
        guess_try(&guess, levels[i]);
    }
    loading_fault(l, origin_of(l, "log", "level"),
        "log.level: \"%s\" is none of error, warn, info, debug%s%s%s",
        l->config->log_level, GUESS_ARG(guess));
}

// What is compared with a setting that could not be read would only mislead.
void
loading_check(struct loading *l)
{
    bool comparable = l->faults == 0;
    check_level(l);
    if (comparable) {
        check_log_room(l);
        check_credit(l);
    }
}
