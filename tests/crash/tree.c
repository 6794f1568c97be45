#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096U
#define SECTOR 512U
#define NAME_BYTES 64
#define MOST_NODES 4096
#define MOST_NAMES 4096
#define MOST_CHANGES 4096

const char *const shape_names[SHAPE_COUNT] = {
    "none", "all", "one-lost", "one-kept", "random", "torn", "spoiled"};

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
    bool exists, directory;
    uint8_t *durable;
    uint64_t durable_size, size; // on the disk; as the program sees it
    struct write *writes;
    uint32_t write_count, write_capacity;
};

struct name {
    uint64_t directory, node;
    char text[NAME_BYTES];
};

// A change of names that no directory sync has covered: remove `from`, add `to`.
struct change {
    struct name from, to;
    bool removes, adds;
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

uint64_t
rng_next(struct rng *rng)
{
    uint64_t z = rng->state += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

uint64_t
rng_below(struct rng *rng, uint64_t n)
{
    return n ? rng_next(rng) % n : 0;
}

static void
give_up(const char *why)
{
    (void)fprintf(stderr, "replay: %s\n", why);
    exit(70);
}

static void *
grown(void *old, size_t count, size_t size)
{
    void *bytes = realloc(old, count * size);
    if (!bytes)
        give_up("out of memory");
    return bytes;
}

struct tree *
tree_new(void)
{
    struct tree *tree = calloc(1, sizeof *tree);
    if (!tree)
        give_up("out of memory");
    tree->nodes[0].exists = tree->nodes[0].directory = true;
    return tree;
}

size_t
tree_dirty_pages(const struct tree *tree)
{
    return tree->page_count;
}

// ---- names

static bool
name_is(const struct name *a, const struct name *b)
{
    return a->directory == b->directory && strcmp(a->text, b->text) == 0;
}

static size_t
name_remove(struct name *names, size_t count, const struct name *name)
{
    for (size_t i = 0; i < count; i++)
        if (name_is(&names[i], name) && names[i].node == name->node) {
            names[i] = names[count - 1];
            return count - 1;
        }
    return count;
}

static size_t
name_put(struct name *names, size_t count, const struct name *name)
{
    for (size_t i = 0; i < count; i++)
        if (name_is(&names[i], name)) {
            names[i].node = name->node;
            return count;
        }
    if (count == MOST_NAMES)
        give_up("too many names");
    names[count] = *name;
    return count + 1;
}

static size_t
name_change(struct name *names, size_t count, const struct change *change)
{
    if (change->removes)
        count = name_remove(names, count, &change->from);
    return change->adds ? name_put(names, count, &change->to) : count;
}

static struct name
name_of(uint64_t directory, uint64_t node, const uint8_t *text, size_t size)
{
    struct name name = {.directory = directory, .node = node};
    if (size >= NAME_BYTES)
        give_up("a name is too long");
    memcpy(name.text, text, size);
    return name;
}

static void
change_note(struct tree *tree, const struct change *change)
{
    if (tree->change_count == MOST_CHANGES)
        give_up("too many names changed without a directory sync");
    tree->changes[tree->change_count++] = *change;
}

static void
names_sync(struct tree *tree, uint64_t directory)
{
    size_t kept = 0;
    for (size_t i = 0; i < tree->change_count; i++) {
        const struct change *c = &tree->changes[i];
        bool covered =
            c->adds ? c->to.directory == directory : c->from.directory == directory;
        if (covered)
            tree->name_count = name_change(tree->names, tree->name_count, c);
        else
            tree->changes[kept++] = *c;
    }
    tree->change_count = kept;
}

// ---- bytes

static struct page *
page_of(struct tree *tree, uint64_t node, uint64_t number)
{
    for (size_t i = 0; i < tree->page_count; i++)
        if (tree->pages[i].node == node && tree->pages[i].number == number)
            return &tree->pages[i];
    if (tree->page_count == tree->page_capacity) {
        tree->page_capacity = tree->page_capacity ? 2 * tree->page_capacity : 256;
        tree->pages = grown(tree->pages, tree->page_capacity, sizeof *tree->pages);
    }
    struct page *page = &tree->pages[tree->page_count++];
    *page = (struct page){.node = node, .number = number};
    return page;
}

static void
write_note(struct tree *tree, uint64_t node, const struct write *write)
{
    struct node *n = &tree->nodes[node];
    if (n->write_count == n->write_capacity) {
        n->write_capacity = n->write_capacity ? 2 * n->write_capacity : 64;
        n->writes = grown(n->writes, n->write_capacity, sizeof *n->writes);
    }
    n->writes[n->write_count] = *write;
    for (uint64_t p = write->at / PAGE;
         write->size && p <= (write->at + write->size - 1) / PAGE; p++) {
        struct page *page = page_of(tree, node, p);
        if (page->count == page->capacity) {
            page->capacity = page->capacity ? 2 * page->capacity : 4;
            page->writes = grown(page->writes, page->capacity, sizeof *page->writes);
        }
        page->writes[page->count++] = n->write_count;
    }
    n->write_count++;
    if (write->at + write->size > n->size)
        n->size = write->at + write->size;
}

// page_at gives a page as it was after the first `version` of its writes.
static void
page_at(
    const struct tree *tree, const struct page *page, uint32_t version, uint8_t *out)
{
    const struct node *n = &tree->nodes[page->node];
    uint64_t begin = page->number * PAGE, end = begin + PAGE;
    memset(out, 0, PAGE);
    if (begin < n->durable_size)
        memcpy(out, n->durable + begin,
            n->durable_size - begin < PAGE ? n->durable_size - begin : PAGE);
    for (uint32_t i = 0; i < version; i++) {
        const struct write *w = &n->writes[page->writes[i]];
        uint64_t a = w->at > begin ? w->at : begin;
        uint64_t z = w->at + w->size < end ? w->at + w->size : end;
        memcpy(out + (a - begin), w->bytes + (a - w->at), z - a);
    }
}

// page_extent gives how far into the file the first `version` writes of a page reach.
static uint64_t
page_extent(const struct tree *tree, const struct page *page, uint32_t version)
{
    uint64_t most = 0, end = (page->number + 1) * PAGE;
    for (uint32_t i = 0; i < version; i++) {
        const struct write *w = &tree->nodes[page->node].writes[page->writes[i]];
        uint64_t z = w->at + w->size < end ? w->at + w->size : end;
        most = z > most ? z : most;
    }
    return most;
}

static void
durable_resize(struct node *n, uint64_t size)
{
    if (size > n->durable_size) {
        n->durable = grown(n->durable, size, 1);
        memset(n->durable + n->durable_size, 0, size - n->durable_size);
    }
    n->durable_size = size;
}

static void
page_settle(struct tree *tree, struct page *page, uint32_t version)
{
    uint8_t bytes[PAGE];
    struct node *n = &tree->nodes[page->node];
    uint64_t begin = page->number * PAGE, extent = page_extent(tree, page, version);
    page_at(tree, page, version, bytes);
    if (extent > n->durable_size)
        durable_resize(n, extent);
    if (begin < n->durable_size)
        memcpy(n->durable + begin, bytes,
            n->durable_size - begin < PAGE ? n->durable_size - begin : PAGE);
    free(page->writes);
}

// settle makes pages of a range durable, each at its last version or at a random one.
static void
settle(
    struct tree *tree, uint64_t node, uint64_t at, uint64_t size, struct rng *unknown)
{
    size_t kept = 0;
    bool left = false;
    for (size_t i = 0; i < tree->page_count; i++) {
        struct page *p = &tree->pages[i];
        uint64_t begin = p->number * PAGE;
        if (p->node != node || begin >= at + size || begin + PAGE <= at) {
            left |= p->node == node;
            tree->pages[kept++] = *p;
            continue;
        }
        page_settle(
            tree, p, unknown ? (uint32_t)rng_below(unknown, p->count + 1) : p->count);
    }
    tree->page_count = kept;
    if (!left)
        tree->nodes[node].write_count = 0;
}

static void
node_sync(struct tree *tree, uint64_t node, struct rng *unknown)
{
    struct node *n = &tree->nodes[node];
    if (n->directory) {
        if (!unknown)
            names_sync(tree, node);
        return;
    }
    settle(tree, node, 0, UINT64_MAX / 2, unknown);
    if (!unknown || n->size > n->durable_size)
        durable_resize(n, n->size);
}

// A file made shorter is taken as settled at that size: milder than a disk, and enough for
// stores that never shrink a file they rely on.
static void
node_resize(struct tree *tree, uint64_t node, uint64_t size)
{
    struct node *n = &tree->nodes[node];
    if (size < n->size) {
        settle(tree, node, 0, UINT64_MAX / 2, NULL);
        if (size < n->durable_size)
            durable_resize(n, size);
    }
    n->size = size;
}

// ---- events

static void
create(struct tree *tree, const struct event *e, const uint8_t *payload)
{
    if (e->node >= MOST_NODES)
        give_up("too many files");
    tree->nodes[e->node] = (struct node){.exists = true, .directory = e->b != 0};
    struct change change = {
        .adds = true, .to = name_of(e->a, e->node, payload, e->payload)};
    change_note(tree, &change);
}

static void
rename_noted(struct tree *tree, const struct event *e, const uint8_t *payload)
{
    size_t first = strnlen((const char *)payload, e->payload);
    struct change change = {.removes = true, .adds = true};
    if (first >= e->payload)
        give_up("a rename without two names");
    change.from = name_of(e->a, e->node, payload, first);
    change.to = name_of(e->b, e->node, payload + first + 1, e->payload - first - 1);
    change_note(tree, &change);
}

static void
unlink_noted(struct tree *tree, const struct event *e, const uint8_t *payload)
{
    struct change change = {
        .removes = true, .from = name_of(e->a, e->node, payload, e->payload)};
    change_note(tree, &change);
}

void
tree_apply(
    struct tree *tree, const struct event *e, const uint8_t *payload, struct rng *rng)
{
    struct write write = {e->a, e->payload, payload};
    switch ((enum event_type)e->type) {
    case EVENT_CREATE:
        create(tree, e, payload);
        return;
    case EVENT_WRITE:
        write_note(tree, e->node, &write);
        return;
    case EVENT_SYNC:
        node_sync(tree, e->node, NULL);
        return;
    case EVENT_SYNC_FAIL:
        node_sync(tree, e->node, rng);
        return;
    case EVENT_SYNC_RANGE:
        settle(tree, e->node, e->a, e->b, NULL);
        return;
    case EVENT_SIZE:
        node_resize(tree, e->node, e->a);
        return;
    case EVENT_RENAME:
        rename_noted(tree, e, payload);
        return;
    case EVENT_UNLINK:
        unlink_noted(tree, e, payload);
        return;
    case EVENT_MARK:
        return;
    case EVENT_UNKNOWN:
        break;
    }
    give_up("the program did something to the tree that the model does not have");
}

// ---- one tree of many

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
    page_at(tree, page, (uint32_t)rng_below(rng, page->count + 1), other);
    for (size_t s = 0; s < PAGE; s += SECTOR)
        if (rng_next(rng) & 1)
            memcpy(bytes + s, other + s, SECTOR);
}

static void
spoil(const struct tree *tree, const struct page *page, struct rng *rng, uint8_t *bytes)
{
    uint8_t before[PAGE];
    uint64_t first = rng_below(rng, PAGE / SECTOR);
    page_at(tree, page, 0, before);
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
        bool spoiled = choice->shape == SHAPE_SPOILED && i == choice->one;
        if (!version && !torn && !spoiled)
            continue;
        page_at(tree, p, spoiled ? p->count : version, bytes);
        if (torn)
            tear(tree, p, choice->rng, bytes);
        if (spoiled)
            spoil(tree, p, choice->rng, bytes);
        if (!write_all(fd, bytes, PAGE, p->number * PAGE))
            return false;
        uint64_t extent = page_extent(tree, p, torn || spoiled ? p->count : version);
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
        give_up("out of memory");
    size_t count = tree->name_count;
    uint64_t mood = rng_below(rng, 3); // of the names: all, some, none
    memcpy(names, tree->names, count * sizeof *names);
    for (size_t i = 0; i < tree->change_count; i++)
        if (change_goes_down(&choice, mood))
            count = name_change(names, count, &tree->changes[i]);
    bool good = build_directory(tree, names, count, 0, directory, &choice);
    free(names);
    return good;
}
