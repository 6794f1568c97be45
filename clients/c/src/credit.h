// Credit on the submit socket, as the daemon counts it (docs/protocol.txt, SUBMITTING): a
// window of bytes and messages, widened by CREDIT, filled by SUBMIT and emptied by answers.
// An empty window admits one submission of any size. Only numbers: no socket here.
#ifndef CREDIT_H
#define CREDIT_H

#include <stdbool.h>
#include <stdint.h>

struct amount {
    uint64_t bytes, messages;
};

struct credit {
    struct amount granted, inside; // inside: sent, not yet answered
    struct amount wanted;          // the most that WANT asked for
};
#define CREDIT_WANT_BYTES (8U << 20) // what a daemon gives one connection at most

// credit_begin starts anew with what WELCOME grants.
void credit_begin(struct credit *credit, struct amount granted);
void credit_grow(struct credit *credit, struct amount more);

// credit_admits says whether a submission of this size may leave now.
bool credit_admits(const struct credit *credit, uint64_t bytes);
void credit_take(struct credit *credit, uint64_t bytes);
void credit_return(struct credit *credit, uint64_t bytes);

// credit_want says whether WANT is worth sending while so much waits, and for how much in
// all; what was asked for is not asked for twice.
bool credit_want(struct credit *credit, struct amount waiting, struct amount *want_out);

#endif
