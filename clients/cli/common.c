#include <stdlib.h>
#include <string.h>

#include "cli.h"

int
cli_exit_code(const struct wireroom_fault *fault)
{
    switch (fault->status) {
    case WIREROOM_OK:
        return EX_OK;
    case WIREROOM_TIMEOUT:
        return EX_TEMPFAIL;
    case WIREROOM_NO_SERVER:
        return EX_UNAVAILABLE;
    case WIREROOM_PROTOCOL:
        return EX_PROTOCOL;
    case WIREROOM_MEMORY:
        return EX_OSERR;
    case WIREROOM_USAGE:
        return EX_USAGE;
    case WIREROOM_REFUSED:
        break;
    }
    if (fault->code == WIRE_NOT_FOUND || fault->code == WIRE_GATED)
        return 1; // a negative answer
    if (fault->transient)
        return EX_TEMPFAIL;
    if (fault->code / 100 == 2)
        return EX_NOPERM;
    return fault->code / 100 == 1 ? EX_PROTOCOL : EX_DATAERR;
}

int
cli_complain(struct wireroom *w)
{
    const struct wireroom_fault *fault = wireroom_fault(w);
    (void)fprintf(stderr, "%s", fault->words);
    if (fault->status == WIREROOM_NO_SERVER)
        (void)fprintf(stderr, ". Is it running? systemctl status wireroomd");
    else if (fault->next[0] && !strstr(fault->words, fault->next))
        (void)fprintf(stderr, "\n  %s", fault->next);
    (void)fputc('\n', stderr);
    return cli_exit_code(fault);
}

struct wireroom *
cli_connect(struct cli *cli, int *status_out)
{
    struct wireroom_options options = {.address = cli->server,
        .client = "wireroom " WIREROOM_VERSION,
        .principal = cli->principal,
        .timeout_ms = cli->timeout_ms};
    struct wireroom *w;
    if (wireroom_open(&options, &w) == WIREROOM_OK)
        return w;
    *status_out = w ? cli_complain(w) : EX_OSERR;
    wireroom_close(&w);
    return NULL;
}

bool
cli_source(struct cli *cli, const char **source_out)
{
    *source_out = cli->sources[0];
    if (!cli->sources[0] || !cli->sources[1])
        return true;
    (void)fprintf(stderr, "name one --source\n");
    return false;
}

// A source name has no colon, so the first one parts SOURCE:URI; uris may have more.
bool
cli_item(struct cli *cli, char *source_out, size_t size, const char **uri_out)
{
    const char *source;
    if (cli->words_count != 1 || !cli_source(cli, &source)) {
        if (cli->words_count != 1)
            (void)fprintf(
                stderr, "name one item: URI with --source S, or SOURCE:URI\n");
        return false;
    }
    const char *word = cli->words[0], *colon = strchr(word, ':');
    if (source) {
        (void)snprintf(source_out, size, "%s", source);
        *uri_out = word;
        return true;
    }
    if (!colon || !wire_source_ok(slice_of(word, (size_t)(colon - word)))) {
        (void)fprintf(
            stderr, "\"%s\" names no source: use --source S, or SOURCE:URI\n", word);
        return false;
    }
    (void)snprintf(source_out, size, "%.*s", (int)(colon - word), word);
    *uri_out = colon + 1;
    return true;
}
