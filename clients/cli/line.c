// A change as a line for people:
// 09:13:30  #241  UPD  U4 reuters  en  German parliament passes budget  v2
#include <time.h>

#include "print.h"

static const char *
short_class(struct slice word)
{
    static const char *const names[][2] = {
        {"new",        "NEW"  },
        {"update",     "UPD"  },
        {"correction", "COR"  },
        {"touch",      "TCH"  },
        {"duplicate",  "DUP"  },
        {"conflict",   "CONF" },
        {"stale",      "STALE"},
        {"withhold",   "HOLD" },
        {"release",    "REL"  },
        {"embargo",    "EMB"  },
        {"kill",       "KILL" },
        {"revive",     "REV"  },
        {"expire",     "EXP"  },
        {"erase",      "ERASE"},
        {"link",       "LINK" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(word, names[i][0]))
            return names[i][1];
    return "?";
}

// Bytes until one more than `most` characters have begun.
static size_t
cut_at(struct slice text, size_t most)
{
    size_t i = 0, characters = 0;
    for (; i < text.size; i++)
        if ((text.data[i] & 0xc0) != 0x80 && characters++ == most)
            break;
    return i;
}

// C1 controls are two bytes in UTF-8, 0xc2 and 0x80 to 0x9f: a terminal obeys them too.
static bool
control_at(struct slice text, size_t i)
{
    bool c1 = text.data[i] == 0xc2 && i + 1 < text.size && text.data[i + 1] < 0xa0;
    return c1 || text.data[i] < 0x20 || text.data[i] == 0x7f;
}

void
print_clean_to(FILE *out, struct slice text, size_t most)
{
    size_t end = cut_at(text, most);
    for (size_t i = 0; i < end; i++) {
        bool control = control_at(text, i);
        (void)fputc(control ? ' ' : text.data[i], out);
        i += control && text.data[i] == 0xc2;
    }
    if (end < text.size)
        (void)fputs("…", out);
}

void
print_clean(struct slice text, size_t most)
{
    print_clean_to(stdout, text, most);
}

static void
print_clock(int64_t us)
{
    time_t at = (time_t)(us / 1000000);
    struct tm t;
    char text[16];
    (void)localtime_r(&at, &t);
    (void)strftime(text, sizeof text, "%H:%M:%S", &t);
    (void)fputs(text, stdout);
}

// Without a headline the uri stands in, unless it follows anyway.
static void
print_subject(struct slice change, bool named)
{
    struct slice headline = map_text(change, "headline"),
                 gated = map_text(change, "gated");
    if (gated.size)
        (void)printf("(%.*s)", SLICE_ARG(gated));
    else
        print_clean(headline.size || named ? headline : map_text(change, "uri"), 100);
}

static void
print_change(struct slice change, bool named)
{
    struct slice source = map_text(change, "source"),
                 language = map_text(change, "language"),
                 version = map_text(change, "version");
    uint64_t urgency = map_uint(change, "urgency");
    print_clock(map_int(change, "time"));
    (void)printf("  #%-5llu %-5s ", (unsigned long long)map_uint(change, "seq"),
        short_class(map_text(change, "class")));
    if (urgency)
        (void)printf("U%llu ", (unsigned long long)urgency);
    else
        (void)fputs("   ", stdout);
    (void)printf("%-12.*s %-3.*s ", SLICE_ARG(source), SLICE_ARG(language));
    print_subject(change, named);
    if (version.size && map_uint(change, "previous")) {
        (void)fputs("  v", stdout);
        print_clean(version, 32);
    }
}

void
print_change_line(struct slice change)
{
    struct slice of = map_text(change, "of");
    print_change(change, false);
    if (of.size) {
        (void)fputs("  = ", stdout);
        print_clean(of, 100);
    }
    (void)putchar('\n');
}

void
print_item_line(struct slice change)
{
    print_change(change, true);
    (void)fputs("  ", stdout);
    print_clean(map_text(change, "source"), 64);
    (void)putchar(':');
    print_clean(map_text(change, "uri"), 200);
    (void)putchar('\n');
}
