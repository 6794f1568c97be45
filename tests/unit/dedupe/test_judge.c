#include "desk.h"

// ---- one item, document after document

struct step {
    struct doc doc;
    enum outcome outcome;
    enum change_class class;
    uint64_t current; // revision after it
    uint64_t of_seq;
};

// clang-format off
static const struct step versions[] = {
    // version word and its content
    {{.uri = "u", .version = "1", .text = "a"},                   OUTCOME_NEW,       CHANGE_NEW,        1, 0},
    {{.uri = "u", .version = "1", .text = "a"},                   OUTCOME_UNCHANGED, CHANGE_NONE,       1, 1},
    {{.uri = "u", .version = "2", .text = "b"},                   OUTCOME_UPDATED,   CHANGE_UPDATE,     2, 0},
    {{.uri = "u", .version = "3", .text = "c", .correction = true}, OUTCOME_CORRECTED, CHANGE_CORRECTION, 3, 0},
    {{.uri = "u", .version = "4", .text = "c"},                   OUTCOME_TOUCHED,   CHANGE_TOUCH,      4, 0},
    // every stored revision is compared, not only the current one
    {{.uri = "u", .version = "2", .text = "b"},                   OUTCOME_UNCHANGED, CHANGE_NONE,       4, 2},
    {{.uri = "u", .version = "1", .text = "a"},                   OUTCOME_UNCHANGED, CHANGE_NONE,       4, 1},
    {{.uri = "u", .version = "2", .text = "x"},                   OUTCOME_CONFLICT,  CHANGE_CONFLICT,   4, 2},
    {{.uri = "u", .version = "2", .text = "y"},                   OUTCOME_CONFLICT,  CHANGE_CONFLICT,   4, 2},
    {{.uri = "u", .version = "2", .text = "x"},                   OUTCOME_UNCHANGED, CHANGE_NONE,       4, 5},
    {{.uri = "u", .version = "2", .text = "y"},                   OUTCOME_UNCHANGED, CHANGE_NONE,       4, 6},
    // older than current, whatever it says
    {{.uri = "u", .version = "0", .text = "z"},                   OUTCOME_STALE,     CHANGE_STALE,      4, 4},
    {{.uri = "u", .version = "00", .text = "c"},                  OUTCOME_STALE,     CHANGE_STALE,      4, 4},
    {{.uri = "u", .text = "q"},                                   OUTCOME_STALE,     CHANGE_STALE,      4, 4},
    {{.uri = "u", .version = "rev-b", .text = "q"},               OUTCOME_STALE,     CHANGE_STALE,      4, 4},
    // a conflict about the current version becomes current by arrival
    {{.uri = "u", .version = "4", .text = "d"},                   OUTCOME_CONFLICT,  CHANGE_CONFLICT,  11, 4},
    {{.uri = "u", .version = "4", .text = "c"},                   OUTCOME_UNCHANGED, CHANGE_NONE,      11, 4},
    // 18 digits are a number, 19 are a word
    {{.uri = "u", .version = "999999999999999999", .text = "e"},  OUTCOME_UPDATED,   CHANGE_UPDATE,    12, 0},
    {{.uri = "u", .version = "1000000000000000000", .text = "e"}, OUTCOME_STALE,     CHANGE_STALE,     12, 12},
};
static const struct step times[] = {
    {{.uri = "u", .created_us = 50, .text = "a"},                 OUTCOME_NEW,       CHANGE_NEW,        1, 0},
    {{.uri = "u", .created_us = 50, .text = "a"},                 OUTCOME_UNCHANGED, CHANGE_NONE,       1, 1},
    {{.uri = "u", .created_us = 60, .text = "a"},                 OUTCOME_TOUCHED,   CHANGE_TOUCH,      2, 0},
    {{.uri = "u", .created_us = 60, .text = "b"},                 OUTCOME_CONFLICT,  CHANGE_CONFLICT,   3, 2},
    {{.uri = "u", .created_us = 40, .text = "c"},                 OUTCOME_STALE,     CHANGE_STALE,      3, 3},
    {{.uri = "u", .created_us = 40, .text = "c"},                 OUTCOME_UNCHANGED, CHANGE_NONE,       3, 4},
    {{.uri = "u", .version = "x", .created_us = 60, .text = "d"}, OUTCOME_UPDATED,   CHANGE_UPDATE,     5, 0},
    {{.uri = "u", .version = "1", .created_us = 1, .text = "e"},  OUTCOME_UPDATED,   CHANGE_UPDATE,     6, 0},
    {{.uri = "u", .version = "1", .created_us = 99, .text = "f"}, OUTCOME_CONFLICT,  CHANGE_CONFLICT,   7, 6},
    {{.uri = "u", .version = "1", .created_us = 50, .text = "g"}, OUTCOME_CONFLICT,  CHANGE_CONFLICT,   7, 6},
};
static const struct step wordless[] = {
    {{.uri = "u", .text = "a"},                                   OUTCOME_NEW,       CHANGE_NEW,        1, 0},
    {{.uri = "u", .text = "b"},                                   OUTCOME_UPDATED,   CHANGE_UPDATE,     2, 0},
    {{.uri = "u", .text = "c", .correction = true},               OUTCOME_CORRECTED, CHANGE_CORRECTION, 3, 0},
    {{.uri = "u", .text = "c"},                                   OUTCOME_UNCHANGED, CHANGE_NONE,       3, 3},
    {{.uri = "u", .text = "b"},                                   OUTCOME_UNCHANGED, CHANGE_NONE,       3, 2},
    {{.uri = "u", .text = "a"},                                   OUTCOME_UNCHANGED, CHANGE_NONE,       3, 1},
    {{.uri = "u", .created_us = 5, .text = "a"},                  OUTCOME_UPDATED,   CHANGE_UPDATE,     4, 0},
    {{.uri = "u", .text = "new"},                                 OUTCOME_STALE,     CHANGE_STALE,      4, 4},
};
static const struct step gates[] = {
    {{.uri = "u", .version = "1", .text = "a"},                                OUTCOME_NEW,       CHANGE_NEW,        1, 0},
    {{.uri = "u", .version = "2", .text = "b", .status = PUB_WITHHELD},        OUTCOME_UPDATED,   CHANGE_WITHHOLD,   2, 0},
    {{.uri = "u", .version = "3", .text = "c", .status = PUB_WITHHELD},        OUTCOME_UPDATED,   CHANGE_UPDATE,     3, 0},
    {{.uri = "u", .version = "0", .text = "c"},                                OUTCOME_STALE,     CHANGE_STALE,      3, 3},
    {{.uri = "u", .version = "4", .text = "c"},                                OUTCOME_UPDATED,   CHANGE_RELEASE,    5, 0},
    // an embargo that closes the gate is the news, one that opens it only by itself
    {{.uri = "u", .version = "5", .text = "d", .embargo_us = NOON + 50},       OUTCOME_UPDATED,   CHANGE_EMBARGO,    6, 0},
    {{.uri = "u", .version = "6", .text = "d", .embargo_us = NOON + 20},       OUTCOME_UPDATED,   CHANGE_EMBARGO,    7, 0},
    {{.uri = "u", .version = "7", .text = "e", .embargo_us = NOON + 10},       OUTCOME_UPDATED,   CHANGE_UPDATE,     8, 0},
    {{.uri = "u", .version = "8", .text = "e"},                                OUTCOME_UPDATED,   CHANGE_EMBARGO,    9, 0},
    {{.uri = "u", .version = "9", .text = "f", .embargo_us = NOON - 10},       OUTCOME_UPDATED,   CHANGE_UPDATE,    10, 0},
    {{.uri = "u", .version = "9", .text = "f", .embargo_us = NOON + 10},       OUTCOME_CONFLICT,  CHANGE_EMBARGO,   11, 10},
    {{.uri = "u", .version = "3", .text = "q", .status = PUB_WITHHELD},        OUTCOME_CONFLICT,  CHANGE_CONFLICT,  11, 3},
    // a kill wins from behind, and then nothing else does
    {{.uri = "u", .version = "2", .text = "k", .status = PUB_CANCELED},        OUTCOME_CONFLICT,  CHANGE_KILL,      11, 2},
    {{.uri = "u", .version = "10", .text = "g"},                               OUTCOME_DEAD,      CHANGE_NONE,      11, 0},
    {{.uri = "u", .version = "2", .text = "k", .status = PUB_CANCELED},        OUTCOME_DEAD,      CHANGE_NONE,      11, 0},
};
static const struct step arrives_killed[] = {
    {{.uri = "u", .version = "7", .text = "a", .status = PUB_CANCELED},        OUTCOME_NEW,       CHANGE_KILL,       1, 0},
    {{.uri = "u", .version = "8", .text = "a"},                                OUTCOME_DEAD,      CHANGE_NONE,       1, 0},
};
static const struct step arrives_withheld[] = {
    {{.uri = "u", .version = "1", .text = "a", .status = PUB_WITHHELD},        OUTCOME_NEW,       CHANGE_NEW,        1, 0},
    {{.uri = "u", .version = "2", .text = "a", .status = PUB_WITHHELD},        OUTCOME_TOUCHED,   CHANGE_TOUCH,      2, 0},
    {{.uri = "u", .version = "3", .text = "a"},                                OUTCOME_UPDATED,   CHANGE_RELEASE,    3, 0},
};
// Items without id are named by their text: only what the text can't say is ever new.
static const struct step nameless[] = {
    {{.text = "a"},                                                            OUTCOME_NEW,       CHANGE_NEW,        1, 0},
    {{.text = "a"},                                                            OUTCOME_UNCHANGED, CHANGE_NONE,       1, 1},
    {{.text = "a", .urgency = 3, .created_us = 9},                             OUTCOME_UNCHANGED, CHANGE_NONE,       1, 1},
    {{.text = "a", .status = PUB_CANCELED},                                    OUTCOME_UPDATED,   CHANGE_KILL,       2, 0},
    {{.text = "a"},                                                            OUTCOME_DEAD,      CHANGE_NONE,       2, 0},
};
static const struct {
    const char *name;
    const struct step *steps;
    size_t count;
} stories[] = {
    {"versions",         versions,         LENGTH(versions)},
    {"times",            times,            LENGTH(times)},
    {"wordless",         wordless,         LENGTH(wordless)},
    {"gates",            gates,            LENGTH(gates)},
    {"arrives killed",   arrives_killed,   LENGTH(arrives_killed)},
    {"arrives withheld", arrives_withheld, LENGTH(arrives_withheld)},
    {"nameless",         nameless,         LENGTH(nameless)},
};
// clang-format on

