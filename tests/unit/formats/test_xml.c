#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "formats/xml.h"
#include "unit/check.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static struct arena arena;

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20);
    return xml_load() ? 0 : -1;
}

static int
end(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

// The tree as text: elements in brackets with their attributes, text in quotes.
static void
draw(const struct xml_node *node, char *out, size_t size)
{
    size_t at = strlen(out);
    if (!node->name.size) {
        (void)snprintf(out + at, size - at, "'%.*s'", SLICE_ARG(node->text));
        return;
    }
    at += (size_t)snprintf(out + at, size - at, "(%.*s", SLICE_ARG(node->name));
    if (node->space.size)
        at += (size_t)snprintf(out + at, size - at, "{%.*s}", SLICE_ARG(node->space));
    for (uint32_t i = 0; i < node->attrs_count; i++)
        at += (size_t)snprintf(out + at, size - at, " %.*s=%.*s",
            SLICE_ARG(node->attrs[i].name), SLICE_ARG(node->attrs[i].value));
    for (const struct xml_node *below = node->first; below; below = below->next)
        draw(below, out, size);
    (void)snprintf(out + strlen(out), size - strlen(out), node->whole ? ")" : "...");
}

static const struct {
    const char *in, *want;
} trees[] = {
    {"<a/>",                                                      "(a)"                                 },
    {"<a>x<b>y</b>z</a>",                                         "(a'x'(b'y')'z')"                     },
    {"<a>x<!-- c -->y<?pi z?></a>",                               "(a'xy')"                             },
    {"<a>1 &lt; 2 &amp;&#38;&#x41;</a>",                          "(a'1 < 2 &&A')"                      },
    {"<a>caf&eacute;&nbsp;&euro;</a>",                            "(a'caf\xc3\xa9\xc2\xa0\xe2\x82\xac')"},
    {"<a b='&eacute;&euro;&amp;lt;&lt;&quot;'/>",                 "(a b=\xc3\xa9\xe2\x82\xac&lt;<\")"   },
    {"<a b='x&amp;amp;y &#233;&#38;'/>",                          "(a b=x&amp;y \xc3\xa9&)"             },
    {"<a b='1\n2'/>",                                             "(a b=1 2)"                           },
    {"<a>x\r\ny</a>",                                             "(a'x\ny')"                           },
    {"<a><![CDATA[<b>&x;]]> z</a>",                               "(a'<b>&x; z')"                       },
    {"\xef\xbb\xbf\n\n <?xml version='1.0'?>\n<a/>\n ",           "(a)"                                 },
    {"<?xml version='1.0' encoding='utf-16'?><a>\xc3\xa9</a>",    "(a'\xc3\xa9')"                       },
    {"<?xml version='1.1' encoding='no-such'?><a/>",              "(a)"                                 },
    {"<!DOCTYPE a PUBLIC 'x>' \"y]>\"><a/>",                      "(a)"                                 },
    {"<!DOCTYPE a [<!ENTITY b ']>'><!-- ]> --><?c ]>?>] ><a/>",   "(a)"                                 },
    {"<!DOCTYPE a [<!ATTLIST a b CDATA 'given'>]><a/>",           "(a)"                                 },
    {"<!DOCTYPE a [<!ENTITY amp 'own'>]><a>&amp;</a>",            "(a'&')"                              },
    {"<a xmlns='urn:1' xmlns:p='urn:2' c='d' p:e='f'><p:b/></a>",
     "(a{urn:1} c=d e=f(b{urn:2}))"                                                                     },
    {"<a>x</a>\n\x1a\x03",                                        "(a'x')"                              },
    {"<a>&alpha;&rarr;&hearts;&thetasym;</a>",
     "(a'\xce\xb1\xe2\x86\x92\xe2\x99\xa5\xcf\x91')"                                                    },
    {"<a><media:b url='x'/></a>",                                 "(a(b{media} url=x))"                 },
};

static void
a_document_becomes_a_tree(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(trees); i++) {
        struct fault fault = FAULT_NONE;
        char got[512] = "";
        struct xml_node *root = xml_parse(slice_str(trees[i].in), &arena, &fault);
        assert_non_null(root);
        assert_int_equal(fault.code, WIRE_OK);
        draw(root, got, sizeof got);
        assert_string_equal(got, trees[i].want);
    }
}

