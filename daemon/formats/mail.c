// Mail (RFC 5322 with MIME), as a desk gets it from agencies, stringers and forms.
//
// Headers carried: Subject, From, Reply-To, Date, Message-ID, In-Reply-To, References,
// Priority, X-Priority, Importance, Expires, Keywords, Content-Language, Organization,
// Comments. The others say how a mail travelled and stay in the raw bytes.
//
// Body: the text parts that are not attached, in order; of alternatives the plain one, or
// the HTML as text where there is no other. Where one HTML says the whole text it is kept
// beside it, as far as HTML may be stored. Quoted text and the signature are
// part of what was sent and stay: what to cut is the desk's to say. Attachments and
// forwarded mails are associations; their bytes are not carried.
#include "formats/dates.h"
#include "formats/ascii.h"
#include "formats/decode.h"
#include "formats/html.h"
#include "formats/mime.h"
#include "formats/readers.h"

#define REFERENCES_MAX 16U
#define KEYWORDS_MAX 64U

struct mail {
    const struct format_input *input;
    struct article *a;
    struct arena *arena;
    const struct mime_part *root;
    uint8_t *text; // the blocks gathered so far
    size_t size, room;
    bool noted;                 // the charset of the first text is the article's
    struct slice html;          // what may be stored of the last HTML read
    uint32_t texts, html_texts; // parts gathered; HTML read, alternatives too
};

// ---- headers

static struct slice
header(const struct mail *m, const char *name)
{
    return ascii_trim(mime_header(m->root, name, m->arena));
}

static struct slice
header_text(const struct mail *m, const char *name)
{
    return ascii_trim(mime_words(header(m, name), m->arena));
}

struct address {
    struct slice name, at; // name decoded; may be empty
};

// The end of one address in a list: a comma or semicolon outside quotes and brackets.
static size_t
address_size(struct slice list)
{
    bool quoted = false;
    int depth = 0;
    size_t n = 0;
    for (; n < list.size; n++) {
        uint8_t c = list.data[n];
        if (c == '\\')
            n++;
        else if (c == '"' && !depth)
            quoted = !quoted;
        else if (!quoted && c == '(')
            depth++;
        else if (!quoted && c == ')' && depth)
            depth--;
        else if (!quoted && !depth && (c == ',' || c == ';'))
            break;
    }
    return n < list.size ? n : list.size;
}

static struct slice
between(struct slice text, char open, char close)
{
    const uint8_t *from = text.size ? memchr(text.data, open, text.size) : NULL;
    if (!from)
        return slice_of(NULL, 0);
    struct slice rest = slice_from(text, (size_t)(from - text.data) + 1);
    const uint8_t *to = rest.size ? memchr(rest.data, close, rest.size) : NULL;
    return to ? slice_until(rest, (size_t)(to - rest.data)) : rest;
}

static struct slice
without_quotes(struct slice name, struct arena *arena)
{
    name = ascii_trim(name);
    if (name.size < 2 || name.data[0] != '"')
        return name;
    uint8_t *copy = arena_alloc(arena, name.size);
    size_t size = 0;
    for (size_t i = 1; copy && i < name.size && name.data[i] != '"'; i++) {
        i += name.data[i] == '\\' && i + 1 < name.size;
        copy[size++] = name.data[i];
    }
    return slice_of(copy, size);
}

// "Ada Quill" <ada@a.example>, ada@a.example (Ada Quill), ada@a.example
static struct address
address_of(struct slice one, struct arena *arena)
{
    struct address a = {.at = ascii_trim(between(one, '<', '>'))};
    if (a.at.size) {
        const uint8_t *open = memchr(one.data, '<', one.size);
        a.name = slice_until(one, (size_t)(open - one.data));
    } else {
        a.name = between(one, '(', ')');
        const uint8_t *open = one.size ? memchr(one.data, '(', one.size) : NULL;
        a.at = ascii_trim(open ? slice_until(one, (size_t)(open - one.data)) : one);
    }
    a.name = ascii_trim(mime_words(without_quotes(a.name, arena), arena));
    a.at = mime_words(a.at, arena);
    return a;
}

static void
add_person(struct mail *m, const char *rel, const struct address *who)
{
    struct value *entry = article_add(m->a, ARTICLE_PEOPLE, 3);
    struct value list, contact;
    if (!entry)
        return;
    value_set(
        entry, "name", value_of_text(who->name.size ? who->name : who->at), m->arena);
    value_set(entry, "rel", value_of_text(slice_str(rel)), m->arena);
    list = value_list(m->arena, who->at.size ? 1 : 0);
    if (!list.list.items || !list.list.count)
        return;
    contact = value_map(m->arena, 2);
    value_set(&contact, "type", value_of_text(SLICE("email")), m->arena);
    value_set(&contact, "value", value_of_text(who->at), m->arena);
    list.list.items[0] = contact;
    value_set(entry, "contactInfo", list, m->arena);
}

