// check.h for the naive log. The flaw is read from CRASH_FLAW, as by its toy.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "check.h"
#include "naive.h"

#define MOST_FOUND 4096

struct check {
    struct naive *naive;
    size_t count;
    struct {
        uint64_t number;
        uint8_t *bytes;
        size_t size;
    } found[MOST_FOUND];
};

bool
check_begin(void)
{
    return hash_init();
}

static void
note(void *context, uint64_t number, const uint8_t *bytes, size_t size)
{
    struct check *check = context;
    uint8_t *copy = malloc(size + 1);
    if (!copy || check->count == MOST_FOUND)
        abort();
    memcpy(copy, bytes, size);
    check->found[check->count].number = number;
    check->found[check->count].bytes = copy;
    check->found[check->count++].size = size;
}

void
check_promise(uint64_t number, const uint8_t *bytes, size_t size)
{
    (void)number; // no receipts but the records themselves
    (void)bytes;
    (void)size;
}

enum check_result
check_open(const char *directory, struct check **out, char why[static CHECK_WHY])
{
    if (!naive_exists(directory))
        return CHECK_ABSENT;
    struct check *check = calloc(1, sizeof *check);
    if (!check)
        abort();
    check->naive =
        naive_open(directory, naive_flaws_of(getenv("CRASH_FLAW")), note, check);
    if (check->naive) {
        *out = check;
        return CHECK_OK;
    }
    (void)snprintf(why, CHECK_WHY, "the naive log did not open");
    free(check);
    return CHECK_FAILED;
}

uint64_t
check_filed(const struct check *check)
{
    (void)check;
    return 0;
}

bool
check_walk(struct check *check, check_record_fn *each, void *context,
    char why[static CHECK_WHY])
{
    (void)why; // the caller looks at the bytes, and there is nothing else
    for (size_t i = 0; i < check->count; i++)
        each(context, check->found[i].number, check->found[i].bytes,
            check->found[i].size);
    return true;
}

bool
check_append(struct check *check, uint64_t number, const uint8_t *bytes, size_t size,
    char why[static CHECK_WHY])
{
    if (naive_append(check->naive, number, bytes, size) && naive_sync(check->naive))
        return true;
    (void)snprintf(why, CHECK_WHY, "the naive log took no append");
    return false;
}

void
check_close(struct check **check)
{
    for (size_t i = 0; i < (*check)->count; i++)
        free((*check)->found[i].bytes);
    naive_close(&(*check)->naive);
    free(*check);
    *check = NULL;
}
