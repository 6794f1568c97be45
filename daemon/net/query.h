// The query and admin stations: questions answered from LMDB in short read transactions.
// Runs on: query.
#ifndef NET_QUERY_H
#define NET_QUERY_H

#include "net/station.h"

struct query;

struct query *query_open(struct shared *shared, void *context, struct fault *fault);
struct station *query_station(struct query *query);
struct station *query_admin_station(struct query *query);
void query_close(struct query **query);

// query_run serves until `stop` (an eventfd) is rung, then says BYE.
void query_run(struct query *query, int stop);

#endif
