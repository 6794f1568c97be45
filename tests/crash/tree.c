#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree_state.h"

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

void
tree_give_up(const char *why)
{
    (void)fprintf(stderr, "replay: %s\n", why);
    exit(70);
}

static void *
grown(void *old, size_t count, size_t size)
{
    void *bytes = realloc(old, count * size);
    if (!bytes)
        tree_give_up("out of memory");
    return bytes;
}

struct tree *
tree_new(void)
{
    struct tree *tree = calloc(1, sizeof *tree);
    if (!tree)
        tree_give_up("out of memory");
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
        tree_give_up("too many names");
    names[count] = *name;
    return count + 1;
}

size_t
tree_rename(struct name *names, size_t count, const struct change *change)
{
    struct name other = change->from;
    if (change->exchanges)
        for (size_t i = 0; i < count; i++)
            if (name_is(&names[i], &change->to))
                other.node = names[i].node;
    if (change->removes)
        count = name_remove(names, count, &change->from);
    if (change->exchanges)
        count = name_put(names, count, &other);
    return change->adds ? name_put(names, count, &change->to) : count;
}

static struct name
name_of(uint64_t directory, uint64_t node, const uint8_t *text, size_t size)
{
    struct name name = {.directory = directory, .node = node};
    if (size >= NAME_BYTES)
        tree_give_up("a name is too long");
    memcpy(name.text, text, size);
    return name;
}

static void
change_note(struct tree *tree, const struct change *change)
{
    if (tree->change_count == MOST_CHANGES)
        tree_give_up("too many names changed without a directory sync");
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
            tree->name_count = tree_rename(tree->names, tree->name_count, c);
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

void
tree_page(
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

uint64_t
tree_extent(const struct tree *tree, const struct page *page, uint32_t version)
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
    uint64_t begin = page->number * PAGE, extent = tree_extent(tree, page, version);
    tree_page(tree, page, version, bytes);
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
        tree_give_up("too many files");
    tree->nodes[e->node] = (struct node){.exists = true,
        .directory = e->b != 0,
        .lmdb = e->payload == 8 && memcmp(payload, "data.mdb", 8) == 0};
    struct change change = {
        .adds = true, .to = name_of(e->a, e->node, payload, e->payload)};
    change_note(tree, &change);
}

static void
rename_noted(struct tree *tree, const struct event *e, const uint8_t *payload)
{
    size_t first = strnlen((const char *)payload, e->payload);
    struct change change = {
        .removes = true, .adds = true, .exchanges = e->type == EVENT_EXCHANGE};
    if (first >= e->payload)
        tree_give_up("a rename without two names");
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
    case EVENT_EXCHANGE:
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
    tree_give_up("the program did something to the tree that the model does not have");
}
