// Writing msgpack (through msgpack-c) into a buffer that grows. Sticky: out of memory sets
// failed and later calls do nothing; look once at the end.
#ifndef PROTO_ENCODE_H
#define PROTO_ENCODE_H

#include "proto/slice.h"

struct wire_writer {
    uint8_t *data; // owned; freed by wire_writer_fini
    size_t size, capacity;
    bool failed;
};

void wire_writer_init(struct wire_writer *w); // all zeros is an empty writer too
void wire_writer_reset(struct wire_writer *w); // empty again, memory kept
void wire_writer_fini(struct wire_writer *w);
// wire_writer_reserve makes room for `more` bytes at once: a buffer that doubles copies.
void wire_writer_reserve(struct wire_writer *w, size_t more);
struct slice wire_written(const struct wire_writer *w); // borrowed until the next write

void wire_put_nil(struct wire_writer *w);
void wire_put_bool(struct wire_writer *w, bool value);
void wire_put_int(struct wire_writer *w, int64_t value);
void wire_put_uint(struct wire_writer *w, uint64_t value);
void wire_put_float(struct wire_writer *w, double value);
void wire_put_str(struct wire_writer *w, struct slice text); // text must be UTF-8
void wire_put_bin(struct wire_writer *w, struct slice bytes);
void wire_put_array(struct wire_writer *w, uint32_t count); // count elements must follow
void wire_put_map(struct wire_writer *w, uint32_t pairs);   // pairs keys and values follow
// wire_put_encoded copies bytes that already are one msgpack value.
void wire_put_encoded(struct wire_writer *w, struct slice value);
// wire_put_raw copies bytes as they are: for what is not msgpack.
void wire_put_raw(struct wire_writer *w, struct slice bytes);

// Here, so that the length of a key is known when it is compiled.
static inline void
wire_put_key(struct wire_writer *w, const char *key)
{
    wire_put_str(w, slice_str(key));
}

// A map whose pairs are counted as they come; all zeros is an empty one. wire_pairs_key
// gives the writer that takes the value; text that is empty and a number that is 0 are not
// put. wire_pairs_end writes the map into w and forgets the pairs.
struct wire_pairs {
    struct wire_writer bytes;
    uint32_t count;
};
struct wire_writer *wire_pairs_key(struct wire_pairs *p, const char *key);
void wire_pairs_text(struct wire_pairs *p, const char *key, struct slice text);
void wire_pairs_number(struct wire_pairs *p, const char *key, uint64_t n);
void wire_pairs_end(struct wire_pairs *p, struct wire_writer *w);

#endif
