// What headers hold beyond ASCII: encoded words (RFC 2047) and parameters (RFC 2231).
#include "formats/charset.h"
#include "formats/ascii.h"
#include "formats/base64.h"
#include "formats/mime.h"

#define WORDS_MAX ((size_t)64 << 10) // of a header; a longer one holds no encoded words
#define PIECES_MAX 100

struct slice
mime_to_utf8(struct slice bytes, struct slice name, struct arena *arena)
{
    const struct charset *charset = charset_find(name);
    uint64_t malformed;
    if (!charset || !bytes.size)
        return bytes.size ? slice_of(NULL, 0) : bytes;
    uint8_t *out = arena_alloc(arena, bytes.size * 3 + 16);
    return slice_of(out, out ? charset_convert(charset, bytes, out, &malformed) : 0);
}

// Bytes over 127 in a header are UTF-8 (RFC 6532), or what mailers once wrote.
struct slice
mime_utf8(struct slice bytes, struct arena *arena)
{
    if (utf8_valid_bytes(bytes) == bytes.size)
        return bytes;
    return mime_to_utf8(bytes, SLICE("windows-1252"), arena);
}

struct word {
    struct slice charset, text;
    bool base64;
    size_t size; // from "=?" to "?="
};

static bool
word_at(struct slice at, struct word *w)
{
    if (!slice_starts(at, SLICE("=?")))
        return false;
    struct slice rest = slice_from(at, 2);
    const uint8_t *mark = rest.size ? memchr(rest.data, '?', rest.size) : NULL;
    if (!mark)
        return false;
    w->charset = slice_until(rest, (size_t)(mark - rest.data));
    const uint8_t *star =
        w->charset.size ? memchr(w->charset.data, '*', w->charset.size) : NULL;
    size_t skip = w->charset.size + 1;
    if (star) // RFC 2231: a language
        w->charset.size = (size_t)(star - w->charset.data);
    rest = slice_from(rest, skip);
    if (rest.size < 2 || rest.data[1] != '?' || w->charset.size > 40)
        return false;
    uint8_t kind = (uint8_t)(rest.data[0] | 0x20);
    w->base64 = kind == 'b';
    w->text = slice_from(rest, 2);
    for (size_t i = 0; i + 1 < w->text.size; i++)
        if (w->text.data[i] == '?' && w->text.data[i + 1] == '=') {
            w->text = slice_until(w->text, i);
            w->size = 2 + skip + 2 + i + 2;
            return kind == 'b' || kind == 'q';
        }
    return false;
}

struct words {
    struct arena *arena;
    uint8_t *out; // three bytes for one, and 16 more
    size_t size;
    uint8_t *run; // bytes of words in a row, in one charset
    size_t run_size;
    struct slice charset;
};

static void
put(struct words *w, struct slice text)
{
    if (text.size)
        memcpy(w->out + w->size, text.data, text.size);
    w->size += text.size;
}

static void
end_run(struct words *w)
{
    uint64_t malformed;
    const struct charset *charset = charset_find(w->charset);
    if (w->run_size && charset)
        w->size += charset_convert(
            charset, slice_of(w->run, w->run_size), w->out + w->size, &malformed);
    w->run_size = 0;
    w->charset = slice_of(NULL, 0);
}

static void
put_word(struct words *w, const struct word *word)
{
    if (w->charset.size && !slice_equal(w->charset, word->charset))
        end_run(w);
    w->charset = word->charset;
    w->run_size += word->base64 ? base64_read(word->text, w->run + w->run_size)
                                : mime_unquote(word->text, true, w->run + w->run_size);
}

static size_t
space_before_word(struct slice text)
{
    struct word next;
    size_t n = 0;
    while (n < text.size && strchr(" \t", text.data[n]) && text.data[n])
        n++;
    return n && word_at(slice_from(text, n), &next) ? n : 0;
}

