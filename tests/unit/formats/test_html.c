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

#include "formats/html_write.h"
#include "formats/markup.h"
#include "formats/readers.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *html, *want;
} texts[] = {
    {"<p>One.</p><p>Two.</p>",                   "One.\n\nTwo."                        },
    {"<p>One\n  line   here</p>",                "One line here"                       },
    {"a<br>b<br/>c",                             "a\nb\nc"                             },
    {"a<br><br>b",                               "a\n\nb"                              },
    {"<p>a <noscript>x</noscript>b <del>c</del>d",
     "a b d"                                                                           },
    {"<div><div><p>deep</p></div></div>",        "deep"                                },
    {"<b>bo</b>ld <i>and</i>&nbsp;not",          "bold and\xc2\xa0not"                 },
    {"<ul><li>one</li><li>two</li></ul>",        "one\n\ntwo"                          },
    {"<tr><td>a</td><td>b</td></tr>",            "a\tb"                                },
    {"<script>alert('<p>x</p>')</script>safe",   "safe"                                },
    {"<SCRIPT>x</ScRiPt>safe",                   "safe"                                },
    {"<style>p{}</style><p>x",                   "x"                                   },
    {"before<script>never closed",               "before"                              },
    {"x<!-- a <p> comment -->y",                 "xy"                                  },
    {"x<!-- never closed > y",                   "x y"                                 },
    {"<a href=\"a>b\">link</a>",                 "link"                                },
    {"<a href=\"never closed>link",              "link"                                },
    {"1 < 2 and 3 > 2",                          "1 < 2 and 3 > 2"                     },
    {"a <b",                                     "a <b"                                },
    {"AT&amp;T &lt;tag&gt; &quot;q&quot;",       "AT&T <tag> \"q\""                    },
    {"&#8217;&#x2019;&rsquo;",                   "\xe2\x80\x99\xe2\x80\x99\xe2\x80\x99"},
    {"&#150;&#128;",                             "\xe2\x80\x93\xe2\x82\xac"            },
    {"&#0;&#xd800;&#x110000;&#99999999999;",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"                                },
    {"&nosuch; &amp &#; &#x; &",                 "&nosuch; &amp &#; &#x; &"            },
    {"&amp;amp;",                                "&"                                   },
    {"<pre>a\n  b</pre>",                        "a\n  b"                              },
    {"<head><title>t</title></head><h1>H</h1>x", "H\n\nx"                              },
    {"",                                         ""                                    },
    {"<p></p>",                                  ""                                    },
    {"<",                                        "<"                                   },
    {"<>",                                       "<>"                                  },
    {"</p>x",                                    "x"                                   },
    {"one <script>x</script>sentence",           "one sentence"                        },
    {"a<nav>menu</nav>b",                        "a\n\nb"                              },
};

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
markup_becomes_the_text_a_reader_sees(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct slice got = html_blocks(slice_str(texts[i].html), &arena).blocks.plain;
        if (!slice_is(got, texts[i].want))
            fail_msg("%s gave \"%.*s\"", texts[i].html, SLICE_ARG(got));
    }
}

static void
cut_anywhere_it_stays_within_its_bytes_and_never_grows(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++)
        for (size_t size = 0; size <= strlen(texts[i].html); size++) {
            uint8_t *copy = malloc(size + !size);
            assert_non_null(copy);
            memcpy(copy, texts[i].html, size);
            struct slice got = html_blocks(slice_of(copy, size), &arena).blocks.plain;
            assert_true(got.size <= size + 2);
            free(copy);
        }
}

