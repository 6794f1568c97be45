// libwireroom: push articles to a wire room, follow what changes, ask for what is filed.
// Speaks the protocol of docs/protocol.txt over libzmq.
//
// A handle belongs to one thread at a time. No globals, no threads but libzmq's own, never
// aborts, prints nothing. Every function that can fail returns enum wireroom_status; after
// a failure wireroom_fault() says what, where, and what to do next. Text is UTF-8, times
// are microseconds since 1970 UTC. What goes in is copied before the call returns. What
// comes out belongs to the library and lives until the next call on the same handle,
// unless the function says otherwise.
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
    WIREROOM_FULL,      // as many submissions as can be kept are on their way
    WIREROOM_NO_SERVER, // nobody answers; the handle goes on trying
    WIREROOM_DENIED,    // the system does not let us near the socket
    WIREROOM_REFUSED,   // the daemon refused: code and name say why
    WIREROOM_PROTOCOL,  // what came is not of the protocol
    WIREROOM_MEMORY,
    WIREROOM_USAGE, // an argument is wrong
};

struct wireroom;

// What went wrong last; lives until the next call on the handle.
struct wireroom_fault {
    enum wireroom_status status;
    unsigned code; // number in docs/protocol.txt, ERRORS; 0 if the daemon said nothing
    const char *name; // of the code: "OVER_CREDIT"; "" without one
    bool transient;   // the same again later may succeed
    uint64_t retry_after_ms;
    uint64_t seq; // the place a refusal names: oldest, last common (0: not known), head
    const char *words; // one cause
    const char *next;  // one next step, may be ""
};

struct wireroom_options {
    const char *address;   // of the submit socket; NULL: $WIREROOM_SERVER
    const char *client;    // name and version of your program, for the daemon's log
    const char *principal; // who speaks; believed only by a daemon with --open
    int timeout_ms;        // for an answer; 0: 5,000
    bool dont_wait;        // wireroom_open returns at once, wireroom_process greets
};

// wireroom_open connects, and waits for the daemon's greeting unless told not to. *out is
// set even on failure, for wireroom_fault, unless memory ran out; close it either way.
WIREROOM_API enum wireroom_status wireroom_open(
    const struct wireroom_options *options, struct wireroom **out);
// wireroom_close forgets submissions without an answer; their callbacks are not called.
WIREROOM_API void wireroom_close(struct wireroom **w); // NULL is fine
WIREROOM_API const struct wireroom_fault *wireroom_fault(const struct wireroom *w);
WIREROOM_API const char *wireroom_version(void);

// What the daemon's greeting said. Lives as long as the handle, and changes with the next
// greeting, after a lost connection. NULL before the first.
struct wireroom_welcome {
    const char *server, *principal;
    uint64_t epoch, seq; // of its history; the last change at that moment
    uint64_t submission_bytes, submission_items;
    const char *const *formats; // words for wireroom_submission, NULL-terminated
};
WIREROOM_API const struct wireroom_welcome *wireroom_welcome(const struct wireroom *w);

// ---- event loops
//
// wireroom_fd is readable whenever there is something to do, heartbeats included. Then call
// wireroom_process(w, 0), and where you follow, wireroom_next(w, 0, ..) until it gives
// TIMEOUT: only then is the descriptor sure to become readable again.

// wireroom_process sends, receives and keeps the connections alive, and waits at most
// timeout_ms for something to happen. Callbacks of submissions are called from inside.
// NO_SERVER: not connected for longer than options.timeout_ms; call again to wait on.
WIREROOM_API enum wireroom_status wireroom_process(struct wireroom *w, int timeout_ms);
WIREROOM_API int wireroom_fd(const struct wireroom *w);

// ---- values
//
// Receipts and changes are msgpack values, checked when they came: maps with the names of
// docs/protocol.txt. A value borrows from what it was taken from. Size 0: absent; each
// function below takes an absent value, or one of another type, and gives nothing.

struct wireroom_value {
    const void *data;
    size_t size;
};
WIREROOM_API struct wireroom_value wireroom_member(
    struct wireroom_value map, const char *key);
// wireroom_text gives text or bytes, not NUL-terminated; NULL and 0 if it is neither.
WIREROOM_API const char *wireroom_text(struct wireroom_value value, size_t *size_out);
// wireroom_copy_text gives it NUL-terminated in `to`, cut between characters if it must be.
WIREROOM_API const char *wireroom_copy_text(
    struct wireroom_value value, char *to, size_t size);
WIREROOM_API uint64_t wireroom_uint(struct wireroom_value value);
WIREROOM_API int64_t wireroom_int(struct wireroom_value value);
WIREROOM_API bool wireroom_bool(struct wireroom_value value);