static void
check_step(const char *story, size_t n, const struct step *step,
    const struct item_verdict *v, uint64_t seq, uint64_t last)
{
    bool files = outcome_files(step->outcome);
    if (v->outcome != step->outcome || v->change_class != step->class ||
        v->current != step->current || v->of_seq != step->of_seq)
        fail_msg("%s, step %zu: %s %s current %llu of %llu", story, n + 1,
            outcome_name(v->outcome), change_class_name(v->change_class),
            (unsigned long long)v->current, (unsigned long long)v->of_seq);
    assert_int_equal(v->item, 1);
    assert_int_equal(v->story, 1);
    assert_int_equal(v->seq, files ? seq : 0);
    assert_int_equal(v->previous, files ? last : 0);
    assert_int_equal(v->of_item, v->of_seq ? 1 : 0);
}

static void
each_document_of_an_item_has_the_outcome_of_the_table(void **state)
{
    (void)state;
    for (size_t s = 0; s < LENGTH(stories); s++) {
        struct desk desk;
        uint64_t seq = 1, last = 0;
        desk_open(&desk);
        for (size_t i = 0; i < stories[s].count; i++) {
            struct item_verdict v = desk_submit(&desk, stories[s].steps[i].doc);
            check_step(stories[s].name, i, &stories[s].steps[i], &v, seq, last);
            if (v.seq) {
                last = seq++;
                assert_int_equal(desk_item(&desk, 1).current, v.current);
            }
            assert_int_equal(desk.next.seq, seq);
            assert_int_equal(desk.next.record, i + 2);
        }
        desk_close(&desk);
    }
}

