// The one table of commands and options: parsing, help, completion and did-you-mean all
// come from it. To add an option: a member of struct cli, a row of options in table.c, and
// its name in the rows of the commands that take it.
#ifndef TABLE_H
#define TABLE_H

#include "cli.h"

enum option_kind {
    OPTION_FLAG,     // bool
    OPTION_TEXT,     // const char *
    OPTION_NUMBER,   // uint64_t
    OPTION_PLACE,    // uint64_t, and the bool has_after
    OPTION_LIST,     // const char *[CLI_LIST]: again, or parted by commas
    OPTION_DURATION, // int, milliseconds
    OPTION_OUTPUT,   // enum output
};

struct option_row {
    const char *name;
    const char *value; // how help calls it; NULL: takes none
    char letter;       // 0: none
    enum option_kind kind;
    size_t offset; // in struct cli
    const char *help;
};
extern const struct option_row options[];
extern const size_t options_count;

typedef int command_fn(struct cli *cli);
struct command {
    const char *name, *words, *summary;
    command_fn *run;
    const char *options; // names, parted by spaces
};
extern const struct command commands[];
extern const size_t commands_count;

const struct command *command_named(const char *name); // NULL: none
bool command_takes(const struct command *command, const struct option_row *option);
// option_named finds a long option by its name, without dashes and up to '='.
const struct option_row *option_named(const char *name);

// nearest gives the word closest to what was typed, NULL if none is close enough.
const char *nearest_command(const char *typed);
const char *nearest_option(const struct command *command, const char *typed);
const char *nearest_class(const char *typed);

const char *nearest_verb(const char *typed);

// The verbs of quarantine, ended by a row without a word.
struct verb_row {
    const char *word, *words, *help;
};
extern const struct verb_row verbs[];

// The classes of changes, ended by NULL; see docs/protocol.txt, CHANGE.
extern const char *const classes[];
bool class_known(const char *word);

// parse reads argv into cli. Negative: go on; else the exit code, and the reason is said.
int parse(int argc, char **argv, struct cli *cli, const struct command **command_out);

void print_help(FILE *to);
void print_command_help(const struct command *command);

int command_submit(struct cli *cli);
int command_tail(struct cli *cli);
int command_get(struct cli *cli);
int command_list(struct cli *cli);
int command_history(struct cli *cli);
int command_raw(struct cli *cli);
int command_quarantine(struct cli *cli);
int command_renormalize(struct cli *cli);
int command_status(struct cli *cli);
int command_ping(struct cli *cli);
int command_completion(struct cli *cli);
int command_help(struct cli *cli);

#endif
