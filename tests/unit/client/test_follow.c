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
    heard_init(h);
    station_open(s);
    station_connect(s);
    assert_int_equal(wireroom_follow(s->w, place), WIREROOM_OK);
    station_greet(s, s->feed);
    station_hear(s, s->feed, WIRE_MSG_OPEN, h, m);
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
    assert_int_equal(wireroom_next(s->w, 2000, &change), WIREROOM_OK);
    assert_int_equal(change.seq, seq);
    assert_int_equal(change.epoch, 7);
    assert_int_equal(wireroom_uint(wireroom_member(change.map, "seq")), seq);
}

static void
end(struct station *s, struct heard *h)
{
    station_close(s);
    heard_fini(h);
}

static void
changes_come_in_order_and_are_acknowledged(void **state)
{
    struct station s;
    struct heard h;
    struct wire_open m;
    struct wire_ack ack;
    struct wireroom_change change;
    (void)state;
    begin(&s, &h, &(struct wireroom_place){.after = 4}, &m);
    assert_true(WIRE_HAS(open, &m, after));
    assert_int_equal(m.after, 4);
    assert_true(slice_is(m.bodies, "rows"));
    opened(&s, &h, 4, 7);
    event(&s, &h, 5, 6, false);
    event(&s, &h, 7, 7, false);
    next_is(&s, 5);
    assert_int_equal(wireroom_next(s.w, 2000, &change), WIREROOM_OK);
    assert_int_equal(change.seq, 6);
    assert_true(change.has_cursor);
    assert_memory_equal(change.cursor, cursor_bytes, 24);
    assert_false(wireroom_at_head(s.w));
    next_is(&s, 7);
    assert_true(wireroom_at_head(s.w));
    assert_int_equal(wireroom_next(s.w, 0, &change), WIREROOM_TIMEOUT);
    station_hear(&s, s.feed, WIRE_MSG_ACK, &h, &ack);
    assert_int_equal(ack.seq, 6);
    station_hear(&s, s.feed, WIRE_MSG_ACK, &h, &ack);
    assert_int_equal(ack.seq, 7);
    end(&s, &h);
}

static void
a_gap_is_told_and_ends_it(void **state)
{
    struct station s;
    struct heard h;
    struct wire_open m;
    struct wireroom_change change;
    (void)state;
    begin(&s, &h, &(struct wireroom_place){.after = 4}, &m);
    opened(&s, &h, 4, 9);
    event(&s, &h, 5, 5, false);
    event(&s, &h, 7, 7, false);
    next_is(&s, 5);
    assert_int_equal(wireroom_next(s.w, 2000, &change), WIREROOM_PROTOCOL);
    assert_non_null(strstr(wireroom_fault(s.w)->words, "after #5 came #7"));
    assert_int_equal(wireroom_next(s.w, 0, &change), WIREROOM_USAGE);
    end(&s, &h);
}

static void
after_a_lost_connection_it_goes_on_behind_the_last_one_given(void **state)
{
    struct station s;
    struct heard h;
    struct wire_open m;
    (void)state;
    begin(&s, &h,
        &(struct wireroom_place){
            .after = WIREROOM_HEAD, .bodies = WIREROOM_BODIES_FULL},
        &m);
    assert_int_equal(m.after, UINT64_MAX);
    opened(&s, &h, 4, 4);
    event(&s, &h, 5, 8, false);
    next_is(&s, 5);
    next_is(&s, 6);
    next_is(&s, 7);
    next_is(&s, 8);
    station_refuse(s.feed, &h, WIRE_NO_HELLO, NULL, 0, 0);
    assert_int_equal(
        wireroom_next(s.w, 50, &(struct wireroom_change){0}), WIREROOM_TIMEOUT);
    struct wire_ack ack;
    station_hear(&s, s.feed, WIRE_MSG_ACK, &h, &ack);
    station_greet(&s, s.feed);
    station_hear(&s, s.feed, WIRE_MSG_OPEN, &h, &m);
    assert_int_equal(m.after, 8);
    assert_int_equal(m.epoch, 7); // a history that forked meanwhile is noticed
    assert_true(slice_is(m.bodies, "full"));
    end(&s, &h);
}

static void
a_cursor_is_copied_and_said_again_until_something_was_given(void **state)
{
    struct station s;
    struct heard h;
    struct wire_open m;
    uint8_t cursor[24] = {9, 9};
    (void)state;
    struct wireroom_place place = {.cursor = cursor};
    begin(&s, &h, &place, &m);
    memset(cursor, 0, sizeof cursor); // the caller's again
    station_refuse(s.feed, &h, WIRE_NO_HELLO, NULL, 0, 0);
    station_greet(&s, s.feed);
    station_hear(&s, s.feed, WIRE_MSG_OPEN, &h, &m);
    assert_true(WIRE_HAS(open, &m, cursor));
    assert_int_equal(m.cursor.data[1], 9);
    end(&s, &h);
}

