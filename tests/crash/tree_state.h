// What tree.c keeps and build.c makes trees of.
#ifndef CRASH_TREE_STATE_H
#define CRASH_TREE_STATE_H

#include "tree.h"

#define PAGE 4096U
#define SECTOR 512U
#define META_PAGES 2U // of an LMDB file
#define NAME_BYTES 64
#define MOST_NODES 4096
#define MOST_NAMES 4096
#define MOST_CHANGES 4096

struct write {
    uint64_t at, size;
    const uint8_t *bytes; // of the event log
};

// A page with writes since the last sync of its file, oldest first.
struct page {
    uint64_t node, number;
    uint32_t *writes; // into the node's
    uint32_t count, capacity;
};

struct node {
    bool exists, directory, lmdb;
    uint8_t *durable;
    uint64_t durable_size, size; // on the disk; as the program sees it
    struct write *writes;
    uint32_t write_count, write_capacity;
};

struct name {
    uint64_t directory, node;
    char text[NAME_BYTES];
};

// A change of names that no directory sync has covered: remove `from`, add `to`; with
// exchanges, what was at `to` is then at `from`.
struct change {
    struct name from, to;
    bool removes, adds, exchanges;
};

struct tree {
    struct node nodes[MOST_NODES];
    struct page *pages;
    size_t page_count, page_capacity;
    struct name names[MOST_NAMES]; // durable
    size_t name_count;
    struct change changes[MOST_CHANGES];
    size_t change_count;
};

// tree_page gives a page as it was after the first `version` of its writes; tree_extent how
// far into the file those reach.
void tree_page(
    const struct tree *tree, const struct page *page, uint32_t version, uint8_t *out);
uint64_t tree_extent(
    const struct tree *tree, const struct page *page, uint32_t version);
// tree_rename makes one change in a list of names and gives its new length.
size_t tree_rename(struct name *names, size_t count, const struct change *change);
void tree_give_up(const char *why);

#endif
