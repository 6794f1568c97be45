#include "formats/blocks_write.h"

static bool
make_room(struct sink *s, size_t size)
{
    if (s->full || size > s->limit || s->size > s->limit - size) {
        s->full = true;
        return false;
    }
    if (s->room - s->size >= size)
        return true;
    size_t room = s->room ? s->room * 2 : 512;
    while (room < s->size + size)
        room *= 2;
    uint8_t *grown = arena_grow(s->arena, s->data, s->size, room, 1);
    if (!grown) {
        s->full = true;
        return false;
    }
    s->data = grown;
    s->room = room;
    return true;
}

void
sink_put(struct sink *s, struct slice bytes)
{
    if (bytes.size == 0 || !make_room(s, bytes.size))
        return;
    memcpy(s->data + s->size, bytes.data, bytes.size);
    s->size += bytes.size;
}

void
sink_byte(struct sink *s, uint8_t byte)
{
    if (make_room(s, 1))
        s->data[s->size++] = byte;
}

static const char *const escapes[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};

void
sink_escape(struct sink *s, struct slice text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *escape = escapes[text.data[i]];
        if (!escape)
            continue;
        sink_put(s, slice_of(text.data + from, i - from));
        sink_put(s, slice_str(escape));
        from = i + 1;
    }
    sink_put(s, slice_from(text, from));
}

struct slice
sink_slice(const struct sink *s)
{
    return slice_of(s->data, s->size);
}

// Nearly all bytes of a text are of no interest; those that may begin another piece are
// white space and five lead bytes.
static const uint8_t may_begin_piece[256] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, [0xc2] = 1, [0xe1] = 1, [0xe2] = 1, [0xe3] = 1, [0xef] = 1};

// Spaces (Zs), zero-width characters and UAX #9's controls of U+2000 to U+206F.
static enum piece
general_punctuation(uint8_t second, uint8_t third)
{
    if (second == 0x80) {
        if (third <= 0x8a || third == 0xaf)
            return PIECE_BLANK;
        if (third == 0x8b)
            return PIECE_UNSEEN;
        if (third >= 0xaa && third <= 0xae)
            return PIECE_DIRECTION;
    }
    if (second == 0x81) {
        if (third == 0x9f)
            return PIECE_BLANK;
        if (third == 0xa0)
            return PIECE_UNSEEN;
        if (third >= 0xa6 && third <= 0xa9)
            return PIECE_DIRECTION;
    }
    return PIECE_TEXT;
}

static enum piece
kind_at(struct slice at, size_t *size_out)
{
    const uint8_t *b = at.data;
    *size_out = 1;
    if (b[0] <= ' ')
        return b[0] && strchr(" \t\n\f\r", b[0]) ? PIECE_SPACE : PIECE_TEXT;
    if (b[0] == 0xc2 && at.size > 1) {
        *size_out = 2;
        return b[1] == 0xa0 ? PIECE_BLANK : b[1] == 0xad ? PIECE_UNSEEN : PIECE_TEXT;
    }
    if (b[0] < 0xe1 || at.size < 3)
        return PIECE_TEXT;
    *size_out = 3;
    if (b[0] == 0xe2)
        return general_punctuation(b[1], b[2]);
    if (b[0] == 0xe1 && b[1] == 0x9a && b[2] == 0x80)
        return PIECE_BLANK; // U+1680
    if (b[0] == 0xe3 && b[1] == 0x80 && b[2] == 0x80)
        return PIECE_BLANK; // U+3000
    if (b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf)
        return PIECE_UNSEEN; // U+FEFF
    return PIECE_TEXT;
}

// A single space between two words, as most are, belongs to the text.
static bool
is_inner_space(struct slice text, size_t at)
{
    return text.data[at] == ' ' && at && at + 1 < text.size &&
           !may_begin_piece[text.data[at + 1]];
}

size_t
piece_next(struct slice text, enum piece *kind_out)
{
    size_t at = 0, size = 1;
    for (; at < text.size; at++) {
        if (!may_begin_piece[text.data[at]] || is_inner_space(text, at))
            continue;
        enum piece kind = kind_at(slice_from(text, at), &size);
        if (kind != PIECE_TEXT) {
            *kind_out = at ? PIECE_TEXT : kind;
            return at ? at : size;
        }
    }
    *kind_out = PIECE_TEXT;
    return at;
}

#define PDF 0xac // last byte of U+202C, which closes embeddings and overrides
#define PDI 0xa9 // last byte of U+2069, which closes isolates

bool
directions_take(struct directions *d, const uint8_t *control)
{
    bool isolate = control[1] == 0x81;
    uint8_t last = control[2], closer = isolate ? PDI : PDF;
    if (last == closer) {
        if (d->count == 0 || d->closers[d->count - 1] != closer)
            return false;
        d->count--;
        return true;
    }
    if (d->count == DIRECTIONS_MAX)
        return false;
    d->closers[d->count++] = closer;
    return true;
}

void
directions_close(struct directions *d, struct sink *s)
{
    while (d->count) {
        bool isolate = d->closers[--d->count] == PDI;
        sink_put(s, isolate ? SLICE("\xe2\x81\xa9") : SLICE("\xe2\x80\xac"));
    }
}
