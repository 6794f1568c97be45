#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "cli.h"

int
cli_exit_code(const struct wireroom_fault *fault)
{
    switch (fault->status) {
    case WIREROOM_OK:
        return EX_OK;
    case WIREROOM_TIMEOUT:
    case WIREROOM_FULL:
        return EX_TEMPFAIL;
    case WIREROOM_NO_SERVER:
        return EX_UNAVAILABLE;
    case WIREROOM_DENIED:
        return EX_NOPERM;
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
        return CLI_NOTHING;
    if (fault->transient)
        return EX_TEMPFAIL;
    if (fault->code / 100 == 2) // rights
        return EX_NOPERM;
    return fault->code / 100 == 1 ? EX_PROTOCOL : EX_DATAERR;
}

// The less was done, the graver.
int
cli_worse(int a, int b)
{
    static const int order[] = {EX_OK, CLI_NOTHING, EX_DATAERR, EX_NOINPUT, EX_TEMPFAIL,
        EX_UNAVAILABLE, EX_NOPERM, EX_PROTOCOL, EX_IOERR, EX_OSERR, EX_USAGE, EX_CONFIG,
        EX_SOFTWARE, CLI_INTERRUPTED};
    for (size_t i = sizeof order / sizeof *order; i-- > 0;)
        if (order[i] == a || order[i] == b)
            return order[i];
    return EX_SOFTWARE;
}

// "cause: next step", each said once.
int
cli_complain(const struct wireroom *w)
{
    const struct wireroom_fault *fault = wireroom_fault(w);
    (void)fprintf(stderr, "%s", fault->words);
    if (fault->next[0] && !strstr(fault->words, fault->next))
        (void)fprintf(
            stderr, ". %c%s", toupper((unsigned char)fault->next[0]), fault->next + 1);
    (void)fputc('\n', stderr);
    return cli_exit_code(fault);
}

struct wireroom *
cli_connect(const struct cli *cli, int *status_out)
{
    struct wireroom_options options = {.address = cli->server,
        .client = "wireroom " WIREROOM_VERSION,
        .principal = cli->principal,
        .timeout_ms = cli->timeout_ms};
    struct wireroom *w;
    if (wireroom_open(&options, &w) == WIREROOM_OK)
        return w;
    if (w)
        *status_out = cli_complain(w);
    else {
        (void)fprintf(stderr, "out of memory\n");
        *status_out = EX_OSERR;
    }
    wireroom_close(&w);
    return NULL;
}

int
cli_print_failed(void)
{
    (void)fprintf(
        stderr, "cannot write to standard output: %s\n", strerrordesc_np(errno));
    return EX_IOERR;
}
