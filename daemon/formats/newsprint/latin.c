// The trade's words in alphabets: datelines, bylines, credits and what a page carries
// besides articles. Names are words with capitals; a line made of nothing else behind
// "By" or its like is a byline.
#include "formats/newsprint/page.h"

#define LEAD_MAX 80U // characters of a dateline
#define BYLINE_MAX 72U
#define PAPER_MAX 5U // words of a paper's name
#define SENTENCE_MAX 160U
#define NAME_MAX 30U
#define SHORT_WORD 16U
#define TEASER_MAX 60U

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
    static const enum words before[] = {
        WORDS_LATIN_BY, WORDS_LATIN_PHOTO, WORDS_LATIN_SENTENCE};
    uint32_t from = 0;
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        uint32_t end = words_match(s, 0, before[i]);
        from = end > from ? end : from;
    }
    if (words_match(s, 0, WORDS_LATIN_SENTENCE) && s.cp[s.size - 1] == '.')
        s.size--;
    return span_cut(s, from, s.size);
}

bool
latin_may_tell(struct span s)
{
    return s.size > 1 && (s.cp[0] == 'T' || s.cp[0] == 'R') &&
           (span_match(s, 0, "This article") || span_match(s, 0, "Reporting was"));
}

bool
latin_names_go_on(struct span line, struct span next)
{
    uint32_t at = line.size, last = line.size ? line.cp[line.size - 1] : 0;
    while (at > 0 && !char_is_space(line.cp[at - 1]))
        at--;
    struct span word = span_cut(line, at, line.size);
    static const char *const joints[] = {"and", "AND", "und", "et", "y", "e", "og",
        "och", "ja", "en", "By", "BY", "Von", "VON", "Por", "POR", "Par", "PAR"};
    for (size_t i = 0; word.size <= 3 && i < sizeof joints / sizeof joints[0]; i++)
        if (word.size && span_match(word, 0, joints[i]) == word.size)
            return true;
    return last == ',' || last == '-' || last == 0xad || last == 0x2e17 ||
           last == '&' || words_match(next, 0, WORDS_LATIN_AND);
}

bool
latin_is_small(struct span s)
{
    for (uint32_t at = 0, end; at < s.size; at = end + 1) {
        for (end = at; end < s.size && !char_is_space(s.cp[end]); end++)
            ;
        if (at && end - at >= 5 && char_is_letter(s.cp[at]) && !char_is_upper(s.cp[at]))
            return true;
    }
    return false;
}

// A name of two to four words with capitals, with initials and particles among them.
bool
latin_is_bare_name(struct span s, bool *sure_out)
{
    uint32_t words = 0, at = 0;
    if (!s.size || !char_is_upper(s.cp[0]) || span_longer(s, NAME_MAX))
        return false;
    for (; at < s.size; words++) {
        uint32_t particle = words_match(s, at, WORDS_LATIN_PARTICLES);
        uint32_t end = particle ? particle : word_end(s, at);
        bool upper = char_is_upper(s.cp[at]);
        for (uint32_t i = at; i < end; i++)
            if (!char_is_letter(s.cp[i]) && !char_is_space(s.cp[i]) && s.cp[i] != '-' &&
                s.cp[i] != 0x2019 && s.cp[i] != '\'' &&
                !(s.cp[i] == '.' && i == at + 1))
                return false;
        if (!particle && !upper)
            return false;
        at = end < s.size && char_is_space(s.cp[end]) ? end + 1 : end;
        if (end < s.size && s.cp[end] == ',')
            return false;
    }
    uint32_t given = words_fold_match(s, WORDS_LATIN_GIVEN);
    *sure_out =
        given && given < s.size && (char_is_space(s.cp[given]) || s.cp[given] == '-');
    return words >= 2 && words <= 4;
}

// ANA ROCA/EFE, DANA REYES FOR THE CHRONICLE, Petra Vance / Coastal Wire: a name, and
// behind it for whom the picture was taken.
static uint32_t
name_before_owner(struct span s)
{
    bool sure, capitals = true;
    uint32_t cut = 0;
    if (!s.size || !char_is_upper(s.cp[0]))
        return 0;
    for (uint32_t i = 1; i < s.size && !cut; i++) {
        uint32_t c = s.cp[i];
        if (c == '/')
            cut = i;
        else if (capitals && c == ' ' && span_match(s, i, " FOR THE "))
            cut = i;
        else if (capitals)
            capitals = !char_is_letter(c) || char_is_upper(c);
    }
    struct span owner = span_trim(span_cut(s, cut + 1, s.size));
    if (!cut || !owner.size || !char_is_upper(owner.cp[0]) || span_longer(owner, 40))
        return 0;
    return latin_is_bare_name(span_trim(span_cut(s, 0, cut)), &sure) ? cut : 0;
}

