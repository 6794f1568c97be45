// JSON text to msgpack: one walk, no tree, no recursion. A container's head is one byte
// until it closes and its count is known; the rare one of more than fifteen elements is then
// moved up by two bytes or four. What the walk does not know - keys that stand twice, the
// exact limits - wire_scan says of the bytes that came out, and the walk is taken again to
// find the place in the text.
#include "proto/json.h"

#include <stddef.h>

#include "proto/head.h"
#include "proto/json_token.h"
#include "proto/utf8.h"

struct level {
    size_t head; // where its head stands in what was written
    uint32_t count;
    bool map;
};

struct walk {
    struct slice text;
    size_t at, from; // from: where the last string or opener begins
    struct wire_writer *w, scratch;
    struct fault *fault;
    enum wire_err err;
    const struct wire_limits *limits;
    uint64_t written;    // values, keys among them
    uint64_t stop;       // the value to stop behind; 0: none
    uint64_t separators; // of values, as an upper bound of their count
    uint32_t depth;
    struct level levels[WIRE_DEPTH_MAX];
};

// Line and column of a byte, both from 1; a column is a character.
static void
place_of(struct slice text, uint64_t at, unsigned *line_out, unsigned *column_out)
{
    unsigned line = 1, column = 1;
    for (size_t i = 0; i < at && i < text.size; i++) {
        if (text.data[i] == '\n') {
            line++;
            column = 1;
        } else if ((text.data[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    *line_out = line;
    *column_out = column;
}

static enum wire_err
refuse(struct slice text, enum wire_err code, uint64_t at, const char *why,
    struct fault *fault)
{
    unsigned line, column;
    place_of(text, at, &line, &column);
    return fault_set(fault, code, at, "", "line %u column %u: %s", line, column, why);
}

// refuse_token names the token at [from, end) and the place in it that is at fault.
static void
refuse_token(struct walk *p, size_t from, size_t end, enum wire_err code,
    const char *why, size_t at)
{
    unsigned line, column;
    size_t size = end - from;
    place_of(p->text, at, &line, &column);
    if (size == 0)
        p->err = fault_set(p->fault, code, at, "",
            "line %u column %u: %s near end of file", line, column, why);
    else if (size > 20)
        p->err = fault_set(
            p->fault, code, at, "", "line %u column %u: %s", line, column, why);
    else
        p->err = fault_set(p->fault, code, at, "", "line %u column %u: %s near '%.*s'",
            line, column, why, (int)size, (const char *)p->text.data + from);
}

static void
refuse_wrong(struct walk *p, size_t from, const struct json_wrong *wrong)
{
    refuse_token(p, from, wrong->end, wrong->code, wrong->why, wrong->at);
}

// expected says what should stand in place of the token that is next.
static void
expected(struct walk *p, const char *why)
{
    struct json_wrong wrong = {WIRE_OK, NULL, 0, 0};
    size_t end = json_token_end(p->text, p->at, &wrong);
    if (wrong.code)
        refuse_wrong(p, p->at, &wrong);
    else
        refuse_token(p, p->at, end, WIRE_ILL_FORMED, why, p->at);
}

// next_byte goes over white space; 0 at the end (a NUL in the text is no token either).
static uint8_t
next_byte(struct walk *p)
{
    while (p->at < p->text.size) {
        uint8_t c = p->text.data[p->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return c;
        p->at++;
    }
    return 0;
}

// A text that would cost memory is refused as it is read: each value but the first of its
// container stands behind a comma or a colon, so with the openers there are about as many.
static bool
count_separator(struct walk *p)
{
    if (++p->separators < 2 * (uint64_t)p->limits->values)
        return true;
    p->err = refuse(
        p->text, WIRE_TOO_MANY_VALUES, p->at, "more values than the limit", p->fault);
    return false;
}

// note_value is behind each value and key.
static void
note_value(struct walk *p)
{
    if (++p->written == p->stop)
        p->err = WIRE_ILL_FORMED;
}

static void
take_string(struct walk *p)
{
    struct json_wrong wrong = {WIRE_OK, NULL, 0, 0};
    p->from = p->at;
    p->at = json_string(p->text, p->from, &p->scratch, p->w, &wrong);
    if (wrong.code)
        refuse_wrong(p, p->from, &wrong);
    else
        note_value(p);
}

static void
take_number(struct walk *p)
{
    struct json_wrong wrong = {WIRE_OK, NULL, 0, 0};
    size_t from = p->at;
    p->at = json_number(p->text, from, &p->scratch, p->w, &wrong);
    if (wrong.code)
        refuse_wrong(p, from, &wrong);
    else
        note_value(p);
}

static void
take_word(struct walk *p)
{
    struct json_wrong unused = {WIRE_OK, NULL, 0, 0};
    size_t end = json_token_end(p->text, p->at, &unused);
    struct slice word = slice_of(p->text.data + p->at, end - p->at);
    if (slice_is(word, "null"))
        wire_put_nil(p->w);
    else if (slice_is(word, "true") || slice_is(word, "false"))
        wire_put_bool(p->w, slice_is(word, "true"));
    else {
        expected(p, "invalid token");
        return;
    }
    p->at = end;
    note_value(p);
}

// take_key reads a member's name and the colon behind it.
static void
take_key(struct walk *p)
{
    if (next_byte(p) != '"') {
        expected(p, "string or '}' expected");
        return;
    }
    take_string(p);
    if (p->err)
        return;
    if (next_byte(p) != ':')
        expected(p, "':' expected");
    else if (count_separator(p))
        p->at++;
}

// close_level writes the head of the innermost container, which is whole now.
static void
close_level(struct walk *p)
{
    const struct level *level = &p->levels[--p->depth];
    uint32_t count = level->count;
    size_t head = level->head, more = count < 16 ? 0 : count <= UINT16_MAX ? 2 : 4;
    p->at++;
    if (more)
        wire_writer_reserve(p->w, more);
    if (p->w->failed)
        return;
    uint8_t *to = p->w->data + head;
    memmove(to + 1 + more, to + 1, p->w->size - head - 1);
    p->w->size += more;
    // msgpack spec, "Formats": fixmap and fixarray, map 16, map 32, array 16, array 32
    if (!more)
        to[0] = (uint8_t)((level->map ? 0x80 : 0x90) | count);
    else
        to[0] = (uint8_t)((level->map ? 0xde : 0xdc) + (more == 4));
    for (size_t i = 0; i < more; i++)
        to[more - i] = (uint8_t)(count >> 8 * i);
}

static void
open_level(struct walk *p, bool map)
{
    if (p->depth >= p->limits->depth || p->depth >= WIRE_DEPTH_MAX) {
        p->err = refuse(
            p->text, WIRE_TOO_DEEP, p->at, wire_error_text(WIRE_TOO_DEEP), p->fault);
        return;
    }
    if (!count_separator(p))
        return;
    p->from = p->at++;
    p->levels[p->depth++] = (struct level){.head = p->w->size, .map = map};
    wire_put_nil(p->w);
    note_value(p);
    if (p->err)
        return;
    uint8_t c = next_byte(p);
    if (c == (map ? '}' : ']')) {
        close_level(p);
        return;
    }
    p->levels[p->depth - 1].count = 1;
    if (map)
        take_key(p);
    else if (p->at == p->text.size)
        expected(p, "']' expected");
}

// take_value reads a value, of a container its beginning; true if that is open now.
static bool
take_value(struct walk *p)
{
    uint32_t depth = p->depth;
    uint8_t c = next_byte(p);
    if (c == '"')
        take_string(p);
    else if (c == '-' || (c >= '0' && c <= '9'))
        take_number(p);
    else if (c == '{' || c == '[')
        open_level(p, c == '{');
    else if (p->at == p->text.size || c == '}' || c == ']' || c == ',' || c == ':')
        expected(p, "a value expected");
    else
        take_word(p);
    return p->depth > depth;
}

// go_on closes what ends behind a value; true if another value is to come.
static bool
go_on(struct walk *p)
{
    while (!p->err && p->depth) {
        struct level *level = &p->levels[p->depth - 1];
        uint8_t c = next_byte(p);
        if (c == (level->map ? '}' : ']')) {
            close_level(p);
            continue;
        }
        if (c != ',') {
            expected(p, level->map ? "',' or '}' expected" : "',' or ']' expected");
            return false;
        }
        if (!count_separator(p))
            return false;
        p->at++;
        level->count++;
        if (level->map)
            take_key(p);
        else if (next_byte(p) == 0 && p->at == p->text.size)
            expected(p, "']' expected");
        return !p->err;
    }
    return false;
}

static void
walk_text(struct walk *p)
{
    bool more = true;
    while (more && !p->err)
        more = take_value(p) || go_on(p);
    if (!p->err && (next_byte(p) || p->at < p->text.size))
        expected(p, "end of file expected");
    if (!p->err && p->w->failed)
        p->err =
            fault_set(p->fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
}

// values_before counts the values of packed that begin up to `at`.
static uint64_t
values_before(struct slice packed, uint64_t at)
{
    uint64_t count = 0;
    struct head head;
    for (size_t i = 0; i <= at && head_read(packed.data + i, packed.size - i, &head);
         count++)
        i += head.bytes + (head.type == WIRE_STR ? head.count : 0);
    return count;
}

// refuse_value finds a value by its number and says of it what the scan said.
static enum wire_err
refuse_value(struct walk *p, uint64_t number, enum wire_err code)
{
    struct wire_writer w = {0};
    struct fault unused = FAULT_NONE;
    struct walk again = {.text = p->text,
        .w = &w,
        .scratch = p->scratch,
        .fault = &unused,
        .limits = p->limits,
        .stop = number};
    walk_text(&again);
    p->scratch = again.scratch;
    wire_writer_fini(&w);
    const char *why =
        code == WIRE_DUPLICATE_KEY ? "duplicate object key" : wire_error_text(code);
    refuse_token(p, again.from, again.at, code, why, again.from);
    return p->err;
}

static enum wire_err
walk_and_scan(struct walk *p)
{
    size_t start = p->w->size;
    uint64_t at = 0;
    walk_text(p);
    struct slice packed = slice_from(wire_written(p->w), start);
    if (p->err)
        return p->err;
    enum wire_err err = wire_scan(packed, p->limits, &at);
    return err ? refuse_value(p, values_before(packed, at), err) : WIRE_OK;
}

enum wire_err
wire_from_json(struct slice text, const struct wire_limits *limits,
    struct wire_writer *w, struct fault *fault)
{
    if (text.size == 0)
        return refuse(text, WIRE_ILL_FORMED, 0, "there is no JSON here", fault);
    size_t valid = utf8_valid_bytes(text), start = w->size;
    if (valid < text.size)
        return refuse(text, WIRE_BAD_TEXT, valid, "not UTF-8", fault);
    struct walk p;
    memset(&p, 0, offsetof(struct walk, levels));
    p.text = text;
    p.w = w;
    p.fault = fault;
    p.limits = limits;
    wire_writer_reserve(w, text.size);
    enum wire_err err = walk_and_scan(&p);
    wire_writer_fini(&p.scratch);
    if (err)
        w->size = start;
    return err;
}
