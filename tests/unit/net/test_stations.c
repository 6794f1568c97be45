// The three threads with clients at their sockets, over a pipeline whose steps the test
// takes one by one.
#include "net/grants.h"
#include "net/net.h"
#include "unit/net/client.h"
#include "unit/net/fake_pipeline.h"

struct house {
    struct pipeline *pipeline;
    struct net *net;
    struct net_endpoints at;
    void *context; // of the clients
    char endpoint[5][96];
};

static int
open_house(void **state)
{
    struct house *house = calloc(1, sizeof *house);
    struct fault fault = FAULT_NONE;
    assert_true(hash_init());
    house->pipeline = fake_open();
    house->context = zmq_ctx_new();
    for (size_t i = 0; i < LENGTH(house->endpoint); i++)
        (void)snprintf(house->endpoint[i], sizeof house->endpoint[i], "ipc://%s/%zu",
            house->pipeline->path, i);
    struct net_settings settings = {.submit = house->endpoint[0],
        .feed = house->endpoint[1],
        .notice = house->endpoint[2],
        .query = house->endpoint[3],
        .admin = house->endpoint[4],
        .submission_bytes = 1000,
        .grant_bytes = 100,
        .grant_messages = 2,
        .connection_bytes = 300,
        .heartbeat_ms = 200};
    assert_int_equal(
        net_open(&settings, house->pipeline, &house->net, &fault), WIRE_OK);
    assert_int_equal(net_run(house->net, &fault), WIRE_OK);
    net_endpoints(house->net, &house->at);
    *state = house;
    return 0;
}

static int
close_house(void **state)
{
    struct house *house = *state;
    client_close_all();
    (void)zmq_ctx_term(house->context);
    net_drain(house->net);
    net_close(&house->net);
    fake_close(house->pipeline);
    free(house);
    return 0;
}

static struct client
caller_at(struct house *house, const char *endpoint)
{
    return client_open(house->context, ZMQ_DEALER, endpoint);
}

static void
submit(struct client *c, uint64_t n, size_t bytes)
{
    static const uint8_t text[2000] = {'x'};
    struct wire_submit message = {.n = n, .id = SLICE("0123456789abcdef")};
    WIRE_SET(submit, &message, source, SLICE("dpa"));
    client_say(c, WIRE_MSG_SUBMIT, &message, slice_of(text, bytes));
}

static void
expect_receipt(struct client *c, uint64_t n)
{
    struct wire_receipt receipt;
    client_expect(c, WIRE_MSG_RECEIPT, &receipt);
    assert_int_equal(receipt.n, n);
    assert_true(slice_equal(c->body_bytes, SLICE("\x80")));
}

static void
before_hello_only_ping_is_answered(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.submit);
    struct wire_pong pong;
    submit(&c, 1, 10);
    client_expect_refused(&c, WIRE_NO_HELLO);
    client_say(&c, WIRE_MSG_PING, &(struct wire_ping){.n = 4}, slice_of(NULL, 0));
    client_expect(&c, WIRE_MSG_PONG, &pong);
    assert_int_equal(pong.n, 4);
    client_close(&c);
}

static void
what_is_not_ours_is_dropped_and_what_is_wrong_is_refused(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.query);
    static const struct {
        const char *frames[6];
        size_t sizes[6];
        enum wire_err err; // WIRE_OK: silence
    } cases[] = {
        {{"GET / HTTP/1.1"},                       {14},            WIRE_OK             },
        {{""},                                     {0},             WIRE_OK             },
        {{"WR\x01"},                               {3},             WIRE_OK             },
        {{"WR\x09\x30", "\x80"},                   {4, 1},          WIRE_BAD_VERSION    },
        {{"WR\x01\x30"},                           {4},             WIRE_MISSING_FRAME  },
        {{"WR\x01\x30", "\x80", "x"},              {4, 1, 1},       WIRE_MISSING_FRAME  },
        {{"WR\x01\x30", "\x80", "x", "y", "z"},    {4, 1, 1, 1, 1}, WIRE_MISSING_FRAME  },
        {{"WR\x01\x10", "\x80", "x"},              {4, 1, 1},       WIRE_UNKNOWN_MESSAGE},
        {{"WR\x01\x31", "\x80"},                   {4, 1},          WIRE_UNKNOWN_MESSAGE},
        {{"WR\x01\x30", "\x80"},                   {4, 1},          WIRE_MISSING_FIELD  },
        {{"WR\x01\x30", "\x81\xa1n"},              {4, 3},          WIRE_BAD_MSGPACK    },
        {{"WR\x01\x30", "\x82\xa1n\x01\xa1n\x01"}, {4, 7},          WIRE_DUPLICATE_KEY  },
    };
    (void)client_hello(&c);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        for (size_t k = 0; cases[i].frames[k]; k++)
            assert_true(zmq_send(c.socket, cases[i].frames[k], cases[i].sizes[k],
                            k < 5 && cases[i].frames[k + 1] ? ZMQ_SNDMORE : 0) >= 0);
        if (cases[i].err)
            client_expect_refused(&c, cases[i].err);
    }
    client_close(&c);
}