static void
a_touch_points_at_the_revision_that_holds_the_text(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    assert_int_equal(
        desk_submit(&desk, (struct doc){.uri = "u", .version = "1", .text = "a"})
            .content,
        1);
    for (unsigned i = 2; i < 5; i++) {
        char version[4];
        (void)snprintf(version, sizeof version, "%u", i);
        struct item_verdict v = desk_submit(
            &desk, (struct doc){.uri = "u", .version = version, .text = "a"});
        assert_int_equal(v.outcome, OUTCOME_TOUCHED);
        assert_int_equal(v.content, 1);
    }
    const struct digest key = digest_of(SLICE("a"));
    uint64_t seqs[2]; // and the text is found there alone
    assert_int_equal(
        index_find(desk.index, INDEX_KEY, index_hash_key(&key), seqs, 2), 1);
    desk_close(&desk);
}

static void
axes_follow_the_current_revision_and_canceled_sticks(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    struct doc d = {.uri = "u", .version = "5", .text = "a", .embargo_us = NOON + 9};
    (void)desk_submit(&desk, d);
    d = (struct doc){.uri = "u", .version = "4", .text = "b", .status = PUB_WITHHELD};
    struct item_verdict v = desk_submit(&desk, d);
    assert_int_equal(v.outcome, OUTCOME_STALE);
    assert_int_equal(v.axes.pub_status, PUB_USABLE);
    assert_int_equal(v.axes.embargoed_until_us, NOON + 9);
    d = (struct doc){.uri = "u", .version = "6", .text = "a", .advisory = true};
    v = desk_submit(&desk, d);
    assert_true(v.axes.advisory);
    assert_true(v.axes.embargoed_until_us == TIME_NONE);
    d = (struct doc){.uri = "u", .version = "1", .text = "k", .status = PUB_CANCELED};
    v = desk_submit(&desk, d);
    assert_int_equal(v.axes.pub_status, PUB_CANCELED);
    assert_true(v.axes.advisory); // the rest is still the current one's
    assert_int_equal(desk_item(&desk, 1).axes.pub_status, PUB_CANCELED);
    desk_close(&desk);
}

