// The door of net/: the sockets. Producers, subscribers and tools speak to the daemon here
// and nowhere else (docs/protocol.txt). One ZeroMQ context, three threads: intake (submit),
// feed (feed and notice), query (query and admin). None of them ever waits for a peer.
#ifndef NET_NET_H
#define NET_NET_H

#include "pipeline/pipeline.h"

// What a principal may do; the words are in WELCOME and in settings.
enum net_role {
    ROLE_SUBMIT = 1 << 0,
    ROLE_READ = 1 << 1,
    ROLE_FOLLOW = 1 << 2,
    ROLE_KILL = 1 << 3,
    ROLE_DESK = 1 << 4,
    ROLE_EMBARGO = 1 << 5,
    ROLE_ADMIN = 1 << 6,
    ROLE_ALL = (1 << 7) - 1,
};
#define NET_PRINCIPAL_MAX 64U // bytes of a name

// net_role_of gives the bit of a role's word, 0 for any other word.
uint32_t net_role_of(struct slice word);

struct net_principal {
    const char *name;
    uint32_t uid;               // of the peer on ipc
    bool any_source;            // may name every source
    const char *const *sources; // NULL-terminated; NULL: none
    uint32_t roles;             // enum net_role, or-ed
};

// Strings belong to the caller until net_close. A number that is 0 means its default.
struct net_settings {
    // ipc://PATH, ipc://* (libzmq makes a directory under $TMPDIR, else where the daemon
    // runs) or tcp://127.0.0.1:PORT (0: any free one); NULL or "": not served.
    const char *submit, *feed, *notice, *query, *admin;
    bool open; // everybody may do everything; a name claimed in HELLO is believed
    // Who may speak on ipc. None: root and the daemon's own uid, with every role and source.
    const struct net_principal *principals;
    size_t principal_count;
    uint64_t submission_bytes;    // as the pipeline's; 4 MiB
    uint32_t submission_items;    // 500
    uint64_t grant_bytes;         // standing grant of a connection; 64 KiB
    uint32_t grant_messages;      // 1,024
    uint64_t connection_bytes;    // most that WANT gets one connection; 8 MiB
    uint32_t connection_messages; // 8,192
    uint64_t total_bytes;         // of all grants, and of what is in flight; 64 MiB
    uint32_t total_messages;      // the same; 65,536
    uint32_t heartbeat_ms; // 1,000; a peer silent for five times that is given up
    uint32_t peers;        // connections of one socket that said HELLO; 4,096
};

struct net;

// net_check refuses endpoints that net_open would, without touching anything: BAD_SETTING.
enum wire_err net_check(const struct net_settings *settings, struct fault *fault);

// net_open makes every socket and binds it. The store's lock must be held (the pipeline is
// open): a second bind on an ipc path would silently steal it from a living daemon.
// Both name the endpoint and the cause: BAD_SETTING for one that is not served without
// keys (bind.h), CANNOT_LISTEN for what the system refuses. Nothing is left behind then.
enum wire_err net_open(const struct net_settings *settings, struct pipeline *pipeline,
    struct net **out, struct fault *fault);

// net_run starts the threads; the pipeline must run.
enum wire_err net_run(struct net *net, struct fault *fault);

// net_drain refuses new submissions, answers those inside (so the pipeline must still run,
// waited for at most 10 s), brings followers what they have credit for, says BYE to
// everybody and joins the threads. pipeline_drain comes after it.
void net_drain(struct net *net);

// net_close gives what was sent at most 2 s to leave. Between pipeline_drain and
// pipeline_close. NULL is fine; a net that was not drained is.
void net_close(struct net **net);

// Where it really listens, once bound: NULL if not served. Borrowed until net_close.
struct net_endpoints {
    const char *submit, *feed, *notice, *query, *admin;
};
void net_endpoints(const struct net *net, struct net_endpoints *out);

#endif
