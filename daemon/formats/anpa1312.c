// ANPA 1312 (bulletin 84-2), the wire format of North American agencies:
//
//   SYN SYN SOH service number US selectors CR LF
//   priority SP category DC3|DC4 DC1|DC2 SP keyword MM-DD SP words CR LF
//   STX ^keyword line< ^headline< ^By X= TAB paragraphs ... ETX stamp CR LF EOT
//
// DC2 says that the text is tabular: its lines stay lines. "^", "<" and "=" are rails and
// quads of the teletypesetter and mean nothing at the borders of a line; ``, '' and _ are
// text. Agencies differ in nearly everything else, so each part is read by its shape and
// may be absent.
#include "formats/ascii.h"
#include "formats/readers.h"
#include "formats/slugwords.h"
#include "formats/stamps.h"
#include "formats/teleprinter.h"

#define STX 0x02
#define ETX 0x03
#define EOT 0x04
#define BS 0x08
#define DC1 0x11
#define DC2 0x12
#define DC4 0x14
#define US 0x1f
#define AFFILIATION_MAX 40U
#define HEAD_LINE_MAX 400U // without a rail before it, longer is a paragraph

struct message {
    const struct format_input *input;
    struct article *a;
    struct slice header, text, tail; // before STX, to ETX, behind it
    struct slice service, number, category, keyword, day; // of the header
    struct slugwords words;
    struct stamp stamp;
    struct teleprinter body;
    struct slice by, affiliation, ed_note;
    bool tabular, stamped, keyed, headed, bylined, in_body;
};

