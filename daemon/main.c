// wireroomd: what the command line asks for.
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "app.h"
#include "pipeline/pipeline.h"

static const char usage[] =
    "usage: wireroomd [--config FILE] [--set ROOM.KEY=VALUE]... [--check-config]\n"
    "                 [--open] [--ephemeral] [--accept-loss]\n"
    "       wireroomd normalize [--format F] [--issue-date D] [--explain] [-o ndjson] "
    "FILE...\n"
    "       wireroomd verify [--config FILE] [--set ROOM.KEY=VALUE]... [--replay]\n"
    "       wireroomd log salvage [--config FILE] [--set ROOM.KEY=VALUE]... "
    "[--write]\n"
    "\n"
    "  --config FILE    settings; without it the defaults (man wireroom.yaml)\n"
    "  --set R.K=V      one setting, wins over the file\n"
    "  --check-config   print the settings in force with their origin, and end\n"
    "  --open           everybody who reaches the sockets may do everything\n"
    "  --ephemeral      a store of its own in /tmp, gone at the end; prints its "
    "address\n"
    "  --accept-loss    start although parts of the store are missing, in a new epoch\n"
    "  --version, --help\n";

static const struct option options_table[] = {
    {"config",       required_argument, NULL, 'c'},
    {"set",          required_argument, NULL, 's'},
    {"check-config", no_argument,       NULL, 'k'},
    {"open",         no_argument,       NULL, 'o'},
    {"ephemeral",    no_argument,       NULL, 'e'},
    {"accept-loss",  no_argument,       NULL, 'a'},
    {"replay",       no_argument,       NULL, 'r'},
    {"write",        no_argument,       NULL, 'w'},
    {"version",      no_argument,       NULL, 'V'},
    {"help",         no_argument,       NULL, 'h'},
    {NULL,           0,                 NULL, 0  },
};

struct flags {
    bool replay, write;
};

// parse fills options; a status to end with, or -1 to go on.
static int
parse(int argc, char **argv, struct app_options *options, struct flags *flags)
{
    int letter;
    while ((letter = getopt_long(argc, argv, "h", options_table, NULL)) != -1)
        switch (letter) {
        case 'c':
            options->config_file = optarg;
            break;
        case 's':
            options->sets[options->sets_count++] = optarg;
            break;
        case 'k':
            options->check_config = true;
            break;
        case 'o':
            options->open = true;
            break;
        case 'e':
            options->ephemeral = true;
            break;
        case 'a':
            options->accept_loss = true;
            break;
        case 'r':
            flags->replay = true;
            break;
        case 'w':
            flags->write = true;
            break;
        case 'V':
            (void)printf("wireroomd %s\n", WIREROOM_VERSION);
            return EX_OK;
        case 'h':
            (void)fputs(usage, stdout);
            return EX_OK;
        default:
            (void)fputs(usage, stderr);
            return EX_USAGE;
        }
    if (options->check_config && optind == argc - 1 && !options->config_file)
        options->config_file = argv[optind++];
    return -1;
}

// How many words at argv are a command's: none for the daemon.
static int
command_words(int count, char **argv)
{
    if (count > 0 && strcmp(argv[0], "verify") == 0)
        return 1;
    bool log = count > 1 && strcmp(argv[0], "log") == 0;
    return log && strcmp(argv[1], "salvage") == 0 ? 2 : 0;
}

// What --ephemeral chooses itself can't be chosen beside it.
static bool
ephemeral_ok(const struct app_options *options)
{
    for (unsigned i = 0; options->ephemeral && i < options->sets_count; i++) {
        const char *set = options->sets[i];
        if (strncmp(set, "listen.", 7) != 0 && strncmp(set, "store.path=", 11) != 0)
            continue;
        (void)fprintf(stderr,
            "--set %s does nothing with --ephemeral, which makes a directory of its "
            "own for store and sockets: leave one of them out\n",
            set);
        return false;
    }
    return true;
}

static int
run(int argc, char **argv)
{
    struct flags flags = {0};
    struct app_options options = {.sets = calloc((size_t)argc, sizeof(char *))};
    if (!options.sets)
        return EX_OSERR;
    int status = parse(argc, argv, &options, &flags);
    int words = command_words(argc - optind, argv + optind);
    if (status < 0 && optind + words < argc) {
        (void)fprintf(
            stderr, "unknown command \"%s\"\n%s", argv[optind + words], usage);
        status = EX_USAGE;
    }
    if (status < 0 && !ephemeral_ok(&options))
        status = EX_USAGE;
    if (status < 0 && words == 2)
        status = offline_salvage(&options, flags.write);
    else if (status < 0)
        status = words ? offline_verify(&options, flags.replay) : app_run(&options);
    free(options.sets);
    return status;
}

// The receipt path takes and gives back a few megabytes many times a second; memory that
// goes back to the kernel in between comes again as page faults.
static void
keep_memory(void)
{
    (void)mallopt(M_TRIM_THRESHOLD, 64 << 20);
    (void)mallopt(M_MMAP_THRESHOLD, 32 << 20);
    (void)mallopt(M_TOP_PAD, 4 << 20);
}

int
main(int argc, char **argv)
{
    keep_memory();
    if (argc > 1 && strcmp(argv[1], "--reader") == 0)
        return reader_main(argc, argv);
    if (argc > 1 && strcmp(argv[1], "--reader-selftest") == 0)
        return reader_selftest(argc, argv);
    if (argc > 1 && strcmp(argv[1], "normalize") == 0)
        return offline_normalize(argc - 1, argv + 1);
    return run(argc, argv);
}