// ---- the same text under another identity

static void
equal_text_of_another_identity_is_a_duplicate_with_a_life_of_its_own(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    struct doc d = {.source = "dpa", .uri = "u", .version = "1", .text = "flood"};
    assert_int_equal(desk_submit(&desk, d).outcome, OUTCOME_NEW);
    d.source = "afp";
    d.urgency = 2; // another article, the same text
    struct item_verdict v = desk_submit(&desk, d);
    assert_int_equal(v.outcome, OUTCOME_DUPLICATE);
    assert_int_equal(v.change_class, CHANGE_DUPLICATE);
    assert_int_equal(v.item, 2);
    assert_int_equal(v.seq, 2);
    assert_int_equal(v.content, 2);
    assert_int_equal(v.of_item, 1);
    assert_int_equal(v.of_seq, 1);
    assert_int_equal(v.story, 1);
    d.source = "ap"; // of the first that was filed, not of the latest
    assert_int_equal(desk_submit(&desk, d).of_item, 1);
    d = (struct doc){
        .source = "dpa", .uri = "other", .text = "flood"}; // its own source too
    v = desk_submit(&desk, d);
    assert_int_equal(v.outcome, OUTCOME_DUPLICATE);
    assert_int_equal(v.story, 1);
    d = (struct doc){.source = "afp",
        .uri = "u",
        .version = "2",
        .text = "x",
        .status = PUB_CANCELED};
    assert_int_equal(desk_submit(&desk, d).change_class, CHANGE_KILL);
    assert_int_equal(desk_item(&desk, 1).axes.pub_status, PUB_USABLE);
    assert_int_equal(desk_item(&desk, 2).axes.pub_status, PUB_CANCELED);
    desk_close(&desk);
}