bool
latin_may_sign(struct span s)
{
    static const enum words first[] = {WORDS_LATIN_BY, WORDS_LATIN_PHOTO, WORDS_LISTS};
    const struct word_lists lists = word_lists_of(first);
    uint32_t letter = 0;
    if (words_match(s, 0, WORDS_LATIN_BY) || words_match(s, 0, WORDS_LATIN_PHOTO) ||
        latin_may_tell(s) || name_before_owner(s))
        return true;
    if (s.size && s.size <= SHORT_WORD && words_begin(s.cp[0], &lists))
        return true; // its line may end behind the word
    while (letter < s.size && !char_is_letter(s.cp[letter]))
        letter++;
    return words_match(s, letter, WORDS_LATIN_AGENCIES);
}

bool
latin_is_byline(struct span s)
{
    if (words_match(s, 0, WORDS_LATIN_SENTENCE))
        return !span_longer(s, SENTENCE_MAX) && is_names(names_part(s));
    if (span_longer(s, BYLINE_MAX) || span_closed(s))
        return false;
    return is_agencies(s) ||
           (words_match(s, 0, WORDS_LATIN_BY) && is_names(names_part(s)));
}

bool
latin_is_credit(struct span s)
{
    if (span_longer(s, BYLINE_MAX) || span_closed(s))
        return false;
    return (words_match(s, 0, WORDS_LATIN_PHOTO) && is_names(names_part(s))) ||
           name_before_owner(s);
}

void
latin_take_people(struct item *item, struct span s, const char *rel)
{
    uint32_t at = 0;
    struct span name, names = names_part(s);
    uint32_t owner = name_before_owner(s);
    if (is_agencies(s))
        return;
    if (owner && strcmp(rel, "photographer") == 0)
        names = span_trim(span_cut(s, 0, owner));
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
    struct span word = span_of(s.cp, 0);
    for (uint32_t at = 0; at < s.size; words++) {
        while (at < s.size && char_is_space(s.cp[at]))
            at++;
        word = span_cut(s, at, word_end(s, at));
        if (word.size && !char_is_upper(word.cp[0]))
            return false;
        at += word.size + !word.size;
    }
    return words >= 2 && words <= PAPER_MAX && is_whole_word(word, WORDS_LATIN_PAPERS);
}

static bool
is_year(struct span word)
{
    uint32_t digits = 0;
    while (digits < word.size && char_is_digit(word.cp[digits]))
        digits++;
    return digits == 4 && (word.cp[0] == '1' || word.cp[0] == '2');
}

// A6 THE ELIN CHRONICLE TUESDAY, MARCH 10, 2026: the line over a page. Its words are all
// large or numbers, with a day or month and the year among them, and the paper's name or
// a page's number at one end.
static bool
is_folio_line(struct span s)
{
    bool day = false, year = false, paper = false, number = false, first = true;
    for (uint32_t at = 0; at < s.size;) {
        if (separates(s.cp[at]) || char_is(s.cp[at], CHAR_MARK | CHAR_AMBIGUOUS)) {
            at++;
            continue;
        }
        struct span word = span_cut(s, at, word_end(s, at));
        bool named = is_whole_word(word, WORDS_LATIN_DAYS);
        bool small = !char_is_upper(word.cp[0]) && !char_is_digit(word.cp[0]);
        if (small && !named && word.size > 3)
            return false;
        day = day || named;
        year = year || is_year(word);
        paper = paper || is_whole_word(word, WORDS_LATIN_PAPERS);
        at += word.size;
        number = number || ((first || at == s.size) && !is_year(word) &&
                               word.size <= 3 && char_is_digit(word.cp[word.size - 1]));
        first = false;
    }
    return day && year && (paper || number);
}

bool
latin_is_furniture(struct span s, bool digits)
{
    if (!s.size || span_longer(s, BYLINE_MAX))
        return false;
    if (!char_is_letter(s.cp[0]))
        return char_is_digit(s.cp[0]) && is_folio_line(s);
    return (is_paper(s) && !name_before_owner(s)) ||
           (digits && (is_date_line(s) || is_issue_line(s) || is_folio_line(s)));
}

// A page's code at the end of a line, A14 or Seite 8, and a few words before it.
bool
latin_is_teaser(struct span s)
{
    uint32_t at = s.size, digits = 0;
    while (at > 0 && char_is_digit(s.cp[at - 1]))
        at--, digits++;
    if (!digits || digits > 2 || at < 2 || span_longer(s, TEASER_MAX))
        return false;
    bool coded =
        s.cp[at - 1] >= 'A' && s.cp[at - 1] <= 'H' && char_is_space(s.cp[at - 2]);
    while (at > 0 && char_is_space(s.cp[at - 1]))
        at--;
    uint32_t word = at;
    while (word > 0 && !char_is_space(s.cp[word - 1]))
        word--;
    return coded || words_match(s, word, WORDS_PAGES) == at;
}

bool
latin_opens_box(struct span s)
{
    uint32_t title = words_fold_match(s, WORDS_LATIN_BOX_TITLES);
    if (title && (title == s.size || (title + 1 == s.size && s.cp[title] == ':')))
        return true;
    uint32_t end = words_match(s, 0, WORDS_LATIN_BOXES);
    return end && (end == s.size || !char_is_letter(s.cp[end]));
}
