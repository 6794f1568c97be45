#include "cursor_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool
read_cursor(const char *line, uint8_t cursor[24])
{
    char pair[3] = "", *end;
    if (strlen(line) != 48)
        return false;
    for (size_t i = 0; i < 24; i++) {
        memcpy(pair, line + 2 * i, 2);
        cursor[i] = (uint8_t)strtoul(pair, &end, 16);
        if (end != pair + 2)
            return false;
    }
    return true;
}

static bool
read_seq(const char *line, struct wireroom_place *place)
{
    char *end;
    if (strlen(line) < 18 || line[16] != ':' || line[17] < '0' || line[17] > '9')
        return false;
    place->epoch = strtoull(line, &end, 16);
    if (end != line + 16)
        return false;
    place->after = strtoull(line + 17, &end, 10);
    return *end == '\0';
}

bool
cursor_file_read(const struct cursor_file *file, uint8_t cursor[24],
    struct wireroom_place *place, bool *found_out)
{
    char line[80] = "";
    *found_out = false;
    FILE *stream = fopen(file->path, "re");
    if (!stream && errno == ENOENT)
        return true;
    if (!stream) {
        (void)fprintf(
            stderr, "cannot read %s: %s\n", file->path, strerrordesc_np(errno));
        return false;
    }
    (void)!fgets(line, sizeof line, stream);
    (void)fclose(stream);
    line[strcspn(line, "\n")] = '\0';
    if (read_cursor(line, cursor))
        place->cursor = cursor;
    else if (!read_seq(line, place)) {
        (void)fprintf(
            stderr, "%s holds no cursor; remove it to begin anew\n", file->path);
        return false;
    }
    *found_out = true;
    return true;
}

void
cursor_file_behind(struct cursor_file *file, const uint8_t cursor[24])
{
    char line[sizeof file->line];
    for (size_t i = 0; i < 24; i++)
        (void)snprintf(line + 2 * i, 3, "%02x", cursor[i]);
    if (!file->path || strcmp(line, file->line) == 0)
        return;
    memcpy(file->line, line, sizeof line);
    file->dirty = true;
}

void
cursor_file_note(struct cursor_file *file, const struct wireroom_change *change)
{
    if (!file->path || change->snapshot)
        return; // a snapshot that is cut off begins anew
    if (change->has_cursor) {
        cursor_file_behind(file, change->cursor);
        return;
    }
    (void)snprintf(file->line, sizeof file->line, "%016" PRIx64 ":%" PRIu64,
        change->epoch, change->seq);
    file->dirty = true;
}

static bool
write_whole(const char *path, const char *line)
{
    FILE *stream = fopen(path, "we");
    if (!stream)
        return false;
    bool written = fprintf(stream, "%s\n", line) > 0 && fflush(stream) == 0 &&
                   fdatasync(fileno(stream)) == 0;
    return fclose(stream) == 0 && written;
}

// Beside it first, so that the file is always one of the two, whole.
static bool
replace(const char *path, const char *line)
{
    char *beside;
    if (asprintf(&beside, "%s.new", path) < 0)
        return false;
    bool done = write_whole(beside, line) && rename(beside, path) == 0;
    free(beside);
    return done;
}

bool
cursor_file_keep(struct cursor_file *file, bool now)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t now_us = t.tv_sec * 1000000LL + t.tv_nsec / 1000;
    if (!file->dirty || (!now && now_us - file->written_us < 1000000))
        return true;
    file->written_us = now_us;
    file->dirty = false;
    if (replace(file->path, file->line))
        return true;
    (void)fprintf(stderr, "cannot write %s: %s\n", file->path, strerrordesc_np(errno));
    return false;
}