static const struct {
    const char *in, *words, *tree;
} faults[] = {
    {"",                                                                 "line 1 column 1: there is no element",             NULL                 },
    {"plain text",                                                       "line 1 column 1:",                                 NULL                 },
    {"<!DOCTYPE a [",                                                    "line 1 column 14: the DOCTYPE never ends",         NULL                 },
    {"<a>\n<b>x</a>",                                                    "line 2 column 5: </a> stands where <b> of line 2",
     "(a'\n'(b'x'......"                                                                                                                          },
    {"<a>&bogus;</a>",                                                   "line 1 column 4: &bogus; is no entity",            "(a..."              },
    {"<a b='&bogus;'/>",                                                 "line 1 column 7: &bogus; is no entity",            NULL                 },
    {"<a>\xc3\xa9\x01</a>",                                              "line 1 column 5: a character that XML",            "(a'\xc3\xa9'..."    },
    {"<a><b>x</b><b>y",                                                  "line 1 column 16:",                                "(a(b'x')(b'y'......"},
    {"<a/><b/>",                                                         "line 1 column 5:",                                 "(a)"                },
    {"<a b='1' b='2'/>",                                                 "line 1 column 15: Attribute b redefined",          NULL                 },
    {"<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;'>]>\n<a>&c;</a>",
     "line 2 column 4: &c; is no entity",                                                                                    "(a..."              },
    {"<a>x & y</a>",                                                     "line 1 column 6: an & that begins no entity",      "(a'x  y'..."        },
    {"<a>AT&T x</a>",                                                    "line 1 column 6: an & that begins no entity",      "(a'AT x'..."        },
    {"<a>x < y</a>",                                                     "line 1 column 6: a < that begins no element",      "(a'x  y'..."          },
    {"<a b='x<y'/>",                                                     "line 1 column 8: a < in the value",                NULL                 },
    {"<a b=c/>",                                                         "line 1 column 6: the value of an attribute",       NULL                 },
    {"<a b>x</a>",                                                       "line 1 column 5: the attribute b has no value",    NULL                 },
    {"<a>x&#0;y</a>",                                                    "line 1 column 5: a character that XML",            "(a'xy'..."         },
    {"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
     "line 1 column 58: &b; is no entity",                                                                                   "(a..."              },
};

static void
an_ill_formed_one_says_where_and_gives_what_was_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(faults); i++) {
        struct fault fault = FAULT_NONE;
        char got[512] = "";
        struct xml_node *root = xml_parse(slice_str(faults[i].in), &arena, &fault);
        assert_int_equal(fault.code, WIRE_ILL_FORMED);
        if (strncmp(fault.words, faults[i].words, strlen(faults[i].words)) != 0)
            assert_string_equal(fault.words, faults[i].words);
        assert_int_equal(root == NULL, faults[i].tree == NULL);
        if (!root)
            continue;
        draw(root, got, sizeof got);
        assert_string_equal(got, faults[i].tree);
    }
}

// unit, count times, between head and tail; malloc.
static struct slice
repeated(const char *head, const char *unit, size_t count, const char *tail)
{
    size_t size = strlen(head) + strlen(unit) * count + strlen(tail), at = 0;
    char *text = malloc(size + 1);
    assert_non_null(text);
    at = (size_t)sprintf(text, "%s", head);
    for (size_t i = 0; i < count; i++, at += strlen(unit))
        memcpy(text + at, unit, strlen(unit));
    memcpy(text + at, tail, strlen(tail));
    return slice_of(text, size);
}

static const struct {
    const char *head, *unit, *tail;
    size_t count;
    enum wire_err code;
} limits[] = {
    {"",       "<a>",                            "",     XML_DEPTH_MAX,          WIRE_ILL_FORMED     },
    {"",       "<a>",                            "",     XML_DEPTH_MAX + 1,      WIRE_TOO_DEEP       },
    {"<a>",    "<b/>",                           "</a>", XML_NODES_MAX - 1,      WIRE_OK             },
    {"<a>",    "<b/>",                           "</a>", XML_NODES_MAX,          WIRE_TOO_MANY_VALUES},
    {"<a>",    "<b/>x",                          "</a>", XML_NODES_MAX / 2,      WIRE_TOO_MANY_VALUES},
    {"<a",     " b='1'",                         "/>",   2,                      WIRE_ILL_FORMED     },
    {"<a",     " b='1'",                         "/>",   XML_ATTRIBUTES_MAX + 1, WIRE_TOO_MANY_VALUES},
    {"<a",     " b='1'",                         "/>",   600000,                 WIRE_TOO_MANY_VALUES},
    {"<a>",    "<b c='='/>",                     "</a>", 1000,                   WIRE_OK             },
    {"<a>",    "<![CDATA[=]]><!-- = --><?c =?>", "</a>", 1000,                   WIRE_OK             },
    {"<a b='", "=",                              "'/>",  1000,                   WIRE_OK             },
};

