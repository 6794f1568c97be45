// The trade's words in alphabets: datelines, bylines, credits and what a page carries
// besides articles. Names are words with capitals; a line made of nothing else behind
// "By" or its like is a byline.
#include "formats/newsprint/page.h"

#define LEAD_MAX 80U // characters of a dateline
#define BYLINE_MAX 72U
#define PAPER_MAX 5U // words of a paper's name

static bool
is_capital_word(struct span s)
{
    uint32_t upper = 0;
    for (uint32_t i = 0; i < s.size && !char_is_space(s.cp[i]) && s.cp[i] != ','; i++) {
        if (!char_is_upper(s.cp[i]) && char_is_letter(s.cp[i]))
            return false;
        upper += char_is_upper(s.cp[i]);
    }
    return upper >= 3;
}

static uint32_t
dash_end(struct span s, uint32_t at)
{
    uint32_t c = at < s.size ? s.cp[at] : 0;
    if (c == 0x2013 || c == 0x2014 || c == '=')
        return at + 1;
    if (c != '-')
        return 0;
    return at + 1 < s.size && s.cp[at + 1] == '-' ? at + 2 : at + 1;
}

// BEIRUT (Reuters) -   Athen (dpa) –   WINNIPEG, Manitoba, Dec. 3 (WIRE) --   PARIS —
uint32_t
latin_lead_extent(struct span s)
{
    bool bracket = false, capital = is_capital_word(s);
    if (!s.size || !char_is_upper(s.cp[0]))
        return 0;
    for (uint32_t i = 1; i < s.size && i < LEAD_MAX; i++) {
        uint32_t end = i > 1 && char_is_space(s.cp[i - 1]) ? dash_end(s, i) : 0;
        if (end && (end == s.size || char_is_space(s.cp[end])))
            return bracket || capital ? end : 0;
        if (!char_is_space(s.cp[i]))
            bracket = s.cp[i] == ')';
        if (char_ends(s.cp[i]) || s.cp[i] == ';' || s.cp[i] == ':')
            return 0;
    }
    return 0;
}

static uint32_t
word_end(struct span s, uint32_t at)
{
    while (at < s.size && !char_is_space(s.cp[at]) && s.cp[at] != ',')
        at++;
    return at;
}

static bool
separates(uint32_t c)
{
    return char_is_space(c) || c == ',' || c == '/' || c == '&' || c == '|';
}

// name_end gives the end of a name: words with capitals and the particles between them.
static uint32_t
name_end(struct span s, uint32_t at)
{
    uint32_t end = at;
    while (at < s.size) {
        uint32_t particle = words_match(s, at, WORDS_LATIN_PARTICLES);
        if (particle) {
            at = particle;
            continue;
        }
        if (!char_is_upper(s.cp[at]) || words_match(s, at, WORDS_LATIN_AND))
            break;
        end = at = word_end(s, at);
        if (at < s.size && s.cp[at] == ',')
            break;
        while (at < s.size && char_is_space(s.cp[at]))
            at++;
    }
    return end;
}

// next_name steps over one name of a byline; false at its end or at what is no name.
static bool
next_name(struct span s, uint32_t *at, struct span *name_out)
{
    while (*at < s.size) {
        uint32_t joint = words_match(s, *at, WORDS_LATIN_AND);
        if (joint)
            *at = joint;
        else if (separates(s.cp[*at]))
            (*at)++;
        else
            break;
    }
    uint32_t from = *at, end = *at < s.size ? name_end(s, *at) : *at;
    *name_out = span_cut(s, from, end);
    *at = end;
    return end > from;
}

static bool
is_names(struct span s)
{
    uint32_t at = 0, names = 0;
    struct span name;
    s = span_trim(s);
    while (next_name(s, &at, &name))
        names++;
    return names > 0 && names <= 8 && at == s.size;
}

// NTB-AFP-DPA, (AFP), Reuters: agencies sign with their names alone.
static bool
is_agencies(struct span s)
{
    uint32_t found = 0;
    for (uint32_t at = 0; at < s.size;) {
        uint32_t end = words_match(s, at, WORDS_LATIN_AGENCIES);
        if (end && (end == s.size || !char_is_letter(s.cp[end]))) {
            found++;
            at = end;
        } else if (char_is_letter(s.cp[at])) {
            return false;
        } else {
            at++;
        }
    }
    return found > 0;
}

