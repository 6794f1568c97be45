// The rules a newsprint page is read by, one at a time: what joins lines, what a line says
// it is, names, dates, and which lines of a page are whose.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
// clang-format on

#include "formats/newsprint/page.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static struct arena arena;

static int
open_arena(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20);
    return 0;
}

static int
close_arena(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static struct format_output
read_page(const char *text, const char *issue_date)
{
    struct format_output out = {0};
    struct format_input *input = ARENA_NEW(&arena, struct format_input);
    assert_non_null(input);
    input->issue_date = slice_str(issue_date);
    newsprint_read(input, slice_str(text), &arena, &out);
    assert_int_equal(out.fault.code, WIRE_OK);
    return out;
}

static struct span
span_of_text(const char *text)
{
    struct text out = {.arena = &arena};
    struct slice s = slice_str(text);
    for (size_t at = 0; at < s.size;)
        text_put(&out, utf8_next(s, &at));
    return text_span(&out);
}

static void
expect_slice(const char *what, struct slice got, const char *want)
{
    if (!slice_is(got, want))
        print_error("%s\n  got  %.*s\n  want %s\n", what, SLICE_ARG(got), want);
    assert_true(slice_is(got, want));
}

static const struct {
    const char *page, *body;
} joins[] = {
  // R1, R2, R5: layout space at marks and digits goes, between words of letters it stays
    {"本报讯（记者张三）示范 （市） 区有 3 个厂，占 20% 。\n新厂用 GDP Plus "
     "系统，\n产量第一。",                                                                              "本报讯（记者张三）示范（市）区有3个厂，占20%。新厂用GDP Plus系统，产量第一。"},
 // the same with ASCII marks
    {"本报讯 (记者张三) 8月2日上午,\n全市 (高新区) 开会。",
     "本报讯(记者张三)8月2日上午,全市(高新区)开会。"                                                                                                                                                            },
 // R3: a spread line
    {"本报讯（记者张三）两个地方\n的 经 济 发 展 ， 年 产 1000 万 粒\n都突出一个字。",
     "本报讯（记者张三）两个地方的经济发展，年产1000万粒都突出一个字。"                                                                                                                              },
 // R4, R6: a meant space stays, and comes back where it was lost at a line end
    {"本报讯（记者张三）开展文明健康\n有你有我签名活动，大家说文明健康 "
     "有你有我\n这句话好。",                                                                           "本报讯（记者张三）开展文明健康 有你有我签名活动，大家说文明健康 "
        "有你有我这句话好。"                                                                                                                                                    },
 // digits and signs broken over lines
    {"本报讯（记者张三）成为都市圈“1+\n10”的一员，收入16\n10万元。",
     "本报讯（记者张三）成为都市圈“1+10”的一员，收入1610万元。"                                                                                                                                         },
 // alphabets: hyphens, soft hyphens, ligatures
    {"PORT ELIN (Wire) - The harbour autho-\nrity will close the well-\nknown ﬁsh "
     "market in Oc\xc2\xad\ntober, the EU-\nCommission said.",                                                  "PORT ELIN (Wire) - The harbour authority will close the well-known fish "
        "market in October, the EU-Commission said."                                                                                                            },
 // a hyphen the page prints elsewhere is the word's own
    {"PORT ELIN (Wire) - The water-side market near the water-\nside road will close.",
     "PORT ELIN (Wire) - The water-side market near the water-side road will "
        "close."                                                                                                                                                                                                                   },
};

static void
lines_join_as_they_were_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(joins); i++) {
        struct format_output out = read_page(joins[i].page, "");
        assert_int_equal(out.count, 1);
        expect_slice("body", article_body(out.items[0]), joins[i].body);
    }
}

