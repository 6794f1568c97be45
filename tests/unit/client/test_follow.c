// A feed without gaps: credit, acknowledgements, lost connections, places that are gone.
#include "station.h"

static const uint8_t cursor_bytes[24] = {1, 2, 3};

// A change as the daemon would send it: "seq" is all that is needed.
static void
event(struct station *s, struct heard *h, uint64_t first, uint64_t last, bool snapshot)
{
    struct wire_writer body = {0};
    struct wire_event m = {.first = first,
        .last = last,
        .cursor = slice_of(cursor_bytes, sizeof cursor_bytes)};
    if (snapshot)
        WIRE_SET(event, &m, snapshot, true);
    wire_put_array(&body, (uint32_t)(last - first + 1));
    for (uint64_t seq = first; seq <= last; seq++) {
        wire_put_map(&body, 2);
        wire_put_key(&body, "seq");
        wire_put_uint(&body, seq);
        wire_put_key(&body, "epoch");
        wire_put_uint(&body, 7);
    }
    station_say(s->feed, h, WIRE_MSG_EVENT, &m, wire_written(&body));
    wire_writer_fini(&body);
}

// The client is connected and has sent OPEN, which stands in m; h is its connection.
static void
begin(struct station *s, struct heard *h, const struct wireroom_place *place,
    struct wire_open *m)
{
    station_connect(s);
    assert_int_equal(wireroom_follow(s->w, place), WIREROOM_OK);
    station_greet(s, s->feed, WIRE_MSG_OPEN, h, m);
}

static void
opened(struct station *s, struct heard *h, uint64_t after, uint64_t head)
{
    struct wire_credit credit;
    struct wire_opened m = {.epoch = 7, .after = after, .head = head, .oldest = 1};
    station_say(s->feed, h, WIRE_MSG_OPENED, &m, slice_of(NULL, 0));
    station_hear(s, s->feed, WIRE_MSG_CREDIT, h, &credit);
    assert_true(credit.bytes > 0 && credit.messages > 0);
}

static void
next_is(struct station *s, uint64_t seq)
{
    struct wireroom_change change;
    assert_int_equal(wireroom_next(s->w, STATION_PATIENCE_MS, &change), WIREROOM_OK);
    assert_int_equal(change.seq, seq);
    assert_int_equal(change.epoch, 7);
    assert_int_equal(wireroom_uint(wireroom_member(change.map, "seq")), seq);
}

static void
changes_come_in_order_and_are_acknowledged(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct wire_open m;
    struct wire_ack ack;
    struct wireroom_change change;
    begin(s, h, &(struct wireroom_place){.after = 4}, &m);
    assert_true(WIRE_HAS(open, &m, after));
    assert_int_equal(m.after, 4);
    assert_true(slice_is(m.bodies, "rows"));
    opened(s, h, 4, 7);
    event(s, h, 5, 6, false);
    event(s, h, 7, 7, false);
    next_is(s, 5);
    assert_int_equal(wireroom_next(s->w, STATION_PATIENCE_MS, &change), WIREROOM_OK);
    assert_int_equal(change.seq, 6);
    assert_true(change.has_cursor);
    assert_memory_equal(change.cursor, cursor_bytes, 24);
    assert_false(wireroom_at_head(s->w));
    next_is(s, 7);
    assert_true(wireroom_at_head(s->w));
    assert_int_equal(wireroom_next(s->w, 0, &change), WIREROOM_TIMEOUT);
    station_hear(s, s->feed, WIRE_MSG_ACK, h, &ack);
    assert_int_equal(ack.seq, 6);
    station_hear(s, s->feed, WIRE_MSG_ACK, h, &ack);
    assert_int_equal(ack.seq, 7);
}

static void
a_gap_is_told_and_ends_it(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct wire_open m;
    struct wireroom_change change;
    begin(s, h, &(struct wireroom_place){.after = 4}, &m);
    opened(s, h, 4, 9);
    event(s, h, 5, 5, false);
    event(s, h, 7, 7, false);
    next_is(s, 5);
    assert_int_equal(
        wireroom_next(s->w, STATION_PATIENCE_MS, &change), WIREROOM_PROTOCOL);
    assert_non_null(strstr(wireroom_fault(s->w)->words, "after #5 came #7"));
    assert_int_equal(wireroom_next(s->w, 0, &change), WIREROOM_USAGE);
}

