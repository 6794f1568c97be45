// Rules, hints and arguments of verbs, packed: they come back as they were, and what was
// not written by us is refused.
#include <string.h>

#include "article/extra.h"
#include "article/rules.h"
#include "base/arena.h"
#include "unit/check.h"

static void
rules_are_the_same_bytes_when_they_are_the_same(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct rules rules = {.zone = SLICE("+08:00"), .fold_dashes = true}, back;
    rules_encode(&rules, &w);
    assert_true(slice_equal(wire_written(&w), SLICE("\x82\xa6"
                                                    "dashes\xc3\xa4"
                                                    "zone\xa6+08:00")));
    assert_true(rules_decode(wire_written(&w), &back));
    assert_true(slice_is(back.zone, "+08:00") && back.fold_dashes && !back.fold_quotes);
    wire_writer_reset(&w);
    rules_encode(&(struct rules){0}, &w);
    assert_true(slice_equal(wire_written(&w), SLICE("\x80")));
    assert_true(rules_decode(SLICE("\x81\xa5later\x01"), &back));
    assert_false(rules_decode(SLICE("\x81\xa6"
                                    "dashes\x01"),
        &back));
    assert_false(rules_decode(SLICE("\x90"), &back));
    assert_false(rules_decode(SLICE(""), &back));
    wire_writer_fini(&w);
}

static void
hints_are_kept_where_the_row_does_not_say_them(void **state)
{
    (void)state;
    struct wire_writer w = {0};
    struct submission back = {0};
    struct record r = {.kind = RECORD_SUBMISSION,
        .submission = {.format = SLICE("auto")},
        .prepared = {.format = SLICE("nitf")}};
    extra_encode(&r, &w);
    assert_int_equal(w.size, 0);
    r.submission.format = SLICE("nitf");
    extra_encode(&r, &w);
    assert_int_equal(w.size, 0);
    r.submission.zone = SLICE("+01:00");
    r.submission.page = SLICE("4.txt");
    extra_encode(&r, &w);
    assert_true(extra_hints(wire_written(&w), &back));
    assert_true(slice_is(back.zone, "+01:00") && slice_is(back.page, "4.txt"));
    assert_true(slice_is(back.format, "nitf") && back.charset.size == 0);
    struct digest a = submission_request_digest(&r.submission),
                  b = submission_request_digest(&back);
    assert_true(digest_equal(&a, &b));
    struct admin verb;
    assert_false(extra_verb(wire_written(&w), &verb));
    assert_false(extra_hints(SLICE("\x91\x01"), &back));
    wire_writer_fini(&w);
}

static void
a_verb_keeps_its_arguments(void **state)
{
    (void)state;
    struct wire_writer args = {0}, w = {0};
    uint8_t seqs[16] = {7, 0, 0, 0, 0, 0, 0, 0, 9};
    struct renewed renewed = {3, slice_of(seqs, sizeof seqs)}, back;
    renewed_encode(&renewed, &args);
    struct record r = {
        .kind = RECORD_ADMIN, .admin = {SLICE(VERB_RENEWED), wire_written(&args)}
    };
    struct admin verb;
    extra_encode(&r, &w);
    assert_true(extra_verb(wire_written(&w), &verb));
    assert_true(slice_is(verb.verb, VERB_RENEWED));
    assert_true(renewed_take(verb.args, &back));
    assert_int_equal(back.of, 3);
    assert_int_equal(renewed_seq(&back, 0), 7);
    assert_int_equal(renewed_seq(&back, 1), 9);
    assert_int_equal(renewed_seq(&back, 2), 0);
    assert_false(renewed_take(SLICE("\x81\xa2of\x03"), &back));
    wire_writer_fini(&args);
    wire_writer_fini(&w);
}

static void
stamps_follow_one_another(void **state)
{
    (void)state;
    struct wire_writer stamps = {0}, args = {0};
    for (uint64_t i = 1; i <= 3; i++) {
        struct stamp s = {.seq = i,
            .rules = 100 + i,
            .normalizer = 2,
            .key_version = 1,
            .has_key = i != 2,
            .key_digest = {{(uint8_t)i}}};
        stamp_encode(&s, &stamps);
    }
    struct renewal_step step = {SLICE("run"), wire_written(&stamps)}, back;
    renewal_step_encode(&step, &args);
    assert_true(renewal_step_take(wire_written(&args), &back));
    assert_true(slice_is(back.run, "run"));
    struct stamp s;
    for (uint64_t i = 1; i <= 3; i++) {
        assert_true(stamp_take(&back.stamps, &s));
        assert_int_equal(s.seq, i);
        assert_int_equal(s.rules, 100 + i);
        assert_int_equal(s.key_digest.bytes[0], i == 2 ? 0 : i);
    }
    assert_false(stamp_take(&back.stamps, &s));
    assert_false(
        renewal_step_take(SLICE("\x82\xa3run\xc4\x01r\xa6stamps\xc4\x01x"), &back));
    wire_writer_fini(&stamps);
    wire_writer_fini(&args);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_the_same_bytes_when_they_are_the_same),
        cmocka_unit_test(hints_are_kept_where_the_row_does_not_say_them),
        cmocka_unit_test(a_verb_keeps_its_arguments),
        cmocka_unit_test(stamps_follow_one_another),
    };
    return hash_init() ? cmocka_run_group_tests_name("article/extra", tests, NULL, NULL)
                       : 1;
}