static void
what_passes_a_limit_is_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(limits); i++) {
        struct fault fault = FAULT_NONE;
        struct arena own;
        struct slice text =
            repeated(limits[i].head, limits[i].unit, limits[i].count, limits[i].tail);
        arena_init(&own, (size_t)64 << 20);
        struct xml_node *root = xml_parse(text, &own, &fault);
        assert_int_equal(fault.code, limits[i].code);
        assert_true(
            root == NULL || fault.code == WIRE_OK || fault.code == WIRE_ILL_FORMED);
        arena_fini(&own);
        free((void *)(uintptr_t)text.data);
    }
}

static void
namespaces_in_scope_are_bounded(void **state)
{
    (void)state;
    static char text[1 << 16];
    for (uint32_t deep = 16; deep <= 17; deep++) {
        struct fault fault = FAULT_NONE;
        size_t at = 0;
        for (uint32_t i = 0; i < deep; i++) {
            at += (size_t)sprintf(text + at, "<a");
            for (uint32_t k = 0; k < 16; k++)
                at += (size_t)sprintf(text + at, " xmlns:n%u_%u='u'", i, k);
            at += (size_t)sprintf(text + at, ">");
        }
        (void)xml_parse(slice_of(text, at), &arena, &fault);
        assert_int_equal(
            fault.code, deep == 16 ? WIRE_ILL_FORMED : WIRE_TOO_MANY_VALUES);
    }
}

static clock_t
cpu_of(struct slice text)
{
    struct arena own;
    struct fault fault = FAULT_NONE;
    clock_t from = clock();
    arena_init(&own, (size_t)64 << 20);
    struct xml_node *root = xml_parse(text, &own, &fault);
    (void)xml_line(root, &own);
    arena_fini(&own);
    return clock() - from;
}

static void
hostile_documents_take_time_in_proportion_to_their_length(void **state)
{
    (void)state;
    static const char *const units[] = {"<", "<a", "<a ", "<a>", "<a/>", "</a>", "&",
        "&amp;", "&#38;", "<!--", "<!", "<![CDATA[", "<?", "<?a?>", "]]>", "x='", "\"",
        "<!DOCTYPE a [", "<!DOCTYPE a>", "<a b='c' d='e'>", "<a xmlns:b='c'>", "<b:c/>",
        "\xc3\xa9", "\r\n"};
    enum { BYTES = 1 << 18 };
    for (size_t i = 0; i < LENGTH(units); i++) {
        size_t count = BYTES / strlen(units[i]);
        struct slice whole = repeated("<r>", units[i], count, "");
        clock_t noise = CLOCKS_PER_SEC / 20;
        clock_t quarter = cpu_of(slice_until(whole, whole.size / 4));
        assert_true(cpu_of(whole) < 12 * (quarter + noise));
        free((void *)(uintptr_t)whole.data);
    }
}

static void
nothing_is_written_to_stderr(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    int kept = dup(STDERR_FILENO);
    assert_int_not_equal(dup2(fileno(file), STDERR_FILENO), -1);
    for (size_t i = 0; i < LENGTH(faults); i++) {
        struct fault fault = FAULT_NONE;
        (void)xml_parse(slice_str(faults[i].in), &arena, &fault);
    }
    struct fault fault = FAULT_NONE;
    (void)xml_parse(SLICE("<a:b xmlns:c='' xmlns:d='rel' d:e=''/>"), &arena, &fault);
    (void)fflush(stderr);
    assert_int_equal(lseek(fileno(file), 0, SEEK_END), 0);
    assert_int_not_equal(dup2(kept, STDERR_FILENO), -1);
    assert_int_equal(close(kept), 0);
    assert_int_equal(fclose(file), 0);
}

