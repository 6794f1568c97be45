#include <stdio.h>

#include "net/change_map.h"
#include "unit/net/unit.h"

static const uint8_t article[] = {0x81, 0xa3, 'u', 'r', 'i', 0xa1, 'x'};
static const uint8_t subjects[] = {0x91, 0xa2, 'e', 'u'};

static struct store_change
full_change(void)
{
    return (struct store_change){
        .seq = 42,
        .record = 40,
        .item = 9,
        .story = 8,
        .previous = 30,
        .current = 42,
        .content = 30,
        .of_seq = 17,
        .change_class = CHANGE_TOUCH,
        .source = SLICE("dpa"),
        .uri = SLICE("urn:x"),
        .version = SLICE("3"),
        .language = SLICE("de"),
        .subjects = slice_of(subjects, sizeof subjects),
        .urgency = 4,
        .axes = {.embargoed_until_us = 500, .expires_us = 900},
        .house_us = 1000
    };
}

// The map as text: one line of JSON.
static const char *
text_of(const struct shown *shown, enum bodies bodies, char *out, size_t size)
{
    struct wire_writer w = {0}, scratch = {0};
    uint64_t at;
    change_map_put(&w, &scratch, 77, bodies, shown);
    assert_false(w.failed);
    assert_int_equal(wire_scan(wire_written(&w), &wire_limits_article, &at), WIRE_OK);
    struct wire_reader r = wire_reader(wire_written(&w));
    size_t used = 0;
    uint32_t pairs = wire_read_map(&r);
    for (uint32_t i = 0; i < pairs; i++) {
        struct slice key = wire_read_str(&r);
        used += (size_t)snprintf(
            out + used, size - used, "%s%.*s", i ? " " : "", SLICE_ARG(key));
        if (wire_peek(&r) == WIRE_STR) {
            struct slice value = wire_read_str(&r);
            used +=
                (size_t)snprintf(out + used, size - used, "=%.*s", SLICE_ARG(value));
        } else if (wire_peek(&r) == WIRE_INT) {
            used += (size_t)snprintf(
                out + used, size - used, "=%lld", (long long)wire_read_int(&r));
        } else {
            (void)wire_skip(&r);
        }
    }
    assert_int_equal(r.err, WIRE_OK);
    wire_writer_fini(&w);
    wire_writer_fini(&scratch);
    return out;
}

static void
a_row_tells_everything_but_the_text(void **state)
{
    (void)state;
    char text[1024];
    struct store_change change = full_change();
    struct shown shown = {.change = &change, .of = SLICE("afp:y")};
    assert_string_equal(text_of(&shown, BODIES_ROWS, text, sizeof text),
        "seq=42 epoch=77 class=touch source=dpa uri=urn:x version=3 revision=42 "
        "previous=30 language=de urgency=4 time=1000 item=9 story=8 current=42 "
        "content=30 of_seq=17 of=afp:y subjects pubStatus=usable embargoedUntil=500 "
        "expires=900 state=open record=40");
}

static void
what_is_empty_is_left_out(void **state)
{
    (void)state;
    char text[1024];
    static const uint8_t empty[] = {0x90};
    struct store_change change = {
        .seq = 1,
        .content = 1,
        .current = 1,
        .item = 1,
        .record = 1,
        .change_class = CHANGE_NEW,
        .source = SLICE("dpa"),
        .uri = SLICE("u"),
        .subjects = slice_of(empty, 1),
        .axes = {.embargoed_until_us = TIME_NONE, .expires_us = TIME_NONE}
    };
    struct shown shown = {.change = &change};
    assert_string_equal(text_of(&shown, BODIES_FULL, text, sizeof text),
        "seq=1 epoch=77 class=new source=dpa uri=u revision=1 time=0 item=1 current=1 "
        "pubStatus=usable state=open record=1");
}

static const struct {
    enum bodies bodies;
    struct axes axes; // of the item, now
    const char *want; // what the map ends with
} gates[] = {
#define OPEN_AXES TIME_NONE, TIME_NONE
    {BODIES_ROWS,    {PUB_USABLE, false, OPEN_AXES},       "state=open record=40"},
    {BODIES_HEADERS, {PUB_USABLE, false, OPEN_AXES},
                                          "state=open record=40 headline=Flood"                                       },
    {BODIES_FULL,    {PUB_USABLE, false, OPEN_AXES},
                                          "state=open record=40 headline=Flood article"                               },
    {BODIES_FULL,    {PUB_CANCELED, false, OPEN_AXES},
                                          "state=killed record=40 gated=killed"                                       },
    {BODIES_HEADERS, {PUB_CANCELED, false, OPEN_AXES},
                                          "state=killed record=40 gated=killed"                                       },
    {BODIES_ROWS,    {PUB_CANCELED, false, OPEN_AXES},
                                          "state=killed record=40 gated=killed"                                       },
    {BODIES_FULL,    {PUB_WITHHELD, false, OPEN_AXES},
                                          "state=withheld record=40 gated=withheld"                                   },
    {BODIES_FULL,    {PUB_USABLE, false, 1001, TIME_NONE},
                                          "state=embargoed record=40 gated=embargoed"                                 },
    {BODIES_FULL,    {PUB_USABLE, false, 1000, TIME_NONE},
                                          "state=open record=40 headline=Flood article"                               },
    {BODIES_FULL,    {PUB_USABLE, false, TIME_NONE, 1000},
                                          "state=expired record=40 gated=expired"                                     },
    {BODIES_FULL,    {PUB_USABLE, false, TIME_NONE, 1001},
                                          "state=open record=40 headline=Flood article"                               },
    {BODIES_FULL,    {PUB_CANCELED, false, 2000, 500},
                                          "state=killed record=40 gated=killed"                                       },
    {BODIES_FULL,    {PUB_USABLE, true, OPEN_AXES},
                                          "state=open record=40 headline=Flood article"                               },
};

static void
a_text_is_shown_only_while_its_item_is_open_now(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(gates); i++) {
        char text[1024];
        struct store_change change = full_change();
        struct shown shown = {.change = &change,
            .state = state_of(&gates[i].axes, 1000),
            .headline = SLICE("Flood"),
            .article = slice_of(article, sizeof article)};
        (void)text_of(&shown, gates[i].bodies, text, sizeof text);
        size_t size = strlen(text), want = strlen(gates[i].want);
        assert_true(size > want);
        assert_string_equal(text + size - want, gates[i].want);
        if (shown.state != STATE_OPEN)
            assert_null(strstr(text, "Flood"));
    }
}

static void
bodies_are_three_words(void **state)
{
    (void)state;
    enum bodies bodies = BODIES_ROWS;
    assert_true(bodies_read(SLICE("full"), &bodies) && bodies == BODIES_FULL);
    assert_true(bodies_read(SLICE("headers"), &bodies) && bodies == BODIES_HEADERS);
    assert_true(bodies_read(SLICE("rows"), &bodies) && bodies == BODIES_ROWS);
    assert_false(bodies_read(SLICE("row"), &bodies));
    assert_false(bodies_read(SLICE(""), &bodies));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_tells_everything_but_the_text),
        cmocka_unit_test(what_is_empty_is_left_out),
        cmocka_unit_test(a_text_is_shown_only_while_its_item_is_open_now),
        cmocka_unit_test(bodies_are_three_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
