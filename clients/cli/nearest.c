// Did you mean? The word that takes the fewest letters to make from what was typed.
#include "table.h"

#define WORD_MAX 30
#define TOO_FAR 3 // letters to insert, drop, change or swap

// Optimal string alignment, row by row.
static size_t
distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1], la = strlen(a), lb = strlen(b);
    size_t *above2 = rows[0], *above = rows[1], *row = rows[2];
    if (la > WORD_MAX || lb > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= lb; j++)
        above[j] = j;
    for (size_t i = 1; i <= la; i++) {
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t least = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < least)
                least = above[j] + 1;
            if (row[j - 1] + 1 < least)
                least = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                above2[j - 2] + 1 < least)
                least = above2[j - 2] + 1;
            row[j] = least;
        }
        size_t *old = above2;
        above2 = above;
        above = row;
        row = old;
    }
    return above[lb];
}

// A short word must be nearly right to be recognised.
static bool
nearer(const char *typed, const char *word, size_t *least)
{
    size_t d = distance(typed, word);
    if (d >= *least || d >= strlen(word))
        return false;
    *least = d;
    return true;
}

const char *
nearest_command(const char *typed)
{
    const char *best = NULL;
    size_t least = TOO_FAR;
    for (size_t i = 0; i < commands_count; i++)
        if (nearer(typed, commands[i].name, &least))
            best = commands[i].name;
    return best;
}

const char *
nearest_option(const struct command *command, const char *typed)
{
    const char *best = NULL;
    size_t least = TOO_FAR;
    for (size_t i = 0; i < options_count; i++)
        if (command_takes(command, &options[i]) &&
            nearer(typed, options[i].name, &least))
            best = options[i].name;
    return best;
}

const char *
nearest_class(const char *typed)
{
    const char *best = NULL;
    size_t least = TOO_FAR;
    for (size_t i = 0; classes[i]; i++)
        if (nearer(typed, classes[i], &least))
            best = classes[i];
    return best;
}

const char *
nearest_verb(const char *typed)
{
    const char *best = NULL;
    size_t least = TOO_FAR;
    for (size_t i = 0; verbs[i].word; i++)
        if (nearer(typed, verbs[i].word, &least))
            best = verbs[i].word;
    return best;
}
