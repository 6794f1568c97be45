// What must hold of changes: the running hash follows, the item and its revisions, the
// record and the list agree with them. And of what hangs on a change by its seq.
#include "store/verify.h"

static void
check_chain(struct verify *v, const struct store_change *change)
{
    struct digest hash = store_change_hash(change, &v->hash);
    if (v->hash_known && !digest_equal(&hash, &change->hash))
        verify_report(v, TABLE_CHANGES, change->seq,
            "the running hash does not follow from the row");
    if (change->house_us < v->house_us)
        verify_report(v, TABLE_CHANGES, change->seq,
            "house time is before that of the change before");
    v->hash = change->hash;
    v->hash_known = true;
    v->house_us = change->house_us;
}

// A revision that the change names must be no later than it and of the same item.
static void
check_revision(struct verify *v, const struct store_change *change, const char *which,
    uint64_t seq, bool may_be_itself)
{
    struct store_change other;
    if (seq == change->seq && may_be_itself)
        return;
    if (seq >= change->seq || seq == 0) {
        verify_report(v, TABLE_CHANGES, change->seq, "its %s revision is %llu", which,
            (unsigned long long)seq);
        return;
    }
    enum wire_err err = verify_look_up(v, seq, &other);
    if (err == WIRE_NOT_FOUND && seq >= v->meta.oldest_seq)
        verify_report(v, TABLE_CHANGES, change->seq, "its %s revision %llu is missing",
            which, (unsigned long long)seq);
    else if (!err && other.item != change->item)
        verify_report(v, TABLE_CHANGES, change->seq,
            "its %s revision %llu is of item %llu", which, (unsigned long long)seq,
            (unsigned long long)other.item);
}

static void
check_content(struct verify *v, const struct store_change *change)
{
    check_revision(v, change, "content", change->content, true);
    if (change->content != change->seq)
        return;
    if (!verify_holds(v, TABLE_HEADERS, change->seq))
        verify_report(v, TABLE_CHANGES, change->seq, "its header is missing");
    if (!verify_holds(v, TABLE_REVISIONS, change->seq))
        verify_report(v, TABLE_CHANGES, change->seq, "its revision is missing");
}

static void
check_record_holds(struct verify *v, const struct store_change *change)
{
    struct store_record record;
    enum wire_err err = store_get_record(v->txn, change->record, &record);
    if (err)
        txn_forgive(v->txn); // a damaged one is told of in its own walk
    if (err == WIRE_NOT_FOUND)
        verify_report(v, TABLE_CHANGES, change->seq, "its record %llu is missing",
            (unsigned long long)change->record);
    else if (!err && (change->seq < record.first_seq || change->seq > record.last_seq))
        verify_report(v, TABLE_CHANGES, change->seq, "its record %llu does not name it",
            (unsigned long long)change->record);
}

static void
check_listed(struct verify *v, const struct store_change *change)
{
    struct slice nothing;
    uint16_t source = store_source_number(v->txn, change->source);
    if (source == 0) {
        verify_report(v, TABLE_CHANGES, change->seq, "its source has no number");
        return;
    }
    struct table_key entry = by_source_key(source, change->seq);
    enum wire_err err = table_get(v->txn, TABLE_BY_SOURCE, entry, &nothing);
    if (err == WIRE_NOT_FOUND)
        verify_report(v, TABLE_CHANGES, change->seq, "the list of its source lacks it");
    else if (err)
        verify_fault(v);
}

void
verify_change(struct verify *v, const struct table_key *key)
{
    struct store_change change;
    if (store_get_change(v->txn, key_number(key), &change) != WIRE_OK) {
        verify_fault(v);
        v->hash_known = false; // of the chain, the next row is believed
        return;
    }
    check_chain(v, &change);
    if (!verify_holds(v, TABLE_ITEMS, change.item))
        verify_report(v, TABLE_CHANGES, change.seq, "its item %llu is missing",
            (unsigned long long)change.item);
    if (change.previous)
        check_revision(v, &change, "previous", change.previous, false);
    check_revision(v, &change, "current", change.current, true);
    check_content(v, &change);
    if (change.of_seq >= change.seq)
        verify_report(v, TABLE_CHANGES, change.seq, "it is said to follow from %llu",
            (unsigned long long)change.of_seq);
    check_record_holds(v, &change);
    check_listed(v, &change);
}

// ---- headers, revisions, the list

void
verify_header(struct verify *v, const struct table_key *key)
{
    struct store_header header;
    uint64_t seq = key_number(key);
    if (store_get_header(v->txn, seq, &header) != WIRE_OK)
        verify_fault(v);
    else if (!verify_holds(v, TABLE_CHANGES, seq))
        verify_report(v, TABLE_HEADERS, seq, "there is no such change");
}

// A record that was skipped has its texts in quarantine, not here.
static bool
is_skipped(struct verify *v, uint64_t record)
{
    struct store_quarantine q;
    for (uint32_t i = 0; i < ARTICLE_ITEMS_MAX; i++) {
        if (store_get_quarantine(v->txn, record, i, &q) == WIRE_OK) {
            if (q.code == WIRE_INTERNAL)
                return true;
            continue;
        }
        txn_forgive(v->txn);
    }
    return false;
}

static bool
size_is_due(
    struct verify *v, const struct store_change *change, const struct slice *block)
{
    if (change->content != change->seq)
        return block->size == 0;
    return block->size > 0 || is_skipped(v, change->record);
}

void
verify_revision(struct verify *v, const struct table_key *key)
{
    struct store_revision revision;
    struct store_change change;
    uint64_t seq = key_number(key);
    if (store_get_revision(v->txn, seq, &revision) != WIRE_OK) {
        verify_fault(v);
        return;
    }
    enum wire_err err = verify_look_up(v, seq, &change);
    if (err == WIRE_NOT_FOUND)
        verify_report(v, TABLE_REVISIONS, seq, "there is no such change");
    else if (!err && !size_is_due(v, &change, &revision.block))
        verify_report(v, TABLE_REVISIONS, seq,
            "it has %zu bytes, its content is in %llu", revision.block.size,
            (unsigned long long)change.content);
}

// An entry carries no checksum. It is right if the change it names has that source; and
// since each change is in the list (verify_change), entries and changes are one to one.
void
verify_by_source(struct verify *v, const struct table_key *key)
{
    struct store_change change;
    uint64_t seq = by_source_seq(key);
    enum wire_err err = verify_look_up(v, seq, &change);
    if (err == WIRE_NOT_FOUND)
        verify_report(v, TABLE_BY_SOURCE, seq, "there is no such change");
    else if (!err &&
             store_source_number(v->txn, change.source) != by_source_number(key))
        verify_report(v, TABLE_BY_SOURCE, seq, "the change is not of source %u",
            by_source_number(key));
}
