// The articles of every benchmark: fixed seed, made before the clock starts. Body length
// log-normal (median 3,000 bytes, sigma .692, so the 99th percentile is about 15 kB), 70 %
// English with some accents (a few decomposed), 30 % CJK; 40 sources.
#ifndef BENCH_CORPUS_H
#define BENCH_CORPUS_H

#include "proto/proto.h"

struct corpus_article {
    struct slice document; // one msgpack article, as format `article` takes it
    char source[12], uri[32],
        version[4];   // as in the document, for who takes no documents
    uint32_t copy_of; // index of the article it repeats byte for byte; its own else
    uint32_t body_bytes;
};
struct corpus {
    struct corpus_article *articles;
    uint32_t count;
    uint64_t document_bytes;
};

// corpus_make gives count articles, duplicates percent of them byte-exact repeats of one
// of the last 20,000; html puts the body in paragraphs as text/html. Exits out of memory.
struct corpus corpus_make(
    uint32_t count, unsigned duplicates, bool html, uint64_t seed);
void corpus_free(struct corpus *c);

#endif
