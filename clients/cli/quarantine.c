// wireroom quarantine: what could not be read, and what is done about it.
#include <stdlib.h>

#include "receipts.h"
#include "table.h"

static const char *const fields[] = {"record", "source", "state", "settled", "time",
    "format", "page", "charset", "principal", "bytes", "items", NULL};

// A record is its number, with or without the q that lists show before it.
static bool
read_record(const char *word, uint64_t *out)
{
    char *end;
    const char *digits = word + (*word == 'q');
    *out = strtoull(digits, &end, 10);
    if (*digits >= '0' && *digits <= '9' && *end == '\0' && *out > 0)
        return true;
    (void)fprintf(stderr,
        "\"%s\" is no entry: a record number, as wireroom quarantine list shows\n",
        word);
    return false;
}

static struct slice
first_of(struct slice list)
{
    struct wireroom_value one;
    struct wireroom_elements all =
        wireroom_elements((struct wireroom_value){list.data, list.size});
    return wireroom_element(&all, &one) ? slice_of_value(one) : slice_of(NULL, 0);
}

static unsigned
count_of(struct slice list)
{
    struct wire_reader r = wire_reader(list);
    return list.size && wire_peek(&r) == WIRE_ARRAY ? wire_read_array(&r) : 0;
}

// ---- list

// q17  2026-11-24T08:12:03Z  dpa  story.json  ILL_FORMED  line 3 column 15: ':' expected
static void
print_line(struct slice entry)
{
    char time[40];
    struct slice items = map_get(entry, "items"), state = map_text(entry, "state"),
                 error = map_get(first_of(items), "error"),
                 when = wire_time_text(map_int(entry, "time"), time);
    (void)printf("q%llu  %.*s  ", (unsigned long long)map_uint(entry, "record"),
        SLICE_ARG(when));
    print_clean(map_text(entry, "source"), 64);
    (void)fputs("  ", stdout);
    print_clean(map_text(entry, "page"), 64);
    (void)fputs(map_text(entry, "page").size ? "  " : "", stdout);
    print_clean(map_text(error, "error"), 32);
    (void)fputs("  ", stdout);
    print_clean(map_text(error, "words"), 100);
    if (count_of(items) > 1)
        (void)printf("  and %u more", count_of(items) - 1);
    if (!slice_is(state, "open"))
        (void)printf("  (%.*s as record %llu)", SLICE_ARG(state),
            (unsigned long long)map_uint(entry, "settled"));
    (void)putchar('\n');
}

static uint64_t
print_page(struct print *print, const struct wireroom_page *page, uint64_t left)
{
    struct wireroom_value one;
    struct wireroom_elements entries = wireroom_elements(page->changes);
    uint64_t printed = 0;
    for (; printed < left && wireroom_element(&entries, &one); printed++)
        if (print->output == OUTPUT_TEXT)
            print_line(slice_of_value(one));
        else
            print_row(print, slice_of_value(one), fields);
    return printed;
}

static int
list(const struct cli *cli, struct wireroom *w, const char *source)
{
    struct wireroom_page page = {.more = true};
    struct print print;
    uint64_t left = cli->last ? cli->last : UINT64_MAX;
    int status = EX_OK;
    print_begin(&print, cli->output);
    while (page.more && left > 0 && !status) {
        unsigned limit = left < 1000 ? (unsigned)left : 1000;
        if (wireroom_quarantine(w, source, cli->all, limit, &page))
            status = cli_complain(w);
        else
            left -= print_page(&print, &page, left);
    }
    print_end(&print);
    return status;
}

// ---- show

static void
put_number(struct wire_writer *text, uint64_t number)
{
    char line[48];
    (void)snprintf(
        line, sizeof line, "  item %llu of the document\n", (unsigned long long)number);
    wire_put_raw(text, slice_str(line));
}

static void
print_entry(struct slice entry)
{
    struct wireroom_value one;
    struct wire_writer text = {0};
    struct slice items = map_get(entry, "items");
    unsigned long long record = map_uint(entry, "record");
    struct wireroom_elements all =
        wireroom_elements((struct wireroom_value){items.data, items.size});
    print_line(entry);
    (void)printf("  %llu bytes", (unsigned long long)map_uint(entry, "bytes"));
    if (map_text(entry, "format").size)
        (void)fputs(", sent as ", stdout);
    print_clean(map_text(entry, "format"), 32);
    if (map_text(entry, "principal").size)
        (void)fputs(" by ", stdout);
    print_clean(map_text(entry, "principal"), 64);
    (void)putchar('\n');
    while (wireroom_element(&all, &one)) {
        struct slice item = slice_of_value(one);
        if (many_items(items) || map_uint(item, "item") > 0)
            put_number(&text, map_uint(item, "item") + 1);
        explanation_error(map_get(item, "error"), &text);
    }
    if (text.size)
        (void)fwrite(text.data, 1, text.size, stdout);
    wire_writer_fini(&text);
    if (slice_is(map_text(entry, "state"), "open"))
        (void)printf(
            "  kept: wireroom quarantine show --raw q%llu gives the bytes; then "
            "retry, release or drop q%llu\n",
            record, record);
}

