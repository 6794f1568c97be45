// wireroom: the command line of a wire room.
#include <signal.h>
#include <unistd.h>

#include "table.h"

// Commands that have something to say when interrupted put their own in its place.
static void
interrupted(int number)
{
    (void)number;
    _exit(CLI_INTERRUPTED);
}

int
main(int argc, char **argv)
{
    struct cli cli = {.timeout_ms = 5000};
    const struct command *command;
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGINT, interrupted);
    int status = parse(argc, argv, &cli, &command);
    if (status >= 0)
        return status;
    if (cli.help) {
        print_command_help(command);
        return EX_OK;
    }
    status = command->run(&cli);
    if (fflush(stdout) != 0)
        status = cli_worse(status, cli_print_failed());
    return status;
}
