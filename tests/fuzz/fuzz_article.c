// Rooms: formats
// Any bytes as wireroom's own article. What is read and packed, less its wr, must be read
// again as the same article. Seeds: msgpack of tests/corpus/article.
#include <stdio.h>
#include <stdlib.h>

#include "formats_fuzz.h"

// The packed article without wr, as a producer may send it back.
static struct slice
without_wr(const struct article *a, struct arena *arena)
{
    struct article bare = *a;
    struct wire_writer w = {0};
    bare.wr = (struct article_wr){0};
    article_pack(&bare, &w);
    struct slice packed = arena_copy(arena, wire_written(&w));
    wire_writer_fini(&w);
    return packed;
}

static void
read_again(const struct article *a, struct arena *arena)
{
    struct slice packed = without_wr(a, arena);
    struct format_input input = {.raw = packed, .format = SLICE("article")};
    struct format_output out;
    formats_read(&input, arena, &out);
    if (arena->failed)
        return;
    if (out.count != 1 || out.items[0]->fault.code) {
        const struct fault *fault = out.count ? &out.items[0]->fault : &out.fault;
        (void)fprintf(stderr, "%s %s: %s\n", wire_error_name(fault->code), fault->field,
            fault->words);
        abort();
    }
    if (!slice_equal(without_wr(out.items[0], arena), packed) && !arena->failed)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct format_output out;
    struct format_input input = {
        .raw = slice_of(data, size), .format = SLICE("article")};
    fuzz_load();
    arena_init(&arena, FUZZ_ARENA);
    formats_read(&input, &arena, &out);
    for (uint32_t i = 0; i < out.count; i++)
        if (!out.items[i]->fault.code && !arena.failed && article_check(out.items[i]))
            read_again(out.items[i], &arena);
    arena_fini(&arena);
    fuzz_read("article", slice_of(data, size));
    return 0;
}
