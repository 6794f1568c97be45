// libwireroom: push articles to a wire room, follow what changes, ask for what is filed.
// Speaks the protocol of docs/protocol.txt over libzmq.
//
// A handle belongs to one thread at a time. No globals, no threads of its own but libzmq's,
// never aborts, prints nothing. Every function that can fail returns enum wireroom_status;
// after a failure wireroom_fault() says what, where, and what to do next. Text is UTF-8;
// times are microseconds since 1970 UTC. Pointers that come out of the library live until
// the next call on the same handle unless the function says otherwise.
#ifndef WIREROOM_H
#define WIREROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define WIREROOM_API __attribute__((visibility("default")))
#else
#define WIREROOM_API
#endif

enum wireroom_status {
    WIREROOM_OK = 0,
    WIREROOM_TIMEOUT,   // nothing came within the time given; the handle goes on
    WIREROOM_NO_SERVER, // nobody answered HELLO
    WIREROOM_REFUSED,   // the daemon refused: see wireroom_fault
    WIREROOM_PROTOCOL,  // what came is not of the protocol
    WIREROOM_MEMORY,
    WIREROOM_USAGE, // an argument is wrong
};

struct wireroom;

// What went wrong last. Texts live until the next call on the handle.
struct wireroom_fault {
    enum wireroom_status status;
    unsigned code; // number in docs/protocol.txt, ERRORS; 0 if the daemon said nothing
    const char *name; // "OVER_CREDIT"
    bool transient;   // the same again later may succeed
    uint64_t retry_after_ms;
    uint64_t seq;      // the place a refusal names: oldest, last common, head
    const char *words; // one cause
    const char *next;  // one next step
};

struct wireroom_options {
    const char *address;   // of the submit socket; NULL: $WIREROOM_SERVER
    const char *client;    // name and version of your program, for the daemon's log
    const char *principal; // who speaks; believed only by a daemon with --open
    int timeout_ms;        // for an answer; 0: 5,000
};

// wireroom_open says HELLO and waits for WELCOME. *out is set even on failure, for
// wireroom_fault, unless memory ran out; close it either way.
WIREROOM_API enum wireroom_status wireroom_open(
    const struct wireroom_options *options, struct wireroom **out);
WIREROOM_API void wireroom_close(struct wireroom **w); // NULL is fine
WIREROOM_API const struct wireroom_fault *wireroom_fault(const struct wireroom *w);
WIREROOM_API const char *wireroom_version(void);

// What WELCOME said.
struct wireroom_welcome {
    const char *server, *principal;
    uint64_t epoch, seq, submission_bytes, submission_items;
    const char *const *formats; // NULL-terminated
};
WIREROOM_API const struct wireroom_welcome *wireroom_welcome(const struct wireroom *w);

// ---- submit

struct wireroom_submission {
    const void *bytes; // the document as the source gave it; copied
    size_t size;
    const uint8_t *id;  // 16 random bytes, kept with the document for ever: sending the
                        // same again is safe; NULL: a new one is made
    const char *source; // NULL: the principal's only one
    const char *format; // NULL: auto
    const char *issue_date, *page, *language, *zone, *charset; // hints, may be NULL
    bool all_or_nothing;
    void *context; // comes back with the answer
};

// The answer to one submission. A receipt is one msgpack map, see docs/protocol.txt,
// RECEIPT; wireroom_json makes text of it. Without one, fault says why it was refused.
struct wireroom_answer {
    void *context;
    uint8_t id[16];
    const void *receipt; // NULL: refused for good
    size_t receipt_size;
    struct wireroom_fault fault;
};
typedef void wireroom_answer_fn(void *user, const struct wireroom_answer *answer);

// wireroom_submit queues a submission; it leaves as credit allows, is sent again after a
// lost connection or a transient refusal, and is answered through fn in some later
// wireroom_pump. USAGE: larger than the daemon takes. At most 1,024 are kept: TIMEOUT then,
// pump and try again.
WIREROOM_API enum wireroom_status wireroom_submit(struct wireroom *w,
    const struct wireroom_submission *submission, wireroom_answer_fn *fn, void *user);

