// A writer that uses the log as the daemon does: batches, syncs, receipts, a checkpoint
// now and then, trims, segments prepared when idle, and now and then its own death, after
// which it opens what the page cache still has. Run under the recorder.
//   crash_toy_log DIRECTORY SEED STEPS
// CRASH_FLAW makes it break a rule, for the controls: early-receipt says so before the
// sync; early-trim gives segments back that nothing has filed.
#include <stdio.h>
#include <stdlib.h>

#include "mark.h"
#include "place.h"
#include "toy.h"

struct toy {
    const char *directory;
    struct place place;
    uint64_t rng, last, synced; // numbers of records
    uint64_t synced_position;
    bool early_receipt, early_trim;
};

static uint64_t
below(struct toy *toy, uint64_t n)
{
    toy->rng += 0x9e3779b97f4a7c15ULL;
    return toy_mix(toy->rng) % n;
}

static enum wire_err
count_on(void *context, const struct log_batch *batch)
{
    uint64_t *last = context;
    *last = batch->first_record + batch->count - 1;
    return WIRE_OK;
}

static void
give_up(const char *what, const struct fault *fault)
{
    (void)fprintf(stderr, "toy: %s: %s %s\n", what, fault->field, fault->words);
    exit(1);
}

static void
toy_open(struct toy *toy)
{
    struct fault fault = FAULT_NONE;
    uint64_t last = 0;
    if (!place_open(toy->directory, count_on, &last, &toy->place, &fault))
        give_up("open", &fault);
    toy->last = last ? last : toy->place.filed_record;
    toy->synced = toy->last;
    toy->synced_position = log_end(toy->place.log);
    crash_say(MARK_FOUND, toy->last);
    log_trim(toy->place.log, toy->place.filed_position);
}

static void
toy_append(struct toy *toy)
{
    static uint8_t bytes[4][TOY_MOST];
    struct slice pieces[4];
    struct fault fault = FAULT_NONE;
    struct digest hash = {0};
    uint32_t count = 1 + (uint32_t)below(toy, 4);
    uint64_t total = 0, end;
    for (uint32_t i = 0; i < count; i++) {
        pieces[i] = slice_of(bytes[i], toy_make(toy->last + 1 + i, 0, bytes[i]));
        total += pieces[i].size;
    }
    struct log_records records = {
        pieces, 1, count, toy->last + 1, toy->last + count, &hash};
    crash_say(MARK_SUBMITTED, toy->last + count);
    if (log_reserve(toy->place.log, total, count, false, &fault) != WIRE_OK ||
        log_append(toy->place.log, &records, &end, &fault) != WIRE_OK)
        give_up("append", &fault);
    toy->last += count;
    if (toy->early_receipt)
        crash_say(MARK_RECEIPTED, toy->last);
}

static void
toy_sync(struct toy *toy)
{
    struct fault fault = FAULT_NONE;
    if (log_sync(toy->place.log, &fault) != WIRE_OK)
        give_up("sync", &fault);
    toy->synced = toy->last;
    toy->synced_position = log_end(toy->place.log);
    crash_say(MARK_RECEIPTED, toy->last);
}

static void
toy_file(struct toy *toy)
{
    struct fault fault = FAULT_NONE;
    if (toy->early_trim) {
        log_trim(toy->place.log, toy->synced_position);
        return;
    }
    if (!place_file(&toy->place, toy->synced_position, toy->synced))
        give_up("file", &fault);
    log_trim(toy->place.log, toy->synced_position);
}

static void
toy_step(struct toy *toy)
{
    uint64_t what = below(toy, 40);
    if (what < 18)
        toy_append(toy);
    else if (what < 31)
        toy_sync(toy);
    else if (what < 34)
        toy_file(toy);
    else if (what < 38)
        log_prepare(toy->place.log);
    else if (what < 39 && !toy->early_trim) { // which would not open again
        place_close(&toy->place); // as by kill -9: what was not synced is in the cache
        toy_open(toy);
    }
}

int
main(int argc, char **argv)
{
    const char *flaw = getenv("CRASH_FLAW");
    struct toy toy = {0};
    struct fault fault = FAULT_NONE;
    if (argc != 4 || !hash_init())
        return 64;
    toy.directory = argv[1];
    toy.rng = strtoull(argv[2], NULL, 10);
    toy.early_receipt = flaw && strcmp(flaw, "early-receipt") == 0;
    toy.early_trim = flaw && strcmp(flaw, "early-trim") == 0;
    if (!place_exists(toy.directory) && !place_build(toy.directory, &fault))
        give_up("build", &fault);
    toy_open(&toy);
    for (long i = strtol(argv[3], NULL, 10); i > 0; i--)
        toy_step(&toy);
    place_close(&toy.place);
    return 0;
}
