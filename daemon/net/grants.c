#include "net/grants.h"

#include <assert.h>

static uint64_t
least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t
most(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

// step is how far one kind of credit can be widened now.
static uint64_t
step(uint64_t wanted, uint64_t has, uint64_t given, uint64_t total)
{
    return wanted <= has || given >= total ? 0 : least(wanted - has, total - given);
}

struct amount
grants_widen(struct grants *grants, struct window *window)
{
    struct amount more = {
        step(window->wanted.bytes, window->granted.bytes, grants->granted.bytes,
            grants->total.bytes),
        step(window->wanted.messages, window->granted.messages,
            grants->granted.messages, grants->total.messages),
    };
    window->granted.bytes += more.bytes;
    window->granted.messages += more.messages;
    grants->granted.bytes += more.bytes;
    grants->granted.messages += more.messages;
    return more;
}

void
grants_open(struct grants *grants, struct window *window)
{
    *window = (struct window){.wanted = grants->standing};
    (void)grants_widen(grants, window);
}

void
grants_want(struct grants *grants, struct window *window, struct amount amount)
{
    window->wanted.bytes =
        most(window->granted.bytes, least(amount.bytes, grants->connection.bytes));
    window->wanted.messages = most(
        window->granted.messages, least(amount.messages, grants->connection.messages));
}

static bool
fits(const struct amount *limit, const struct amount *flight, uint64_t bytes)
{
    return flight->messages < limit->messages && flight->bytes <= limit->bytes &&
           bytes <= limit->bytes - flight->bytes;
}

enum admission
grants_admit(struct grants *grants, struct window *window, uint64_t bytes)
{
    bool is_first = window->flight.messages == 0;
    if (!is_first && !fits(&window->granted, &window->flight, bytes))
        return ADMISSION_OVER;
    // A first message may be larger than its grant: the sum of grants does not bound it.
    if (grants->flight.messages > 0 && !fits(&grants->total, &grants->flight, bytes))
        return ADMISSION_BUSY;
    window->flight.bytes += bytes;
    window->flight.messages++;
    grants->flight.bytes += bytes;
    grants->flight.messages++;
    return ADMITTED;
}

static void
take_out(struct amount *flight, uint64_t bytes)
{
    assert(flight->bytes >= bytes && flight->messages > 0);
    flight->bytes -= bytes;
    flight->messages--;
}

void
grants_return(struct grants *grants, struct window *window, uint64_t bytes)
{
    take_out(&grants->flight, bytes);
    if (window)
        take_out(&window->flight, bytes);
}

void
grants_close(struct grants *grants, struct window *window)
{
    grants->granted.bytes -= window->granted.bytes;
    grants->granted.messages -= window->granted.messages;
    window->granted = window->wanted = (struct amount){0};
}

bool
grants_over(struct window *window, int64_t now_us, int64_t pause_us)
{
    if (now_us - window->over_us > pause_us)
        window->over = 0;
    window->over_us = now_us;
    return ++window->over >= GRANTS_OVER_MAX;
}
