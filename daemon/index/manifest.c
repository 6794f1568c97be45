// Layout, little-endian: layout and kinds (4 each), store id (16), epoch, W, count (8 each);
// then for each segment its id, counts by kind, chunk bytes and hash of the side (8 each);
// then the checksum of all before it (8).
#include "index/manifest.h"

#define FIXED_BYTES 48U

struct slice
manifest_key(uint8_t key[8])
{
    put_be64(key, 0);
    return slice_of(key, 8);
}

static uint64_t
manifest_checksum(const uint8_t *bytes, size_t size)
{
    return hash64(slice_of(bytes, size), MANIFEST_LAYOUT);
}

static uint8_t *
put_next(uint8_t *at, uint64_t number)
{
    put_le64(at, number);
    return at + 8;
}

struct slice
manifest_pack(const struct manifest *m, uint8_t out[MANIFEST_BYTES_MAX])
{
    put_le32(out, MANIFEST_LAYOUT);
    put_le32(out + 4, INDEX_KINDS);
    memcpy(out + 8, m->identity.id, sizeof m->identity.id);
    uint8_t *at = put_next(out + 24, m->identity.epoch);
    at = put_next(at, m->covered);
    at = put_next(at, m->count);
    for (uint32_t i = 0; i < m->count; i++) {
        const struct segment_shape *s = &m->shapes[i];
        at = put_next(at, s->id);
        for (unsigned k = 0; k < INDEX_KINDS; k++)
            at = put_next(at, s->counts[k]);
        at = put_next(at, s->chunk_bytes);
        at = put_next(at, s->side_hash);
    }
    at = put_next(at, manifest_checksum(out, (size_t)(at - out)));
    return slice_of(out, (size_t)(at - out));
}

static const uint8_t *
shape_unpack(const uint8_t *at, struct segment_shape *out)
{
    out->id = get_le64(at);
    for (unsigned k = 0; k < INDEX_KINDS; k++)
        out->counts[k] = get_le64(at += 8);
    out->chunk_bytes = get_le64(at += 8);
    out->side_hash = get_le64(at += 8);
    return at + 8;
}

// The checksum is ours, so what it covers is as written, but for the layout that wrote it.
static enum wire_err
manifest_unpack(struct slice bytes, struct manifest *out)
{
    if (bytes.size < FIXED_BYTES + 8)
        return WIRE_DAMAGED;
    if (get_le32(bytes.data) != MANIFEST_LAYOUT ||
        get_le32(bytes.data + 4) != INDEX_KINDS)
        return WIRE_STORE_VERSION;
    size_t covered = bytes.size - 8;
    uint64_t count = get_le64(bytes.data + 40);
    if (get_le64(bytes.data + covered) != manifest_checksum(bytes.data, covered) ||
        count > SEGMENTS_MAX || covered != FIXED_BYTES + count * MANIFEST_SHAPE_BYTES)
        return WIRE_DAMAGED;
    memcpy(out->identity.id, bytes.data + 8, sizeof out->identity.id);
    out->identity.epoch = get_le64(bytes.data + 24);
    out->covered = get_le64(bytes.data + 32);
    out->count = (uint32_t)count;
    const uint8_t *at = bytes.data + FIXED_BYTES;
    for (uint64_t i = 0; i < count; i++)
        at = shape_unpack(at, &out->shapes[i]);
    return WIRE_OK;
}

enum wire_err
manifest_read(struct blobs_read *read, struct manifest *out)
{
    uint8_t key[8];
    struct slice bytes;
    enum wire_err err = blobs_get(read, manifest_key(key), &bytes);
    return err ? err : manifest_unpack(bytes, out);
}
