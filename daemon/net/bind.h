// Where the daemon may listen while there are no keys: ipc anywhere (the kernel says who
// speaks), tcp on loopback and only under --open (any local user can connect there).
#ifndef NET_BIND_H
#define NET_BIND_H

#include "proto/proto.h"

#define ENDPOINT_MAX 256U

// bind_allowed refuses an endpoint in words: BAD_SETTING.
enum wire_err bind_allowed(
    const char *name, const char *endpoint, bool open, struct fault *fault);

// bind_is_ipc says whether peers there have a uid.
bool bind_is_ipc(const char *endpoint);

// bind_socket binds and gives the real address. What a dead daemon left at an ipc path is
// removed; a file that is no socket is not. CANNOT_LISTEN.
enum wire_err bind_socket(void *socket, const char *name, const char *endpoint,
    char actual_out[ENDPOINT_MAX], struct fault *fault);

#endif
