// What submit prints: receipts on standard output, what went wrong on standard error.
#ifndef RECEIPTS_H
#define RECEIPTS_H

#include "print.h"

struct document { // one file, from its sending until its answer is printed
    struct document *next;
    const char *path;
    int64_t sent_us, took_us;
    struct wire_writer receipt; // empty: refused
    char *refused;              // why; NULL: out of memory
    int refused_code;           // exit code of the refusal
};

struct receipts {
    const struct cli *cli;
    struct print print;
    bool titles; // look up headline and language: worth a question for one document
    int worst;   // exit code so far
    unsigned items, filed, files; // files: those that are on disk, read or not
};

// receipts_print prints what became of a document. The handle is for looking up titles.
void receipts_print(struct receipts *r, struct wireroom *w, const struct document *d);

// many_items says whether a list has more than one: then an item without a name is told by
// its number.
bool many_items(struct slice items);

#endif
