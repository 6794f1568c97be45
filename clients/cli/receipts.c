#include "receipts.h"

#include "advice.h"

bool
many_items(struct slice items)
{
    struct wire_reader r = wire_reader(items);
    return items.size && wire_peek(&r) == WIRE_ARRAY && wire_read_array(&r) > 1;
}

static void
print_lower(FILE *out, struct slice word, size_t width)
{
    for (size_t i = 0; i < word.size; i++)
        (void)fputc(word.data[i] | 0x20, out);
    for (size_t i = word.size; i < width; i++)
        (void)fputc(' ', out);
}

static void
print_name(FILE *out, struct slice source, struct slice item)
{
    struct slice uri = map_text(item, "uri"), version = map_text(item, "version");
    print_clean_to(out, source, 64);
    (void)fputc(':', out);
    print_clean_to(out, uri, 200);
    if (version.size) {
        (void)fputs(" v", out);
        print_clean_to(out, version, 32);
    }
}

// "quarantined bad.json: no JSON at line 3 column 15 (byte 40). Kept as q17: wireroom
// quarantine show q17"; with the item's name behind the file's where it could be read.
static void
say_unread(
    const struct document *d, struct slice receipt, struct slice item, unsigned number)
{
    struct slice error = map_get(item, "error"), field = map_text(error, "field"),
                 words = map_text(error, "words");
    print_lower(stderr, map_text(item, "outcome"), 0);
    (void)fprintf(stderr, " %s", d->path);
    if (!map_text(item, "uri").size && many_items(map_get(receipt, "items")))
        (void)fprintf(stderr, ", item %u", number);
    (void)fputs(": ", stderr);
    if (map_text(item, "uri").size) {
        print_name(stderr, map_text(receipt, "source"), item);
        (void)fputs(": ", stderr);
    }
    print_clean_to(stderr, words.size ? words : map_text(error, "error"), SIZE_MAX);
    if (!slice_starts(words, field)) {
        (void)fputs(" in ", stderr);
        print_clean_to(stderr, field, SIZE_MAX);
    }
    if (map_get(error, "at").size)
        (void)fprintf(
            stderr, " (byte %llu)", (unsigned long long)map_uint(error, "at"));
    (void)fprintf(stderr, ". Kept as q%llu: wireroom quarantine show q%llu\n",
        (unsigned long long)map_uint(receipt, "record"),
        (unsigned long long)map_uint(receipt, "record"));
}

static void
print_of(struct slice item)
{
    struct slice of = map_text(item, "of");
    uint64_t score = map_uint(item, "score");
    if (!of.size || slice_is(map_text(item, "outcome"), "UNCHANGED"))
        return;
    (void)fputs(" of ", stdout);
    print_clean(of, 200);
    if (score)
        (void)printf("  similarity %llu.%02llu", (unsigned long long)score / 1000,
            (unsigned long long)score % 1000 / 10);
}

static void
print_place(struct slice item)
{
    uint64_t seq = map_uint(item, "seq"), revision = map_uint(item, "revision");
    struct slice state = map_text(item, "state");
    if (seq)
        (void)printf("  seq %llu", (unsigned long long)seq);
    else if (revision)
        (void)printf("  seq %llu  (same content; nothing published)",
            (unsigned long long)revision);
    if (state.size && !slice_is(state, "open"))
        (void)printf("  (%.*s)", SLICE_ARG(state));
}

// The receipt doesn't carry the headline; who may not read sees the line without it.
static void
print_title(struct receipts *r, struct wireroom *w, uint64_t seq)
{
    struct wireroom_value change;
    if (!r->titles || !seq)
        return;
    if (wireroom_get(w, NULL, NULL, seq, NULL, &change)) {
        r->titles = false;
        return;
    }
    struct slice headline = map_text(slice_of_value(change), "headline");
    if (headline.size) {
        (void)fputs("  \"", stdout);
        print_clean(headline, 48);
        (void)fputs("\"", stdout);
    }
    struct slice language = map_text(slice_of_value(change), "language");
    if (language.size)
        (void)fputs("  ", stdout);
    print_clean(language, 8);
}

