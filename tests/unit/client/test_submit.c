// Submissions under credit, refusals, and connections that are lost.
#include <poll.h>

#include "station.h"

struct said { // answers that came
    unsigned count;
    uint8_t id[16];
    bool receipt;
    unsigned code;
    uint64_t seq;
};

static void
answered(void *user, const struct wireroom_answer *answer)
{
    struct said *said = user;
    struct wireroom_value item = {NULL, 0};
    struct wireroom_elements items =
        wireroom_elements(wireroom_member(answer->receipt, "items"));
    (void)wireroom_element(&items, &item);
    said->count++;
    said->receipt = answer->receipt.size > 0;
    said->code = answer->fault.code;
    said->seq = wireroom_uint(wireroom_member(item, "seq"));
    memcpy(said->id, answer->id, sizeof said->id);
}

static void
submit(struct station *s, const char *text, struct said *said)
{
    struct wireroom_submission submission = {
        .bytes = text, .size = strlen(text), .source = "dpa", .format = "text"};
    assert_int_equal(wireroom_submit(s->w, &submission, answered, said), WIREROOM_OK);
}

static void
receipt(struct station *s, struct heard *h, uint64_t n)
{
    struct wire_writer body = {0};
    struct wire_receipt m = {.n = n};
    assert_int_equal(
        wire_from_json(SLICE("{\"items\":[{\"outcome\":\"NEW\",\"seq\":42}]}"),
            &wire_limits_article, &body, &(struct fault){.code = WIRE_OK}),
        WIRE_OK);
    station_say(s->submit, h, WIRE_MSG_RECEIPT, &m, wire_written(&body));
    wire_writer_fini(&body);
}

static void
turn_until_answered(struct station *s, const struct said *said, unsigned count)
{
    int64_t until_ms = station_patience();
    while (said->count < count)
        assert_true(station_turn(s, until_ms));
    assert_int_equal(said->count, count);
}

static void
a_submission_is_answered_with_its_receipt(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    struct wire_submit m;
    station_connect(s);
    submit(s, "a story", &said);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    assert_true(slice_is(h->body, "a story"));
    assert_true(slice_is(m.source, "dpa"));
    assert_true(slice_is(m.format, "text"));
    assert_false(WIRE_HAS(submit, &m, issue_date));
    receipt(s, h, m.n);
    turn_until_answered(s, &said, 1);
    assert_true(said.receipt);
    assert_int_equal(said.seq, 42);
    assert_int_equal(wireroom_pending(s->w), 0);
}

static void
no_more_leaves_than_the_credit_allows(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    struct wire_submit m;
    struct wire_want want;
    s->credit_bytes = 10;
    s->credit_messages = 2;
    station_connect(s);
    for (int i = 0; i < 5; i++)
        submit(s, "four", &said);
    station_hear(s, s->submit, WIRE_MSG_WANT, h, &want);
    assert_int_equal(want.bytes, 20);
    assert_int_equal(want.messages, 5);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_hears_nothing(s, s->submit);
    receipt(s, h, m.n); // room for one more
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_hears_nothing(s, s->submit);
    struct wire_credit credit = {.bytes = 10, .messages = 3};
    station_say(s->submit, h, WIRE_MSG_CREDIT, &credit, slice_of(NULL, 0));
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    assert_int_equal(wireroom_pending(s->w), 4);
}

static void
a_document_over_the_window_goes_alone(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    struct wire_submit m;
    struct wire_want want;
    s->credit_bytes = 4;
    station_connect(s);
    submit(s, "much too long", &said);
    submit(s, "ab", &said);
    station_hear(s, s->submit, WIRE_MSG_WANT, h, &want);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_hears_nothing(s, s->submit);
    receipt(s, h, m.n);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    assert_true(slice_is(h->body, "ab"));
    submit(s, "abc", &said); // the long one must not have widened the window
    station_hears_nothing(s, s->submit);
}

static void
a_transient_refusal_is_sent_again_under_the_same_id(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    struct wire_submit m;
    uint8_t id[16];
    station_connect(s);
    submit(s, "a story", &said);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    memcpy(id, m.id.data, sizeof id);
    station_refuse(s->submit, h, WIRE_BUSY, &m.n, 50, 0);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    assert_memory_equal(m.id.data, id, sizeof id);
    assert_true(slice_is(h->body, "a story"));
    assert_int_equal(wireroom_fault(s->w)->code, WIRE_BUSY);
    receipt(s, h, m.n);
    turn_until_answered(s, &said, 1);
    assert_true(said.receipt);
    assert_memory_equal(said.id, id, sizeof id);
}