// for (struct wireroom_elements e = wireroom_elements(list); wireroom_element(&e, &one);)
struct wireroom_elements {
    const void *at;
    size_t size;
    uint32_t left;
};
WIREROOM_API struct wireroom_elements wireroom_elements(struct wireroom_value list);
WIREROOM_API bool wireroom_element(
    struct wireroom_elements *elements, struct wireroom_value *out);

// wireroom_explanation makes text for people of an EXPLANATION; free() it. NULL as below.
WIREROOM_API char *wireroom_explanation(struct wireroom_value explanation);

// wireroom_json makes JSON text of a value, times as RFC 3339; free() it. NULL if the value
// is not well-formed or memory ran out.
WIREROOM_API char *wireroom_json(struct wireroom_value value, bool pretty);

// ---- submit

struct wireroom_submission {
    const void *bytes; // the document as the source gave it
    size_t size;
    const uint8_t *id;  // 16 random bytes, kept with the document for ever: sending the
                        // same again is safe; NULL: a new one is made
    const char *source; // NULL: the principal's only one
    const char *format; // NULL: auto
    const char *issue_date, *page, *language, *zone, *charset; // hints, may be NULL
    bool all_or_nothing;
    void *context; // comes back with the answer
    // dry_run files nothing: the answer's receipt is ADVICE of docs/protocol.txt, what would
    // become of the document by the last checkpoint; id is not looked at. explain adds its
    // EXPLANATION: how it was read and what was changed.
    bool dry_run, explain;
};

// The answer to one submission; lives until the callback returns.
struct wireroom_answer {
    void *context;
    uint8_t id[16];
    struct wireroom_value
        receipt;                 // docs/protocol.txt, RECEIPT; absent: refused for good
    struct wireroom_fault fault; // then this says why
};
// A callback may submit more; it must not close the handle, ask, or process.
typedef void wireroom_answer_fn(void *user, const struct wireroom_answer *answer);

// wireroom_submit queues a submission. It leaves as credit allows, is sent again under its
// id after a lost connection or a transient refusal, and is answered through fn (which may
// be NULL) from some later wireroom_process. While it is refused so, wireroom_fault says
// why. USAGE: larger than the daemon takes; where its limit is only learnt later, the answer
// is a refusal with TOO_LARGE. FULL: 1,024 or 64 MiB are kept; process first.
//
// Submissions of a handle are judged in the order they were given, but for one that is
// refused for now: those that had left behind it may pass. Who needs the order even then
// waits for each answer before the next.
WIREROOM_API enum wireroom_status wireroom_submit(struct wireroom *w,
    const struct wireroom_submission *submission, wireroom_answer_fn *fn, void *user);
WIREROOM_API size_t wireroom_pending(const struct wireroom *w); // not yet answered
// wireroom_put_off says why the oldest of what is pending was refused for now, where nothing
// of it can have been stored. NULL: some of it left, or left again, and may be stored.
WIREROOM_API const struct wireroom_fault *wireroom_put_off(const struct wireroom *w);

// wireroom_submit_wait submits one and waits for its answer, which fn (or NULL) is given:
// OK a receipt came, REFUSED it was refused for good. TIMEOUT, NO_SERVER: no answer within
// options.timeout_ms; whether it was stored is not known, and the same id again is safe.
// TIMEOUT with a code in wireroom_fault: it was put off with that refusal, nothing is stored.
WIREROOM_API enum wireroom_status wireroom_submit_wait(struct wireroom *w,
    const struct wireroom_submission *submission, wireroom_answer_fn *fn, void *user);

// ---- follow

enum wireroom_bodies {
    WIREROOM_BODIES_ROWS,
    WIREROOM_BODIES_HEADERS, // with headlines
    WIREROOM_BODIES_FULL,    // with articles
};
#define WIREROOM_HEAD UINT64_MAX

// Where to begin: the first of these that is set, else after.
struct wireroom_place {
    const uint8_t *cursor; // 24 bytes from a wireroom_change or wireroom_cursor
    bool snapshot;         // every item first, then what changed
    bool has_since;
    int64_t since_us; // with has_since: from this time
    uint64_t after;   // changes with a greater seq; WIREROOM_HEAD: only new ones
    uint64_t epoch;   // that `after` is of; 0: not checked
    enum wireroom_bodies bodies;
};

struct wireroom_change {
    struct wireroom_value map; // docs/protocol.txt, CHANGE
    uint64_t seq, epoch;
    bool snapshot;   // part of the snapshot
    bool has_cursor; // the last of what came together: cursor goes on behind it. Else
    uint8_t cursor[24]; // after = seq with epoch does, where this is no snapshot
};

