// The bytes between the daemon and its reader processes, over a socketpair. Both ends are
// the same build, so numbers are in host order; what comes back is still a stranger's
// bytes and is decoded as such.
//
//   to a reader    struct hop_head, the submission encoded, the raw bytes, and how it is to
//                  be done: the rules of its source and names of items, see how.h
//   from a reader  struct hop_head, one prepared encoded, the explanation if asked for
//
// The first answer of a reader has tag 0 and no body: the sandbox is closed.
#ifndef PIPELINE_HOP_H
#define PIPELINE_HOP_H

#include <stdint.h>

struct hop_head {
    uint32_t first_bytes;  // of the submission or the prepared
    uint32_t second_bytes; // of the raw or the explanation; 0: none
    uint64_t tag;          // which; comes back
    uint32_t how;          // to a reader: HOP_EXPLAIN, HOP_RELEASED; 0 in an answer
    uint32_t third_bytes;  // to a reader: of how it is to be done; 0: plainly
};

// Answers leave in batches, so at a reader's end the first without one need not be the one
// in work. A page shared by both says which is: the reader writes its tag there.
struct hop_progress {
    volatile uint64_t tag;
};

#define HOP_EXPLAIN 1U
#define HOP_RELEASED 2U
#define HOP_BARE 4U

#define HOP_FD 3      // where a reader finds its end
#define HOP_PAGE_FD 4 // and the page
#define HOP_PAGE_BYTES 4096U
#define HOP_BATCH 32U
#define HOP_BUFFER (4U << 20)
#define HOP_CHUNK (256U << 10)   // read into at the daemon's end,
#define HOP_READ (64U << 10)     // at least so much at once
#define PREPARED_MAX (17U << 20) // a record may be 16 MiB
#define EXPLAINED_MAX (4U << 20)

// How a reader process ends when it was not killed.
enum hop_exit {
    HOP_EXIT_OK = 0,
    HOP_EXIT_SANDBOX = 70,
    HOP_EXIT_MEMORY = 71,
    HOP_EXIT_PROTOCOL = 76,
};

#endif
