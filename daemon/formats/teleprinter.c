#include "formats/teleprinter.h"

#include "formats/decode.h"
#include "formats/readers.h"

#define CHUNK 128U

// The first CR or LF, looked for a piece at a time: whichever is far away costs nothing.
static size_t
line_size(struct slice text)
{
    for (size_t at = 0; at < text.size; at += CHUNK) {
        struct slice chunk = slice_until(slice_from(text, at), CHUNK);
        const uint8_t *lf = memchr(chunk.data, '\n', chunk.size);
        size_t n = lf ? (size_t)(lf - chunk.data) : chunk.size;
        const uint8_t *cr = memchr(chunk.data, '\r', n);
        if (cr)
            return at + (size_t)(cr - chunk.data);
        if (lf)
            return at + n;
    }
    return text.size;
}

struct slice
teleprinter_line(struct slice *text)
{
    size_t at = line_size(*text), end;
    struct slice line = slice_until(*text, at);
    for (end = at; end < text->size && end - at < CHUNK && text->data[end] == '\r';)
        end++;
    if (end < text->size && text->data[end] == '\n')
        end++; // CR CR LF is one line end
    else if (at < text->size)
        end = at + 1;
    *text = slice_from(*text, end);
    return line;
}

static bool
is_control(uint8_t c)
{
    return (c < 0x20 && c != '\t') || c == 0x7f;
}

static struct slice
trimmed_end(struct slice line)
{
    while (line.size && (line.data[line.size - 1] <= ' '))
        line.size--;
    return line;
}

// Eight bytes at a time: whether one is below a space or is DEL.
static bool
has_control(uint64_t bytes)
{
    const uint64_t ones = 0x0101010101010101U, high = ones << 7;
    uint64_t del = bytes ^ (ones * 0x7f);
    return (((bytes - ones * 0x20) & ~bytes) | ((del - ones) & ~del)) & high;
}

static size_t
without_controls(struct slice line)
{
    size_t at = 0;
    for (uint64_t bytes; at + sizeof bytes <= line.size; at += sizeof bytes) {
        memcpy(&bytes, line.data + at, sizeof bytes);
        if (has_control(bytes))
            break;
    }
    while (at < line.size && !is_control(line.data[at]))
        at++;
    return at;
}

struct slice
teleprinter_clean(struct slice line, struct arena *arena)
{
    if (without_controls(line) == line.size)
        return trimmed_end(line);
    uint8_t *copy = arena_alloc(arena, line.size);
    if (!copy)
        return slice_of(NULL, 0);
    size_t size = 0;
    for (size_t i = 0; i < line.size; i++)
        if (!is_control(line.data[i]))
            copy[size++] = line.data[i];
    return trimmed_end(slice_of(copy, size));
}

struct slice
teleprinter_trim(struct slice text)
{
    while (text.size && (text.data[0] <= ' ' || text.data[0] == 0x7f))
        text = slice_from(text, 1);
    while (text.size &&
           (text.data[text.size - 1] <= ' ' || text.data[text.size - 1] == 0x7f))
        text.size--;
    return text;
}

bool
teleprinter_blank(struct slice line)
{
    return teleprinter_trim(line).size == 0;
}

bool
teleprinter_starts_nocase(struct slice text, const char *word)
{
    for (size_t i = 0; word[i]; i++) {
        uint8_t c = i < text.size ? text.data[i] : 0;
        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c | 0x20);
        if (c != (uint8_t)word[i])
            return false;
    }
    return true;
}

static uint32_t
count_messages(struct slice text)
{
    uint32_t n = 0;
    const uint8_t *at;
    while (text.size && (at = memchr(text.data, TELEPRINTER_SOH, text.size))) {
        n++;
        text = slice_from(text, (size_t)(at - text.data) + 1);
    }
    return n ? n : 1;
}

struct slice
teleprinter_decimal(struct slice text)
{
    size_t n = 0;
    while (n < text.size && text.data[n] >= '0' && text.data[n] <= '9')
        n++;
    return slice_until(text, n);
}

// A sentence that begins with "By" is no byline: a name begins with a capital, and the
// line does not end as a sentence.
bool
teleprinter_byline(struct slice line)
{
    static const char *const words[] = {"by ", "by: ", "von ", "par ", "por ", "door "};
    line = teleprinter_trim(line);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct slice name = slice_from(line, strlen(words[i]));
        if (!teleprinter_starts_nocase(line, words[i]) || name.size > 120)
            continue;
        bool small =
            name.size == 0 || (name.data[0] < 0x80 && i > 1 &&
                                  !(name.data[0] >= 'A' && name.data[0] <= 'Z'));
        return !small && line.data[line.size - 1] != '.';
    }
    return false;
}

