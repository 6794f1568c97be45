#include "config/guess.h"

#define LETTERS_MAX 40U // longer words are no typing mistakes of ours

static unsigned
least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

// Optimal string alignment over three rows.
unsigned
guess_distance(struct slice a, struct slice b)
{
    unsigned rows[3][LETTERS_MAX + 1] = {0};
    if (a.size > LETTERS_MAX || b.size > LETTERS_MAX)
        return LETTERS_MAX;
    for (unsigned j = 0; j <= b.size; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a.size; i++) {
        unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3],
                 *two = rows[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= b.size; j++) {
            unsigned change = before[j - 1] + (a.data[i - 1] != b.data[j - 1]);
            now[j] = least(change, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1])
                now[j] = least(now[j], two[j - 2] + 1);
        }
    }
    return rows[a.size % 3][b.size];
}

void
guess_try(struct guess *guess, const char *word)
{
    unsigned distance = guess_distance(guess->unknown, slice_str(word));
    unsigned most = least(3, (unsigned)(guess->unknown.size + 2) / 3);
    if (distance > most || (guess->word && distance >= guess->distance))
        return;
    guess->word = word;
    guess->distance = distance;
}
