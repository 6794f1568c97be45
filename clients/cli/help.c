#include "table.h"

static void
print_option(const struct option_row *o)
{
    char left[48];
    (void)snprintf(left, sizeof left, "%c%c%s--%s%s%s", o->letter ? '-' : ' ',
        o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
        o->value ? " " : "", o->value ? o->value : "");
    (void)printf("  %-25s %s\n", left, o->help);
}

static void
print_verbs(void)
{
    for (const struct verb_row *v = verbs; v->word; v++)
        (void)printf("  %-7s %-9s  %s\n", v->word, v->words, v->help);
    (void)puts("\nA record is the number that list shows, with or without its q.\n");
}

void
print_command_help(const struct command *c)
{
    (void)printf(
        "usage: wireroom %s [options] %s\n%s\n\n", c->name, c->words, c->summary);
    if (strcmp(c->words, "ITEM") == 0 || strcmp(c->words, "[ITEM]") == 0)
        (void)puts("An item is its URI with --source S, or SOURCE:URI.\n");
    if (strcmp(c->name, "quarantine") == 0)
        print_verbs();
    if (strcmp(c->name, "submit") == 0)
        (void)puts(
            "Formats: auto article ninjs ndjson nitf newsml12 newsmlg2 newsprint\n"
            "anpa1312 iptc7901 email rss atom html text; man wireroom, FORMATS.\n");
    for (size_t i = 0; i < options_count; i++)
        if (command_takes(c, &options[i]))
            print_option(&options[i]);
}

void
print_help(FILE *to)
{
    (void)fputs("usage: wireroom COMMAND [options] ...\n\n", to);
    for (size_t i = 0; i < commands_count; i++)
        (void)fprintf(to, "  %-11s %s\n", commands[i].name, commands[i].summary);
    (void)fputs(
        "\nOptions may stand before or after the command. wireroom help COMMAND "
        "lists them.\nOne address is enough, that of the submit socket: -s "
        "ADDRESS or WIREROOM_SERVER.\n",
        to);
}

int
command_help(struct cli *cli)
{
    const struct command *c = cli->words_count ? command_named(cli->words[0]) : NULL;
    if (!cli->words_count) {
        print_help(stdout);
        return EX_OK;
    }
    if (!c) {
        (void)fprintf(
            stderr, "no command is called \"%s\"; see: wireroom help\n", cli->words[0]);
        return EX_USAGE;
    }
    print_command_help(c);
    return EX_OK;
}