static void
what_has_no_text_or_another_key_version_is_no_duplicate(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    (void)desk_submit(&desk, (struct doc){.uri = "1"});
    assert_int_equal(desk_submit(&desk, (struct doc){.uri = "2"}).outcome, OUTCOME_NEW);
    (void)desk_submit(&desk, (struct doc){.uri = "3", .text = "t"});
    desk.key_version = 2;
    assert_int_equal(
        desk_submit(&desk, (struct doc){.uri = "4", .text = "t"}).outcome, OUTCOME_NEW);
    desk.key_version = 1;
    assert_int_equal(
        desk_submit(&desk, (struct doc){.uri = "5", .text = "t"}).of_item, 3);
    desk_close(&desk);
}

// What a renewal does: the row stays, and a stamp says under which key it is found now.
static void
a_stamped_revision_is_found_by_its_new_key(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    (void)desk_submit(&desk, (struct doc){.uri = "1", .text = "t"});
    (void)desk_submit(&desk, (struct doc){.uri = "2", .text = "u"});
    desk.key_version = 2;
    assert_int_equal(desk_submit(&desk, (struct doc){.uri = "3", .text = "t'"}).outcome,
        OUTCOME_NEW);
    struct stamp stamp = {.seq = 1,
        .key_version = 2,
        .has_key = true,
        .key_digest = digest_of(SLICE("t''"))};
    store_put_stamp(desk.txn, &stamp);
    assert_int_equal(dedupe_entries_of_stamp(desk.index, desk.txn, &stamp), WIRE_OK);
    struct item_verdict v = desk_submit(&desk, (struct doc){.uri = "4", .text = "t''"});
    assert_int_equal(v.outcome, OUTCOME_DUPLICATE);
    assert_int_equal(v.of_seq, 1);
    desk.key_version = 1; // and no more by the old one
    assert_int_equal(
        desk_submit(&desk, (struct doc){.uri = "5", .text = "t"}).outcome, OUTCOME_NEW);
    assert_int_equal(desk_submit(&desk, (struct doc){.uri = "6", .text = "u"}).outcome,
        OUTCOME_DUPLICATE);
    desk_close(&desk);
}

static void
an_index_filled_again_knows_what_was_stamped(void **state)
{
    (void)state;
    struct desk desk;
    uint64_t seqs[4];
    desk_open(&desk);
    (void)desk_submit(&desk, (struct doc){.uri = "1", .text = "t"});
    struct stamp stamp = {.seq = 1,
        .key_version = 2,
        .has_key = true,
        .key_digest = digest_of(SLICE("of today"))};
    struct wire_writer stamps = {0}, args = {0}, extra = {0};
    stamp_encode(&stamp, &stamps);
    struct renewal_step step = {SLICE("run"), wire_written(&stamps)};
    renewal_step_encode(&step, &args);
    struct record r = {
        .kind = RECORD_ADMIN, .admin = {SLICE(VERB_RENEWAL), wire_written(&args)}
    };
    extra_encode(&r, &extra);
    struct store_record row = {
        .record = 2, .source = 1, .id = {7}, .extra = wire_written(&extra)};
    store_put_record(desk.txn, &row);
    store_put_stamp(desk.txn, &stamp);
    uint64_t hash = index_hash_key(&stamp.key_digest);
    assert_int_equal(index_find(desk.index, INDEX_KEY, hash, seqs, 4), 0);
    assert_int_equal(dedupe_entries_of_stored(desk.index, desk.txn, 2), WIRE_OK);
    assert_int_equal(index_find(desk.index, INDEX_KEY, hash, seqs, 4), 1);
    assert_int_equal(seqs[0], 1);
    wire_writer_fini(&stamps);
    wire_writer_fini(&args);
    wire_writer_fini(&extra);
    desk_close(&desk);
}