static bool
holds(struct slice text, char c)
{
    return text.size && memchr(text.data, c, text.size);
}

// "Quill, Ada <ada@a.example>" should be in quotes and often is not: what has no address
// before a comma belongs to the name behind it.
static size_t
person_size(struct slice list)
{
    size_t size = address_size(list);
    struct slice rest = slice_from(list, size + 1);
    struct slice next = slice_until(rest, address_size(rest));
    bool bare = !holds(slice_until(list, size), '@') && size < list.size;
    return bare && list.data[size] == ',' && holds(next, '<') ? size + 1 + next.size
                                                              : size;
}

static void
read_people(struct mail *m, const char *name, const char *rel, bool by)
{
    struct slice list = header(m, name);
    while (list.size) {
        struct slice one = ascii_trim(slice_until(list, person_size(list)));
        list = slice_from(list, person_size(list) + 1);
        if (!one.size)
            continue;
        struct address who = address_of(one, m->arena);
        if (by && !article_text(m->a, ARTICLE_BY).size)
            article_set_text(m->a, ARTICLE_BY, who.name.size ? who.name : who.at);
        if (who.at.size || who.name.size)
            add_person(m, rel, &who);
    }
}

static void
read_time(struct mail *m, const char *name, enum article_field field)
{
    (void)date_set(
        m->a, field, header(m, name), m->input->zone); // warns of what is none
}

static void
add_alt_id(struct mail *m, const char *role, struct slice value)
{
    struct value *entry = value.size ? article_add(m->a, ARTICLE_ALT_IDS, 2) : NULL;
    if (!entry)
        return;
    value_set(entry, "role", value_of_text(slice_str(role)), m->arena);
    value_set(entry, "value", value_of_text(value), m->arena);
}

// A list of ids in angle brackets.
static void
read_ids(struct mail *m, const char *name, const char *role)
{
    struct slice list = header(m, name);
    for (unsigned i = 0; list.size && i < REFERENCES_MAX; i++) {
        const uint8_t *open = memchr(list.data, '<', list.size);
        if (!open)
            return;
        struct slice id = between(list, '<', '>');
        list = slice_from(list, (size_t)(open - list.data) + id.size + 2);
        add_alt_id(m, role, ascii_trim(id));
    }
    if (list.size && memchr(list.data, '<', list.size))
        article_warn(m->a, "not-carried", slice_str(name));
}

static void
read_id(struct mail *m)
{
    struct slice id = header(m, "message-id"), inner = ascii_trim(between(id, '<', '>'));
    if (inner.size || id.size)
        article_set_text(m->a, ARTICLE_URI, inner.size ? inner : id);
}

// X-Priority is 1 to 5, the others are words; urgency is 1 to 9 with 5 as usual.
static const struct {
    const char *header, *value;
    uint32_t urgency;
} priorities[] = {
    {"x-priority", "1",          1},
    {"x-priority", "2",          3},
    {"x-priority", "3",          5},
    {"x-priority", "4",          6},
    {"x-priority", "5",          8},
    {"priority",   "urgent",     3},
    {"priority",   "normal",     5},
    {"priority",   "non-urgent", 7},
    {"importance", "high",       3},
    {"importance", "normal",     5},
    {"importance", "low",        7},
};

static void
read_priority(struct mail *m)
{
    for (size_t i = 0; i < sizeof priorities / sizeof *priorities; i++) {
        struct slice value = header(m, priorities[i].header);
        if (slice_starts(slice_str(priorities[i].header), SLICE("x-")))
            value = slice_until(value, 1); // "1 (Highest)"
        if (!mime_nocase(value, priorities[i].value))
            continue;
        article_set_number(m->a, ARTICLE_URGENCY, priorities[i].urgency);
        return;
    }
}

static void
read_keywords(struct mail *m)
{
    struct slice list = header_text(m, "keywords");
    for (unsigned i = 0; list.size && i < KEYWORDS_MAX; i++) {
        const uint8_t *comma = memchr(list.data, ',', list.size);
        struct slice word =
            comma ? slice_until(list, (size_t)(comma - list.data)) : list;
        list = slice_from(list, word.size + 1);
        word = ascii_trim(word);
        struct value *entry = word.size ? article_add(m->a, ARTICLE_SUBJECTS, 2) : NULL;
        if (!entry)
            continue;
        value_set(entry, "literal", value_of_text(word), m->arena);
        value_set(entry, "rel", value_of_text(SLICE("keyword")), m->arena);
    }
    if (list.size)
        article_warn(m->a, "not-carried", SLICE("keywords"));
}

