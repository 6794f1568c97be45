// Where the daemon may listen while there are no keys: ipc anywhere (the kernel says who
// speaks), tcp on loopback and only under --open (any local user can connect there).
#ifndef NET_BIND_H
#define NET_BIND_H

#include <sys/stat.h>

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

// libzmq leaves the file of an ipc socket behind. bind_mark remembers which one was made at
// endpoint (borrowed); bind_unlink removes that one, and nothing that has come to its place.
// Call it while the socket is open: until then no other file can have the same inode.
struct bind_mark {
    const char *path; // NULL: there is no file
    dev_t device;
    ino_t inode;
};
void bind_mark(const char *endpoint, struct bind_mark *out);
void bind_unlink(const struct bind_mark *mark);

#endif
