#include "advice.h"

static const char *const fields[] = {
    "file", "source", "format", "seq", "time", "items", "explanation", NULL};

static void
print_fields(struct receipts *r, const struct document *d, struct slice advice)
{
    struct wire_writer w = {0};
    struct wire_reader reader = wire_reader(advice);
    wire_put_map(&w, wire_read_map(&reader) + 1);
    wire_put_key(&w, "file");
    wire_put_str(&w, slice_str(d->path));
    wire_put_raw(&w, slice_from(advice, reader.at));
    if (!w.failed)
        print_row(&r->print, wire_written(&w), fields);
    wire_writer_fini(&w);
}

static bool
would_file(struct slice item)
{
    struct slice outcome = map_text(item, "outcome");
    return !slice_is(outcome, "QUARANTINED") && !slice_is(outcome, "REJECTED") &&
           !slice_is(outcome, "DEAD");
}

// would be new  dpa:20261124-0815 v1  of afp:99812  (embargoed)
static void
print_line(
    const struct document *d, struct slice advice, struct slice item, unsigned number)
{
    struct slice outcome = map_text(item, "outcome"), uri = map_text(item, "uri"),
                 version = map_text(item, "version"), of = map_text(item, "of"),
                 state = map_text(item, "state");
    (void)fputs("would be ", stdout);
    for (size_t i = 0; i < outcome.size; i++)
        (void)putchar(outcome.data[i] | 0x20);
    (void)fputs("  ", stdout);
    print_clean(uri.size ? map_text(advice, "source") : slice_str(d->path), 200);
    (void)fputs(uri.size ? ":" : "", stdout);
    print_clean(uri, 200);
    if (!uri.size && number)
        (void)printf(", item %u", number);
    (void)fputs(version.size ? " v" : "", stdout);
    print_clean(version, 32);
    (void)fputs(of.size ? "  of " : "", stdout);
    print_clean(of, 200);
    if (state.size && !slice_is(state, "open"))
        (void)printf("  (%.*s)", SLICE_ARG(state));
    (void)putchar('\n');
}

static void
print_text(const struct document *d, struct slice advice)
{
    struct wire_writer text = {0};
    struct wireroom_value one;
    struct slice items = map_get(advice, "items"), why = map_get(advice, "explanation");
    struct wireroom_elements all =
        wireroom_elements((struct wireroom_value){items.data, items.size});
    for (unsigned n = 1; wireroom_element(&all, &one); n++) {
        struct slice item = slice_of_value(one);
        wire_writer_reset(&text);
        print_line(d, advice, item, many_items(items) ? n : 0);
        if (!why.size && map_get(item, "error").size)
            explanation_error(map_get(item, "error"), &text);
        if (text.size)
            (void)fwrite(text.data, 1, text.size, stdout);
    }
    wire_writer_reset(&text);
    if (why.size)
        explanation_text(why, &text);
    if (text.size)
        (void)fwrite(text.data, 1, text.size, stdout);
    (void)printf("advice, by what was filed up to seq %llu; nothing of it was filed\n",
        (unsigned long long)map_uint(advice, "seq"));
    wire_writer_fini(&text);
}

void
advice_print(struct receipts *r, const struct document *d)
{
    struct slice advice = wire_written(&d->receipt), items = map_get(advice, "items");
    struct wireroom_value one;
    struct wireroom_elements all =
        wireroom_elements((struct wireroom_value){items.data, items.size});
    while (wireroom_element(&all, &one)) {
        bool filed = would_file(slice_of_value(one));
        r->items++;
        r->filed += filed;
        r->worst = filed ? r->worst : cli_worse(r->worst, EX_DATAERR);
    }
    r->files++;
    if (r->cli->output == OUTPUT_TEXT)
        print_text(d, advice);
    else
        print_fields(r, d, advice);
}