static void
receipts_give_credit_back_and_what_is_over_it_is_refused(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.submit);
    struct wire_welcome welcome = client_hello(&c);
    assert_int_equal(welcome.credit_bytes, 100);
    assert_int_equal(welcome.credit_messages, 2);
    submit(&c, 1, 40);
    submit(&c, 2, 60);
    submit(&c, 3, 1);
    client_expect_refused(&c, WIRE_OVER_CREDIT);
    assert_int_equal(fake_inside(house->pipeline, 2), 2);
    assert_int_equal(fake_answer(house->pipeline), 1);
    expect_receipt(&c, 1);
    submit(&c, 4, 41);
    client_expect_refused(&c, WIRE_OVER_CREDIT);
    submit(&c, 5, 40);
    assert_int_equal(fake_inside(house->pipeline, 2), 2);
    assert_int_equal(fake_answer(house->pipeline), 2);
    assert_int_equal(fake_answer(house->pipeline), 3);
    expect_receipt(&c, 2);
    expect_receipt(&c, 5);
    submit(&c, 6, 1000); // larger than the grant, but the window is empty
    assert_int_equal(fake_inside(house->pipeline, 1), 1);
    assert_int_equal(fake_answer(house->pipeline), 4);
    expect_receipt(&c, 6);
    submit(&c, 7, 1001);
    client_expect_refused(&c, WIRE_TOO_LARGE);
    client_close(&c);
}

static void
want_is_answered_with_what_can_be_had(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.submit);
    struct wire_credit credit;
    (void)client_hello(&c);
    struct wire_want want = {.bytes = 1000, .messages = 3};
    client_say(&c, WIRE_MSG_WANT, &want, slice_of(NULL, 0));
    client_expect(&c, WIRE_MSG_CREDIT, &credit);
    assert_int_equal(credit.bytes, 200);
    assert_int_equal(credit.messages, 1);
    client_close(&c);
}

static void
a_peer_that_goes_on_is_ignored_until_hello(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.submit);
    (void)client_hello(&c);
    for (uint64_t n = 0; n < 2 + GRANTS_OVER_MAX + 5; n++)
        submit(&c, n, 1);
    for (unsigned i = 0; i < GRANTS_OVER_MAX; i++)
        client_expect_refused(&c, WIRE_OVER_CREDIT);
    assert_int_equal(client_hear(&c, 100), 0);
    assert_int_equal(fake_inside(house->pipeline, 2), 2);
    (void)client_hello(&c);
    submit(&c, 99, 1);
    assert_int_equal(fake_inside(house->pipeline, 3), 3);
    // Answers to what was sent before HELLO go to nobody.
    assert_int_equal(fake_answer(house->pipeline), 1);
    assert_int_equal(fake_answer(house->pipeline), 2);
    assert_int_equal(fake_answer(house->pipeline), 1);
    expect_receipt(&c, 99);
    client_close(&c);
}

static void
what_the_pipeline_has_no_room_for_waits_its_turn(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.submit);
    (void)client_hello(&c);
    atomic_store(&house->pipeline->no_room, true);
    submit(&c, 1, 1);
    submit(&c, 2, 1);
    submit(&c, 3, 1);
    client_expect_refused(&c, WIRE_OVER_CREDIT); // so 1 and 2 are in
    atomic_store(&house->pipeline->no_room, false);
    assert_int_equal(fake_inside(house->pipeline, 2), 2);
    assert_int_equal(fake_answer(house->pipeline), 1);
    assert_int_equal(fake_answer(house->pipeline), 2);
    expect_receipt(&c, 1);
    expect_receipt(&c, 2);
    client_close(&c);
}

