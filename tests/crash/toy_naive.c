// A writer over the naive log, to be run under the recorder.
//   crash_toy_naive DIRECTORY SEED STEPS
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "mark.h"
#include "naive.h"
#include "toy.h"

static void
count_on(void *context, uint64_t number, const uint8_t *bytes, size_t size)
{
    (void)bytes;
    (void)size;
    *(uint64_t *)context = number;
}

static bool
step(struct naive **naive, const char *directory, struct naive_flaws flaws,
    uint64_t what, uint64_t *last)
{
    static uint8_t bytes[TOY_MOST];
    if (what < 12) {
        size_t size = toy_make(*last + 1, 0, bytes);
        crash_say(MARK_SUBMITTED, *last + 1);
        if (!naive_append(*naive, ++*last, bytes, size))
            return false;
        if (flaws.early_receipt)
            crash_say(MARK_RECEIPTED, *last);
    } else if (what < 19) {
        if (!naive_sync(*naive))
            return false;
        crash_say(MARK_RECEIPTED, *last);
    } else {
        naive_close(naive);
        *last = 0;
        *naive = naive_open(directory, flaws, count_on, last);
        if (!*naive)
            return false;
        crash_say(MARK_FOUND, *last);
    }
    return true;
}

int
main(int argc, char **argv)
{
    struct naive_flaws flaws = naive_flaws_of(getenv("CRASH_FLAW"));
    uint64_t last = 0;
    if (argc != 4 || !hash_init())
        return 64;
    uint64_t rng = strtoull(argv[2], NULL, 10);
    struct naive *naive = naive_open(argv[1], flaws, count_on, &last);
    if (!naive)
        return 1;
    crash_say(MARK_FOUND, last);
    for (long i = strtol(argv[3], NULL, 10); i > 0; i--) {
        rng += 0x9e3779b97f4a7c15ULL;
        if (!step(&naive, argv[1], flaws, toy_mix(rng) % 20, &last)) {
            (void)fprintf(stderr, "toy: failed\n");
            return 1;
        }
    }
    naive_close(&naive);
    return 0;
}
