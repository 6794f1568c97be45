// One of the trees that the power cut leaves, made in a real directory.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree_state.h"

const char *const shape_names[SHAPE_COUNT] = {
    "none", "all", "one-lost", "one-kept", "random", "torn", "spoiled"};

struct choice {
    enum shape shape;
    size_t one; // index of the page that is alone
    struct rng *rng;
};

static uint32_t
version_of(const struct choice *choice, size_t index, const struct page *page)
{
    switch (choice->shape) {
    case SHAPE_NONE:
        return 0;
    case SHAPE_ALL:
        return page->count;
    case SHAPE_ONE_LOST:
        return page->count - (index == choice->one);
    case SHAPE_ONE_KEPT:
        return index == choice->one ? page->count : 0;
    default:
        return (uint32_t)rng_below(choice->rng, page->count + 1);
    }
}

static void
tear(const struct tree *tree, const struct page *page, struct rng *rng, uint8_t *bytes)
{
    uint8_t other[PAGE];
    tree_page(tree, page, (uint32_t)rng_below(rng, page->count + 1), other);
    for (size_t s = 0; s < PAGE; s += SECTOR)
        if (rng_next(rng) & 1)
            memcpy(bytes + s, other + s, SECTOR);
}

static void
spoil(const struct tree *tree, const struct page *page, struct rng *rng, uint8_t *bytes)
{
    uint8_t before[PAGE];
    uint64_t first = rng_below(rng, PAGE / SECTOR);
    tree_page(tree, page, 0, before);
    for (uint64_t i = 0; i < PAGE / SECTOR; i++) {
        uint64_t s = (first + i) % (PAGE / SECTOR) * SECTOR;
        if (memcmp(before + s, bytes + s, SECTOR) == 0)
            continue; // the head was not here
        for (size_t b = 0; b < SECTOR; b++)
            bytes[s + b] = (uint8_t)rng_next(rng);
        return;
    }
}

static bool
write_all(int fd, const uint8_t *bytes, uint64_t size, uint64_t at)
{
    while (size) {
        ssize_t n = pwrite(fd, bytes, size, (off_t)at);
        if (n <= 0)
            return false;
        bytes += n;
        at += (uint64_t)n;
        size -= (uint64_t)n;
    }
    return true;
}

static bool
build_pages(const struct tree *tree, uint64_t node, int fd, const struct choice *choice,
    uint64_t *size)
{
    uint8_t bytes[PAGE];
    for (size_t i = 0; i < tree->page_count; i++) {
        const struct page *p = &tree->pages[i];
        if (p->node != node)
            continue;
        uint32_t version = version_of(choice, i, p);
        bool torn = choice->shape == SHAPE_TORN && rng_below(choice->rng, 3) == 0;
        bool spoiled = choice->shape == SHAPE_SPOILED && i == choice->one &&
                       !(tree->nodes[node].lmdb && p->number < META_PAGES);
        if (!version && !torn && !spoiled)
            continue;
        tree_page(tree, p, spoiled ? p->count : version, bytes);
        if (torn)
            tear(tree, p, choice->rng, bytes);
        if (spoiled)
            spoil(tree, p, choice->rng, bytes);
        if (!write_all(fd, bytes, PAGE, p->number * PAGE))
            return false;
        uint64_t extent = tree_extent(tree, p, torn || spoiled ? p->count : version);
        *size = extent > *size ? extent : *size;
    }
    return true;
}

static bool
build_file(const struct tree *tree, uint64_t node, const char *path,
    const struct choice *choice)
{
    const struct node *n = &tree->nodes[node];
    uint64_t size = n->durable_size;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write_all(fd, n->durable, n->durable_size, 0) &&
                build_pages(tree, node, fd, choice, &size);
    if (n->size > size && (rng_next(choice->rng) & 1))
        size = n->size; // the size went down and the bytes did not
    good = good && ftruncate(fd, (off_t)size) == 0;
    (void)close(fd);
    return good;
}

static bool
build_directory(const struct tree *tree, const struct name *names, size_t count,
    uint64_t directory, const char *path, const struct choice *choice)
{
    for (size_t i = 0; i < count; i++) {
        char inner[4096];
        if (names[i].directory != directory)
            continue;
        (void)snprintf(inner, sizeof inner, "%s/%s", path, names[i].text);
        bool good = tree->nodes[names[i].node].directory
                        ? mkdir(inner, 0700) == 0 && build_directory(tree, names, count,
                                                         names[i].node, inner, choice)
                        : build_file(tree, names[i].node, inner, choice);
        if (!good)
            return false;
    }
    return true;
}

static bool
change_goes_down(const struct choice *choice, uint64_t mood)
{
    if (choice->shape == SHAPE_NONE || choice->shape == SHAPE_ALL)
        return choice->shape == SHAPE_ALL;
    return mood == 0 || (mood == 1 && (rng_next(choice->rng) & 1));
}

bool
tree_build(
    const struct tree *tree, const char *directory, enum shape shape, struct rng *rng)
{
    struct choice choice = {shape, (size_t)rng_below(rng, tree->page_count), rng};
    struct name *names = malloc(sizeof tree->names);
    if (!names)
        tree_give_up("out of memory");
    size_t count = tree->name_count;
    uint64_t mood = rng_below(rng, 3); // of the names: all, some, none
    memcpy(names, tree->names, count * sizeof *names);
    for (size_t i = 0; i < tree->change_count; i++)
        if (change_goes_down(&choice, mood))
            count = tree_rename(names, count, &tree->changes[i]);
    bool good = build_directory(tree, names, count, 0, directory, &choice);
    free(names);
    return good;
}