static void
an_item_without_id_keeps_the_name_it_was_filed_under(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    struct doc d = {.source = "dpa", .uri = "urn:wireroom:dpa:of-old", .text = "page"};
    struct verdict v;
    struct record *r = ARENA_NEW(&desk.arena, struct record);
    struct prepared_item item = prepared_of(&desk.arena, &d);
    item.has_id = false; // named under another key version, and re-keyed since
    r->submission.source = SLICE("dpa");
    r->prepared = (struct prepared){.count = 1, .items = &item, .key_version = 1};
    struct fault fault = FAULT_NONE;
    assert_int_equal(judge(desk.txn, desk.index, r, &desk.next, desk_file, &desk,
                         &desk.arena, &r->verdict, &fault),
        WIRE_OK);
    struct doc again = {.source = "dpa", .text = "page"};
    assert_int_equal(desk_judge(&desk, &again, 1, false, &v), WIRE_OK);
    assert_int_equal(v.items[0].outcome, OUTCOME_UNCHANGED);
    assert_int_equal(v.items[0].item, 1);
    again.source = "afp"; // another source's page is another item
    assert_int_equal(desk_judge(&desk, &again, 1, false, &v), WIRE_OK);
    assert_int_equal(v.items[0].outcome, OUTCOME_DUPLICATE);
    desk_close(&desk);
}

static void
a_hash_shared_by_chance_decides_nothing(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    struct doc other = {.uri = "other", .version = "1", .text = "other"};
    (void)desk_submit(&desk, other);
    struct doc d = {.source = "dpa", .uri = "u", .version = "1", .text = "t"};
    struct prepared_item item = prepared_of(&desk.arena, &d);
    for (unsigned i = 0; i < 40; i++) { // more than are looked at at once
        assert_int_equal(
            index_add(desk.index, INDEX_ITEM, index_hash_item(1, item.uri), 1),
            WIRE_OK);
        assert_int_equal(
            index_add(desk.index, INDEX_KEY, index_hash_key(&item.key_digest), 1),
            WIRE_OK);
        assert_int_equal(index_add(desk.index, INDEX_VERSION,
                             index_hash_version(2, item.version, TIME_NONE), 1),
            WIRE_OK);
    }
    struct item_verdict v = desk_submit(&desk, d);
    assert_int_equal(v.outcome, OUTCOME_NEW);
    assert_int_equal(v.item, 2);
    assert_int_equal(desk_submit(&desk, d).outcome, OUTCOME_UNCHANGED);
    d.text = "u";
    v = desk_submit(&desk, d);
    assert_int_equal(v.outcome, OUTCOME_CONFLICT);
    assert_int_equal(v.of_seq, 2);
    d = (struct doc){.uri = "v", .text = "t"};
    assert_int_equal(desk_submit(&desk, d).of_seq, 2);
    desk_close(&desk);
}

// ---- several items

static void
items_of_one_submission_see_what_those_before_them_filed(void **state)
{
    (void)state;
    struct desk desk;
    struct verdict v;
    const struct doc docs[] = {
        {.source = "dpa",           .uri = "u",          .version = "2", .text = "a"},
        {.uri = "bad",              .fate = ITEM_QUARANTINED                                },
        {.uri = "u",.version = "1",.text = "b"},
        {.uri = "w",                        .text = "a"                                                         },
        {.uri = "u",                .version = "2", .text = "a"},
        {.uri = "long",                .fate = ITEM_REJECTED     },
        {.uri = "w",                         .text = "k",                                .status = PUB_CANCELED},
        {.uri = "w",                         .text = "l"                             },
    };
    static const enum outcome want[] = {OUTCOME_NEW, OUTCOME_QUARANTINED, OUTCOME_STALE,
        OUTCOME_DUPLICATE, OUTCOME_UNCHANGED, OUTCOME_REJECTED, OUTCOME_UPDATED,
        OUTCOME_DEAD};
    desk_open(&desk);
    assert_int_equal(desk_judge(&desk, docs, LENGTH(docs), false, &v), WIRE_OK);
    for (size_t i = 0; i < LENGTH(docs); i++)
        assert_int_equal(v.items[i].outcome, want[i]);
    assert_int_equal(v.record, 1);
    assert_int_equal(v.first_seq, 1);
    assert_int_equal(v.last_seq, 4);
    assert_int_equal(desk.filed, 4);
    assert_int_equal(desk.next.seq, 5);
    assert_int_equal(desk.next.item, 3);
    assert_int_equal(v.items[1].item, 0);
    desk_close(&desk);
}

