// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "formats/blocks.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

// clang-format off
// The calls, written down: "<p>", "</p>", "<a=ADDRESS>", and text between them.
static const struct {
    const char *calls, *plain, *html; // html NULL: none
} cases[] = {
    {"<p>One.</p><p>Two.</p>", "One.\n\nTwo.", NULL},
    {"One.", "One.", NULL},
    {"<p>One\n  line \t here</p>", "One line here", NULL},
    {"a<br>b", "a\nb", NULL},
    {"a<br><br>b", "a\n\nb", NULL},
    {"<p>a<br><br><br>b<br></p>", "a\n\nb", NULL},
    {"<div><div><p>deep</p></div>loose</div>", "deep\n\nloose", NULL},
    {"<p><b>bo</b>ld <i>and</i>\xc2\xa0not</p>", "bold and\xc2\xa0not",
     "<p><strong>bo</strong>ld <em>and</em>\xc2\xa0not</p>"},
    {"<b>x </b>y<b> z</b>", "x y z",
     "<p><strong>x</strong> y <strong>z</strong></p>"},
    {"<b><i>x</b>y</i>z", "xyz",
     "<p><strong><em>x</em></strong><em>y</em>z</p>"},
    {"<b><b>x</b>y</b>z", "xyz", "<p><strong>xy</strong>z</p>"},
    {"<b><p>x</p><p>y</p></b>", "x\n\ny",
     "<p><strong>x</strong></p><p><strong>y</strong></p>"},
    {"<b></b><i> </i><h2></h2><ul><li></li></ul>x", "x", NULL},
    {"<h1>A</h1><h5>B</h5>c", "A\n\nB\n\nc", "<h2>A</h2><h4>B</h4><p>c</p>"},
    {"<ul><li>one</li><li><p>two</p><p>three</p></li></ul>", "one\n\ntwo\n\nthree",
     "<ul><li>one</li><li><p>two</p><p>three</p></li></ul>"},
    {"<ul><li>one<br><br>two</li></ul>", "one\n\ntwo",
     "<ul><li>one<p>two</p></li></ul>"},
    {"<ul><li>a<ol><li>b</li></ol>c</li></ul>", "a\n\nb\n\nc",
     "<ul><li>a<ol><li>b</li></ol><p>c</p></li></ul>"},
    {"<ul>stray<li>b</li><ul><li>c</li></ul></ul>", "stray\n\nb\n\nc",
     "<ul><li>stray</li><li>b</li><li><ul><li>c</li></ul></li></ul>"},
    {"<ul><li>a<li>b</ul>c", "a\n\nb\n\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>"},
    {"<li>orphan</li><tr><td>a</td><td>b</td></tr>", "orphan\n\na\tb", NULL},
    {"<blockquote>a<p>b</p></blockquote>", "a\n\nb",
     "<blockquote><p>a</p><p>b</p></blockquote>"},
    {"<table><tbody><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>",
     "a\tb\n\nc",
     "<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>"},
    {"<table><tr><td><p>a</p></td> <td><div>b</div></td></tr></table>", "a\tb",
     "<table><tr><td><p>a</p></td><td>b</td></tr></table>"},
    {"<table><tr><td></td><th>2024</th><td></td><th>2025</th></tr></table>",
     "\t2024\t\t2025",
     "<table><tr><td></td><th>2024</th><td></td><th>2025</th></tr></table>"},
    {"<table><tr><td>a<td>b<td><tr><td><td><td><tr><td><td>c</table>", "a\tb\n\n\tc",
     "<table><tr><td>a</td><td>b</td><td></td></tr>"
     "<tr><td></td><td>c</td></tr></table>"},
    {"<table><tr><td></td><td><p>a</p><p>b</p></td></tr></table>", "a\n\nb",
     "<table><tr><td><p>a</p><p>b</p></td></tr></table>"},
    {"<table><tr><td>a<table><tr><td>b</td></tr></table></td><td>c</td></tr></table>",
     "a\n\nb\n\nc",
     "<table><tr><td>a<table><tr><td>b</td></tr></table></td><td>c</td></tr></table>"},
    {"<table><td>a<td>b<tr>c</table>d", "a\tb\n\nc\n\nd",
     "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table><p>d</p>"},
    {"<table><caption>T</caption><p>x</p></table>", "T\n\nx",
     "<table><tr><td>T<p>x</p></td></tr></table>"},
    {"<pre>\n  a\n    b\n</pre>c", "  a\n    b\n\nc", "<pre>  a\n    b</pre><p>c</p>"},
    {"<pre>a<br><b>b</b> </pre>", "a\nb", "<pre>a\n<strong>b</strong></pre>"},
    {"<a=https://a.example/?x=1&y=\"2\">l</a>", "l",
     "<p><a href=\"https://a.example/?x=1&amp;y=&quot;2&quot;\">l</a></p>"},
    {"<a=mailto:desk@a.example>l</a>", "l",
     "<p><a href=\"mailto:desk@a.example\">l</a></p>"},
    {"<a=javascript:x>l</a><a=data:text/html,x>m</a><a=/local>n</a><a>o</a>", "lmno",
     NULL},
    {"<a=http://a.example/><p>x</p><p>y</p></a>", "x\n\ny",
     "<p><a href=\"http://a.example/\">x</a></p><p>y</p>"},
    {"<a=http://a.example/>x<a=http://b.example/>y</a>z</a>", "xyz",
     "<p><a href=\"http://a.example/\">x</a><a href=\"http://b.example/\">y</a>z</p>"},
    {"1 &< 2 >\"", "1 &< 2 >\"", NULL},
    {"<i>1 & < 2 >\"</i>", "1 & < 2 >\"", "<p><em>1 &amp; &lt; 2 &gt;&quot;</em></p>"},
    {"one<script>x</script> two<style>p</style><template>x</template>", "one two",
     NULL},
    {"a<nav>menu<nav>b</nav>c</nav>d", "a\n\nd", NULL},
    {"a<object>never closed</b></p>", "a", NULL},
    {"<p>He <q>said</q> so</p>", "He \"said\" so", NULL},
    {"10<sup>6</sup> m<sup>-2</sup>, 1<sup>st</sup>, CO<sub>2</sub>",
     "10\xe2\x81\xb6 m\xe2\x81\xbb\xc2\xb2, 1st, CO2", NULL},
    {"<ruby>A<rt>a</rt>B<rt>b</ruby>c", "A(a)B(b)c", NULL},
    {"<ruby><rb>A<rt>a<rb>B<rt>b</ruby>c", "A(a)B(b)c", NULL},
    {"<ruby>A<rp>[</rp><rt>a</rt><rp>]</rp></ruby>c", "A[a]c", NULL},
    {"kept<del> taken out</del> put in", "kept put in", NULL},
    {"\xe3\x80\x80\xe3\x80\x80indent", "indent", NULL},
    {"<p>a</p><p>\xc2\xa0</p><p>\xe2\x80\x8b</p><p>b \xc2\xa0 </p>", "a\n\nb", NULL},
    {"soft\xc2\xadhyphen", "soft\xc2\xadhyphen", NULL},
    {"<i>\xe2\x81\xa7" "a</i><br><br>b\xe2\x81\xa9", "\xe2\x81\xa7\x61\n\nb\xe2\x81\xa9",
     "<p><em>\xe2\x81\xa7" "a</em>\xe2\x81\xa9</p><p>b</p>"},
    {"</p></table></b></td>x</script></a>", "x", NULL},
    {"<h2><ul><li>x</h2>y", "x\n\ny", "<ul><li>x</li></ul><p>y</p>"},
    {"", "", NULL},
    {"<ul><tr><td>x</td></tr></ul>", "x", "<ul><li><p>x</p></li></ul>"},
    {"<p> \n </p>", "", NULL},
};
// clang-format on

