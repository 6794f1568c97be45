// Reader processes as the daemon starts and feeds them, without the daemon.
#ifndef BENCH_HOP_H
#define BENCH_HOP_H

#include <sys/types.h>

#include "proto/proto.h"

enum { BATCH_MAX = 256 };

struct hop_reader {
    pid_t pid;
    int fd;
};

// hop_start gives a reader of program that is ready; exits where there is none.
struct hop_reader hop_start(const char *program);
// hop_send writes count raws, each behind its submission; hop_receive reads as many answers
// and gives sum with all of them hashed into it.
void hop_send(const struct hop_reader *reader, const struct slice *submissions,
    const struct slice *raws, uint32_t count);
uint64_t hop_receive(const struct hop_reader *reader, uint32_t count, uint64_t sum);
double hop_cpu_us(const struct hop_reader *reader); // it has used
void hop_end(struct hop_reader *reader);

#endif
