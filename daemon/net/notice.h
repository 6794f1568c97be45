// The doorbell: for each change its topic, epoch, seq and the seq before it under that topic,
// so that a hole is seen. What a subscriber can't take is lost; it costs latency only.
#ifndef NET_NOTICE_H
#define NET_NOTICE_H

#include "net/view.h"

struct topic;
struct notice {
    void *socket; // XPUB; NULL: not served
    uint64_t seq; // told so far
    struct topic **buckets;
    size_t count;
    bool heard;      // somebody has subscribed
    int64_t beat_us; // last heartbeat
    struct wire_writer writer;
};

bool notice_init(struct notice *notice, uint64_t head);
void notice_fini(struct notice *notice);

// notice_ring tells of up to a few hundred durable changes that were not told; true while
// there are more.
bool notice_ring(struct notice *notice, struct view *view);
// notice_beat tells the head under the topic `h`.
void notice_beat(struct notice *notice, const struct view *view, uint64_t head);
// notice_listen takes the subscriptions that XPUB hands up, so that they don't pile up.
void notice_listen(struct notice *notice);

#endif
