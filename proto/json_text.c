// msgpack to JSON text, straight from the bytes: no tree, unsigned 64-bit numbers whole, and
// strings escaped so that a terminal or a line-based tool can be handed the output as it is.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "proto/json.h"

const char *const wire_time_keys[] = {"time", "embargoedUntil", "expires",
    "firstCreated", "versionCreated", "contentCreated", NULL};

#define DAY_S 86400LL
#define YEAR_0_S (-62167219200LL) // 0000-01-01T00:00:00Z, where RFC 3339 begins
#define YEAR_10K_S 253402300800LL // and the first second it cannot write

struct out {
    struct wire_writer *text;
    bool pretty;
    unsigned indent;
};

static void
put_text(struct out *o, const char *text)
{
    wire_put_raw(o->text, slice_str(text));
}

// Days since 1970 to a date of the proleptic Gregorian calendar, in eras of 400 years
// that begin on a first of March, so that the leap day is the last of its year.
static void
civil_of(int64_t days, int *year_out, int *month_out, int *day_out)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) /
        365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; // 0 is March
    *day_out = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    *month_out = (int)(month < 10 ? month + 3 : month - 9);
    *year_out = (int)(year_of_era + era * 400 + (*month_out <= 2));
}

struct slice
wire_time_text(int64_t us, char out[40])
{
    int64_t second = us / 1000000, fraction = us % 1000000;
    if (fraction < 0) {
        fraction += 1000000;
        second--;
    }
    if (second < YEAR_0_S || second >= YEAR_10K_S)
        return slice_of(out, (size_t)snprintf(out, 40, "%lld", (long long)us));
    int64_t days = second / DAY_S - (second % DAY_S < 0);
    int clock = (int)(second - days * DAY_S), year, month, day;
    civil_of(days, &year, &month, &day);
    int size = snprintf(out, 40, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day,
        clock / 3600, clock / 60 % 60, clock % 60);
    if (fraction > 0) {
        size += snprintf(out + size, 40 - (size_t)size, ".%06d", (int)fraction);
        while (out[size - 1] == '0')
            size--;
    }
    out[size++] = 'Z';
    return slice_of(out, (size_t)size);
}

