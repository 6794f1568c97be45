// The submit station: credit, the way into the pipeline and the receipts out of it. It always
// reads and never waits, so that no peer and no full pipeline can silence it.
// Runs on: intake.
#ifndef NET_INTAKE_H
#define NET_INTAKE_H

#include "net/station.h"

struct intake;

// intake_open makes the socket, not yet bound, in intake_station.
struct intake *intake_open(struct shared *shared, void *context, struct fault *fault);
struct station *intake_station(struct intake *intake);
void intake_close(struct intake **intake);

// intake_run serves until `stop` (an eventfd) is rung, then refuses what comes, answers what
// is inside and says BYE.
void intake_run(struct intake *intake, int stop);

#endif
