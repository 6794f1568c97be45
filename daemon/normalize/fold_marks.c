// Which signs belong to the number beside them (the table in fold.h).
#include "normalize/fold.h"
#include "normalize/unicode.h"

enum mark_kind {
    MARK_NONE,
    MARK_BETWEEN, // directly between digits
    MARK_HYPHEN,  // may be a minus
    MARK_DASH,    // may be one, if it does not stand behind a visible character
    MARK_SIGN,    // is one
    MARK_PERCENT,
    MARK_CURRENCY,
};
#define FORM_DASH 0x2013 // told apart from '-' until it is written

static const struct {
    int32_t point, form;
    enum mark_kind kind;
} marks[] = {
    {'.',    '.',       MARK_BETWEEN},
    {',',    '.',       MARK_BETWEEN},
    {0x00b7, '.',       MARK_BETWEEN},
    {0x066b, '.',       MARK_BETWEEN},
    {0x066c, '.',       MARK_BETWEEN},
    {'/',    '/',       MARK_BETWEEN},
    {0x2044, '/',       MARK_BETWEEN},
    {0x2215, '/',       MARK_BETWEEN},
    {'-',    '-',       MARK_HYPHEN },
    {0x2010, '-',       MARK_HYPHEN },
    {0x2013, FORM_DASH, MARK_DASH   },
    {'+',    '+',       MARK_SIGN   },
    {0x2212, 0x2212,    MARK_SIGN   },
    {0x00b1, 0x00b1,    MARK_SIGN   },
    {'%',    '%',       MARK_PERCENT},
    {0x066a, '%',       MARK_PERCENT},
    {0x2030, 0x2030,    MARK_PERCENT},
};
#define MARKS (sizeof marks / sizeof *marks)

static bool
is_currency(int32_t point)
{
    return utf8proc_category(point) == UTF8PROC_CATEGORY_SC;
}

static enum mark_kind
kind_of(int32_t form)
{
    for (size_t i = 0; i < MARKS; i++)
        if (marks[i].form == form)
            return marks[i].kind;
    return is_currency(form) ? MARK_CURRENCY : MARK_NONE;
}

int32_t
fold_mark_form(int32_t point)
{
    for (size_t i = 0; i < MARKS; i++)
        if (marks[i].point == point)
            return marks[i].form;
    return is_currency(point) ? point : 0;
}

bool
fold_is_mark(int32_t point)
{
    return fold_mark_form(point) != 0;
}

// Writing direction and joiners come between a sign and its number unseen.
static bool
is_unseen(int32_t point)
{
    return point == 0xad || point == 0x61c || (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f);
}

// The neighbour of a sign: its code point, 0 at an end of the text, and where it stands.
struct beside {
    int32_t point;
    size_t at, end;
};

static struct beside
right_of(struct slice text, size_t at, bool over_spaces)
{
    while (at < text.size) {
        struct beside b = {.at = at};
        at += utf8_take(text.data + at, text.size - at, &b.point);
        b.end = at;
        bool space = unicode_class(b.point) & UNICODE_SPACE;
        if (!is_unseen(b.point) && !(space && over_spaces))
            return b;
    }
    return (struct beside){.at = at, .end = at};
}

static struct beside
left_of(struct slice text, size_t at, bool over_spaces)
{
    while (at > 0) {
        struct beside b = {.end = at};
        at = utf8_back(text.data, at);
        b.at = at;
        (void)utf8_take(text.data + at, text.size - at, &b.point);
        bool space = unicode_class(b.point) & UNICODE_SPACE;
        if (!is_unseen(b.point) && !(space && over_spaces))
            return b;
    }
    return (struct beside){.at = 0};
}

static bool
is_digit(struct beside b)
{
    return b.point && unicode_class(b.point) & UNICODE_DIGIT;
}

// A number begins here, or a currency sign with its number behind.
static bool
begins_amount(struct slice text, struct beside b)
{
    if (is_digit(b))
        return true;
    uint32_t fold = b.point ? unicode_fold(b.point) : FOLD_DROP;
    if (!(fold & FOLD_MARK))
        return false;
    enum mark_kind kind = kind_of((int32_t)(fold & ~(uint32_t)FOLD_MARK));
    return kind == MARK_CURRENCY && is_digit(right_of(text, b.end, true));
}

static bool
hyphen_is_minus(struct slice text, size_t at, size_t end)
{
    if (!begins_amount(text, right_of(text, end, false)))
        return false;
    struct beside left = left_of(text, at, false);
    if (!left.point)
        return true;
    int32_t point = unicode_narrow(left.point);
    if (point == ')' || point == ']' || point == '%' || point == '-')
        return false;
    return unicode_is_han(point) || !(unicode_class(point) & UNICODE_ALNUM);
}

static bool
dash_is_minus(struct slice text, size_t at, size_t end)
{
    struct beside left = left_of(text, at, false);
    int32_t point = unicode_narrow(left.point);
    bool open =
        !point || point == '(' || point == '[' || unicode_class(point) & UNICODE_SPACE;
    return open && begins_amount(text, right_of(text, end, false));
}

bool
fold_keeps_mark(struct slice text, size_t at, size_t length, int32_t form)
{
    size_t end = at + length;
    switch (kind_of(form)) {
    case MARK_NONE:
        return false;
    case MARK_BETWEEN:
        return is_digit(right_of(text, end, false)) &&
               is_digit(left_of(text, at, false));
    case MARK_HYPHEN:
        return hyphen_is_minus(text, at, end);
    case MARK_DASH:
        return dash_is_minus(text, at, end);
    case MARK_SIGN:
        return begins_amount(text, right_of(text, end, true));
    case MARK_PERCENT:
        return is_digit(left_of(text, at, true));
    case MARK_CURRENCY:
        return is_digit(left_of(text, at, true)) || is_digit(right_of(text, end, true));
    }
    return false;
}
