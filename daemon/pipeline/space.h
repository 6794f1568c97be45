// The disk's reserve: a ballast file, given up when the disk is full so that what must
// still work (the checkpoint, kills, expiry, admin) has room, and a floor under which
// submissions are refused before anything is written.
#ifndef PIPELINE_SPACE_H
#define PIPELINE_SPACE_H

#include "proto/proto.h"

struct space {
    char ballast[4096]; // path of the file
    int directory;      // descriptor of the store's directory
    uint64_t ballast_bytes, floor_bytes;
    uint64_t free_bytes; // as last looked, the ballast not counted
    bool held;           // the ballast is on disk
    bool full;           // below the floor
};

enum wire_err space_open(struct space *s, const char *store_path,
    uint64_t ballast_bytes, uint64_t floor_bytes, struct fault *fault);
void space_close(struct space *s);

// space_look asks the file system and keeps free_bytes and full; it makes the ballast
// again once there is twice its room above the floor.
void space_look(struct space *s);

// space_release gives up the ballast; false if there was none.
bool space_release(struct space *s);

#endif
