#include "credit.h"

static uint64_t
min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t
max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

// A sum that a stranger sends numbers for must not wrap.
static uint64_t
sum(uint64_t a, uint64_t b)
{
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

void
credit_begin(struct credit *credit, struct amount granted)
{
    *credit = (struct credit){.granted = granted};
}

void
credit_grow(struct credit *credit, struct amount more)
{
    credit->granted.bytes = sum(credit->granted.bytes, more.bytes);
    credit->granted.messages = sum(credit->granted.messages, more.messages);
}

bool
credit_admits(const struct credit *credit, uint64_t bytes)
{
    if (credit->inside.messages == 0)
        return true;
    return credit->inside.messages < credit->granted.messages &&
           sum(credit->inside.bytes, bytes) <= credit->granted.bytes;
}

void
credit_take(struct credit *credit, uint64_t bytes)
{
    credit->inside.bytes += bytes;
    credit->inside.messages++;
}

void
credit_return(struct credit *credit, uint64_t bytes)
{
    credit->inside.bytes -= min(bytes, credit->inside.bytes);
    credit->inside.messages -= min(1, credit->inside.messages);
}

bool
credit_want(struct credit *credit, struct amount waiting, struct amount *want_out)
{
    struct amount need = {
        min(sum(credit->inside.bytes, waiting.bytes), CREDIT_WANT_BYTES),
        sum(credit->inside.messages, waiting.messages)};
    struct amount have = {max(credit->granted.bytes, credit->wanted.bytes),
        max(credit->granted.messages, credit->wanted.messages)};
    if (need.bytes <= have.bytes && need.messages <= have.messages)
        return false;
    credit->wanted =
        (struct amount){max(need.bytes, have.bytes), max(need.messages, have.messages)};
    *want_out = credit->wanted;
    return true;
}
