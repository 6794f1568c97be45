#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#include "net/bind.h"
#include "unit/net/unit.h"

#define SIXTY "/sixty-bytes-sixty-bytes-sixty-bytes-sixty-bytes-sixty-bytes"

static void
without_keys_ipc_is_served_and_tcp_on_loopback_under_open_alone(void **state)
{
    (void)state;
    static const struct {
        const char *endpoint;
        bool closed, open; // allowed
    } cases[] = {
        {"ipc:///run/wireroom/submit.sock", true,  true },
        {"ipc://*",                         true,  true },
        {"ipc://@wireroom",                 true,  true },
        {"ipc://",                          false, false},
        {"ipc://" SIXTY SIXTY,              false, false},
        {"tcp://127.0.0.1:0",               false, true },
        {"tcp://127.0.0.1:65535",           false, true },
        {"tcp://127.1.2.3:5555",            false, true },
        {"tcp://127.0.0.1:65536",           false, false},
        {"tcp://127.0.0.1:*",               false, false},
        {"tcp://127.0.0.1:",                false, false},
        {"tcp://127.0.0.1",                 false, false},
        {"tcp://127.0.0.1:80x",             false, false},
        {"tcp://127.0.0.1.evil.example:80", false, false},
        {"tcp://127.0.0:80",                false, false},
        {"tcp://127.0.0.999:80",            false, false},
        {"tcp://0.0.0.0:5555",              false, false},
        {"tcp://*:5555",                    false, false},
        {"tcp://localhost:5555",            false, false},
        {"tcp://[::1]:5555",                false, false},
        {"tcp://192.168.1.1:5555",          false, false},
        {"tcp://1270.0.0.1:5555",           false, false},
        {"inproc://submit",                 false, false},
        {"pgm://eth0;239.1.1.1:5",          false, false},
        {"/run/wireroom.sock",              false, false},
    };
    for (size_t i = 0; i < LENGTH(cases); i++)
        for (int open = 0; open < 2; open++) {
            struct fault fault = FAULT_NONE;
            bool allowed = open ? cases[i].open : cases[i].closed;
            enum wire_err err =
                bind_allowed("feed", cases[i].endpoint, open != 0, &fault);
            assert_int_equal(err, allowed ? WIRE_OK : WIRE_BAD_SETTING);
            if (err) {
                assert_non_null(strstr(fault.words, "(listen.feed): "));
                assert_non_null(strstr(fault.words, cases[i].endpoint));
            }
        }
}

struct room {
    char dir[64], path[96], endpoint[128];
    void *context, *socket;
};

static int
open_room(void **state)
{
    struct room *room = calloc(1, sizeof *room);
    (void)snprintf(room->dir, sizeof room->dir, "/tmp/net-bind-XXXXXX");
    if (!mkdtemp(room->dir))
        return -1;
    (void)snprintf(room->path, sizeof room->path, "%s/s", room->dir);
    (void)snprintf(room->endpoint, sizeof room->endpoint, "ipc://%s", room->path);
    room->context = zmq_ctx_new();
    room->socket = zmq_socket(room->context, ZMQ_ROUTER);
    *state = room;
    return 0;
}

static int
close_room(void **state)
{
    struct room *room = *state;
    (void)zmq_close(room->socket);
    (void)zmq_ctx_term(room->context);
    (void)unlink(room->path);
    (void)rmdir(room->dir);
    free(room);
    return 0;
}

static void
a_wildcard_port_comes_back_as_a_number(void **state)
{
    struct room *room = *state;
    char actual[ENDPOINT_MAX] = "";
    struct fault fault = FAULT_NONE;
    assert_int_equal(
        bind_socket(room->socket, "query", "tcp://127.0.0.1:0", actual, &fault),
        WIRE_OK);
    assert_int_equal(strncmp(actual, "tcp://127.0.0.1:", 16), 0);
    assert_true(atoi(actual + 16) > 0);
}

static void
what_a_dead_daemon_left_is_removed(void **state)
{
    struct room *room = *state;
    char actual[ENDPOINT_MAX] = "";
    struct fault fault = FAULT_NONE;
    assert_int_equal(mknod(room->path, S_IFSOCK | 0600, 0), 0);
    assert_int_equal(
        bind_socket(room->socket, "submit", room->endpoint, actual, &fault), WIRE_OK);
    assert_string_equal(actual, room->endpoint);
}