static void
a_record_that_files_nothing_has_no_run_of_seqs(void **state)
{
    (void)state;
    struct desk desk;
    struct verdict v;
    const struct doc bad = {.source = "dpa", .fate = ITEM_QUARANTINED};
    desk_open(&desk);
    assert_int_equal(desk_judge(&desk, &bad, 1, false, &v), WIRE_OK);
    assert_int_equal(v.record, 1);
    assert_int_equal(v.first_seq, 0);
    assert_int_equal(v.last_seq, 0);
    assert_int_equal(desk.filed, 0);
    desk_close(&desk);
}

static const struct {
    struct doc docs[3];
    enum outcome want[3];
} wholes[] = {
    {{{.uri = "p", .text = "p"}, {.uri = "q", .fate = ITEM_REJECTED},
         {.uri = "r", .text = "r"}},
     {OUTCOME_REJECTED, OUTCOME_REJECTED, OUTCOME_REJECTED}   },
    {{{.uri = "p", .text = "p"}, {.uri = "r", .text = "r"},
         {.uri = "q", .fate = ITEM_QUARANTINED}},
     {OUTCOME_REJECTED, OUTCOME_REJECTED, OUTCOME_QUARANTINED}},
    {{{.uri = "dead", .text = "p"}, {.uri = "q", .text = "q"},
         {.uri = "r", .text = "r"}},
     {OUTCOME_DEAD, OUTCOME_REJECTED, OUTCOME_REJECTED}       },
    {{{.uri = "p", .text = "p", .status = PUB_CANCELED}, {.uri = "p", .text = "q"},
         {.uri = "r", .text = "r"}},
     {OUTCOME_REJECTED, OUTCOME_DEAD, OUTCOME_REJECTED}       },
    {{{.uri = "p", .text = "p"}, {.uri = "p", .text = "p"},
         {.uri = "alive", .text = "a"}},
     {OUTCOME_NEW, OUTCOME_UNCHANGED, OUTCOME_UNCHANGED}      },
};

static void
all_or_nothing_files_all_or_nothing(void **state)
{
    (void)state;
    for (size_t w = 0; w < LENGTH(wholes); w++) {
        struct desk desk;
        struct verdict v;
        struct doc docs[3];
        desk_open(&desk);
        (void)desk_submit(
            &desk, (struct doc){.uri = "dead", .text = "d", .status = PUB_CANCELED});
        (void)desk_submit(&desk, (struct doc){.uri = "alive", .text = "a"});
        memcpy(docs, wholes[w].docs, sizeof docs);
        docs[0].source = "dpa";
        assert_int_equal(desk_judge(&desk, docs, 3, true, &v), WIRE_OK);
        bool refused = wholes[w].want[0] != OUTCOME_NEW;
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(v.items[i].outcome, wholes[w].want[i]);
            assert_int_equal(v.items[i].seq, !refused && i == 0 ? 3 : 0);
        }
        assert_int_equal(desk.filed, refused ? 0 : 1);
        assert_int_equal(desk.next.seq, refused ? 3 : 4);
        assert_int_equal(desk.next.record, 4);
        desk_close(&desk);
    }
}

// ---- what filing adds to the index