struct slice
teleprinter_person(struct slice line)
{
    const uint8_t *space = memchr(line.data, ' ', line.size);
    if (space)
        line = slice_from(line, (size_t)(space - line.data) + 1);
    const uint8_t *comma = line.size ? memchr(line.data, ',', line.size) : NULL;
    struct slice rest =
        comma ? slice_from(line, (size_t)(comma - line.data)) : slice_of(NULL, 0);
    bool list = false; // "By A, B and C" names three
    for (size_t i = 0; i + 5 <= rest.size; i++)
        list |= memcmp(rest.data + i, " and ", 5) == 0;
    return teleprinter_trim(
        comma && !list ? slice_until(line, line.size - rest.size) : line);
}

bool
teleprinter_begin(struct teleprinter *t, struct slice text, struct arena *arena)
{
    *t = (struct teleprinter){.arena = arena, .room = text.size * 2 + 16};
    t->data = arena_alloc(arena, t->room);
    return t->data != NULL;
}

void
teleprinter_end_block(struct teleprinter *t)
{
    t->open = false;
}

static size_t
first_word(struct slice line)
{
    const uint8_t *space = memchr(line.data, ' ', line.size);
    return space ? (size_t)(space - line.data) : line.size;
}

static void
put_bytes(struct teleprinter *t, struct slice bytes)
{
    if (bytes.size > t->room - t->size) // a line was put more often than it came
        return;
    memcpy(t->data + t->size, bytes.data, bytes.size);
    t->size += bytes.size;
}

// Three spaces in a row take up every third byte somewhere.
static bool
has_gap(struct slice line)
{
    for (size_t i = 2; i < line.size; i += 3) {
        size_t from = i, to = i;
        if (line.data[i] != ' ')
            continue;
        while (from > 0 && i - from < 3 && line.data[from - 1] == ' ')
            from--;
        while (to + 1 < line.size && to - i < 3 && line.data[to + 1] == ' ')
            to++;
        if (to - from >= 2)
            return true;
    }
    return false;
}

static bool
is_row(struct slice line)
{
    if (line.size == 0 || strchr("-*#|;", line.data[0]))
        return true;
    return memchr(line.data, '\t', line.size) || has_gap(line);
}

// A line goes on in the next where that one's first word had no place in it, or where it
// is nearly full: few agencies fill a line to the last. Lists and tables never do.
static bool
goes_on(const struct teleprinter *t, struct slice next)
{
    struct slice line = slice_of(t->data + t->last_line, t->size - t->last_line);
    bool full =
        line.size + 1 + first_word(next) > t->width || line.size * 4 >= t->width * 3;
    return t->width && full && !is_row(slice_from(line, 1)) && !is_row(next);
}

void
teleprinter_put(struct teleprinter *t, struct slice line)
{
    bool row = is_row(line);
    t->row |= row;
    if (t->size && !t->open) {
        put_bytes(t, SLICE("\n\n"));
    } else if (t->size) {
        put_bytes(t, goes_on(t, line) ? SLICE(" ") : SLICE("\n"));
    }
    t->row = row;
    t->last_line = t->size;
    t->open = true;
    put_bytes(t, line);
}

struct slice
teleprinter_text(const struct teleprinter *t)
{
    return slice_of(t->data, t->size);
}

#define PLACE_MAX 72U
#define AGENCY_MAX 40U

static bool
is_dash_at(struct slice text)
{
    return text.size && (text.data[0] == '-' || text.data[0] == '_' ||
                            slice_starts(text, SLICE("\xe2\x80\x93")) ||
                            slice_starts(text, SLICE("\xe2\x80\x94")));
}

// Behind a comma with a digit stands the day, not the place.
static struct slice
place_of(struct slice place)
{
    bool digit = false;
    for (size_t i = place.size; i > 0; i--) {
        uint8_t c = place.data[i - 1];
        digit |= c >= '0' && c <= '9';
        if (c == ',' && digit) {
            place.size = i - 1;
            digit = false;
        }
    }
    return teleprinter_trim(place);
}

static bool
can_be_place(struct slice place)
{
    uint8_t c = place.size ? place.data[0] : 0;
    bool sentence = false;
    for (size_t i = 0; i < place.size; i++)
        sentence |= place.data[i] == '"' || place.data[i] == '\n' ||
                    place.data[i] == '?' || place.data[i] == ';';
    return place.size && !sentence && ((c >= 'A' && c <= 'Z') || c >= 0x80);
}

static void
set_dateline(struct article *a, struct slice dateline, struct slice place)
{
    bool day = false; // "March 5 (Basin) --": there is no place
    place = place_of(teleprinter_trim(place));
    if (!can_be_place(place))
        return;
    for (size_t i = 0; i < place.size; i++)
        day |= place.data[i] >= '0' && place.data[i] <= '9';
    a->wr.dateline = dateline;
    if (!day)
        article_set_text(a, ARTICLE_LOCATED, place);
}

// "PLACE (Agency) -": the bracket closes soon and a dash follows.
static bool
with_agency(struct article *a, struct slice text, size_t open)
{
    struct slice rest = slice_from(text, open);
    const uint8_t *close =
        memchr(rest.data, ')', rest.size < AGENCY_MAX ? rest.size : AGENCY_MAX);
    if (!close)
        return false;
    size_t end = open + (size_t)(close - rest.data) + 1;
    struct slice behind = slice_from(text, end);
    while (behind.size && (behind.data[0] == ' ' || behind.data[0] == '\n'))
        behind = slice_from(behind, 1);
    if (is_dash_at(behind))
        set_dateline(a, slice_until(text, end), slice_until(text, open));
    return true;
}