// Space between two words is no text; a character may be split between them.
static void
decode_words(struct words *w, struct slice text)
{
    struct word word;
    while (text.size) {
        if (word_at(text, &word) && charset_find(word.charset)) {
            put_word(w, &word);
            text = slice_from(text, word.size);
            text = slice_from(text, space_before_word(text));
            continue;
        }
        end_run(w);
        const uint8_t *next = memchr(text.data + 1, '=', text.size - 1);
        size_t n = next ? (size_t)(next - text.data) : text.size;
        put(w, mime_utf8(slice_until(text, n), w->arena));
        text = slice_from(text, n);
    }
    end_run(w);
}

struct slice
mime_words(struct slice value, struct arena *arena)
{
    struct words w = {.arena = arena};
    bool ascii = true, marked = false;
    for (size_t i = 0; i < value.size; i++) {
        ascii &= value.data[i] < 0x80;
        marked |=
            value.data[i] == '=' && i + 1 < value.size && value.data[i + 1] == '?';
    }
    if (!value.size || (ascii && !marked))
        return value;
    if (!marked || value.size > WORDS_MAX)
        return mime_utf8(value, arena);
    // each run takes 16 bytes more than three for one: a word has at least 8 of its own
    w.out = arena_alloc(arena, value.size * 5 + 32);
    w.run = arena_alloc(arena, value.size + 1);
    if (!w.out || !w.run)
        return slice_of(NULL, 0);
    decode_words(&w, value);
    return slice_of(w.out, w.size);
}

// One piece of a parameter: name*INDEX*=value.
struct piece {
    struct slice value;
    int index;     // -1: not split
    bool extended; // charset'language'%41
    bool quoted;
};

static size_t
skip_between(struct slice text)
{
    size_t n = 0;
    while (n < text.size && (text.data[n] <= ' ' || text.data[n] == ';'))
        n++;
    return n;
}

static size_t
quoted_size(struct slice text)
{
    size_t n = 1;
    while (n < text.size && text.data[n] != '"')
        n += text.data[n] == '\\' ? 2 : 1;
    return n < text.size ? n + 1 : text.size;
}

static size_t
value_size(struct slice text)
{
    size_t n = 0;
    if (text.size && text.data[0] == '"')
        return quoted_size(text);
    while (n < text.size && text.data[n] != ';')
        n++;
    return n;
}

static struct slice
unquoted(struct slice value, struct arena *arena)
{
    if (value.size < 2 || value.data[0] != '"')
        return ascii_trim(value);
    value =
        slice_of(value.data + 1, value.size - 1 - (value.data[value.size - 1] == '"'));
    if (!value.size || !memchr(value.data, '\\', value.size))
        return value;
    uint8_t *copy = arena_alloc(arena, value.size);
    size_t size = 0;
    for (size_t i = 0; copy && i < value.size; i++) {
        i += value.data[i] == '\\' && i + 1 < value.size;
        copy[size++] = value.data[i];
    }
    return slice_of(copy, size);
}

// The name of a piece: wanted, wanted*, wanted*3, wanted*3*.
static bool
named(struct slice name, const char *wanted, struct piece *piece)
{
    size_t size = strlen(wanted);
    *piece = (struct piece){.index = -1};
    if (!mime_nocase(slice_until(name, size), wanted))
        return false;
    struct slice rest = slice_from(name, size);
    if (rest.size && rest.data[rest.size - 1] == '*') {
        piece->extended = true;
        rest.size--;
    }
    if (!rest.size)
        return true;
    if (rest.data[0] != '*' || rest.size < 2 || rest.size > 4)
        return false;
    piece->index = 0;
    for (size_t i = 1; i < rest.size; i++) {
        if (rest.data[i] < '0' || rest.data[i] > '9')
            return false;
        piece->index = piece->index * 10 + (rest.data[i] - '0');
    }
    return true;
}

