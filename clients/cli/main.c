// wireroom: the command line. One table gives parsing, help, completion and did-you-mean.
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

const struct command commands[] = {
    {"submit",     "[FILE...|-]",   "push documents and print their receipts",    command_submit,
     "fSiDpLzCa"                                                                                                     },
    {"tail",       "",              "follow what changes, in order",              command_tail,       "nAtFeNcSklbsu"},
    {"get",        "URI",           "print one article",                          command_get,        "SVr"          },
    {"list",       "",              "list items, most lately changed first",      command_list,       "Stn"          },
    {"history",    "URI",           "list the changes of one item, newest first", command_history,
     "Sn"                                                                                                            },
    {"raw",        "[URI]",         "print the bytes as the source sent them",    command_raw,        "SrR"          },
    {"status",     "",              "say how the daemon is",                      command_status,     ""             },
    {"ping",       "",              "say whether the daemon answers",             command_ping,       ""             },
    {"completion", "bash|zsh|fish", "print a completion script",                  command_completion,
     ""                                                                                                              },
};
const size_t commands_count = sizeof commands / sizeof *commands;

struct cli_option {
    int letter;
    const char *name, *value, *help;
};
// Small letters and capitals alike name options here; only some are typed short.
static const struct cli_option options[] = {
    {'q', "quiet",          NULL,    "only errors on stderr"                             },
    {'o', "output",         "FORM",  "text, json, ndjson or tsv"                         },
    {'h', "help",           NULL,    "this text"                                         },
    {'f', "format",         "F",     "format word; auto recognises it"                   },
    {'S', "source",         "S",     "the provider"                                      },
    {'i', "id",             "ID",    "submission id: 32 hex digits; one file"            },
    {'D', "issue-date",     "DAY",   "day of issue of a page, YYYY-MM-DD"                },
    {'p', "page",           "NAME",  "page or file name, for provenance"                 },
    {'L', "language",       "TAG",   "BCP 47 tag where the document has none"            },
    {'z', "zone",           "ZONE",  "zone of times without one: +08:00"                 },
    {'C', "charset",        "NAME",  "charset where the document declares none"          },
    {'a', "all-or-nothing", NULL,    "one bad item refuses the whole submission"         },
    {'n', "last",           "N",     "tail: begin N changes before the head; list: items"},
    {'A', "after",          "SEQ",   "changes after this one"                            },
    {'t', "since",          "TIME",  "from this time: 10m, yesterday 18:00, RFC 3339"    },
    {'F', "from",           "begin", "from the first change kept"                        },
    {'e', "end",            NULL,    "end at the head"                                   },
    {'N', "no-follow",      NULL,    "the same"                                          },
    {'c', "count",          "N",     "end after N changes"                               },
    {'k', "class",          "CLASS", "only these: new,update,correction..."              },
    {'l', "lang",           "TAG",   "only this language"                                },
    {'b', "bodies",         NULL,    "with the articles"                                 },
    {'s', "snapshot",       NULL,    "every item first, then what changes"               },
    {'u', "cursor-file",    "FILE",  "go on where the file says, and keep it"            },
    {'V', "version",        "WORD",  "the source's own version"                          },
    {'r', "revision",       "N",     "a revision (seq)"                                  },
    {'R', "record",         "N",     "a submission by the record of its receipt"         },
    {'T', "timeout",        "TIME",  "for an answer: 5s"                                 },
    {'X', "server",         "ADDR",  "address of the submit socket (WIREROOM_SERVER)"    },
    {'P', "principal",      "NAME",  "who speaks, to a daemon started with --open"       },
};
#define OPTIONS (sizeof options / sizeof *options)
static const char global[] = "qohTXP";

// ---- help

static void
print_option(const struct cli_option *o)
{
    char left[48];
    bool is_short = strchr("qohfSnec", o->letter) != NULL || o->letter == 'X';
    int letter = o->letter == 'X' ? 's' : o->letter;
    (void)snprintf(left, sizeof left, "%s%c%s--%s %s", is_short ? "-" : " ",
        is_short ? letter : ' ', is_short ? ", " : "  ", o->name,
        o->value ? o->value : "");
    (void)printf("  %-28s %s\n", left, o->help);
}

