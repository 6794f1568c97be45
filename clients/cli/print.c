#include "print.h"

#include <stdlib.h>
#include <string.h>

const char *const print_receipt_fields[] = {"outcome", "state", "source", "uri",
    "version", "revision", "seq", "story", "of", "relation", "score", "warnings",
    "error", "file", "record", "submission", NULL};
const char *const print_change_fields[] = {"seq", "epoch", "class", "source", "uri",
    "version", "revision", "previous", "language", "urgency", "time", NULL};
const char *const print_body_fields[] = {"seq", "epoch", "class", "source", "uri",
    "version", "revision", "previous", "language", "urgency", "time", "gated",
    "article", NULL};
const char *const print_item_fields[] = {"source", "uri", "version", "revision",
    "state", "class", "language", "urgency", "headline", "time", NULL};

void
print_json(struct slice value, enum output output)
{
    char *text = wireroom_json(
        (struct wireroom_value){value.data, value.size}, output == OUTPUT_JSON);
    if (text)
        (void)puts(text);
    free(text);
}

void
print_begin(struct print *p, enum output output)
{
    *p = (struct print){.output = output};
    if (output == OUTPUT_JSON)
        (void)fputs("[", stdout);
}

void
print_end(struct print *p)
{
    if (p->output == OUTPUT_JSON)
        (void)puts(p->rows ? "\n]" : "]");
}

// The epoch is 16 hex digits everywhere outside the wire: numbers of JSON end at 2^53.
static void
epoch_text(struct slice value, char hex[17])
{
    struct wire_reader r = wire_reader(value);
    (void)snprintf(hex, 17, "%016llx", (unsigned long long)wire_read_uint(&r));
}

static void
put_member(struct wire_writer *w, const char *key, struct slice value)
{
    char hex[17];
    wire_put_key(w, key);
    if (strcmp(key, "epoch") == 0) {
        epoch_text(value, hex);
        wire_put_str(w, slice_str(hex));
    } else
        wire_put_encoded(w, value);
}

static void
print_object(struct slice map, const char *const *fields)
{
    struct wire_writer w = {0};
    uint32_t count = 0;
    for (size_t i = 0; fields[i]; i++)
        count += map_get(map, fields[i]).size > 0;
    wire_put_map(&w, count);
    for (size_t i = 0; fields[i]; i++)
        if (map_get(map, fields[i]).size)
            put_member(&w, fields[i], map_get(map, fields[i]));
    char *text =
        w.failed ? NULL : wireroom_json((struct wireroom_value){w.data, w.size}, false);
    if (text)
        (void)fputs(text, stdout);
    free(text);
    wire_writer_fini(&w);
}

static void
print_cell(struct slice map, const char *field)
{
    char text[40];
    struct slice value = map_get(map, field), words = map_text(map, field);
    if (value.size && strcmp(field, "time") == 0)
        words = wire_time_text(map_int(map, field), text);
    else if (value.size && strcmp(field, "epoch") == 0) {
        epoch_text(value, text);
        words = slice_str(text);
    }
    if (words.data || !value.size) {
        print_clean(words, SIZE_MAX);
        return;
    }
    char *json = wireroom_json((struct wireroom_value){value.data, value.size}, false);
    if (json)
        (void)fputs(json, stdout);
    free(json);
}

void
print_row(struct print *p, struct slice map, const char *const *fields)
{
    if (p->output == OUTPUT_JSON)
        (void)fputs(p->rows ? ",\n" : "\n", stdout);
    p->rows++;
    if (p->output != OUTPUT_TSV)
        print_object(map, fields);
    for (size_t i = 0; p->output == OUTPUT_TSV && fields[i]; i++) {
        if (i)
            (void)putchar('\t');
        print_cell(map, fields[i]);
    }
    if (p->output != OUTPUT_JSON)
        (void)putchar('\n');
}
