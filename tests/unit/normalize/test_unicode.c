// Both passes by hand against the library they stand in for, over all code points and
// over random strings.
#include "normalize/fold.h"
#include "normalize/nfc.h"
#include "normalize/normalize.h"
#include "normalize/scan.h"
#include "normalize/unicode.h"
#include "strings.h"

// clang-format off
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#define STRINGS 300000

static struct arena arena;

static int
set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20);
    return normalize_load() ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

// What the scan says after the fix must be what another pass would say.
static void
assert_scans(struct slice text, const struct text_scan *scan)
{
    struct text_scan again;
    text_scan(text, &again);
    assert_int_equal(scan->bad, again.bad);
    assert_int_equal(scan->nfc, again.nfc);
    assert_int_equal(scan->odd, again.odd);
    assert_int_equal(scan->blanks, again.blanks);
    assert_int_equal(scan->newline, again.newline);
    assert_int_equal(scan->tab, again.tab);
    assert_int_equal(scan->mojibake, again.mojibake);
    assert_int_equal(scan->chars, again.chars);
    assert_int_equal(scan->words, again.words);
}

static struct slice
ours(struct slice text)
{
    struct text_scan scan;
    text_scan(text, &scan);
    assert_int_equal(scan.bad, text.size);
    struct slice fixed = nfc_fix(text, &scan, &arena);
    assert_scans(fixed, &scan);
    return fixed;
}

static struct slice
theirs(struct slice text, int options)
{
    uint8_t *mapped = NULL;
    utf8proc_ssize_t size = utf8proc_map(
        text.data, (utf8proc_ssize_t)text.size, &mapped, (utf8proc_option_t)options);
    assert_true(size >= 0);
    struct slice copy = arena_copy(&arena, slice_of(mapped, (size_t)size));
    free(mapped);
    return copy;
}

static void
print_points(const char *what, struct slice text)
{
    print_error("%s:", what);
    for (size_t at = 0; at < text.size;) {
        int32_t point;
        at += utf8_next(text.data + at, text.size - at, &point);
        print_error(" %04X", (unsigned)point);
    }
    print_error("\n");
}

static void
assert_same(struct slice text, struct slice got, struct slice want)
{
    if (slice_equal(got, want))
        return;
    print_points("text", text);
    print_points("got ", got);
    print_points("want", want);
    fail();
}

// The trap of utf8proc 2.8.0: U+11A7 behind an LV syllable.
static bool
is_trap(struct slice text)
{
    for (size_t i = 0; i + 2 < text.size; i++)
        if (memcmp(text.data + i, "\xe1\x86\xa7", 3) == 0)
            return true;
    return false;
}

static void
check_nfc(struct slice text)
{
    if (!is_trap(text))
        assert_same(text, ours(text), theirs(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE));
}

static void
every_code_point_alone_and_between_others_becomes_what_utf8proc_makes_of_it(
    void **state)
{
    (void)state;
    for (int32_t point = 1; point < 0x110000; point++) {
        uint8_t bytes[32];
        if (point >= 0xd800 && point < 0xe000)
            continue;
        size_t size = utf8_put(bytes, point);
        check_nfc(slice_of(bytes, size));
        size = utf8_put(bytes, 0x1100);
        size += utf8_put(bytes + size, point);
        size += utf8_put(bytes + size, 0x301);
        check_nfc(slice_of(bytes, size));
        arena_reset(&arena);
    }
}

static void
random_strings_become_what_utf8proc_makes_of_them(void **state)
{
    (void)state;
    for (int i = 0; i < STRINGS; i++) {
        uint8_t bytes[64];
        check_nfc(strings_make(bytes));
        arena_reset(&arena);
    }
}

