// Stories for measuring readers: about 4 kB of text each, English or Chinese, made of our
// own words with a fixed seed, and one writer a format that carries the same story the way
// wires do. Made before the clock starts.
#ifndef BENCH_STORIES_H
#define BENCH_STORIES_H

#include <stdio.h>

#include "proto/proto.h"

enum { STORY_BYTES = 4000, STORY_PARAGRAPHS = 24 };

struct story {
    unsigned number;
    bool chinese, ascii; // ascii: what a teleprinter has keys for
    char headline[160], by[64], place[32];
    char *paragraphs[STORY_PARAGRAPHS];
    unsigned count;
    size_t bytes; // of all paragraphs
};

// story_make gives the story of that number: the same at every call. Exits out of memory.
struct story story_make(unsigned number, bool chinese, bool ascii);
void story_free(struct story *s);

// A form a document can have; stories: how many one document of it carries.
struct story_form {
    const char *name, *format;
    bool chinese, ascii;
    unsigned stories;
    void (*write)(FILE *out, const struct story *stories, unsigned count);
};
extern const struct story_form story_forms[];
extern const size_t story_forms_count;

// story_document gives document number of a form, malloc'ed. Exits out of memory.
struct slice story_document(const struct story_form *form, unsigned number);

#endif
