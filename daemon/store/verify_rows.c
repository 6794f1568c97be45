// What must hold of sources, records and items: they read back, and what they refer to is
// there and refers back.
#include "store/source.h"
#include "store/verify.h"

bool
verify_holds(struct verify *v, enum table table, uint64_t number)
{
    struct slice row;
    enum wire_err err = table_get(v->txn, table, key_of(number), &row);
    if (err && err != WIRE_NOT_FOUND)
        verify_fault(v);
    return err == WIRE_OK;
}

enum wire_err
verify_look_up(struct verify *v, uint64_t seq, struct store_change *out)
{
    enum wire_err err = store_get_change(v->txn, seq, out);
    if (err)
        txn_forgive(v->txn);
    return err;
}

void
verify_source(struct verify *v, const struct table_key *key)
{
    struct slice name;
    uint64_t number = key_number(key);
    if (source_get(v->txn, (uint32_t)number, &name) != WIRE_OK)
        verify_fault(v);
    else if (store_source_number(v->txn, name) != number)
        verify_report(v, TABLE_SOURCES, number, "another source has the same name");
}

static void
check_source_number(
    struct verify *v, enum table table, uint64_t number, uint16_t source)
{
    if (source == 0 || source > store_source_count(v->txn))
        verify_report(v, table, number, "there is no source %u", source);
}

// ---- records, raws, quarantine

static void
check_end_of_run(struct verify *v, const struct store_record *record, uint64_t seq)
{
    struct store_change change;
    enum wire_err err = verify_look_up(v, seq, &change);
    if (err == WIRE_NOT_FOUND && seq >= v->meta.oldest_seq)
        verify_report(v, TABLE_RECORDS, record->record, "its change %llu is missing",
            (unsigned long long)seq);
    else if (!err && change.record != record->record)
        verify_report(v, TABLE_RECORDS, record->record,
            "its change %llu is of record %llu", (unsigned long long)seq,
            (unsigned long long)change.record);
}

void
verify_record(struct verify *v, const struct table_key *key)
{
    struct store_record record;
    if (store_get_record(v->txn, key_number(key), &record) != WIRE_OK) {
        verify_fault(v);
        return;
    }
    check_source_number(v, TABLE_RECORDS, record.record, record.source);
    if (record.first_seq == 0 && record.last_seq == 0)
        return;
    if (record.first_seq == 0 || record.last_seq < record.first_seq) {
        verify_report(v, TABLE_RECORDS, record.record,
            "its run of changes is %llu to %llu", (unsigned long long)record.first_seq,
            (unsigned long long)record.last_seq);
        return;
    }
    check_end_of_run(v, &record, record.first_seq);
    if (record.last_seq != record.first_seq)
        check_end_of_run(v, &record, record.last_seq);
}

static void
check_record_of(struct verify *v, enum table table, uint64_t record)
{
    if (!verify_holds(v, TABLE_RECORDS, record))
        verify_report(v, table, record, "there is no such record");
}

void
verify_raw(struct verify *v, const struct table_key *key)
{
    struct store_raw raw;
    if (store_get_raw(v->txn, key_number(key), &raw) != WIRE_OK)
        verify_fault(v);
    else
        check_record_of(v, TABLE_RAWS, raw.record);
}

static void
verify_entry(struct verify *v, uint64_t record)
{
    struct store_entry entry;
    if (store_get_entry(v->txn, record, &entry) != WIRE_OK) {
        verify_fault(v);
        return;
    }
    check_record_of(v, TABLE_QUARANTINE, record);
    v->open_entries += entry.state == ENTRY_OPEN;
    if ((entry.state == ENTRY_OPEN) != (entry.settled_by == 0))
        verify_report(
            v, TABLE_QUARANTINE, record, "its state and what settled it differ");
    else if (entry.settled_by && (entry.settled_by <= record ||
                                     !verify_holds(v, TABLE_RECORDS, entry.settled_by)))
        verify_report(v, TABLE_QUARANTINE, record,
            "there is no such record as settled it, %llu",
            (unsigned long long)entry.settled_by);
}

void
verify_quarantine(struct verify *v, const struct table_key *key)
{
    struct store_quarantine q;
    if (quarantine_item(key) == QUARANTINE_ENTRY) {
        verify_entry(v, key_number(key));
        return;
    }
    if (store_get_quarantine(v->txn, key_number(key), quarantine_item(key), &q) !=
        WIRE_OK)
        verify_fault(v);
    else
        check_record_of(v, TABLE_QUARANTINE, q.record);
}

// ---- stamps and rules

void
verify_stamp(struct verify *v, const struct table_key *key)
{
    struct stamp stamp;
    uint64_t seq = key_number(key);
    if (store_get_stamp(v->txn, seq, &stamp) != WIRE_OK)
        verify_fault(v);
    else if (seq >= v->meta.oldest_seq && !verify_holds(v, TABLE_CHANGES, seq))
        verify_report(v, TABLE_STAMPS, seq, "there is no such change");
}

void
verify_rules(struct verify *v, const struct table_key *key)
{
    struct store_rules rules;
    struct rules read;
    uint64_t source = key_number(key);
    if (store_get_rules(v->txn, (uint16_t)source, &rules) != WIRE_OK)
        verify_fault(v);
    else if (!rules_decode(rules.rules, &read))
        verify_report(v, TABLE_RULES, source, "they are no rules");
    else
        check_record_of(v, TABLE_RULES, rules.record);
}

// ---- items

static void
check_revision_of_item(struct verify *v, const struct store_item *item,
    const char *which, uint64_t seq, const struct sort_key *key)
{
    struct store_change change;
    enum wire_err err = verify_look_up(v, seq, &change);
    if (err == WIRE_NOT_FOUND && (seq == 0 || seq >= v->meta.oldest_seq))
        verify_report(v, TABLE_ITEMS, item->item, "its %s revision %llu is missing",
            which, (unsigned long long)seq);
    else if (!err && change.item != item->item)
        verify_report(v, TABLE_ITEMS, item->item,
            "its %s revision %llu is of item %llu", which, (unsigned long long)seq,
            (unsigned long long)change.item);
    else if (!err && key && sort_key_compare(key, &change.key) != 0)
        verify_report(v, TABLE_ITEMS, item->item,
            "its sort key is not that of its %s revision %llu", which,
            (unsigned long long)seq);
}

void
verify_item(struct verify *v, const struct table_key *key)
{
    struct store_item item;
    if (store_get_item(v->txn, key_number(key), &item) != WIRE_OK) {
        verify_fault(v);
        return;
    }
    check_source_number(v, TABLE_ITEMS, item.item, item.source);
    check_revision_of_item(v, &item, "current", item.current, &item.current_key);
    check_revision_of_item(v, &item, "last", item.last, NULL);
}