enum said {
    SAID_NOTHING,
    SAID_LEAD,
    SAID_BYLINE,
    SAID_CREDIT,
    SAID_JUMP,
    SAID_FURNITURE,
};
static const struct {
    const char *line;
    enum said said;
} lines[] = {
    {"本报讯（记者张三） 8月2日",          SAID_LEAD     },
    {"本报讯 记者张三报道",                  SAID_LEAD     },
    {"新华社北京8月2日电（记者 李四）", SAID_LEAD     },
    {"中新社广州三月五日电 ",               SAID_LEAD     },
    {"【本報訊】港口昨日",                   SAID_LEAD     },
    {"〔記者李四／台北報導〕市府",       SAID_LEAD     },
    {"（中央社記者王五台北3日電）",      SAID_LEAD     },
    {"【パリ＝山田太郎】仏政府は",       SAID_LEAD     },
    {"BEIRUT (Reuters) - The",                        SAID_LEAD     },
    {"Athen (dpa) – Die Insel",                     SAID_LEAD     },
    {"本报记者 张三",                           SAID_BYLINE   },
    {"本报记者 张 三 通讯员 李 四",        SAID_BYLINE   },
    {"□ 本报评论员 卓文",                    SAID_BYLINE   },
    {"By JANE DOE and John van der Berg",             SAID_BYLINE   },
    {"NTB-AFP-DPA",                                   SAID_BYLINE   },
    {"本报记者 张三 摄",                       SAID_CREDIT   },
    {"张三摄",                                     SAID_CREDIT   },
    {"市委宣传部供图",                         SAID_CREDIT   },
    {"Photo: Petra Vance",                            SAID_CREDIT   },
    {"（下转第三版）",                         SAID_JUMP     },
    {"上接第1版",                                 SAID_JUMP     },
    {"Continued on Page A6",                          SAID_JUMP     },
    {"2026年3月10日 星期二",                    SAID_FURNITURE},
    {"责任编辑 李 晗 校对 王五 第3版",    SAID_FURNITURE},
    {"A02 综合新闻",                              SAID_FURNITURE},
    {"沧江晨报",                                  SAID_FURNITURE},
    {"TUESDAY, MARCH 10, 2026",                       SAID_FURNITURE},
    {"VOL. XLII No. 61 $2.00",                        SAID_FURNITURE},
 // what only looks like one of these
    {"记者来到现场",                            SAID_NOTHING  },
    {"记者了解到",                               SAID_NOTHING  },
    {"本报讯号良好",                            SAID_NOTHING  },
    {"推进会强调",                               SAID_NOTHING  },
    {"把照片拍摄",                               SAID_NOTHING  },
    {"下转型期",                                  SAID_NOTHING  },
    {"2026年3月10日",                              SAID_NOTHING  },
    {"By the time it was over",                       SAID_NOTHING  },
    {"Nobody expected 12 of them",                    SAID_NOTHING  },
    {"Photo albums are back",                         SAID_NOTHING  },
};

static enum said
what_is_said(const char *line)
{
    enum label jump;
    struct span s = span_of_text(line);
    if (label_is_jump(s, &jump))
        return SAID_JUMP;
    bool digits = false;
    for (uint32_t i = 0; i < s.size; i++)
        digits = digits || char_is_digit(s.cp[i]);
    if (label_is_furniture(s, digits))
        return SAID_FURNITURE;
    if (label_is_lead(s))
        return SAID_LEAD;
    if (label_is_credit(s))
        return SAID_CREDIT;
    return label_is_byline(s) ? SAID_BYLINE : SAID_NOTHING;
}

static void
a_line_is_known_by_its_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(lines); i++) {
        if (what_is_said(lines[i].line) != lines[i].said)
            print_error("%s: %d, not %d\n", lines[i].line,
                (int)what_is_said(lines[i].line), (int)lines[i].said);
        assert_int_equal(what_is_said(lines[i].line), lines[i].said);
    }
}

static const struct {
    const char *text, *people; // "rel:name ..."
} names[] = {
    {"记者郭明",                             "author:郭明"                               },
    {"记者 张三 通讯员 李四",           "author:张三 author:李四"                 },
    {"记者张三、李四 通讯员王小五", "author:张三 author:李四 author:王小五"},
    {"本报记者 张 三 李 四",             "author:张三 author:李四"                 },
    {"本报记者 翟远程 摄",               "photographer:翟远程"                      },
    {"文/张三 图/李四",                    "author:张三 photographer:李四"           },
    {"本报记者 张三 文/图",              "author:张三 photographer:张三"           },
    {"記者李四／台北報導",              "author:李四"                               },
    {"パリ＝山田太郎",                    "author:山田太郎"                         },
    {"记者阿依古丽·买买提",            "author:阿依古丽·买买提"              },
};

static void
names_are_found_in_bylines_and_credits(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct item item = {0};
        struct wire_writer got = {0};
        people_take(&item, span_of_text(names[i].text), "author");
        for (uint32_t k = 0; k < item.people_count; k++) {
            struct text name = {.arena = &arena};
            for (uint32_t c = 0; c < item.people[k].name.size; c++)
                if (!char_is_space(item.people[k].name.cp[c]))
                    text_put(&name, item.people[k].name.cp[c]);
            wire_put_raw(&got, slice_str(k ? " " : ""));
            wire_put_raw(&got, slice_str(item.people[k].rel));
            wire_put_raw(&got, SLICE(":"));
            wire_put_raw(&got, utf8_of(text_span(&name), &arena));
        }
        expect_slice(names[i].text, wire_written(&got), names[i].people);
        wire_writer_fini(&got);
    }
}