static struct span
names_part(struct span s)
{
    uint32_t by = words_match(s, 0, WORDS_LATIN_BY),
             photo = words_match(s, 0, WORDS_LATIN_PHOTO);
    return span_cut(s, by > photo ? by : photo, s.size);
}

bool
latin_may_sign(struct span s)
{
    static const enum words first[] = {WORDS_LATIN_BY, WORDS_LATIN_PHOTO, WORDS_LISTS};
    static const enum words agency[] = {WORDS_LATIN_AGENCIES, WORDS_LISTS};
    uint32_t letter = 0;
    if (s.size && words_begin(s.cp[0], first))
        return true;
    while (letter < s.size && !char_is_letter(s.cp[letter]))
        letter++;
    return letter < s.size && words_begin(s.cp[letter], agency);
}

bool
latin_is_byline(struct span s)
{
    if (span_letters(s) > BYLINE_MAX || span_closed(s))
        return false;
    return is_agencies(s) ||
           (words_match(s, 0, WORDS_LATIN_BY) && is_names(names_part(s)));
}

bool
latin_is_credit(struct span s)
{
    return span_letters(s) <= BYLINE_MAX && !span_closed(s) &&
           words_match(s, 0, WORDS_LATIN_PHOTO) && is_names(names_part(s));
}

void
latin_take_people(struct item *item, struct span s, const char *rel)
{
    uint32_t at = 0;
    struct span name, names = names_part(s);
    if (is_agencies(s))
        return;
    while (next_name(names, &at, &name))
        people_add(item, name, rel);
}

// ---- furniture

static bool
is_whole_word(struct span word, enum words list)
{
    uint32_t end = words_fold_match(word, list);
    return end && (end == word.size || !char_is_letter(word.cp[end]));
}

static bool
is_number(struct span word)
{
    uint32_t digits = 0;
    for (uint32_t i = 0; i < word.size; i++)
        digits += char_is_digit(word.cp[i]);
    return digits && digits + 3 >= word.size;
}

// A line of nothing but days, months and numbers, with at least one of each kind.
static bool
is_date_line(struct span s)
{
    bool named = false, numbered = false;
    for (uint32_t at = 0; at < s.size;) {
        if (separates(s.cp[at]) || char_is_mark(s.cp[at])) {
            at++;
            continue;
        }
        struct span word = span_cut(s, at, word_end(s, at));
        bool number = is_number(word),
             name = words_fold_match(word, WORDS_LATIN_CALENDAR) > 0;
        if (!number && !name)
            return false;
        named = named || name;
        numbered = numbered || number;
        at += word.size;
    }
    return named && numbered;
}

// Numbers behind "Vol." or "No.", a page's number alone.
static bool
is_issue_line(struct span s)
{
    uint32_t words = 0, numbers = 0, signs = 0;
    for (uint32_t at = 0; at < s.size; words++) {
        while (at < s.size && separates(s.cp[at]))
            at++;
        struct span word = span_cut(s, at, word_end(s, at));
        numbers += is_number(word);
        signs += is_whole_word(word, WORDS_LATIN_ISSUE);
        at += word.size + !word.size;
    }
    return words <= 8 && signs > 0 && numbers > 0 && (signs + numbers) * 2 >= words;
}

static bool
is_paper(struct span s)
{
    uint32_t words = 0;
    bool paper = false;
    for (uint32_t at = 0; at < s.size; words++) {
        while (at < s.size && char_is_space(s.cp[at]))
            at++;
        struct span word = span_cut(s, at, word_end(s, at));
        if (word.size && !char_is_upper(word.cp[0]))
            return false;
        paper = is_whole_word(word, WORDS_LATIN_PAPERS);
        at += word.size + !word.size;
    }
    return paper && words >= 2 && words <= PAPER_MAX;
}

static bool
has_digit(struct span s)
{
    for (uint32_t i = 0; i < s.size; i++)
        if (char_is_digit(s.cp[i]))
            return true;
    return false;
}

bool
latin_is_furniture(struct span s)
{
    if (!s.size || !char_is_letter(s.cp[0]) || span_letters(s) > BYLINE_MAX)
        return false;
    return is_paper(s) || (has_digit(s) && (is_date_line(s) || is_issue_line(s)));
}

bool
latin_opens_box(struct span s)
{
    uint32_t end = words_match(s, 0, WORDS_LATIN_BOXES);
    return end && (end == s.size || !char_is_letter(s.cp[end]));
}