// Pairs go by a table; beside what is not ASCII their scan is not known from it.
static void
every_letter_and_mark_become_what_utf8proc_makes_of_them(void **state)
{
    (void)state;
    static const char *const around[][2] = {
        {"",             ""            },
        {"a ",           " b"          },
        {"\xc3\xa9",     ""            },
        {"",             "\xe2\x80\x94"},
        {"\xe4\xb8\xad", "."           },
        {"",             "e\xcc\x81"   },
        {"Mu\xcc\x88",   "\xcc\xa3"    }
    };
    for (int32_t base = 1; base < 0x180; base++)
        for (int32_t mark = 0x2f8; mark < 0x378; mark++)
            for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
                uint8_t bytes[32];
                size_t size = strlen(around[i][0]), behind = strlen(around[i][1]);
                memcpy(bytes, around[i][0], size);
                size += utf8_put(bytes + size, base);
                size += utf8_put(bytes + size, mark);
                memcpy(bytes + size, around[i][1], behind);
                check_nfc(slice_of(bytes, size + behind));
                arena_reset(&arena);
            }
}

static void
a_hangul_syllable_keeps_the_filler_final_behind_it(void **state)
{
    (void)state;
    struct slice text = SLICE("\xea\xb0\x80\xe1\x86\xa7");
    assert_same(text, ours(text), text);
    struct slice jamo = SLICE("\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa7");
    assert_same(jamo, ours(jamo), text);
}

static void
a_million_marks_on_one_letter_are_ordered_in_no_time(void **state)
{
    (void)state;
    enum { MARKS = 1000000 };
    uint8_t *bytes = malloc(1 + MARKS * 2);
    assert_non_null(bytes);
    size_t size = utf8_put(bytes, 'q');
    for (int i = 0; i < MARKS; i++)
        size += utf8_put(bytes + size, i % 2 ? 0x323 : 0x307);
    struct slice got = ours(slice_of(bytes, size));
    assert_int_equal(got.size, size);
    assert_memory_equal(got.data + 1, "\xcc\xa3\xcc\xa3", 4); // dots below first
    assert_memory_equal(got.data + size - 2, "\xcc\x87", 2);
    free(bytes);
    arena_reset(&arena);
}

// The rule of the fold on text that went through utf8proc as a whole: what the tables
// must come to. Signs beside digits are left out on both sides; test_fold.c has those.
static struct slice
folded_whole(struct slice text)
{
    struct slice mapped = theirs(text, UNICODE_FOLD_OPTIONS | UTF8PROC_COMPOSE);
    struct buffer out;
    buffer_init(&out, &arena, mapped.size);
    for (size_t at = 0; at < mapped.size;) {
        int32_t point;
        at += utf8_next(mapped.data + at, mapped.size - at, &point);
        if (unicode_class(point) & UNICODE_KEEP)
            buffer_put(&out, point);
    }
    return buffer_slice(&out);
}

static struct slice
without_signs(struct slice folded)
{
    struct buffer out;
    buffer_init(&out, &arena, folded.size);
    for (size_t at = 0; at < folded.size;) {
        int32_t point;
        at += utf8_next(folded.data + at, folded.size - at, &point);
        if (!fold_is_mark(point))
            buffer_put(&out, point);
    }
    return buffer_slice(&out);
}

static void
check_fold(struct slice text)
{
    struct buffer out;
    if (is_trap(text))
        return;
    buffer_init(&out, &arena, 64);
    fold_text(text, &out);
    assert_same(text, without_signs(buffer_slice(&out)), folded_whole(text));
}

static void
every_code_point_folds_as_the_whole_text_would(void **state)
{
    (void)state;
    for (int32_t point = 1; point < 0x110000; point++) {
        uint8_t bytes[32];
        if (point >= 0xd800 && point < 0xe000)
            continue;
        check_fold(slice_of(bytes, utf8_put(bytes, point)));
        size_t size = utf8_put(bytes, 'e');
        size += utf8_put(bytes + size, point);
        size += utf8_put(bytes + size, 0x301);
        check_fold(slice_of(bytes, size));
        arena_reset(&arena);
    }
}

static void
random_strings_fold_as_the_whole_text_would(void **state)
{
    (void)state;
    for (int i = 0; i < STRINGS; i++) {
        uint8_t bytes[64];
        check_fold(strings_make(bytes));
        arena_reset(&arena);
    }
}

