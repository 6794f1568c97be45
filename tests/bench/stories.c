#include "stories.h"

#include <stdlib.h>

static uint64_t state;

static size_t
pick(size_t below) // splitmix64
{
    uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return (size_t)((z ^ (z >> 31)) % below);
}

#define ANY(list) (list)[pick(sizeof(list) / sizeof *(list))]

static const char *const subjects[] = {"The harbour board", "A court in Port Alder",
    "The island council", "Vogel & Sons", "The ferry company", "A panel of engineers",
    "The ministry of transport", "The union of dock workers", "The central bank",
    "A spokeswoman for the mayor", "The owners of the mill", "Two of the three parties",
    "The company's auditors", "Residents of the old quarter",
    "The weather service in Norhaven", "A survey of 1,200 households"};
static const char *const verbs[] = {"said on Wednesday that it would review",
    "has rejected", "agreed late on March 3 to pay for", "voted 14 to 9 against",
    "is expected to approve", "will publish its findings on",
    "asked for a second look at", "warned investors about", "has spent $4.5 million on",
    "put off until the autumn", "defended",
    "could lose 2.3 percent of its revenue because of", "began proceedings over",
    "refused to comment on", "has been waiting since 2019 for", "praised"};
static const char *const objects[] = {"the repair of the northern breakwater",
    "a plan to close four of the eleven schools", "the sale of the former mint",
    "an agreement with the railway", "the rise in the price of diesel",
    "new rules for the fishing fleet", "a loan of 35 million for the hospital",
    "the report about last winter's floods", "the costs of the night crossing",
    "a tax on empty houses", "the bridge across the sound",
    "its own forecast for the year", "the state of the water mains",
    "the strike that stopped the cranes for nine days",
    "a merger with its only competitor", "the election of a new chairman"};
static const char *const tails[] = {"after months of talks", "despite protests",
    "before the end of the quarter", "because the money has run out",
    "as the first snow fell on the coast", "although nobody had asked for it",
    "with effect from April 1", "in spite of a warning by the auditors",
    "while the other towns look on", "if parliament agrees",
    "for the second time in a year", "at a meeting that lasted until 3 a.m.",
    "without naming a date", "on the advice of its lawyers",
    "to the surprise of its neighbours",
    "according to two people who have read the draft"};
static const char *const people[] = {"Ada Quill", "Bram Vogel", "Ida Sund", "Ole Brim",
    "Mara Ellison", "Olin Treadwell", "Per Vik", "Joan Castellane"};
static const char *const titles[] = {"who leads the inquiry",
    "a teacher in the old town", "the mayor of Skarholm",
    "an economist at the harbour bank", "who has fished here all her life",
    "the minister's deputy"};
static const char *const zh_subjects[] = {"港务局", "桑园县人民政府", "渡轮公司",
    "县农业局的八名干部", "本市三家银行", "青阳大桥建设指挥部", "海事法院",
    "新能源设备有限公司", "气象部门", "参加会议的代表们"};
static const char *const zh_verbs[] = {"星期三表示将重新审查", "否决了",
    "同意出资4500万元用于", "以14票对9票通过了", "预计将于3月19日批准",
    "就下列事项向投资者发出提醒：", "要求进一步说明", "推迟到秋季再讨论", "高度评价",
    "自2019年以来一直在等待"};
static const char *const zh_objects[] = {"北部防波堤的修缮工程", "关闭四所学校的计划",
    "与铁路部门签订的合作协议", "渔船管理的新规定", "医院扩建所需的贷款",
    "去年冬天洪水的调查报告", "夜间轮渡的费用", "跨海大桥的施工方案",
    "全县春季农业生产的安排", "自来水管网的改造"};
static const char *const zh_tails[] = {"，此前双方已经谈判了数月",
    "，尽管有居民提出反对", "，自4月1日起施行", "，占全年预算的2.3%",
    "，但没有说明具体日期", "，这是一年之内的第二次", "，与会人员对此表示满意",
    "，有关部门将加强监督检查"};
static const char *const zh_people[] = {"郁长青", "邰一帆", "农德胜", "逄小蕙"};

static void
put_quote(FILE *out, bool ascii)
{
    (void)fprintf(out,
        ascii ? "\"We have waited long enough for %s,\" said %s, %s. "
              : "\xe2\x80\x9cWe\xe2\x80\x99ve waited long enough for %s,"
                "\xe2\x80\x9d said %s, %s. ",
        ANY(objects), ANY(people), ANY(titles));
}

static void
put_sentence(FILE *out, bool ascii)
{
    if (pick(5) == 0)
        put_quote(out, ascii);
    else
        (void)fprintf(
            out, "%s %s %s %s. ", ANY(subjects), ANY(verbs), ANY(objects), ANY(tails));
}

static void
put_chinese_sentence(FILE *out)
{
    if (pick(6) == 0)
        (void)fprintf(out, "“%s%s，大家心里也亮堂了。”%s说。", ANY(zh_subjects),
            ANY(zh_verbs), ANY(zh_people));
    else
        (void)fprintf(out, "%s%s%s%s。", ANY(zh_subjects), ANY(zh_verbs),
            ANY(zh_objects), ANY(zh_tails));
}

static char *
make_paragraph(const struct story *s)
{
    char *text = NULL;
    size_t size = 0, sentences = 2 + pick(2);
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; out && i < sentences; i++)
        s->chinese ? put_chinese_sentence(out) : put_sentence(out, s->ascii);
    if (!out || fclose(out) != 0) {
        (void)fputs("out of memory for a story\n", stderr);
        exit(EXIT_FAILURE);
    }
    if (!s->chinese)
        text[size - 1] = '\0'; // the space behind its last sentence
    return text;
}

struct story
story_make(unsigned number, bool chinese, bool ascii)
{
    struct story s = {.number = number, .chinese = chinese, .ascii = ascii};
    state = 20260304 + number * 7919ULL;
    (void)snprintf(s.headline, sizeof s.headline, chinese ? "%s%s" : "%s and %s",
        chinese ? ANY(zh_subjects) : ANY(subjects),
        chinese ? ANY(zh_objects) : ANY(objects));
    (void)snprintf(s.by, sizeof s.by, "%s", chinese ? ANY(zh_people) : ANY(people));
    (void)snprintf(s.place, sizeof s.place, "%s", chinese ? "青阳" : "PORT ALDER");
    while (s.bytes < STORY_BYTES && s.count < STORY_PARAGRAPHS) {
        s.paragraphs[s.count] = make_paragraph(&s);
        s.bytes += strlen(s.paragraphs[s.count++]);
    }
    return s;
}

void
story_free(struct story *s)
{
    for (unsigned i = 0; i < s->count; i++)
        free(s->paragraphs[i]);
    *s = (struct story){0};
}

struct slice
story_document(const struct story_form *form, unsigned number)
{
    enum { STORIES_MAX = 8 };
    struct story stories[STORIES_MAX];
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (unsigned i = 0; i < form->stories; i++)
        stories[i] = story_make(number * form->stories + i, form->chinese, form->ascii);
    if (out)
        form->write(out, stories, form->stories);
    if (!out || fclose(out) != 0) {
        (void)fputs("out of memory for a document\n", stderr);
        exit(EXIT_FAILURE);
    }
    for (unsigned i = 0; i < form->stories; i++)
        story_free(&stories[i]);
    return slice_of((uint8_t *)text, size);
}
