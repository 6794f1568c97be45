// newsprint_main FILE [ISSUE-DATE]: reads one page and prints its articles, one JSON text
// a line, for looking at pages by hand and for scoring them. Not a test by itself.
#include <stdio.h>
#include <stdlib.h>

#include "formats/newsprint/newsprint.h"
#include "proto/json.h"

static struct slice
read_file(const char *path, struct arena *arena)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = arena_alloc(arena, 5U << 20);
    if (!f || !data)
        return slice_of(NULL, 0);
    size_t size = fread(data, 1, 5U << 20, f);
    (void)fclose(f);
    return slice_of(data, size);
}

int
main(int argc, char **argv)
{
    struct arena arena;
    arena_init(&arena, (size_t)1 << 30);
    if (argc < 2)
        return 2;
    struct slice text = read_file(argv[1], &arena);
    struct format_input input = {
        .raw = text, .issue_date = slice_str(argc > 2 ? argv[2] : "")};
    struct format_output out = {0};
    newsprint_read(&input, text, &arena, &out);
    if (out.fault.code)
        printf("{\"error\": \"%s\"}\n", wire_error_name(out.fault.code));
    for (uint32_t i = 0; i < out.count; i++) {
        struct wire_writer packed = {0}, json = {0};
        article_pack(out.items[i], &packed);
        wire_to_json(wire_written(&packed), WIRE_JSON_COMPACT, &json);
        struct slice line = wire_written(&json);
        printf("%.*s\n", SLICE_ARG(line));
        wire_writer_fini(&packed);
        wire_writer_fini(&json);
    }
    arena_fini(&arena);
    return out.fault.code ? 1 : 0;
}
