// Log lines for the operator: one a state change, never a body, peers' bytes escaped.
// To the journal when stderr is its stream, else one plain line on stderr.
#ifndef BASE_LOGLINE_H
#define BASE_LOGLINE_H

#include "proto/slice.h"

enum log_level {
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARN,
    LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG,
};

// log_start names the program and looks where stderr goes; before threads start.
void log_start(const char *program, enum log_level level);
void log_set_level(enum log_level level);

// The text is key=value words: log_warn("job=%s format=%s why=\"%s\"", ...).
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

// log_safe copies bytes that a peer chose, printable ASCII but " and \ kept, the rest
// as \xNN, cut to the size of out with "..." ; returns out.
const char *log_safe(struct slice bytes, char *out, size_t size);

#endif
