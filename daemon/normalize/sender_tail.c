// What stands behind the text proper: "(完)", "(jk/ab)", "dpa xx yy n1 zz", "(记者 张三)",
// "Reuters", a photographer's credit.
#include "normalize/sender.h"
#include "normalize/unicode.h"
#include "normalize/view.h"

#define ROUNDS_MAX 4
#define BLOCK_MAX 40 // code points of a block that can be a sign-off
#define CREDIT_MAX 30
#define INITIALS_MAX 5 // letters of one of them

static bool
is_word_of(const struct view *v, size_t from, size_t to, const char *const *words)
{
    for (; *words; words++) {
        size_t count = view_starts(v, from, *words);
        if (count && from + count == to)
            return true;
    }
    return false;
}

// Small letters and digits in short groups: "jk/ab", "xx yy n1".
static bool
are_initials(const struct view *v, size_t from, size_t to)
{
    size_t run = 0;
    for (size_t i = from; i < to; i++) {
        int32_t c = v->at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool between = c == ' ' || c == '/' || c == '-' || c == ',';
        run = letter ? run + 1 : 0;
        if ((!letter && !between) || run > INITIALS_MAX)
            return false;
    }
    return to > from && v->at[from] >= 'a';
}

static bool
has_slash(const struct view *v, size_t from, size_t to)
{
    while (from < to && v->at[from] != '/')
        from++;
    return from < to;
}

// first_word_end gives where the word at `from` ends.
static size_t
first_word_end(const struct view *v, size_t from, size_t to)
{
    while (from < to && v->at[from] != ' ' && v->at[from] != '/')
        from++;
    return from;
}

static bool
is_agency_line(const struct view *v, size_t from, size_t to)
{
    if (is_word_of(v, from, to, sender_agencies))
        return true;
    size_t end = first_word_end(v, from, to);
    return is_word_of(v, from, end, sender_agencies) && are_initials(v, from, to);
}

static bool
is_credit(const struct article *a, const struct view *v, size_t from, size_t to)
{
    return to - from <= CREDIT_MAX &&
           (sender_names(a, v, from, to) || view_has(v, from, to, sender_reporters));
}

static bool
bracket_signs_off(const struct article *a, const struct view *v, size_t from, size_t to)
{
    bool initials =
        are_initials(v, from, to) && (to - from <= 3 || has_slash(v, from, to));
    return initials || is_agency_line(v, from, to) || is_credit(a, v, from, to) ||
           is_word_of(v, from, to, sender_ends);
}

// block_signs_off: the last block is a sign-off and nothing else.
static bool
block_signs_off(const struct article *a, const struct view *v)
{
    if (!v->whole || v->count == 0 || v->count > BLOCK_MAX)
        return false;
    int32_t last = v->at[v->count - 1];
    bool sentence = last == '.' || last == 0x3002 || last == '!' || last == '?';
    return is_word_of(v, 0, v->count, sender_ends) || is_agency_line(v, 0, v->count) ||
           (are_initials(v, 0, v->count) && has_slash(v, 0, v->count)) ||
           (!sentence && v->at[0] != '(' && is_credit(a, v, 0, v->count));
}

// last_bracket gives where a bracket opens that closes at the view's end; the count if
// there is none.
static size_t
last_bracket(const struct view *v)
{
    size_t i = v->count;
    while (i-- > 0 && v->count - i <= BLOCK_MAX)
        if (view_closes(v, i, BLOCK_MAX) == v->count - 1)
            return i;
    return v->count;
}

size_t
sender_tail(const struct article *a, struct slice body)
{
    for (int i = 0; i < ROUNDS_MAX && body.size; i++) {
        struct view v;
        view_last(body, &v);
        size_t open = last_bracket(&v);
        if (open < v.count && bracket_signs_off(a, &v, open + 1, v.count - 1))
            body.size = v.from[open];
        else if (block_signs_off(a, &v) && v.from[0] > 0)
            body.size = v.from[0];
        else
            break;
    }
    return body.size;
}