static void
a_file_that_is_no_socket_is_left_alone(void **state)
{
    struct room *room = *state;
    char actual[ENDPOINT_MAX] = "";
    struct fault fault = FAULT_NONE;
    int fd = open(room->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "letters", 7), 7);
    (void)close(fd);
    assert_int_equal(
        bind_socket(room->socket, "submit", room->endpoint, actual, &fault),
        WIRE_CANNOT_LISTEN);
    assert_non_null(strstr(fault.words, room->endpoint));
    struct stat st;
    assert_int_equal(stat(room->path, &st), 0);
    assert_int_equal(st.st_size, 7);
}

static void
the_socket_of_a_living_process_is_left_alone(void **state)
{
    struct room *room = *state;
    char actual[ENDPOINT_MAX] = "";
    struct fault fault = FAULT_NONE;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", room->path);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(
        bind_socket(room->socket, "submit", room->endpoint, actual, &fault),
        WIRE_CANNOT_LISTEN);
    assert_non_null(strstr(fault.words, "another process is listening there"));
    struct stat st;
    assert_int_equal(lstat(room->path, &st), 0);
    (void)close(fd);
    fault = FAULT_NONE; // and when it has died, the place is free
    assert_int_equal(
        bind_socket(room->socket, "submit", room->endpoint, actual, &fault), WIRE_OK);
}

static void
what_cannot_be_bound_is_named_with_its_cause(void **state)
{
    struct room *room = *state;
    char actual[ENDPOINT_MAX] = "";
    struct fault fault = FAULT_NONE;
    assert_int_equal(bind_socket(room->socket, "admin", "ipc:///nonexistent-dir/x/y",
                         actual, &fault),
        WIRE_CANNOT_LISTEN);
    assert_string_equal(fault.words,
        "cannot listen on ipc:///nonexistent-dir/x/y (listen.admin): no "
        "directory /nonexistent-dir/x");
}

static bool
is_there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static void
the_file_of_a_socket_is_removed_by_who_made_it(void **state)
{
    struct room *room = *state;
    char actual[ENDPOINT_MAX] = "";
    struct fault fault = FAULT_NONE;
    struct bind_mark mark;
    assert_int_equal(
        bind_socket(room->socket, "submit", room->endpoint, actual, &fault), WIRE_OK);
    bind_mark(room->endpoint, &mark);
    assert_true(is_there(room->path));
    bind_unlink(&mark);
    assert_false(is_there(room->path));
}

static void
what_has_come_to_its_place_is_left_alone(void **state)
{
    struct room *room = *state;
    char actual[ENDPOINT_MAX] = "";
    struct fault fault = FAULT_NONE;
    struct bind_mark mark;
    assert_int_equal(
        bind_socket(room->socket, "submit", room->endpoint, actual, &fault), WIRE_OK);
    bind_mark(room->endpoint, &mark);
    for (int i = 0; i < 20; i++) { // file systems like to use an inode again
        assert_int_equal(unlink(room->path), 0);
        assert_int_equal(mknod(room->path, S_IFSOCK | 0600, 0), 0);
        bind_unlink(&mark);
        assert_true(is_there(room->path));
    }
}

static void
what_has_no_file_of_ours_is_not_marked(void **state)
{
    static const char *const endpoints[] = {
        "tcp://127.0.0.1:5555", "ipc://*", "ipc://@name", "ipc:///nonexistent"};
    struct bind_mark mark;
    (void)state;
    for (size_t i = 0; i < LENGTH(endpoints); i++) {
        bind_mark(endpoints[i], &mark);
        assert_null(mark.path);
        bind_unlink(&mark);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            without_keys_ipc_is_served_and_tcp_on_loopback_under_open_alone),
        cmocka_unit_test_setup_teardown(
            a_wildcard_port_comes_back_as_a_number, open_room, close_room),
        cmocka_unit_test_setup_teardown(
            what_a_dead_daemon_left_is_removed, open_room, close_room),
        cmocka_unit_test_setup_teardown(
            a_file_that_is_no_socket_is_left_alone, open_room, close_room),
        cmocka_unit_test_setup_teardown(
            the_socket_of_a_living_process_is_left_alone, open_room, close_room),
        cmocka_unit_test_setup_teardown(
            what_cannot_be_bound_is_named_with_its_cause, open_room, close_room),
        cmocka_unit_test_setup_teardown(
            the_file_of_a_socket_is_removed_by_who_made_it, open_room, close_room),
        cmocka_unit_test_setup_teardown(
            what_has_come_to_its_place_is_left_alone, open_room, close_room),
        cmocka_unit_test(what_has_no_file_of_ours_is_not_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