struct rail {
    struct slice content; // without rails
    bool head;            // opens with ^ or closes with < or =
    bool raised;          // opens with ^
    bool quad;            // closes with =: centred
    bool tab, row;        // opens with TAB (or spaces), or BS
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

static struct rail
rail_of(struct slice line, struct arena *arena)
{
    struct rail r = {0};
    bool spaces = slice_starts(line, SLICE("   "));
    while (line.size && (line.data[0] < 0x21 || line.data[0] == '^')) {
        r.raised |= line.data[0] == '^';
        r.tab |= line.data[0] == '\t';
        r.row |= line.data[0] == BS;
        line = slice_from(line, 1);
    }
    r.tab |= spaces;
    line = teleprinter_clean(line, arena);
    while (line.size && strchr("<=^> ", line.data[line.size - 1])) {
        r.head |= strchr("<=", line.data[line.size - 1]) != NULL;
        r.quad |= line.data[line.size - 1] == '=';
        line.size--;
    }
    r.head |= r.raised;
    r.content = line;
    return r;
}

// Priorities of the bulletin by their letters; the others (a, s, w: for a later day) are
// below what is regular.
static uint32_t
urgency_of(uint8_t letter)
{
    static const char order[] = "fburd";
    const char *at = strchr(order, letter | 0x20);
    return at ? (uint32_t)(at - order) + 1 : 6;
}

static void
read_frame_line(struct message *m, struct slice line)
{
    while (line.size && !ascii_letter(line.data[0]) &&
           !(line.data[0] >= '0' && line.data[0] <= '9'))
        line = slice_from(line, 1);
    size_t n = 0;
    while (n < line.size && ascii_letter(line.data[n]))
        n++;
    m->service = slice_until(line, n);
    m->number = teleprinter_decimal(slice_from(line, n));
    struct slice rest = slice_from(line, n + m->number.size);
    while (rest.size) {
        struct slice code = until(slice_from(rest, rest.data[0] == US), US);
        rest = slice_from(rest, code.size + (rest.data[0] == US));
        code = teleprinter_trim(teleprinter_clean(code, m->a->arena));
        if (code.size && code.data[0] != '-')
            teleprinter_alt_id(m->a, "selector", code);
        if (!code.size && rest.size && rest.data[0] != US)
            break;
    }
}

static void
set_category(struct message *m, struct slice code)
{
    struct value *entry = article_add(m->a, ARTICLE_SUBJECTS, 3);
    m->category = code;
    if (!entry)
        return;
    value_set(entry, "literal", value_of_text(code), m->a->arena);
    value_set(entry, "rel", value_of_text(SLICE("category")), m->a->arena);
    value_set(entry, "creator", value_of_text(SLICE("ANPA 1312")), m->a->arena);
    if ((code.data[0] | 0x20) == 'v') // the bulletin's category of advisories
        m->words.advisory = true;
}

// From the end: a count of words, a day, and before them the keyword with its version.
static void
read_keyword(struct message *m, struct slice rest)
{
    size_t at = rest.size;
    while (at > 0 && rest.data[at - 1] >= '0' && rest.data[at - 1] <= '9')
        at--;
    if (rest.size - at >= 3 && at > 0 && rest.data[at - 1] == ' ') {
        article_warn(m->a, "not-carried", SLICE("header word count"));
        rest = teleprinter_trim(slice_until(rest, at));
    }
    struct slice day = slice_from(rest, rest.size > 5 ? rest.size - 5 : 0);
    if (day.size == 5 && day.data[2] == '-' && teleprinter_decimal(day).size == 2 &&
        teleprinter_decimal(slice_from(day, 3)).size == 2) {
        m->day = day;
        rest = teleprinter_trim(slice_until(rest, rest.size - 5));
    }
    m->keyword = rest;
    const uint8_t *space = rest.size ? memchr(rest.data, ' ', rest.size) : NULL;
    if (space)
        (void)slugwords_read(
            slice_from(rest, (size_t)(space - rest.data) + 1), &m->words);
}

static bool
is_story_line(struct slice line)
{
    return line.size > 3 && ascii_letter(line.data[0]) && line.data[1] == ' ' &&
           ascii_letter(line.data[2]) && !ascii_letter(line.data[3]);
}

static void
read_story_line(struct message *m, struct slice line)
{
    article_set_number(m->a, ARTICLE_URGENCY, urgency_of(line.data[0]));
    set_category(m, slice_of(line.data + 2, 1));
    line = slice_from(line, 3);
    size_t n = 0;
    while (n < line.size && line.data[n] <= 0x20) {
        m->tabular |= line.data[n] == DC2;
        n++;
    }
    read_keyword(
        m, teleprinter_trim(teleprinter_clean(slice_from(line, n), m->a->arena)));
}

static void
read_header(struct message *m)
{
    struct slice rest = m->header;
    bool frame = false, story = false;
    while (rest.size) {
        struct slice line = teleprinter_trim(teleprinter_line(&rest));
        if (!line.size)
            continue;
        if (!story && is_story_line(line)) {
            read_story_line(m, line);
            story = true;
        } else if (!frame && !story) {
            read_frame_line(m, line);
            frame = true;
        } else {
            article_warn(m->a, "not-carried", SLICE("header"));
        }
    }
    if (m->number.size)
        teleprinter_alt_id(m->a, "sequence",
            arena_printf(
                m->a->arena, "%.*s%.*s", SLICE_ARG(m->service), SLICE_ARG(m->number)));
}

static void
add_ed_note(struct message *m, struct slice note)
{
    m->ed_note = m->ed_note.size ? arena_printf(m->a->arena, "%.*s\n\n%.*s",
                                       SLICE_ARG(m->ed_note), SLICE_ARG(note))
                                 : note;
}

static bool
is_ed_note(struct slice line)
{
    static const char *const starts[] = {"eds:", "eds.:", "eds ",
        "editors:", "editors ", "editor's note", "editors' note", "editors note",
        "note to editors", "attention editors", "attn editors", "ed:", "desks:"};
    if (line.size && strchr("([", line.data[0]))
        line = slice_from(line, 1);
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (teleprinter_starts_nocase(line, starts[i]))
            return true;
    return false;
}

// "AP Photo XRE109, VLM126", "With Graphic WX-12": which media go with the story.
static bool
is_media_note(struct slice line)
{
    static const char *const kinds[] = {"photo", "graphic", "video", "audio", "map"};
    bool digit = false;
    struct slice rest = line;
    for (size_t i = 0; i < line.size; i++)
        digit |= line.data[i] >= '0' && line.data[i] <= '9';
    for (unsigned word = 0; word < 2 && digit && rest.size; word++) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (teleprinter_starts_nocase(rest, kinds[i]))
                return true;
        struct slice first = until(rest, ' ');
        if (first.size > 10)
            break;
        rest = slice_from(rest, first.size + 1);
    }
    return false;
}

