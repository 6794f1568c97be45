// The wr object while it is gathered: short lists without repeats, kept bounded so that a
// hostile document can't make a warning of every byte.
#include "article/article.h"

// A list of wr grows by doubling: its capacity is the next power of two, at least 4.
static void *
grow(struct arena *arena, void *list, uint32_t count, size_t size)
{
    if (count < 4 && count > 0)
        return list;
    if (count & (count - 1)) // room is left up to the next power of two
        return list;
    return arena_grow(arena, list, count, count ? (size_t)count * 2 : 4, size);
}

#define APPEND(a, list, ...)                                                       \
    do {                                                                           \
        void *grown = grow(                                                        \
            (a)->arena, (a)->wr.list, (a)->wr.list##_count, sizeof *(a)->wr.list); \
        if (grown) {                                                               \
            (a)->wr.list = grown;                                                  \
            (a)->wr.list[(a)->wr.list##_count++] = __VA_ARGS__;                    \
        }                                                                          \
    } while (0)

static struct article_time *
find_time(struct article *a, enum article_field field)
{
    for (uint32_t i = 0; i < a->wr.times_count; i++)
        if (a->wr.times[i].field == field)
            return &a->wr.times[i];
    return NULL;
}

void
article_set_time(struct article *a, enum article_field field, int64_t us,
    const char *zone, struct slice source)
{
    a->field[field] =
        us == TIME_NONE ? (struct value){.type = WIRE_NIL} : value_of_int(us);
    struct article_time time = {field, zone, source};
    struct article_time *known = find_time(a, field);
    if (known)
        *known = time;
    else if (zone || source.size)
        APPEND(a, times, time);
}

void
article_add_date(
    struct article *a, struct slice text, const char *date, const char *kind)
{
    struct article_date entry = {.text = text, .kind = kind};
    if (date)
        strncpy(entry.date, date, sizeof entry.date - 1);
    if (a->wr.dates_count < ARTICLE_NOTES_MAX)
        APPEND(a, dates, entry);
}

void
article_warn(struct article *a, const char *code, struct slice where)
{
    for (uint32_t i = 0; i < a->wr.warnings_count; i++)
        if (strcmp(a->wr.warnings[i].code, code) == 0 &&
            slice_equal(a->wr.warnings[i].where, where))
            return;
    if (a->wr.warnings_count < ARTICLE_NOTES_MAX)
        APPEND(a, warnings, (struct article_warning){code, where});
}

void
article_changed(struct article *a, const char *rule, const char *field, uint32_t count)
{
    for (uint32_t i = 0; i < a->wr.changes_count; i++) {
        struct article_change *known = &a->wr.changes[i];
        if (strcmp(known->rule, rule) == 0 && strcmp(known->field, field) == 0) {
            known->count += count;
            return;
        }
    }
    if (a->wr.changes_count < ARTICLE_NOTES_MAX)
        APPEND(a, changes, (struct article_change){rule, field, count});
}
