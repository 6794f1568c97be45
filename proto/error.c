// The table of errors.def as functions, and the first-fault-wins record.
#include "proto/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "proto/utf8.h"

struct row {
    enum wire_err code;
    bool transient;
    const char *name, *text, *next;
};

#define PERMANENT false
#define TRANSIENT true
// clang-format off
static const struct row rows[] = {
#define WIRE_ERROR(name, number, kind, text, next) {WIRE_##name, kind, #name, text, next},
#include "proto/errors.def"
#undef WIRE_ERROR
};
// clang-format on

static const struct row ok = {WIRE_OK, false, "OK", "no error", ""};
static const struct row unknown = {WIRE_OK, true, "UNKNOWN",
    "an error that this version does not know", "use a newer version"};

static const struct row *
row_of(enum wire_err code)
{
    if (code == WIRE_OK)
        return &ok;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return &rows[i];
    return &unknown;
}

const char *
wire_error_name(enum wire_err code)
{
    return row_of(code)->name;
}

const char *
wire_error_text(enum wire_err code)
{
    return row_of(code)->text;
}

const char *
wire_error_next(enum wire_err code)
{
    return row_of(code)->next;
}

bool
wire_error_transient(enum wire_err code)
{
    return row_of(code)->transient;
}

// make_printable keeps the promise of struct fault for words that quote a stranger's bytes
// or were cut to size: controls become spaces, the text ends where its UTF-8 does.
static void
make_printable(char *text)
{
    text[utf8_valid_bytes(slice_str(text))] = '\0';
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = ' ';
}

enum wire_err
fault_set(struct fault *fault, enum wire_err code, uint64_t at, const char *field,
    const char *format, ...)
{
    if (!fault || fault->code != WIRE_OK)
        return fault ? fault->code : code;
    fault->code = code;
    fault->at = at;
    (void)snprintf(fault->field, sizeof fault->field, "%s", field ? field : "");
    va_list args;
    va_start(args, format);
    (void)vsnprintf(fault->words, sizeof fault->words, format, args);
    va_end(args);
    make_printable(fault->field);
    make_printable(fault->words);
    return code;
}
