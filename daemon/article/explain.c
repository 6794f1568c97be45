#include "article/explain.h"

#define CONTEXT 24U // bytes of a passage's surroundings on each side, about
#define NEAR 96U   // how far the two texts are looked through for where they meet again
#define MEET 6U    // bytes that must agree there
#define SHOWN 160U // bytes of one side of a passage

void
explain_begin(struct article *a)
{
    struct explain *e = ARENA_NEW(a->arena, struct explain);
    if (!e)
        return;
    e->arena = a->arena;
    memcpy(e->original, a->field, sizeof e->original);
    a->explain = e;
}

// ---- passages

static bool
begins_character(struct slice text, size_t at)
{
    return at >= text.size || (text.data[at] & 0xc0) != 0x80;
}

static size_t
back_to_character(struct slice text, size_t at)
{
    while (at > 0 && !begins_character(text, at))
        at--;
    return at;
}

static size_t
on_to_character(struct slice text, size_t at)
{
    while (!begins_character(text, at))
        at++;
    return at < text.size ? at : text.size;
}

static bool
meet(struct slice a, size_t i, struct slice b, size_t j)
{
    size_t left_a = a.size - i, left_b = b.size - j;
    if (left_a < MEET || left_b < MEET)
        return left_a == left_b && memcmp(a.data + i, b.data + j, left_a) == 0;
    return memcmp(a.data + i, b.data + j, MEET) == 0;
}

// find_meeting moves i and j to where the texts agree again, the nearest such place; to
// their ends where none is near.
static void
find_meeting(struct slice a, size_t *i, struct slice b, size_t *j)
{
    for (size_t d = 1; d <= NEAR; d++)
        for (size_t x = 0; x <= d; x++) {
            size_t at = *i + x, bt = *j + (d - x);
            if (at > a.size || bt > b.size || !begins_character(a, at) ||
                !begins_character(b, bt) || !meet(a, at, b, bt))
                continue;
            *i = at;
            *j = bt;
            return;
        }
    *i = a.size;
    *j = b.size;
}

static struct slice
piece(struct arena *arena, struct slice text, size_t from, size_t until)
{
    if (until - from > SHOWN)
        until = back_to_character(text, from + SHOWN);
    struct slice part = slice_until(slice_from(text, from), until - from);
    return part.size ? arena_copy(arena, part) : part;
}

static void
add_passage(struct explain *e, struct explain_step *step, struct slice before,
    struct slice after, const size_t at[4])
{
    size_t from = at[0] > CONTEXT ? back_to_character(before, at[0] - CONTEXT) : 0;
    size_t until = on_to_character(after, at[3] + CONTEXT);
    step->places++;
    if (step->shown == EXPLAIN_PASSAGES)
        return;
    step->passages[step->shown++] = (struct explain_passage){
        .left = piece(e->arena, before, from, at[0]),
        .before = piece(e->arena, before, at[0], at[1]),
        .after = piece(e->arena, after, at[2], at[3]),
        .right = piece(e->arena, after, at[3], until < after.size ? until : after.size),
    };
}

// Looks no further than one place beyond those that are shown.
static void
find_passages(struct explain *e, struct explain_step *step, struct slice before,
    struct slice after)
{
    size_t i = 0, j = 0;
    while (step->places <= EXPLAIN_PASSAGES) {
        while (i < before.size && j < after.size && before.data[i] == after.data[j]) {
            i++;
            j++;
        }
        if (i == before.size && j == after.size)
            return;
        size_t back = i - back_to_character(before, i);
        size_t other = j - back_to_character(after, j);
        back = back > other ? back : other;
        size_t at[4] = {i - back, i - back, j - back, j - back};
        find_meeting(before, &at[1], after, &at[3]);
        add_passage(e, step, before, after, at);
        i = at[1];
        j = at[3];
    }
}

// ---- steps

void
explain_note(struct explain *e, const char *rule, struct slice path, uint32_t count,
    struct slice before, struct slice after)
{
    if (e->count >= EXPLAIN_STEPS_MAX)
        return;
    struct explain_step *grown =
        arena_grow(e->arena, e->steps, e->count, (size_t)e->count + 1, sizeof *grown);
    if (!grown)
        return;
    e->steps = grown;
    struct explain_step *step = &e->steps[e->count++];
    *step = (struct explain_step){.rule = rule, .path = path, .count = count};
    find_passages(e, step, before, after);
}

const struct explain_step *
explain_finds(const struct explain *e, const char *rule, const char *field)
{
    size_t size = strlen(field);
    for (uint32_t i = 0; e && i < e->count; i++) {
        struct slice path = e->steps[i].path;
        if (strcmp(e->steps[i].rule, rule) == 0 &&
            slice_starts(path, slice_str(field)) &&
            (path.size == size || path.data[size] == '[' || path.data[size] == '.'))
            return &e->steps[i];
    }
    return NULL;
}
