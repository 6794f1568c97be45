// What went wrong, as a number (enum wire_err), and as words a person reads (struct
// fault). The rows are in errors.def.
#ifndef PROTO_ERROR_H
#define PROTO_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_err {
    WIRE_OK = 0,
// clang-format off
#define WIRE_ERROR(name, number, kind, text, next) WIRE_##name = (number),
#include "proto/errors.def"
#undef WIRE_ERROR
    // clang-format on
};

// What a person must read: the code, the place, one cause. The first fault wins: once
// code is set, later calls of fault_set change nothing.
struct fault {
    enum wire_err code;
    uint64_t at;     // byte offset in the input, or FAULT_NOWHERE
    char field[96];  // field path ("headlines[0].value") or file:line:column, may be ""
    char words[256]; // what exactly, without the next step; printable UTF-8
};
#define FAULT_NOWHERE UINT64_MAX
#define FAULT_NONE                                                                     \
    (struct fault)                                                                     \
    {                                                                                  \
        .at = FAULT_NOWHERE                                                            \
    }

// fault_set records the first failure and returns the code that stands.
enum wire_err fault_set(struct fault *fault, enum wire_err code, uint64_t at,
    const char *field, const char *format, ...) __attribute__((format(printf, 5, 6)));

// The row of a code: its name, sentence, next step, and whether the same bytes may
// succeed later. An unknown code (from a newer peer) gives "UNKNOWN" and transient.
const char *wire_error_name(enum wire_err code);
const char *wire_error_text(enum wire_err code);
const char *wire_error_next(enum wire_err code);
bool wire_error_transient(enum wire_err code);

#endif