static void
a_silent_peer_is_given_up_and_told_so_when_it_speaks(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.submit);
    (void)client_hello(&c);
    for (int i = 0; i < 500 && atomic_load(&house->pipeline->forgotten) == 0; i++)
        (void)usleep(10000);
    assert_int_equal(atomic_load(&house->pipeline->forgotten), 1);
    submit(&c, 1, 1);
    client_expect_refused(&c, WIRE_NO_HELLO);
    client_close(&c);
}

static void
a_full_disk_refuses_before_anything_is_taken(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.submit);
    struct wire_refused refused;
    (void)client_hello(&c);
    atomic_store(&house->pipeline->full, true);
    submit(&c, 8, 10);
    client_expect(&c, WIRE_MSG_REFUSED, &refused);
    assert_int_equal(refused.code, WIRE_STORE_FULL);
    assert_true(refused.transient && WIRE_HAS(refused, &refused, retry_after_ms));
    assert_true(WIRE_HAS(refused, &refused, n) && refused.n == 8);
    client_close(&c);
}

static void *
drain(void *context)
{
    net_drain(context);
    return NULL;
}

static void
a_stop_answers_what_is_inside_and_says_goodbye(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.submit);
    struct wire_bye bye;
    pthread_t thread;
    (void)client_hello(&c);
    submit(&c, 1, 1);
    assert_int_equal(fake_inside(house->pipeline, 1), 1);
    assert_int_equal(pthread_create(&thread, NULL, drain, house->net), 0);
    enum wire_err code = WIRE_OK;
    for (int i = 0; i < 500 && code != WIRE_DRAINING; i++) {
        struct wire_refused refused;
        submit(&c, 100, 1000); // over credit until the stop is noticed
        client_expect(&c, WIRE_MSG_REFUSED, &refused);
        code = (enum wire_err)refused.code;
        if (code == WIRE_OVER_CREDIT && i % 20 == 19)
            (void)usleep(250000); // a pause, so as not to be ignored
    }
    assert_int_equal(code, WIRE_DRAINING);
    (void)fake_answer(house->pipeline);
    expect_receipt(&c, 1);
    client_expect(&c, WIRE_MSG_BYE, &bye);
    (void)pthread_join(thread, NULL);
    client_close(&c);
}

// ---- feed

static struct client
follower_of(
    struct house *house, const struct wire_open *message, struct wire_opened *opened)
{
    struct client c = caller_at(house, house->at.feed);
    (void)client_hello(&c);
    client_say(&c, WIRE_MSG_OPEN, message, slice_of(NULL, 0));
    client_expect(&c, WIRE_MSG_OPENED, opened);
    return c;
}

static void
grant(struct client *c, uint64_t bytes, uint64_t messages)
{
    struct wire_credit credit = {.bytes = bytes, .messages = messages};
    client_say(c, WIRE_MSG_CREDIT, &credit, slice_of(NULL, 0));
}

// The maps of an EVENT as "seq:gate" or "seq:uri of the article", in one line.
static const char *
gist_of(struct slice list, char *out, size_t size)
{
    struct wire_reader r = wire_reader(list);
    size_t used = 0;
    out[0] = '\0';
    for (uint32_t maps = wire_read_array(&r); maps > 0; maps--) {
        uint64_t seq = 0;
        struct slice what = SLICE("-");
        for (uint32_t pairs = wire_read_map(&r); pairs > 0; pairs--) {
            struct slice key = wire_read_str(&r);
            if (slice_is(key, "seq"))
                seq = wire_read_uint(&r);
            else if (slice_is(key, "gated"))
                what = wire_read_str(&r);
            else if (slice_is(key, "article")) {
                assert_int_equal(wire_read_map(&r), 1);
                (void)wire_read_str(&r);
                what = wire_read_str(&r);
            } else
                (void)wire_skip(&r);
        }
        used += (size_t)snprintf(out + used, size - used, "%s%llu:%.*s",
            used ? " " : "", (unsigned long long)seq, SLICE_ARG(what));
    }
    assert_int_equal(r.err, WIRE_OK);
    return out;
}

static void
hear_head_or_event(struct client *c, struct wire_event *event)
{
    struct fault fault = FAULT_NONE;
    unsigned number;
    do
        number = client_hear(c, CLIENT_WAIT_MS);
    while (number == WIRE_MSG_HEAD);
    assert_int_equal(number, WIRE_MSG_EVENT);
    assert_int_equal(
        wire_decode(slice_of(zmq_msg_data(&c->header), zmq_msg_size(&c->header)),
            number, event, &fault),
        WIRE_OK);
}

