// What the log carries: a submission as prepared by a reader, with its verdict. Three
// parts, each written once by whoever knows it:
//
//   submission   intake: who sent what, under which id, with which hints
//   prepared     a reader process: the items, normalized, digested, compressed
//   verdict      the writer: outcome and numbers of each item, and the receipt's bytes
//
// Each part is one msgpack array whose first element is its layout version. To change a
// layout: add one to its version, keep the decoder of the old number beside the new one,
// and add a pair of old bytes and their meaning to tests/corpus/records/.
#ifndef ARTICLE_RECORD_H
#define ARTICLE_RECORD_H

#include "article/article.h"
#include "article/life.h"
#include "base/compress.h"

#define SUBMISSION_LAYOUT 1
#define PREPARED_LAYOUT 1
#define VERDICT_LAYOUT 1
#define RECORD_LAYOUT 1
#define RECORD_LAYOUT_RULES 2 // the same, and which rules it was prepared by
#define SUBMISSION_ID_BYTES 16
#define RECORD_BYTES_MAX (16U << 20)

// A submission as intake took it. Slices borrow from the message or the record.
struct submission {
    uint8_t id[SUBMISSION_ID_BYTES];
    struct slice source, principal;
    struct slice format, issue_date, page, language, zone,
        charset; // hints, may be empty
    bool all_or_nothing;
    struct digest request_digest; // over raw and hints: "the same submission"
    struct digest raw_digest;     // over raw alone
    uint64_t raw_bytes;
    int64_t house_us, wall_us; // stamped by the writer
};

enum item_fate {
    ITEM_READ,
    ITEM_QUARANTINED, // could not be read
    ITEM_REJECTED,    // read, but breaks a stated limit
};
struct prepared_item {
    enum item_fate fate;
    enum wire_err code; // why, unless ITEM_READ, with place and words below
    uint64_t at;
    struct slice field, words;
    struct slice uri; // made from the key digest where the source gave none
    bool has_id;      // the source gave the uri
    bool has_key;     // there is text to compare
    bool correction;
    struct slice version; // empty: none
    int64_t version_created_us;
    struct axes axes;
    uint8_t urgency;
    struct slice language, headline, slugline;
    struct slice subjects; // packed list of str: uri or literal of each subject
    struct slice warnings; // packed list of str: "code" or "code where"
    struct digest article_digest, key_digest;
    // The stored block: article in canonical form, then, where raw_bytes is not 0, the
    // whole submission as sent (single-item submissions), compressed as one.
    enum codec codec;
    uint32_t article_bytes, raw_bytes;
    struct slice block;
};
struct prepared {
    uint16_t normalizer, key_version; // versions of the rules that made it
    struct slice format;              // format word it was read as
    uint32_t count;
    struct prepared_item *items; // arena of the decoder
    // The submission as sent, where it is not in an item's block: several items, none, or
    // one that could not be read. Absent (raw_bytes 0) otherwise.
    enum codec raw_codec;
    uint32_t raw_bytes;
    struct slice raw_block;
};

struct item_verdict {
    enum outcome outcome;
    enum change_class change_class; // CHANGE_NONE unless outcome_files
    uint64_t item;                  // number of the item; 0: none
    uint64_t seq;                   // revision filed; 0: none
    uint64_t previous;              // revision of the item filed before it; 0: first
    uint64_t current;               // the item's current revision after this one
    uint64_t content;         // TOUCHED: the revision that holds the content, else seq
    uint64_t of_item, of_seq; // DUPLICATE, UNCHANGED, CONFLICT, STALE: of what
    uint64_t story;           // number of the story: that of its first item
    struct axes axes;         // of the item after the change
};
struct verdict {
    uint64_t record;    // number of the record in its order, from 1
    uint64_t first_seq; // of its run; 0: it takes none
    uint64_t last_seq;
    uint32_t count;
    struct item_verdict *items; // arena of the judge or decoder
    struct slice receipt;       // body of RECEIPT, byte-equal for ever
};

enum record_kind {
    RECORD_SUBMISSION = 1,
    RECORD_SKIP = 2,  // names a record that must not be filed: it killed two starts
    RECORD_ADMIN = 3, // somebody's verb, with what it files, if anything
};
// What was asked for: a verb and its arguments, a packed map. A verb that is not known is
// DAMAGED where it is filed: which verbs there are is pipeline/'s to know.
struct admin {
    struct slice verb, args;
};
#define ADMIN_VERB_MAX 32U
#define ADMIN_ARGS_MAX 65536U
// A record in the log: kind, then its parts.
struct record {
    enum record_kind kind;
    struct submission submission;
    struct slice prepared_bytes; // one prepared, as encoded
    struct prepared prepared;
    struct verdict verdict;
    uint64_t rules;       // number of the source's rules it was prepared by; 0: none
    uint64_t skip_record; // RECORD_SKIP
    struct admin admin;   // RECORD_ADMIN
};

// Encoders append; decoders scan first, take nothing on trust, and borrow from bytes;
// lists live in arena. Failure is READER_ANSWER for a prepared (a stranger's bytes) and
// DAMAGED for the others, with the element's place in fault.
void submission_encode(const struct submission *s, struct wire_writer *w);
enum wire_err submission_decode(
    struct slice bytes, struct submission *out, struct fault *fault);
void prepared_encode(const struct prepared *p, struct wire_writer *w);
enum wire_err prepared_decode(
    struct slice bytes, struct arena *arena, struct prepared *out, struct fault *fault);
// prepared_decode_own takes what the daemon made itself: that may hold no items.
enum wire_err prepared_decode_own(
    struct slice bytes, struct arena *arena, struct prepared *out, struct fault *fault);
void verdict_encode(const struct verdict *v, struct wire_writer *w);
void record_encode(const struct record *r, struct wire_writer *w);
// record_encode_around appends a submission's record without its prepared_bytes: they
// belong behind the first `where` bytes appended, the number it returns.
size_t record_encode_around(const struct record *r, struct wire_writer *w);
enum wire_err record_decode(
    struct slice bytes, struct arena *arena, struct record *out, struct fault *fault);
// record_skipped gives the record that a RECORD_SKIP names; 0: it is another kind. It looks
// at nothing else of a record, which may be the one that must not be touched.
uint64_t record_skipped(struct slice bytes);

// receipt_encode appends the body of RECEIPT: a map {submission, source, record, time,
// items: [{outcome, state, uri, version, revision, seq, story, of, relation, score,
// warnings, error}]}, keys absent when empty. of_uris[i] is "SOURCE:URI" of what item i
// is a duplicate or conflict of, empty where there is none.
void receipt_encode(const struct submission *s, const struct prepared *p,
    const struct verdict *v, const struct slice *of_uris, struct wire_writer *w);

// receipt_encode_settled is that of a RECORD_ADMIN: with what was done, and to which entry
// of the quarantine.
void receipt_encode_settled(const struct record *r, uint64_t entry,
    const struct slice *of_uris, struct wire_writer *w);

// advice_encode appends the body of ADVICE: a map {source, format, seq, time, items as in
// a receipt, explanation}. What was not filed has no numbers: the verdict's are left out by
// whoever made it.
struct advice {
    const struct submission *submission;
    const struct prepared *prepared;
    const struct verdict *verdict;
    const struct slice *of_uris;
    uint64_t seq;           // of the checkpoint it was judged from
    struct slice explained; // encoded; empty: not asked for
};
void advice_encode(const struct advice *a, struct wire_writer *w);

// version_integer reads a version of 1 to 18 digits; -1 for any other word.
int64_t version_integer(struct slice version);

#endif
