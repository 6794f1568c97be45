#include "formats/formats.h"

#include "formats/charset.h"
#include "formats/decode.h"
#include "formats/newsprint/newsprint.h"
#include "formats/readers.h"
#include "formats/recognise.h"
#include "formats/xml.h"

// A format: its word on the wire, the word its articles carry, its reader, and whether
// that reads decoded text or the bytes as sent. Add a row and a word below.
static const struct format_row {
    const char *word, *read_as;
    format_reader *read;
    bool text;
} rows[] = {
    {"article",   "article",   article_read,     false},
    {"ninjs",     "ninjs",     ninjs_read,       true },
    {"ndjson",    "ninjs",     ninjs_lines_read, true },
    {"nitf",      "nitf",      nitf_read,        true },
    {"newsml12",  "newsml12",  newsml12_read,    true },
    {"newsprint", "newsprint", newsprint_read,   true },
    {"newsmlg2",  "newsmlg2",  newsmlg2_read,    true },
    {"anpa1312",  "anpa1312",  anpa1312_read,    false},
    {"iptc7901",  "iptc7901",  iptc7901_read,    false},
    {"email",     "email",     mail_read,        false},
    {"rss",       "rss",       feed_read,        true },
    {"atom",      "atom",      feed_read,        true },
    {"html",      "html",      html_page_read,   true },
    {"text",      "text",      text_read,        true },
};
const char *const format_words[] = {"auto", "article", "ninjs", "ndjson", "nitf",
    "newsml12", "newsmlg2", "newsprint", "anpa1312", "iptc7901", "email", "rss", "atom",
    "html", "text", NULL};

bool
formats_load(void)
{
    newsprint_load();
    return charset_load() && xml_load();
}

static const struct format_row *
row_of(struct slice word)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_is(word, rows[i].word))
            return &rows[i];
    return NULL;
}

// What holds for every format, once its reader is done: where the item came from, and the
// hints that stand where the document says nothing.
static void
finish_item(struct article *a, const struct format_row *row,
    const struct format_input *input, const struct decoded *decoded)
{
    a->wr.format = row->read_as;
    if (!a->wr.page.size)
        a->wr.page = input->page;
    if (decoded)
        decode_note(decoded, a);
    if (a->field[ARTICLE_LANGUAGE].type == WIRE_NIL && input->language.size)
        article_set_text(a, ARTICLE_LANGUAGE, input->language);
}

static void
read_with(const struct format_row *row, const struct format_input *input,
    struct slice text, const struct decoded *decoded, struct arena *arena,
    struct format_output *out)
{
    out->format = row->read_as;
    row->read(input, text, arena, out);
    for (uint32_t i = 0; i < out->count; i++)
        finish_item(out->items[i], row, input, decoded);
}

static void
read_text(const struct format_row *row, const struct format_input *input,
    struct arena *arena, struct format_output *out)
{
    struct decoded decoded;
    if (!decode_text(input->raw, input->charset, arena, &decoded, &out->fault))
        return;
    if (!row) {
        const char *word = recognise_text(decoded.text, input, &out->fault);
        row = word ? row_of(slice_str(word)) : NULL;
    }
    if (row)
        read_with(row, input, decoded.text, &decoded, arena, out);
}

static void
unknown_format(struct slice word, struct fault *fault)
{
    bool printable = word.size <= 32;
    for (size_t i = 0; i < word.size; i++)
        printable &= word.data[i] > 0x20 && word.data[i] < 0x7f;
    (void)fault_set(fault, WIRE_UNKNOWN_FORMAT, FAULT_NOWHERE, "format",
        "%.*s is not a format that is read here", printable ? (int)word.size : 4,
        printable ? (const char *)word.data : "this");
}

void
formats_read(
    const struct format_input *input, struct arena *arena, struct format_output *out)
{
    bool recognise = input->format.size == 0 || slice_is(input->format, "auto");
    const char *word = recognise ? recognise_bytes(input->raw) : NULL;
    const struct format_row *row = row_of(word ? slice_str(word) : input->format);
    *out = (struct format_output){.fault = FAULT_NONE};
    if (row && !row->text)
        read_with(row, input, input->raw, NULL, arena, out);
    else if (row || (recognise && !recognise_binary(input->raw, &out->fault)))
        read_text(row, input, arena, out);
    else if (!recognise)
        unknown_format(input->format, &out->fault);
    if (arena->failed && !out->fault.code)
        (void)fault_set(&out->fault, WIRE_READER_MEMORY, FAULT_NOWHERE, "",
            "reading takes more than %zu MiB", arena->limit >> 20);
    if (out->fault.code)
        out->count = 0;
    else if (out->count == 0)
        (void)fault_set(
            &out->fault, WIRE_NO_ITEM, FAULT_NOWHERE, "", "there is no item");
}
