#include "index/filter.h"
#include "index/manifest.h"
#include "index/page.h"
#include "shared.h"

static int
compare(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct pair)); // only for the model below
}

// Big-endian twins compare as bytes do, by a sort that is not the one under test.
static void
sort_otherwise(struct pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct pair){
            __builtin_bswap64(pairs[i].tag), __builtin_bswap64(pairs[i].number)};
    qsort(pairs, n, sizeof *pairs, compare);
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct pair){
            __builtin_bswap64(pairs[i].tag), __builtin_bswap64(pairs[i].number)};
}

static void
sorting_agrees_with_another_sort(void **state)
{
    (void)state;
    static const uint64_t masks[] = {UINT64_MAX, 0, 3, 0xff00000000000000U, 0xfff};
    static const size_t sizes[] = {0, 1, 2, 32, 33, 1000, 30000};
    uint64_t random = 2;
    for (size_t m = 0; m < LENGTH(masks); m++)
        for (size_t s = 0; s < LENGTH(sizes); s++) {
            size_t n = sizes[s];
            struct pair *pairs = calloc(n + 1, sizeof *pairs),
                        *want = calloc(n + 1, sizeof *want),
                        *scratch = calloc(n + 1, sizeof *scratch);
            for (size_t i = 0; i < n; i++)
                want[i] = pairs[i] =
                    (struct pair){next_random(&random) & masks[m], below(&random, 50)};
            pairs_sort(pairs, n, scratch);
            sort_otherwise(want, n);
            assert_memory_equal(pairs, want, n * sizeof *pairs);
            free(pairs);
            free(want);
            free(scratch);
        }
}

static void
a_page_with_any_bit_flipped_or_in_another_place_is_not_good(void **state)
{
    (void)state;
    struct pair pairs[PAGE_PAIRS];
    uint8_t page[PAGE_BYTES];
    for (uint32_t i = 0; i < PAGE_PAIRS; i++)
        pairs[i] = (struct pair){i * 3, i};
    page_write(9, 4, INDEX_VERSION, pairs, PAGE_PAIRS, page);
    assert_true(page_good(9, 4, INDEX_VERSION, page));
    assert_false(page_good(8, 4, INDEX_VERSION, page));
    assert_false(page_good(9, 5, INDEX_VERSION, page));
    assert_false(page_good(9, 4, INDEX_ITEM, page));
    for (size_t i = 0; i < PAGE_BYTES * 8; i++) {
        page[i / 8] ^= (uint8_t)(1U << i % 8);
        assert_false(page_good(9, 4, INDEX_VERSION, page));
        page[i / 8] ^= (uint8_t)(1U << i % 8);
    }
    assert_true(page_good(9, 4, INDEX_VERSION, page));
}

static const struct {
    uint64_t tag;
    uint32_t before, after;
} places[] = {
    {0,   0, 0},
    {10,  0, 1},
    {15,  1, 1},
    {20,  1, 4},
    {30,  4, 5},
    {31,  5, 5},
    {~0U, 5, 5},
};

static void
a_tag_has_its_place_in_a_page(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {10, 1},
        {20, 2},
        {20, 3},
        {20, 4},
        {30, 5}
    };
    uint8_t page[PAGE_BYTES];
    page_write(1, 0, INDEX_ITEM, pairs, LENGTH(pairs), page);
    for (size_t i = 0; i < LENGTH(places); i++) {
        assert_int_equal(page_place(page, places[i].tag, false), places[i].before);
        assert_int_equal(page_place(page, places[i].tag, true), places[i].after);
    }
    assert_int_equal(page_pair(page, 3).number, 4);
}

static void
a_filter_holds_all_it_was_given_and_little_else(void **state)
{
    (void)state;
    enum { ENTRIES = 100000 };
    uint64_t blocks = filter_blocks(ENTRIES), random = 3, passed = 0;
    uint64_t *filter = calloc(blocks, FILTER_BLOCK_BYTES);
    assert_non_null(filter);
    for (uint64_t i = 0; i < ENTRIES; i++)
        filter_add(filter, blocks, tag_mix(INDEX_KEY, i));
    for (uint64_t i = 0; i < ENTRIES; i++)
        assert_true(filter_may_hold(filter, blocks, tag_mix(INDEX_KEY, i)));
    for (uint64_t i = 0; i < ENTRIES; i++) {
        passed += filter_may_hold(filter, blocks, tag_mix(INDEX_ITEM, i));
        passed += filter_may_hold(filter, blocks, next_random(&random));
    }
    assert_in_range(passed, 1, 2 * ENTRIES / 66); // 1.5 %
    free(filter);
}

