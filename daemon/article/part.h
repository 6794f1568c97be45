// Reading the parts of a record, element by element, without trust: each step names the
// element, says what it may hold, and the first that is wrong stops all later ones.
#ifndef ARTICLE_PART_H
#define ARTICLE_PART_H

#include "article/record.h"

struct part {
    struct wire_reader r;
    const char *name;   // "submission", "prepared", "verdict", "record"
    int64_t item;       // index of the item being read, -1 outside of items
    enum wire_err code; // what a failure is called
    enum wire_err err;  // the first failure
    struct fault *fault;
};

// part_begin reads the head of a part: an array of count elements, the first its layout.
void part_begin(struct part *p, uint32_t count, uint32_t layout);
// part_open scans bytes that are one part alone; part_begin follows.
void part_open(struct part *p, struct slice bytes, const char *name, enum wire_err code,
    struct fault *fault);
bool part_failed(const struct part *p);
void part_fail(struct part *p, const char *element, const char *words);

uint64_t part_uint(struct part *p, const char *element, uint64_t min, uint64_t max);
bool part_bool(struct part *p, const char *element);
int64_t part_time(struct part *p, const char *element); // nil: TIME_NONE
struct slice part_str(struct part *p, const char *element, size_t max);
struct slice part_bin(struct part *p, const char *element, size_t max);
void part_exact(struct part *p, const char *element, void *out, size_t size);
// part_array reads the head of an array of min to max elements.
uint32_t part_array(struct part *p, const char *element, uint32_t min, uint32_t max);
// part_words gives the bytes of a list of at most max str.
struct slice part_words(struct part *p, const char *element, uint32_t max);

void put_time_or_nil(struct wire_writer *w, int64_t us);

// Decoders of parts that lie in a scanned record.
void submission_take(struct part *p, struct submission *out);
void prepared_take(struct part *p, struct arena *arena, struct prepared *out);
void verdict_take(struct part *p, struct arena *arena, struct verdict *out);

#endif
