
#include "net/cursor.h"
#include "net/token.h"
#include "unit/net/unit.h"

static void
a_cursor_is_epoch_seq_and_the_head_of_the_hash(void **state)
{
    (void)state;
    static const uint8_t want[CURSOR_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0,
        0x12, 0x34, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7};
    struct digest hash;
    uint8_t token[CURSOR_BYTES];
    for (size_t i = 0; i < sizeof hash.bytes; i++)
        hash.bytes[i] = (uint8_t)(0xa0 + i);
    struct cursor cursor = cursor_at(0x0102030405060708, 0x1234, &hash);
    cursor_write(&cursor, token);
    assert_memory_equal(token, want, sizeof want);
    struct cursor back = cursor_read(slice_of(token, sizeof token));
    assert_true(back.epoch == cursor.epoch && back.seq == cursor.seq);
    assert_true(cursor_is_at(&back, &hash));
    hash.bytes[7] ^= 1;
    assert_false(cursor_is_at(&back, &hash));
}

static void
before_the_first_change_there_is_no_hash(void **state)
{
    (void)state;
    static const uint8_t zeros[CURSOR_HASH_BYTES];
    struct digest hash;
    memset(hash.bytes, 0x55, sizeof hash.bytes);
    struct cursor cursor = cursor_at(7, 0, &hash);
    assert_memory_equal(cursor.hash, zeros, sizeof zeros);
    assert_true(cursor_is_at(&cursor, &hash));
}

static void
a_token_comes_back_for_its_own_question_alone(void **state)
{
    (void)state;
    uint8_t token[TOKEN_BYTES];
    uint64_t next = 0;
    struct slice dpa = SLICE("dpa"), uri = SLICE("u"), nothing = {0};
    uint64_t question = token_question(7, dpa, nothing, INT64_MIN, INT64_MAX);
    token_write(4711, question, token);
    struct slice bytes = slice_of(token, sizeof token);
    assert_int_equal(token_read(bytes, question, &next), WIRE_OK);
    assert_int_equal(next, 4711);
    const uint64_t others[] = {
        token_question(8, dpa, nothing, INT64_MIN, INT64_MAX),
        token_question(7, SLICE("afp"), nothing, INT64_MIN, INT64_MAX),
        token_question(7, nothing, nothing, INT64_MIN, INT64_MAX),
        token_question(7, dpa, uri, INT64_MIN, INT64_MAX),
        token_question(7, nothing, dpa, INT64_MIN, INT64_MAX),
        token_question(7, dpa, nothing, 0, INT64_MAX),
        token_question(7, dpa, nothing, INT64_MIN, 0),
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(token_read(bytes, others[i], &next), WIRE_BAD_TOKEN);
}

static void
a_token_with_any_bit_changed_is_refused(void **state)
{
    (void)state;
    uint8_t token[TOKEN_BYTES];
    uint64_t next = 99;
    uint64_t question = token_question(1, SLICE("dpa"), SLICE("x"), 1, 2);
    token_write(12, question, token);
    for (size_t bit = 0; bit < 8 * sizeof token; bit++) {
        token[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(
            token_read(slice_of(token, sizeof token), question, &next), WIRE_BAD_TOKEN);
        token[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t size = 0; size < sizeof token; size++)
        assert_int_equal(
            token_read(slice_of(token, size), question, &next), WIRE_BAD_TOKEN);
    assert_int_equal(next, 99);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cursor_is_epoch_seq_and_the_head_of_the_hash),
        cmocka_unit_test(before_the_first_change_there_is_no_hash),
        cmocka_unit_test(a_token_comes_back_for_its_own_question_alone),
        cmocka_unit_test(a_token_with_any_bit_changed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
