// Another driver whose n-th call fails on purpose. A failing write leaves its first half
// behind, as a disk may; a failing sync syncs nothing.
#include <errno.h>
#include <stdlib.h>

#include "log/log.h"

struct flaky {
    unsigned magic;
#define FLAKY_MAGIC 0x666c616b
    struct log_driver inner;
    uint64_t n, calls;
    uint64_t *calls_out; // the test's, or NULL
    int error;
    bool forever;
};

static struct flaky *
flaky_of(void *state)
{
    struct flaky *flaky = state;
    if (flaky->magic != FLAKY_MAGIC)
        abort();
    return flaky;
}

static bool
fails_now(struct flaky *flaky)
{
    uint64_t call = ++flaky->calls;
    if (flaky->calls_out)
        *flaky->calls_out = call;
    return flaky->n && (call == flaky->n || (flaky->forever && call > flaky->n));
}

static int
flaky_create(
    void *state, uint64_t file, uint64_t size, uint64_t budget, bool *whole_out)
{
    struct flaky *flaky = flaky_of(state);
    if (fails_now(flaky))
        return flaky->error;
    return flaky->inner.create(flaky->inner.state, file, size, budget, whole_out);
}

static int
flaky_count(void *state, uint64_t *files_out)
{
    struct flaky *flaky = flaky_of(state);
    if (fails_now(flaky))
        return flaky->error;
    return flaky->inner.count(flaky->inner.state, files_out);
}

static int
flaky_size(void *state, uint64_t file, uint64_t *size_out)
{
    struct flaky *flaky = flaky_of(state);
    if (fails_now(flaky))
        return flaky->error;
    return flaky->inner.size(flaky->inner.state, file, size_out);
}

static int
flaky_read(void *state, uint64_t file, uint64_t at, void *out, size_t size)
{
    struct flaky *flaky = flaky_of(state);
    if (fails_now(flaky))
        return flaky->error;
    return flaky->inner.read(flaky->inner.state, file, at, out, size);
}

static int
flaky_write(void *state, uint64_t file, uint64_t at, const void *bytes, size_t size)
{
    struct flaky *flaky = flaky_of(state);
    if (!fails_now(flaky))
        return flaky->inner.write(flaky->inner.state, file, at, bytes, size);
    (void)flaky->inner.write(flaky->inner.state, file, at, bytes, size / 2);
    return flaky->error;
}

static int
flaky_sync(void *state, uint64_t file)
{
    struct flaky *flaky = flaky_of(state);
    if (fails_now(flaky))
        return flaky->error;
    return flaky->inner.sync(flaky->inner.state, file);
}

static void
flaky_close(void *state)
{
    struct flaky *flaky = flaky_of(state);
    flaky->inner.close(flaky->inner.state);
    flaky->magic = 0;
    free(flaky);
}

enum wire_err
log_driver_flaky(struct log_driver inner, uint64_t n, int error, bool forever,
    uint64_t *calls_out, struct log_driver *out)
{
    struct flaky *flaky = calloc(1, sizeof *flaky);
    if (!flaky)
        return WIRE_NO_MEMORY;
    *flaky = (struct flaky){.magic = FLAKY_MAGIC,
        .inner = inner,
        .n = n,
        .error = error,
        .forever = forever};
    flaky->calls_out = calls_out;
    *out = (struct log_driver){.name = "flaky",
        .state = flaky,
        .create = flaky_create,
        .count = flaky_count,
        .size = flaky_size,
        .read = flaky_read,
        .write = flaky_write,
        .sync = flaky_sync,
        .close = flaky_close};
    return WIRE_OK;
}