// wireroom_pump sends, receives and keeps the connection alive, waiting at most timeout_ms
// for something to happen. Call it whenever wireroom_fd is readable, and every second.
WIREROOM_API enum wireroom_status wireroom_pump(struct wireroom *w, int timeout_ms);
WIREROOM_API int wireroom_fd(const struct wireroom *w);
WIREROOM_API size_t wireroom_pending(const struct wireroom *w); // not yet answered

// wireroom_submit_wait submits one and waits for its answer, as long as it takes but at
// most timeout_ms of silence.
WIREROOM_API enum wireroom_status wireroom_submit_wait(struct wireroom *w,
    const struct wireroom_submission *submission, wireroom_answer_fn *fn, void *user);

// ---- follow

enum wireroom_bodies {
    WIREROOM_ROWS,
    WIREROOM_HEADERS,
    WIREROOM_FULL,
};
#define WIREROOM_HEAD UINT64_MAX

struct wireroom_place {
    bool snapshot; // every item first, then what changed
    bool has_since;
    int64_t since_us; // with has_since: from this time
    uint64_t after;   // else: changes with a greater seq; WIREROOM_HEAD: only new ones
    const uint8_t *cursor; // else, if not NULL: 24 bytes kept from wireroom_change
    enum wireroom_bodies bodies;
};

struct wireroom_change {
    const void *map; // one CHANGE, a msgpack map
    size_t size;
    uint64_t seq, epoch;
    bool snapshot;      // part of the snapshot
    bool at_head;       // nothing after it was durable when the daemon last said
    bool has_cursor;    // the last of what came together: cursor goes on after it. Between
    uint8_t cursor[24]; // two of these keep the older one; what follows it comes again
};

// wireroom_follow begins at a place. A refusal (TOO_OLD, EPOCH_CHANGED) comes from here or
// from wireroom_next.
WIREROOM_API enum wireroom_status wireroom_follow(
    struct wireroom *w, const struct wireroom_place *place);

// wireroom_next gives the next change, in order, none missing: after a lost connection it
// goes on where it was. TIMEOUT: none within timeout_ms. What it gave before counts as
// dealt with and is acknowledged.
WIREROOM_API enum wireroom_status wireroom_next(
    struct wireroom *w, int timeout_ms, struct wireroom_change *out);

// wireroom_at_head says whether everything durable, as last told, was given.
WIREROOM_API bool wireroom_at_head(const struct wireroom *w);

// ---- ask

// An answer in bytes, which live until the next call on the handle.
struct wireroom_bytes {
    const void *data;
    size_t size;
};

// Each waits for its answer; what this handle was receipted or was shown is in it.
// The current revision, or the one named by revision (0: none) or version (NULL: none).
WIREROOM_API enum wireroom_status wireroom_get(struct wireroom *w, const char *source,
    const char *uri, uint64_t revision, const char *version,
    struct wireroom_bytes *map_out);
// A page of items, most lately changed first; *token is 0 bytes at first and is filled in
// for the next page (at most 64 bytes); more_out says whether there is one.
struct wireroom_token {
    uint8_t bytes[64];
    size_t size;
};
WIREROOM_API enum wireroom_status wireroom_list(struct wireroom *w, const char *source,
    const int64_t *since_us, unsigned limit, struct wireroom_token *token,
    struct wireroom_bytes *maps_out, bool *more_out);
WIREROOM_API enum wireroom_status wireroom_history(struct wireroom *w,
    const char *source, const char *uri, unsigned limit, struct wireroom_token *token,
    struct wireroom_bytes *maps_out, bool *more_out);
// The bytes as sent, of an item's current revision, a revision, or a record.
WIREROOM_API enum wireroom_status wireroom_raw(struct wireroom *w, const char *source,
    const char *uri, uint64_t revision, uint64_t record,
    struct wireroom_bytes *raw_out);
// STATE as one msgpack map with the names of docs/protocol.txt.
WIREROOM_API enum wireroom_status wireroom_state(
    struct wireroom *w, struct wireroom_bytes *map_out);
WIREROOM_API enum wireroom_status wireroom_ping(struct wireroom *w, int64_t *us_out);

// wireroom_json makes JSON text of one msgpack value, times as RFC 3339; free() it. NULL
// if the value is not well-formed or memory ran out.
WIREROOM_API char *wireroom_json(const void *value, size_t size, bool pretty);

#ifdef __cplusplus
}
#endif

#endif