// new        dpa:20261124-0815 v1  seq 241  "Bundestag beschließt Haushalt"  de   3.1 ms
static void
print_line(struct receipts *r, struct wireroom *w, const struct document *d,
    struct slice source, struct slice item)
{
    uint64_t seq = map_uint(item, "seq");
    print_lower(stdout, map_text(item, "outcome"), 12);
    if (map_text(item, "uri").size)
        print_name(stdout, source, item);
    else
        print_clean(slice_str(d->path), 200);
    print_of(item);
    print_place(item);
    print_title(r, w, seq);
    if (seq && d->took_us > 0)
        (void)printf("   %.1f ms", (double)d->took_us / 1000);
    (void)putchar('\n');
}

static void
put_text(struct wire_writer *w, const char *key, struct slice text)
{
    wire_put_key(w, key);
    wire_put_str(w, text);
}

// The item's map with what it shares with the document's other items, as the fields for
// scripts want.
static void
print_fields(struct receipts *r, const struct document *d, struct slice receipt,
    struct slice item)
{
    struct wire_writer w = {0};
    struct wire_reader reader = wire_reader(item);
    struct slice id = map_text(receipt, "submission");
    char hex[33] = "";
    for (size_t i = 0; i < id.size && i < 16; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", id.data[i]);
    wire_put_map(&w, wire_read_map(&reader) + 4);
    put_text(&w, "source", map_text(receipt, "source"));
    put_text(&w, "file", slice_str(d->path));
    put_text(&w, "submission", slice_str(hex));
    wire_put_key(&w, "record");
    wire_put_uint(&w, map_uint(receipt, "record"));
    wire_put_raw(&w, slice_from(item, reader.at));
    if (!w.failed)
        print_row(&r->print, wire_written(&w), print_receipt_fields);
    wire_writer_fini(&w);
}

// A line each: "  warning: zone-missing versionCreated".
static void
print_warnings(struct slice item)
{
    struct slice list = map_get(item, "warnings");
    struct wireroom_value one;
    struct wireroom_elements all =
        wireroom_elements((struct wireroom_value){list.data, list.size});
    while (wireroom_element(&all, &one)) {
        size_t size;
        const char *text = wireroom_text(one, &size);
        (void)fputs("  warning: ", stdout);
        print_clean(slice_of(text, size), 100);
        (void)putchar('\n');
    }
}

static bool
is_filed(struct slice outcome)
{
    return !slice_is(outcome, "QUARANTINED") && !slice_is(outcome, "REJECTED") &&
           !slice_is(outcome, "DEAD");
}

// What could not be read is one sentence on standard error; a script gets its row, too.
static void
print_item(struct receipts *r, struct wireroom *w, const struct document *d,
    struct slice receipt, struct slice item, unsigned number)
{
    bool filed = is_filed(map_text(item, "outcome"));
    bool unread = !filed && map_get(item, "error").size;
    r->items++;
    r->filed += filed;
    if (r->cli->output != OUTPUT_TEXT)
        print_fields(r, d, receipt, item);
    else if (!unread) {
        print_line(r, w, d, map_text(receipt, "source"), item);
        print_warnings(item);
    }
    if (filed)
        return;
    r->worst = cli_worse(r->worst, EX_DATAERR);
    (void)fflush(stdout);
    if (unread)
        say_unread(d, receipt, item, number);
}

void
receipts_print(struct receipts *r, struct wireroom *w, const struct document *d)
{
    struct slice receipt = wire_written(&d->receipt);
    struct wireroom_value item;
    if (!receipt.size) {
        r->items++;
        r->worst = cli_worse(r->worst, d->refused_code);
        (void)fprintf(stderr, "not stored: %s: %s\n", d->path,
            d->refused ? d->refused : "refused");
        return;
    }
    if (r->cli->dry_run) {
        advice_print(r, d);
        return;
    }
    r->files++;
    struct slice items = map_get(receipt, "items");
    struct wireroom_elements all =
        wireroom_elements((struct wireroom_value){items.data, items.size});
    for (unsigned n = 1; wireroom_element(&all, &item); n++)
        print_item(r, w, d, receipt, slice_of_value(item), n);
}