static void
a_place_that_is_gone_is_refused_with_one_that_is_not(void **state)
{
    struct station s;
    struct heard h;
    struct wire_open m;
    struct wireroom_change change;
    (void)state;
    begin(&s, &h, &(struct wireroom_place){.after = 4}, &m);
    station_refuse(s.feed, &h, WIRE_TOO_OLD, NULL, 0, 100);
    assert_int_equal(wireroom_next(s.w, 2000, &change), WIREROOM_REFUSED);
    assert_int_equal(wireroom_fault(s.w)->code, WIRE_TOO_OLD);
    assert_string_equal(wireroom_fault(s.w)->name, "TOO_OLD");
    assert_int_equal(wireroom_fault(s.w)->seq, 100);
    end(&s, &h);
}

static void
a_snapshot_ends_before_history_goes_on(void **state)
{
    struct station s;
    struct heard h;
    struct wire_open m;
    struct wireroom_change change;
    struct wire_snapshot_end done = {
        .seq = 9, .cursor = slice_of(cursor_bytes, sizeof cursor_bytes)};
    (void)state;
    begin(&s, &h, &(struct wireroom_place){.snapshot = true}, &m);
    assert_true(WIRE_HAS(open, &m, snapshot) && m.snapshot);
    opened(&s, &h, 9, 9);
    event(&s, &h, 3, 4, true);
    assert_int_equal(wireroom_next(s.w, 2000, &change), WIREROOM_OK);
    assert_true(change.snapshot);
    assert_false(change.has_cursor);
    assert_int_equal(wireroom_next(s.w, 2000, &change), WIREROOM_OK);
    assert_false(change.has_cursor);
    assert_false(wireroom_at_head(s.w));
    station_say(s.feed, &h, WIRE_MSG_SNAPSHOT_END, &done, slice_of(NULL, 0));
    event(&s, &h, 10, 10, false);
    assert_int_equal(wireroom_next(s.w, 2000, &change), WIREROOM_OK);
    assert_int_equal(change.seq, 10);
    assert_false(change.snapshot);
    assert_true(change.has_cursor);
    end(&s, &h);
}

static void
credit_is_granted_again_before_it_is_used_up(void **state)
{
    struct station s;
    struct heard h;
    struct wire_open m;
    struct wire_credit credit;
    (void)state;
    begin(&s, &h, &(struct wireroom_place){.after = 0}, &m);
    opened(&s, &h, 0, 1000);
    for (uint64_t seq = 1; seq <= 33; seq++)
        event(&s, &h, seq, seq, false);
    for (uint64_t seq = 1; seq <= 33; seq++)
        next_is(&s, seq);
    assert_int_equal(
        wireroom_next(s.w, 0, &(struct wireroom_change){0}), WIREROOM_TIMEOUT);
    for (bool granted = false; !granted;) { // among the acknowledgements
        for (int i = 0; i < STATION_TURNS && !heard_now(s.feed, &h); i++)
            (void)wireroom_process(s.w, 5);
        granted = h.number == WIRE_MSG_CREDIT;
        assert_true(granted || h.number == WIRE_MSG_ACK);
    }
    assert_int_equal(wire_decode(h.header, WIRE_MSG_CREDIT, &credit,
                         &(struct fault){.code = WIRE_OK}),
        WIRE_OK);
    assert_int_equal(credit.messages, 33);
    end(&s, &h);
}

static void
a_feed_that_does_not_answer_is_told_and_waited_for(void **state)
{
    struct station s;
    struct wireroom_change change;
    (void)state;
    station_open(&s);
    station_connect(&s);
    assert_int_equal(
        wireroom_follow(s.w, &(struct wireroom_place){.after = 0}), WIREROOM_OK);
    assert_int_equal(wireroom_next(s.w, 50, &change), WIREROOM_TIMEOUT);
    for (int i = 0; i < STATION_TURNS; i++) // the daemon lives, its feed doesn't
        if (wireroom_next(s.w, 10, &change) == WIREROOM_NO_SERVER)
            break;
    assert_int_equal(wireroom_fault(s.w)->status, WIREROOM_NO_SERVER);
    assert_int_equal(wireroom_next(s.w, 10, &change), WIREROOM_NO_SERVER);
    station_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_come_in_order_and_are_acknowledged),
        cmocka_unit_test(a_gap_is_told_and_ends_it),
        cmocka_unit_test(after_a_lost_connection_it_goes_on_behind_the_last_one_given),
        cmocka_unit_test(a_cursor_is_copied_and_said_again_until_something_was_given),
        cmocka_unit_test(a_place_that_is_gone_is_refused_with_one_that_is_not),
        cmocka_unit_test(a_snapshot_ends_before_history_goes_on),
        cmocka_unit_test(credit_is_granted_again_before_it_is_used_up),
        cmocka_unit_test(a_feed_that_does_not_answer_is_told_and_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
