#include "net/notice.h"

#include <stdlib.h>

#include "base/logline.h"
#include "net/socket.h"

#define TOPIC_BUCKETS 4096U
#define TOPICS_MAX 65536U // beyond, a notice says that it does not know what was before
#define ROWS_AT_ONCE 64U
#define LISTEN_ROUND 256U

struct topic {
    struct topic *next;
    uint64_t seq;
    size_t size;
    char name[];
};

bool
notice_init(struct notice *notice, uint64_t head)
{
    *notice = (struct notice){.seq = head};
    notice->buckets = calloc(TOPIC_BUCKETS, sizeof(struct topic *));
    return notice->buckets != NULL;
}

void
notice_fini(struct notice *notice)
{
    for (size_t i = 0; notice->buckets && i < TOPIC_BUCKETS; i++)
        while (notice->buckets[i]) {
            struct topic *topic = notice->buckets[i];
            notice->buckets[i] = topic->next;
            free(topic);
        }
    free(notice->buckets);
    notice->buckets = NULL;
    wire_writer_fini(&notice->writer);
    socket_close(&notice->socket);
}

// topic_of finds or makes the entry of a topic; NULL if there are too many.
static struct topic *
topic_of(struct notice *notice, struct slice name)
{
    struct topic **slot = &notice->buckets[hash64(name, 0) % TOPIC_BUCKETS];
    for (struct topic *topic = *slot; topic; topic = topic->next)
        if (slice_equal(slice_of(topic->name, topic->size), name))
            return topic;
    struct topic *topic = NULL;
    if (notice->count < TOPICS_MAX)
        topic = calloc(1, sizeof *topic + name.size);
    if (!topic)
        return NULL;
    topic->size = name.size;
    memcpy(topic->name, name.data, name.size);
    topic->next = *slot;
    *slot = topic;
    notice->count++;
    return topic;
}

static void
publish(struct notice *notice, struct slice topic, const struct wire_notice *said)
{
    struct wire_writer *w = &notice->writer;
    wire_writer_reset(w);
    wire_put_array(w, 3);
    wire_put_uint(w, said->epoch);
    wire_put_uint(w, said->seq);
    if (said->previous_known)
        wire_put_uint(w, said->previous);
    else
        wire_put_nil(w);
    if (w->failed)
        return;
    struct slice bytes = wire_written(w);
    if (zmq_send(notice->socket, topic.data, topic.size, ZMQ_SNDMORE | ZMQ_DONTWAIT) >=
        0)
        (void)zmq_send(notice->socket, bytes.data, bytes.size, ZMQ_DONTWAIT);
}

static void
tell(struct notice *notice, uint64_t epoch, const struct store_change *change)
{
    char text[WIRE_TOPIC_MAX];
    size_t size = wire_topic(change_class_name(change->change_class), change->source,
        change->language, text);
    struct topic *topic = topic_of(notice, slice_of(text, size));
    struct wire_notice said = {.epoch = epoch, .seq = change->seq};
    if (topic) {
        said.previous = topic->seq;
        said.previous_known = topic->seq > 0;
        topic->seq = change->seq;
    }
    publish(notice, slice_of(text, size), &said);
    notice->seq = change->seq;
}

bool
notice_ring(struct notice *notice, struct view *view)
{
    struct tail_row room[ROWS_AT_ONCE];
    struct rows rows;
    if (notice->seq >= view->durable.seq)
        return false;
    enum wire_err err = view_rows(view, notice->seq + 1, room, ROWS_AT_ONCE, &rows);
    if (err) {
        log_error("socket=notice seq=%llu error=%s",
            (unsigned long long)notice->seq + 1, wire_error_name(err));
        notice->seq = view->durable.seq; // a hole: subscribers see it and ask the feed
        return false;
    }
    for (size_t i = 0; i < rows.count; i++)
        tell(notice, view->epoch, &rows.row[i].change);
    rows_release(&rows);
    return notice->seq < view->durable.seq;
}

void
notice_beat(struct notice *notice, const struct view *view, uint64_t head)
{
    publish(
        notice, SLICE("h"), &(struct wire_notice){.epoch = view->epoch, .seq = head});
}

void
notice_listen(struct notice *notice)
{
    struct frames frames;
    for (unsigned i = 0; i < LISTEN_ROUND && frames_receive(notice->socket, &frames);
         i++) {
        // XPUB hands up a subscription as 1 and its topic. Ends aren't counted: anybody may
        // end what nobody began.
        struct slice said = frame_bytes(&frames.part[0]);
        notice->heard = notice->heard || (said.size && said.data[0] == 1);
        frames_close(&frames);
    }
}
