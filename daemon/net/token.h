// Page tokens: where the next page begins, bound to the question it belongs to and to this
// history, checked so that a token that was made up or mixed up is noticed. Opaque outside.
#ifndef NET_TOKEN_H
#define NET_TOKEN_H

#include "proto/proto.h"

#define TOKEN_BYTES 24U

// What a page is asked of, besides the token: equal questions have equal hashes.
uint64_t token_question(uint64_t epoch, struct slice source, struct slice uri,
    int64_t since_us, int64_t until_us);

void token_write(uint64_t next, uint64_t question, uint8_t out[TOKEN_BYTES]);
// token_read gives BAD_TOKEN for anything that token_write did not make for the question.
enum wire_err token_read(struct slice token, uint64_t question, uint64_t *next_out);

#endif
