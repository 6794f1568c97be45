// The commands that ask once: get, list, history, raw, status, ping; and completion.
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

static bool
sound(struct wireroom_bytes bytes)
{
    uint64_t at;
    return wire_scan(slice_of(bytes.data, bytes.size), &wire_limits_article, &at) ==
           WIRE_OK;
}

// ---- get

static void
print_prose(struct slice text)
{
    (void)fwrite(text.data, 1, text.size, stdout);
    (void)putchar('\n');
}

// Headline, byline and the plain text: what a person reads.
static void
print_article_text(struct slice change)
{
    struct slice article = map_get(change, "article");
    struct slice lists[] = {map_get(article, "headlines"), map_get(article, "bodies")};
    for (int i = 0; i < 2; i++) {
        struct wire_reader r = wire_reader(lists[i]);
        for (uint32_t n = lists[i].size ? wire_read_array(&r) : 0; n > 0 && !r.err;
             n--) {
            struct slice entry = wire_skip(&r);
            if (!slice_is(map_text(entry, "contentType"), "text/html"))
                print_prose(map_text(entry, "value"));
        }
        if (i == 0 && map_text(article, "by").size)
            print_prose(map_text(article, "by"));
        if (i == 0)
            (void)putchar('\n');
    }
}

static int
print_article(struct cli *cli, struct slice change)
{
    struct slice gated = map_text(change, "gated"),
                 article = map_get(change, "article");
    if (gated.size || !article.size) {
        (void)fprintf(
            stderr, "the item is %.*s: its text is not handed out\n", SLICE_ARG(gated));
        return 1;
    }
    if (cli->output == OUTPUT_TEXT)
        print_article_text(change);
    else
        print_json(article, cli->output);
    return EX_OK;
}

int
command_get(struct cli *cli)
{
    char source[80];
    const char *uri;
    struct wireroom_bytes map;
    int status = EX_OK;
    if (!cli_item(cli, source, sizeof source, &uri))
        return EX_USAGE;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    if (wireroom_get(w, source, uri, cli->revision, cli->version, &map))
        status = cli_complain(w);
    else
        status =
            sound(map) ? print_article(cli, slice_of(map.data, map.size)) : EX_PROTOCOL;
    wireroom_close(&w);
    return status;
}

// ---- list, history

static const char *const item_fields[] = {"source", "uri", "version", "revision",
    "state", "class", "language", "urgency", "headline", "time", NULL};
static const char *const change_fields[] = {"seq", "epoch", "class", "source", "uri",
    "version", "revision", "previous", "language", "urgency", "time", NULL};

static uint64_t
print_page(const struct cli *cli, struct wireroom_bytes page, bool items, uint64_t left)
{
    struct wire_reader r = wire_reader(slice_of(page.data, page.size));
    uint64_t printed = 0;
    for (uint32_t n = wire_read_array(&r); n > 0 && printed < left && !r.err; n--) {
        struct slice change = wire_skip(&r);
        if (cli->output == OUTPUT_TEXT)
            items ? print_item_text(change) : print_change_text(change);
        else
            print_fields(cli, change, items ? item_fields : change_fields);
        printed++;
    }
    return printed;
}

static int
list_pages(
    struct cli *cli, struct wireroom *w, const char *source, const int64_t *since_us)
{
    struct wireroom_token token = {.size = 0};
    struct wireroom_bytes page;
    uint64_t left = cli->last ? cli->last : UINT64_MAX;
    for (bool more = true; more && left > 0;) {
        unsigned limit = left < 1000 ? (unsigned)left : 1000;
        if (wireroom_list(w, source, since_us, limit, &token, &page, &more))
            return cli_complain(w);
        if (!sound(page))
            return EX_PROTOCOL;
        left -= print_page(cli, page, true, left);
    }
    return EX_OK;
}

int
command_list(struct cli *cli)
{
    const char *source;
    int64_t since_us;
    int status = EX_OK;
    if (!cli_source(cli, &source))
        return EX_USAGE;
    if (cli->since &&
        !when_read(cli->since, (int64_t)time(NULL) * 1000000, &since_us)) {
        (void)fprintf(
            stderr, "\"%s\" is no time (10m, yesterday 18:00, RFC 3339)\n", cli->since);
        return EX_USAGE;
    }
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    print_list_begin(cli);
    status = list_pages(cli, w, source, cli->since ? &since_us : NULL);
    print_list_end(cli);
    wireroom_close(&w);
    return status;
}

static int
history_pages(struct cli *cli, struct wireroom *w, const char *source, const char *uri)
{
    struct wireroom_token token = {.size = 0};
    struct wireroom_bytes page;
    uint64_t left = cli->last ? cli->last : UINT64_MAX;
    for (bool more = true; more && left > 0;) {
        unsigned limit = left < 1000 ? (unsigned)left : 1000;
        if (wireroom_history(w, source, uri, limit, &token, &page, &more))
            return cli_complain(w);
        if (!sound(page))
            return EX_PROTOCOL;
        left -= print_page(cli, page, false, left);
    }
    return EX_OK;
}