static void
expect_event(struct client *c, uint64_t first, uint64_t last, const char *gist)
{
    char text[512];
    struct wire_event event;
    hear_head_or_event(c, &event);
    assert_int_equal(event.first, first);
    assert_int_equal(event.last, last);
    assert_string_equal(gist_of(c->body_bytes, text, sizeof text), gist);
}

static void
a_feed_gives_history_then_the_tail_in_one_order(void **state)
{
    struct house *house = *state;
    struct wire_opened opened;
    struct wire_open from_start = {0};
    (void)fake_file(house->pipeline, 1, CHANGE_NEW, PUB_USABLE);
    (void)fake_file(house->pipeline, 2, CHANGE_NEW, PUB_USABLE);
    fake_checkpoint(house->pipeline);
    (void)fake_file(house->pipeline, 3, CHANGE_NEW, PUB_USABLE);
    WIRE_SET(open, &from_start, after, 0);
    WIRE_SET(open, &from_start, bodies, SLICE("full"));
    struct client c = follower_of(house, &from_start, &opened);
    assert_int_equal(opened.head, 3);
    grant(&c, 10000, 10);
    expect_event(&c, 1, 3, "1:u:1 2:u:2 3:u:3");
    (void)fake_file(house->pipeline, 2, CHANGE_TOUCH, PUB_USABLE); // text is stored
    expect_event(&c, 4, 4, "4:u:2");
    (void)fake_file(
        house->pipeline, 3, CHANGE_TOUCH, PUB_USABLE); // text is in the tail
    expect_event(&c, 5, 5, "5:u:3");
    client_close(&c);
}

static void
nothing_is_sent_without_credit_and_an_event_may_overdraw_once(void **state)
{
    struct house *house = *state;
    struct wire_opened opened;
    struct wire_open from_start = {0};
    (void)fake_file(house->pipeline, 1, CHANGE_NEW, PUB_USABLE);
    WIRE_SET(open, &from_start, after, 0);
    struct client c = follower_of(house, &from_start, &opened);
    grant(&c, 0, 5);
    assert_int_equal(client_hear(&c, 100), 0);
    grant(&c, 1, 0);
    expect_event(&c, 1, 1, "1:-");
    (void)fake_file(house->pipeline, 2, CHANGE_NEW, PUB_USABLE);
    grant(&c, 1, 0); // still overdrawn
    assert_int_equal(client_hear(&c, 100), 0);
    grant(&c, 10000, 0);
    expect_event(&c, 2, 2, "2:-");
    client_close(&c);
}

static void
what_was_killed_since_is_never_shown_again(void **state)
{
    struct house *house = *state;
    struct wire_opened opened;
    struct wire_open from_start = {0}, snapshot = {0};
    struct wire_snapshot_end end;
    (void)fake_file(house->pipeline, 1, CHANGE_NEW, PUB_USABLE);
    (void)fake_file(house->pipeline, 2, CHANGE_NEW, PUB_USABLE);
    (void)fake_file(house->pipeline, 1, CHANGE_KILL, PUB_CANCELED);
    fake_checkpoint(house->pipeline);
    WIRE_SET(open, &from_start, after, 0);
    WIRE_SET(open, &from_start, bodies, SLICE("full"));
    struct client c = follower_of(house, &from_start, &opened);
    grant(&c, 10000, 10);
    expect_event(&c, 1, 3, "1:killed 2:u:2 3:killed");
    client_close(&c);
    WIRE_SET(open, &snapshot, snapshot, true);
    WIRE_SET(open, &snapshot, bodies, SLICE("full"));
    c = follower_of(house, &snapshot, &opened);
    grant(&c, 10000, 10);
    expect_event(&c, 3, 2, "3:killed 2:u:2"); // in order of items
    client_expect(&c, WIRE_MSG_SNAPSHOT_END, &end);
    assert_int_equal(end.seq, 3);
    (void)fake_file(house->pipeline, 3, CHANGE_NEW, PUB_USABLE);
    expect_event(&c, 4, 4, "4:u:3");
    client_close(&c);
}

