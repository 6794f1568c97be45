#include "formats/guess.h"

#include "article/article.h"

#define NAME_MAX_BYTES 24U

static uint8_t
lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

// Levenshtein's distance, case folded; both names are short.
static unsigned
distance(struct slice a, struct slice b)
{
    unsigned row[NAME_MAX_BYTES + 1];
    for (unsigned j = 0; j <= b.size; j++)
        row[j] = j;
    for (unsigned i = 1; i <= a.size; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b.size; j++) {
            bool same = lower(a.data[i - 1]) == lower(b.data[j - 1]);
            unsigned here = least(row[j] + 1, row[j - 1] + 1, diagonal + !same);
            diagonal = row[j];
            row[j] = here;
        }
    }
    return row[b.size];
}

const char *
guess_name(struct slice unknown)
{
    const char *best = NULL;
    unsigned best_distance = 3;
    if (unknown.size > NAME_MAX_BYTES)
        return NULL;
    for (uint32_t i = 0; i < ARTICLE_FIELDS; i++) {
        struct slice name = slice_str(article_rows[i].name);
        unsigned d = name.size > NAME_MAX_BYTES ? 3 : distance(unknown, name);
        if (d < best_distance && d < name.size / 2) {
            best = article_rows[i].name;
            best_distance = d;
        }
    }
    return best;
}