static void
add_media(struct message *m, struct slice line)
{
    struct value *entry = article_add(m->a, ARTICLE_ASSOCIATIONS, 2);
    if (!entry)
        return;
    value_set(entry, "name", value_of_text(line), m->a->arena);
    value_set(entry, "type", value_of_text(SLICE("picture")), m->a->arena);
}

static void
set_byline(struct message *m)
{
    struct slice name = teleprinter_person(m->by);
    struct value *entry = article_add(m->a, ARTICLE_PEOPLE, 3);
    article_set_text(m->a, ARTICLE_BY, m->by);
    if (!entry)
        return;
    value_set(entry, "name", value_of_text(name), m->a->arena);
    value_set(entry, "rel", value_of_text(SLICE("author")), m->a->arena);
    if (m->affiliation.size)
        value_set(entry, "title", value_of_text(m->affiliation), m->a->arena);
}

static void
read_keyword_line(struct message *m, struct slice line)
{
    struct slice count = {0};
    m->keyed = true;
    struct slice slug = slugwords_segments(line, &m->words, &count);
    if (count.size)
        article_warn(m->a, "not-carried", SLICE("keyword line word count"));
    article_set_text(m->a, ARTICLE_SLUGLINE, slug);
}

static void
put_block(struct message *m, struct slice content)
{
    teleprinter_end_block(&m->body);
    teleprinter_put(&m->body, content);
    teleprinter_end_block(&m->body);
}

// A line between keyword line and text.
static void
read_head_line(struct message *m, const struct rail *r)
{
    struct slice line = r->content;
    if (!m->keyed)
        read_keyword_line(m, line);
    else if (is_ed_note(line)) // may be a life word, too: "Eds: KILL"
        add_ed_note(m, line);
    else if (slugwords_read(line, &m->words))
        article_add_headline(m->a, "kicker", line);
    else if (is_media_note(line))
        add_media(m, line);
    else if (!m->bylined && teleprinter_byline(line)) {
        m->by = line;
        m->bylined = true;
    } else if (m->bylined && !m->affiliation.size && !m->tabular &&
               (r->quad || line.size <= AFFILIATION_MAX))
        m->affiliation = line;
    else if (!m->headed) {
        article_add_headline(m->a, "main", line);
        m->headed = true;
    } else if (!m->bylined && !r->quad)
        article_add_headline(m->a, "sub", line);
    else {
        if (m->bylined)
            m->in_body = true;
        put_block(m, line);
    }
}

// "MORE" alone at the end of a take: more follows in another message.
static bool
is_more(struct slice line)
{
    while (line.size && strchr("(_-* ", line.data[0]))
        line = slice_from(line, 1);
    while (line.size && strchr(")_-* ", line.data[line.size - 1]))
        line.size--;
    return line.size == 4 && teleprinter_starts_nocase(line, "more");
}

// "INDEX: HEALTH, POLITICS" below the text.
static void
read_index(struct message *m, struct slice list)
{
    char mark = has(list, ',') ? ',' : ' ';
    while (list.size) {
        struct slice word = until(list, (uint8_t)mark);
        list = slice_from(list, word.size + 1);
        word = teleprinter_trim(word);
        struct value *entry = word.size ? article_add(m->a, ARTICLE_SUBJECTS, 2) : NULL;
        if (!entry)
            continue;
        value_set(entry, "literal", value_of_text(word), m->a->arena);
        value_set(entry, "rel", value_of_text(SLICE("index")), m->a->arena);
    }
}