static void
after_a_lost_connection_it_goes_on_behind_the_last_one_given(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct wire_open m;
    begin(s, h,
        &(struct wireroom_place){
            .after = WIREROOM_HEAD, .bodies = WIREROOM_BODIES_FULL},
        &m);
    assert_int_equal(m.after, UINT64_MAX);
    opened(s, h, 4, 4);
    event(s, h, 5, 8, false);
    next_is(s, 5);
    next_is(s, 6);
    next_is(s, 7);
    next_is(s, 8);
    station_refuse(s->feed, h, WIRE_NO_HELLO, NULL, 0, 0);
    assert_int_equal(
        wireroom_next(s->w, 50, &(struct wireroom_change){0}), WIREROOM_TIMEOUT);
    struct wire_ack ack;
    station_hear(s, s->feed, WIRE_MSG_ACK, h, &ack);
    station_greet(s, s->feed, WIRE_MSG_OPEN, h, &m);
    assert_int_equal(m.after, 8);
    assert_int_equal(m.epoch, 7); // a history that forked meanwhile is noticed
    assert_true(slice_is(m.bodies, "full"));
}

static void
a_cursor_is_copied_and_said_again_until_something_was_given(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct wire_open m;
    uint8_t cursor[24] = {9, 9};
    struct wireroom_place place = {.cursor = cursor};
    begin(s, h, &place, &m);
    memset(cursor, 0, sizeof cursor); // the caller's again
    station_refuse(s->feed, h, WIRE_NO_HELLO, NULL, 0, 0);
    station_greet(s, s->feed, WIRE_MSG_OPEN, h, &m);
    assert_true(WIRE_HAS(open, &m, cursor));
    assert_int_equal(m.cursor.data[1], 9);
}

static void
a_place_that_is_gone_is_refused_with_one_that_is_not(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct wire_open m;
    struct wireroom_change change;
    begin(s, h, &(struct wireroom_place){.after = 4}, &m);
    station_refuse(s->feed, h, WIRE_TOO_OLD, NULL, 0, 100);
    assert_int_equal(
        wireroom_next(s->w, STATION_PATIENCE_MS, &change), WIREROOM_REFUSED);
    assert_int_equal(wireroom_fault(s->w)->code, WIRE_TOO_OLD);
    assert_string_equal(wireroom_fault(s->w)->name, "TOO_OLD");
    assert_int_equal(wireroom_fault(s->w)->seq, 100);
}

// A handle may submit and follow: what befalls the feed is for who asks for the next change.
static void
a_refused_feed_is_not_told_to_who_submits(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct wire_open m;
    struct wireroom_change change;
    begin(s, h, &(struct wireroom_place){.after = 99999999}, &m);
    station_refuse(s->feed, h, WIRE_AHEAD, NULL, 0, 10);
    for (int64_t until_ms = station_now_ms() + 100; station_now_ms() < until_ms;)
        assert_int_equal(wireroom_process(s->w, 5), WIREROOM_OK);
    assert_int_equal(wireroom_fault(s->w)->code, 0);
    struct wireroom_submission submission = {.bytes = "x", .size = 1};
    assert_int_equal(wireroom_submit(s->w, &submission, NULL, NULL), WIREROOM_OK);
    struct wire_submit sent;
    station_hear(s, s->submit, WIRE_MSG_SUBMIT, &s->aside, &sent);
    assert_int_equal(
        wireroom_next(s->w, STATION_PATIENCE_MS, &change), WIREROOM_REFUSED);
    assert_int_equal(wireroom_fault(s->w)->code, WIRE_AHEAD);
    assert_int_equal(wireroom_fault(s->w)->seq, 10);
    assert_int_equal(wireroom_next(s->w, 0, &change), WIREROOM_USAGE); // told once
}

static void
a_feed_that_is_away_does_not_stop_who_submits(void **state)
{
    struct station *s = *state;
    struct wireroom_change change;
    s->timeout_ms = 300;
    station_connect(s);
    assert_int_equal(
        wireroom_follow(s->w, &(struct wireroom_place){.after = 0}), WIREROOM_OK);
    int64_t until_ms = station_patience();
    while (wireroom_next(s->w, 10, &change) != WIREROOM_NO_SERVER)
        assert_true(station_now_ms() < until_ms);
    assert_int_equal(wireroom_process(s->w, 0), WIREROOM_OK);
}

