// WELCOME: all that a client needs to know, from whichever socket it asked.
#ifndef NET_WELCOME_H
#define NET_WELCOME_H

#include "net/station.h"

// welcome_peer notes who a new peer is: by its user, or under --open by what it claims.
void welcome_peer(const struct shared *shared, struct peer *peer, struct caller caller,
    struct slice claimed);
void welcome_say(struct station *station, struct peer *peer);

#endif