static const struct {
    const char *html, *want; // what is stored; "": nothing but paragraphs
} stored[] = {
    {"<P>a <B>b</B></P>",                                           "<p>a <strong>b</strong></p>"                },
    {"<p class=x style='color:red' onclick=alert(1)><em>a</em>",    "<p><em>a</em></p>"                          },
    {"<a href=\"javascript:x\" onclick=y>a</a>",                    ""                                           },
    {"<a href=http://a.example/>a</a>b",                            "<p><a href=\"http://a.example/\">a</a>b</p>"},
    {"<a HREF = 'http://a.example/?a&amp;b=\"'>a</a>",
     "<p><a href=\"http://a.example/?a&amp;b=&quot;\">a</a></p>"                                                 },
    {"<a href=\"&#106;avascript:x\">a</a>",                         ""                                           },
    {"<a href=\"java&#10;script:x\">a</a>",                         ""                                           },
    {"<a href=x href=http://a.example/>a</a>",                      ""                                           },
    {"<img src=x onerror=alert(1)><b>a</b>",                        "<p><strong>a</strong></p>"                  },
    {"<svg><script>x</script><b>a</b></svg><b>c</b>",               "<p><strong>c</strong></p>"                  },
    {"<b>&lt;script&gt;</b>",                                       "<p><strong>&lt;script&gt;</strong></p>"     },
    {"<ul><li>a<li>b<ul><li>c</ul><li>d</ul>",
     "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"                                                },
    {"<table><tr><th>a<td>b<tr><td>c</table>",
     "<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>"                                           },
    {"<p>a<h2>b</h2>c",                                             "<p>a</p><h2>b</h2><p>c</p>"                 },
    {"<i>a<p>b</i>c",                                               "<p><em>a</em></p><p><em>b</em>c</p>"        },
    {"<div hidden>x</div><i>a</i>",                                 "<p><em>a</em></p>"                          },
    {"<p hidden>x<p><i>a</i>",                                      "<p><em>a</em></p>"                          },
    {"<span style='display : none'>x<span>y</span></span><i>a</i>",
     "<p><em>a</em></p>"                                                                                         },
    {"<i aria-hidden=true>x</i><i aria-hidden=false>a</i>",         "<p><em>a</em></p>"                          },
    {"<div role=navigation>x</div><i>a</i>",                        "<p><em>a</em></p>"                          },
    {"<div hidden>never closed <i>a</i>",                           "<p>never closed <em>a</em></p>"             },
    {"<object>never closed <i>a</i>",                               "<p>never closed <em>a</em></p>"             },
    {"<nav><nav>x</nav>y <i>a</i>",                                 "<p>y <em>a</em></p>"                        },
    {"<iframe src=x /><i>a</i>",                                    "<p><em>a</em></p>"                          },
    {"<i>a</i><title>x</title><textarea><p>x</textarea>",           "<p><em>a</em></p>"                          },
    {"<![CDATA[<b>&]]><i>a</i>",                                    "<p>&lt;b&gt;&amp;<em>a</em></p>"            },
    {"<!--[if mso]>x<![endif]--><i>a</i>",                          "<p><em>a</em></p>"                          },
    {"<!--><i>a</i>-->",                                            "<p><em>a</em>--&gt;</p>"                    },
    {"<i>a</i><!--",                                                "<p><em>a</em></p>"                          },
    {"<td><i>a</i></td>",                                           "<p><em>a</em></p>"                          },
    {"<xmp><b></xmp>",                                              "<pre>&lt;b&gt;</pre>"                       },
};

// What is stored is read back as it is: no round makes another document of it.
static void
what_is_stored_is_safe_and_stays_as_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(stored); i++) {
        struct slice got = html_blocks(slice_str(stored[i].html), &arena).blocks.html;
        if (!slice_is(got, stored[i].want))
            fail_msg("%s gave \"%.*s\"", stored[i].html, SLICE_ARG(got));
        struct slice again = html_blocks(got, &arena).blocks.html;
        if (!slice_equal(got, again))
            fail_msg("%s became \"%.*s\"", stored[i].html, SLICE_ARG(again));
    }
}

