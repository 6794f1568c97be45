#include "trouble.h"

#include <stdio.h>

static void
point(struct trouble *t)
{
    t->fault.words = t->words;
    t->fault.name = t->name;
    t->fault.next = t->next;
}

void
trouble_none(struct trouble *t)
{
    *t = (struct trouble){.fault = {.status = WIREROOM_OK}};
    point(t);
}

void
trouble_copy(struct trouble *to, const struct trouble *from)
{
    *to = *from;
    point(to);
}

enum wireroom_status
trouble_vset(
    struct trouble *t, enum wireroom_status status, const char *format, va_list args)
{
    trouble_none(t);
    t->fault.status = status;
    (void)vsnprintf(t->words, sizeof t->words, format, args);
    return status;
}

enum wireroom_status
trouble_set(struct trouble *t, enum wireroom_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)trouble_vset(t, status, format, args);
    va_end(args);
    return status;
}

void
trouble_next(struct trouble *t, const char *next)
{
    (void)snprintf(t->next, sizeof t->next, "%s", next);
}

enum wireroom_status
trouble_local(struct trouble *t, enum wire_err code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)trouble_vset(t, WIREROOM_REFUSED, format, args);
    va_end(args);
    t->fault.code = code;
    t->fault.transient = wire_error_transient(code);
    (void)snprintf(t->name, sizeof t->name, "%s", wire_error_name(code));
    trouble_next(t, wire_error_next(code));
    return WIREROOM_REFUSED;
}

enum wireroom_status
trouble_refused(struct trouble *t, struct slice header)
{
    struct wire_refused r;
    struct fault fault = FAULT_NONE;
    if (wire_decode(header, WIRE_MSG_REFUSED, &r, &fault))
        return trouble_set(
            t, WIREROOM_PROTOCOL, "a refusal that can't be read: %s", fault.words);
    enum wire_err code = (enum wire_err)r.code;
    bool known = strcmp(wire_error_name(code), "UNKNOWN") != 0;
    (void)trouble_set(t, WIREROOM_REFUSED, "%.*s", SLICE_ARG(r.words));
    (void)snprintf(t->name, sizeof t->name, "%.*s", SLICE_ARG(r.error));
    trouble_next(t, known ? wire_error_next(code) : "");
    t->fault.code = (unsigned)r.code;
    t->fault.transient = r.transient;
    t->fault.retry_after_ms =
        WIRE_HAS(refused, &r, retry_after_ms) ? r.retry_after_ms : 0;
    t->fault.seq = WIRE_HAS(refused, &r, seq) ? r.seq : 0;
    return WIREROOM_REFUSED;
}
