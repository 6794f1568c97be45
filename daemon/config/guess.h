// "did you mean": the known word nearest to one that is not known.
#ifndef CONFIG_GUESS_H
#define CONFIG_GUESS_H

#include "proto/proto.h"

// guess_distance counts the letters to insert, drop, change or swap with a neighbour.
unsigned guess_distance(struct slice a, struct slice b);

// A best guess among words tried one by one; word stays NULL while none is near enough
// (a third of the letters, at most 3, may differ).
struct guess {
    struct slice unknown;
    const char *word;
    unsigned distance;
};
void guess_try(struct guess *guess, const char *word);

// For printf's "%s%s%s": `; did you mean "word"?`, or nothing.
#define GUESS_ARG(g) \
    (g).word ? "; did you mean \"" : "", (g).word ? (g).word : "", (g).word ? "\"?" : ""

#endif
