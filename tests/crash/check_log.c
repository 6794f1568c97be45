// check.h for the log room alone.
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "place.h"

struct found {
    uint64_t number;
    uint8_t *bytes;
    size_t size;
};

struct check {
    struct place place;
    struct found *found;
    size_t count;
};

static enum wire_err
note(void *context, const struct log_batch *batch)
{
    struct check *check = context;
    struct found *found =
        realloc(check->found, (check->count + batch->count) * sizeof *found);
    if (!found)
        return WIRE_NO_MEMORY;
    check->found = found;
    for (uint32_t i = 0; i < batch->count; i++) {
        struct slice bytes = batch->records[i];
        uint8_t *copy = malloc(bytes.size + 1);
        if (!copy)
            return WIRE_NO_MEMORY;
        memcpy(copy, bytes.data, bytes.size);
        found[check->count++] =
            (struct found){batch->first_record + i, copy, bytes.size};
    }
    return WIRE_OK;
}

bool
check_begin(void)
{
    return hash_init();
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
    struct fault fault = FAULT_NONE;
    if (!place_exists(directory))
        return CHECK_ABSENT;
    struct check *check = calloc(1, sizeof *check);
    if (check && place_open(directory, note, check, &check->place, &fault)) {
        *out = check;
        return CHECK_OK;
    }
    (void)snprintf(why, CHECK_WHY, "%s: %s: %s", wire_error_name(fault.code),
        fault.field, fault.words);
    if (check)
        check_close(&check);
    return CHECK_FAILED;
}

uint64_t
check_filed(const struct check *check)
{
    return check->place.filed_record;
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
    struct slice record = slice_of(bytes, size);
    struct log *log = check->place.log;
    struct digest hash = {0};
    struct fault fault = FAULT_NONE;
    struct log_records records = {&record, 1, 1, number, number, &hash};
    uint64_t end;
    enum wire_err err = log_reserve(log, size, 1, false, &fault);
    if (!err)
        err = log_append(log, &records, &end, &fault);
    if (!err)
        err = log_sync(log, &fault);
    if (err)
        (void)snprintf(why, CHECK_WHY, "%s: %s", wire_error_name(err), fault.words);
    return !err;
}

void
check_close(struct check **check)
{
    for (size_t i = 0; i < (*check)->count; i++)
        free((*check)->found[i].bytes);
    free((*check)->found);
    place_close(&(*check)->place);
    free(*check);
    *check = NULL;
}
