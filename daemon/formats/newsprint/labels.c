// What the words of a line say it is. Lexicons of the trade only, in tables: no word here
// belongs to one paper, one city or one page.
#include "formats/newsprint/page.h"

#define SHORT_LINE 28U // characters; a byline or credit is not longer

bool
label_is_byline(struct span s)
{
    uint32_t letters = span_letters(s);
    if (latin_is_byline(s))
        return true;
    if (letters < 3 || letters > 2 * SHORT_LINE || span_closed(s))
        return false;
    return people_sign(s);
}

bool
label_is_credit(struct span s)
{
    struct people_found found;
    uint32_t letters = span_letters(s);
    if (latin_is_credit(s))
        return true;
    if (letters < 2 || letters > SHORT_LINE || span_closed(s))
        return false;
    for (uint32_t i = 0; i < s.size; i++)
        if (char_fold(s.cp[i]) == ',' || span_stops(s, i))
            return false;
    static const char *const ends[] = {"摄影", "攝影", "供图", "供圖", "摄影报道",
        "攝影報導", "文/图", "新华社发", "绘图", "制图", "资料图片", "资料图",
        "資料圖片", "撮影", "文/摄", "图/文", "图文", "文图"};
    bool said = false;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        said = said || span_ends_with(s, ends[i]);
    bool people = people_only(s, &found) && found.names;
    return found.credits && (said || people);
}

bool
label_signs_text(struct span s)
{
    static const char *const words[] = {"文/", "/文", "文图", "图文", "文并", NULL};
    return words_within(s, words);
}

bool
label_is_jump(struct span s, enum label *label_out)
{
    static const char *const on[] = {"下转", "下轉", "转第", "紧接第", "详见第", "詳見",
        "接下版", "Continued on", "Please turn to", "2面に続く", "関連記事",
        "相关报道见", "详见", NULL};
    static const char *const from[] = {
        "上接", "接第", "紧接", "Continued from", "1面から続く", "一面から続く", NULL};
    s = span_trim(s);
    uint32_t at = 0;
    while (at < s.size && (char_is_mark(s.cp[at]) || char_is_space(s.cp[at]) ||
                              char_is_ambiguous(s.cp[at])))
        at++;
    if (span_letters(s) > 24 || at >= s.size)
        return false;
    bool is_on = words_match(s, at, on), is_from = words_match(s, at, from);
    static const char *const pages[] = {"版", "面", "页", "頁", "Page", "page", NULL};
    if ((!is_on && !is_from) || !words_within(s, pages))
        return false;
    *label_out = is_on ? LABEL_JUMP_ON : LABEL_JUMP_FROM;
    return true;
}

bool
label_opens_caption(struct span s)
{
    static const char *const words[] = {"图为", "圖為", "图①", "图片为", "上图", "上圖",
        "下图", "下圖", "左图", "左圖", "右图", "右圖", "▲", "▼", "△", "▽", "↑", "↓",
        "←", "→", "◀", "▶", "写真は", "写真:", NULL};
    static const char *const not_captions[] = {"▲▲", "→→", NULL};
    return words_match(s, 0, words) && !words_match(s, 0, not_captions);
}

bool
label_is_numbered(struct span s)
{
    static const char *const bullets[] = {
        "■", "◆", "●", "○", "◎", "□", "★", "▌", "▍", NULL};
    static const char *const numbers[] = {"一", "二", "三", "四", "五", "六", "七",
        "八", "九", "十", "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL};
    if (words_match(s, 0, bullets))
        return true;
    uint32_t from = s.size && char_fold(s.cp[0]) == '(' ? 1 : 0;
    uint32_t end = words_match(s, from, numbers);
    if (!end || end >= s.size)
        return false;
    uint32_t c = char_fold(s.cp[end]);
    if (c == ',') // 一, stands for 一、 but 3,000 for itself
        return !from && end + 1 < s.size && !char_is_digit(s.cp[end + 1]);
    return from ? c == ')' : c == 0x3001 || c == '.';
}
