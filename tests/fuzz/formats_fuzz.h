// What every fuzzer of formats/ holds: whatever comes in, the promises of formats.h.
#ifndef FUZZ_FORMATS_FUZZ_H
#define FUZZ_FORMATS_FUZZ_H

#include <stdlib.h>

#include "formats/formats.h"

#define FUZZ_ARENA ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fuzz_load(void)
{
    static bool loaded;
    if (!loaded && !(hash_init() && formats_load()))
        abort();
    loaded = true;
}

static void
fuzz_check(struct article *a, const struct arena *arena)
{
    struct wire_writer w = {0};
    uint64_t at;
    if (a->fault.code || arena->failed)
        return;
    if (!article_check(a))
        return;
    (void)article_digest(a);
    article_pack(a, &w);
    if (!w.failed && wire_scan(wire_written(&w), &wire_limits_article, &at))
        abort();
    wire_writer_fini(&w);
}

static inline void
fuzz_read(const char *format, struct slice raw)
{
    struct arena arena;
    struct format_output out;
    struct format_input input = {.raw = raw,
        .format = slice_str(format),
        .source = SLICE("fuzz"),
        .zone = SLICE("+01:00")};
    fuzz_load();
    arena_init(&arena, FUZZ_ARENA);
    formats_read(&input, &arena, &out);
    if ((out.count == 0) != (out.fault.code != WIRE_OK) ||
        out.count > ARTICLE_ITEMS_MAX)
        abort();
    for (uint32_t i = 0; i < out.count; i++)
        fuzz_check(out.items[i], &arena);
    arena_fini(&arena);
}

#endif
