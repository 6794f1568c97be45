// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>

#include "formats/mime.h"
#include "formats/recognise.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

struct document {
    char *data;
    size_t size;
};

static void
add(struct document *d, const char *text)
{
    size_t size = strlen(text);
    d->data = realloc(d->data, d->size + size + 1);
    assert_non_null(d->data);
    memcpy(d->data + d->size, text, size + 1);
    d->size += size;
}

// read_as_mail gives the fault of the document's one item, or of the document.
static enum wire_err
read_as_mail(const struct document *d)
{
    struct arena arena;
    struct format_output out;
    struct format_input input = {
        .raw = slice_of(d->data, d->size), .format = SLICE("email")};
    arena_init(&arena, 64U << 20);
    formats_read(&input, &arena, &out);
    enum wire_err code = out.count ? out.items[0]->fault.code : out.fault.code;
    arena_fini(&arena);
    return code;
}

static enum wire_err
nested(unsigned depth, const char *type)
{
    struct document d = {0};
    char part[160];
    add(&d, "From: a@b.example\nSubject: deep\n");
    for (unsigned i = 0; i < depth; i++) {
        (void)snprintf(
            part, sizeof part, "Content-Type: %s; boundary=b%u\n\n--b%u\n", type, i, i);
        add(&d,
            strncmp(type, "message", 7) ? part : "Content-Type: message/rfc822\n\n");
    }
    add(&d, "Content-Type: text/plain\n\nhello\n");
    enum wire_err code = read_as_mail(&d);
    free(d.data);
    return code;
}

static void
parts_in_parts_end_somewhere(void **state)
{
    (void)state;
    assert_int_equal(nested(20, "multipart/mixed"), WIRE_OK);
    assert_int_equal(nested(10000, "multipart/mixed"), WIRE_TOO_DEEP);
    assert_int_equal(nested(10000, "multipart/alternative"), WIRE_TOO_DEEP);
    assert_int_equal(nested(10, "message/rfc822"), WIRE_OK);
    assert_int_equal(nested(10000, "message/rfc822"), WIRE_TOO_DEEP);
}

static void
parts_beside_parts_end_somewhere(void **state)
{
    struct document d = {0};
    (void)state;
    add(&d, "Subject: wide\nContent-Type: multipart/mixed; boundary=b\n\n");
    for (unsigned i = 0; i < 5000; i++)
        add(&d, "--b\n\nx\n");
    assert_int_equal(read_as_mail(&d), WIRE_TOO_MANY_VALUES);
    free(d.data);
}

// Each would take minutes of a reader that looks for an end again from every beginning.
static void
long_headers_take_no_time(void **state)
{
    static const char *const pieces[] = {"=?c?q?X", "=?utf-8?q?", "\n ", "a*0=\"b\";",
        "<", "(", "\"", "=?utf-8?q?a?= ", ","};
    static const char *const names[] = {
        "Subject: ", "From: ", "Content-Type: text/plain; ", "References: "};
    (void)state;
    for (size_t p = 0; p < LENGTH(pieces); p++)
        for (size_t n = 0; n < LENGTH(names); n++) {
            struct document d = {.data = malloc(600000)};
            assert_non_null(d.data);
            d.size = (size_t)snprintf(d.data, 600000, "%s", names[n]);
            while (d.size < 500000) {
                size_t size = strlen(pieces[p]);
                memcpy(d.data + d.size, pieces[p], size);
                d.size += size;
            }
            memcpy(d.data + d.size, "\n\nx\n", 4);
            d.size += 4;
            (void)read_as_mail(&d);
            free(d.data);
        }
}

static const struct {
    const char *header, *name, *want;
} parameters[] = {
    {"text/plain; charset=utf-8",                             "charset", "utf-8"         },
    {"text/plain; CHARSET=\"utf-8\" ; a=b",                   "charset", "utf-8"         },
    {"a/b; name*=utf-8''%e2%82%ac%20x",                       "name",    "\xe2\x82\xac x"},
    {"a/b; name*1*=%ac; name*0*=utf-8''%e2%82; name*2=\"!\"", "name",    "\xe2\x82\xac!" },
    {"a/b; name=\"a;b\\\"c\"; x=y",                           "name",    "a;b\"c"        },
    {"a/b; name==?utf-8?q?=C3=A4?=",                          "name",    "\xc3\xa4"      },
    {"a/b; name=old; name*=iso-8859-1'en'%E4",                "name",    "\xc3\xa4"      },
    {"a/b; name*=ibm1047''%81",                               "name",    "\xef\xbf\xbd"  },
    {"a/b; name*=%ff%4",                                      "name",    "\xc3\xbf%4"    },
    {"a/b; name*=broken%4",                                   "name",    "broken%4"      },
    {"a/b; filename=x",                                       "name",    ""              },
    {"a/b; name",                                             "name",    ""              },
    {"a/b; name=\"open",                                      "name",    "open"          },
};

static void
parameters_are_put_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(parameters); i++) {
        struct arena arena;
        arena_init(&arena, 1U << 20);
        struct slice got =
            mime_parameter(slice_str(parameters[i].header), parameters[i].name, &arena);
        if (!slice_equal(got, slice_str(parameters[i].want)))
            print_error("%s: %.*s\n", parameters[i].header, SLICE_ARG(got));
        assert_true(slice_equal(got, slice_str(parameters[i].want)));
        arena_fini(&arena);
    }
}

static const struct {
    const char *start;
    bool mail;
} starts[] = {
    {"From: a@b\nSubject: x\n\ntext",                              true },
    {" \r\n\r\nReceived: by x\r\n\tfor y\r\nDate: z\r\n\r\n",      true },
    {"From a@b Wed Mar  4 16:20:00 2026\nSubject: x\nDate: y\n\n", true },
    {"Subject: x\nMessage-ID: <y>",                                true },
    {"Subject: x\n\nFrom: y",                                      false},
    {"Subject: x\nsome text\nFrom: y\n",                           false},
    {"From: here\nto there\nDate: unknown\n",                      false},
    {"",                                                           false},
};

static void
mails_are_known_by_their_headers(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(starts); i++) {
        const char *word = recognise_bytes(slice_str(starts[i].start));
        assert_int_equal(word && strcmp(word, "email") == 0, starts[i].mail);
    }
}

static int
load(void **state)
{
    (void)state;
    return hash_init() && formats_load() ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_in_parts_end_somewhere),
        cmocka_unit_test(parts_beside_parts_end_somewhere),
        cmocka_unit_test(long_headers_take_no_time),
        cmocka_unit_test(parameters_are_put_together),
        cmocka_unit_test(mails_are_known_by_their_headers),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
