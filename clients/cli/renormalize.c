// wireroom renormalize: history read again by the rules of today. The daemon does it in the
// background and goes on whether anybody looks or not; this looks until it is done.
#include <poll.h>

#include "print.h"
#include "table.h"

#define LOOK_MS 200

static void
print_count(uint64_t count, const char *words)
{
    if (count)
        (void)printf("%8llu  %s\n", (unsigned long long)count, words);
}

static void
print_example(struct slice example)
{
    (void)fputs("  ", stdout);
    print_clean(map_text(example, "source"), 64);
    (void)putchar(':');
    print_clean(map_text(example, "uri"), 200);
    (void)printf("  #%llu", (unsigned long long)map_uint(example, "revision"));
    if (map_text(example, "field").size) {
        (void)fputs("  ", stdout);
        print_clean(map_text(example, "field"), 64);
        (void)fputs("\n    - ", stdout);
        print_clean(map_text(example, "before"), 200);
        (void)fputs("\n    + ", stdout);
        print_clean(map_text(example, "after"), 200);
    }
    (void)putchar('\n');
}

static void
print_examples(struct slice run)
{
    struct wireroom_value one;
    struct slice list = map_get(run, "examples");
    struct wireroom_elements all =
        wireroom_elements((struct wireroom_value){list.data, list.size});
    while (wireroom_element(&all, &one))
        print_example(slice_of_value(one));
}

static void
print_run(struct slice run, bool dry)
{
    print_count(map_uint(run, "looked"), "had other rules");
    print_count(map_uint(run, "different"),
        dry ? "would be announced: another article" : "announced: another article");
    print_count(map_uint(run, "same"), "the same by the rules of today");
    print_count(map_uint(run, "rekeyed"), "of them found by another key");
    print_count(map_uint(run, "unread"), "left: can't be read any more");
    print_count(map_uint(run, "unmatched"), "left: not found again in their document");
    print_count(
        map_uint(run, "unknown"), "left: the hints they came with are not kept");
    if (map_uint(run, "looked") == 0)
        (void)puts("nothing had other rules than those of today");
    if (dry)
        print_examples(run);
}

static bool
is_running(struct slice run)
{
    return wireroom_bool(
        wireroom_member((struct wireroom_value){run.data, run.size}, "running"));
}

static enum wireroom_status
wait_for_end(struct wireroom *w, struct wireroom_value *run)
{
    enum wireroom_status status = WIREROOM_OK;
    while (!status && is_running(slice_of_value(*run))) {
        (void)poll(NULL, 0, LOOK_MS);
        status = wireroom_renewal(w, run);
    }
    return status;
}

int
command_renormalize(struct cli *cli)
{
    const char *source;
    int64_t since_us;
    int status = EX_OK;
    struct wireroom_value run;
    if (!cli_source(cli, &source) || (cli->since && !cli_since(cli->since, &since_us)))
        return EX_USAGE;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    if (wireroom_renormalize(
            w, source, cli->since ? &since_us : NULL, cli->dry_run, &run) ||
        wait_for_end(w, &run))
        status = cli_complain(w);
    else if (cli->output == OUTPUT_TEXT)
        print_run(slice_of_value(run), cli->dry_run);
    else
        print_json(slice_of_value(run), cli->output);
    wireroom_close(&w);
    return status;
}
