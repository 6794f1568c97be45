#include "formats/slugwords.h"

#include "formats/ascii.h"

enum {
    NEUTRAL = 0,
    KILL = 1,
    WITHHOLD = 2,
    CORRECTION = 4,
    ADVISORY = 8,
    URGENT = 16,
    TAKE = 32,
    LEAD = 64,
};
#define WORD_MAX 24U
#define VERSION_MAX 999U

static const struct {
    const char *word; // lower case
    uint8_t says;
} vocabulary[] = {
    {"kill",            KILL      },
    {"killed",          KILL      },
    {"elim",            KILL      },
    {"eliminate",       KILL      },
    {"eliminated",      KILL      },
    {"elimination",     KILL      },
    {"cancel",          KILL      },
    {"canceled",        KILL      },
    {"cancelled",       KILL      },
    {"cancellation",    KILL      },
    {"withdrawn",       KILL      },
    {"annulation",      KILL      },
    {"annulliert",      KILL      },
    {"annullierung",    KILL      },
    {"annullamento",    KILL      },
    {"anulacion",       KILL      },
    {"storno",          KILL      },
    {"stornierung",     KILL      },
    {"withhold",        WITHHOLD  },
    {"withheld",        WITHHOLD  },
    {"correction",      CORRECTION},
    {"corrective",      CORRECTION},
    {"corrected",       CORRECTION},
    {"corrects",        CORRECTION},
    {"cx",              CORRECTION},
    {"berichtigung",    CORRECTION},
    {"berichtigt",      CORRECTION},
    {"korrektur",       CORRECTION},
    {"rectificatif",    CORRECTION},
    {"rettifica",       CORRECTION},
    {"correccion",      CORRECTION},
    {"rectificacion",   CORRECTION},
    {"advisory",        ADVISORY  },
    {"advisories",      ADVISORY  },
    {"urgent",          URGENT    },
    {"bulletin",        URGENT    },
    {"flash",           URGENT    },
    {"eil",             URGENT    },
    {"eilmeldung",      URGENT    },
    {"ld",              LEAD      },
    {"lds",             LEAD      },
    {"lead",            LEAD      },
    {"lede",            LEAD      },
    {"writethru",       LEAD      },
    {"writethrough",    LEAD      },
    {"update",          LEAD      },
    {"zusammenfassung", LEAD      },
    {"add",             TAKE      },
    {"take",            TAKE      },
    {"more",            TAKE      },
    {"insert",          TAKE      },
    {"sub",             TAKE      },
    {"subs",            TAKE      },
    {"mandatory",       NEUTRAL   },
    {"notice",          NEUTRAL   },
    {"extra",           NEUTRAL   },
    {"refile",          NEUTRAL   },
    {"rpt",             NEUTRAL   },
    {"repeat",          NEUTRAL   },
    {"resending",       NEUTRAL   },
    {"new",             NEUTRAL   },
    {"all",             NEUTRAL   },
    {"opt",             NEUTRAL   },
    {"optional",        NEUTRAL   },
    {"adv",             NEUTRAL   },
    {"advance",         NEUTRAL   },
    {"neu",             NEUTRAL   },
    {"achtung",         NEUTRAL   },
    {"attention",       NEUTRAL   },
    {"editors",         NEUTRAL   },
    {"eds",             NEUTRAL   },
};

struct reading {
    struct slugwords said;
    uint32_t number; // the last one met, until a lead takes it
    bool any;
};

static bool
word_is(struct slice word, const char *wanted)
{
    if (word.size != strlen(wanted))
        return false;
    for (size_t i = 0; i < word.size; i++)
        if ((word.data[i] | 0x20) != (uint8_t)wanted[i])
            return false;
    return true;
}

static void
lead(struct reading *r)
{
    uint32_t version = r->number ? r->number : 1;
    if (version > r->said.version)
        r->said.version = version;
}

static bool
take_word(struct slice word, struct reading *r)
{
    for (size_t i = 0; i < sizeof vocabulary / sizeof *vocabulary; i++) {
        uint8_t says = vocabulary[i].says;
        if (!word_is(word, vocabulary[i].word))
            continue;
        r->any = true;
        r->said.kill |= (says & KILL) != 0;
        r->said.withhold |= (says & WITHHOLD) != 0;
        r->said.correction |= (says & CORRECTION) != 0;
        r->said.advisory |= (says & ADVISORY) != 0;
        r->said.urgent |= (says & URGENT) != 0;
        r->said.take |= (says & TAKE) != 0;
        if (says & LEAD)
            lead(r);
        if (says & TAKE) // "Add 2" counts takes, not leads
            r->number = 0;
        return true;
    }
    return false;
}

static size_t
ordinal_mark(struct slice rest)
{
    static const char *const marks[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < 4; i++)
        if (rest.size >= 2 && word_is(slice_until(rest, 2), marks[i]))
            return 2;
    return 0;
}

