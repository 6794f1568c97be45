// Rooms: formats
// Any bytes as XML: a tree whose slices lie where they should, or a fault. Seeds:
// tests/corpus/nitf, tests/corpus/newsml12.
#include "formats/xml.h"
#include "formats_fuzz.h"

static void
check_node(const struct xml_node *node, unsigned depth)
{
    size_t below = 0;
    if (depth > XML_DEPTH_MAX)
        abort();
    for (const struct xml_node *at = node->first; at; at = at->next) {
        if (at->parent != node || (at->next == NULL) != (at == node->last))
            abort();
        if (at->name.size == 0 && (at->first || at->text.size == 0))
            abort();
        below += at->text.size;
        check_node(at, depth + 1);
    }
    if (node->name.size && below != node->text.size)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct fault fault = FAULT_NONE;
    struct slice name, space, text = slice_of(data, size);
    fuzz_load();
    if (utf8_valid_bytes(text) != size)
        return 0;
    arena_init(&arena, FUZZ_ARENA);
    struct xml_node *root = xml_parse(text, &arena, &fault);
    if (root)
        check_node(root, 1);
    if (root && !fault.code && !(xml_root(text, &name, &space) && root->whole))
        abort();
    if (!root && !fault.code && !arena.failed)
        abort();
    struct slice line = xml_line(root, &arena);
    if (utf8_valid_bytes(line) != line.size)
        abort();
    (void)xml_flat(root, &arena);
    arena_fini(&arena);
    return 0;
}