// "PLACE, day _": without an agency only what is in capitals to its first comma is one.
static void
without_agency(struct article *a, struct slice text, size_t dash)
{
    size_t letters = 0;
    for (size_t i = 0; i < dash && text.data[i] != ','; i++) {
        if (text.data[i] >= 'a' && text.data[i] <= 'z')
            return;
        letters += text.data[i] >= 'A' && text.data[i] <= 'Z';
    }
    if (letters >= 2)
        set_dateline(
            a, teleprinter_trim(slice_until(text, dash)), slice_until(text, dash));
}

void
teleprinter_dateline(struct article *a, struct slice text)
{
    for (size_t i = 0; i < text.size && i < PLACE_MAX; i++) {
        if (text.data[i] == '\n')
            return;
        if (text.data[i] == '(') {
            (void)with_agency(a, text, i);
            return;
        }
        bool spaced = i && text.data[i - 1] == ' ' && is_dash_at(slice_from(text, i));
        if (spaced && i + 1 < text.size &&
            (text.data[i] >= 0x80 || text.data[i + 1] == ' ')) {
            without_agency(a, text, i);
            return;
        }
    }
}

void
teleprinter_alt_id(struct article *a, const char *role, struct slice value)
{
    struct value *entry = value.size ? article_add(a, ARTICLE_ALT_IDS, 2) : NULL;
    if (!entry)
        return;
    value_set(entry, "role", value_of_text(slice_str(role)), a->arena);
    value_set(entry, "value", value_of_text(value), a->arena);
}

static bool
between_letters(struct slice raw, size_t i)
{
    return i && i + 1 < raw.size && ((raw.data[i - 1] | 0x20) >= 'a') &&
           ((raw.data[i - 1] | 0x20) <= 'z') && ((raw.data[i + 1] | 0x20) >= 'a') &&
           ((raw.data[i + 1] | 0x20) <= 'z');
}

// A letter here and there is too little for a guess by frequency: inside words they are
// those of DOS (0x80 to 0x9a, where Windows has quotes) or of Latin 1.
static struct slice
sparse_charset(struct slice raw)
{
    size_t high = 0, dos = 0, latin = 0;
    if (utf8_valid_bytes(raw) == raw.size)
        return slice_of(NULL, 0);
    for (size_t i = 0; i < raw.size; i++) {
        uint8_t c = raw.data[i];
        if (c < 0x80)
            continue;
        high++;
        if (between_letters(raw, i) && c != 0x91 && c != 0x92)
            *(c <= 0x9a ? &dos : &latin) += c <= 0x9a || c >= 0xc0;
    }
    if (high * 50 > raw.size)
        return slice_of(NULL, 0);
    return dos > latin ? SLICE("ibm850") : SLICE("windows-1252");
}

// decode_text for wires, whose few letters beyond ASCII tell a guesser nothing.
static bool
decode_wire(const struct format_input *input, struct slice raw, struct arena *arena,
    struct decoded *out, struct fault *fault)
{
    struct slice hint = input->charset;
    struct slice own = hint.size ? slice_of(NULL, 0) : sparse_charset(raw);
    if (!decode_text(raw, own.size ? own : hint, arena, out, fault))
        return false;
    if (own.size) { // ours, not the document's
        out->declared = slice_of(NULL, 0);
        out->warning = "charset-guessed";
    }
    return true;
}

static struct slice
next_message(struct slice *rest)
{
    const uint8_t *end =
        rest->size ? memchr(rest->data, TELEPRINTER_SOH, rest->size) : NULL;
    struct slice message = end ? slice_until(*rest, (size_t)(end - rest->data)) : *rest;
    *rest = slice_from(*rest, message.size + 1);
    return message;
}

// Relays put "ZCZC" before the first message; anything else there was lost on the way.
static bool
is_lost(struct slice lead)
{
    return !teleprinter_blank(lead) &&
           !slice_is(slice_until(teleprinter_trim(lead), 4), "ZCZC");
}

void
teleprinter_read(const struct format_input *input, struct slice raw,
    struct arena *arena, struct format_output *out, teleprinter_reader *read)
{
    struct decoded decoded;
    if (!decode_wire(input, raw, arena, &decoded, &out->fault) ||
        !items_begin(out, count_messages(decoded.text), arena))
        return;
    struct slice rest = decoded.text, lead = next_message(&rest);
    bool framed = lead.size < decoded.text.size, lost = framed && is_lost(lead);
    if (!framed)
        rest = lead;
    do {
        struct article *a = items_add(out, arena);
        if (!a)
            return;
        decode_note(&decoded, a);
        if (lost)
            article_warn(a, "not-carried", SLICE("before the first message"));
        lost = false;
        read(input, next_message(&rest), a);
    } while (rest.size && out->count < ARTICLE_ITEMS_MAX);
}
