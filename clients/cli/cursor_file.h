// A file that keeps a place in the feed between runs of tail. It holds one line: a cursor,
// 48 hex digits, or where there is none, in the middle of what came together, the epoch in
// 16 hex digits, a colon, and a seq. It is written behind what was printed, so that after a
// crash changes may come again but none is missing.
#ifndef CURSOR_FILE_H
#define CURSOR_FILE_H

#include "cli.h"

struct cursor_file {
    const char *path; // NULL: none is kept
    char line[64];    // what it should hold
    bool dirty;
    int64_t written_us;
};

// cursor_file_read sets the place that the file holds; found_out is false where there is
// no file yet. cursor holds what place borrows. false: the reason is said.
bool cursor_file_read(const struct cursor_file *file, uint8_t cursor[24],
    struct wireroom_place *place, bool *found_out);
void cursor_file_note(struct cursor_file *file, const struct wireroom_change *change);
// cursor_file_behind notes the cursor behind all that was printed, if it is another.
void cursor_file_behind(struct cursor_file *file, const uint8_t cursor[24]);
// cursor_file_keep writes what was noted, if there is something and a second has passed
// since, or now is true. false: the reason is said.
bool cursor_file_keep(struct cursor_file *file, bool now);

#endif