// next_piece takes one parameter off; false at the end.
static bool
next_piece(struct slice *text, const char *wanted, struct piece *piece, bool *is_wanted)
{
    *text = slice_from(*text, skip_between(*text));
    size_t equals = 0;
    while (
        equals < text->size && text->data[equals] != '=' && text->data[equals] != ';')
        equals++;
    if (!text->size)
        return false;
    struct slice name = ascii_trim(slice_until(*text, equals));
    *text = slice_from(*text, equals);
    *is_wanted = false;
    if (!text->size || text->data[0] == ';')
        return true;
    *text = slice_from(*text, 1);
    while (text->size && (text->data[0] == ' ' || text->data[0] == '\t'))
        *text = slice_from(*text, 1);
    size_t size = value_size(*text);
    *is_wanted = named(name, wanted, piece);
    piece->value = slice_until(*text, size);
    *text = slice_from(*text, size);
    return true;
}

static size_t
unpercent(struct slice text, uint8_t *out)
{
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        bool coded = text.data[i] == '%' && i + 2 < text.size;
        int high = coded ? mime_hex(text.data[i + 1]) : -1;
        int low = high >= 0 ? mime_hex(text.data[i + 2]) : -1;
        out[size++] = (uint8_t)(low >= 0 ? high << 4 | low : text.data[i]);
        i += low >= 0 ? 2 : 0;
    }
    return size;
}

// charset'language'rest
static struct slice
charset_mark(struct slice *text)
{
    const uint8_t *first = memchr(text->data, '\'', text->size);
    if (!first)
        return slice_of(NULL, 0);
    struct slice charset = slice_until(*text, (size_t)(first - text->data));
    struct slice rest = slice_from(*text, charset.size + 1);
    const uint8_t *second = rest.size ? memchr(rest.data, '\'', rest.size) : NULL;
    if (!second)
        return slice_of(NULL, 0);
    *text = slice_from(rest, (size_t)(second - rest.data) + 1);
    return charset;
}

struct assembly {
    uint8_t *bytes;
    size_t size;
    struct slice charset;
};

static void
assemble(struct assembly *a, const struct piece *piece, bool first, struct arena *arena)
{
    struct slice value = unquoted(piece->value, arena);
    if (piece->extended && first && value.size)
        a->charset = charset_mark(&value);
    if (piece->extended)
        a->size += unpercent(value, a->bytes + a->size);
    else if (value.size) {
        memcpy(a->bytes + a->size, value.data, value.size);
        a->size += value.size;
    }
}

// The pieces in the order of their numbers, up to the first that is not there.
static void
collect(struct slice list, const char *name, struct assembly *a, struct arena *arena)
{
    struct piece pieces[PIECES_MAX] = {0}, piece;
    bool wanted = false;
    while (next_piece(&list, name, &piece, &wanted))
        if (wanted && piece.index >= 0 && piece.index < PIECES_MAX &&
            !pieces[piece.index].value.size)
            pieces[piece.index] = piece;
    for (int i = 0; i < PIECES_MAX && pieces[i].value.size; i++)
        assemble(a, &pieces[i], i == 0, arena);
}

struct slice
mime_parameter(struct slice value, const char *name, struct arena *arena)
{
    struct slice list = slice_from(value, value_size(value)), simple = {0};
    struct piece piece;
    bool wanted = false, split = false, extended = false;
    struct slice rest = list;
    while (next_piece(&rest, name, &piece, &wanted)) {
        if (!wanted)
            continue;
        split |= piece.index >= 0;
        if (piece.index < 0 && (!simple.size || piece.extended)) {
            simple = piece.value;
            extended = piece.extended;
        }
    }
    if (!simple.size && !split)
        return simple;
    if (simple.size && !extended && !split)
        return mime_words(unquoted(simple, arena), arena);
    struct assembly a = {.bytes = arena_alloc(arena, value.size + 1)};
    if (!a.bytes)
        return slice_of(NULL, 0);
    if (simple.size && extended) {
        piece = (struct piece){.value = simple, .index = -1, .extended = true};
        assemble(&a, &piece, true, arena);
    } else {
        collect(list, name, &a, arena);
    }
    struct slice bytes = slice_of(a.bytes, a.size);
    struct slice text = mime_to_utf8(bytes, a.charset, arena);
    return text.size ? text : mime_utf8(bytes, arena);
}