static void
read_body_line(struct message *m, const struct rail *r)
{
    struct stamp stamp;
    if (!m->stamped && stamps_read(r->content, m->input->issue_date, &stamp)) {
        m->stamp = stamp;
        m->stamped = true;
        return;
    }
    if (is_more(r->content)) {
        article_warn(m->a, "partial", SLICE("more"));
        return;
    }
    if (!r->tab && slice_starts(r->content, SLICE("INDEX: "))) {
        read_index(m, slice_from(r->content, 7));
        return;
    }
    bool rule = r->content.data[0] == '_' && slice_starts(r->content, SLICE("___"));
    if ((r->raised && !r->tab && !r->row) || rule) {
        put_block(m, r->content);
        return;
    }
    if (!m->tabular && (r->tab || !m->body.open) && !r->row)
        teleprinter_end_block(&m->body);
    teleprinter_put(&m->body, r->content);
}

// A keyword line stands first, on rails; without them the header must name it.
static bool
is_keyword_line(const struct message *m, const struct rail *r)
{
    struct slice start = slice_until(m->keyword, 5);
    return r->head || (start.size == 5 && slice_starts(r->content, start));
}

// A head line that goes on in the next: it opened with a rail and has not closed.
static struct rail
whole_head_line(struct message *m, struct rail r, struct slice *rest)
{
    while (r.raised && rest->size && !m->in_body) {
        struct slice ahead = *rest;
        struct slice line = teleprinter_line(&ahead);
        struct rail next = rail_of(line, m->a->arena);
        if (!next.content.size || next.raised || next.tab || next.row ||
            r.content.size > ARTICLE_HEADLINE_MAX)
            break;
        r.content = arena_printf(
            m->a->arena, "%.*s %.*s", SLICE_ARG(r.content), SLICE_ARG(next.content));
        r.quad = next.quad;
        *rest = ahead;
        if (next.head)
            break;
    }
    return r;
}

static bool
closed(struct slice line)
{
    line = teleprinter_trim(line);
    return line.size && strchr("<=", line.data[line.size - 1]);
}

static void
read_text(struct message *m)
{
    struct slice rest = m->text;
    while (rest.size) {
        struct slice line = teleprinter_line(&rest);
        struct rail r = rail_of(line, m->a->arena);
        if (!r.content.size) {
            if (!m->tabular || r.head)
                teleprinter_end_block(&m->body);
            continue;
        }
        if (!m->in_body && r.raised && !closed(line))
            r = whole_head_line(m, r, &rest);
        bool short_line = r.raised || r.content.size <= HEAD_LINE_MAX;
        bool head = r.head && !r.row && !r.tab && short_line;
        if (!m->in_body && !m->keyed && is_keyword_line(m, &r))
            head = true;
        if (!m->in_body && head) {
            read_head_line(m, &r);
            continue;
        }
        m->in_body = true;
        read_body_line(m, &r);
    }
}

static void
measure(struct message *m)
{
    struct slice rest = m->text;
    while (rest.size && !m->tabular) {
        struct slice line = teleprinter_trim(teleprinter_line(&rest));
        if (line.size > m->body.width)
            m->body.width = line.size;
    }
}

static void
read_tail(struct message *m)
{
    struct slice rest = m->tail;
    while (rest.size) {
        struct slice line = teleprinter_clean(teleprinter_line(&rest), m->a->arena);
        struct stamp stamp;
        if (teleprinter_blank(line))
            continue;
        if (!m->stamped && stamps_read(line, m->input->issue_date, &stamp)) {
            m->stamp = stamp;
            m->stamped = true;
        } else if (!is_more(teleprinter_trim(line))) {
            article_warn(m->a, "not-carried", SLICE("after the text"));
        }
    }
}

