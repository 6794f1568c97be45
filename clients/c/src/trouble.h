// A fault with the texts that it points at. The handle has one, and so has whatever may fail
// beside it: what a feed was refused must not be told as a submission's fate.
#ifndef TROUBLE_H
#define TROUBLE_H

#include <stdarg.h>

#include "proto/proto.h"
#include "wireroom.h"

struct trouble {
    struct wireroom_fault fault; // points into the texts below
    char words[640], name[40], next[256];
};

void trouble_none(struct trouble *t);
void trouble_copy(struct trouble *to, const struct trouble *from);

// trouble_set keeps a fault of our own and returns its status; next step: none, until
// trouble_next names one.
enum wireroom_status trouble_set(struct trouble *t, enum wireroom_status status,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
enum wireroom_status trouble_vset(struct trouble *t, enum wireroom_status status,
    const char *format, va_list args) __attribute__((format(printf, 3, 0)));
void trouble_next(struct trouble *t, const char *next);

// trouble_local keeps a refusal that the daemon would have given, said without asking it.
enum wireroom_status trouble_local(struct trouble *t, enum wire_err code,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
// trouble_refused keeps what a REFUSED says.
enum wireroom_status trouble_refused(struct trouble *t, struct slice header);

#endif
