// A record that kills the daemon when it is filed would do so at every start. So a start
// notes which record it is filing; what two starts running died of is skipped by the third:
// a record in the log names it for ever, its text stays out of the store, its raw bytes are
// quarantined. An error that the disk or the memory gives is no such death.
#ifndef PIPELINE_SKIP_H
#define PIPELINE_SKIP_H

#include "pipeline/filing.h"

// What is known of starts that ended while they filed. All of it is advice: where the note
// can't be kept, nothing is skipped.
struct deaths {
    char path[4096];
    int fd;           // -1: not filing
    uint64_t suspect; // record that the last start died of; 0: none
    uint64_t count;   // starts running that did
};
#define DEATHS_ENOUGH 2U

// deaths_read looks at the note that an earlier start left at path.
void deaths_read(struct deaths *d, const char *path);
// deaths_at says which record is being filed from now on; 0: none. It makes the note when
// first called, durable in what was read, and from then on only tells the kernel, which
// outlives us.
void deaths_at(struct deaths *d, uint64_t record);
// deaths_end is the end of a start that did not die: all is filed, or it failed in words,
// and what was counted before stays.
void deaths_end(struct deaths *d, bool all_filed);
// deaths_forgive takes the note of the start that runs back, for a signal handler: the disk
// failed under the map.
void deaths_forgive(void);

// skip_file files what must be there of a record whose text must not be: its numbers, its
// place in the running hash, its receipt. The raw bytes go to quarantine, if they can be had.
enum wire_err skip_file(struct filing *f, const struct record *r, struct arena *arena);

#endif