static void
print_command_help(const struct command *c)
{
    (void)printf(
        "usage: wireroom %s [options] %s\n%s\n\n", c->name, c->usage, c->summary);
    for (size_t i = 0; i < OPTIONS; i++)
        if (strchr(c->options, options[i].letter) || strchr(global, options[i].letter))
            print_option(&options[i]);
}

static void
print_help(FILE *to)
{
    (void)fputs("usage: wireroom COMMAND [options] ...\n\n", to);
    for (size_t i = 0; i < commands_count; i++)
        (void)fprintf(to, "  %-11s %s\n", commands[i].name, commands[i].summary);
    (void)fputs(
        "\nwireroom COMMAND --help says more. An item is URI with --source S, or "
        "SOURCE:URI.\n",
        to);
}

// ---- parsing

static const struct command *
find_command(const char *name)
{
    for (size_t i = 0; i < commands_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

// How far two words are apart: letters to insert, drop or change.
static size_t
distance(const char *a, const char *b)
{
    size_t row[32], la = strlen(a), lb = strlen(b);
    if (la > 30 || lb > 30)
        return 99;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < other ? change : other;
        }
    }
    return row[lb];
}

static int
unknown_command(const char *name)
{
    const char *best = NULL;
    size_t least = 4;
    for (size_t i = 0; i < commands_count; i++)
        if (distance(name, commands[i].name) < least) {
            least = distance(name, commands[i].name);
            best = commands[i].name;
        }
    if (best)
        (void)fprintf(
            stderr, "unknown command \"%s\"; did you mean \"%s\"?\n", name, best);
    else
        (void)fprintf(
            stderr, "unknown command \"%s\"; wireroom --help lists them\n", name);
    return EX_USAGE;
}

static void
add(const char **list, size_t room, const char *value)
{
    for (size_t i = 0; i + 1 < room; i++)
        if (!list[i]) {
            list[i] = value;
            return;
        }
}

static void
add_split(const char **list, size_t room, char *value)
{
    char *place = NULL;
    for (char *word = strtok_r(value, ",", &place); word;
         word = strtok_r(NULL, ",", &place))
        add(list, room, word);
}

static bool
number(const char *text, uint64_t *out)
{
    char *end;
    *out = strtoull(text, &end, 10);
    if (end != text && *end == '\0' && *text != '-')
        return true;
    (void)fprintf(stderr, "\"%s\" is no number\n", text);
    return false;
}

static bool
duration_ms(const char *text, int *out)
{
    int64_t then_us;
    if (when_read(text, 0, &then_us) && then_us <= 0 && then_us > -3600000000LL * 24) {
        *out = (int)(-then_us / 1000);
        return true;
    }
    (void)fprintf(stderr, "\"%s\" is no duration (5s, 2m)\n", text);
    return false;
}

static bool
output_form(const char *text, enum output *out)
{
    static const char *const words[] = {"text", "json", "ndjson", "tsv"};
    for (int i = 0; i < 4; i++)
        if (strcmp(text, words[i]) == 0) {
            *out = (enum output)i;
            return true;
        }
    (void)fprintf(stderr, "\"%s\" is none of text, json, ndjson, tsv\n", text);
    return false;
}

#define ROOM(list) (sizeof(list) / sizeof *(list))

static bool
take_option(struct cli *cli, int letter, char *value)
{
    uint64_t n = 0;
    switch (letter) {
    case 'q':
        return cli->quiet = true;
    case 'o':
        return output_form(value, &cli->output);
    case 'f':
        return (cli->format = value) != NULL;
    case 'S':
        add(cli->sources, ROOM(cli->sources), value);
        return true;
    case 'i':
        return (cli->id = value) != NULL;
    case 'D':
        return (cli->issue_date = value) != NULL;
    case 'p':
        return (cli->page = value) != NULL;
    case 'L':
        return (cli->language = value) != NULL;
    case 'z':
        return (cli->zone = value) != NULL;
    case 'C':
        return (cli->charset = value) != NULL;
    case 'a':
        return cli->all_or_nothing = true;
    case 'n':
        return number(value, &cli->last);
    case 'A':
        cli->after = value;
        return number(value, &n);
    case 't':
        return (cli->since = value) != NULL;
    case 'F':
        return (cli->from = value) != NULL;
    case 'e':
    case 'N':
        return cli->end_at_head = true;
    case 'c':
        return number(value, &cli->count);
    case 'k':
        add_split(cli->classes, ROOM(cli->classes), value);
        return true;
    case 'l':
        add_split(cli->languages, ROOM(cli->languages), value);
        return true;
    case 'b':
        return cli->bodies = true;
    case 's':
        return cli->snapshot = true;
    case 'u':
        return (cli->cursor_file = value) != NULL;
    case 'V':
        return (cli->version = value) != NULL;
    case 'r':
        return number(value, &cli->revision);
    case 'R':
        return number(value, &cli->record);
    case 'T':
        return duration_ms(value, &cli->timeout_ms);
    case 'X':
        return (cli->server = value) != NULL;
    case 'P':
        return (cli->principal = value) != NULL;
    default:
        return false;
    }
}