static const struct {
    const char *href, *want;
} joined[] = {
    {"http://b.example/x", "http://b.example/x"            },
    {"mailto:a@b.example", "mailto:a@b.example"            },
    {"//b.example/x",      "https://b.example/x"           },
    {"/x",                 "https://a.example/x"           },
    {"x",                  "https://a.example/d/x"         },
    {"./x/./y",            "https://a.example/d/x/y"       },
    {"../x",               "https://a.example/x"           },
    {"../../../x",         "https://a.example/x"           },
    {"..",                 "https://a.example/"            },
    {"?q=1",               "https://a.example/d/e?q=1"     },
    {"#f",                 "https://a.example/d/e?p=/../#f"},
    {" x y ",              "https://a.example/d/x y"       },
    {"x?q=../y",           "https://a.example/d/x?q=../y"  },
    {"",                   ""                              },
};

static void
addresses_are_joined_to_that_of_the_page(void **state)
{
    (void)state;
    struct slice base = SLICE("https://a.example/d/e?p=/../#z");
    for (size_t i = 0; i < LENGTH(joined); i++) {
        struct slice got = html_join(base, slice_str(joined[i].href), &arena);
        if (!slice_is(got, joined[i].want))
            fail_msg("%s gave \"%.*s\"", joined[i].href, SLICE_ARG(got));
    }
    struct slice got = html_join(SLICE("https://a.example"), SLICE("x"), &arena);
    assert_true(slice_is(got, "https://a.example/x"));
    assert_int_equal(html_join(SLICE("nowhere"), SLICE("x"), &arena).size, 0);
}

static const struct {
    const char *html, *want;
    bool twice;
} escaped[] = {
    {"AT&amp;amp;T &amp;#39;99", "AT&T '99",        true },
    {"AT&amp;amp;T &amp; more",  "AT&amp;T & more", false},
    {"&amp;lt;b&amp;gt;",        "&lt;b&gt;",       false},
    {"a &amp; b",                "a & b",           false},
    {"&amp;nosuch;",             "&nosuch;",        false},
    {"x &#39; y",                "x ' y",           false},
};

static void
references_are_resolved_twice_only_if_all_were_escaped(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(escaped); i++) {
        struct html_done done = html_blocks(slice_str(escaped[i].html), &arena);
        if (!slice_is(done.blocks.plain, escaped[i].want))
            fail_msg("%s gave \"%.*s\"", escaped[i].html, SLICE_ARG(done.blocks.plain));
        assert_int_equal(done.twice, escaped[i].twice);
    }
}

static void
a_caption_in_a_piece_of_html_stays_in_the_text(void **state)
{
    (void)state;
    struct slice html = SLICE("<p>a</p><figure><img src=http://a.example/1.jpg alt=A>"
                              "<figcaption>One <b>ship</b></figcaption></figure>"
                              "<figure><pre>x</pre><figcaption>Listing</figcaption>"
                              "</figure>");
    struct html_done done = html_blocks(html, &arena);
    assert_true(slice_is(done.blocks.plain, "a\n\nOne ship\n\nx\n\nListing"));
    assert_int_equal(done.pictures_count, 0);
}

// Each of these made some reader of HTML quadratic. A second for 512 KiB would be a
// thousand times what is needed.
static clock_t
cpu_of(const uint8_t *html, size_t size)
{
    clock_t from = clock();
    struct slice got = html_blocks(slice_of(html, size), &arena).blocks.plain;
    assert_true(got.size <= size + 2);
    arena_reset(&arena);
    struct format_output out = {.fault = FAULT_NONE};
    struct format_input input = {.raw = slice_of(html, size)};
    html_page_read(&input, input.raw, &arena, &out);
    assert_int_equal(out.count, 1);
    assert_false(arena.failed);
    arena_reset(&arena);
    return clock() - from;
}

