// The CHANGE map: how a row of the feed looks in EVENT, ARTICLE and PAGE (docs/protocol.txt,
// CHANGE). The one place that decides what of a text is shown.
#ifndef NET_CHANGE_MAP_H
#define NET_CHANGE_MAP_H

#include "store/store.h"

enum bodies {
    BODIES_ROWS,
    BODIES_HEADERS, // with headline
    BODIES_FULL,    // with headline and article
};
// bodies_read reads the word of OPEN; false: no such word.
bool bodies_read(struct slice word, enum bodies *out);

// What there is to show of one row. Headline and article are left out of the map whenever
// the item is not open; so they need not be fetched then, and do no harm if they were.
struct shown {
    const struct store_change *change;
    enum state state;      // of the item, now
    struct slice headline; // empty: none
    struct slice article;  // packed map; empty: none
    struct slice of;       // "SOURCE:URI" of of_seq; empty: not shown
};

// change_map_put appends the map. scratch is overwritten.
void change_map_put(struct wire_writer *w, struct wire_writer *scratch, uint64_t epoch,
    enum bodies bodies, const struct shown *shown);

#endif
