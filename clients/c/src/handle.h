// What a handle holds.
#ifndef HANDLE_H
#define HANDLE_H

#include "link.h"
#include "wireroom.h"

#define PENDING_MAX 1024U

struct pending { // a submission until it is answered
    struct pending *next;
    uint64_t n;
    uint8_t id[16];
    bool sent;
    int64_t not_before_us;           // a transient refusal asked for this much patience
    struct wire_writer bytes, hints; // the document; its hints as one encoded SUBMIT
    void *context;
    wireroom_answer_fn *fn;
    void *user;
};

struct follow {
    bool open, wanted, in_snapshot;
    struct wireroom_place place;
    uint8_t cursor[24]; // after the last change given
    bool has_cursor;
    uint64_t head, last; // as told; last given
    uint64_t epoch;
    zmq_msg_t event; // body of the one whose changes are being given
    struct wire_reader changes;
    uint32_t left; // in it
    uint64_t credit_bytes, credit_messages;
    uint8_t event_cursor[24];
};

struct wireroom {
    void *context; // of libzmq
    struct link submit, feed, query;
    struct letter letter;
    char *client, *principal;
    int timeout_ms;

    struct wireroom_welcome welcome;
    char server[160], name[72], feed_address[264], query_address[264];
    char format_words[64][40];
    const char *formats[65];

    struct wireroom_fault fault;
    char words[640], fault_name[40], next[256];

    struct pending *pending, **pending_last;
    size_t pending_count, sent_count;
    uint64_t next_n, seen_seq; // highest seq receipted or shown
    uint64_t credit_bytes, credit_messages;
    bool wants_more;

    struct follow follow;
    struct wire_writer answer; // what query functions give
};

enum wireroom_status handle_fail(struct wireroom *w, enum wireroom_status status,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
// handle_refused keeps a REFUSED as the handle's fault.
enum wireroom_status handle_refused(struct wireroom *w, struct slice header);
void handle_fault_of(const struct wire_refused *refused, struct wireroom *w);
// handle_greet waits for WELCOME on a link; on the submit link it is kept.
enum wireroom_status handle_greet(struct wireroom *w, struct link *l);
// handle_wait polls a link for at most ms.
bool handle_wait(struct link *l, int64_t ms);

void submit_connected(struct wireroom *w);
void submit_fini(struct wireroom *w);
void follow_fini(struct wireroom *w);

#endif