// Most signs are decided at a glance at the next byte: it must come to the whole rule.
static void
check_sign(struct slice text, size_t sign_at, int32_t sign)
{
    struct buffer got, want;
    int32_t form = fold_mark_form(sign);
    size_t behind = sign_at + 1;
    buffer_init(&got, &arena, 64);
    buffer_init(&want, &arena, 64);
    fold_text(text, &got);
    fold_text(slice_until(text, sign_at), &want);
    if (fold_keeps_mark(text, sign_at, 1, form))
        buffer_put(&want, form);
    fold_text(slice_from(text, behind), &want);
    assert_same(text, buffer_slice(&got), buffer_slice(&want));
}

static void
a_sign_of_ascii_is_kept_by_its_rule_whatever_stands_beside_it(void **state)
{
    (void)state;
    static const char signs[] = "$%+,-./";
    static const char *const before[] = {"", "1", "a", "1 ", "\xe4\xb8\xad"};
    static const char *const behind[] = {"", "7", " 7", "z"};
    for (int32_t next = 0; next < 0x3000; next++)
        for (size_t i = 0; i < 7 * 5 * 4; i++) {
            uint8_t bytes[32];
            const char *left = before[i / 4 % 5], *right = behind[i % 4];
            uint32_t fold = unicode_fold(next);
            if (fold == FOLD_JOIN || fold & FOLD_MARK)
                continue; // acts on the sign, or is one itself
            size_t size = strlen(left), at = size;
            memcpy(bytes, left, size);
            bytes[size++] = (uint8_t)signs[i / 20];
            size += next ? utf8_put(bytes + size, next) : 0; // 0: nothing
            memcpy(bytes + size, right, strlen(right));
            check_sign(slice_of(bytes, size + strlen(right)), at, signs[i / 20]);
            arena_reset(&arena);
        }
}

// The rule of each code point for itself, for text in which none acts on another.
static struct slice
folded_by_point(struct slice text)
{
    struct buffer out;
    buffer_init(&out, &arena, text.size + 16);
    for (size_t at = 0, length; at < text.size; at += length) {
        int32_t point;
        length = utf8_take(text.data + at, text.size - at, &point);
        uint32_t fold = unicode_fold(point);
        int32_t form = (int32_t)(fold & ~(uint32_t)FOLD_MARK);
        assert_true(fold != FOLD_SLOW && fold != FOLD_JOIN);
        if (!(fold & FOLD_MARK) && fold != FOLD_DROP)
            buffer_put(&out, fold == FOLD_SELF ? point : form);
        else if (fold & FOLD_MARK && fold_keeps_mark(text, at, length, form))
            buffer_put(&out, form == 0x2013 || form == 0x2212 ? '-' : form);
    }
    return buffer_slice(&out);
}

// Long enough for all that goes over many bytes at once, and for each way it may end.
static void
a_long_text_folds_as_its_code_points_do(void **state)
{
    (void)state;
    static const int32_t others[] = {0xe9, 0xc9, 0x4e2d, 0x6587, 0x3002, 0xff0c, 0x30ab,
        0xff15, 0x2014, 0x2212, 0x20ac, 0x1f600, '.', ',', '$', '7', ' ', '\n'};
    for (int i = 0; i < STRINGS; i++) {
        uint8_t bytes[400];
        size_t size = 0, want = strings_random() % 100,
               rare = 2 + strings_random() % 40;
        while (size < want) {
            int32_t point = (int32_t)(' ' + strings_random() % 95);
            if (strings_random() % rare == 0)
                point = others[strings_random() % (sizeof others / sizeof *others)];
            size += utf8_put(bytes + size, point);
        }
        uint8_t *exact = test_malloc(size + 1); // so that a sanitizer sees its end
        struct slice text = slice_of(exact + 1, size);
        memcpy(exact + 1, bytes, size);
        struct buffer out;
        buffer_init(&out, &arena, 0);
        fold_text(text, &out);
        assert_same(text, buffer_slice(&out), folded_by_point(text));
        test_free(exact);
        arena_reset(&arena);
    }
}