static void
a_refusal_for_good_ends_it(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    struct wire_submit m;
    station_connect(s);
    submit(s, "a story", &said);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_refuse(s->submit, h, WIRE_ID_REUSED, &m.n, 0, 0);
    turn_until_answered(s, &said, 1);
    assert_false(said.receipt);
    assert_int_equal(said.code, WIRE_ID_REUSED);
    station_hears_nothing(s, s->submit);
}

static void
who_is_not_known_any_more_says_hello_and_sends_all_again(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    struct wire_submit m;
    struct wire_hello hello;
    station_connect(s);
    submit(s, "first", &said);
    submit(s, "second", &said);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_refuse(s->submit, h, WIRE_NO_HELLO, &m.n, 0, 0);
    station_hear(s, s->submit, WIRE_MSG_HELLO, h, &hello);
    station_welcome(s, s->submit, h);
    station_greet(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    assert_true(slice_is(h->body, "first")); // in the order they were given
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    assert_true(slice_is(h->body, "second"));
    assert_int_equal(said.count, 0);
}

static void
a_daemon_silent_for_five_heartbeats_is_given_up(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    s->heartbeat_ms = 10;
    station_connect(s);
    submit(s, "a story", &said);
    do // the submission may be on its way before that
        station_listen(s, s->submit, WIRE_MSG_HELLO, h);
    while (h->number != WIRE_MSG_HELLO);
}

static void
what_is_larger_than_the_daemon_takes_is_not_sent(void **state)
{
    static const char long_text[1001];
    struct station *s = *state;
    struct wireroom_submission submission = {
        .bytes = long_text, .size = sizeof long_text};
    station_connect(s);
    assert_int_equal(wireroom_submit(s->w, &submission, NULL, NULL), WIREROOM_USAGE);
    assert_int_equal(wireroom_pending(s->w), 0);
}

static void
a_wait_that_ends_without_an_answer_says_so(void **state)
{
    struct station *s = *state;
    struct said said = {0};
    struct wireroom_submission submission = {.bytes = "x", .size = 1};
    s->timeout_ms = 300;
    station_connect(s);
    assert_int_equal(
        wireroom_submit_wait(s->w, &submission, answered, &said), WIREROOM_TIMEOUT);
    assert_int_equal(said.count, 0);
}

// The refusal lies ready when the submission leaves.
static void
a_wait_that_was_put_off_says_by_what_and_that_it_is_not_for_good(void **state)
{
    struct station *s = *state;
    struct said said = {0};
    struct wireroom_submission submission = {.bytes = "x", .size = 1};
    uint64_t n = 1;
    s->timeout_ms = 1000;
    station_connect(s);
    station_refuse(s->submit, &s->aside, WIRE_STORE_FULL, &n, 3600000, 0);
    assert_int_equal(
        wireroom_submit_wait(s->w, &submission, answered, &said), WIREROOM_TIMEOUT);
    assert_int_equal(wireroom_fault(s->w)->status, WIREROOM_TIMEOUT);
    assert_int_equal(wireroom_fault(s->w)->code, WIRE_STORE_FULL);
    assert_true(wireroom_fault(s->w)->transient);
    assert_int_equal(said.count, 0);
    assert_int_equal(wireroom_pending(s->w), 0);
}

static void
what_left_again_is_not_known_to_be_refused(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    struct wire_submit m;
    int64_t until_ms = station_patience();
    station_connect(s);
    submit(s, "a story", &said);
    assert_null(wireroom_put_off(s->w));
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_refuse(s->submit, h, WIRE_BUSY, &m.n, 300, 0);
    while (!wireroom_put_off(s->w))
        assert_true(station_turn(s, until_ms));
    assert_int_equal(wireroom_put_off(s->w)->code, WIRE_BUSY);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    assert_null(wireroom_put_off(s->w));
}

static void
no_hello_is_no_answer_to_a_submission(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    struct wire_submit m;
    struct wireroom_submission submission = {.bytes = "x", .size = 1};
    station_connect(s);
    submit(s, "a story", &said);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_refuse(s->submit, h, WIRE_NO_HELLO, &m.n, 0, 0);
    station_greet(s, s->submit, WIRE_MSG_SUBMIT, h, &m); // sent again: silence follows
    assert_int_equal(wireroom_fault(s->w)->code, 0);
    station_refuse(s->submit, h, WIRE_BUSY, &m.n, 3600000, 0);
    station_hears_nothing(s, s->submit);
    assert_null(wireroom_put_off(s->w)); // the first sending may have been filed
    wireroom_close(&s->w);
    s->timeout_ms = 300;
    station_connect(s);
    uint64_t n = 1;
    station_refuse(s->submit, &s->aside, WIRE_NO_HELLO, &n, 0, 0);
    enum wireroom_status status =
        wireroom_submit_wait(s->w, &submission, answered, &said);
    assert_true(status == WIREROOM_TIMEOUT || status == WIREROOM_NO_SERVER);
    assert_int_equal(wireroom_fault(s->w)->code, 0);
}

// Its limit came down with a restart: nobody can send that, and it must not stand in the way.
static void
what_became_too_large_is_refused_here_and_the_next_one_leaves(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said first = {0}, second = {0};
    struct wire_submit m;
    station_connect(s);
    submit(s, "a story of many words", &first);
    submit(s, "short", &second);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    s->submission_bytes = 10;
    station_refuse(s->submit, h, WIRE_NO_HELLO, &m.n, 0, 0);
    station_greet(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    assert_true(slice_is(h->body, "short"));
    assert_int_equal(first.count, 1);
    assert_false(first.receipt);
    assert_int_equal(first.code, WIRE_TOO_LARGE);
    assert_int_equal(second.count, 0);
}

static void
the_descriptor_wakes_a_loop_for_answers_and_heartbeats(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct said said = {0};
    struct wire_submit m;
    s->heartbeat_ms = 1000;
    station_connect(s);
    struct pollfd wake = {.fd = wireroom_fd(s->w), .events = POLLIN};
    (void)wireroom_process(s->w, 0);
    // Nothing came: time for a heartbeat.
    assert_int_equal(poll(&wake, 1, STATION_PATIENCE_MS), 1);
    submit(s, "a story", &said);
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, h, &m);
    receipt(s, h, m.n);
    while (said.count == 0) { // each turn is a wake-up, so this ends
        assert_int_equal(poll(&wake, 1, STATION_PATIENCE_MS), 1);
        assert_int_equal(wireroom_process(s->w, 0), WIREROOM_OK);
    }
}

static void
nobody_there_is_told_with_the_cause(void **state)
{
    struct wireroom *w;
    struct wireroom_options options = {
        .address = "ipc:///nonexistent/wireroom", .timeout_ms = 300};
    (void)state;
    assert_int_equal(wireroom_open(&options, &w), WIREROOM_NO_SERVER);
    assert_non_null(strstr(wireroom_fault(w)->words, "no such file or directory"));
    wireroom_close(&w);
    assert_null(w);
    options.address = "nonsense";
    assert_int_equal(wireroom_open(&options, &w), WIREROOM_USAGE);
    wireroom_close(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STATION_TEST(a_submission_is_answered_with_its_receipt),
        STATION_TEST(no_more_leaves_than_the_credit_allows),
        STATION_TEST(a_document_over_the_window_goes_alone),
        STATION_TEST(a_transient_refusal_is_sent_again_under_the_same_id),
        STATION_TEST(a_refusal_for_good_ends_it),
        STATION_TEST(who_is_not_known_any_more_says_hello_and_sends_all_again),
        STATION_TEST(a_daemon_silent_for_five_heartbeats_is_given_up),
        STATION_TEST(what_is_larger_than_the_daemon_takes_is_not_sent),
        STATION_TEST(a_wait_that_ends_without_an_answer_says_so),
        STATION_TEST(a_wait_that_was_put_off_says_by_what_and_that_it_is_not_for_good),
        STATION_TEST(what_left_again_is_not_known_to_be_refused),
        STATION_TEST(no_hello_is_no_answer_to_a_submission),
        STATION_TEST(what_became_too_large_is_refused_here_and_the_next_one_leaves),
        STATION_TEST(the_descriptor_wakes_a_loop_for_answers_and_heartbeats),
        cmocka_unit_test(nobody_there_is_told_with_the_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
