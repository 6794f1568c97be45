// Questions: the answer to one is never taken for that of another. Questions wait, so the
// daemon's side runs in a thread here.
#include <pthread.h>
#include <stdatomic.h>

#include "station.h"

enum manner {
    ANSWERS,
    ANSWERS_ANOTHER_FIRST,
    FORGETS_US_ONCE,
    SAYS_NOT_YET_ONCE,
    SAYS_NEVER,
    IS_SILENT,
};

struct desk {
    struct station *s;
    enum manner manner;
    uint64_t after_seq; // of the last question
    unsigned questions;
    atomic_bool done;
};

static void
page(struct desk *d, struct heard *h, uint64_t n, const char *json)
{
    struct wire_writer body = {0};
    struct wire_article m = {.n = n, .seq = 10};
    (void)wire_from_json(
        slice_str(json), &wire_limits_article, &body, &(struct fault){.code = WIRE_OK});
    station_say(d->s->query, h, WIRE_MSG_ARTICLE, &m, wire_written(&body));
    wire_writer_fini(&body);
}

static void
answer(struct desk *d, struct heard *h)
{
    struct wire_get m;
    (void)wire_decode(h->header, WIRE_MSG_GET, &m, &(struct fault){.code = WIRE_OK});
    d->questions++;
    d->after_seq = m.after_seq;
    if (d->manner == ANSWERS_ANOTHER_FIRST)
        page(d, h, m.n - 1, "{\"uri\":\"another\"}");
    if (d->manner == FORGETS_US_ONCE && d->questions == 1)
        station_refuse(d->s->query, h, WIRE_NO_HELLO, &m.n, 0, 0);
    else if (d->manner == SAYS_NOT_YET_ONCE && d->questions == 1)
        station_refuse(d->s->query, h, WIRE_NOT_YET, &m.n, 20, 0);
    else if (d->manner == SAYS_NEVER) // times a thousand it would be negative
        station_refuse(d->s->query, h, WIRE_NOT_YET, &m.n, UINT64_MAX / 1000, 0);
    else if (d->manner != IS_SILENT)
        page(d, h, m.n, "{\"uri\":\"this one\"}");
}

static void *
run_desk(void *opaque)
{
    struct desk *d = opaque;
    struct heard h;
    heard_init(&h);
    while (!d->done) {
        zmq_pollitem_t item = {.socket = d->s->query, .events = ZMQ_POLLIN};
        (void)zmq_poll(&item, 1, 10);
        if (!heard_now(d->s->query, &h))
            continue;
        if (h.number == WIRE_MSG_HELLO)
            station_welcome(d->s, d->s->query, &h);
        else if (h.number == WIRE_MSG_GET)
            answer(d, &h);
    }
    heard_fini(&h);
    return NULL;
}

static void
ask(struct station *s, enum manner manner, enum wireroom_status wanted,
    unsigned questions)
{
    pthread_t thread;
    struct wireroom_value change;
    char uri[32];
    if (manner == IS_SILENT)
        s->timeout_ms = 2000;
    station_connect(s);
    struct desk d = {.s = s, .manner = manner};
    assert_int_equal(pthread_create(&thread, NULL, run_desk, &d), 0);
    enum wireroom_status status = wireroom_get(s->w, "dpa", "x", 0, NULL, &change);
    d.done = true;
    (void)pthread_join(thread, NULL);
    assert_int_equal(status, wanted);
    assert_int_equal(d.questions, questions);
    if (status == WIREROOM_OK)
        assert_string_equal(
            wireroom_copy_text(wireroom_member(change, "uri"), uri, sizeof uri),
            "this one");
}

static void
a_question_is_answered(void **state)
{
    ask(*state, ANSWERS, WIREROOM_OK, 1);
}

static void
the_answer_to_another_question_is_passed_over(void **state)
{
    ask(*state, ANSWERS_ANOTHER_FIRST, WIREROOM_OK, 1);
}

static void
a_daemon_that_forgot_us_is_greeted_and_asked_again(void **state)
{
    ask(*state, FORGETS_US_ONCE, WIREROOM_OK, 2);
}

static void
what_is_not_there_yet_is_asked_for_again(void **state)
{
    ask(*state, SAYS_NOT_YET_ONCE, WIREROOM_OK, 2);
}

static void
a_pause_without_end_is_not_waited_for(void **state)
{
    ask(*state, SAYS_NEVER, WIREROOM_REFUSED, 1);
}

static void
silence_ends_with_a_timeout(void **state)
{
    ask(*state, IS_SILENT, WIREROOM_TIMEOUT, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STATION_TEST(a_question_is_answered),
        STATION_TEST(the_answer_to_another_question_is_passed_over),
        STATION_TEST(a_daemon_that_forgot_us_is_greeted_and_asked_again),
        STATION_TEST(what_is_not_there_yet_is_asked_for_again),
        STATION_TEST(a_pause_without_end_is_not_waited_for),
        STATION_TEST(silence_ends_with_a_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