static void
a_snapshot_ends_before_history_goes_on(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct wire_open m;
    struct wireroom_change change;
    struct wire_snapshot_end done = {
        .seq = 9, .cursor = slice_of(cursor_bytes, sizeof cursor_bytes)};
    begin(s, h, &(struct wireroom_place){.snapshot = true}, &m);
    assert_true(WIRE_HAS(open, &m, snapshot) && m.snapshot);
    opened(s, h, 9, 9);
    event(s, h, 3, 4, true);
    assert_int_equal(wireroom_next(s->w, STATION_PATIENCE_MS, &change), WIREROOM_OK);
    assert_true(change.snapshot);
    assert_false(change.has_cursor);
    assert_int_equal(wireroom_next(s->w, STATION_PATIENCE_MS, &change), WIREROOM_OK);
    assert_false(change.has_cursor);
    assert_false(wireroom_at_head(s->w));
    uint8_t cursor[24] = {0};
    assert_false(wireroom_cursor(s->w, cursor));
    station_say(s->feed, h, WIRE_MSG_SNAPSHOT_END, &done, slice_of(NULL, 0));
    int64_t until_ms = station_patience();
    while (!wireroom_at_head(s->w))
        assert_true(station_turn(s, until_ms));
    assert_true(wireroom_cursor(s->w, cursor));
    assert_memory_equal(cursor, cursor_bytes, sizeof cursor);
    event(s, h, 10, 10, false);
    assert_int_equal(wireroom_next(s->w, STATION_PATIENCE_MS, &change), WIREROOM_OK);
    assert_int_equal(change.seq, 10);
    assert_false(change.snapshot);
    assert_true(change.has_cursor);
}

static void
credit_is_granted_again_before_it_is_used_up(void **state)
{
    struct station *s = *state;
    struct heard *h = &s->heard;
    struct wire_open m;
    struct wire_credit credit;
    begin(s, h, &(struct wireroom_place){.after = 0}, &m);
    opened(s, h, 0, 1000);
    for (uint64_t seq = 1; seq <= 33; seq++)
        event(s, h, seq, seq, false);
    for (uint64_t seq = 1; seq <= 33; seq++)
        next_is(s, seq);
    assert_int_equal(
        wireroom_next(s->w, 0, &(struct wireroom_change){0}), WIREROOM_TIMEOUT);
    for (bool granted = false; !granted;) { // among the acknowledgements
        station_listen(s, s->feed, WIRE_MSG_CREDIT, h);
        granted = h->number == WIRE_MSG_CREDIT;
        assert_true(granted || h->number == WIRE_MSG_ACK);
    }
    assert_int_equal(wire_decode(h->header, WIRE_MSG_CREDIT, &credit,
                         &(struct fault){.code = WIRE_OK}),
        WIRE_OK);
    assert_int_equal(credit.messages, 33);
}

static void
a_feed_that_does_not_answer_is_told_and_waited_for(void **state)
{
    struct station *s = *state;
    struct wireroom_change change;
    s->timeout_ms = 2000;
    station_connect(s);
    assert_int_equal(
        wireroom_follow(s->w, &(struct wireroom_place){.after = 0}), WIREROOM_OK);
    assert_int_equal(wireroom_next(s->w, 50, &change), WIREROOM_TIMEOUT);
    int64_t until_ms = station_patience(); // the daemon lives, its feed doesn't
    while (wireroom_next(s->w, 10, &change) != WIREROOM_NO_SERVER)
        assert_true(station_now_ms() < until_ms);
    assert_int_equal(wireroom_next(s->w, 10, &change), WIREROOM_NO_SERVER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STATION_TEST(changes_come_in_order_and_are_acknowledged),
        STATION_TEST(a_gap_is_told_and_ends_it),
        STATION_TEST(after_a_lost_connection_it_goes_on_behind_the_last_one_given),
        STATION_TEST(a_cursor_is_copied_and_said_again_until_something_was_given),
        STATION_TEST(a_place_that_is_gone_is_refused_with_one_that_is_not),
        STATION_TEST(a_refused_feed_is_not_told_to_who_submits),
        STATION_TEST(a_feed_that_is_away_does_not_stop_who_submits),
        STATION_TEST(a_snapshot_ends_before_history_goes_on),
        STATION_TEST(credit_is_granted_again_before_it_is_used_up),
        STATION_TEST(a_feed_that_does_not_answer_is_told_and_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
