// The feed station and the notice socket: who follows, what is sent next and to whom.
// Runs on: feed.
#ifndef NET_FEED_H
#define NET_FEED_H

#include "net/station.h"

struct feed;

// feed_open makes both sockets, not yet bound; notice only if it is to be served.
struct feed *feed_open(struct shared *shared, void *context, struct fault *fault);
struct station *feed_station(struct feed *feed);
void *feed_notice_socket(struct feed *feed);
void feed_close(struct feed **feed);

// feed_run serves until `stop` (an eventfd) is rung, then brings followers what is durable
// and within their credit, and says BYE.
void feed_run(struct feed *feed, int stop);

#endif
