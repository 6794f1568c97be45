#include "pipeline/hooks.h"

typedef int hooks_is_not_empty; // ISO C wants a declaration where hooks are off

#ifdef WIREROOM_HOOKS
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void
eat(void)
{
    for (;;) {
        size_t size = (size_t)16 << 20;
        char *p = malloc(size);
        if (!p)
            _exit(71);
        memset(p, 1, size);
    }
}

static void
spin(void)
{
    for (volatile unsigned i = 0;; i++)
        ;
}

const char *
hook_reader(void)
{
    return secure_getenv("WIREROOM_READER");
}

void
hook_misbehave(struct slice raw)
{
    struct slice prefix = SLICE("!wireroom-test:");
    if (!slice_starts(raw, prefix))
        return;
    struct slice what = slice_from(raw, prefix.size);
    if (slice_starts(what, SLICE("crash")))
        __builtin_trap();
    if (slice_starts(what, SLICE("spin")))
        spin();
    if (slice_starts(what, SLICE("eat")))
        eat();
    if (slice_starts(what, SLICE("syscall")))
        (void)syscall(SYS_socket, 2, 1, 0);
    if (slice_starts(what, SLICE("exit")))
        _exit(0);
    if (slice_starts(what, SLICE("garbage"))) {
        static const uint8_t junk[64] = {0xff, 0xff, 0xff, 0x7f};
        ssize_t n = write(3, junk, sizeof junk);
        (void)n;
    }
}

void
hook_filing(struct slice headline)
{
    if (slice_is(headline, "!wireroom-test:filing"))
        (void)raise(SIGKILL);
}
#endif
