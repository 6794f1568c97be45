// What became of a connection that never answered: libzmq tries again for ever and says
// nothing, so we listen to its monitor, and look for ourselves why a connect fails.
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct watch {
    void *events; // the PAIR that libzmq reports to; NULL: not watching
    void *socket;
    unsigned tries;  // connects that failed
    bool connected;  // at least once
    bool handshaken; // ZeroMQ is spoken there
    bool misbehaved; // something is there, but its handshake failed
};

// watch_begin must be called before the socket connects, watch_end before it is closed. What
// was counted stays, so that another socket may go on where one was given up.
void watch_begin(struct watch *watch, void *context, void *socket);
void watch_read(struct watch *watch); // never waits
void watch_end(struct watch *watch);

// watch_cause tries the address once, at most 200 ms, and gives the errno of that; 0 if
// somebody listens or the address is of a kind it doesn't know.
int watch_cause(const char *address);

#endif