static const struct {
    const char *text, *issue_date, *dates; // "kind text day; ..."
} dates[] = {
    {"8月2日上午，全市开会。",                        "2020-08-03", "event 8月2日上午 2020-08-02"       },
    {"8月2日上午，全市开会。",                        "",           "event 8月2日上午 "                 },
    {"2020年8月2日，全市开会。",                       "",           "event 2020年8月2日 2020-08-02"      },
    {"12月30日，全市开会。",                            "2021-01-02", "event 12月30日 2020-12-30"           },
    {"1月2日，全市将开会。",                           "2020-12-30", "event 1月2日 2021-01-02"             },
    {"2月30日，全市开会。",                             "2020-02-01", "event 2月30日 "                      },
    {"８月２日，全市开会。",                          "2020-08-03", "event ８月２日 2020-08-02"         },
    {"昨日上午，全市开会。",                          "2020-03-01", "event-relative 昨日上午 2020-02-29"},
    {"昨日上午，全市开会。",                          "",           "event-relative 昨日上午 "          },
    {"近日，全市开会。",                                "2020-03-01", "event-relative 近日 "                },
    {"2019年度的工作开始了，今年上半年再议。", "",
     "period 2019年度 ; period 今年上半年 "                                                                    },
    {"早在1980年就有了，今年6月份又来。",         "2020-08-03",
     "mention 1980年 ; mention 今年6月份 "                                                                       },
    {"会议学习7月30日精神，传达7月31日部署。",  "2020-08-03",
     "event 7月30日 2020-07-30; mention 7月31日 2020-07-31"                                                       },
    {"大会于3月8日至10日举行。",                      "2026-03-09", "event 3月8日至10日 2026-03-08"     },
    {"占比3.8月度数据不是日期。",                    "2026-03-09", ""                                      },
    {"全市有12个月的口粮。",                           "2026-03-09", ""                                      },
};

static void
dates_are_told_apart_and_their_days_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(dates); i++) {
        char page[512];
        struct wire_writer got = {0};
        (void)snprintf(page, sizeof page, "本报讯（记者张三）%s", dates[i].text);
        struct format_output out = read_page(page, dates[i].issue_date);
        const struct article_wr *wr = &out.items[0]->wr;
        for (uint32_t k = 0; k < wr->dates_count; k++) {
            wire_put_raw(&got, slice_str(k ? "; " : ""));
            wire_put_raw(&got, slice_str(wr->dates[k].kind));
            wire_put_raw(&got, SLICE(" "));
            wire_put_raw(&got, wr->dates[k].text);
            wire_put_raw(&got, SLICE(" "));
            wire_put_raw(&got, slice_str(wr->dates[k].date));
        }
        expect_slice(dates[i].text, wire_written(&got), dates[i].dates);
        wire_writer_fini(&got);
    }
}

static void
a_jump_line_is_a_reference_and_not_text(void **state)
{
    (void)state;
    struct format_output out = read_page(
        "桥修好了\n\n本报讯（记者张三）城东的桥修好了，明天\n（下转第三版）\n", "");
    assert_int_equal(out.count, 1);
    expect_slice(
        "body", article_body(out.items[0]), "本报讯（记者张三）城东的桥修好了，明天");
    const struct value *list = &out.items[0]->field[ARTICLE_ASSOCIATIONS];
    assert_int_equal(list->type, WIRE_ARRAY);
    const struct value *jump = &list->list.items[0];
    expect_slice("name", value_text(value_get(jump, "name")), "continued-on");
    expect_slice("title", value_text(value_get(jump, "title")), "（下转第三版）");
}

static void
a_name_alone_under_a_headline_is_the_author(void **state)
{
    (void)state;
    struct format_output out =
        read_page("灯下的修表匠\n\n田 苗\n\n巷口的修表铺只有三平方米，"
                  "一盏台灯从早亮到晚。\n",
            "");
    assert_int_equal(out.count, 1);
    expect_slice("headline", article_headline(out.items[0]), "灯下的修表匠");
    const struct value *people = &out.items[0]->field[ARTICLE_PEOPLE];
    assert_int_equal(people->type, WIRE_ARRAY);
    expect_slice("name", value_text(value_get(&people->list.items[0], "name")), "田苗");
}

static void
repairs_are_logged(void **state)
{
    (void)state;
    struct format_output out = read_page(joins[5].page, "");
    const struct article_wr *wr = &out.items[0]->wr;
    uint32_t hyphens = 0, ligatures = 0;
    for (uint32_t i = 0; i < wr->changes_count; i++) {
        hyphens +=
            strcmp(wr->changes[i].rule, "hyphen") == 0 ? wr->changes[i].count : 0;
        ligatures +=
            strcmp(wr->changes[i].rule, "ligature") == 0 ? wr->changes[i].count : 0;
    }
    assert_int_equal(hyphens, 2);
    assert_int_equal(ligatures, 1);
}

int
main(void)
{
    newsprint_load();
#define RULE(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        RULE(lines_join_as_they_were_written),
        RULE(a_line_is_known_by_its_words),
        RULE(names_are_found_in_bylines_and_credits),
        RULE(dates_are_told_apart_and_their_days_found),
        RULE(a_jump_line_is_a_reference_and_not_text),
        RULE(a_name_alone_under_a_headline_is_the_author),
        RULE(repairs_are_logged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