static void
read_language(struct mail *m)
{
    struct slice tag = header(m, "content-language");
    const uint8_t *comma = tag.size ? memchr(tag.data, ',', tag.size) : NULL;
    if (comma) // several: the first is the one it is written in
        tag = slice_until(tag, (size_t)(comma - tag.data));
    tag = ascii_trim(tag);
    for (size_t i = 0; i < tag.size; i++)
        if (tag.data[i] >= 0x80 || strchr(" \t()<>\"", tag.data[i]))
            return;
    if (tag.size && tag.size <= article_rows[ARTICLE_LANGUAGE].limit)
        article_set_text(m->a, ARTICLE_LANGUAGE, tag);
}

static void
read_headers(struct mail *m)
{
    struct slice subject = header_text(m, "subject"), text;
    read_id(m);
    if (subject.size)
        article_add_headline(m->a, "main", subject);
    read_people(m, "from", "author", true);
    read_people(m, "reply-to", "replyTo", false);
    read_time(m, "date", ARTICLE_FIRST_CREATED);
    read_time(m,
        mime_header(m->root, "expires", m->arena).size ? "expires" : "expiry-date",
        ARTICLE_EXPIRES);
    read_ids(m, "in-reply-to", "inReplyTo");
    read_ids(m, "references", "references");
    read_priority(m);
    read_keywords(m);
    read_language(m);
    text = header_text(m, "comments");
    if (text.size)
        article_set_text(m->a, ARTICLE_ED_NOTE, text);
    text = header_text(m, "organization");
    struct value *entry = text.size ? article_add(m->a, ARTICLE_INFO_SOURCES, 1) : NULL;
    if (entry)
        value_set(entry, "name", value_of_text(text), m->arena);
}

// ---- parts

// Text with the name of a file is one unless it says that it is to be read here.
static bool
is_attachment(const struct mime_part *part)
{
    bool text = mime_is(part, "text/plain") || mime_is(part, "text/html");
    bool named = part->name.size && !slice_is(part->disposition, "inline");
    return slice_is(part->disposition, "attachment") || !text || named;
}

static void
gather(struct mail *m, struct slice block)
{
    block = ascii_trim(block);
    size_t want = m->size + block.size + 2;
    if (!block.size)
        return;
    if (want > m->room) {
        uint8_t *grown = arena_grow(m->arena, m->text, m->size, want * 2, 1);
        if (!grown)
            return;
        m->text = grown;
        m->room = want * 2;
    }
    if (m->size) {
        memcpy(m->text + m->size, "\n\n", 2);
        m->size += 2;
    }
    memcpy(m->text + m->size, block.data, block.size);
    m->size += block.size;
    m->texts++;
}

static struct slice
read_html(struct mail *m, struct slice html)
{
    struct html_done done = html_blocks(html, m->arena);
    m->html = done.blocks.html;
    m->html_texts++;
    if (done.pictures_count)
        article_warn(m->a, "not-carried", SLICE("pictures in HTML"));
    if (done.blocks.too_long || done.blocks.html_too_long)
        article_warn(m->a, "cut", SLICE("text/html"));
    return done.blocks.plain;
}

// The text of a part; false where its bytes are none.
static bool
part_text(struct mail *m, const struct mime_part *part, struct slice *out)
{
    struct decoded decoded;
    struct fault fault = FAULT_NONE;
    struct slice bytes = mime_bytes(part, m->arena);
    struct slice hint = part->charset.size ? part->charset : m->input->charset;
    if (!decode_text(bytes, hint, m->arena, &decoded, &fault)) {
        article_warn(m->a, "not-text", part->type);
        return false;
    }
    if (!m->noted && bytes.size)
        decode_note(&decoded, m->a);
    m->noted |= bytes.size > 0;
    *out = decoded.text;
    if (mime_is(part, "text/html"))
        *out = read_html(m, decoded.text);
    else if (part->flowed)
        *out = mime_unflow(decoded.text, part->delsp, m->arena);
    return true;
}

static const char *
kind_of(struct slice type)
{
    static const struct {
        const char *start, *kind;
    } kinds[] = {
        {"image/",   "picture"},
        {"audio/",   "audio"  },
        {"video/",   "video"  },
        {"text/",    "text"   },
        {"message/", "text"   },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_starts(type, slice_str(kinds[i].start)))
            return kinds[i].kind;
    return NULL;
}