// The day of an id: the stamp's; else that of the header in the year of the issue date.
static struct slice
day_of(struct message *m)
{
    struct slice issue = m->input->issue_date;
    if (m->stamped)
        return arena_printf(
            m->a->arena, "%04d%02d%02d", m->stamp.year, m->stamp.month, m->stamp.day);
    if (!m->day.size || issue.size < 4 || teleprinter_decimal(issue).size != 4)
        return slice_of(NULL, 0);
    article_warn(m->a, "date-assumed", SLICE("uri"));
    return arena_printf(m->a->arena, "%.4s%.2s%.2s", (const char *)issue.data,
        (const char *)m->day.data, (const char *)m->day.data + 3);
}

// Numbers come again every day, so without a day there is no id.
static void
set_uri(struct message *m)
{
    struct slice day = m->number.size ? day_of(m) : slice_of(NULL, 0);
    if (!day.size || m->number.size > 12 || m->service.size > 12)
        return;
    article_set_text(m->a, ARTICLE_URI,
        arena_printf(m->a->arena, "urn:anpa1312:%.*s%s%.*s:%.*s%.*s",
            SLICE_ARG(m->stamp.agency), m->stamp.agency.size ? ":" : "", SLICE_ARG(day),
            SLICE_ARG(m->service), SLICE_ARG(m->number)));
}

static void
finish(struct message *m)
{
    struct slice body = teleprinter_text(&m->body);
    struct slice kept = teleprinter_trim(m->keyword);
    if (m->by.size)
        set_byline(m);
    if (m->ed_note.size)
        article_set_text(m->a, ARTICLE_ED_NOTE, m->ed_note);
    if (kept.size && article_text(m->a, ARTICLE_SLUGLINE).size)
        teleprinter_alt_id(m->a, "keyword", kept);
    else if (kept.size)
        article_set_text(m->a, ARTICLE_SLUGLINE, kept);
    slugwords_set(&m->words, m->a);
    if (m->stamped)
        stamps_set(&m->stamp, m->input->zone, m->a);
    set_uri(m);
    article_set_text(m->a, ARTICLE_TYPE, SLICE("text"));
    if (!body.size)
        return;
    article_add_body(m->a, "text/plain", body);
    teleprinter_dateline(m->a, body);
}

// Without STX the header is what has the shape of one.
static size_t
header_size(struct slice message)
{
    struct slice rest = message;
    struct slice first = teleprinter_trim(teleprinter_line(&rest));
    if (!has(first, US) && !is_story_line(first))
        return 0;
    for (unsigned i = 0; i < 3 && rest.size && !is_story_line(first); i++)
        first = teleprinter_trim(teleprinter_line(&rest));
    return message.size - rest.size;
}

static void
cut(struct message *m, struct slice message)
{
    message = until(message, EOT);
    bool framed = has(message, STX);
    m->header =
        framed ? until(message, STX) : slice_until(message, header_size(message));
    struct slice rest = slice_from(message, m->header.size + framed);
    m->text = until(rest, ETX);
    m->tail = slice_from(rest, m->text.size + 1);
    if (framed && !has(rest, ETX))
        article_warn(m->a, "no-end-of-text", slice_of(NULL, 0));
}

static void
read_message(const struct format_input *input, struct slice message, struct article *a)
{
    struct message m = {.input = input, .a = a};
    cut(&m, message);
    read_header(&m);
    if (!teleprinter_begin(&m.body, m.text, a->arena))
        return;
    measure(&m);
    read_text(&m);
    read_tail(&m);
    finish(&m);
}

void
anpa1312_read(const struct format_input *input, struct slice raw, struct arena *arena,
    struct format_output *out)
{
    teleprinter_read(input, raw, arena, out, read_message);
}
