#include "article/part.h"

#include <stdio.h>

// Parts hold no maps; the deepest place is a word in a list of an item of a prepared in a
// record.
static const struct wire_limits part_limits = {
    .depth = 6, .values = 1U << 20, .map = 0};

bool
part_failed(const struct part *p)
{
    return p->err != WIRE_OK;
}

void
part_fail(struct part *p, const char *element, const char *words)
{
    char path[96];
    if (p->err)
        return;
    p->err = p->code;
    if (p->item >= 0)
        (void)snprintf(path, sizeof path, "%s.items[%lld].%s", p->name,
            (long long)p->item, element);
    else
        (void)snprintf(path, sizeof path, "%s.%s", p->name, element);
    (void)fault_set(p->fault, p->code, p->r.at, path, "%s %s", path, words);
}

// A read that the reader itself refused: another type, or the end.
static bool
stopped(struct part *p, const char *element)
{
    if (!p->err && p->r.err)
        part_fail(p, element, "has another type or is missing");
    return p->err != WIRE_OK;
}

void
part_open(struct part *p, struct slice bytes, const char *name, enum wire_err code,
    struct fault *fault)
{
    uint64_t at = 0;
    *p = (struct part){.name = name, .item = -1, .code = code, .fault = fault};
    enum wire_err err = wire_scan(bytes, &part_limits, &at);
    p->r = wire_reader(bytes);
    if (!err)
        return;
    p->err = code;
    (void)fault_set(fault, code, at, name, "%s: %s", name, wire_error_text(err));
}

void
part_begin(struct part *p, uint32_t count, uint32_t layout)
{
    uint32_t have = p->err ? 0 : wire_read_array(&p->r);
    if (stopped(p, "layout"))
        return;
    uint64_t found = have ? wire_read_uint(&p->r) : 0;
    if (stopped(p, "layout"))
        return;
    if (found != layout)
        part_fail(p, "layout", "is not one that this version reads");
    else if (have != count)
        part_fail(p, "layout", "has another number of elements");
}

uint64_t
part_uint(struct part *p, const char *element, uint64_t min, uint64_t max)
{
    uint64_t n = p->err ? 0 : wire_read_uint(&p->r);
    if (stopped(p, element))
        return 0;
    if (n < min || n > max)
        part_fail(p, element, "is out of range");
    return p->err ? 0 : n;
}

bool
part_bool(struct part *p, const char *element)
{
    bool yes = !p->err && wire_read_bool(&p->r);
    return !stopped(p, element) && yes;
}

int64_t
part_time(struct part *p, const char *element)
{
    if (p->err || wire_read_nil(&p->r))
        return TIME_NONE;
    int64_t us = wire_read_int(&p->r);
    return stopped(p, element) ? TIME_NONE : us;
}

static struct slice
sized(struct part *p, const char *element, struct slice bytes, size_t max)
{
    if (stopped(p, element))
        return slice_of(NULL, 0);
    if (bytes.size > max)
        part_fail(p, element, "is longer than its limit");
    return p->err ? slice_of(NULL, 0) : bytes;
}

struct slice
part_str(struct part *p, const char *element, size_t max)
{
    if (p->err)
        return slice_of(NULL, 0);
    return sized(p, element, wire_read_str(&p->r), max);
}

struct slice
part_bin(struct part *p, const char *element, size_t max)
{
    if (p->err)
        return slice_of(NULL, 0);
    return sized(p, element, wire_read_bin(&p->r), max);
}

void
part_exact(struct part *p, const char *element, void *out, size_t size)
{
    struct slice bytes = part_bin(p, element, size);
    if (!p->err && bytes.size != size)
        part_fail(p, element, "is shorter than it must be");
    if (!p->err)
        memcpy(out, bytes.data, size);
}

uint32_t
part_array(struct part *p, const char *element, uint32_t min, uint32_t max)
{
    uint32_t count = p->err ? 0 : wire_read_array(&p->r);
    if (stopped(p, element))
        return 0;
    if (count < min || count > max)
        part_fail(p, element, "has a count out of range");
    return p->err ? 0 : count;
}

struct slice
part_words(struct part *p, const char *element, uint32_t max)
{
    size_t from = p->r.at;
    uint32_t count = part_array(p, element, 0, max);
    for (uint32_t i = 0; i < count && !p->err; i++)
        (void)part_str(p, element, SIZE_MAX);
    if (p->err)
        return slice_of(NULL, 0);
    return slice_of(p->r.bytes.data + from, p->r.at - from);
}

void
put_time_or_nil(struct wire_writer *w, int64_t us)
{
    if (us == TIME_NONE)
        wire_put_nil(w);
    else
        wire_put_int(w, us);
}
