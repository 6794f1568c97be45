// wireroom get and raw: one article, or the bytes it came as.

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

static int
complain(const struct cli *cli, struct wireroom *w, const char *source)
{
    return wireroom_fault(w)->code == WIRE_NOT_FOUND && source
               ? cli_not_found(cli, w, source)
               : cli_complain(w);
}

int
command_get(struct cli *cli)
{
    char source[80];
    const char *uri;
    struct wireroom_value change;
    int status = EX_OK;
    if (!cli_item(cli, source, &uri))
        return EX_USAGE;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    if (wireroom_get(w, source, uri, cli->revision, cli->version, &change))
        status = complain(cli, w, source);
    else
        status = print_article(cli, slice_of_value(change));
    wireroom_close(&w);
    return status;
}

int
command_raw(struct cli *cli)
{
    char source[80];
    const char *uri = NULL;
    struct wireroom_bytes raw;
    int status = EX_OK;
    if (cli->record && cli->words_count) {
        (void)fprintf(stderr, "name an item or --record, not both\n");
        return EX_USAGE;
    }
    if (!cli->record && !cli_item(cli, source, &uri))
        return EX_USAGE;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    if (wireroom_raw(w, uri ? source : NULL, uri, cli->revision, cli->record, &raw))
        status = complain(cli, w, uri ? source : NULL);
    else if (fwrite(raw.data, 1, raw.size, stdout) != raw.size)
        status = cli_print_failed();
    wireroom_close(&w);
    return status;
}