// Four times the length may take four times the CPU, and some noise; a square would take
// sixteen times.
static void
hostile_markup_takes_time_in_proportion_to_its_length(void **state)
{
    (void)state;
    static const char *const units[] = {"<", "<a", "<a=\"", "<a='>", "<!--", "<!-->x",
        "<script>", "</script", "&#", "<a \"'", "<pre>", "<br>", "</", "<x>", "</y>",
        "<a =\">=\"", "<a x=1 ", "<div hidden>", "<nav>", "</nav><nav>", "<li>", "<td>",
        "<p><table>", "<iframe>", "<title>", "<![CDATA[", "<div><x1 hidden>", "&amp;",
        "<b><p>", "<figure><figcaption>x", "<h1>x</h1>", "<p rel=author>x",
        "<form><h1>", "<article>", "<article></article>", "<meta name=a content=b>",
        "<header>", "<time datetime=x>",
        "<script type='application/ld+json'>[</script>"};
    enum { BYTES = 1 << 19 };
    uint8_t *html = malloc(BYTES + 1);
    assert_non_null(html);
    for (size_t i = 0; i < LENGTH(units); i++) {
        size_t unit = strlen(units[i]);
        for (size_t at = 0; at < BYTES; at++)
            html[at] = (uint8_t)units[i][at % unit];
        html[BYTES] = '>';
        clock_t noise = CLOCKS_PER_SEC / 50, quarter = cpu_of(html, BYTES / 4);
        clock_t whole = cpu_of(html, BYTES + 1);
        if (whole >= 12 * (quarter + noise))
            fail_msg("%s took %ld and %ld", units[i], (long)quarter, (long)whole);
    }
    free(html);
}

static struct article *
with_bodies(const char *const types[], const char *const values[], size_t count)
{
    struct article *a = article_new(&arena);
    for (size_t i = 0; i < count; i++)
        article_add_body(a, types[i], slice_str(values[i]));
    markup_resolve(a);
    return a;
}

static void
of_plain_and_html_the_one_with_more_blocks_stays(void **state)
{
    (void)state;
    static const char *const types[] = {"text/plain", "text/html"};
    static const char *const turned[] = {"text/html", "text/plain"};
    static const char *const html_better[] = {"One.Two.", "<p>One.</p><p>Two.</p>"};
    static const char *const even[] = {"One. Two.", "<p>One. <b>Two.</b></p>"};
    static const char *const even_turned[] = {"<p>One, html.</p>", "One, plain."};
    static const char *const html_empty[] = {"One.", "<script>x</script>"};
    struct article *a = with_bodies(types, html_better, 2);
    assert_int_equal(a->field[ARTICLE_BODIES].list.count, 1);
    assert_true(slice_is(article_body(a), "One.\n\nTwo."));
    assert_true(slice_is(article_body(with_bodies(types, even, 2)), "One. Two."));
    assert_true(
        slice_is(article_body(with_bodies(turned, even_turned, 2)), "One, plain."));
    assert_true(slice_is(article_body(with_bodies(types, html_empty, 2)), "One."));
}

static void
plain_bodies_are_left_alone(void **state)
{
    (void)state;
    static const char *const types[] = {"text/plain", "text/plain"};
    static const char *const values[] = {"1 <b> 2", "second"};
    struct article *a = with_bodies(types, values, 2);
    assert_int_equal(a->field[ARTICLE_BODIES].list.count, 2);
    assert_true(slice_is(article_body(a), "1 <b> 2"));
    assert_int_equal(a->wr.changes_count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_becomes_the_text_a_reader_sees),
        cmocka_unit_test(cut_anywhere_it_stays_within_its_bytes_and_never_grows),
        cmocka_unit_test(what_is_stored_is_safe_and_stays_as_it_is),
        cmocka_unit_test(addresses_are_joined_to_that_of_the_page),
        cmocka_unit_test(references_are_resolved_twice_only_if_all_were_escaped),
        cmocka_unit_test(a_caption_in_a_piece_of_html_stays_in_the_text),
        cmocka_unit_test(hostile_markup_takes_time_in_proportion_to_its_length),
        cmocka_unit_test(of_plain_and_html_the_one_with_more_blocks_stays),
        cmocka_unit_test(plain_bodies_are_left_alone),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
