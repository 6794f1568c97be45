// From argv to struct cli, by the table.
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "table.h"

#define PRINCIPAL_MAX 64 // bytes, as HELLO takes it
#define LONG_BASE 256    // getopt's value of a long option is this and its row

// ---- finding the command

static bool
letter_takes_value(char letter)
{
    for (size_t i = 0; i < options_count; i++)
        if (options[i].letter == letter && options[i].value)
            return true;
    return false;
}

// Does this word before the command take the next one as its value? A letter that only
// some commands give a value yields to a command's name.
static bool
takes_next(const char *word, const char *next)
{
    if (strncmp(word, "--", 2) == 0) {
        const struct option_row *o = option_named(word + 2);
        return o && o->value && !strchr(word, '=');
    }
    for (const char *at = word + 1; *at; at++)
        if (letter_takes_value(*at))
            return at[1] == '\0' && !(next && *at == 'f' && command_named(next));
    return false;
}

// Options may stand before the command: it is the first word that is no option's value.
static int
command_at(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-' || argv[i][1] == '\0')
            return i;
        if (strcmp(argv[i], "--") == 0)
            return i + 1 < argc ? i + 1 : 0;
        if (takes_next(argv[i], argv[i + 1]))
            i++;
    }
    return 0;
}

// ---- values

static bool
add_words(const char *list[CLI_LIST], char *value, const char *name)
{
    char *place = NULL;
    size_t n = 0;
    while (list[n])
        n++;
    for (char *word = strtok_r(value, ",", &place); word;
         word = strtok_r(NULL, ",", &place)) {
        if (n + 1 >= CLI_LIST) {
            (void)fprintf(
                stderr, "--%s is given more than %d times\n", name, CLI_LIST - 1);
            return false;
        }
        list[n++] = word;
    }
    return true;
}

static bool
read_number(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno) {
        (void)fprintf(stderr, "\"%s\" is no number\n", text);
        return false;
    }
    *out = n;
    return true;
}

// None of these means anything at 0.
static bool
read_count(const char *text, const char *name, uint64_t *out)
{
    uint64_t n;
    if (!read_number(text, &n))
        return false;
    if (n == 0) {
        (void)fprintf(stderr, "--%s begins at 1\n", name);
        return false;
    }
    *out = n;
    return true;
}

static bool
read_timeout(const char *text, int *ms_out)
{
    int64_t us;
    if (!when_duration(text, &us) || us <= 0 || us > 86400000000LL) {
        (void)fprintf(stderr, "\"%s\" is no duration (5s, 2m)\n", text);
        return false;
    }
    *ms_out = (int)(us / 1000);
    return true;
}

static bool
read_output(const char *text, enum output *out)
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

static bool
take_option(struct cli *cli, const struct option_row *o, char *value)
{
    void *member = (char *)cli + o->offset;
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)member = true;
        return true;
    case OPTION_TEXT:
        *(const char **)member = value;
        return true;
    case OPTION_PLACE:
        cli->has_after = true;
        return read_number(value, member);
    case OPTION_NUMBER:
        return read_count(value, o->name, member);
    case OPTION_LIST:
        return add_words(member, value, o->name);
    case OPTION_DURATION:
        return read_timeout(value, member);
    case OPTION_OUTPUT:
        return read_output(value, member);
    }
    return false;
}

static bool
classes_ok(const struct cli *cli)
{
    for (size_t i = 0; cli->classes[i]; i++) {
        const char *near, *word = cli->classes[i];
        if (class_known(word))
            continue;
        near = nearest_class(word);
        if (near)
            (void)fprintf(stderr, "no class is called \"%s\"; did you mean \"%s\"?\n",
                word, near);
        else
            (void)fprintf(
                stderr, "no class is called \"%s\"; see: man wireroom, tail\n", word);
        return false;
    }
    return true;
}

// ---- getopt

struct grammar { // what getopt_long reads
    struct option longs[64];
    char shorts[128];
};

static void
make_grammar(const struct command *command, struct grammar *g)
{
    size_t n = 0, s = 0;
    *g = (struct grammar){.shorts = ":"};
    s++;
    for (size_t i = 0; i < options_count; i++) {
        const struct option_row *o = &options[i];
        if (!command_takes(command, o))
            continue;
        g->longs[n++] = (struct option){o->name,
            o->value ? required_argument : no_argument, NULL, LONG_BASE + (int)i};
        if (o->letter)
            g->shorts[s++] = o->letter;
        if (o->letter && o->value)
            g->shorts[s++] = ':';
    }
}

static const struct option_row *
row_of(const struct command *command, int found)
{
    if (found >= LONG_BASE)
        return &options[found - LONG_BASE];
    for (size_t i = 0; i < options_count; i++)
        if (options[i].letter == found && command_takes(command, &options[i]))
            return &options[i];
    return NULL;
}

