#include "pipeline/rules.h"

#include <stdlib.h>

#include "base/logline.h"
#include "pipeline/how.h"
#include "pipeline/inner.h"

#define NONE SLICE("\x80") // the empty map

struct one_rules {
    struct one_rules *next;
    char source[64];
    size_t source_size;
    uint8_t packed[RULES_PACKED_MAX];
    size_t size;
    uint64_t number;
};

static bool
is_of(const struct one_rules *one, struct slice source)
{
    return slice_equal(slice_of(one->source, one->source_size), source);
}

static struct slice
packed_of(const struct one_rules *one)
{
    return one ? slice_of(one->packed, one->size) : NONE;
}

// Under the lock, or where nobody else looks yet.
static struct one_rules *
find(struct pipeline *p, struct slice source)
{
    struct one_rules *one = p->rules.first;
    while (one && !is_of(one, source))
        one = one->next;
    return one;
}

static bool
put(struct pipeline *p, struct slice source, struct slice packed, uint64_t number)
{
    struct one_rules *one = find(p, source);
    if (source.size > sizeof one->source || packed.size > sizeof one->packed)
        return false;
    if (!one) {
        one = calloc(1, sizeof *one);
        if (!one)
            return false;
        memcpy(one->source, source.data, source.size);
        one->source_size = source.size;
        one->next = p->rules.first;
        p->rules.first = one;
        atomic_fetch_add(&p->rules.count, 1U);
    }
    memcpy(one->packed, packed.data, packed.size);
    one->size = packed.size;
    one->number = number;
    p->rules.last = number > p->rules.last ? number : p->rules.last;
    return true;
}

enum wire_err
rules_open(struct pipeline *p, struct fault *fault)
{
    struct store_txn *txn = NULL;
    enum wire_err err = store_begin_read(p->store, &txn);
    uint16_t count = err ? 0 : store_source_count(txn);
    for (uint32_t i = 1; i <= count && !err; i++) {
        struct store_rules row;
        err = store_get_rules(txn, (uint16_t)i, &row);
        if (err == WIRE_NOT_FOUND)
            err = WIRE_OK;
        else if (!err &&
                 !put(p, store_source_name(txn, row.source), row.rules, row.number))
            err = WIRE_NO_MEMORY;
    }
    if (txn)
        store_end_read(&txn);
    return err ? fault_set(fault, err, FAULT_NOWHERE, "", "cannot read the rules")
               : WIRE_OK;
}

void
rules_close(struct pipeline *p)
{
    for (struct one_rules *one = p->rules.first, *next; one; one = next) {
        next = one->next;
        free(one);
    }
    p->rules.first = NULL;
}

size_t
rules_packed(struct pipeline *p, struct slice source, uint8_t room[RULES_PACKED_MAX],
    uint64_t *number_out)
{
    *number_out = 0;
    if (atomic_load(&p->rules.count) == 0)
        return 0;
    (void)pthread_mutex_lock(&p->rules.lock);
    const struct one_rules *one = find(p, source);
    size_t size = one ? one->size : 0;
    if (one) {
        memcpy(room, one->packed, size);
        *number_out = one->number;
    }
    (void)pthread_mutex_unlock(&p->rules.lock);
    return size;
}

uint64_t
rules_number(struct pipeline *p, struct slice source)
{
    uint8_t room[RULES_PACKED_MAX];
    uint64_t number;
    (void)rules_packed(p, source, room, &number);
    return number;
}

bool
rules_give(struct pipeline *p, struct job *job)
{
    uint8_t room[RULES_PACKED_MAX];
    struct wire_writer w = {0};
    size_t size =
        job->how.data ? 0 : rules_packed(p, job->submission.source, room, &job->rules);
    if (size == 0)
        return true;
    how_encode(slice_of(room, size), NULL, 0, &w);
    job->how = wire_written(&w); // the job's now
    return !w.failed;
}

// ---- setting

static enum wire_err
no_memory(struct fault *fault)
{
    return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
}

// log_rules makes new rules a record and waits until it is durable.
static enum wire_err
log_rules(struct pipeline *p, struct slice source, const struct rules_set *set,
    struct fault *fault)
{
    struct wire_writer args = {0};
    struct mailbox *box = mailbox_new(2);
    rules_set_encode(set, &args);
    struct job *job = box && !args.failed
                          ? inner_verb(source, VERB_RULES, wire_written(&args), box)
                          : NULL;
    enum wire_err err = WIRE_OK;
    if (job) {
        struct job *answered = NULL;
        inner_submit(p, job);
        while (!answered)
            answered = inner_wait(box, 1000);
        if (answered->answer != JOB_RECEIPT)
            err = fault_set(fault, answered->fault.code, FAULT_NOWHERE, "", "%s",
                answered->fault.words);
        job_free(&answered);
    } else {
        err = no_memory(fault);
    }
    wire_writer_fini(&args);
    mailbox_free(&box);
    return err;
}

static enum wire_err
change(
    struct pipeline *p, struct slice source, struct slice packed, struct fault *fault)
{
    struct rules_set set = {.number = p->rules.last + 1, .rules = packed};
    enum wire_err err = log_rules(p, source, &set, fault);
    if (err)
        return err;
    (void)pthread_mutex_lock(&p->rules.lock);
    bool good = put(p, source, packed, set.number);
    (void)pthread_mutex_unlock(&p->rules.lock);
    char shown[72];
    log_info("rules=%llu source=%s", (unsigned long long)set.number,
        log_safe(source, shown, sizeof shown));
    return good ? WIRE_OK : no_memory(fault);
}

static bool
is_wanted(
    const struct one_rules *one, const struct pipeline_rules *wanted, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (is_of(one, wanted[i].source))
            return true;
    return false;
}

// Only this thread writes the list, so it reads without the lock.
enum wire_err
pipeline_set_rules(struct pipeline *p, const struct pipeline_rules *wanted,
    uint32_t count, struct fault *fault)
{
    enum wire_err err = WIRE_OK;
    for (uint32_t i = 0; i < count && !err; i++) {
        struct wire_writer w = {0};
        rules_encode(&wanted[i].rules, &w);
        if (w.failed)
            err = no_memory(fault);
        else if (!slice_equal(wire_written(&w), packed_of(find(p, wanted[i].source))))
            err = change(p, wanted[i].source, wire_written(&w), fault);
        wire_writer_fini(&w);
    }
    for (struct one_rules *one = p->rules.first; one && !err; one = one->next)
        if (!is_wanted(one, wanted, count) && !slice_equal(packed_of(one), NONE))
            err = change(p, slice_of(one->source, one->source_size), NONE, fault);
    return err;
}
