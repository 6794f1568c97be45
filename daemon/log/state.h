// What the files of this room share: the open log, where it ends, and which file holds
// which segment.
#ifndef LOG_STATE_H
#define LOG_STATE_H

#include "log/batch.h"

// Where a log ends, or a walk over it stands: all that the next batch must follow.
struct log_tail {
    uint64_t position;
    uint64_t sum; // of the last batch
    uint64_t incarnation;
    uint64_t next_record, seq; // reached
    struct digest hash;        // reached
};

// A file keeps its name and holds one segment after another. Which one is said by the
// header in its first block; a file not in use waits to be taken.
struct log_file {
    bool in_use;
    bool dirty;       // written since its last sync
    uint64_t segment; // number, when in use
};

struct log {
    unsigned magic;
#define LOG_MAGIC 0x6c6f6721
    struct log_driver driver;
    struct batch_origin origin;
    uint32_t ahead;
    struct log_file *files;
    uint64_t file_count;
    struct log_tail tail;
    uint64_t synced;
    bool opened;       // this incarnation's opening is written and synced
    bool room_gone;    // log_prepare met a full disk; wait for a trim
    uint64_t reserved; // bytes of the batch that may be appended now
    uint8_t *buffer;   // one batch
    uint64_t buffer_bytes;
    enum wire_err failed; // sticky: the disk failed, nothing can be promised any more
    struct fault why;     // and this is what happened
};

#define LOG_NO_FILE UINT64_MAX

// log_place says where a batch of so many bytes goes: at the tail, or at the start of the
// next segment when the rest of this one is too short.
uint64_t log_place(const struct log *log, uint64_t bytes);
enum wire_err log_buffer(struct log *log, uint64_t bytes);
// log_io_fault notes that a call of the driver failed for good and gives the code.
enum wire_err log_io_fault(
    struct log *log, uint64_t file, const char *what, int error, struct fault *fault);
void log_file_name(uint64_t file, char out[static 32]);

// segments.c: files and what they hold.
enum wire_err segments_adopt(struct log *log, uint64_t count);
uint64_t segments_find(const struct log *log, uint64_t segment);
uint64_t segments_ready(const struct log *log);
// segments_take gives a file that is not in use to a segment; there must be one.
uint64_t segments_take(struct log *log, uint64_t segment);
// segments_make goes on making one more file. STORE_FULL is not final.
enum wire_err segments_make(
    struct log *log, uint64_t budget, bool *whole_out, struct fault *fault);
void segments_free_before(struct log *log, uint64_t position);
// segments_kept gives the segment with the last batch before position.
uint64_t segments_kept(const struct log *log, uint64_t position);

// recover.c: everything of log_open that comes before the opening.
enum wire_err recover(struct log *log, uint64_t from,
    const struct log_settings *settings, log_replay_fn *replay, void *context,
    struct fault *fault);
// recover_check is its first half, which writes nothing.
enum wire_err recover_check(struct log *log, uint64_t from, struct fault *fault);

// salvage.c: the whole of log_salvage.
enum wire_err salvage(struct log *log, uint64_t from,
    const struct log_settings *settings, log_replay_fn *found, void *context,
    struct log_wreck *wreck, struct fault *fault);

#endif
