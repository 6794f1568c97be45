// The reader processes. Intake's thread sends and starts them again; the writer's thread
// receives. What both touch - the queue of jobs inside a reader - is under one lock, held
// for a few pointer moves.
#ifndef PIPELINE_POOL_H
#define PIPELINE_POOL_H

#include <pthread.h>
#include <sys/types.h>

#include "pipeline/hop.h"
#include "pipeline/pipeline.h"

#define POOL_READERS_MAX 64U

enum reader_end { // why the daemon ended a reader; the kernel's word otherwise
    END_BY_ITSELF,
    END_TIME,
    END_MEMORY,
    END_ANSWER,
};

struct slot {
    // Under the pool's lock.
    struct job *first, *last; // inside the reader, oldest first
    uint32_t jobs, chores; // chores: of the jobs, those that nobody waits for
    uint64_t bytes;
    enum reader_end end;
    pid_t pid;
    struct hop_progress *progress; // shared with the process; what it says may be a lie
    bool ready;                    // it closed its sandbox and said so

    // Intake's.
    struct job *unsent, *unsent_last; // by send_next: those with bytes still to go
    size_t unsent_at;                 // bytes of the first that went
    uint64_t taken;                   // submissions given to this process
    uint64_t next_tag;
    bool retiring, waiting_to_send;
    uint32_t stillborn;     // processes running that ended before they were ready,
    int64_t rests_until_us; // and how long none is started; 0: one runs

    // The writer's.
    int fd;
    struct chunk *in; // being read into
    size_t in_at;     // of what is not taken yet
    pid_t seen_pid;        // the process when last looked,
    uint64_t seen_tag;     // what it was at,
    int64_t seen_since_us; // and since when
};

struct pool {
    const struct pipeline_settings *settings;
    pthread_mutex_t lock;
    struct slot slots[POOL_READERS_MAX];
    uint32_t count;
    struct job *waiting, *waiting_last; // intake's: to be sent before any new job
    int intake_epoll, writer_epoll;
    int alarm_fd; // intake's: when the next slot has rested
    struct mailbox *dead;   // writer to intake: struct slot *
    struct mailbox *failed; // intake to writer: jobs that two readers failed on
};

enum wire_err pool_open(
    struct pool *pool, const struct pipeline_settings *settings, struct fault *fault);
void pool_close(struct pool *pool);

// Intake's thread.
bool pool_submit(struct pool *pool, struct job *job);
// pool_chore takes a job for the reader that live work comes to last, while nothing live is
// inside of any; false: not now.
bool pool_chore(struct pool *pool, struct job *job);
void pool_flush(struct pool *pool);
void pool_turn(struct pool *pool); // when intake_epoll is readable

// Between the files of the pool: pool_start_slot starts the slot's process, pool_enter puts
// a job into it, to leave at the next flush.
enum wire_err pool_start_slot(struct pool *pool, struct slot *slot);
void pool_enter(struct pool *pool, struct slot *slot, struct job *job);
// pool_rest lets a slot be for a growing while; pool_wake starts those that have rested.
void pool_rest(struct pool *pool, struct slot *slot);
void pool_wake(struct pool *pool);

// The writer's thread. pool_receive reads what slot's reader answered and gives each job
// to done; on the reader's end it tells intake. pool_watch ends readers that are over
// their deadline or memory; returns milliseconds until it should be called again.
typedef void pool_done_fn(void *context, struct job *job);
void pool_receive(
    struct pool *pool, struct slot *slot, pool_done_fn *done, void *context);
int pool_watch(struct pool *pool, int64_t now_us);
uint32_t pool_inside(struct pool *pool); // jobs inside readers, chores not counted

// reader_start begins a process; its end of the socketpair is closed here.
// progress_out is a page to be unmapped with reader_forget_page.
pid_t reader_start(const struct pipeline_settings *settings, int *fd_out,
    struct hop_progress **progress_out);
void reader_forget_page(struct hop_progress **progress);
// reader_sandbox_holds starts a reader that makes a forbidden call; true if it was killed
// for it.
bool reader_sandbox_holds(
    const struct pipeline_settings *settings, char *why, size_t size);

#endif
