// From a SUBMIT as it came to a job for the pipeline: everything that can be refused without
// reading the document is refused here.
#ifndef NET_SUBMIT_H
#define NET_SUBMIT_H

#include "net/station.h"

// submit_check decodes the header and checks rights, size, source and format; false: refused.
// source_out borrows from the letter or the principal.
bool submit_check(struct station *station, struct letter *letter,
    struct wire_submit *message_out, struct slice *source_out);

// submit_job takes header and body out of the letter: nothing is copied, and the job's
// release closes them. The digests are taken here. NULL out of memory.
struct job *submit_job(
    struct letter *letter, const struct wire_submit *message, struct slice source);

// submit_verb makes a job of a SETTLE; NULL out of memory.
struct job *submit_verb(struct letter *letter, const struct wire_settle *message);

// submit_peer gives who sent a job.
struct peer *submit_peer(const struct job *job);

// submit_digest is what makes two submissions the same: BLAKE2b-256 over the digest of the
// raw bytes, then of each hint in the order of messages.def (format, issue_date, page,
// language, zone, charset) its length as 4 bytes, little-endian, and its bytes; then one
// byte, 1 for all_or_nothing. An absent format is "auto", any other absent hint is empty.
struct digest submit_digest(const struct submission *s);

#endif
