// Who made an entry. Atom has elements for it; RSS has one line, and people write
// "ada@quill.example (Ada Quill)", "Ada Quill <ada@quill.example>" or a bare name there.
#include "formats/feed_parts.h"

#include "formats/ascii.h"

#define LOGINS_MAX 256U // looked at for each post

struct person {
    struct slice name, email, uri;
};

static struct slice
between(struct slice text, char open, char close, struct slice *outside)
{
    const uint8_t *from = text.size ? memchr(text.data, open, text.size) : NULL;
    if (!from)
        return slice_of(NULL, 0);
    size_t at = (size_t)(from - text.data);
    struct slice rest = slice_from(text, at + 1);
    const uint8_t *to = rest.size ? memchr(rest.data, close, rest.size) : NULL;
    if (!to)
        return slice_of(NULL, 0);
    struct slice after = slice_from(rest, (size_t)(to - rest.data) + 1);
    *outside = ascii_trim(at ? slice_until(text, at) : after);
    return ascii_trim(slice_until(rest, (size_t)(to - rest.data)));
}

static bool
is_address(struct slice text)
{
    return text.size && memchr(text.data, '@', text.size) &&
           !memchr(text.data, ' ', text.size);
}

static struct person
person_of_line(struct slice line)
{
    struct person p = {.name = line};
    struct slice outside = slice_of(NULL, 0);
    struct slice inside = between(line, '<', '>', &outside);
    if (!inside.size)
        inside = between(line, '(', ')', &outside);
    if (inside.size && is_address(inside))
        p = (struct person){.name = outside, .email = inside};
    else if (inside.size && is_address(outside))
        p = (struct person){.name = inside, .email = outside};
    else if (is_address(line))
        p = (struct person){.email = line};
    if (slice_starts(p.email, SLICE("mailto:")))
        p.email = slice_from(p.email, 7);
    return p;
}

static struct slice
child_word(const struct xml_node *node, const char *const names[])
{
    for (size_t i = 0; names[i]; i++) {
        struct slice word = feed_word(xml_first(node, names[i]));
        if (word.size)
            return word;
    }
    return slice_of(NULL, 0);
}

// WordPress' export gives the login of who wrote a post, and beside the posts the names.
static struct person
person_of_login(const struct entry *e, struct slice login)
{
    struct person p = {.name = login};
    const struct xml_node *channel = e->feed->channel.node;
    uint32_t looks = 0;
    for (const struct xml_node *n = xml_first(channel, "author");
         n && looks < LOGINS_MAX; n = xml_next(n, "author"), looks++) {
        struct slice name = feed_word(xml_first(n, "author_display_name"));
        if (!slice_equal(feed_word(xml_first(n, "author_login")), login))
            continue;
        p.name = name.size ? name : login;
        p.email = feed_word(xml_first(n, "author_email"));
        break;
    }
    return p;
}

static struct person
person_of(const struct entry *e, const struct xml_node *node)
{
    static const char *const uris[] = {"uri", "url", "homepage", NULL};
    static const char *const emails[] = {"email", NULL};
    if (!xml_first(node, NULL))
        return e->feed->wxr ? person_of_login(e, feed_line(e, node))
                            : person_of_line(feed_line(e, node));
    struct slice uri = child_word(node, uris);
    return (struct person){xml_line(xml_first(node, "name"), e->feed->arena),
        child_word(node, emails), uri.size ? feed_address(e, node, uri) : uri};
}

static struct value
contact_of(const struct entry *e, struct slice email)
{
    struct value list = value_list(e->feed->arena, 1);
    struct value contact = value_map(e->feed->arena, 2);
    if (!list.list.count || !contact.map.pairs)
        return (struct value){.type = WIRE_NIL};
    feed_set(e, &contact, "type", SLICE("email"));
    feed_set(e, &contact, "value", email);
    list.list.items[0] = contact;
    return list;
}

