// Intake's fast path: a submission that was filed before is answered from the last
// checkpoint, without a reader or the writer. What it doesn't find goes the whole way.
// Runs on: intake.
#include <stdlib.h>

#include "pipeline/inside.h"

// Numbers of sources never change, so those seen once need no transaction.
struct known_source {
    struct known_source *next;
    uint16_t number;
    size_t size;
    uint8_t name[];
};

static uint16_t
number_of(struct pipeline *p, struct store_txn *txn, struct slice name)
{
    for (struct known_source *k = p->known; k; k = k->next)
        if (slice_equal(slice_of(k->name, k->size), name))
            return k->number;
    uint16_t number = txn ? store_source_number(txn, name) : 0;
    struct known_source *k = number ? calloc(1, sizeof *k + name.size) : NULL;
    if (k) {
        k->next = p->known;
        k->number = number;
        k->size = name.size;
        memcpy(k->name, name.data, name.size);
        p->known = k;
    }
    return number;
}

void
known_free(struct pipeline *p)
{
    for (struct known_source *k = p->known, *next; k; k = next) {
        next = k->next;
        free(k);
    }
    p->known = NULL;
}

static bool
same_submission(const struct store_record *row, const struct job *job)
{
    return memcmp(row->id, job->submission.id, sizeof row->id) == 0;
}

static bool
answer_from(const struct store_record *row, struct job *job)
{
    if (!digest_equal(&row->request_digest, &job->submission.request_digest)) {
        job->answer = JOB_REFUSED;
        (void)fault_set(&job->fault, WIRE_ID_REUSED, FAULT_NOWHERE, "id",
            "this id was used for record %llu with other bytes or hints",
            (unsigned long long)row->record);
        return true;
    }
    uint8_t *copy = malloc(row->receipt.size);
    if (!copy)
        return false;
    memcpy(copy, row->receipt.data, row->receipt.size);
    job->receipt = slice_of(copy, row->receipt.size);
    job->answer = JOB_RECEIPT;
    return true;
}

static bool
look_up(struct pipeline *p, struct store_txn *txn, uint16_t source, struct job *job)
{
    uint64_t records[8];
    uint64_t hash = index_hash_submission(source, job->submission.id);
    size_t n = index_find(p->index, INDEX_SUBMISSION, hash, records, 8);
    for (size_t i = 0; i < n && i < 8; i++) {
        struct store_record row;
        if (store_get_record(txn, records[i], &row) == WIRE_OK &&
            row.source == source && same_submission(&row, job))
            return answer_from(&row, job);
    }
    return false;
}

bool
pipeline_known(struct pipeline *p, struct job *job)
{
    uint64_t one;
    struct store_txn *txn = NULL;
    uint16_t source = number_of(p, NULL, job->submission.source);
    if (source) {
        uint64_t hash = index_hash_submission(source, job->submission.id);
        if (index_find(p->index, INDEX_SUBMISSION, hash, &one, 1) == 0)
            return false; // nearly every submission ends here
    }
    if (store_begin_read(p->store, &txn))
        return false;
    if (!source)
        source = number_of(p, txn, job->submission.source);
    bool found = source && look_up(p, txn, source, job);
    store_end_read(&txn);
    return found;
}
