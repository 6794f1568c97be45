// What every test of the room begins with: cmocka, and a directory of its own under
// $TMPDIR that is gone when the test ends.
#ifndef TESTS_STORE_PLACE_H
#define TESTS_STORE_PLACE_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h> // leans on the four above
// clang-format on

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct place {
    char path[128];
};

static inline struct place
place_new(void)
{
    struct place place;
    const char *root = getenv("TMPDIR");
    (void)snprintf(place.path, sizeof place.path, "%s/wireroom-store-XXXXXX",
        root && *root ? root : "/tmp");
    if (!mkdtemp(place.path))
        abort();
    return place;
}

static inline void
place_file(const struct place *place, const char *name, char out[512])
{
    (void)snprintf(out, 512, "%s/%s", place->path, name);
}

static inline void
place_free(const struct place *place)
{
    DIR *dir = opendir(place->path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char file[512];
        place_file(place, entry->d_name, file);
        (void)unlink(file); // fails for . and ..
    }
    if (dir)
        (void)closedir(dir);
    (void)rmdir(place->path);
}

#endif
