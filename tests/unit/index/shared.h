// What the tests of index/ share: a random stream that is the same every run, and a
// directory of the test's own.
#ifndef TESTS_INDEX_SHARED_H
#define TESTS_INDEX_SHARED_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h> // needs those before it
// clang-format on

#include "index/index.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static inline uint64_t
next_random(uint64_t *state) // splitmix64
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static inline uint64_t
below(uint64_t *state, uint64_t n)
{
    return next_random(state) % n;
}

static inline char *
directory_new(void)
{
    char *path = strdup("/tmp/wireroom-index-XXXXXX");
    assert_non_null(path);
    assert_non_null(mkdtemp(path));
    return path;
}

static inline void
directory_remove(char *path)
{
    struct fault fault = FAULT_NONE;
    assert_int_equal(blobs_remove(path, &fault), WIRE_OK);
    assert_int_equal(rmdir(path), 0);
    free(path);
}

#endif