static const struct {
    const char *in, *line, *flat;
} lines[] = {
    {"<a> one \n two </a>",                       "one two",                "one two"      },
    {"<a>By<b>Ann Roe</b><c>of the desk</c></a>", "By Ann Roe of the desk",
     "ByAnn Roeof the desk"                                                                },
    {"<a>By <b>Ann Roe</b>, desk (<c>x</c>)</a>", "By Ann Roe, desk (x)",
     "By Ann Roe, desk (x)"                                                                },
    {"<a>Mayor <b>re</b>signs</a>",               "Mayor re signs",         "Mayor resigns"},
    {"<a><b/>x<b><c>y</c></b></a>",               "x y",                    "xy"           },
    {"<a><b><c>x</c><c>y</c></b></a>",            "x y",                    "xy"           },
    {"<a> </a>",                                  "",                       ""             },
    {"<a/>",                                      "",                       ""             },
};

static void
text_is_given_as_one_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(lines); i++) {
        struct fault fault = FAULT_NONE;
        struct xml_node *root = xml_parse(slice_str(lines[i].in), &arena, &fault);
        struct slice line = xml_line(root, &arena), flat = xml_flat(root, &arena);
        assert_true(slice_is(line, lines[i].line));
        assert_true(slice_is(flat, lines[i].flat));
    }
    assert_int_equal(xml_line(NULL, &arena).size, 0);
}

static void
elements_are_found_by_their_names(void **state)
{
    (void)state;
    struct fault fault = FAULT_NONE;
    struct xml_node *root = xml_parse(
        SLICE("<r>t<a x='1'/><b><a x='2'/>\n<a x='3'>deep<c/>er</a></b><a x='4'/></r>"),
        &arena, &fault);
    const struct xml_node *a = xml_first(root, "a");
    assert_true(slice_is(xml_attr(a, "x"), "1"));
    assert_true(slice_is(xml_attr(xml_next(a, "a"), "x"), "4"));
    assert_true(xml_is(xml_next(a, NULL), "b"));
    assert_null(xml_next(xml_next(a, "a"), NULL));
    assert_true(slice_is(xml_attr(xml_find(root, "b/a"), "x"), "2"));
    const struct xml_node *deep = xml_next(xml_find(root, "b/a"), "a");
    assert_true(slice_is(xml_text(deep), "deeper"));
    assert_int_equal(deep->line, 2);
    assert_null(xml_find(root, "b/none/a"));
    assert_null(xml_find(NULL, "b"));
    assert_int_equal(xml_attr(a, "none").size, 0);
    assert_false(xml_is(NULL, "a"));
}

static const struct {
    const char *in, *name, *space;
} roots[] = {
    {"<?xml version='1.0'?><!-- x --><nitf>",         "nitf", ""     },
    {"<feed xmlns = \"urn:f\">",                      "feed", "urn:f"},
    {"<a:feed b='xmlns' xmlns='u' xmlns:a='urn:f'/>", "feed", "urn:f"},
    {"<!DOCTYPE rss [<!ENTITY a '<b>'>]><rss",        "rss",  ""     },
    {"text",                                          NULL,   ""     },
    {"<",                                             NULL,   ""     },
    {"<a:",                                           "a:",   ""     },
    {"<c:/>",                                         "c:",   ""     },
    {"<: />",                                         ":",    ""     },
    {"",                                              NULL,   ""     },
};

static void
the_root_is_told_by_its_start_tag(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(roots); i++) {
        struct slice name, space, text = slice_str(roots[i].in);
        assert_int_equal(xml_root(text, &name, &space), roots[i].name != NULL);
        if (!roots[i].name)
            continue;
        assert_true(slice_is(name, roots[i].name));
        assert_true(slice_is(space, roots[i].space));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_becomes_a_tree),
        cmocka_unit_test(an_ill_formed_one_says_where_and_gives_what_was_read),
        cmocka_unit_test(what_passes_a_limit_is_refused_by_name),
        cmocka_unit_test(namespaces_in_scope_are_bounded),
        cmocka_unit_test(hostile_documents_take_time_in_proportion_to_their_length),
        cmocka_unit_test(nothing_is_written_to_stderr),
        cmocka_unit_test(text_is_given_as_one_line),
        cmocka_unit_test(elements_are_found_by_their_names),
        cmocka_unit_test(the_root_is_told_by_its_start_tag),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