// wireroom_follow begins to follow, in place of what was followed before.
WIREROOM_API enum wireroom_status wireroom_follow(
    struct wireroom *w, const struct wireroom_place *place);

// wireroom_next gives the next change, in order, none missing: after a lost connection it
// goes on where it was (a snapshot begins anew). What it gave before counts as dealt with
// and is acknowledged. TIMEOUT: none within timeout_ms. NO_SERVER: none, and not connected
// for longer than options.timeout_ms; call again to wait on. REFUSED (TOO_OLD,
// EPOCH_CHANGED, AHEAD: fault.seq names a place) and PROTOCOL end it: follow anew.
WIREROOM_API enum wireroom_status wireroom_next(
    struct wireroom *w, int timeout_ms, struct wireroom_change *out);

// wireroom_cursor gives the place behind everything that wireroom_next gave, the end of a
// snapshot included. False: none is known here, in the middle of what came together.
WIREROOM_API bool wireroom_cursor(const struct wireroom *w, uint8_t cursor_out[24]);

// wireroom_at_head says whether everything that was durable, as last told, was given.
WIREROOM_API bool wireroom_at_head(const struct wireroom *w);
// wireroom_head is that last durable seq.
WIREROOM_API uint64_t wireroom_head(const struct wireroom *w);

// ---- ask
//
// Each waits for its answer, at most options.timeout_ms. What this handle was receipted or
// was shown is in the answer. An item that is not there is REFUSED with NOT_FOUND.

// The CHANGE of the current revision with its article, or of the one named by revision (0:
// none) or the source's own version (NULL: none).
WIREROOM_API enum wireroom_status wireroom_get(struct wireroom *w, const char *source,
    const char *uri, uint64_t revision, const char *version,
    struct wireroom_value *change_out);

// A page of a list; zero it before the first, and hand it back for the next.
struct wireroom_page {
    struct wireroom_value changes; // a list of CHANGE
    bool more;
    uint8_t token[64];
    size_t token_size;
};
// Items, most lately changed first: of a source (NULL: any), filed since (NULL: ever), at
// most limit a page (0: 100).
WIREROOM_API enum wireroom_status wireroom_list(struct wireroom *w, const char *source,
    const int64_t *since_us, unsigned limit, struct wireroom_page *page);
// The changes of one item, newest first.
WIREROOM_API enum wireroom_status wireroom_history(struct wireroom *w,
    const char *source, const char *uri, unsigned limit, struct wireroom_page *page);

// The bytes as sent: of an item's current revision, of a revision, or of a record.
struct wireroom_bytes {
    const void *data;
    size_t size;
};
WIREROOM_API enum wireroom_status wireroom_raw(struct wireroom *w, const char *source,
    const char *uri, uint64_t revision, uint64_t record,
    struct wireroom_bytes *raw_out);
// Entries of the quarantine, newest first, for the role desk: of a source (NULL: any), with
// those that were settled or without. page->changes is a list of ENTRY maps.
WIREROOM_API enum wireroom_status wireroom_quarantine(struct wireroom *w,
    const char *source, bool settled, unsigned limit, struct wireroom_page *page);
// The ENTRY of one record, with the line at fault.
WIREROOM_API enum wireroom_status wireroom_quarantined(
    struct wireroom *w, uint64_t record, struct wireroom_value *entry_out);
// wireroom_settle does with an entry what a verb says (retry, release, drop), and waits for
// the receipt as wireroom_submit_wait does. The same again is always safe. REFUSED with
// STILL_UNREAD or SETTLED: nothing was done.
WIREROOM_API enum wireroom_status wireroom_settle(struct wireroom *w, uint64_t record,
    const char *verb, wireroom_answer_fn *fn, void *user);
// wireroom_renormalize begins to read history again by the rules of today: of a source
// (NULL: all), filed since then (NULL: ever). With dry nothing is filed. REFUSED with BUSY: a
// run is under way. map_out is the map RENEWAL of docs/protocol.txt. wireroom_renewal asks how
// far the last run has come. For the role admin.
WIREROOM_API enum wireroom_status wireroom_renormalize(struct wireroom *w,
    const char *source, const int64_t *since_us, bool dry,
    struct wireroom_value *map_out);
WIREROOM_API enum wireroom_status wireroom_renewal(
    struct wireroom *w, struct wireroom_value *map_out);
// STATE as a map with the names of docs/protocol.txt.
WIREROOM_API enum wireroom_status wireroom_state(
    struct wireroom *w, struct wireroom_value *map_out);
// The time from question to answer.
WIREROOM_API enum wireroom_status wireroom_ping(struct wireroom *w, int64_t *us_out);

#ifdef __cplusplus
}
#endif

#endif
