#include "pipeline/skip.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/logline.h"

// The note: which record is being filed, what was known before, and a checksum. It is made
// anew by every start, so its layout may change with the program.
#define NOTE_BYTES 32U

// A signal handler has no other way to it.
static atomic_int noting = -1;

static void
note_pack(const struct deaths *d, uint64_t record, uint8_t out[static NOTE_BYTES])
{
    put_le64(out, record);
    put_le64(out + 8, d->suspect);
    put_le64(out + 16, d->count);
    put_le64(out + 24, hash64(slice_of(out, 24), 1));
}

void
deaths_read(struct deaths *d, const char *path)
{
    uint8_t note[NOTE_BYTES];
    *d = (struct deaths){.fd = -1};
    (void)snprintf(d->path, sizeof d->path, "%s", path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? pread(fd, note, sizeof note, 0) : -1;
    if (fd >= 0)
        (void)close(fd);
    if (n != sizeof note || get_le64(note + 24) != hash64(slice_of(note, 24), 1))
        return;
    uint64_t record = get_le64(note);
    d->suspect = get_le64(note + 8);
    d->count = get_le64(note + 16);
    if (record == 0)
        return;
    d->count = record == d->suspect ? d->count + 1 : 1;
    d->suspect = record;
}

static void
note_begin(struct deaths *d)
{
    uint8_t note[NOTE_BYTES];
    d->fd = open(d->path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    note_pack(d, 0, note);
    if (d->fd >= 0 && pwrite(d->fd, note, sizeof note, 0) == (ssize_t)sizeof note &&
        fdatasync(d->fd) == 0) {
        atomic_store(&noting, d->fd);
        return;
    }
    log_warn("note=unwritten path=%s next=\"a record that kills starts is not found\"",
        d->path);
}

void
deaths_at(struct deaths *d, uint64_t record)
{
    uint8_t note[NOTE_BYTES];
    if (d->fd < 0)
        note_begin(d);
    note_pack(d, record, note);
    ssize_t n = d->fd < 0 ? 0 : pwrite(d->fd, note, sizeof note, 0);
    (void)n;
}

void
deaths_end(struct deaths *d, bool all_filed)
{
    if (d->fd >= 0 && !all_filed)
        deaths_at(d, 0);
    atomic_store(&noting, -1);
    if (d->fd >= 0)
        (void)close(d->fd);
    d->fd = -1;
    if (all_filed)
        (void)unlink(d->path);
}

void
deaths_forgive(void)
{
    int fd = atomic_load(&noting);
    if (fd >= 0 && ftruncate(fd, 0) != 0)
        return; // nothing more can be done from here
}

// ---- filing without the text

// The raw bytes of a submission of one item lie behind its article, compressed with it.
static struct slice
raw_of(const struct record *r, struct arena *arena)
{
    for (uint32_t i = 0; i < r->prepared.count; i++) {
        const struct prepared_item *item = &r->prepared.items[i];
        size_t size = (size_t)item->article_bytes + item->raw_bytes;
        uint8_t *room = item->raw_bytes ? arena_alloc(arena, size) : NULL;
        if (!room || !decompress_into(item->codec, item->block, room, size))
            continue;
        struct slice raw = slice_from(slice_of(room, size), item->article_bytes);
        struct digest digest = digest_of(raw);
        if (digest_equal(&digest, &r->submission.raw_digest))
            return raw;
    }
    return slice_of(NULL, 0);
}

static void
make_bare(struct prepared_item *item)
{
    if (item->fate == ITEM_READ) {
        item->fate = ITEM_QUARANTINED;
        item->code = WIRE_INTERNAL;
        item->at = FAULT_NOWHERE;
        item->field = slice_of(NULL, 0);
        item->words = SLICE("filing it ended two starts of the daemon");
    }
    item->headline = item->slugline = item->block = slice_of(NULL, 0);
    item->codec = CODEC_STORED;
    item->article_bytes = item->raw_bytes = 0;
}

enum wire_err
skip_file(struct filing *f, const struct record *r, struct arena *arena)
{
    struct record bare = *r;
    uint32_t count = r->prepared.count;
    bare.prepared.items = arena_array(arena, count, sizeof *bare.prepared.items);
    if (!bare.prepared.items)
        return WIRE_NO_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        bare.prepared.items[i] = r->prepared.items[i];
        make_bare(&bare.prepared.items[i]);
    }
    struct slice raw = raw_of(r, arena);
    if (raw.size) {
        bare.prepared.raw_codec = CODEC_STORED;
        bare.prepared.raw_bytes = (uint32_t)raw.size;
        bare.prepared.raw_block = raw;
    }
    return filing_record(f, &bare);
}