int
command_history(struct cli *cli)
{
    char source[80];
    const char *uri;
    int status = EX_OK;
    if (!cli_item(cli, source, sizeof source, &uri))
        return EX_USAGE;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    print_list_begin(cli);
    status = history_pages(cli, w, source, uri);
    print_list_end(cli);
    wireroom_close(&w);
    return status;
}

// ---- raw

int
command_raw(struct cli *cli)
{
    char source[80];
    const char *uri = NULL;
    struct wireroom_bytes raw;
    int status = EX_OK;
    if (!cli->record && !cli_item(cli, source, sizeof source, &uri))
        return EX_USAGE;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    if (wireroom_raw(w, uri ? source : NULL, uri, cli->revision, cli->record, &raw))
        status = cli_complain(w);
    else if (fwrite(raw.data, 1, raw.size, stdout) != raw.size)
        status = EX_IOERR;
    wireroom_close(&w);
    return status;
}

// ---- status, ping

static void
put_key_value(struct wire_writer *w, const char *key, struct slice value)
{
    wire_put_key(w, key);
    wire_put_encoded(w, value);
}

static void
put_hex(struct wire_writer *w, const char *key, const uint8_t *bytes, size_t size)
{
    char hex[40] = "";
    for (size_t i = 0; i < size; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    wire_put_key(w, key);
    wire_put_str(w, slice_str(hex));
}

// The names that scripts use, then the rest as the wire has it.
static void
print_state(const struct cli *cli, struct slice state)
{
    static const char *const same[] = {"seq", "checkpoint_seq", "oldest", "disk_free",
        "store_bytes", "items", "records", "sources", "followers", "full", "time",
        "server"};
    struct wire_writer w = {0};
    uint64_t epoch = map_uint(state, "epoch");
    uint8_t big[8];
    struct wire_reader id = wire_reader(map_get(state, "store"));
    struct slice store = wire_read_bin(&id);
    for (int i = 0; i < 8; i++)
        big[i] = (uint8_t)(epoch >> (56 - 8 * i));
    wire_put_map(&w, 3 + sizeof same / sizeof *same);
    put_hex(&w, "epoch", big, sizeof big);
    put_hex(&w, "store", store.data, store.size < 16 ? store.size : 16);
    put_key_value(&w, "uptime", map_get(state, "uptime_s"));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        put_key_value(&w, same[i], map_get(state, same[i]));
    if (!w.failed)
        print_json(wire_written(&w), cli->output);
    wire_writer_fini(&w);
}

static void
print_state_text(struct slice state)
{
    uint64_t up = map_uint(state, "uptime_s");
    struct slice server = map_text(state, "server");
    (void)printf("● %.*s  up %llu s  seq #%llu  %llu items from %llu sources  "
                 "%llu following\n",
        SLICE_ARG(server), (unsigned long long)up,
        (unsigned long long)map_uint(state, "seq"),
        (unsigned long long)map_uint(state, "items"),
        (unsigned long long)map_uint(state, "sources"),
        (unsigned long long)map_uint(state, "followers"));
    (void)printf("  store %.1f MB, disk free %.1f GB%s\n",
        (double)map_uint(state, "store_bytes") / 1e6,
        (double)map_uint(state, "disk_free") / 1e9,
        map_get(state, "full").size && map_get(state, "full").data[0] == 0xc3
            ? "  FULL: submissions are refused"
            : "");
}

int
command_status(struct cli *cli)
{
    struct wireroom_bytes state;
    int status = EX_OK;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    if (wireroom_state(w, &state))
        status = cli_complain(w);
    else if (!sound(state))
        status = EX_PROTOCOL;
    else if (cli->output == OUTPUT_TEXT)
        print_state_text(slice_of(state.data, state.size));
    else
        print_state(cli, slice_of(state.data, state.size));
    wireroom_close(&w);
    return status;
}

int
command_ping(struct cli *cli)
{
    int64_t us;
    int status = EX_OK;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    if (wireroom_ping(w, &us))
        status = cli_complain(w);
    else
        (void)printf("PONG %.1f ms\n", (double)us / 1000);
    wireroom_close(&w);
    return status;
}

// ---- completion

static void
print_names(const char *between)
{
    for (size_t i = 0; i < commands_count; i++)
        (void)printf("%s%s", i ? between : "", commands[i].name);
}

int
command_completion(struct cli *cli)
{
    const char *shell = cli->words_count == 1 ? cli->words[0] : "";
    if (strcmp(shell, "bash") == 0) {
        (void)printf("complete -W \"");
        print_names(" ");
        (void)printf("\" -o default wireroom\n");
    } else if (strcmp(shell, "zsh") == 0) {
        (void)printf("#compdef wireroom\n_arguments '1:command:(");
        print_names(" ");
        (void)printf(")' '*:file:_files'\n");
    } else if (strcmp(shell, "fish") == 0)
        for (size_t i = 0; i < commands_count; i++)
            (void)printf(
                "complete -c wireroom -n __fish_use_subcommand -a %s -d '%s'\n",
                commands[i].name, commands[i].summary);
    else {
        (void)fprintf(stderr, "name a shell: bash, zsh or fish\n");
        return EX_USAGE;
    }
    return EX_OK;
}
