// Who speaks. On ipc the kernel says under which uid; libzmq 4.3.4 gives it as the
// Peer-Address "localhost:uid:gid:pid" of each frame but the first (the address frame loses
// its metadata when zmq_poll prefetched it). What can't be read is nobody, never a default.
#ifndef NET_AUTH_H
#define NET_AUTH_H

#include "net/net.h"

struct auth {
    bool open;
    const struct net_principal *principals; // settings'
    size_t count;
    struct net_principal defaults[2]; // where settings name none
};

// What a message says about its sender, before anything is believed.
struct caller {
    bool known; // has a uid
    uint32_t uid;
};
#define CALLER_NOBODY ((struct caller){0})

void auth_init(struct auth *auth, const struct net_settings *settings);

// auth_caller reads a Peer-Address of an ipc connection; nobody for NULL and other forms.
struct caller auth_caller(const char *peer_address);

// auth_principal gives who a caller is: never NULL; nobody has no name, role or source.
// Borrowed from auth.
const struct net_principal *auth_principal(
    const struct auth *auth, struct caller caller);

bool caller_equal(struct caller a, struct caller b);

// auth_source decides which source a submission speaks for: `named`, or the only one the
// principal has. SOURCE_MISSING, SOURCE_NOT_YOURS, BAD_FIELD.
enum wire_err auth_source(const struct net_principal *who, bool is_named,
    struct slice named, struct slice *source_out, struct fault *fault);

// auth_role fails with UNKNOWN_PEER for nobody, NOT_ALLOWED for one without the role.
enum wire_err auth_role(
    const struct net_principal *who, enum net_role role, struct fault *fault);

// The word of one role bit; NULL for anything else.
const char *auth_role_word(uint32_t bit);

#endif