static struct arena arena;

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, 64U << 20);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static void
call_tag(struct blocks *b, struct slice tag)
{
    const uint8_t *value = memchr(tag.data, '=', tag.size);
    size_t size = value ? (size_t)(value - tag.data) : tag.size;
    if (tag.size && tag.data[0] == '/')
        blocks_close(b, slice_from(tag, 1));
    else
        blocks_open(b, slice_of(tag.data, size), slice_from(tag, size + 1));
}

static struct blocks_done
run(const char *calls)
{
    struct blocks *b = blocks_begin(&arena);
    assert_non_null(b);
    while (*calls) {
        const char *stop = *calls == '<' && calls[1] != ' ' ? strchr(calls, '>') : NULL;
        if (stop) {
            call_tag(b, slice_of(calls + 1, (size_t)(stop - calls - 1)));
            calls = stop + 1;
            continue;
        }
        size_t size = 1 + strcspn(calls + 1, "<");
        blocks_text(b, slice_of(calls, size));
        calls += size;
    }
    return blocks_end(b);
}

static void
elements_become_plain_blocks_and_the_html_that_may_be_stored(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct blocks_done done = run(cases[i].calls);
        if (!slice_is(done.plain, cases[i].plain))
            fail_msg("%s gave \"%.*s\"", cases[i].calls, SLICE_ARG(done.plain));
        if (!slice_is(done.html, cases[i].html ? cases[i].html : ""))
            fail_msg("%s gave \"%.*s\"", cases[i].calls, SLICE_ARG(done.html));
    }
}