static void
an_ignorable_between_letter_and_mark_changes_no_fold(void **state)
{
    (void)state;
    static const char *const between[] = {
        "", "\xc2\xad", "\xe2\x80\x8d", "\xe2\x80\x8b"};
    for (size_t i = 0; i < 4; i++) {
        char text[32];
        struct buffer out;
        snprintf(text, sizeof text, "caf\x65%s\xcc\x81s", between[i]);
        buffer_init(&out, &arena, 32);
        fold_text(slice_str(text), &out);
        assert_same(slice_str(text), buffer_slice(&out), SLICE("caf\xc3\xa9s"));
    }
}

// Debian's unicode-data has Unicode's own test of normalization; column 2 is the NFC.
static size_t
read_column(const char *hex, uint8_t out[256])
{
    size_t size = 0;
    char *end = NULL;
    for (; *hex && *hex != ';' && size < 250; hex = end) {
        size += utf8_put(out + size, (int32_t)strtol(hex, &end, 16));
        if (end == hex)
            break;
    }
    return size;
}

static void
check_line(const char *line)
{
    uint8_t bytes[5][256];
    size_t sizes[5];
    for (int i = 0; i < 5; i++) {
        sizes[i] = read_column(line, bytes[i]);
        line = strchr(line, ';') + 1;
    }
    struct slice c2 = slice_of(bytes[1], sizes[1]);
    struct slice c4 = slice_of(bytes[3], sizes[3]);
    for (int i = 0; i < 5; i++) {
        struct slice from = slice_of(bytes[i], sizes[i]);
        assert_same(from, ours(from), i < 3 ? c2 : c4);
    }
    arena_reset(&arena);
}

static void
the_tests_of_the_unicode_standard_pass(void **state)
{
    (void)state;
    FILE *lines =
        popen("bzcat /usr/share/unicode/NormalizationTest.txt.bz2 2>/dev/null", "r");
    char line[2048];
    unsigned count = 0;
    assert_non_null(lines);
    while (fgets(line, sizeof line, lines))
        if (line[0] != '#' && line[0] != '@') {
            check_line(line);
            count++;
        }
    pclose(lines);
    if (count == 0)
        print_message("skipped: unicode-data is not installed\n");
}

// A second opinion where utf8proc is wrong: Python's unicodedata, over strings with
// U+11A7 in them.
static size_t
make_hangul(uint8_t out[64])
{
    static const int32_t pool[] = {
        0x1100, 0x1161, 0x11a7, 0x11a8, 0xac00, 0xac01, 0x301};
    size_t size = 0, count = 1 + strings_random() % 8;
    for (size_t i = 0; i < count; i++)
        size += utf8_put(out + size, pool[strings_random() % 7]);
    return size;
}

static void
python_agrees_about_hangul(void **state)
{
    (void)state;
    char path[] = "/tmp/wireroom-nfc-XXXXXX", command[512], line[32];
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[64];
        struct slice text = slice_of(bytes, make_hangul(bytes));
        struct slice composed = ours(text);
        fprintf(file, "%.*s\t%.*s\n", SLICE_ARG(text), SLICE_ARG(composed));
        arena_reset(&arena);
    }
    fclose(file);
    snprintf(command, sizeof command,
        "/usr/bin/python3 -c \"import sys,unicodedata as u\n"
        "rows=[r.split('\\t') for r in open('%s',encoding='utf-8').read().split('\\n') "
        "if r]\n"
        "print(len(rows), sum(u.normalize('NFC',a)!=b for a,b in rows))\" 2>/dev/null",
        path);
    FILE *answer = popen(command, "r");
    assert_non_null(answer);
    if (!fgets(line, sizeof line, answer))
        print_message("skipped: no /usr/bin/python3\n");
    else
        assert_string_equal(line, "20000 0\n");
    pclose(answer);
    remove(path);
}

