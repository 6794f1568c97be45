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

#define CLI_NOTHING 1 // exit code of a negative answer; the others are sysexits.h
#define CLI_INTERRUPTED 130
#define CLI_LIST 32

enum output {
    OUTPUT_TEXT,
    OUTPUT_JSON,   // one document
    OUTPUT_NDJSON, // one a line
    OUTPUT_TSV,
};

// The values of all options; a command looks at those that its row of the table names.
struct cli {
    const char *server, *principal;
    enum output output;
    int timeout_ms;
    bool quiet, help;

    const char *format, *id, *issue_date, *page, *language, *zone, *charset;
    bool all_or_nothing, dry_run, explain, all, raw;

    const char *sources[CLI_LIST], *classes[CLI_LIST],
        *languages[CLI_LIST]; // end: NULL
    const char *version, *since, *from, *cursor_file;
    uint64_t after, revision, record, count, last;
    bool has_after, bodies, snapshot, end, follow;

    char **words; // what is no option: files, uris; NULL-terminated
    int words_count;
};

// ---- connecting (connect.c)
// cli_connect opens the handle; NULL: the reason is said and status_out set.
struct wireroom *cli_connect(const struct cli *cli, int *status_out);
// cli_complain says the handle's fault and its next step, and gives the exit code.
int cli_complain(const struct wireroom *w);
int cli_exit_code(const struct wireroom_fault *fault);
// cli_worse gives the graver of two exit codes: the one that less was done under.
int cli_worse(int a, int b);
// cli_print_failed says that standard output can't be written.
int cli_print_failed(void);

// ---- items (item.c)
// cli_item reads URI with --source S, or SOURCE:URI. false: the reason is said.
bool cli_item(const struct cli *cli, char source_out[80], const char **uri_out);
// cli_source gives the one --source, or NULL; more than one is refused.
bool cli_source(const struct cli *cli, const char **source_out);
// cli_not_found says what wasn't found, and whether its source is known at all.
int cli_not_found(const struct cli *cli, struct wireroom *w, const char *source);
// cli_id reads a submission id: 32 hex digits, with or without the dashes of a UUID.
bool cli_id(const char *text, uint8_t id_out[16]);

// ---- values (value.c): of maps by key; empty or 0 where absent
struct slice map_get(struct slice map, const char *key); // its bytes
struct slice map_text(struct slice map, const char *key);
uint64_t map_uint(struct slice map, const char *key);
int64_t map_int(struct slice map, const char *key);
struct slice slice_of_value(struct wireroom_value value);

// ---- times (when.c)
// when_read understands RFC 3339, a day, 90s 10m 2h 3d (ago), now, today, yesterday and
// yesterday HH:MM, in local time where no zone is given.
bool when_read(const char *text, int64_t now_us, int64_t *us_out);
bool when_duration(const char *text, int64_t *us_out); // 90s 10m 2h 3d
// cli_since reads --since; false: the reason is said.
bool cli_since(const char *text, int64_t *us_out);

#endif