static void
set(struct mail *m, struct value *map, const char *key, struct slice text)
{
    if (text.size)
        value_set(map, key, value_of_text(text), m->arena);
}

static void
add_attachment(struct mail *m, const struct mime_part *part)
{
    struct value *entry = article_add(m->a, ARTICLE_ASSOCIATIONS, 5);
    if (!entry)
        return;
    set(m, entry, "name", part->name.size ? part->name : part->type);
    set(m, entry, "contentType", part->type);
    if (kind_of(part->type))
        set(m, entry, "type", slice_str(kind_of(part->type)));
    if (part->id.size)
        set(m, entry, "uri", arena_printf(m->arena, "cid:%.*s", SLICE_ARG(part->id)));
    int64_t bytes = (int64_t)mime_bytes(part, m->arena).size;
    value_set(entry, "sizeInBytes", value_of_int(bytes), m->arena);
}

static void gather_parts(struct mail *m, const struct mime_part *part);

static void
set_list(struct mail *m, struct value *entry, const char *key, const char *type,
    struct slice text)
{
    struct value list = value_list(m->arena, text.size ? 1 : 0);
    if (!text.size || !list.list.items)
        return;
    list.list.items[0] = value_map(m->arena, 3);
    set(m, &list.list.items[0], "role", SLICE("main"));
    set(m, &list.list.items[0], "contentType", slice_str(type));
    set(m, &list.list.items[0], "value", text);
    value_set(entry, key, list, m->arena);
}

// A mail in the mail is an item of its own that goes with this one.
static void
add_forwarded(struct mail *m, const struct mime_part *part)
{
    struct mail inner = *m;
    struct value *entry = article_add(m->a, ARTICLE_ASSOCIATIONS, 6);
    inner.root = part->first;
    inner.text = NULL;
    inner.size = inner.room = 0;
    inner.texts = inner.html_texts = 0;
    if (!entry || !inner.root)
        return;
    struct slice subject = header_text(&inner, "subject");
    struct slice id = header(&inner, "message-id"),
                 bare = ascii_trim(between(id, '<', '>'));
    gather_parts(&inner, inner.root);
    m->noted |= inner.noted;
    // its own attachments may have grown the list, so that entry lies elsewhere by now
    struct value *list = &m->a->field[ARTICLE_ASSOCIATIONS];
    for (uint32_t i = 0; i < list->list.count; i++)
        if (list->list.items[i].map.pairs == entry->map.pairs)
            entry = &list->list.items[i];
    set(m, entry, "name", subject.size ? subject : part->type);
    set(m, entry, "type", SLICE("text"));
    set(m, entry, "contentType", part->type);
    set(m, entry, "uri", bare.size ? bare : id);
    set_list(m, entry, "headlines", "text/plain", subject);
    set_list(m, entry, "bodies", "text/plain", slice_of(inner.text, inner.size));
}

static bool
has_plain(const struct mime_part *part)
{
    if (mime_is(part, "text/plain"))
        return part->raw.size > 0;
    for (const struct mime_part *c = part->first; c && mime_is(part, "multipart/");
         c = c->next)
        if (has_plain(c))
            return true;
    return false;
}

// It says what the one that was read says: only what may be stored of its HTML, and what
// is attached. Apple's mails hold their pictures in the alternative with the HTML.
static void
read_alternative(struct mail *m, const struct mime_part *part)
{
    struct slice same;
    if (mime_is(part, "multipart/"))
        for (const struct mime_part *c = part->first; c; c = c->next)
            read_alternative(m, c);
    else if (part->first)
        add_forwarded(m, part);
    else if (is_attachment(part))
        add_attachment(m, part);
    else if (mime_is(part, "text/html"))
        (void)part_text(m, part, &same);
}

// Of alternatives one is read: the first that holds plain text, else the first HTML, else
// whatever there is. The others say the same.
static void
gather_alternatives(struct mail *m, const struct mime_part *part)
{
    const struct mime_part *best = NULL;
    for (const struct mime_part *c = part->first; c; c = c->next)
        if (!best ||
            (!has_plain(best) && (has_plain(c) || (mime_is(c, "text/html") &&
                                                      !mime_is(best, "text/html")))))
            best = c;
    for (const struct mime_part *c = part->first; c; c = c->next)
        if (c == best)
            gather_parts(m, c);
        else
            read_alternative(m, c);
}

