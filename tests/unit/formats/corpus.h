// Corpora: every NAME.in beside its NAME.want. Include after cmocka.h. To accept what the
// readers say now, run the test with WIREROOM_WANT=write and look at the difference.
#ifndef UNIT_FORMATS_CORPUS_H
#define UNIT_FORMATS_CORPUS_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/formats.h"

static struct slice
corpus_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return slice_of(NULL, 0);
    size_t size = 0, room = 1U << 20;
    uint8_t *data = malloc(room);
    assert_non_null(data);
    size = fread(data, 1, room, file);
    assert_true(size < room);
    assert_int_equal(fclose(file), 0);
    return slice_of(data, size);
}

static void
corpus_free(struct slice *bytes)
{
    free((void *)(uintptr_t)bytes->data);
    *bytes = slice_of(NULL, 0);
}

// corpus_say appends what was read, an item a line: its canonical article or its fault.
static void
corpus_say_fault(const struct fault *fault, struct wire_writer *text)
{
    char line[512], at[32] = "";
    if (fault->at != FAULT_NOWHERE)
        (void)snprintf(at, sizeof at, " at %llu", (unsigned long long)fault->at);
    int size = snprintf(line, sizeof line, "%s%s [%s] %s\n",
        wire_error_name(fault->code), at, fault->field, fault->words);
    assert_true(size > 0 && (size_t)size < sizeof line);
    wire_put_raw(text, slice_of(line, (size_t)size));
}

static void
corpus_say(const struct format_output *out, struct wire_writer *text)
{
    if (out->fault.code)
        corpus_say_fault(&out->fault, text);
    for (uint32_t i = 0; i < out->count; i++) {
        struct wire_writer packed = {0};
        uint64_t at;
        if (out->items[i]->fault.code) {
            corpus_say_fault(&out->items[i]->fault, text);
            continue;
        }
        article_pack(out->items[i], &packed);
        assert_int_equal(
            wire_scan(wire_written(&packed), &wire_limits_article, &at), 0);
        wire_to_json(wire_written(&packed), WIRE_JSON_COMPACT, text);
        wire_put_raw(text, SLICE("\n"));
        wire_writer_fini(&packed);
    }
}

// corpus_check_promises: what holds for any input. A fault with a code, or items; every
// item with a fault or a canonical form that scans.
static void
corpus_check_promises(const struct format_output *out, const struct arena *arena)
{
    assert_true((out->count == 0) == (out->fault.code != WIRE_OK));
    assert_true(out->count <= ARTICLE_ITEMS_MAX);
    for (uint32_t i = 0; i < out->count; i++) {
        struct wire_writer packed = {0};
        uint64_t at;
        assert_non_null(out->items[i]);
        if (out->items[i]->fault.code)
            continue;
        article_pack(out->items[i], &packed);
        assert_false(arena->failed);
        assert_int_equal(
            wire_scan(wire_written(&packed), &wire_limits_article, &at), 0);
        wire_writer_fini(&packed);
    }
}

// corpus_cut reads the input cut at every byte, each time from an allocation of its own
// size, so that a read behind the end shows.
static void
corpus_cut(const struct format_input *input)
{
    for (size_t size = 0; size < input->raw.size; size++) {
        struct arena arena;
        struct format_output out;
        struct format_input cut = *input;
        uint8_t *copy = malloc(size + !size);
        assert_non_null(copy);
        memcpy(copy, input->raw.data, size);
        cut.raw = slice_of(copy, size);
        arena_init(&arena, 64U << 20);
        formats_read(&cut, &arena, &out);
        corpus_check_promises(&out, &arena);
        arena_fini(&arena);
        free(copy);
    }
}

static void
corpus_compare(const char *in_path, struct slice got)
{
    char path[512];
    const char *write = getenv("WIREROOM_WANT");
    int size =
        snprintf(path, sizeof path, "%.*s.want", (int)(strlen(in_path) - 3), in_path);
    assert_true(size > 0 && (size_t)size < sizeof path);
    if (write && strcmp(write, "write") == 0) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(got.data, 1, got.size, file), got.size);
        assert_int_equal(fclose(file), 0);
    }
    struct slice want = corpus_read(path);
    if (!slice_equal(got, want))
        printf("%s: got\n%.*s", path, SLICE_ARG(got));
    assert_true(slice_equal(got, want));
    corpus_free(&want);
}

// corpus_run does it all for CORPUS/DIR/*.in; prepare may replace input->raw (malloc).
static inline void
corpus_run(const char *dir, const char *format,
    void (*prepare)(struct format_input *input), size_t least)
{
    char pattern[512];
    glob_t found;
    (void)snprintf(pattern, sizeof pattern, CORPUS "/%s/*.in", dir);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= least);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct arena arena;
        struct format_output out;
        struct wire_writer text = {0};
        struct format_input input = {
            .raw = corpus_read(found.gl_pathv[i]), .format = slice_str(format)};
        if (prepare)
            prepare(&input);
        arena_init(&arena, 64U << 20);
        formats_read(&input, &arena, &out);
        corpus_check_promises(&out, &arena);
        corpus_say(&out, &text);
        corpus_compare(found.gl_pathv[i], wire_written(&text));
        wire_writer_fini(&text);
        arena_fini(&arena);
        corpus_cut(&input);
        corpus_free(&input.raw);
    }
    globfree(&found);
}

#endif