static bool
is_known(const struct entry *e, const char *rel, struct slice name)
{
    const struct value *people = &e->a->field[ARTICLE_PEOPLE];
    for (uint32_t i = 0; people->type == WIRE_ARRAY && i < people->list.count; i++) {
        const struct value *other = &people->list.items[i];
        if (slice_equal(value_text(value_get(other, "name")), name) &&
            slice_is(value_text(value_get(other, "rel")), rel))
            return true;
    }
    return false;
}

static void
add_person(struct entry *e, const char *rel, const struct person *p)
{
    struct slice name = p->name.size ? p->name : p->email;
    if (!name.size || is_known(e, rel, name))
        return;
    struct value *entry = article_add(e->a, ARTICLE_PEOPLE, 4);
    if (!entry)
        return;
    if (p->email.size)
        value_set(entry, "contactInfo", contact_of(e, p->email), e->feed->arena);
    feed_set(e, entry, "name", name);
    feed_set(e, entry, "rel", slice_str(rel));
    feed_set(e, entry, "uri", p->uri);
}

// All people of a kind; gives their names as a byline has them.
static struct slice
add_people(struct entry *e, const struct feed_level *level, enum feed_kind kind,
    const char *rel)
{
    struct slice by = slice_of(NULL, 0);
    for (uint32_t i = 0; i < level->count; i++) {
        if (level->parts[i].kind != kind)
            continue;
        struct person p = person_of(e, level->parts[i].node);
        struct slice name = p.name.size ? p.name : p.email;
        if (!name.size || is_known(e, rel, name))
            continue;
        add_person(e, rel, &p);
        if (by.size + name.size > 4096) // past any limit: article_check says so
            continue;
        by = by.size ? arena_printf(
                           e->feed->arena, "%.*s, %.*s", SLICE_ARG(by), SLICE_ARG(name))
                     : name;
    }
    return by;
}

// Dublin Core's creator is a name; RSS's author is an address with or without one.
static struct slice
add_authors(struct entry *e, const struct feed_level *level)
{
    struct slice by = add_people(e, level, FEED_CREATOR, "author");
    struct slice more = add_people(e, level, FEED_AUTHOR, "author");
    if (!by.size)
        by = more;
    if (!by.size)
        by = add_people(e, level, FEED_AUTHOR_OTHER, "author");
    return by;
}

// media:credit: the role is one of the European Broadcasting Union's words, mostly.
static void
add_credits(struct entry *e)
{
    for (uint32_t i = 0; i < e->level.count; i++) {
        const struct xml_node *node = e->level.parts[i].node;
        struct slice role = feed_word(NULL);
        if (e->level.parts[i].kind != FEED_CREDIT)
            continue;
        role = xml_attr(node, "role");
        struct person p = {.name = xml_line(node, e->feed->arena)};
        struct slice rel = role.size ? role : SLICE("credit");
        struct value *entry = p.name.size ? article_add(e->a, ARTICLE_PEOPLE, 2) : NULL;
        if (!entry)
            continue;
        feed_set(e, entry, "name", p.name);
        feed_set(e, entry, "rel", rel);
    }
}

// RFC 4287, 4.2.1: an entry without author has its source's, else its feed's.
void
feed_read_people(struct entry *e)
{
    struct slice by = add_authors(e, &e->level);
    const struct xml_node *source = feed_part(&e->level, FEED_SOURCE);
    if (!by.size && e->feed->atom && source) {
        struct feed_level level = feed_level_of(e->feed, source);
        by = add_authors(e, &level);
        (void)add_people(e, &level, FEED_CONTRIBUTOR, "contributor");
    }
    if (!by.size && e->feed->atom)
        by = add_people(e, &e->feed->channel, FEED_AUTHOR, "author");
    article_set_text(e->a, ARTICLE_BY, by);
    (void)add_people(e, &e->level, FEED_CONTRIBUTOR, "contributor");
    add_credits(e);
}
