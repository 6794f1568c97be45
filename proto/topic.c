// A topic must be one of a bounded set, whatever sources send: groups are three letters,
// sources are checked names, and languages come from a fixed list, so that a table per
// topic stays small and a subscription to "a.dpa.de" means what it says.
#include "proto/topic.h"

#include <assert.h>

// The two-letter primary subtags of BCP 47 (ISO 639-1), sorted.
static const char languages[] = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn "
                                "bo br bs ca ce ch co cr cs cu "
                                "cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo "
                                "fr fy ga gd gl gn gu gv ha he "
                                "hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja "
                                "jv ka kg ki kj kk kl km kn ko "
                                "kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi "
                                "mk ml mn mr ms mt my na nb nd "
                                "ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt "
                                "qu rm rn ro ru rw sa sc sd se "
                                "sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th "
                                "ti tk tl tn to tr ts tt tw ty "
                                "ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

static const struct {
    const char *change_class;
    char group;
} groups[] = {
    {"new",          'a'},
    {"update",       'a'},
    {"correction",   'a'},
    {"conflict",     'a'},
    {"touch",        't'},
    {"duplicate",    't'},
    {"stale",        't'},
    {"renormalized", 't'},
    {"link",         't'},
    {"archive",      't'},
    {"kill",         'k'},
    {"withhold",     'k'},
    {"release",      'k'},
    {"revive",       'k'},
    {"embargo",      'k'},
    {"expire",       'k'},
    {"erase",        'k'},
};

static char
group_of(const char *change_class)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strcmp(groups[i].change_class, change_class) == 0)
            return groups[i].group;
    assert(false && "a change class without a group");
    return 't';
}

bool
wire_source_ok(struct slice source)
{
    if (source.size < 1 || source.size > 64)
        return false;
    for (size_t i = 0; i < source.size; i++) {
        uint8_t c = source.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return true;
}

// language_of writes the primary subtag in lower case if it is of the list, else "und".
static size_t
language_of(struct slice tag, char *out)
{
    bool two = tag.size == 2 || (tag.size > 2 && tag.data[2] == '-');
    char primary[3] = {0};
    for (size_t i = 0; two && i < 2; i++)
        primary[i] = (char)(tag.data[i] | 0x20);
    for (size_t i = 0; two && i + 2 < sizeof languages; i += 3)
        if (memcmp(languages + i, primary, 2) == 0) {
            memcpy(out, primary, 2);
            return 2;
        }
    memcpy(out, "und", 3);
    return 3;
}

size_t
wire_topic(const char *change_class, struct slice source, struct slice language,
    char out[WIRE_TOPIC_MAX])
{
    assert(wire_source_ok(source));
    out[0] = group_of(change_class);
    out[1] = '.';
    memcpy(out + 2, source.data, source.size);
    out[2 + source.size] = '.';
    return 3 + source.size + language_of(language, out + 3 + source.size);
}
