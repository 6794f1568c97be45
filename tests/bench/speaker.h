// One server's protocol, as the load program needs it. A client process holds sessions of
// one speaker; a row per server is the same loop with another table of functions.
#ifndef BENCH_SPEAKER_H
#define BENCH_SPEAKER_H

#include "corpus.h"
#include "stream.h"

enum outcome { OUTCOME_NEW, OUTCOME_KNOWN, OUTCOME_REFUSED, OUTCOMES };

#define FOLLOWERS_MOST 1000

struct load;

struct session {
    struct stream s;
    const char *endpoint;
    struct load *load;
    const struct corpus *corpus; // of load
    uint32_t stride;             // clients: this one sends every so manieth article
    uint32_t depth;              // most unanswered at once
    uint32_t inside;             // sent and unanswered
    bool notifies; // followers are there to be told by this session's inserts
    void *own;     // the speaker's
};

struct speaker {
    const char *name;
    // Before any session: tables, queues. May be NULL.
    void (*prepare)(const char *endpoint);
    // After connecting, waiting; followers call follow instead.
    void (*greet)(struct session *);
    void (*follow)(struct session *);
    // May article i go now? NULL: always.
    bool (*may_send)(const struct session *, uint32_t i);
    void (*send)(struct session *, uint32_t i);
    // Takes answers from the stream and gives each to session_answered.
    void (*take)(struct session *);
    // Takes deliveries from the stream and gives what holds them to session_delivered;
    // NULL: the bytes as they come are looked through.
    void (*deliver)(struct session *);
    // Every second of a session, so that the server does not give it up. May be NULL.
    void (*beat)(struct session *);
};

extern const struct speaker speak_wireroom, speak_redis, speak_postgres, speak_rabbitmq;

// session_answered notes the moment and what the server said of article i.
void session_answered(struct session *c, uint32_t i, enum outcome outcome);
// session_delivered looks for the uris of articles and notes each, once; gives how many
// bytes it is done with (a uri may be cut off at the end).
size_t session_delivered(struct session *c, struct slice bytes);

#endif
