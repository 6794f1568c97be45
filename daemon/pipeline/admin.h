// Verbs of the desk, as records of the log: judged and filed like submissions, replayed
// like them. Today they settle entries of the quarantine. A new verb is a word here, what
// its arguments are (a packed map in the record), how it is judged and what it files.
#ifndef PIPELINE_ADMIN_H
#define PIPELINE_ADMIN_H

#include "pipeline/filing.h"

// What a verb makes of an entry; ENTRY_OPEN for a word that is none.
enum entry_state admin_settles(struct slice verb);

// The arguments of those verbs: which entry. It is known by its number and, where history
// was judged anew and numbers moved, by the id of its submission.
struct admin_entry {
    uint64_t record;
    uint8_t id[SUBMISSION_ID_BYTES];
};
void admin_put_entry(const struct admin_entry *entry, struct wire_writer *w);
bool admin_take_entry(const struct admin *admin, struct admin_entry *out);

// admin_id is the submission id that a verb on an entry files under, always the same: who
// asks twice gets the first receipt.
void admin_id(struct slice verb, const struct admin_entry *entry,
    uint8_t id_out[SUBMISSION_ID_BYTES]);

// admin_judge judges any record: as judge does what files something, and what a verb drops.
enum wire_err admin_judge(struct filing *f, struct index *index, const struct record *r,
    struct judge_numbers *next, struct arena *arena, struct verdict *verdict_out,
    struct fault *fault);

// admin_file files what a RECORD_ADMIN did beside its items: to its entry, to the rules, to
// stamps. INTERNAL: a verb nobody knows.
enum wire_err admin_file(struct filing *f, const struct record *r);

// admin_quarantines says whether what a verb could not read becomes an entry of its own.
// admin_derived: the verb only says again what history holds, by numbers of this epoch;
// where those are gone it is left out and done anew.
bool admin_quarantines(struct slice verb);
bool admin_derived(struct slice verb);

// admin_may says whether a record still has something to settle, by the store and by what
// was read just now; else why not, in fault.
bool admin_may(struct store_txn *txn, const struct record *r, struct fault *fault);

#endif