static void
words_times_items_and_sources_have_hashes_of_their_own(void **state)
{
    (void)state;
    struct slice none = slice_of(NULL, 0), eight = SLICE("12345678");
    struct digest digest = digest_of(eight), other = digest_of(none);
    int64_t time;
    memcpy(&time, eight.data, sizeof time);
    const uint64_t hashes[] = {
        index_hash_version(1, none, TIME_NONE),
        index_hash_version(2, none, TIME_NONE),
        index_hash_version(1, eight, TIME_NONE),
        index_hash_version(1, none, time),
        index_hash_version(2, none, time),
        index_hash_version(2, eight, TIME_NONE),
        index_hash_content(1, eight, TIME_NONE, &digest),
        index_hash_content(1, eight, TIME_NONE, &other),
        index_hash_content(1, none, time, &digest),
        index_hash_item(1, eight),
        index_hash_item(2, eight),
        index_hash_submission(1, digest.bytes),
        index_hash_submission(2, digest.bytes),
        index_hash_key(&digest),
    };
    for (size_t i = 0; i < LENGTH(hashes); i++)
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(hashes[i], hashes[j]);
    // A version decides alone; no time and time 0 are the same nothing.
    assert_int_equal(
        index_hash_version(1, eight, 5), index_hash_version(1, eight, TIME_NONE));
    assert_int_equal(index_hash_version(1, none, 0), hashes[0]);
}

// What is on disk, in numbers: a change here is another MANIFEST_LAYOUT.
static void
hashes_and_pages_are_the_same_as_they_always_were(void **state)
{
    (void)state;
    const struct digest digest = {
        .bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9}
    };
    const uint8_t id[16] = "a submission id";
    static const struct pair pairs[] = {
        {1, 2},
        {3, 4}
    };
    uint8_t page[PAGE_BYTES];
    page_write(7, 8, INDEX_KEY, pairs, LENGTH(pairs), page);
    const uint64_t got[] = {MANIFEST_LAYOUT, index_hash_item(3, SLICE("urn:x")),
        index_hash_key(&digest), index_hash_submission(3, id),
        index_hash_version(5, SLICE("2"), TIME_NONE),
        index_hash_version(5, slice_of(NULL, 0), 1700000000000000),
        index_hash_version(5, slice_of(NULL, 0), TIME_NONE),
        index_hash_content(5, SLICE("2"), TIME_NONE, &digest), get_le64(page),
        hash64(slice_of(page, PAGE_BYTES), 0), tag_mix(INDEX_KEY, 99)};
    static const uint64_t want[] = {0x0000000000000001U, 0xc9819bd905d58a98U,
        0x0807060504030201U, 0xa26cd53f033d7a1fU, 0x1acfd87737d57dceU,
        0x1b5f8e2d41911e17U, 0xe3589160cf89cf52U, 0x1608ff6deeb1f4f2U,
        0x9681768666c63074U, 0x4080a9cf15a5ac98U, 0xf6d22d0c19949642U};
    for (size_t i = 0; i < LENGTH(want); i++)
        if (got[i] != want[i])
            fail_msg("number %zu is 0x%016llx now", i, (unsigned long long)got[i]);
    assert_int_equal(LENGTH(want), LENGTH(got));
}

// clang-format off
static const uint8_t manifest_bytes[] = {
    1, 0, 0, 0, 5, 0, 0, 0,                                         // layout, kinds
    's', 't', 'o', 'r', 'e', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,       // store id
    9, 0, 0, 0, 0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0, 0, 0, 0,     // epoch, W
    1, 0, 0, 0, 0, 0, 0, 0,                                         // segments
    7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,                 // id, items
    2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0,                 // keys, submissions
    4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0,                 // versions, contents
    0, 0x10, 0, 0, 0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1,              // chunk bytes, side
};
// clang-format on

static void
the_manifest_is_laid_out_as_written_down(void **state)
{
    (void)state;
    const struct manifest m = {
        .identity = {.id = "store", .epoch = 9},
        .covered = 0x11223344,
        .count = 1,
        .shapes = {{.id = 7,
            .counts = {1, 2, 3, 4, 5},
            .chunk_bytes = 4096,
            .side_hash = 0x0102030405060708}            }
    };
    uint8_t bytes[MANIFEST_BYTES_MAX];
    struct slice packed = manifest_pack(&m, bytes);
    assert_int_equal(packed.size, sizeof manifest_bytes + 8);
    assert_memory_equal(packed.data, manifest_bytes, sizeof manifest_bytes);
    assert_int_equal(get_le64(packed.data + sizeof manifest_bytes),
        hash64(slice_of(manifest_bytes, sizeof manifest_bytes), MANIFEST_LAYOUT));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorting_agrees_with_another_sort),
        cmocka_unit_test(a_page_with_any_bit_flipped_or_in_another_place_is_not_good),
        cmocka_unit_test(a_tag_has_its_place_in_a_page),
        cmocka_unit_test(a_filter_holds_all_it_was_given_and_little_else),
        cmocka_unit_test(hashes_and_pages_are_the_same_as_they_always_were),
        cmocka_unit_test(the_manifest_is_laid_out_as_written_down),
        cmocka_unit_test(words_times_items_and_sources_have_hashes_of_their_own),
    };
    return hash_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
