// What a reader process gives up before it looks at a stranger's bytes: the file system,
// the network, new privileges, every system call but a handful, and memory past a limit.
#ifndef PIPELINE_SANDBOX_H
#define PIPELINE_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

// sandbox_close is for good. False with a sentence in why (size bytes) when the kernel
// lacks what is needed: the reader then must not start. True with a sentence when it goes
// without something it would rather have.
bool sandbox_close(uint64_t memory_bytes, char *why, unsigned size);

#endif
