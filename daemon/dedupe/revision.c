// A version is compared with every stored revision of its item. Axes follow the revision
// that is current, but for one: canceled sticks, whichever revision said it.
#include "dedupe/revision.h"

struct sort_key
dedupe_sort_key(const struct prepared_item *item, uint64_t seq)
{
    int64_t integer = version_integer(item->version),
            created = item->version_created_us;
    return (struct sort_key){.has_integer = integer >= 0,
        .integer = integer >= 0 ? integer : 0,
        .created_us = created == TIME_NONE ? 0 : created,
        .arrival = seq};
}

static enum change_class
class_of_outcome(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_NEW:
        return CHANGE_NEW;
    case OUTCOME_UPDATED:
        return CHANGE_UPDATE;
    case OUTCOME_CORRECTED:
        return CHANGE_CORRECTION;
    case OUTCOME_TOUCHED:
        return CHANGE_TOUCH;
    case OUTCOME_DUPLICATE:
        return CHANGE_DUPLICATE;
    case OUTCOME_STALE:
        return CHANGE_STALE;
    case OUTCOME_CONFLICT:
        return CHANGE_CONFLICT;
    case OUTCOME_NONE:
    case OUTCOME_UNCHANGED:
    case OUTCOME_QUARANTINED:
    case OUTCOME_REJECTED:
    case OUTCOME_DEAD:
    case OUTCOME_DROPPED:
        return CHANGE_NONE;
    }
    return CHANGE_NONE;
}

// An embargo that closes the gate is news whatever else changed: holders must hear it. One
// that moves earlier, ends, or lies in the past is named only where the text is the same.
static bool
embargo_is_the_news(const struct axes *before, const struct axes *after, bool same_text,
    int64_t house_us)
{
    int64_t was = before->embargoed_until_us, is = after->embargoed_until_us;
    bool closes = is > was && is > house_us; // TIME_NONE is the least
    return closes || (is != was && same_text);
}

enum change_class
revision_class(enum outcome outcome, const struct axes *before,
    const struct axes *after, bool same_text, int64_t house_us)
{
    if (!outcome_files(outcome))
        return CHANGE_NONE;
    if (after->pub_status == PUB_CANCELED)
        return CHANGE_KILL;
    if (before && after->pub_status != before->pub_status)
        return after->pub_status == PUB_WITHHELD ? CHANGE_WITHHOLD : CHANGE_RELEASE;
    if (before && embargo_is_the_news(before, after, same_text, house_us))
        return CHANGE_EMBARGO;
    return class_of_outcome(outcome);
}

static bool
axes_equal(const struct axes *a, const struct axes *b)
{
    return a->pub_status == b->pub_status && a->advisory == b->advisory &&
           a->embargoed_until_us == b->embargoed_until_us &&
           a->expires_us == b->expires_us;
}

static struct axes
axes_after(const struct axes *before, const struct prepared_item *item, bool current)
{
    struct axes after = current ? item->axes : *before;
    if (item->axes.pub_status == PUB_CANCELED)
        after.pub_status = PUB_CANCELED;
    return after;
}

static void
judge_unknown(struct lookup *l, const struct prepared_item *item, int64_t house_us,
    const struct judge_numbers *next, struct item_verdict *v)
{
    struct store_change first;
    struct store_item of;
    *v = (struct item_verdict){.outcome = OUTCOME_NEW,
        .item = next->item,
        .seq = next->seq,
        .current = next->seq,
        .content = next->seq,
        .story = next->item,
        .axes = item->axes};
    if (lookup_text(l, item, &first) &&
        store_get_item(l->txn, first.item, &of) == WIRE_OK) {
        v->outcome = OUTCOME_DUPLICATE;
        v->of_item = of.item;
        v->of_seq = first.seq;
        v->story = of.story;
    }
    v->change_class = revision_class(v->outcome, NULL, &v->axes, false, house_us);
}

static bool
has_word(const struct prepared_item *item)
{
    return item->version.size || dedupe_sort_key(item, 0).created_us != 0;
}

// The revision that says the same under the same word; 0: none. first_out: the first with
// that word, 0 if it is new.
static uint64_t
same_revision(struct lookup *l, const struct store_item *known,
    const struct prepared_item *item, uint64_t *first_out)
{
    struct store_change first;
    *first_out = 0;
    // Of a page's item, only the text was ever compared: it is what the item is named by.
    if (!item->has_id && !known->has_id && axes_equal(&item->axes, &known->axes))
        return known->current;
    if (!lookup_version(l, known->item, item, &first))
        return 0;
    *first_out = first.seq;
    if (digest_equal(&first.article_digest, &item->article_digest))
        return first.seq;
    return lookup_content(l, known->item, item);
}

static enum outcome
outcome_of_current(const struct prepared_item *item, const struct store_change *was)
{
    if (digest_equal(&was->article_digest, &item->article_digest))
        return OUTCOME_TOUCHED;
    return item->correction ? OUTCOME_CORRECTED : OUTCOME_UPDATED;
}

// A revision to be filed. `first`: the one whose word it repeats with another content.
static void
judge_revision(struct lookup *l, const struct store_item *known,
    const struct prepared_item *item, uint64_t first, int64_t house_us,
    struct item_verdict *v)
{
    struct sort_key key = dedupe_sort_key(item, v->seq);
    bool current = sort_key_compare(&key, &known->current_key) > 0;
    bool conflict = first && has_word(item), same_text = false;
    struct store_change was;
    v->outcome = conflict ? OUTCOME_CONFLICT : OUTCOME_STALE;
    v->of_seq = conflict ? first : known->current;
    if (current && store_get_change(l->txn, known->current, &was) == WIRE_OK) {
        struct stamp stamp;
        same_text = item->has_key && store_stamp_of(l->txn, &was, &stamp) == WIRE_OK &&
                    digest_equal(&stamp.key_digest, &item->key_digest);
        if (!conflict) {
            v->outcome = outcome_of_current(item, &was);
            v->of_seq = 0;
        }
        if (v->outcome == OUTCOME_TOUCHED)
            v->content = was.content;
    }
    v->of_item = v->of_seq ? known->item : 0;
    if (current)
        v->current = v->seq;
    v->axes = axes_after(&known->axes, item, current);
    v->change_class =
        revision_class(v->outcome, &known->axes, &v->axes, same_text, house_us);
}

static void
judge_known(struct lookup *l, const struct store_item *known,
    const struct prepared_item *item, int64_t house_us,
    const struct judge_numbers *next, struct item_verdict *v)
{
    uint64_t first;
    *v = (struct item_verdict){.item = known->item,
        .current = known->current,
        .story = known->story,
        .axes = known->axes};
    if (known->axes.pub_status == PUB_CANCELED) {
        v->outcome = OUTCOME_DEAD;
        return;
    }
    uint64_t same = same_revision(l, known, item, &first);
    if (same) {
        v->outcome = OUTCOME_UNCHANGED;
        v->of_item = known->item;
        v->of_seq = same;
        return;
    }
    v->seq = v->content = next->seq;
    v->previous = known->last;
    judge_revision(l, known, item, first, house_us, v);
}

void
revision_judge(struct lookup *l, const struct prepared_item *item, int64_t house_us,
    const struct judge_numbers *next, struct item_verdict *v)
{
    struct store_item known;
    if (lookup_item(l, item, &known))
        judge_known(l, &known, item, house_us, next, v);
    else
        judge_unknown(l, item, house_us, next, v);
}
