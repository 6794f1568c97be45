// IPTC 7901, the wire format of European agencies:
//
//   SOH source number SP priority SP category SP words SP information CR LF
//   keyword line CR LF
//   STX header lines, the last closed by "=" ... text ... ETX
//   ddhhmm zone month year EOT
//
// Lines hold 69 characters at most, so line ends inside a paragraph belong to the frame
// and not to the text. Header lines are, in this order and each of them optional: what
// the message is to an earlier one ("1ST LEAD"), the headline, the byline. What an agency
// sends behind its text for editors (a notebook, or all below the line that says it is
// not for publication) is edNote.
#include "formats/ascii.h"
#include "formats/readers.h"
#include "formats/slugwords.h"
#include "formats/stamps.h"
#include "formats/teleprinter.h"

#define STX 0x02
#define ETX 0x03
#define EOT 0x04
#define LINE_MAX_7901 69U
#define HEADER_LINES 8U

struct message {
    const struct format_input *input;
    struct article *a;
    struct slice header, text, tail;
    struct slice source, number;
    struct slugwords words;
    struct stamp stamp;
    struct teleprinter body, notes;
    bool stamped, headed;
};

static struct slice
until(struct slice text, uint8_t mark)
{
    const uint8_t *at = text.size ? memchr(text.data, mark, text.size) : NULL;
    return at ? slice_until(text, (size_t)(at - text.data)) : text;
}

static bool
has(struct slice text, uint8_t mark)
{
    return text.size && memchr(text.data, mark, text.size);
}

static struct slice
word(struct slice *line)
{
    while (line->size && line->data[0] == ' ')
        *line = slice_from(*line, 1);
    struct slice taken = until(*line, ' ');
    *line = slice_from(*line, taken.size);
    return taken;
}

static void
set_category(struct article *a, struct slice code)
{
    struct value *entry = code.size ? article_add(a, ARTICLE_SUBJECTS, 3) : NULL;
    if (!entry)
        return;
    value_set(entry, "literal", value_of_text(code), a->arena);
    value_set(entry, "rel", value_of_text(SLICE("category")), a->arena);
    value_set(entry, "creator", value_of_text(SLICE("IPTC 7901")), a->arena);
}

static bool
all_digits(struct slice text)
{
    return text.size && teleprinter_decimal(text).size == text.size;
}

// "eca0124 3 i 93  dpa 1888"
static void
read_frame_line(struct message *m, struct slice line)
{
    size_t n = 0;
    while (n < line.size && ascii_letter(line.data[n]))
        n++;
    m->source = slice_until(line, n);
    line = slice_from(line, n);
    while (line.size && line.data[0] == ' ') // "dpa 0124" is met as well
        line = slice_from(line, 1);
    m->number = teleprinter_decimal(line);
    line = slice_from(line, m->number.size);
    struct slice rest = line, priority = word(&rest);
    if (priority.size == 1 && priority.data[0] >= '1' && priority.data[0] <= '9') {
        article_set_number(m->a, ARTICLE_URGENCY, (uint32_t)(priority.data[0] - '0'));
        line = rest;
    }
    struct slice category = word(&rest);
    if (category.size && category.size <= 3 && ascii_letter(category.data[0])) {
        set_category(m->a, category);
        line = rest;
    }
    if (all_digits(word(&rest))) {
        article_warn(m->a, "not-carried", SLICE("header word count"));
        line = rest;
    }
    teleprinter_alt_id(m->a, "information", teleprinter_trim(line));
    if (m->number.size && m->source.size + m->number.size < 40)
        teleprinter_alt_id(m->a, "sequence",
            arena_printf(
                m->a->arena, "%.*s%.*s", SLICE_ARG(m->source), SLICE_ARG(m->number)));
}

static void
set_slug(struct article *a, struct slice line)
{
    while (line.size &&
           (line.data[line.size - 1] == '/' || line.data[line.size - 1] == ' '))
        line.size--;
    if (!article_text(a, ARTICLE_SLUGLINE).size)
        article_set_text(a, ARTICLE_SLUGLINE, line);
    else
        article_warn(a, "not-carried", SLICE("header"));
}

// One keyword line that came behind STX: parts without spaces between slashes.
static bool
is_slug(struct slice line)
{
    return has(line, '/') && !has(line, ' ') && line.size <= LINE_MAX_7901;
}