static void
a_cursor_of_another_history_is_noticed(void **state)
{
    struct house *house = *state;
    struct wire_opened opened;
    struct wire_event event;
    struct wire_open open = {0};
    uint8_t token[24];
    (void)fake_file(house->pipeline, 1, CHANGE_NEW, PUB_USABLE);
    (void)fake_file(house->pipeline, 2, CHANGE_NEW, PUB_USABLE);
    WIRE_SET(open, &open, after, 0);
    struct client c = follower_of(house, &open, &opened);
    grant(&c, 10000, 10);
    hear_head_or_event(&c, &event);
    memcpy(token, event.cursor.data, sizeof token);
    static const struct {
        size_t byte;
        enum wire_err err;
        uint64_t seq;
    } cases[] = {
        {16, WIRE_EPOCH_CHANGED, 0}, // the hash
        {0,  WIRE_EPOCH_CHANGED, 2}, // the epoch: seq and hash are ours
        {15, WIRE_EPOCH_CHANGED, 0}, // seq 2 became 3
    };
    (void)fake_file(house->pipeline, 3, CHANGE_NEW, PUB_USABLE);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct client d = caller_at(house, house->at.feed);
        struct wire_refused refused;
        struct wire_open forked = {0};
        (void)client_hello(&d);
        token[cases[i].byte] ^= 1;
        WIRE_SET(open, &forked, cursor, slice_of(token, sizeof token));
        client_say(&d, WIRE_MSG_OPEN, &forked, slice_of(NULL, 0));
        client_expect(&d, WIRE_MSG_REFUSED, &refused);
        token[cases[i].byte] ^= 1;
        assert_int_equal(refused.code, cases[i].err);
        assert_int_equal(refused.seq, cases[i].seq);
        client_close(&d);
    }
    struct wire_open ours = {0};
    WIRE_SET(open, &ours, cursor, slice_of(token, sizeof token));
    struct client d = follower_of(house, &ours, &opened);
    assert_int_equal(opened.after, 2);
    client_close(&d);
    client_close(&c);
}

static void
an_ack_must_not_pass_what_was_delivered(void **state)
{
    struct house *house = *state;
    struct wire_opened opened;
    struct wire_open open = {0};
    (void)fake_file(house->pipeline, 1, CHANGE_NEW, PUB_USABLE);
    struct client c = caller_at(house, house->at.feed);
    (void)client_hello(&c);
    client_say(&c, WIRE_MSG_ACK, &(struct wire_ack){.seq = 0}, slice_of(NULL, 0));
    client_expect_refused(&c, WIRE_NOT_OPEN);
    client_close(&c);
    WIRE_SET(open, &open, after, 0);
    c = follower_of(house, &open, &opened);
    client_say(&c, WIRE_MSG_ACK, &(struct wire_ack){.seq = 1}, slice_of(NULL, 0));
    client_expect_refused(&c, WIRE_ACK_AHEAD);
    grant(&c, 10000, 1);
    expect_event(&c, 1, 1, "1:-");
    client_say(&c, WIRE_MSG_ACK, &(struct wire_ack){.seq = 1}, slice_of(NULL, 0));
    client_say(&c, WIRE_MSG_ACK, &(struct wire_ack){.seq = 2}, slice_of(NULL, 0));
    struct wire_refused refused;
    client_expect(&c, WIRE_MSG_REFUSED, &refused);
    assert_int_equal(refused.seq, 1);
    client_close(&c);
}

// ---- notice and query

static void
a_notice_names_the_one_before_it_under_its_topic(void **state)
{
    struct house *house = *state;
    struct client c = client_open(house->context, ZMQ_SUB, house->at.notice);
    char topic[64];
    uint64_t seq = 0, previous = 0;
    int size =
        zmq_recv(c.socket, topic, sizeof topic, 0); // a heartbeat: we are connected
    assert_int_equal(size, 1);
    assert_int_equal(topic[0], 'h');
    assert_true(zmq_msg_recv(&c.header, c.socket, 0) > 0);
    (void)fake_file(house->pipeline, 1, CHANGE_NEW, PUB_USABLE);
    (void)fake_file(house->pipeline, 1, CHANGE_KILL, PUB_CANCELED);
    (void)fake_file(house->pipeline, 2, CHANGE_NEW, PUB_USABLE);
    while (seq < 3) {
        size = zmq_recv(c.socket, topic, sizeof topic, 0);
        assert_true(zmq_msg_recv(&c.header, c.socket, 0) > 0);
        if (size == 1)
            continue;
        struct wire_reader r =
            wire_reader(slice_of(zmq_msg_data(&c.header), zmq_msg_size(&c.header)));
        assert_int_equal(wire_read_array(&r), 3);
        assert_int_equal(wire_read_uint(&r), 77);
        assert_int_equal(wire_read_uint(&r), ++seq);
        bool unknown = wire_read_nil(&r);
        previous = unknown ? 0 : wire_read_uint(&r);
        assert_memory_equal(topic, seq == 2 ? "k.dpa.de" : "a.dpa.de", 8);
        assert_int_equal(previous, seq == 3 ? 1 : 0);
    }
    client_close(&c);
}

