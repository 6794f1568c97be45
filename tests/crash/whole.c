#include "whole.h"

#include <stdio.h>
#include <stdlib.h>

struct pipeline_settings
whole_settings(const char *directory)
{
    static char path[2048];
    (void)snprintf(path, sizeof path, "%s/room", directory);
    return (struct pipeline_settings){.path = path,
        .accept_loss = getenv("CRASH_ACCEPT") != NULL,
        .segment_bytes = 16 * (uint64_t)4096,
        .map_bytes = 64U << 20,
        .checkpoint_bytes = 16U << 10,
        .index_head_bytes = 1024,
        .zero_ahead_bytes = 64U << 10,
        .ballast_bytes = 8U << 10,
        .checkpoint_records = 24,
        .checkpoint_idle_us = 3000,
        .batch_records = 8,
        .batch_bytes = 16U << 10,
        .submission_bytes = TOY_MOST,
        .readers = 2,
        .reader_memory_bytes = 256U << 20,
        .reader_deadline_us = 20 * SECOND_US,
        .reader_submissions = 1U << 20,
        .tail_rows = 16};
}

// Ids follow from the number alone: a record that a power cut left out and that is sent
// again with other bytes would meet its first self if that came back.
static void
fill_id(uint64_t number, uint8_t out[SUBMISSION_ID_BYTES])
{
    uint64_t words[2] = {toy_mix(number), toy_mix(number + 0x77697265)};
    memcpy(out, words, SUBMISSION_ID_BYTES);
}

void
whole_submission(uint64_t number, struct slice raw, struct submission *out)
{
    static const char *const sources[] = {"harbour", "inland", "city-desk"};
    *out = (struct submission){.source = slice_str(sources[number / 5 % 3]),
        .principal = SLICE("toy"),
        .format = SLICE("auto"),
        .raw_digest = digest_of(raw),
        .raw_bytes = raw.size};
    out->request_digest = out->raw_digest; // there are no hints
    fill_id(number, out->id);
}
