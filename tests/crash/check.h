// What the replayer asks of a store that a power cut left behind. One file implements these
// for one kind of store: check_log.c for the log alone, check_naive.c for the controls,
// check_store.c for the daemon's whole store. Records are numbered from 1 without holes and
// their bytes follow from the number (toy.h).
#ifndef CRASH_CHECK_H
#define CRASH_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHECK_WHY 512

struct check;

enum check_result {
    CHECK_OK,
    CHECK_ABSENT,  // there is no store yet
    CHECK_FAILED,  // why says what the store said
    CHECK_DAMAGED, // it opened, and why says what is not whole in it
};

// check_begin is called once, before anything else.
bool check_begin(void);

// check_promise says what the receipt of a record was. The bytes stand for ever.
void check_promise(uint64_t number, const uint8_t *bytes, size_t size);

// check_open recovers the store under directory, as the daemon would at its start.
enum check_result check_open(
    const char *directory, struct check **out, char why[static CHECK_WHY]);

// check_walk gives every record that recovery found, in order. Those before were filed
// elsewhere and have left the log: check_filed says up to which number. False, with a
// reason, when one is not as it was promised.
typedef void check_record_fn(
    void *context, uint64_t number, const uint8_t *bytes, size_t size);
uint64_t check_filed(const struct check *check);
bool check_walk(struct check *check, check_record_fn *each, void *context,
    char why[static CHECK_WHY]);

// check_append adds a record and returns when it is as durable as a receipt says.
bool check_append(struct check *check, uint64_t number, const uint8_t *bytes,
    size_t size, char why[static CHECK_WHY]);
void check_close(struct check **check);

#endif
