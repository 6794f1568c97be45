// The reader process: `wireroomd --reader`. Loads its tables, closes the sandbox, then
// answers submissions from descriptor 3, in order, until the daemon closes it. Whatever a
// stranger's bytes do to it, they do to this process alone.
// Runs on: a process of its own.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pipeline/hooks.h"
#include "pipeline/hop.h"
#include "pipeline/how.h"
#include "pipeline/pipeline.h"
#include "pipeline/sandbox.h"

#define ARENA_LIMIT ((size_t)256 << 20)

struct reader {
    uint8_t *in;
    size_t in_size, in_capacity;
    struct wire_writer out;
    struct arena arena;
    struct hop_progress *progress;
};

static void
end(enum hop_exit status)
{
    _exit((int)status);
}

static void
write_all(struct slice bytes)
{
    while (bytes.size) {
        ssize_t n = write(HOP_FD, bytes.data, bytes.size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            end(HOP_EXIT_OK); // the daemon is gone
        bytes = slice_from(bytes, (size_t)n);
    }
}

static void
flush(struct reader *r)
{
    write_all(wire_written(&r->out));
    wire_writer_reset(&r->out);
}

// answer prepares into the bytes that leave, behind a head that is filled in then.
static void
answer(struct reader *r, const struct submission *s, struct slice raw,
    const struct hop_head *asked, struct slice asked_how)
{
    struct hop_head head = {.tag = asked->tag};
    struct wire_writer explained = {0};
    size_t at = r->out.size;
    wire_put_raw(&r->out, slice_of(&head, sizeof head));
    struct prepare_how how = {.explained = asked->how & HOP_EXPLAIN ? &explained : NULL,
        .released = asked->how & HOP_RELEASED,
        .bare = asked->how & HOP_BARE};
    struct arena names; // the other is reset where reading fails
    arena_init(&names, ARENA_LIMIT);
    if (asked_how.size && !how_decode(asked_how, &names, &how))
        end(HOP_EXIT_PROTOCOL);
    prepare_how(s, raw, &r->arena, &r->out, &how, NULL, NULL);
    arena_fini(&names);
    head.first_bytes = (uint32_t)(r->out.size - at - sizeof head);
    head.second_bytes = (uint32_t)explained.size;
    wire_put_raw(&r->out, wire_written(&explained));
    if (r->out.failed || explained.failed)
        end(HOP_EXIT_MEMORY);
    wire_writer_fini(&explained);
    memcpy(r->out.data + at, &head, sizeof head);
    if (r->out.size > HOP_BUFFER / 8)
        flush(r);
}

static void
handle(struct reader *r, const struct hop_head *head, const uint8_t *body)
{
    struct submission s;
    struct fault fault = FAULT_NONE;
    struct slice raw = slice_of(body + head->first_bytes, head->second_bytes);
    if (submission_decode(slice_of(body, head->first_bytes), &s, &fault))
        end(HOP_EXIT_PROTOCOL);
    r->progress->tag = head->tag;
    hook_misbehave(raw);
    arena_reset(&r->arena);
    answer(r, &s, raw, head, slice_of(raw.data + raw.size, head->third_bytes));
}

// take_frames handles every whole submission in the buffer and keeps the rest.
static void
take_frames(struct reader *r)
{
    size_t at = 0;
    struct hop_head head;
    while (r->in_size - at >= sizeof head) {
        memcpy(&head, r->in + at, sizeof head);
        size_t whole =
            sizeof head + head.first_bytes + head.second_bytes + head.third_bytes;
        if (r->in_size - at < whole)
            break;
        handle(r, &head, r->in + at + sizeof head);
        at += whole;
    }
    memmove(r->in, r->in + at, r->in_size - at);
    r->in_size -= at;
}

static void
make_room(struct reader *r)
{
    struct hop_head head;
    size_t want = HOP_BUFFER;
    if (r->in_size >= sizeof head) {
        memcpy(&head, r->in, sizeof head);
        want = sizeof head + head.first_bytes + head.second_bytes + head.third_bytes +
               HOP_BUFFER;
    }
    if (r->in_capacity >= want)
        return;
    uint8_t *grown = realloc(r->in, want);
    if (!grown)
        end(HOP_EXIT_MEMORY);
    r->in = grown;
    r->in_capacity = want;
}

static void
serve(struct reader *r)
{
    for (;;) {
        make_room(r);
        ssize_t n = read(HOP_FD, r->in + r->in_size, r->in_capacity - r->in_size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            end(HOP_EXIT_OK);
        r->in_size += (size_t)n;
        take_frames(r);
        flush(r);
    }
}

int
reader_selftest(int argc, char **argv)
{
    char why[200] = "";
    if (argc != 4 || !sandbox_close(strtoull(argv[2], NULL, 10), why, sizeof why)) {
        (void)fprintf(stderr, "wireroomd: reader: %s\n", why);
        return HOP_EXIT_SANDBOX;
    }
    if (why[0])
        (void)fprintf(stderr, "wireroomd: reader: %s\n", why);
    (void)syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
    return HOP_EXIT_OK; // it was let through
}

// Arguments: --reader MEMORY_BYTES SANDBOX(0|1)
static void
shut(char **argv)
{
    char why[200] = "";
    uint64_t memory = strtoull(argv[2], NULL, 10);
    if (strcmp(argv[3], "1") == 0 && !sandbox_close(memory, why, sizeof why)) {
        (void)fprintf(stderr, "wireroomd: reader: %s\n", why);
        end(HOP_EXIT_SANDBOX);
    }
}

int
reader_main(int argc, char **argv)
{
    static struct reader r;
    if (argc != 4)
        return HOP_EXIT_PROTOCOL;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NAME, "wireroom-reader");
    (void)prctl(PR_SET_DUMPABLE, 0);
    arena_init(&r.arena, ARENA_LIMIT);
    if (!prepare_load())
        return HOP_EXIT_MEMORY;
    make_room(&r);
    r.progress =
        mmap(NULL, HOP_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, HOP_PAGE_FD, 0);
    if (r.progress == MAP_FAILED)
        return HOP_EXIT_MEMORY;
    (void)close(HOP_PAGE_FD);
    shut(argv);
    struct hop_head ready = {0};
    write_all(slice_of(&ready, sizeof ready));
    serve(&r);
    return HOP_EXIT_OK;
}