static struct slice
without_equals(struct slice line)
{
    line = teleprinter_trim(line);
    while (line.size &&
           (line.data[line.size - 1] == '=' || line.data[line.size - 1] == ' '))
        line.size--;
    return line;
}

static bool
closes_header(struct slice line)
{
    line = teleprinter_trim(line);
    return line.size && line.data[line.size - 1] == '=';
}

// A header line whose end left no room for the first word of the next goes on in it.
static bool
goes_on(struct slice line, struct slice next)
{
    return line.size + 1 + until(next, ' ').size > LINE_MAX_7901;
}

// "(Zusammenfassung 1400 - neu: Einzelheiten)"
static bool
in_brackets(struct slice line)
{
    return line.data[0] == '(' && line.data[line.size - 1] == ')';
}

// The headline is the last line that is not taken otherwise.
static uint32_t
head_of(struct message *m, const struct slice *lines, uint32_t count)
{
    uint32_t head = count;
    for (uint32_t i = 0; i < count; i++) {
        slugwords_before_colon(lines[i], &m->words);
        bool taken = teleprinter_byline(lines[i]) ||
                     slugwords_read(lines[i], &m->words) ||
                     (i == 0 && count > 1 && is_slug(lines[i]));
        if (!taken &&
            (head == count || !in_brackets(lines[i]) || in_brackets(lines[head])))
            head = i;
    }
    return head;
}

static void
read_header_words(struct message *m, struct slice *lines, uint32_t count)
{
    uint32_t head = head_of(m, lines, count);
    for (uint32_t i = 0; i < count; i++) {
        struct slugwords none = {0};
        if (i == head)
            article_add_headline(m->a, "main", lines[i]);
        else if (teleprinter_byline(lines[i]) && !article_text(m->a, ARTICLE_BY).size) {
            article_set_text(m->a, ARTICLE_BY, lines[i]);
            article_add_person(m->a, "author", teleprinter_person(lines[i]));
        } else if (i == 0 && is_slug(lines[i]) && !slugwords_read(lines[i], &none))
            set_slug(m->a, lines[i]);
        else
            article_add_headline(m->a, "kicker", lines[i]);
    }
}

// What stands before STX: the frame line, the keyword line, and with some agencies the
// header lines, too.
static void
read_header(struct message *m)
{
    struct slice rest = m->header, lines[HEADER_LINES];
    uint32_t count = 0, seen = 0;
    while (rest.size) {
        struct slice line =
            teleprinter_trim(teleprinter_clean(teleprinter_line(&rest), m->a->arena));
        line = without_equals(line);
        if (!line.size)
            continue;
        if (seen++ == 0)
            read_frame_line(m, line);
        else if (seen == 2)
            set_slug(m->a, line);
        else if (count < HEADER_LINES)
            lines[count++] = line;
        else
            article_warn(m->a, "not-carried", SLICE("header"));
    }
    m->headed = count > 0;
    read_header_words(m, lines, count);
}

// Text that goes over the end of a line and closes as a sentence is no headline.
static bool
is_paragraph(struct slice text)
{
    return text.size > LINE_MAX_7901 && text.data[text.size - 1] == '.';
}

// The header block runs to the line closed by "=", or to an empty line; a message without
// either has none, nor one whose text begins at once.
static struct slice
read_header_lines(struct message *m)
{
    struct slice rest = m->text, lines[HEADER_LINES + 1];
    uint32_t count = 0;
    bool over = false;
    while (rest.size && !over && count <= HEADER_LINES) {
        struct slice line =
            teleprinter_trim(teleprinter_clean(teleprinter_line(&rest), m->a->arena));
        if (!line.size && count)
            break;
        over = closes_header(line);
        line = without_equals(line);
        if (!line.size)
            continue;
        bool joins = count && goes_on(lines[count - 1], line) &&
                     !teleprinter_byline(line) && !teleprinter_byline(lines[count - 1]);
        if (joins)
            lines[count - 1] = arena_printf(
                m->a->arena, "%.*s %.*s", SLICE_ARG(lines[count - 1]), SLICE_ARG(line));
        else
            lines[count++] = line;
    }
    bool none = !over && count && (m->headed || is_paragraph(lines[count - 1]));
    if (count > HEADER_LINES || !rest.size || none)
        return m->text;
    read_header_words(m, lines, count);
    return rest;
}

