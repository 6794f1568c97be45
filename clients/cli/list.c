// wireroom list and history: pages of changes, one line each.
#include "print.h"
#include "table.h"

struct asking {               // one kind of list
    const char *source, *uri; // uri NULL: items
    const int64_t *since_us;
    struct print print;
};

static uint64_t
print_page(struct asking *a, const struct wireroom_page *page, uint64_t left)
{
    struct wireroom_value one;
    struct wireroom_elements changes = wireroom_elements(page->changes);
    uint64_t printed = 0;
    for (; printed < left && wireroom_element(&changes, &one); printed++) {
        struct slice change = slice_of_value(one);
        if (a->print.output != OUTPUT_TEXT)
            print_row(
                &a->print, change, a->uri ? print_change_fields : print_item_fields);
        else if (a->uri)
            print_change_line(change);
        else
            print_item_line(change);
    }
    return printed;
}

static int
print_pages(const struct cli *cli, struct wireroom *w, struct asking *a)
{
    struct wireroom_page page = {.more = true};
    uint64_t left = cli->last ? cli->last : UINT64_MAX;
    while (page.more && left > 0) {
        unsigned limit = left < 1000 ? (unsigned)left : 1000;
        enum wireroom_status status =
            a->uri ? wireroom_history(w, a->source, a->uri, limit, &page)
                   : wireroom_list(w, a->source, a->since_us, limit, &page);
        if (status && wireroom_fault(w)->code == WIRE_NOT_FOUND && a->source)
            return cli_not_found(cli, w, a->source);
        if (status)
            return cli_complain(w);
        left -= print_page(a, &page, left);
        if (ferror(stdout))
            return cli_print_failed();
    }
    return EX_OK;
}

static int
list(const struct cli *cli, struct asking *a)
{
    int status = EX_OK;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    print_begin(&a->print, cli->output);
    status = print_pages(cli, w, a);
    print_end(&a->print);
    wireroom_close(&w);
    return status;
}

int
command_list(struct cli *cli)
{
    struct asking asking = {.uri = NULL};
    int64_t since_us;
    if (!cli_source(cli, &asking.source) ||
        (cli->since && !cli_since(cli->since, &since_us)))
        return EX_USAGE;
    if (cli->since)
        asking.since_us = &since_us;
    return list(cli, &asking);
}

int
command_history(struct cli *cli)
{
    char source[80];
    struct asking asking = {.source = source};
    if (!cli_item(cli, source, &asking.uri))
        return EX_USAGE;
    return list(cli, &asking);
}