static const struct {
    const char *bytes;
    size_t size, bad;
} ill_formed[] = {
    {"abc\xff",          4,  3 },
    {"\xc0\x80",         2,  0 },
    {"\xc1\xbf",         2,  0 },
    {"\xe0\x80\x80",     3,  0 },
    {"\xe0\x9f\xbf",     3,  0 },
    {"\xed\xa0\x80",     3,  0 },
    {"\xf0\x80\x80\x80", 4,  0 },
    {"\xf4\x90\x80\x80", 4,  0 },
    {"\xf5\x80\x80\x80", 4,  0 },
    {"ab\xe4\xb8",       4,  2 },
    {"12345678901\x80",  12, 11},
    {"\xe4\xb8\xad\xe4", 4,  3 },
};

static void
what_is_not_utf8_is_found_where_it_stands(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ill_formed / sizeof *ill_formed; i++) {
        struct slice bytes = slice_of(ill_formed[i].bytes, ill_formed[i].size);
        struct text_scan scan;
        size_t bad = 99;
        assert_false(utf8_check(bytes, &bad));
        assert_int_equal(bad, ill_formed[i].bad);
        text_scan(bytes, &scan);
        assert_int_equal(scan.bad, ill_formed[i].bad);
    }
}

// Han is looked at two characters at a time: any byte of a run may be the wrong one.
static void
a_wrong_byte_in_a_run_of_han_is_found_where_it_stands(void **state)
{
    (void)state;
    for (size_t at = 0; at < 33; at++)
        for (unsigned byte = 0; byte < 256; byte++) {
            uint8_t bytes[33];
            for (size_t i = 0; i < sizeof bytes; i += 3)
                memcpy(bytes + i, i % 2 ? "\xe4\xb8\xad" : "\xe9\xbf\xbf", 3);
            bytes[at] = (uint8_t)byte;
            struct text_scan scan;
            size_t bad = sizeof bytes;
            (void)utf8_check(slice_of(bytes, sizeof bytes), &bad);
            text_scan(slice_of(bytes, sizeof bytes), &scan);
            assert_int_equal(scan.bad, bad);
            if (bad == sizeof bytes)
                assert_int_equal(scan.chars, byte == '\n' ? 10 : 11);
        }
}

static void
every_code_point_is_good_utf8(void **state)
{
    (void)state;
    for (int32_t point = 0; point < 0x110000; point++) {
        uint8_t bytes[4];
        size_t bad = 99, size = utf8_put(bytes, point);
        bool surrogate = point >= 0xd800 && point < 0xe000;
        assert_int_equal(utf8_check(slice_of(bytes, size), &bad), !surrogate);
        assert_int_equal(bad, surrogate ? 0 : 99);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_utf8_is_found_where_it_stands),
        cmocka_unit_test(a_wrong_byte_in_a_run_of_han_is_found_where_it_stands),
        cmocka_unit_test(every_code_point_is_good_utf8),
        cmocka_unit_test(
            every_code_point_alone_and_between_others_becomes_what_utf8proc_makes_of_it),
        cmocka_unit_test(random_strings_become_what_utf8proc_makes_of_them),
        cmocka_unit_test(every_letter_and_mark_become_what_utf8proc_makes_of_them),
        cmocka_unit_test(a_hangul_syllable_keeps_the_filler_final_behind_it),
        cmocka_unit_test(a_million_marks_on_one_letter_are_ordered_in_no_time),
        cmocka_unit_test(every_code_point_folds_as_the_whole_text_would),
        cmocka_unit_test(random_strings_fold_as_the_whole_text_would),
        cmocka_unit_test(a_sign_of_ascii_is_kept_by_its_rule_whatever_stands_beside_it),
        cmocka_unit_test(a_long_text_folds_as_its_code_points_do),
        cmocka_unit_test(an_ignorable_between_letter_and_mark_changes_no_fold),
        cmocka_unit_test(the_tests_of_the_unicode_standard_pass),
        cmocka_unit_test(python_agrees_about_hangul),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