static int
complain(const struct command *command, const char *word, int letter)
{
    const char *name = strncmp(word, "--", 2) == 0 ? word + 2 : NULL;
    const char *near = name ? nearest_option(command, name) : NULL;
    if (name && option_named(name))
        (void)fprintf(stderr, "%s takes no --%.*s; see: wireroom help %s\n",
            command->name, (int)strcspn(name, "="), name, command->name);
    else if (near)
        (void)fprintf(
            stderr, "unknown option \"%s\"; did you mean \"--%s\"?\n", word, near);
    else if (name)
        (void)fprintf(stderr, "unknown option \"%s\"; see: wireroom help %s\n", word,
            command->name);
    else
        (void)fprintf(stderr, "unknown option \"-%c\"; see: wireroom help %s\n", letter,
            command->name);
    return EX_USAGE;
}

static bool
principal_ok(const struct cli *cli)
{
    size_t size = cli->principal ? strlen(cli->principal) : 1;
    if (size >= 1 && size <= PRINCIPAL_MAX)
        return true;
    (void)fprintf(stderr, "--principal is a name of 1 to %d bytes\n", PRINCIPAL_MAX);
    return false;
}

// Words where there should be none would be passed over, and a class with a typo in it be
// waited for for ever.
static bool
values_ok(const struct cli *cli, const struct command *command)
{
    if (cli->help)
        return true;
    if (cli->words_count && command->words[0] == '\0') {
        (void)fprintf(stderr,
            "%s takes no words, but \"%s\" is one; see: wireroom help %s\n",
            command->name, cli->words[0], command->name);
        return false;
    }
    return classes_ok(cli) && principal_ok(cli);
}

static int
read_options(int argc, char **argv, struct cli *cli, const struct command *command)
{
    struct grammar grammar;
    make_grammar(command, &grammar);
    optind = 0; // also makes glibc begin anew
    opterr = 0;
    for (int found; (found = getopt_long(
                         argc, argv, grammar.shorts, grammar.longs, NULL)) != -1;) {
        if (found == ':') {
            (void)fprintf(stderr, "%s needs a value\n", argv[optind - 1]);
            return EX_USAGE;
        }
        const struct option_row *o = row_of(command, found);
        if (found == '?' || !o)
            return complain(command, argv[optind - 1], optopt);
        if (!take_option(cli, o, optarg))
            return EX_USAGE;
    }
    cli->words = argv + optind;
    cli->words_count = argc - optind;
    return values_ok(cli, command) ? -1 : EX_USAGE;
}

static bool
known_letters(const char *word)
{
    for (const char *at = word + 1; *at; at++) {
        bool known = false;
        for (size_t i = 0; i < options_count; i++)
            known = known || options[i].letter == *at;
        if (!known)
            return false;
        if (letter_takes_value(*at))
            return true; // the rest is its value
    }
    return true;
}

// A line of options alone: which of them is why no command was found?
static void
say_no_command(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        bool is_long = strncmp(word, "--", 2) == 0;
        if (strcmp(word, "--") != 0 &&
            (is_long ? !option_named(word + 2) : !known_letters(word))) {
            (void)fprintf(stderr, "unknown option \"%s\"; see: wireroom help\n", word);
            return;
        }
        if (takes_next(word, argv[i + 1]) && !argv[++i]) {
            (void)fprintf(stderr, "%s needs a value\n", word);
            return;
        }
    }
    (void)fprintf(stderr, "no command was named; see: wireroom help\n");
}

static int
no_command(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--version") == 0) {
            (void)printf("wireroom %s\n", wireroom_version());
            return EX_OK;
        }
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(stdout);
            return EX_OK;
        }
    }
    if (argc > 1)
        say_no_command(argc, argv);
    else
        print_help(stderr);
    return EX_USAGE;
}

static int
unknown_command(const char *name)
{
    const char *near = nearest_command(name);
    if (near)
        (void)fprintf(
            stderr, "unknown command \"%s\"; did you mean \"%s\"?\n", name, near);
    else
        (void)fprintf(stderr, "unknown command \"%s\"; see: wireroom help\n", name);
    return EX_USAGE;
}

int
parse(int argc, char **argv, struct cli *cli, const struct command **command_out)
{
    int at = command_at(argc, argv);
    if (!at)
        return no_command(argc, argv);
    const struct command *command = command_named(argv[at]);
    if (!command)
        return unknown_command(argv[at]);
    for (int i = at; i < argc; i++) // the command's own word goes; argv ends with NULL
        argv[i] = argv[i + 1];
    int status = read_options(argc - 1, argv, cli, command);
    if (status >= 0)
        return status;
    *command_out = command;
    return -1;
}
