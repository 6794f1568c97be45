// wireroom: what every command shares.
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sysexits.h>

#include "proto/proto.h"
#include "wireroom.h"

enum output {
    OUTPUT_TEXT,
    OUTPUT_JSON,   // one document
    OUTPUT_NDJSON, // one a line
    OUTPUT_TSV,
};

// The options of all commands; a command looks at those in its row of the table.
struct cli {
    const char *server, *principal;
    enum output output;
    int timeout_ms;
    bool quiet;

    const char *format, *id, *issue_date, *page, *language, *zone, *charset;
    bool all_or_nothing;

    const char *sources[32], *classes[32], *languages[32]; // NULL-terminated
    const char *version, *since, *after, *from, *cursor_file;
    uint64_t revision, record, count, last;
    bool bodies, snapshot, end_at_head, no_follow;
    unsigned limit;

    char **words; // what is no option: files, uris
    int words_count;
};

typedef int command_fn(struct cli *cli);
struct command {
    const char *name, *usage, *summary;
    command_fn *run;
    const char *options; // letters of cli_options that it takes
};
extern const struct command commands[];
extern const size_t commands_count;

int command_submit(struct cli *cli);
int command_tail(struct cli *cli);
int command_get(struct cli *cli);
int command_list(struct cli *cli);
int command_history(struct cli *cli);
int command_raw(struct cli *cli);
int command_status(struct cli *cli);
int command_ping(struct cli *cli);
int command_completion(struct cli *cli);

// cli_connect opens the handle; after a failure the words are said and status_out set.
struct wireroom *cli_connect(struct cli *cli, int *status_out);
// cli_complain says the handle's fault and its next step on stderr, and gives the exit
// code (sysexits.h).
int cli_complain(struct wireroom *w);
int cli_exit_code(const struct wireroom_fault *fault);
// cli_item reads URI with --source S, or SOURCE:URI. false: said.
bool cli_item(struct cli *cli, char *source_out, size_t size, const char **uri_out);
bool cli_source(struct cli *cli, const char **source_out); // the one --source, or NULL

// ---- values (value.c): msgpack maps by key
struct slice map_get(struct slice map, const char *key); // its bytes; empty: absent
struct slice map_text(struct slice map, const char *key);
uint64_t map_uint(struct slice map, const char *key);
int64_t map_int(struct slice map, const char *key);

// ---- printing (print.c)
// print_fields prints the fields named of a map, in that order and absent ones left out, as
// JSON, or all of them as a line of tab-separated values. Calls stand between
// print_list_begin and print_list_end.
void print_list_begin(const struct cli *cli);
void print_fields(const struct cli *cli, struct slice map, const char *const *fields);
void print_list_end(const struct cli *cli);
void print_change_text(struct slice change); // the line of tail
void print_item_text(struct slice change);   // the same with the item's name
void print_json(struct slice value, enum output output);

// ---- times (when.c)
// when_read understands RFC 3339, a day, 90s 10m 2h 3d (ago), now, today, yesterday and
// yesterday HH:MM, in local time where no zone is given.
bool when_read(const char *text, int64_t now_us, int64_t *us_out);

#endif