// "1st", "2nd", "3": a number stands before its lead, or behind ("Update 2").
static size_t
take_number(struct slice text, struct reading *r)
{
    size_t n = 0;
    uint32_t value = 0;
    for (; n < text.size && ascii_digit(text.data[n]) && value <= VERSION_MAX; n++)
        value = value * 10 + (uint32_t)(text.data[n] - '0');
    if (value > VERSION_MAX)
        return 0;
    size_t mark = ordinal_mark(slice_from(text, n));
    if (mark == 0 && r->said.version == 1 && r->number == 0 && !r->said.take)
        r->said.version = value;
    r->number = value;
    return n + mark;
}

static bool
read_all(struct slice text, struct reading *r)
{
    while (text.size) {
        size_t n = 0;
        uint8_t c = text.data[0];
        if (ascii_digit(c)) {
            n = take_number(text, r);
            if (n == 0)
                return false;
        } else if (ascii_letter(c)) {
            while (n < text.size && n <= WORD_MAX && ascii_letter(text.data[n]))
                n++;
            if (!take_word(slice_until(text, n), r))
                return false;
        } else if (c >= 0x80 || !strchr(" \t-/().:_=*&,'^<", c)) {
            return false;
        }
        text = slice_from(text, n ? n : 1);
    }
    return r->any;
}

bool
slugwords_read(struct slice text, struct slugwords *out)
{
    struct reading r = {.said = *out};
    if (text.size > 80 || !read_all(text, &r))
        return false;
    *out = r.said;
    return true;
}

void
slugwords_before_colon(struct slice line, struct slugwords *out)
{
    size_t n = 0;
    while (n < line.size && ((line.data[n] >= 'A' && line.data[n] <= 'Z') ||
                                ascii_digit(line.data[n]) || line.data[n] == ' '))
        n++;
    if (n > 0 && n < line.size && line.data[n] == ':')
        (void)slugwords_read(slice_until(line, n), out);
}

static struct slice
trimmed(struct slice text)
{
    while (text.size && strchr(" \t-", text.data[text.size - 1]) &&
           text.data[text.size - 1])
        text.size--;
    while (text.size && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = slice_from(text, 1);
    return text;
}

static bool
all_digits(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!ascii_digit(text.data[i]))
            return false;
    return text.size > 0;
}

// "BC-Ferry KILL", "BC-KILL-Ferry": one word in capitals where the slug has small ones.
static void
read_capitals(struct slice slug, struct slugwords *out)
{
    bool small = false;
    for (size_t i = 0; i < slug.size; i++)
        small |= slug.data[i] >= 'a' && slug.data[i] <= 'z';
    for (size_t at = 0; small && at < slug.size;) {
        size_t n = 0;
        while (
            at + n < slug.size && slug.data[at + n] >= 'A' && slug.data[at + n] <= 'Z')
            n++;
        bool alone = at == 0 || !ascii_letter(slug.data[at - 1]);
        alone &= at + n == slug.size || !ascii_letter(slug.data[at + n]);
        if (n > 3 && alone)
            (void)slugwords_read(slice_of(slug.data + at, n), out);
        at += n ? n : 1;
    }
}

struct slice
slugwords_segments(struct slice line, struct slugwords *out, struct slice *count_out)
{
    line = trimmed(line);
    for (;;) {
        size_t at = line.size;
        while (at > 0 && line.data[at - 1] != ',')
            at--;
        struct slice last = trimmed(slice_from(line, at));
        bool count = all_digits(last);
        if (at == 0 || !(count || slugwords_read(last, out)))
            break;
        if (count)
            *count_out = last;
        line = trimmed(slice_until(line, at - 1));
    }
    read_capitals(line, out);
    return line;
}

static void
signal(struct article *a, const char *name)
{
    struct value *entry = article_add(a, ARTICLE_SIGNALS, 1);
    if (entry)
        value_set(entry, "name", value_of_text(slice_str(name)), a->arena);
}

void
slugwords_set(const struct slugwords *words, struct article *a)
{
    if (words->version)
        article_set_text(
            a, ARTICLE_VERSION, arena_printf(a->arena, "%u", words->version));
    if (words->kill || words->withhold)
        article_set_text(
            a, ARTICLE_PUB_STATUS, words->kill ? SLICE("canceled") : SLICE("withheld"));
    if (words->correction)
        signal(a, "correction");
    if (words->advisory)
        signal(a, "advisory");
    a->correction |= words->correction;
    a->advisory |= words->advisory;
    if (words->take)
        article_warn(a, "partial", SLICE("keyword line"));
    if (words->urgent && !article_number(a, ARTICLE_URGENCY))
        article_set_number(a, ARTICLE_URGENCY, 3);
}
