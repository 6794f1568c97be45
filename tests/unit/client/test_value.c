// Values read in place, whatever they are.
#include <stdlib.h>

#include "unit/check.h"
#include "value.h"

static struct wire_writer
packed(const char *json)
{
    struct wire_writer w = {0};
    assert_int_equal(wire_from_json(slice_str(json), &wire_limits_article, &w,
                         &(struct fault){.code = WIRE_OK}),
        WIRE_OK);
    return w;
}

static void
members_are_found_and_absent_ones_give_nothing(void **state)
{
    struct wire_writer w = packed(
        "{\"n\":7,\"neg\":-7,\"yes\":true,\"text\":\"caf\\u00e9\",\"list\":[1,2]}");
    struct wireroom_value map = value_of(wire_written(&w)),
                          none = wireroom_member(map, "absent");
    size_t size = 99;
    (void)state;
    assert_int_equal(wireroom_uint(wireroom_member(map, "n")), 7);
    assert_int_equal(wireroom_int(wireroom_member(map, "neg")), -7);
    assert_int_equal(wireroom_uint(wireroom_member(map, "neg")), 0);
    assert_true(wireroom_bool(wireroom_member(map, "yes")));
    assert_memory_equal(
        wireroom_text(wireroom_member(map, "text"), &size), "caf\xc3\xa9", 5);
    assert_int_equal(size, 5);
    assert_int_equal(none.size, 0);
    assert_int_equal(wireroom_uint(none), 0);
    assert_false(wireroom_bool(none));
    assert_null(wireroom_text(none, &size));
    assert_int_equal(size, 0);
    assert_int_equal(wireroom_member(wireroom_member(map, "n"), "x").size, 0);
    assert_int_equal(wireroom_elements(none).left, 0);
    assert_int_equal(wireroom_elements(map).left, 0);
    wire_writer_fini(&w);
}

static void
elements_come_in_order_and_end(void **state)
{
    struct wire_writer w = packed("[1,[2,3],\"four\"]");
    struct wireroom_value one;
    struct wireroom_elements e = wireroom_elements(value_of(wire_written(&w)));
    char text[8];
    (void)state;
    assert_int_equal(e.left, 3);
    assert_true(wireroom_element(&e, &one));
    assert_int_equal(wireroom_uint(one), 1);
    assert_true(wireroom_element(&e, &one));
    assert_int_equal(wireroom_elements(one).left, 2);
    assert_true(wireroom_element(&e, &one));
    assert_string_equal(wireroom_copy_text(one, text, sizeof text), "four");
    assert_false(wireroom_element(&e, &one));
    wire_writer_fini(&w);
}

static void
text_that_must_be_cut_is_cut_between_characters(void **state)
{
    static const struct {
        size_t room;
        const char *want;
    } rows[] = {
        {1,  ""                 },
        {2,  ""                 },
        {3,  "\xc3\xa9"         },
        {4,  "\xc3\xa9"         },
        {5,  "\xc3\xa9\xc3\xa9" },
        {99, "\xc3\xa9\xc3\xa9x"},
    };
    struct wire_writer w = packed("\"\\u00e9\\u00e9x\"");
    char text[99];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(
            wireroom_copy_text(value_of(wire_written(&w)), text, rows[i].room),
            rows[i].want);
    wire_writer_fini(&w);
}

static void
json_is_made_of_what_is_well_formed_only(void **state)
{
    struct wire_writer w = packed("{\"time\":0,\"a\":[true,null]}");
    (void)state;
    char *json = wireroom_json(value_of(wire_written(&w)), false);
    assert_string_equal(json, "{\"time\":\"1970-01-01T00:00:00Z\",\"a\":[true,null]}");
    free(json);
    assert_null(wireroom_json((struct wireroom_value){"\x92\x01", 2}, false));
    assert_null(wireroom_json((struct wireroom_value){NULL, 0}, false));
    wire_writer_fini(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_and_absent_ones_give_nothing),
        cmocka_unit_test(elements_come_in_order_and_end),
        cmocka_unit_test(text_that_must_be_cut_is_cut_between_characters),
        cmocka_unit_test(json_is_made_of_what_is_well_formed_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