static void
long_table(struct option table[OPTIONS + 1])
{
    for (size_t i = 0; i < OPTIONS; i++)
        table[i] = (struct option){options[i].name,
            options[i].value ? required_argument : no_argument, NULL,
            options[i].letter};
    table[OPTIONS] = (struct option){0};
}

// Short -s is the server everywhere; -f follows in tail, and names the format elsewhere.
static int
letter_of(int letter, int index, const struct command *command)
{
    if (index >= 0)
        return letter; // a long option
    if (letter == 's')
        return 'X';
    if (letter == 'f' && command && strcmp(command->name, "tail") == 0)
        return 0;
    return letter;
}

static int
parse(int argc, char **argv, struct cli *cli, const struct command *command)
{
    struct option table[OPTIONS + 1];
    long_table(table);
    const char *shorts = command && strcmp(command->name, "tail") == 0
                             ? "qo:hfS:n:ec:s:k:P:"
                             : "qo:hf:S:n:ec:s:k:P:";
    for (int letter, index = -1;
         (letter = getopt_long(argc, argv, shorts, table, &index)) != -1; index = -1) {
        letter = letter_of(letter, index, command);
        if (letter == 0)
            continue; // tail -f: it follows anyway
        if (letter == 'h') {
            command ? print_command_help(command) : print_help(stdout);
            return EX_OK;
        }
        bool known =
            strchr(global, letter) || !command || strchr(command->options, letter);
        if (letter == '?' || !known || !take_option(cli, letter, optarg)) {
            if (letter != '?' && !known)
                (void)fprintf(stderr, "%s takes no --%s\n", command->name,
                    index >= 0 ? table[index].name : (char[]){(char)letter, '\0'});
            (void)fprintf(stderr, "wireroom %s%s--help says what it takes\n",
                command ? command->name : "", command ? " " : "");
            return EX_USAGE;
        }
    }
    return -1;
}

// Options may stand before the command: it is the first word that is no option's value.
static int
command_at(int argc, char **argv)
{
    struct option table[OPTIONS + 1];
    int index;
    long_table(table);
    opterr = 0;
    while (getopt_long(argc, argv, "+qo:hf:S:n:ec:s:k:P:", table, &index) != -1)
        ;
    int at = optind;
    optind = 0;
    opterr = 1;
    return at < argc ? at : 0;
}

static void
interrupted(int number)
{
    (void)number;
    _exit(130);
}

int
main(int argc, char **argv)
{
    struct cli cli = {.timeout_ms = 5000};
    (void)setlocale(LC_TIME, "C");
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGINT, interrupted);
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        (void)printf("wireroom %s\n", wireroom_version());
        return EX_OK;
    }
    int at = command_at(argc, argv);
    const struct command *command = at ? find_command(argv[at]) : NULL;
    if (at && strcmp(argv[at], "help") == 0) {
        print_help(stdout);
        return EX_OK;
    }
    if (at && !command)
        return unknown_command(argv[at]);
    for (int i = at; at && i + 1 < argc; i++) // the command's own word goes
        argv[i] = argv[i + 1];
    argc -= at ? 1 : 0;
    int status = parse(argc, argv, &cli, command);
    if (status >= 0)
        return status;
    if (!command) {
        print_help(stderr);
        return EX_USAGE;
    }
    cli.words = argv + optind;
    cli.words_count = argc - optind;
    status = command->run(&cli);
    if (fflush(stdout) != 0 && status == EX_OK)
        status = EX_IOERR;
    return status;
}
