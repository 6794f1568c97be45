#include "table.h"

// clang-format off
#define AT(member) offsetof(struct cli, member)
const struct option_row options[] = {
    {"server",           "ADDRESS", 's', OPTION_TEXT,     AT(server),         "submit socket of the wireroom; default: WIREROOM_SERVER"},
    {"principal",        "NAME",    'P', OPTION_TEXT,     AT(principal),      "who speaks, to a daemon started with --open"},
    {"output",           "FORM",    'o', OPTION_OUTPUT,   AT(output),         "text, json, ndjson or tsv"},
    {"timeout",          "TIME",      0, OPTION_DURATION, AT(timeout_ms),     "how long to wait for an answer; default 5s"},
    {"quiet",            NULL,      'q', OPTION_FLAG,     AT(quiet),          "nothing on standard error but failures"},
    {"help",             NULL,      'h', OPTION_FLAG,     AT(help),           "this text"},

    {"format",           "FORMAT",  'f', OPTION_TEXT,     AT(format),         "of the documents, see above; default auto: by their content"},
    {"source",           "SOURCE",  'S', OPTION_LIST,     AT(sources),        "the provider"},
    {"id",               "ID",        0, OPTION_TEXT,     AT(id),             "submission id, 32 hex digits or a UUID; for one file"},
    {"issue-date",       "DAY",       0, OPTION_TEXT,     AT(issue_date),     "day of issue of a page, YYYY-MM-DD"},
    {"page",             "NAME",      0, OPTION_TEXT,     AT(page),           "page or file name, for provenance; default: the file's"},
    {"language",         "TAG",       0, OPTION_TEXT,     AT(language),       "where the document names none: de, zh-Hant"},
    {"zone",             "ZONE",      0, OPTION_TEXT,     AT(zone),           "of times without one: +08:00"},
    {"charset",          "NAME",      0, OPTION_TEXT,     AT(charset),        "where the document declares none"},
    {"all-or-nothing",   NULL,        0, OPTION_FLAG,     AT(all_or_nothing), "one bad item refuses the whole document"},

    {"dry-run",          NULL,        0, OPTION_FLAG,     AT(dry_run),        "say what would become of it; file nothing"},
    {"explain",          NULL,        0, OPTION_FLAG,     AT(explain),        "with --dry-run: how each was read and what was changed"},

    {"follow",           NULL,      'f', OPTION_FLAG,     AT(follow),         "go on with what comes; the default"},
    {"no-follow",        NULL,        0, OPTION_FLAG,     AT(end),            "end at the head, as -e"},
    {"end",              NULL,      'e', OPTION_FLAG,     AT(end),            "end at the head"},
    {"last",             "N",       'n', OPTION_NUMBER,   AT(last),           "tail: begin N changes before the head; lists: N at most"},
    {"after",            "SEQ",       0, OPTION_PLACE,    AT(after),          "begin with changes after this one"},
    {"since",            "TIME",      0, OPTION_TEXT,     AT(since),          "begin here: 10m, 2h, yesterday 18:00, RFC 3339"},
    {"from",             "begin",     0, OPTION_TEXT,     AT(from),           "begin with the first change kept"},
    {"snapshot",         NULL,        0, OPTION_FLAG,     AT(snapshot),       "every item first, then what changes"},
    {"cursor-file",      "FILE",      0, OPTION_TEXT,     AT(cursor_file),    "go on where the file says, and keep the place in it"},
    {"count",            "N",       'c', OPTION_NUMBER,   AT(count),          "end after N changes"},
    {"class",            "CLASS",     0, OPTION_LIST,     AT(classes),        "only these: new,update,correction,kill and so on"},
    {"lang",             "TAG",       0, OPTION_LIST,     AT(languages),      "only these languages; de takes de-CH too"},
    {"bodies",           NULL,      'b', OPTION_FLAG,     AT(bodies),         "with the articles"},

    {"version",          "WORD",      0, OPTION_TEXT,     AT(version),        "the source's own version of the item"},
    {"revision",         "SEQ",       0, OPTION_NUMBER,   AT(revision),       "a revision of the item"},
    {"all",              NULL,      'a', OPTION_FLAG,     AT(all),            "those that were settled, too"},
    {"raw",              NULL,        0, OPTION_FLAG,     AT(raw),            "show: the bytes as they came"},
    {"record",           "N",         0, OPTION_NUMBER,   AT(record),         "a submission, by the record number of its receipt"},
};
const size_t options_count = sizeof options / sizeof *options;

static const char everywhere[] = "server principal output timeout quiet help";

const struct command commands[] = {
    {"submit",     "[FILE...|-]",   "push documents and print a receipt per item",  command_submit,
        "format source id issue-date page language zone charset all-or-nothing dry-run explain"},
    {"tail",       "",              "follow what changes, in order, none missing",  command_tail,
        "follow no-follow end last after since from snapshot cursor-file count source class lang bodies"},
    {"get",        "[ITEM]",        "print one article",                            command_get,
        "source version revision"},
    {"list",       "",              "list items, most lately changed first",        command_list,
        "source since last"},
    {"history",    "ITEM",          "list the changes of one item, newest first",   command_history,
        "source last"},
    {"raw",        "[ITEM]",        "print the bytes as the source sent them",      command_raw,
        "source revision record"},
    {"quarantine", "[list|show|retry|release|drop] [RECORD...]", "look at what could not be read, and settle it", command_quarantine,
        "source all last raw"},
    {"renormalize", "",             "read history again by the rules of today, and say what came of it", command_renormalize,
        "source since dry-run"},
    {"status",     "",              "say how the daemon is",                        command_status,     ""},
    {"ping",       "",              "say whether the daemon answers",               command_ping,       ""},
    {"completion", "bash|zsh|fish", "print a completion script for a shell",        command_completion, ""},
    {"help",       "[COMMAND]",     "say what a command takes",                     command_help,       ""},
};

const struct verb_row verbs[] = {
    {"list",    "",          "open entries, newest first; with --all the settled ones, too"},
    {"show",    "RECORD...", "why it could not be read, with the line at fault; --raw: the bytes"},
    {"retry",   "RECORD...", "read it again, by the readers of today, and file what can be read now"},
    {"release", "RECORD...", "file it as plain text, with a warning"},
    {"drop",    "RECORD...", "file nothing; digest and bytes are kept"},
    {NULL, NULL, NULL},
};
// clang-format on
const size_t commands_count = sizeof commands / sizeof *commands;

const char *const classes[] = {"new", "update", "correction", "touch", "duplicate",
    "conflict", "stale", "withhold", "release", "embargo", "kill", "renormalized",
    "revive", "expire", "erase", "link", "archive", NULL};

bool
class_known(const char *word)
{
    for (size_t i = 0; classes[i]; i++)
        if (strcmp(classes[i], word) == 0)
            return true;
    return false;
}

const struct command *
command_named(const char *name)
{
    for (size_t i = 0; i < commands_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static bool
lists(const char *names, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = names; (at = strstr(at, name)); at += length) {
        bool begins = at == names || at[-1] == ' ';
        if (begins && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

bool
command_takes(const struct command *command, const struct option_row *option)
{
    return lists(everywhere, option->name) || lists(command->options, option->name);
}

const struct option_row *
option_named(const char *name)
{
    size_t length = strcspn(name, "=");
    for (size_t i = 0; i < options_count; i++)
        if (strlen(options[i].name) == length &&
            memcmp(options[i].name, name, length) == 0)
            return &options[i];
    return NULL;
}
