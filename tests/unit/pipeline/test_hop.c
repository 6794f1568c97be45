// A reader process that is fed one byte at a time answers as one that gets a batch whole:
// where the bytes are cut on their way is nobody's business but the hop's.
#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "pipeline/hop.h"
#include "pipeline/pipeline.h"
#include "unit/check.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static const char *const documents[] = {
    "Ferry back in service\n\nThe ferry to Oxley is back after three weeks.\n",
    "{\"uri\":\"a:1\",\"headline\":\"Bridge closed\",\"body_text\":\"It is closed.\"}",
    "<nitf><body><body.head><hedline><hl1>Storm</hl1></hedline></body.head>"
    "<body.content><p>It blew.</p></body.content></body></nitf>",
    "", // refused: that answer, too
};

struct hop_reader {
    pid_t pid;
    int fd;
};

static void
become_reader(int end, int page)
{
    char *words[] = {"wireroomd", "--reader", "268435456", "0", NULL};
    // Out of the way first: either may stand where the other belongs.
    int end_high = fcntl(end, F_DUPFD, 64), page_high = fcntl(page, F_DUPFD, 64);
    if (dup2(end_high, HOP_FD) != HOP_FD || dup2(page_high, HOP_PAGE_FD) != HOP_PAGE_FD)
        _exit(1);
    closefrom(HOP_PAGE_FD + 1);
    _exit(reader_main(4, words));
}

static struct hop_reader
reader_begin(void)
{
    int pair[2], page = memfd_create("hop", 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(ftruncate(page, HOP_PAGE_BYTES), 0);
    struct hop_reader r = {.pid = fork(), .fd = pair[0]};
    assert_true(r.pid >= 0);
    if (r.pid == 0)
        become_reader(pair[1], page);
    (void)close(pair[1]);
    (void)close(page);
    return r;
}

static void
reader_end(struct hop_reader *r)
{
    int status = 0;
    (void)close(r->fd);
    assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == HOP_EXIT_OK);
}

static void
put_submissions(struct wire_writer *w)
{
    for (size_t i = 0; i < LENGTH(documents); i++) {
        struct slice raw = slice_str(documents[i]);
        struct submission s = {.source = SLICE("dpa"), .format = SLICE("auto")};
        struct wire_writer encoded = {0};
        s.raw_bytes = raw.size;
        submission_encode(&s, &encoded);
        struct hop_head head = {.first_bytes = (uint32_t)encoded.size,
            .second_bytes = (uint32_t)raw.size,
            .tag = i + 1};
        wire_put_raw(w, slice_of(&head, sizeof head));
        wire_put_raw(w, wire_written(&encoded));
        wire_put_raw(w, raw);
        wire_writer_fini(&encoded);
    }
}

// send_parts sends size bytes at once and the next when those have been read.
static void
send_parts(int fd, struct slice bytes, size_t size)
{
    while (bytes.size) {
        struct slice part = slice_until(bytes, size);
        int unread = 1;
        assert_int_equal(send(fd, part.data, part.size, MSG_NOSIGNAL), part.size);
        while (size == 1 && ioctl(fd, SIOCOUTQ, &unread) == 0 && unread > 0)
            (void)sched_yield();
        bytes = slice_from(bytes, part.size);
    }
}

static void
receive(int fd, void *bytes, size_t size)
{
    assert_int_equal(recv(fd, bytes, size, MSG_WAITALL), size);
}

static void
receive_answers(int fd, struct wire_writer *answers)
{
    struct hop_head head;
    for (size_t tag = 0; tag <= LENGTH(documents); tag++) { // 0: it is ready
        receive(fd, &head, sizeof head);
        assert_int_equal(head.tag, tag);
        uint8_t *body = malloc(head.first_bytes + 1U);
        assert_non_null(body);
        if (head.first_bytes)
            receive(fd, body, head.first_bytes);
        assert_int_equal(head.second_bytes, 0);
        wire_put_raw(answers, slice_of(&head, sizeof head));
        wire_put_raw(answers, slice_of(body, head.first_bytes));
        free(body);
    }
}

static struct wire_writer
answers_in_parts(size_t size)
{
    struct wire_writer sent = {0}, answers = {0};
    struct hop_reader r = reader_begin();
    put_submissions(&sent);
    send_parts(r.fd, wire_written(&sent), size);
    receive_answers(r.fd, &answers);
    reader_end(&r);
    wire_writer_fini(&sent);
    return answers;
}

static void
bytes_that_come_one_by_one_are_answered_alike(void **state)
{
    (void)state;
    struct wire_writer whole = answers_in_parts(SIZE_MAX), single = answers_in_parts(1);
    assert_true(whole.size > 500);
    assert_true(slice_equal(wire_written(&whole), wire_written(&single)));
    wire_writer_fini(&whole);
    wire_writer_fini(&single);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_that_come_one_by_one_are_answered_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