static int
show_raw(struct wireroom *w, uint64_t record)
{
    struct wireroom_bytes raw;
    if (wireroom_raw(w, NULL, NULL, 0, record, &raw))
        return cli_complain(w);
    return fwrite(raw.data, 1, raw.size, stdout) == raw.size ? EX_OK
                                                             : cli_print_failed();
}

static int
show(const struct cli *cli, struct wireroom *w, uint64_t record)
{
    struct wireroom_value entry;
    if (cli->raw)
        return show_raw(w, record);
    if (wireroom_quarantined(w, record, &entry))
        return cli_complain(w);
    if (cli->output == OUTPUT_TEXT)
        print_entry(slice_of_value(entry));
    else
        print_json(slice_of_value(entry), cli->output);
    return EX_OK;
}

// ---- retry, release, drop

struct settling {
    struct receipts receipts;
    struct document document;
};

static void
take(void *user, const struct wireroom_answer *answer)
{
    struct settling *s = user;
    wire_put_raw(&s->document.receipt, slice_of_value(answer->receipt));
}

// What was dropped was to be: it is no failure.
static int
print_settled(struct settling *s, const struct cli *cli, struct wireroom *w)
{
    struct slice receipt = wire_written(&s->document.receipt),
                 item = first_of(map_get(receipt, "items"));
    if (cli->output == OUTPUT_TEXT && slice_is(map_text(item, "outcome"), "DROPPED"))
        (void)printf("dropped    %s  (digest and bytes are kept)\n", s->document.path);
    else
        receipts_print(&s->receipts, w, &s->document);
    return slice_is(map_text(item, "outcome"), "DROPPED") ? EX_OK : s->receipts.worst;
}

static int
settle(const struct cli *cli, struct wireroom *w, const char *verb, uint64_t record)
{
    char path[24];
    struct settling s = {
        .receipts = {.cli = cli, .titles = cli->output == OUTPUT_TEXT}
    };
    (void)snprintf(path, sizeof path, "q%llu", (unsigned long long)record);
    s.document.path = path;
    print_begin(&s.receipts.print, cli->output);
    int status = wireroom_settle(w, record, verb, take, &s) ? cli_complain(w)
                                                            : print_settled(&s, cli, w);
    print_end(&s.receipts.print);
    wire_writer_fini(&s.document.receipt);
    return status;
}

// ---- the command

static int
each(const struct cli *cli, struct wireroom *w, const char *verb, int from)
{
    int worst = EX_OK;
    for (int i = from; i < cli->words_count; i++) {
        uint64_t record = 0;
        (void)read_record(cli->words[i], &record);
        int status = strcmp(verb, "show") == 0 ? show(cli, w, record)
                                               : settle(cli, w, verb, record);
        worst = cli_worse(worst, status);
    }
    return worst;
}

static void
no_verb(const char *typed)
{
    const char *near = nearest_verb(typed);
    if (near)
        (void)fprintf(stderr, "quarantine has no verb \"%s\"; did you mean \"%s\"?\n",
            typed, near);
    else if (typed[0] == 'q' ? strtoull(typed + 1, NULL, 10)
                             : strtoull(typed, NULL, 10))
        (void)fprintf(
            stderr, "say what to do with it: wireroom quarantine show %s\n", typed);
    else
        (void)fprintf(stderr,
            "quarantine has no verb \"%s\"; there are list, show, retry, release, "
            "drop\n",
            typed);
}

static bool
words_ok(const struct cli *cli, const char *verb, bool lists)
{
    uint64_t record;
    size_t i = 0;
    while (verbs[i].word && strcmp(verbs[i].word, verb) != 0)
        i++;
    if (!verbs[i].word)
        no_verb(verb);
    else if (lists && cli->words_count > 1)
        (void)fprintf(stderr, "list takes no entry; did you mean show?\n");
    else if (!lists && cli->words_count < 2)
        (void)fprintf(stderr, "name the entry: wireroom quarantine %s RECORD\n", verb);
    else {
        bool good = true;
        for (int k = 1; k < cli->words_count && good; k++)
            good = read_record(cli->words[k], &record);
        return good;
    }
    return false;
}

int
command_quarantine(struct cli *cli)
{
    const char *verb = cli->words_count ? cli->words[0] : "list", *source;
    bool lists = strcmp(verb, "list") == 0;
    int status = EX_OK;
    if (!cli_source(cli, &source) || !words_ok(cli, verb, lists))
        return EX_USAGE;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    status = lists ? list(cli, w, source) : each(cli, w, verb, 1);
    wireroom_close(&w);
    return status;
}
