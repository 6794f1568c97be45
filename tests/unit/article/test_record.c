#include <stdio.h>
#include <stdlib.h>

#include "article/record.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static struct arena arena;

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, 64U << 20);
    return hash_init() ? 0 : -1;
}

static int
end(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static struct digest
digest_filled(uint8_t byte)
{
    struct digest d;
    memset(d.bytes, byte, sizeof d.bytes);
    return d;
}

static struct submission
a_submission(void)
{
    struct submission s = {
        .source = SLICE("city-desk"),
        .principal = SLICE("anna"),
        .format = SLICE("ninjs"),
        .zone = SLICE("+08:00"),
        .all_or_nothing = true,
        .request_digest = digest_filled(0x11),
        .raw_digest = digest_filled(0x22),
        .raw_bytes = 12,
        .house_us = 1790000000000000,
        .wall_us = 1790000000000001,
    };
    memcpy(s.id, "0123456789abcdef", sizeof s.id);
    return s;
}

// "\x91" and one word: a packed list.
static struct prepared_item
an_item(void)
{
    return (struct prepared_item){
        .fate = ITEM_READ,
        .uri = SLICE("urn:city:1"),
        .has_id = true,
        .has_key = true,
        .version = SLICE("3"),
        .version_created_us = 1789999999000000,
        .axes = {.pub_status = PUB_WITHHELD,
                 .embargoed_until_us = TIME_NONE,
                 .expires_us = 1800000000000000},
        .urgency = 4,
        .language = SLICE("en"),
        .headline = SLICE("Bridge opens"),
        .slugline = SLICE("bridge"),
        .subjects = SLICE("\x91\xa6"
                          "bridge"),
        .warnings = SLICE("\x91\xac"
                          "zone-missing"),
        .article_digest = digest_filled(0x33),
        .key_digest = digest_filled(0x44),
        .codec = CODEC_STORED,
        .article_bytes = 7,
        .raw_bytes = 5,
        .block = SLICE("articleraw.."),
    };
}

static struct prepared_item
a_bad_item(void)
{
    return (struct prepared_item){
        .fate = ITEM_QUARANTINED,
        .code = WIRE_INVALID,
        .at = 17,
        .field = SLICE("headlines[0].value"),
        .words = SLICE("headlines[0].value is a number, not text"),
        .version_created_us = TIME_NONE,
        .axes = {.embargoed_until_us = TIME_NONE, .expires_us = TIME_NONE},
        .subjects = SLICE("\x90"),
        .warnings = SLICE("\x90"),
    };
}

static struct item_verdict
a_verdict(void)
{
    return (struct item_verdict){
        .outcome = OUTCOME_DUPLICATE,
        .change_class = CHANGE_DUPLICATE,
        .item = 7,
        .seq = 40,
        .current = 40,
        .content = 40,
        .of_item = 2,
        .of_seq = 9,
        .story = 2,
        .axes = {.pub_status = PUB_WITHHELD,
                 .embargoed_until_us = TIME_NONE,
                 .expires_us = TIME_NONE}
    };
}

static struct item_verdict
no_verdict(void)
{
    return (struct item_verdict){
        .outcome = OUTCOME_QUARANTINED,
        .axes = {.embargoed_until_us = TIME_NONE, .expires_us = TIME_NONE}
    };
}

static const struct slice receipt_bytes = {(const uint8_t *)"\x80", 1};

static void
assert_slice(struct slice got, struct slice want)
{
    assert_int_equal(got.size, want.size);
    if (want.size)
        assert_memory_equal(got.data, want.data, want.size);
}

static void
assert_axes(const struct axes *got, const struct axes *want)
{
    assert_int_equal(got->pub_status, want->pub_status);
    assert_int_equal(got->advisory, want->advisory);
    assert_true(got->embargoed_until_us == want->embargoed_until_us);
    assert_true(got->expires_us == want->expires_us);
}

static void
assert_item(const struct prepared_item *got, const struct prepared_item *want)
{
    assert_int_equal(got->fate, want->fate);
    assert_int_equal(got->code, want->code);
    assert_int_equal(got->at, want->at);
    assert_slice(got->field, want->field);
    assert_slice(got->words, want->words);
    assert_slice(got->uri, want->uri);
    assert_int_equal(got->has_id, want->has_id);
    assert_int_equal(got->has_key, want->has_key);
    assert_int_equal(got->correction, want->correction);
    assert_slice(got->version, want->version);
    assert_true(got->version_created_us == want->version_created_us);
    assert_axes(&got->axes, &want->axes);
    assert_int_equal(got->urgency, want->urgency);
    assert_slice(got->language, want->language);
    assert_slice(got->headline, want->headline);
    assert_slice(got->slugline, want->slugline);
    assert_slice(got->subjects, want->subjects);
    assert_slice(got->warnings, want->warnings);
    assert_true(digest_equal(&got->article_digest, &want->article_digest));
    assert_true(digest_equal(&got->key_digest, &want->key_digest));
    assert_int_equal(got->codec, want->codec);
    assert_int_equal(got->article_bytes, want->article_bytes);
    assert_int_equal(got->raw_bytes, want->raw_bytes);
    assert_slice(got->block, want->block);
}

static void
assert_submission(const struct submission *got, const struct submission *want)
{
    assert_memory_equal(got->id, want->id, sizeof got->id);
    assert_slice(got->source, want->source);
    assert_slice(got->principal, want->principal);
    assert_slice(got->format, want->format);
    assert_slice(got->issue_date, want->issue_date);
    assert_slice(got->page, want->page);
    assert_slice(got->language, want->language);
    assert_slice(got->zone, want->zone);
    assert_slice(got->charset, want->charset);
    assert_int_equal(got->all_or_nothing, want->all_or_nothing);
    assert_true(digest_equal(&got->request_digest, &want->request_digest));
    assert_true(digest_equal(&got->raw_digest, &want->raw_digest));
    assert_int_equal(got->raw_bytes, want->raw_bytes);
    assert_true(got->house_us == want->house_us && got->wall_us == want->wall_us);
}

static void
assert_verdict(const struct item_verdict *got, const struct item_verdict *want)
{
    assert_int_equal(got->outcome, want->outcome);
    assert_int_equal(got->change_class, want->change_class);
    assert_int_equal(got->item, want->item);
    assert_int_equal(got->seq, want->seq);
    assert_int_equal(got->previous, want->previous);
    assert_int_equal(got->current, want->current);
    assert_int_equal(got->content, want->content);
    assert_int_equal(got->of_item, want->of_item);
    assert_int_equal(got->of_seq, want->of_seq);
    assert_int_equal(got->story, want->story);
    assert_axes(&got->axes, &want->axes);
}

// The two items of a record with one read and one quarantined; their raw stands apart.
static struct prepared
two_items(struct prepared_item items[2])
{
    items[0] = an_item();
    items[0].article_bytes = 12;
    items[0].raw_bytes = 0;
    items[1] = a_bad_item();
    return (struct prepared){.normalizer = 1,
        .key_version = 1,
        .format = SLICE("ninjs"),
        .count = 2,
        .items = items,
        .raw_codec = CODEC_STORED,
        .raw_bytes = 12,
        .raw_block = SLICE("{\"uri\":\"12\"}")};
}

static struct record
a_record(struct prepared_item items[2], struct item_verdict verdicts[2])
{
    verdicts[0] = a_verdict();
    verdicts[1] = no_verdict();
    return (struct record){
        .kind = RECORD_SUBMISSION,
        .submission = a_submission(),
        .prepared = two_items(items),
        .verdict = {.record = 5,
                    .first_seq = 40,
                    .last_seq = 40,
                    .count = 2,
                    .items = verdicts,
                    .receipt = receipt_bytes}
    };
}

static void
a_submission_comes_back_as_it_was(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct submission s = a_submission(), back = {0};
    struct fault fault = FAULT_NONE;
    submission_encode(&s, &w);
    assert_int_equal(submission_decode(wire_written(&w), &back, &fault), WIRE_OK);
    assert_submission(&back, &s);
    wire_writer_fini(&w);
}

static void
a_prepared_comes_back_as_it_was(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct prepared_item item = an_item();
    struct prepared back = {0}, p = {.normalizer = 3,
                                    .key_version = 2,
                                    .format = SLICE("article"),
                                    .count = 1,
                                    .items = &item};
    struct fault fault = FAULT_NONE;
    prepared_encode(&p, &w);
    assert_int_equal(prepared_decode(wire_written(&w), &arena, &back, &fault), WIRE_OK);
    assert_int_equal(back.normalizer, 3);
    assert_int_equal(back.key_version, 2);
    assert_slice(back.format, p.format);
    assert_int_equal(back.count, 1);
    assert_item(&back.items[0], &item);
    wire_writer_fini(&w);
}

static void
a_record_comes_back_as_it_was(void **state)
{
    (void)state;
    struct wire_writer w = {0}, again = {0};
    struct prepared_item items[2];
    struct item_verdict verdicts[2];
    struct record r = a_record(items, verdicts), back = {0};
    struct fault fault = FAULT_NONE;
    record_encode(&r, &w);
    assert_int_equal(record_decode(wire_written(&w), &arena, &back, &fault), WIRE_OK);
    assert_submission(&back.submission, &r.submission);
    for (uint32_t i = 0; i < 2; i++) {
        assert_item(&back.prepared.items[i], &items[i]);
        assert_verdict(&back.verdict.items[i], &verdicts[i]);
    }
    assert_slice(back.prepared.raw_block, r.prepared.raw_block);
    assert_slice(back.verdict.receipt, receipt_bytes);
    record_encode(&back, &again); // now from prepared_bytes
    assert_slice(wire_written(&again), wire_written(&w));
    wire_writer_fini(&w);
    wire_writer_fini(&again);
}

static void
a_record_encoded_around_its_prepared_is_the_same_bytes(void **state)
{
    (void)state;
    struct wire_writer w = {0}, around = {0}, joined = {0};
    struct prepared_item items[2];
    struct item_verdict verdicts[2];
    struct record r = a_record(items, verdicts), back = {0};
    struct fault fault = FAULT_NONE;
    record_encode(&r, &w);
    assert_int_equal(record_decode(wire_written(&w), &arena, &back, &fault), WIRE_OK);
    for (int time = 0; time < 2; time++) { // the second time behind the first
        size_t from = around.size;
        size_t where = record_encode_around(&back, &around);
        struct slice bytes = slice_from(wire_written(&around), from);
        wire_writer_reset(&joined);
        wire_put_raw(&joined, slice_until(bytes, where));
        wire_put_raw(&joined, back.prepared_bytes);
        wire_put_raw(&joined, slice_from(bytes, where));
        assert_slice(wire_written(&joined), wire_written(&w));
    }
    wire_writer_fini(&w);
    wire_writer_fini(&around);
    wire_writer_fini(&joined);
}

static void
a_skip_comes_back_as_it_was(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct record r = {.kind = RECORD_SKIP, .skip_record = 77}, back = {0};
    struct fault fault = FAULT_NONE;
    record_encode(&r, &w);
    assert_int_equal(record_decode(wire_written(&w), &arena, &back, &fault), WIRE_OK);
    assert_int_equal(back.kind, RECORD_SKIP);
    assert_int_equal(back.skip_record, 77);
    assert_int_equal(record_skipped(wire_written(&w)), 77);
    assert_int_equal(record_skipped(slice_until(wire_written(&w), w.size - 1)), 0);
    assert_int_equal(record_skipped(slice_of(NULL, 0)), 0);
    wire_writer_fini(&w);
}

// Every way in which a reader that was taken over might lie in one element.
enum lie {
    LIE_NONE,
    LIE_FATE,
    LIE_NO_URI,
    LIE_LONG_URI,
    LIE_STATUS,
    LIE_URGENCY,
    LIE_SUBJECTS,
    LIE_CODEC,
    LIE_STORED_SIZE,
    LIE_NO_ARTICLE,
    LIE_ARTICLE_IN_QUARANTINE,
    LIE_TOO_LARGE,
    LIE_RAW_TWICE,
    LIE_NO_ITEMS,
    LIES,
};
static const char *const lie_words[LIES] = {
    [LIE_FATE] = "fate",
    [LIE_NO_URI] = "items[0].uri",
    [LIE_LONG_URI] = "uri",
    [LIE_STATUS] = "pub_status",
    [LIE_URGENCY] = "urgency",
    [LIE_SUBJECTS] = "subjects",
    [LIE_CODEC] = "codec",
    [LIE_STORED_SIZE] = "block",
    [LIE_NO_ARTICLE] = "article_bytes",
    [LIE_ARTICLE_IN_QUARANTINE] = "items[1].article_bytes",
    [LIE_TOO_LARGE] = "article_bytes",
    [LIE_RAW_TWICE] = "raw_bytes",
    [LIE_NO_ITEMS] = "items",
};

static void
tell(enum lie lie, struct prepared *p)
{
    static uint8_t long_uri[1025];
    struct prepared_item *item = &p->items[0];
    memset(long_uri, 'u', sizeof long_uri);
    switch (lie) {
    case LIE_FATE:
        item->fate = (enum item_fate)3;
        break;
    case LIE_NO_URI:
        item->uri = slice_of(NULL, 0);
        break;
    case LIE_LONG_URI:
        item->uri = slice_of(long_uri, sizeof long_uri);
        break;
    case LIE_STATUS:
        item->axes.pub_status = 3;
        break;
    case LIE_URGENCY:
        item->urgency = 10;
        break;
    case LIE_SUBJECTS:
        item->subjects = SLICE("\x91\x01");
        break;
    case LIE_CODEC:
        item->codec = (enum codec)9;
        break;
    case LIE_STORED_SIZE:
        item->article_bytes = 11;
        break;
    case LIE_NO_ARTICLE:
        item->article_bytes = 0;
        item->block = slice_of(NULL, 0);
        break;
    case LIE_ARTICLE_IN_QUARANTINE:
        p->items[1].article_bytes = 3;
        p->items[1].block = SLICE("abc");
        break;
    case LIE_TOO_LARGE:
        item->article_bytes = RECORD_BYTES_MAX + 1;
        break;
    case LIE_RAW_TWICE:
        item->article_bytes = 6;
        item->raw_bytes = 6;
        break;
    case LIE_NO_ITEMS:
        p->count = 0;
        break;
    case LIE_NONE:
    case LIES:
        break;
    }
}

static void
a_reader_that_lies_is_not_believed(void **state)
{
    (void)state;
    for (enum lie lie = LIE_NONE; lie < LIES; lie++) {
        struct wire_writer w = {0};
        struct prepared_item items[2];
        struct prepared p = two_items(items), back = {.count = 99};
        struct fault fault = FAULT_NONE;
        tell(lie, &p);
        prepared_encode(&p, &w);
        enum wire_err err = prepared_decode(wire_written(&w), &arena, &back, &fault);
        assert_int_equal(err, lie ? WIRE_READER_ANSWER : WIRE_OK);
        assert_int_equal(fault.code, err);
        if (lie) {
            assert_int_equal(back.count, 99); // untouched
            assert_non_null(strstr(fault.field, lie_words[lie]));
        }
        wire_writer_fini(&w);
    }
}

static void
cut_anywhere_a_record_is_damaged_and_never_half_read(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct prepared_item items[2];
    struct item_verdict verdicts[2];
    struct record r = a_record(items, verdicts);
    record_encode(&r, &w);
    for (size_t size = 0; size < w.size; size++) {
        struct record back = {.kind = RECORD_SKIP};
        struct fault fault = FAULT_NONE;
        uint8_t *cut = malloc(size + 1); // its own allocation: overruns show
        assert_non_null(cut);
        memcpy(cut, w.data, size);
        assert_int_equal(
            record_decode(slice_of(cut, size), &arena, &back, &fault), WIRE_DAMAGED);
        assert_int_equal(fault.code, WIRE_DAMAGED);
        assert_int_equal(back.kind, RECORD_SKIP);
        free(cut);
    }
    wire_writer_fini(&w);
}

// A flipped bit may still make a record, but never one that breaks a promise of record.h.
static void
any_flipped_bit_gives_a_fault_or_a_record_that_keeps_the_rules(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct prepared_item items[2];
    struct item_verdict verdicts[2];
    struct record r = a_record(items, verdicts);
    record_encode(&r, &w);
    unsigned faults = 0;
    for (size_t bit = 0; bit < w.size * 8; bit++) {
        struct record back = {0};
        struct fault fault = FAULT_NONE;
        w.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        arena_reset(&arena);
        if (record_decode(wire_written(&w), &arena, &back, &fault)) {
            faults++;
        } else if (back.kind == RECORD_SUBMISSION) {
            assert_int_equal(back.prepared.count, back.verdict.count);
            for (uint32_t i = 0; i < back.prepared.count; i++) {
                assert_true(back.prepared.items[i].axes.pub_status <= PUB_CANCELED);
                assert_true(back.prepared.items[i].urgency <= 9);
            }
        }
        w.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
    }
    assert_true(faults > w.size); // heads, lengths and ranges are a good part of it
    wire_writer_fini(&w);
}

static void
more_items_than_the_limit_are_refused(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct prepared_item *items = calloc(ARTICLE_ITEMS_MAX + 1, sizeof *items);
    assert_non_null(items);
    for (uint32_t i = 0; i <= ARTICLE_ITEMS_MAX; i++)
        items[i] = a_bad_item();
    for (uint32_t count = ARTICLE_ITEMS_MAX; count <= ARTICLE_ITEMS_MAX + 1; count++) {
        struct prepared p = {.format = SLICE("ninjs"), .count = count, .items = items};
        struct prepared back;
        struct fault fault = FAULT_NONE;
        wire_writer_reset(&w);
        prepared_encode(&p, &w);
        assert_int_equal(prepared_decode(wire_written(&w), &arena, &back, &fault),
            count <= ARTICLE_ITEMS_MAX ? WIRE_OK : WIRE_READER_ANSWER);
    }
    free(items);
    wire_writer_fini(&w);
}

static void
a_layout_of_another_version_is_not_guessed_at(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct submission s = a_submission(), back;
    struct fault fault = FAULT_NONE;
    submission_encode(&s, &w);
    // array 16 is three bytes: 0xdc 0x00 0x10; the layout is the fourth
    assert_int_equal(w.data[3], SUBMISSION_LAYOUT);
    w.data[3] = SUBMISSION_LAYOUT + 1;
    assert_int_equal(submission_decode(wire_written(&w), &back, &fault), WIRE_DAMAGED);
    assert_string_equal(fault.field, "submission.layout");
    wire_writer_fini(&w);
}

static void
hex_file(const char *name, struct slice bytes)
{
    char path[512], want[8192] = "", *got = malloc(bytes.size * 2 + 2);
    assert_non_null(got);
    hex_of(bytes.data, bytes.size, got);
    (void)snprintf(path, sizeof path, CORPUS "/records/%s", name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(want, 1, sizeof want - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    want[strcspn(want, "\n")] = 0;
    if (strcmp(got, want) != 0)
        printf("%s is now\n%s\n", name, got);
    assert_string_equal(got, want);
    free(got);
}

static struct record
an_admin(struct prepared_item items[2], struct item_verdict verdicts[2])
{
    struct record r = a_record(items, verdicts);
    r.kind = RECORD_ADMIN;
    r.admin = (struct admin){SLICE("retry"), SLICE("\x81\xa6record\x11")};
    return r;
}

static void
a_verb_comes_back_as_it_was(void **state)
{
    (void)state;
    struct wire_writer w = {0}, around = {0};
    struct prepared_item items[2];
    struct item_verdict verdicts[2];
    struct record r = an_admin(items, verdicts), back = {0};
    struct fault fault = FAULT_NONE;
    record_encode(&r, &w);
    assert_int_equal(record_decode(wire_written(&w), &arena, &back, &fault), WIRE_OK);
    assert_int_equal(back.kind, RECORD_ADMIN);
    assert_slice(back.admin.verb, r.admin.verb);
    assert_slice(back.admin.args, r.admin.args);
    assert_submission(&back.submission, &r.submission);
    assert_int_equal(back.verdict.count, 2);
    assert_int_equal(record_skipped(wire_written(&w)), 0);
    size_t where = record_encode_around(&r, &around);
    assert_int_equal(around.size + back.prepared_bytes.size, w.size);
    assert_memory_equal(around.data, w.data, where);
    r.admin.args = SLICE("\x81\xa6record"); // a map that breaks off
    wire_writer_reset(&w);
    record_encode(&r, &w);
    assert_int_equal(
        record_decode(wire_written(&w), &arena, &back, &fault), WIRE_DAMAGED);
    wire_writer_fini(&w);
    wire_writer_fini(&around);
}

static void
a_record_names_the_rules_it_was_prepared_by(void **state)
{
    (void)state;
    struct wire_writer w = {0}, around = {0};
    struct prepared_item items[2];
    struct item_verdict verdicts[2];
    struct record r = a_record(items, verdicts), back = {0};
    struct fault fault = FAULT_NONE;
    r.rules = 300;
    record_encode(&r, &w);
    assert_int_equal(record_decode(wire_written(&w), &arena, &back, &fault), WIRE_OK);
    assert_int_equal(back.rules, 300);
    assert_int_equal(back.kind, RECORD_SUBMISSION);
    size_t where = record_encode_around(&r, &around);
    assert_int_equal(around.size + back.prepared_bytes.size, w.size);
    assert_memory_equal(around.data, w.data, where);
    wire_writer_fini(&w);
    wire_writer_fini(&around);
}

static void
only_a_verb_may_be_about_nothing(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct prepared_item items[2];
    struct item_verdict verdicts[2];
    struct record r = an_admin(items, verdicts), back = {0};
    struct fault fault = FAULT_NONE;
    r.prepared_bytes = SLICE("");
    r.prepared.count = r.verdict.count = 0;
    record_encode(&r, &w);
    assert_int_equal(record_decode(wire_written(&w), &arena, &back, &fault), WIRE_OK);
    assert_int_equal(back.prepared.count, 0);
    struct prepared none;
    assert_int_equal(
        prepared_decode_own(back.prepared_bytes, &arena, &none, &fault), WIRE_OK);
    assert_int_equal(prepared_decode(back.prepared_bytes, &arena, &none, &fault),
        WIRE_READER_ANSWER);
    r.kind = RECORD_SUBMISSION;
    wire_writer_reset(&w);
    record_encode(&r, &w);
    fault = FAULT_NONE;
    assert_int_equal(
        record_decode(wire_written(&w), &arena, &back, &fault), WIRE_DAMAGED);
    wire_writer_fini(&w);
}

static void
the_bytes_on_disk_are_those_of_layout_1(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct prepared_item items[2];
    struct item_verdict verdicts[2];
    struct record r = a_record(items, verdicts);
    record_encode(&r, &w);
    hex_file("record-1.hex", wire_written(&w));
    wire_writer_reset(&w);
    struct slice of[2] = {SLICE("dpa:urn:dpa:9"), SLICE("")};
    receipt_encode(&r.submission, &r.prepared, &r.verdict, of, &w);
    hex_file("receipt-1.hex", wire_written(&w));
    wire_writer_reset(&w);
    struct record verb = an_admin(items, verdicts);
    record_encode(&verb, &w);
    hex_file("admin-1.hex", wire_written(&w));
    wire_writer_reset(&w);
    r.rules = 300;
    record_encode(&r, &w);
    hex_file("record-2.hex", wire_written(&w));
    wire_writer_fini(&w);
}

static void
a_receipt_says_each_thing_once(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct prepared_item items[2];
    struct item_verdict verdicts[2];
    struct record r = a_record(items, verdicts);
    struct slice of[2] = {SLICE("dpa:urn:dpa:9"), SLICE("")};
    uint64_t at;
    receipt_encode(&r.submission, &r.prepared, &r.verdict, of, &w);
    assert_int_equal(wire_scan(wire_written(&w), &wire_limits_header, &at), WIRE_OK);
    struct wire_writer text = {0};
    wire_to_json(wire_written(&w), WIRE_JSON_COMPACT, &text);
    wire_put_raw(&text, slice_of("", 1));
    assert_string_equal((const char *)text.data,
        "{\"submission\":\"30313233343536373839616263646566\",\"source\":\"city-desk\","
        "\"record\":5,\"time\":\"2026-09-21T14:13:20Z\",\"items\":["
        "{\"outcome\":\"DUPLICATE\",\"state\":\"withheld\",\"uri\":\"urn:city:1\","
        "\"version\":\"3\",\"revision\":40,\"seq\":40,\"story\":2,"
        "\"of\":\"dpa:urn:dpa:9\",\"relation\":\"duplicate\",\"score\":1000,"
        "\"warnings\":[\"zone-missing\"]},"
        "{\"outcome\":\"QUARANTINED\",\"error\":{\"code\":403,\"error\":\"INVALID\","
        "\"transient\":false,\"field\":\"headlines[0].value\",\"at\":17,"
        "\"words\":\"headlines[0].value is a number, not text\"}}]}");
    wire_writer_fini(&text);
    wire_writer_fini(&w);
}

static const struct {
    const char *version;
    int64_t want;
} versions[] = {
    {"0",                   0                 },
    {"4",                   4                 },
    {"007",                 7                 },
    {"999999999999999999",  999999999999999999},
    {"1000000000000000000", -1                },
    {"",                    -1                },
    {"-1",                  -1                },
    {"+1",                  -1                },
    {"1.0",                 -1                },
    {" 1",                  -1                },
    {"v2",                  -1                },
    {"\xd9\xa1",            -1                },
};

static void
a_version_is_a_number_only_if_it_is_all_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(versions); i++)
        assert_true(
            version_integer(slice_str(versions[i].version)) == versions[i].want);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_submission_comes_back_as_it_was),
        cmocka_unit_test(a_prepared_comes_back_as_it_was),
        cmocka_unit_test(a_record_comes_back_as_it_was),
        cmocka_unit_test(a_record_encoded_around_its_prepared_is_the_same_bytes),
        cmocka_unit_test(a_skip_comes_back_as_it_was),
        cmocka_unit_test(a_verb_comes_back_as_it_was),
        cmocka_unit_test(a_record_names_the_rules_it_was_prepared_by),
        cmocka_unit_test(only_a_verb_may_be_about_nothing),
        cmocka_unit_test(a_reader_that_lies_is_not_believed),
        cmocka_unit_test(cut_anywhere_a_record_is_damaged_and_never_half_read),
        cmocka_unit_test(
            any_flipped_bit_gives_a_fault_or_a_record_that_keeps_the_rules),
        cmocka_unit_test(more_items_than_the_limit_are_refused),
        cmocka_unit_test(a_layout_of_another_version_is_not_guessed_at),
        cmocka_unit_test(the_bytes_on_disk_are_those_of_layout_1),
        cmocka_unit_test(a_receipt_says_each_thing_once),
        cmocka_unit_test(a_version_is_a_number_only_if_it_is_all_digits),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