static const struct {
    const char *href, *want;
} hrefs[] = {
    {"http://a.example/",            "http://a.example/"      },
    {" \n https://a.example/b c ",   "https://a.example/b%20c"},
    {"HTTPS://A.example",            "HTTPS://A.example"      },
    {"ht\ttp\n://a.example/\x01x",   "http://a.example/x"     },
    {"mailto:a@b.example",           "mailto:a@b.example"     },
    {"\x01http://a.example\xc2\x85", "http://a.example"       },
    {"javascript:alert(1)",          ""                       },
    {"java\nscript:alert(1)",        ""                       },
    {" &#106;avascript:x",           ""                       },
    {"vbscript:x",                   ""                       },
    {"data:text/html,x",             ""                       },
    {"file:///etc/passwd",           ""                       },
    {"feed:http://a.example",        ""                       },
    {"httpx://a.example",            ""                       },
    {"//a.example/",                 ""                       },
    {"/a",                           ""                       },
    {"#top",                         ""                       },
    {"http:",                        ""                       },
    {"http://",                      ""                       },
    {"http:///x",                    ""                       },
    {"mailto:",                      ""                       },
    {"",                             ""                       },
};

static void
only_addresses_of_the_web_and_of_mail_are_links(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(hrefs); i++) {
        struct slice got = blocks_href(slice_str(hrefs[i].href), &arena);
        if (!slice_is(got, hrefs[i].want))
            fail_msg("%s gave \"%.*s\"", hrefs[i].href, SLICE_ARG(got));
    }
}

static void
what_is_dropped_is_counted_if_it_was_for_people(void **state)
{
    (void)state;
    assert_int_equal(run("a<form>x</form><nav> </nav><svg></svg>").dropped, 1);
    assert_int_equal(run("a<script>x</script><style>x</style>").dropped, 0);
    assert_int_equal(run("a<iframe>x").dropped, 1);
}

static const char *const names[] = {"p", "b", "i", "a", "ul", "ol", "li", "table", "tr",
    "td", "th", "h2", "pre", "blockquote", "div", "br", "q", "nav", "script", "span"};

// Whatever the calls are, each tag of the output closes the one opened last.
static void
check_balanced(struct slice html)
{
    struct slice open[4 * BLOCKS_NEST];
    size_t depth = 0;
    for (size_t at = 0; at < html.size; at++) {
        if (html.data[at] != '<')
            continue;
        bool closing = html.data[at + 1] == '/';
        struct slice tag = slice_from(html, at + 1 + closing);
        size_t size = 0;
        while (tag.data[size] != '>' && tag.data[size] != ' ')
            size++;
        tag.size = size;
        if (slice_is(tag, "br"))
            continue;
        if (!closing) {
            assert_true(depth < LENGTH(open));
            open[depth++] = tag;
        } else {
            assert_true(depth > 0 && slice_equal(open[depth - 1], tag));
            depth--;
        }
    }
    assert_int_equal(depth, 0);
}

