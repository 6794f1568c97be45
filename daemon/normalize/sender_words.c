#include <stddef.h>

#include "normalize/sender.h"

// clang-format off
const char *const sender_desks[] = {
    "本报", "本刊", "本台", "本网", "本社", "本站", "本报综合", "新华社", "新华网", "据新华社", "综合新华社",
    "中新社", "中新网", "据中新社", "中国新闻网", "人民网", "人民日报", "央视网", "央视新闻", "光明网", "光明日报",
    "经济日报", "中国日报", "法新社", "路透社", "美联社", "塔斯社", "共同社", "韩联社", "彭博社", "德新社",
    "本報", "本刊訊", "本臺", "本網", "新華社", "據新華社", "中新網", "人民網", "中央社", "法新社", "路透社",
    "美聯社", "韓聯社", "彭博社", "德新社", NULL};
const char *const sender_marks[] = {"讯", "訊", "电", "電", "消息", "报道", "報道", "報導", NULL};
const char *const sender_reporters[] = {
    "记者", "記者", "通讯员", "通訊員", "特派员", "特派員", "特约", "特約", "见习", "實習", "实习", "编辑", "編輯",
    "责编", "責編", "编译", "編譯", "综合", "評論員", "评论员", "作者", "文/", "图/", "文、图", "摄影", "攝影",
    "摄", "攝", "供图", "供圖", "来源", "來源", "訊", "讯", "共同", "時事", "支局", "特派", "기자", "특파원", "연합뉴스",
    "뉴시스", "뉴스1", NULL};
const char *const sender_agencies[] = {
    "dpa", "afp", "ap", "reuters", "upi", "efe", "ansa", "apa", "ats", "sda", "keystone-sda", "ntb", "ritzau",
    "tt", "stt", "ptv", "anp", "belga", "lusa", "pap", "mti", "ctk", "tass", "interfax", "itar-tass", "ria",
    "xinhua", "kyodo", "jiji", "yonhap", "bernama", "pti", "ians", "ani", "aap", "nzpa", "epd", "kna", "sid",
    "dapd", "ddp", "dpad", "europa press", "notimex", "telam", "cp", "the canadian press", "pa", "pa media",
    "press association", "associated press", "the associated press", "agence france-presse", "bloomberg",
    "dow jones", "globe newswire", "pr newswire", "business wire", "newswire", "acn newswire", "afx", "rtr",
    "dpa-afx", "ots", "agencies", "agenturen", "agencias", "agences", NULL};
const char *const sender_by[] = {"by ", "von ", "par ", "por ", "di ", "av ", "af ", "door ", "autor: ",
    "author: ", "text: ", "texto: ", "testo di ", NULL};
const char *const sender_ends[] = {
    "完", "(完)", "[完]", "全文完", "(end)", "end", "ends", "/ends", "(ends)", "###", "# # #", "-30-", "-0-",
    "- 30 -", "ende", "(ende)", "fin", "(fin)", "끝", "(끝)", "(了)", "=/", NULL};
// clang-format on