static void
submissions_are_found_by_source_and_id(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    uint8_t id[SUBMISSION_ID_BYTES] = {2};
    assert_int_equal(judge_submission_id(desk.txn, desk.index, SLICE("dpa"), id), 0);
    for (unsigned i = 0; i < 3; i++)
        (void)desk_submit(&desk, (struct doc){.uri = "u", .text = "a"});
    assert_int_equal(judge_submission_id(desk.txn, desk.index, SLICE("dpa"), id), 2);
    assert_int_equal(judge_submission_id(desk.txn, desk.index, SLICE("afp"), id), 0);
    id[0] = 4;
    assert_int_equal(judge_submission_id(desk.txn, desk.index, SLICE("dpa"), id), 0);
    desk_close(&desk);
}

struct matching {
    struct index *index;
    uint64_t entries;
};

static enum wire_err
is_there(void *context, enum index_kind kind, uint64_t hash, uint64_t number)
{
    struct matching *m = context;
    uint64_t numbers[64];
    size_t count = index_find(m->index, kind, hash, numbers, 64);
    bool found = false;
    for (size_t i = 0; i < count && i < 64; i++)
        found = found || numbers[i] == number;
    assert_true(found);
    m->entries++;
    return WIRE_OK;
}

static void
rows_long_filed_have_the_entries_that_filing_added(void **state)
{
    (void)state;
    struct desk desk;
    struct index_sizes sizes;
    desk_open(&desk);
    for (size_t s = 0; s < LENGTH(stories); s++)
        for (size_t i = 0; i < stories[s].count; i++) {
            struct doc d = stories[s].steps[i].doc;
            d.source = stories[s].name;
            (void)desk_submit(&desk, d);
        }
    index_sizes(desk.index, &sizes);
    struct matching m = {.index = desk.index};
    for (uint64_t n = 1; n < desk.next.record; n++) {
        struct store_record row;
        assert_int_equal(store_get_record(desk.txn, n, &row), WIRE_OK);
        assert_int_equal(dedupe_record_entries(&row, is_there, &m), WIRE_OK);
        for (uint64_t seq = row.first_seq; seq && seq <= row.last_seq; seq++) {
            struct store_change c;
            assert_int_equal(store_get_change(desk.txn, seq, &c), WIRE_OK);
            assert_int_equal(
                dedupe_change_entries(row.source, &c, is_there, &m), WIRE_OK);
        }
    }
    assert_int_equal(m.entries, sizes.head_entries);

    struct fault fault = FAULT_NONE;
    assert_int_equal(index_clear(desk.index, &fault), WIRE_OK);
    for (uint64_t n = 1; n < desk.next.record; n++)
        assert_int_equal(dedupe_entries_of_stored(desk.index, desk.txn, n), WIRE_OK);
    index_sizes(desk.index, &sizes);
    assert_int_equal(m.entries, sizes.head_entries);
    desk_close(&desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_document_of_an_item_has_the_outcome_of_the_table),
        cmocka_unit_test(a_touch_points_at_the_revision_that_holds_the_text),
        cmocka_unit_test(axes_follow_the_current_revision_and_canceled_sticks),
        cmocka_unit_test(
            equal_text_of_another_identity_is_a_duplicate_with_a_life_of_its_own),
        cmocka_unit_test(what_has_no_text_or_another_key_version_is_no_duplicate),
        cmocka_unit_test(a_stamped_revision_is_found_by_its_new_key),
        cmocka_unit_test(an_index_filled_again_knows_what_was_stamped),
        cmocka_unit_test(an_item_without_id_keeps_the_name_it_was_filed_under),
        cmocka_unit_test(a_hash_shared_by_chance_decides_nothing),
        cmocka_unit_test(items_of_one_submission_see_what_those_before_them_filed),
        cmocka_unit_test(a_record_that_files_nothing_has_no_run_of_seqs),
        cmocka_unit_test(all_or_nothing_files_all_or_nothing),
        cmocka_unit_test(submissions_are_found_by_source_and_id),
        cmocka_unit_test(rows_long_filed_have_the_entries_that_filing_added),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