static uint32_t
next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static void
calls_in_any_order_give_balanced_html(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        struct blocks *b = blocks_begin(&arena);
        uint32_t calls = next_random(&seed) % 200;
        for (uint32_t i = 0; i < calls; i++) {
            struct slice name = slice_str(names[next_random(&seed) % LENGTH(names)]);
            switch (next_random(&seed) % 4) {
            case 0:
            case 1:
                blocks_open(b, name, SLICE("http://a.example/"));
                break;
            case 2:
                blocks_close(b, name);
                break;
            default:
                blocks_text(b, SLICE(" x\xe2\x80\xae y\n"));
            }
        }
        struct blocks_done done = blocks_end(b);
        check_balanced(done.html);
        arena_reset(&arena);
    }
}

static const char *const units[] = {"<p>", "<b>", "<b>x<p>",
    "<a=http://a.example/>x<p>", "<b><i></b></i>x", "<ul>", "<ul><li>x",
    "<table><tr><td>x", "<td>", "<td>x", "</td>", "<br>", "<pre> ", "<nav>", "</nav>",
    "<li>", "<blockquote>x", "<div></p>x", "<p><p><td><td></p>x", "\xc2\xa0",
    "\xe2\x81\xa7", "<ul>x</ul><h2>x"};

static clock_t
cpu_of(const char *unit, size_t count)
{
    clock_t from = clock();
    struct blocks *b = blocks_begin(&arena);
    for (size_t i = 0; i < count; i++)
        for (const char *at = unit; *at;) {
            const char *stop = *at == '<' ? strchr(at, '>') : NULL;
            size_t size = stop ? (size_t)(stop - at) + 1 : 1 + strcspn(at + 1, "<");
            if (stop)
                call_tag(b, slice_of(at + 1, size - 2));
            else
                blocks_text(b, slice_of(at, size));
            at += size;
        }
    struct blocks_done done = blocks_end(b);
    assert_true(done.plain.size + done.html.size <= 120 * count + 8192);
    check_balanced(done.html);
    arena_reset(&arena);
    return clock() - from;
}

static void
work_is_in_proportion_to_the_calls(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(units); i++) {
        clock_t noise = CLOCKS_PER_SEC / 50, quarter = cpu_of(units[i], 10000);
        clock_t whole = cpu_of(units[i], 40000);
        if (whole >= 12 * (quarter + noise))
            fail_msg("%s took %ld and %ld", units[i], (long)quarter, (long)whole);
    }
}

static void
a_text_past_the_limit_rejects_and_html_past_it_is_left_out(void **state)
{
    (void)state;
    char line[1001];
    memset(line, '&', sizeof line - 1);
    line[sizeof line - 1] = 0;
    for (size_t lines = 3000; lines <= 6000; lines += 3000) {
        struct article *a = article_new(&arena);
        struct blocks *b = blocks_begin(&arena);
        blocks_open(b, SLICE("b"), SLICE(""));
        for (size_t i = 0; i < lines; i++)
            blocks_text(b, slice_str(line));
        struct blocks_done done = blocks_end(b);
        blocks_set(a, &done);
        if (lines == 3000) {
            assert_int_equal(a->field[ARTICLE_BODIES].list.count, 1);
            assert_string_equal(a->wr.warnings[0].code, "not-carried");
        } else {
            assert_int_equal(a->fault.code, WIRE_FIELD_TOO_LONG);
            assert_true(a->rejected);
        }
        arena_reset(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_become_plain_blocks_and_the_html_that_may_be_stored),
        cmocka_unit_test(only_addresses_of_the_web_and_of_mail_are_links),
        cmocka_unit_test(what_is_dropped_is_counted_if_it_was_for_people),
        cmocka_unit_test(calls_in_any_order_give_balanced_html),
        cmocka_unit_test(work_is_in_proportion_to_the_calls),
        cmocka_unit_test(a_text_past_the_limit_rejects_and_html_past_it_is_left_out),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