static void
get(struct client *c, uint64_t after_seq)
{
    struct wire_get message = {.n = 9};
    WIRE_SET(get, &message, source, SLICE("dpa"));
    WIRE_SET(get, &message, uri, SLICE("u:1"));
    WIRE_SET(get, &message, after_seq, after_seq);
    client_say(c, WIRE_MSG_GET, &message, slice_of(NULL, 0));
}

static void
a_question_waits_for_the_checkpoint_it_asks_for(void **state)
{
    struct house *house = *state;
    struct client c = caller_at(house, house->at.query);
    struct wire_article article;
    (void)client_hello(&c);
    (void)fake_file(house->pipeline, 1, CHANGE_NEW, PUB_USABLE);
    get(&c, 0);
    client_expect_refused(&c, WIRE_NOT_FOUND); // the last checkpoint does not have it
    get(&c, 2);
    client_expect_refused(&c, WIRE_NOT_YET);
    get(&c, 1);
    for (int i = 0; i < 500 && atomic_load(&house->pipeline->wanted) == 0; i++)
        (void)usleep(10000);
    assert_true(atomic_load(&house->pipeline->wanted) > 0);
    fake_checkpoint(house->pipeline);
    client_expect(&c, WIRE_MSG_ARTICLE, &article);
    assert_int_equal(article.n, 9);
    assert_int_equal(article.seq, 1);
    client_close(&c);
}

static void
a_list_has_each_item_once_and_its_pages_join(void **state)
{
    struct house *house = *state;
    static const char *const want[] = {"7:- 6:-", "4:- 2:-", "1:-"};
    struct client c = caller_at(house, house->at.query);
    struct wire_page page = {0};
    uint8_t token[64];
    char text[256];
    static const uint64_t items[] = {1, 2, 3, 4, 3, 5, 3}; // 3 is changed twice
    for (size_t i = 0; i < LENGTH(items); i++)
        (void)fake_file(house->pipeline, items[i], CHANGE_NEW, PUB_USABLE);
    fake_checkpoint(house->pipeline);
    (void)client_hello(&c);
    for (size_t i = 0; i < LENGTH(want); i++) {
        struct wire_list list = {.n = i};
        WIRE_SET(list, &list, limit, 2);
        if (i > 0)
            WIRE_SET(list, &list, token, slice_of(token, page.token.size));
        client_say(&c, WIRE_MSG_LIST, &list, slice_of(NULL, 0));
        client_expect(&c, WIRE_MSG_PAGE, &page);
        assert_string_equal(gist_of(c.body_bytes, text, sizeof text), want[i]);
        assert_int_equal(WIRE_HAS(page, &page, token), i < 2);
        if (i < 2)
            memcpy(token, page.token.data, page.token.size);
    }
    client_close(&c);
}

int
main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)
    const struct CMUnitTest tests[] = {
        STORY(before_hello_only_ping_is_answered),
        STORY(what_is_not_ours_is_dropped_and_what_is_wrong_is_refused),
        STORY(receipts_give_credit_back_and_what_is_over_it_is_refused),
        STORY(want_is_answered_with_what_can_be_had),
        STORY(a_peer_that_goes_on_is_ignored_until_hello),
        STORY(what_the_pipeline_has_no_room_for_waits_its_turn),
        STORY(a_silent_peer_is_given_up_and_told_so_when_it_speaks),
        STORY(a_full_disk_refuses_before_anything_is_taken),
        STORY(a_stop_answers_what_is_inside_and_says_goodbye),
        STORY(a_feed_gives_history_then_the_tail_in_one_order),
        STORY(nothing_is_sent_without_credit_and_an_event_may_overdraw_once),
        STORY(what_was_killed_since_is_never_shown_again),
        STORY(a_cursor_of_another_history_is_noticed),
        STORY(an_ack_must_not_pass_what_was_delivered),
        STORY(a_notice_names_the_one_before_it_under_its_topic),
        STORY(a_question_waits_for_the_checkpoint_it_asks_for),
        STORY(a_list_has_each_item_once_and_its_pages_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
