#include "normalize/facts.h"

#include "normalize/language.h"

#define YEAR_1990_US 631152000000000LL  // 1990-01-01: nothing on a wire is older
#define YEAR_2100_US 4102444800000000LL // 2100-01-01

static struct slice
lower(struct slice word, struct arena *arena)
{
    struct slice copy = arena_copy(arena, word);
    uint8_t *bytes = (uint8_t *)(uintptr_t)copy.data;
    for (size_t i = 0; bytes && i < copy.size; i++)
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] |= 0x20;
    return copy;
}

static void
declare(struct slice *kept, struct slice said)
{
    if (kept->size == 0)
        *kept = said;
}

void
facts_language(struct article *a)
{
    struct slice said = article_text(a, ARTICLE_LANGUAGE);
    char tag[LANGUAGE_MAX + 1];
    if (said.size == 0)
        return;
    size_t size = language_tag(said, tag);
    if (size && slice_equal(slice_of(tag, size), said))
        return;
    declare(&a->wr.declared_language, said);
    article_changed(a, "language", "language", 1);
    if (size == 0)
        article_warn(a, "language-malformed", slice_str("language"));
    article_set_text(a, ARTICLE_LANGUAGE, arena_copy(a->arena, slice_of(tag, size)));
}

static const struct {
    const char *said, *means;
} status_words[] = {
    {"usable",    "usable"  },
    {"withheld",  "withheld"},
    {"canceled",  "canceled"},
    {"cancelled", "canceled"},
};

static const char *
status_of(struct slice word)
{
    if (slice_starts(word, SLICE("stat:"))) // the IPTC scheme of these words
        word = slice_from(word, 5);
    for (size_t i = 0; i < sizeof status_words / sizeof *status_words; i++)
        if (slice_is(word, status_words[i].said))
            return status_words[i].means;
    return NULL;
}

// An embargo without its end is no reason to publish: held until somebody says more.
static const char *
status_of_embargo(struct article *a)
{
    if (article_time_us(a, ARTICLE_EMBARGOED_UNTIL) != TIME_NONE)
        return "usable"; // the time gates it
    article_warn(a, "embargo-without-time", slice_str("pubStatus"));
    return "withheld";
}

// It must not go out by mistake.
static const char *
status_of_unknown(struct article *a)
{
    article_warn(a, "status-unknown", slice_str("pubStatus"));
    return "withheld";
}

void
facts_status(struct article *a)
{
    struct slice said = article_text(a, ARTICLE_PUB_STATUS);
    if (said.size == 0)
        return;
    struct slice word = lower(said, a->arena);
    const char *means = status_of(word);
    if (!means)
        means =
            slice_is(word, "embargoed") ? status_of_embargo(a) : status_of_unknown(a);
    if (slice_is(said, means))
        return;
    declare(&a->wr.declared_status, said);
    article_changed(a, "status", "pubStatus", 1);
    article_set_text(a, ARTICLE_PUB_STATUS, slice_str(means));
}

void
facts_urgency(struct article *a)
{
    struct value *v = &a->field[ARTICLE_URGENCY];
    if (v->type == WIRE_NIL ||
        (v->type == WIRE_INT && v->integer >= 1 && v->integer <= 9))
        return;
    bool unset = v->type == WIRE_INT && v->integer == 0; // 0 is how many say nothing
    if (!unset)
        article_warn(a, "urgency-out-of-range", slice_str("urgency"));
    article_changed(a, "urgency", "urgency", 1);
    *v = (struct value){.type = WIRE_NIL};
}

// There is no clock here: the same bytes must give the same article on any day. "Too far
// ahead" is judged by the calendar and by the article's own times.
static void
warn_time(struct article *a, const char *code, enum article_field field)
{
    article_warn(a, code, slice_str(article_rows[field].name));
}

void
facts_times(struct article *a)
{
    for (int i = 0; i < ARTICLE_FIELDS; i++) {
        enum article_field field = (enum article_field)i;
        if (article_rows[field].kind != ARTICLE_KIND_TIME)
            continue;
        int64_t us = article_time_us(a, field);
        if (us == TIME_NONE)
            continue;
        if (us < YEAR_1990_US)
            warn_time(a, "time-before-1990", field);
        else if (us >= YEAR_2100_US)
            warn_time(a, "time-after-2100", field);
    }
    int64_t first = article_time_us(a, ARTICLE_FIRST_CREATED);
    int64_t version = article_time_us(a, ARTICLE_VERSION_CREATED);
    if (first != TIME_NONE && version != TIME_NONE && first > version &&
        (uint64_t)first - (uint64_t)version > 2 * (uint64_t)DAY_US)
        warn_time(a, "time-order", ARTICLE_FIRST_CREATED);
}

static void
fill(struct article *a, enum article_field field, const char *word)
{
    if (a->field[field].type != WIRE_NIL)
        return;
    article_set_text(a, field, slice_str(word));
    article_changed(a, "default", article_rows[field].name, 1);
}

void
facts_defaults(struct article *a)
{
    fill(a, ARTICLE_TYPE, "text");
    fill(a, ARTICLE_PUB_STATUS, "usable");
}