// escape_of writes the escape of the character at p, if it needs one, and gives how many
// bytes of input it stands for. Beyond what JSON asks for: DEL, C1 controls and the line
// separators U+2028 and U+2029.
static size_t
escape_of(const uint8_t *p, size_t left, char out[8])
{
    static const char named[] = "btn\0fr";
    if (*p == '"' || *p == '\\')
        return (size_t)snprintf(out, 8, "\\%c", *p) - 1;
    if (*p >= 8 && *p <= 13 && *p != 11)
        return (size_t)snprintf(out, 8, "\\%c", named[*p - 8]) - 1;
    if (*p < 0x20 || *p == 0x7f)
        return (size_t)snprintf(out, 8, "\\u%04x", *p) - 5;
    if (*p == 0xc2 && left >= 2 && p[1] < 0xa0)
        return (size_t)snprintf(out, 8, "\\u%04x", p[1]) - 4;
    if (*p == 0xe2 && left >= 3 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
        return (size_t)snprintf(out, 8, "\\u%04x", 0x2000U | (p[2] & 0x3fU)) - 3;
    return 0;
}

static void
put_string(struct out *o, struct slice s)
{
    size_t kept = 0;
    char escape[8];
    put_text(o, "\"");
    for (size_t at = 0; at < s.size;) {
        size_t bytes = escape_of(s.data + at, s.size - at, escape);
        if (bytes > 0) {
            wire_put_raw(o->text, slice_of(s.data + kept, at - kept));
            put_text(o, escape);
            kept = at + bytes;
        }
        at += bytes > 0 ? bytes : 1;
    }
    wire_put_raw(o->text, slice_from(s, kept));
    put_text(o, "\"");
}

static void
put_hex(struct out *o, struct slice bytes)
{
    static const char digits[] = "0123456789abcdef";
    put_text(o, "\"");
    for (size_t i = 0; i < bytes.size; i++) {
        char pair[2] = {digits[bytes.data[i] >> 4], digits[bytes.data[i] & 15]};
        wire_put_raw(o->text, slice_of(pair, 2));
    }
    put_text(o, "\"");
}

// The shortest digits that read back as the same number, and always a float's face. JSON
// has no word for infinities and NaN: null.
static void
put_float(struct out *o, double value)
{
    char text[40];
    if (!isfinite(value)) {
        put_text(o, "null");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    put_text(o, text);
    if (!strpbrk(text, ".e"))
        put_text(o, ".0");
}

static void
put_integer(struct out *o, int64_t value, bool time)
{
    char text[40];
    if (time && value >= YEAR_0_S * 1000000 && value < YEAR_10K_S * 1000000)
        put_string(o, wire_time_text(value, text));
    else
        wire_put_raw(o->text, slice_of(text, (size_t)snprintf(text, sizeof text, "%lld",
                                                 (long long)value)));
}

static void
put_break(struct out *o)
{
    if (!o->pretty)
        return;
    put_text(o, "\n");
    for (unsigned i = 0; i < o->indent; i++)
        put_text(o, "  ");
}

static void
put_next(struct out *o, uint32_t i)
{
    if (i > 0)
        put_text(o, ",");
    put_break(o);
}

static bool
is_time_key(struct slice key)
{
    for (size_t i = 0; wire_time_keys[i]; i++)
        if (slice_is(key, wire_time_keys[i]))
            return true;
    return false;
}

static void put_value(struct out *o, struct wire_reader *r, bool time);

static void
put_array(struct out *o, struct wire_reader *r)
{
    uint32_t count = wire_read_array(r);
    put_text(o, "[");
    o->indent++;
    for (uint32_t i = 0; i < count && !r->err; i++) {
        put_next(o, i);
        put_value(o, r, false);
    }
    o->indent--;
    if (count > 0)
        put_break(o);
    put_text(o, "]");
}

static void
put_map(struct out *o, struct wire_reader *r)
{
    uint32_t count = wire_read_map(r);
    put_text(o, "{");
    o->indent++;
    for (uint32_t i = 0; i < count && !r->err; i++) {
        put_next(o, i);
        struct slice key = wire_read_str(r);
        put_string(o, key);
        put_text(o, o->pretty ? ": " : ":");
        put_value(o, r, is_time_key(key));
    }
    o->indent--;
    if (count > 0)
        put_break(o);
    put_text(o, "}");
}

static void
put_unsigned(struct out *o, uint64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    put_text(o, text);
}

static void
put_value(struct out *o, struct wire_reader *r, bool time)
{
    switch (wire_peek(r)) {
    case WIRE_NIL:
        (void)wire_read_nil(r);
        put_text(o, "null");
        break;
    case WIRE_BOOL:
        put_text(o, wire_read_bool(r) ? "true" : "false");
        break;
    case WIRE_INT:
        put_integer(o, wire_read_int(r), time);
        break;
    case WIRE_UINT:
        put_unsigned(o, wire_read_uint(r));
        break;
    case WIRE_FLOAT:
        put_float(o, wire_read_float(r));
        break;
    case WIRE_STR:
        put_string(o, wire_read_str(r));
        break;
    case WIRE_BIN:
        put_hex(o, wire_read_bin(r));
        break;
    case WIRE_ARRAY:
        put_array(o, r);
        break;
    case WIRE_MAP:
        put_map(o, r);
        break;
    }
}

void
wire_to_json(struct slice scanned, enum wire_json_style style, struct wire_writer *text)
{
    struct out o = {.text = text, .pretty = style == WIRE_JSON_PRETTY};
    struct wire_reader r = wire_reader(scanned);
    put_value(&o, &r, false);
}