static bool
starts_notes(struct slice line)
{
    static const char *const starts[] = {
        "the following information is not intended for",
        "die folgenden informationen sind nicht", "# notebook", "# notizblock"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (teleprinter_starts_nocase(line, starts[i]))
            return true;
    return slice_is(line, "* * * *");
}

static void
measure(struct message *m, struct slice text)
{
    m->body.width = 0;
    while (text.size) {
        struct slice line = teleprinter_trim(teleprinter_line(&text));
        if (line.size > m->body.width && line.size <= LINE_MAX_7901 + 11)
            m->body.width = line.size;
    }
}

static void
read_text(struct message *m, struct slice rest)
{
    bool notes = false;
    while (rest.size) {
        struct slice line = teleprinter_clean(teleprinter_line(&rest), m->a->arena);
        struct slice trimmed = teleprinter_trim(line);
        struct stamp stamp;
        if (!notes && starts_notes(trimmed))
            notes = true;
        struct teleprinter *to = notes ? &m->notes : &m->body;
        if (!trimmed.size) {
            teleprinter_end_block(to);
        } else if (!m->stamped && teleprinter_blank(rest) &&
                   stamps_read(trimmed, m->input->issue_date, &stamp)) {
            m->stamp = stamp;
            m->stamped = true;
        } else {
            if (slice_starts(line, SLICE("   ")) && !to->row)
                teleprinter_end_block(to); // an indent begins a paragraph
            teleprinter_put(to, trimmed);
        }
    }
}

static void
read_tail(struct message *m)
{
    struct slice rest = m->tail;
    while (rest.size) {
        struct slice line =
            teleprinter_trim(teleprinter_clean(teleprinter_line(&rest), m->a->arena));
        struct stamp stamp;
        if (!line.size || slice_is(line, "NNNN"))
            continue;
        if (!m->stamped && stamps_read(line, m->input->issue_date, &stamp)) {
            m->stamp = stamp;
            m->stamped = true;
        } else if (teleprinter_decimal(line).size >= 4) {
            article_warn(m->a, "date-incomplete", line);
        } else {
            article_warn(m->a, "not-carried", SLICE("after the text"));
        }
    }
}

// Numbers come again every day, so without a day there is no id.
static void
set_uri(struct message *m)
{
    if (!m->stamped || !m->number.size || m->source.size + m->number.size > 40)
        return;
    article_set_text(m->a, ARTICLE_URI,
        arena_printf(m->a->arena, "urn:iptc7901:%.*s:%04d%02d%02d:%.*s",
            SLICE_ARG(m->source), m->stamp.year, m->stamp.month, m->stamp.day,
            SLICE_ARG(m->number)));
}

static void
finish(struct message *m)
{
    struct slice body = teleprinter_text(&m->body), notes = teleprinter_text(&m->notes);
    slugwords_set(&m->words, m->a);
    if (m->stamped)
        stamps_set(&m->stamp, m->input->zone, m->a);
    set_uri(m);
    article_set_text(m->a, ARTICLE_TYPE, SLICE("text"));
    if (notes.size)
        article_set_text(m->a, ARTICLE_ED_NOTE, notes);
    if (!body.size)
        return;
    article_add_body(m->a, "text/plain", body);
    teleprinter_dateline(m->a, body);
}

static void
cut(struct message *m, struct slice message)
{
    message = until(message, EOT);
    bool framed = has(message, STX);
    struct slice rest = message;
    if (framed) {
        m->header = until(message, STX);
        rest = slice_from(message, m->header.size + 1);
    } else { // a frame line, a keyword line, an empty line: whatever comes first
        (void)teleprinter_line(&rest);
        m->header = slice_until(message, message.size - rest.size);
    }
    m->text = until(rest, ETX);
    m->tail = slice_from(rest, m->text.size + 1);
    if (!has(rest, ETX))
        article_warn(m->a, "no-end-of-text", slice_of(NULL, 0));
}

static void
read_message(const struct format_input *input, struct slice message, struct article *a)
{
    struct message m = {.input = input, .a = a};
    cut(&m, message);
    read_header(&m);
    struct slice text = read_header_lines(&m);
    if (!teleprinter_begin(&m.body, text, a->arena) ||
        !teleprinter_begin(&m.notes, text, a->arena))
        return;
    measure(&m, text);
    read_text(&m, text);
    read_tail(&m);
    finish(&m);
}

void
iptc7901_read(const struct format_input *input, struct slice raw, struct arena *arena,
    struct format_output *out)
{
    teleprinter_read(input, raw, arena, out, read_message);
}
