// Credit of producers, in bytes of body frames and in messages. A connection has a window:
// what it may have in flight. An answer gives credit back by itself; CREDIT only widens the
// window. An empty window always admits one message, so that no submission is too large to
// be sent; all windows together, and all that is in flight, are bounded.
#ifndef NET_GRANTS_H
#define NET_GRANTS_H

#include <stdbool.h>
#include <stdint.h>

struct amount {
    uint64_t bytes, messages;
};

struct grants {
    struct amount standing, connection, total; // limits
    struct amount granted, flight;             // sums over all connections
};

struct window {
    struct amount granted, flight, wanted;
    uint32_t over;   // refusals for credit, one after the other without a pause
    int64_t over_us; // when the last was
};

enum admission {
    ADMITTED,
    ADMISSION_OVER, // more than was granted
    ADMISSION_BUSY, // within the rules, but everything together is at its bound
};

// grants_open gives a new connection the standing grant, or what is left of the total; the
// rest stays wanted.
void grants_open(struct grants *grants, struct window *window);

// grants_want notes what a connection asks for in all, never less than it has.
void grants_want(struct grants *grants, struct window *window, struct amount amount);

// grants_widen gives what is wanted as far as it can be had now, and says how much; zero
// amounts: nothing.
struct amount grants_widen(struct grants *grants, struct window *window);

enum admission grants_admit(
    struct grants *grants, struct window *window, uint64_t bytes);

// grants_return takes an answered message out of flight. window NULL: its connection ended.
void grants_return(struct grants *grants, struct window *window, uint64_t bytes);

// grants_close takes the whole grant back; what is in flight returns by itself later.
void grants_close(struct grants *grants, struct window *window);

// grants_over counts a refusal for credit: true when the peer went on for so long without a
// pause that it is to be ignored.
#define GRANTS_OVER_MAX 32U
bool grants_over(struct window *window, int64_t now_us, int64_t pause_us);

#endif