static void
gather_parts(struct mail *m, const struct mime_part *part)
{
    struct slice text;
    if (mime_is(part, "multipart/alternative") && part->first)
        gather_alternatives(m, part);
    else if (mime_is(part, "multipart/") && part->first)
        for (const struct mime_part *c = part->first; c; c = c->next)
            gather_parts(m, c);
    else if (part->first)
        add_forwarded(m, part);
    else if (is_attachment(part) && part != m->root)
        add_attachment(m, part);
    else if (mime_is(part, "text/") || mime_is(part, "multipart/")) {
        if (mime_is(part, "multipart/")) // without a boundary that is found
            article_warn(m->a, "no-parts", part->type);
        if (part_text(m, part, &text))
            gather(m, text);
    } else
        add_attachment(m, part);
}

// ---- mails

static void
read_mail(const struct format_input *input, struct slice bytes, struct article *a)
{
    struct mail m = {.input = input, .a = a, .arena = a->arena};
    m.root = mime_parse(bytes, a->arena, &a->fault);
    if (!m.root)
        return;
    if (!m.root->headers_count) {
        (void)fault_set(&a->fault, WIRE_ILL_FORMED, 0, "line 1",
            "there is no header: a mail begins with lines like \"Subject: ...\"");
        return;
    }
    read_headers(&m);
    gather_parts(&m, m.root);
    article_set_text(a, ARTICLE_TYPE, SLICE("text"));
    if (m.size)
        article_add_body(a, "text/plain", slice_of(m.text, m.size));
    if (m.html.size && m.texts == 1 && m.html_texts == 1 &&
        m.size + m.html.size <= ARTICLE_TEXT_MAX)
        article_add_body(a, "text/html", m.html);
}

// Where a mail of an mbox begins: "From ", then a day with a time, then a header.
static bool
begins_mail(struct slice text)
{
    if (!slice_starts(text, SLICE("From ")))
        return false;
    const uint8_t *end = memchr(text.data, '\n', text.size < 300 ? text.size : 300);
    struct slice line = end ? slice_until(text, (size_t)(end - text.data)) : text;
    struct slice next = slice_from(text, line.size + 1);
    size_t n = 0;
    while (n < next.size && n < 80 && next.data[n] > ' ' && next.data[n] != ':')
        n++;
    return end && memchr(line.data, ':', line.size) && n && n < next.size &&
           next.data[n] == ':';
}

// The next mail of an mbox, its "From " line taken off; all of text where it is none.
static struct slice
next_mail(struct slice *text)
{
    struct slice rest = *text;
    if (begins_mail(rest)) {
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        rest = slice_from(rest, (size_t)(end - rest.data) + 1);
        for (size_t at = 0; at + 1 < rest.size;) {
            const uint8_t *line = memchr(rest.data + at, '\n', rest.size - at);
            if (!line)
                break;
            at = (size_t)(line - rest.data) + 1;
            if (begins_mail(slice_from(rest, at))) {
                *text = slice_from(rest, at);
                return slice_until(rest, at);
            }
        }
    }
    *text = slice_of(NULL, 0);
    return rest;
}

// A mailbox writes ">" before a line that begins with "From ", so that it begins no mail.
static struct slice
without_guards(struct slice mail, struct arena *arena)
{
    if (!mail.size || !memmem(mail.data, mail.size, ">From ", 6))
        return mail;
    uint8_t *out = arena_alloc(arena, mail.size);
    size_t size = 0;
    for (size_t i = 0; out && i < mail.size; i++) {
        size_t n = i;
        bool start = i == 0 || mail.data[i - 1] == '\n';
        while (start && n < mail.size && mail.data[n] == '>')
            n++;
        bool guard = n > i && slice_starts(slice_from(mail, n), SLICE("From "));
        if (!guard)
            out[size++] = mail.data[i];
    }
    return out ? slice_of(out, size) : mail;
}

static struct slice
skip_blank_lines(struct slice text)
{
    size_t line = 0;
    for (size_t i = 0; i < text.size && text.data[i] <= ' '; i++)
        if (text.data[i] == '\n')
            line = i + 1;
    return slice_from(text, line);
}

void
mail_read(const struct format_input *input, struct slice bytes, struct arena *arena,
    struct format_output *out)
{
    uint32_t count = 0;
    bytes = skip_blank_lines(bytes);
    for (struct slice rest = bytes; rest.size && count <= ARTICLE_ITEMS_MAX; count++)
        (void)next_mail(&rest);
    if (!items_begin(out, count, arena))
        return;
    bool box = begins_mail(bytes);
    while (bytes.size) {
        struct slice one = next_mail(&bytes);
        struct article *a = items_add(out, arena);
        if (!a)
            return;
        read_mail(input, box ? without_guards(one, arena) : one, a);
    }
}
