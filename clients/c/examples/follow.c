// follow: prints each change as a line of JSON, from an event loop of its own.
//
//   follow [AFTER]
//
// The address is in WIREROOM_SERVER. Shows how wireroom_fd goes into poll(2), epoll or any
// loop: wake, process, take changes until there are none.
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <wireroom.h>

// NO_SERVER is no end: the library goes on trying and continues where it was.
static enum wireroom_status
take_changes(struct wireroom *w)
{
    struct wireroom_change change;
    enum wireroom_status status;
    while ((status = wireroom_next(w, 0, &change)) == WIREROOM_OK) {
        char *json = wireroom_json(change.map, false);
        if (json)
            (void)puts(json);
        free(json);
    }
    (void)fflush(stdout);
    return status == WIREROOM_TIMEOUT || status == WIREROOM_NO_SERVER ? WIREROOM_OK
                                                                      : status;
}

int
main(int argc, char **argv)
{
    struct wireroom_options options = {.client = "follow example", .dont_wait = true};
    struct wireroom_place place = {
        .after = argc > 1 ? strtoull(argv[1], NULL, 10) : WIREROOM_HEAD,
        .bodies = WIREROOM_BODIES_HEADERS};
    struct wireroom *w;
    enum wireroom_status status = wireroom_open(&options, &w);
    if (!status)
        status = wireroom_follow(w, &place);
    while (!status) {
        struct pollfd wake = {.fd = wireroom_fd(w), .events = POLLIN};
        (void)poll(&wake, 1, -1);
        status = wireroom_process(w, 0);
        if (status == WIREROOM_OK || status == WIREROOM_NO_SERVER)
            status = take_changes(w);
    }
    (void)fprintf(stderr, "%s\n", w ? wireroom_fault(w)->words : "out of memory");
    wireroom_close(&w);
    return 1;
}
