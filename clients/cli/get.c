// wireroom get and raw: one article, or the bytes it came as.
#include <inttypes.h>

#include "print.h"
#include "table.h"

static void
print_prose(struct slice text)
{
    (void)fwrite(text.data, 1, text.size, stdout);
    (void)putchar('\n');
}

static void
print_values(struct slice list)
{
    struct wireroom_value one;
    struct wireroom_elements all =
        wireroom_elements((struct wireroom_value){list.data, list.size});
    while (wireroom_element(&all, &one)) {
        struct slice part = slice_of_value(one);
        if (!slice_is(map_text(part, "contentType"), "text/html"))
            print_prose(map_text(part, "value"));
    }
}

// Headlines, byline and the plain text: what a person reads.
static void
print_text(struct slice article)
{
    struct slice by = map_text(article, "by");
    print_values(map_get(article, "headlines"));
    if (by.size)
        print_prose(by);
    (void)putchar('\n');
    print_values(map_get(article, "bodies"));
}

static int
print_article(const struct cli *cli, struct slice change)
{
    struct slice gated = map_text(change, "gated"),
                 article = map_get(change, "article");
    if (!article.size) {
        (void)fprintf(stderr, "the item is %.*s: its text is not handed out\n",
            SLICE_ARG(gated.size ? gated : map_text(change, "state")));
        return CLI_NOTHING;
    }
    if (cli->output == OUTPUT_TEXT)
        print_text(article);
    else
        print_json(article, cli->output);
    return EX_OK;
}

// What was asked for by number alone was looked for by number alone.
static int
complain(const struct cli *cli, struct wireroom *w, const char *source)
{
    if (wireroom_fault(w)->code != WIRE_NOT_FOUND)
        return cli_complain(w);
    if (source)
        return cli_not_found(cli, w, source);
    if (cli->record)
        (void)fprintf(stderr,
            "nothing is filed as record %" PRIu64
            "; wireroom status -o json says how many there are\n",
            cli->record);
    else
        (void)fprintf(stderr,
            "nothing is filed as revision %" PRIu64
            "; wireroom history lists those of an item\n",
            cli->revision);
    return CLI_NOTHING;
}

// An item may be left out where a number names what is meant: uri_out is NULL then.
static bool
item_or_number(
    const struct cli *cli, uint64_t number, char source_out[80], const char **uri_out)
{
    *uri_out = NULL;
    if (!number || cli->words_count)
        return cli_item(cli, source_out, uri_out);
    if (!cli->sources[0] && !cli->version)
        return true;
    (void)fprintf(stderr, "--%s goes with an item: name it, too\n",
        cli->version ? "version" : "source");
    return false;
}

int
command_get(struct cli *cli)
{
    char source[80];
    const char *uri;
    struct wireroom_value change;
    int status = EX_OK;
    if (!item_or_number(cli, cli->revision, source, &uri))
        return EX_USAGE;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    const char *of = uri ? source : NULL;
    if (wireroom_get(w, of, uri, cli->revision, cli->version, &change))
        status = complain(cli, w, of);
    else
        status = print_article(cli, slice_of_value(change));
    wireroom_close(&w);
    return status;
}

int
command_raw(struct cli *cli)
{
    char source[80];
    const char *uri;
    struct wireroom_bytes raw;
    int status = EX_OK;
    if (cli->record && (cli->words_count || cli->revision)) {
        (void)fprintf(stderr, "name an item, --revision or --record, not more\n");
        return EX_USAGE;
    }
    if (!item_or_number(cli, cli->record | cli->revision, source, &uri))
        return EX_USAGE;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    const char *of = uri ? source : NULL;
    if (wireroom_raw(w, of, uri, cli->revision, cli->record, &raw))
        status = complain(cli, w, of);
    else if (fwrite(raw.data, 1, raw.size, stdout) != raw.size)
        status = cli_print_failed();
    wireroom_close(&w);
    return status;
}
