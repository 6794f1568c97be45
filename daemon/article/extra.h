// What a stored record keeps beside its receipt, so that its submission can be read again
// as it was: the hints it came with, where there were any worth a word; and of a verb what
// was asked for. A packed array whose first element says which:
//
//   [1, format, issue_date, page, language, zone, charset, all_or_nothing]
//   [3, verb, arguments (bin)]
#ifndef ARTICLE_EXTRA_H
#define ARTICLE_EXTRA_H

#include "article/record.h"

// extra_encode appends what is to be kept of a record; nothing where its row says it all.
void extra_encode(const struct record *r, struct wire_writer *w);

// extra_take gives what was kept: a verb, or hints into sent. False: neither is there.
bool extra_verb(struct slice extra, struct admin *out);
bool extra_hints(struct slice extra, struct submission *sent);

// submission_request_digest is what makes two submissions the same: BLAKE2b-256 over the
// digest of the raw bytes and the hints, each with its length before it.
struct digest submission_request_digest(const struct submission *s);

// ---- arguments of the verbs that give history new rules. Numbers little-endian.
//
// A stamp says that a revision is what the rules of today make of its submission, and
// under which key its text is found by them.
struct stamp {
    uint64_t seq;
    uint64_t rules;
    uint16_t normalizer, key_version;
    bool has_key;
    struct digest key_digest;
};
#define STAMP_BYTES (8U + 8U + 2U + 2U + 1U + DIGEST_BYTES)
void stamp_encode(const struct stamp *stamp, struct wire_writer *w); // raw bytes
bool stamp_take(struct slice *stamps, struct stamp *out); // the next, moving on

// "renewed": a submission was read again and some of its items differ. Which: the
// revisions that the items take the place of, 0 where one is left as it is.
struct renewed {
    uint64_t of;       // record of the submission
    struct slice seqs; // 8 bytes an item
};
void renewed_encode(const struct renewed *renewed, struct wire_writer *w);
bool renewed_take(struct slice args, struct renewed *out);
uint64_t renewed_seq(const struct renewed *renewed, uint32_t item);

// "renewal": how far a run has come, and what it stamped on its way.
struct renewal_step {
    struct slice run;    // packed, opaque here
    struct slice stamps; // one after another
};
void renewal_step_encode(const struct renewal_step *step, struct wire_writer *w);
bool renewal_step_take(struct slice args, struct renewal_step *out);

// "rules": the rules of a source from here on.
struct rules_set {
    uint64_t number;
    struct slice rules; // packed
};
void rules_set_encode(const struct rules_set *set, struct wire_writer *w);
bool rules_set_take(struct slice args, struct rules_set *out);

#define VERB_RULES "rules"
#define VERB_RENEWED "renewed"
#define VERB_RENEWAL "renewal"

#endif
