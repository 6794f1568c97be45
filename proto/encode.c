// msgpack-c's packer over a buffer that doubles. The packer writes through a callback, so
// a lack of memory is remembered in the writer and nothing needs looking at in between.
#include "proto/encode.h"

#include <assert.h>
#include <msgpack/pack.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256

static bool
grow(struct wire_writer *w, size_t more)
{
    size_t wanted = w->capacity ? w->capacity : FIRST_CAPACITY;
    while (wanted - w->size < more) {
        if (wanted > SIZE_MAX / 2)
            return false;
        wanted *= 2;
    }
    uint8_t *data = realloc(w->data, wanted);
    if (!data)
        return false;
    w->data = data;
    w->capacity = wanted;
    return true;
}

static int
append(void *sink, const char *bytes, size_t size)
{
    struct wire_writer *w = sink;
    if (w->failed || (w->capacity - w->size < size && !grow(w, size))) {
        w->failed = true;
        return -1;
    }
    if (size > 0)
        memcpy(w->data + w->size, bytes, size);
    w->size += size;
    return 0;
}

static msgpack_packer
packer(struct wire_writer *w)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, w, append);
    return packer;
}

void
wire_writer_init(struct wire_writer *w)
{
    *w = (struct wire_writer){0};
}

void
wire_writer_reset(struct wire_writer *w)
{
    w->size = 0;
    w->failed = false;
}

void
wire_writer_fini(struct wire_writer *w)
{
    free(w->data);
    *w = (struct wire_writer){0};
}

void
wire_writer_reserve(struct wire_writer *w, size_t more)
{
    if (!w->failed && w->capacity - w->size < more && !grow(w, more))
        w->failed = true;
}

struct slice
wire_written(const struct wire_writer *w)
{
    return slice_of(w->data, w->size);
}

void
wire_put_nil(struct wire_writer *w)
{
    msgpack_packer p = packer(w);
    (void)msgpack_pack_nil(&p);
}

void
wire_put_bool(struct wire_writer *w, bool value)
{
    msgpack_packer p = packer(w);
    (void)(value ? msgpack_pack_true(&p) : msgpack_pack_false(&p));
}

void
wire_put_int(struct wire_writer *w, int64_t value)
{
    msgpack_packer p = packer(w);
    (void)msgpack_pack_int64(&p, value);
}

void
wire_put_uint(struct wire_writer *w, uint64_t value)
{
    msgpack_packer p = packer(w);
    (void)msgpack_pack_uint64(&p, value);
}

void
wire_put_float(struct wire_writer *w, double value)
{
    msgpack_packer p = packer(w);
    (void)msgpack_pack_double(&p, value);
}

// put_word takes a text of at most 31 bytes, as keys are, if there is room for it.
static bool
put_word(struct wire_writer *w, struct slice text)
{
    if (text.size > 31 || w->capacity - w->size < 32 || w->failed)
        return false;
    uint8_t *to = w->data + w->size;
    *to = (uint8_t)(0xa0 | text.size); // msgpack spec, "Formats": fixstr
    if (text.size)
        memcpy(to + 1, text.data, text.size);
    w->size += 1 + text.size;
    return true;
}

void
wire_put_str(struct wire_writer *w, struct slice text)
{
    assert(text.size <= UINT32_MAX);
    if (put_word(w, text))
        return;
    msgpack_packer p = packer(w);
    (void)msgpack_pack_str(&p, text.size);
    (void)msgpack_pack_str_body(&p, text.data, text.size);
}

void
wire_put_bin(struct wire_writer *w, struct slice bytes)
{
    assert(bytes.size <= UINT32_MAX);
    msgpack_packer p = packer(w);
    (void)msgpack_pack_bin(&p, bytes.size);
    (void)msgpack_pack_bin_body(&p, bytes.data, bytes.size);
}

void
wire_put_array(struct wire_writer *w, uint32_t count)
{
    msgpack_packer p = packer(w);
    (void)msgpack_pack_array(&p, count);
}

void
wire_put_map(struct wire_writer *w, uint32_t pairs)
{
    msgpack_packer p = packer(w);
    (void)msgpack_pack_map(&p, pairs);
}

void
wire_put_encoded(struct wire_writer *w, struct slice value)
{
    wire_put_raw(w, value);
}

void
wire_put_raw(struct wire_writer *w, struct slice bytes)
{
    (void)append(w, (const char *)bytes.data, bytes.size);
}

struct wire_writer *
wire_pairs_key(struct wire_pairs *p, const char *key)
{
    wire_put_key(&p->bytes, key);
    p->count++;
    return &p->bytes;
}

void
wire_pairs_text(struct wire_pairs *p, const char *key, struct slice text)
{
    if (text.size)
        wire_put_str(wire_pairs_key(p, key), text);
}

void
wire_pairs_number(struct wire_pairs *p, const char *key, uint64_t n)
{
    if (n)
        wire_put_uint(wire_pairs_key(p, key), n);
}

void
wire_pairs_end(struct wire_pairs *p, struct wire_writer *w)
{
    wire_put_map(w, p->count);
    wire_put_raw(w, wire_written(&p->bytes));
    w->failed |= p->bytes.failed;
    wire_writer_fini(&p->bytes);
    p->count = 0;
}
