// Looking things up as the judge needs them: the index names candidates, the rows decide.
#ifndef DEDUPE_LOOKUP_H
#define DEDUPE_LOOKUP_H

#include "dedupe/dedupe.h"

// What one record is judged against. Rows that come out borrow from the transaction until
// its next put.
struct lookup {
    struct store_txn *txn;
    struct index *index;
    struct arena *arena; // candidates, where there are many
    struct slice source_name;
    uint16_t source; // 0: nothing of this source is filed yet
    uint16_t key_version;
};

// lookup_refresh learns the source's number once something of it is filed.
void lookup_refresh(struct lookup *l);
// lookup_fault is why a look-up could not be trusted; then its answer was "not found".
enum wire_err lookup_fault(const struct lookup *l);

// The item that this one is: by its uri or, where the source gave no id, by its text.
bool lookup_item(
    struct lookup *l, const struct prepared_item *item, struct store_item *out);
// The first revision, of any item, that was filed with the same text.
bool lookup_text(
    struct lookup *l, const struct prepared_item *item, struct store_change *out);
// The first revision of the item with the same word for itself, and the one that has the
// same article digest too. 0: none.
bool lookup_version(struct lookup *l, uint64_t item, const struct prepared_item *like,
    struct store_change *out);
uint64_t lookup_content(
    struct lookup *l, uint64_t item, const struct prepared_item *like);

#endif
