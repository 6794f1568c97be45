// A directory tree as a disk may have it: what is durable, and everything since that may
// have gone down too. tree_apply takes one recorded event; tree_build makes, in a real
// directory, one of the trees that a power cut at this moment could leave.
//
// Pages of 4 KiB reach the disk independently and in any order, at any version written
// since the last completed sync of their file. One caught in the middle is torn at 512
// bytes; with SHAPE_SPOILED the sector under the head is unreadable noise, but not in the
// two meta pages of an LMDB file: LMDB asks of a disk that it writes a sector whole or not
// at all, and opens nothing else. An O_DSYNC write
// covers its own pages only. A failed sync leaves pages clean at a version nobody knows. A
// file's size may be ahead of its data. A name made, changed or removed is durable after a
// sync of its directory, and until then may be there or not, whatever became of others; a
// rename happens whole or not at all.
#ifndef CRASH_TREE_H
#define CRASH_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "events.h"

struct tree;

struct rng {
    uint64_t state;
};
uint64_t rng_next(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t n);

enum shape {
    SHAPE_NONE,     // nothing since the last syncs went down
    SHAPE_ALL,      // all of it
    SHAPE_ONE_LOST, // all but one page
    SHAPE_ONE_KEPT, // one page and nothing else
    SHAPE_RANDOM,   // every page at a version of its own
    SHAPE_TORN,     // some pages are pieces of two versions
    SHAPE_SPOILED,  // one sector that was being written is noise
    SHAPE_COUNT,
};
extern const char *const shape_names[SHAPE_COUNT];

struct tree *tree_new(void);
// The payload must live as long as the tree.
void tree_apply(struct tree *tree, const struct event *event, const uint8_t *payload,
    struct rng *rng);
size_t tree_dirty_pages(const struct tree *tree);
// tree_build wants an empty directory. False: errno says why.
bool tree_build(
    const struct tree *tree, const char *directory, enum shape shape, struct rng *rng);

#endif
