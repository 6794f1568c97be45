// How each format carries a story: one writer a format.
#include <stdlib.h>

#include "stories.h"

#define XHTML "http://www.w3.org/1999/xhtml"
enum { LATIN_COLUMN = 30, HAN_COLUMN = 16 }; // characters a line of newsprint

// Text as XML and HTML want it.
static void
put_marked(FILE *out, const char *text)
{
    for (; *text; text++)
        if (*text == '&')
            (void)fputs("&amp;", out);
        else if (*text == '<')
            (void)fputs("&lt;", out);
        else
            (void)fputc(*text, out);
}

// The paragraphs, each between two marks.
static void
put_paragraphs(FILE *out, const struct story *s, const char *begin, const char *end)
{
    for (unsigned i = 0; i < s->count; i++) {
        (void)fputs(begin, out);
        put_marked(out, s->paragraphs[i]);
        (void)fputs(end, out);
    }
}

static void
put_plain(FILE *out, const struct story *s, const char *between)
{
    for (unsigned i = 0; i < s->count; i++)
        (void)fprintf(out, "%s%s", i ? between : "", s->paragraphs[i]);
}

static void
put_element(FILE *out, const char *name, const char *text)
{
    (void)fprintf(out, "<%s>", name);
    put_marked(out, text);
    (void)fprintf(out, "</%s>\n", name);
}

static const char *
language_of(const struct story *s)
{
    return s->chinese ? "zh" : "en";
}

static char *
marked_text(const struct story *s)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out)
        put_paragraphs(out, s, "<p>", "</p>\n");
    if (!out || fclose(out) != 0)
        exit(EXIT_FAILURE);
    return text;
}

static void
put_field(struct wire_writer *w, const char *key, const char *text)
{
    wire_put_key(w, key);
    wire_put_str(w, slice_str(text));
}

// One body or headline, the way field lists have them.
static void
put_list(struct wire_writer *w, const char *key, const char *type, const char *text)
{
    wire_put_key(w, key);
    wire_put_array(w, 1);
    wire_put_map(w, type ? 2 : 1);
    if (type)
        put_field(w, "contentType", type);
    put_field(w, "value", text);
}

static void
write_article(FILE *out, const struct story *s, const char *type, const char *body)
{
    char uri[64];
    struct wire_writer w = {0};
    (void)snprintf(uri, sizeof uri, "urn:bench:%u", s->number);
    wire_put_map(&w, 7);
    put_field(&w, "uri", uri);
    put_field(&w, "version", "2");
    wire_put_key(&w, "versionCreated");
    wire_put_int(&w, 1795000000LL * 1000000);
    put_field(&w, "language", language_of(s));
    put_field(&w, "by", s->by);
    put_list(&w, "headlines", NULL, s->headline);
    put_list(&w, "bodies", type, body);
    (void)fwrite(w.data, 1, w.size, out);
    wire_writer_fini(&w);
}

static void
write_article_plain(FILE *out, const struct story *s, unsigned count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *body = open_memstream(&text, &size);
    if (body)
        put_plain(body, s, "\n\n");
    if (!body || fclose(body) != 0)
        exit(EXIT_FAILURE);
    write_article(out, s, "text/plain", text);
    free(text);
    (void)count;
}

static void
write_article_html(FILE *out, const struct story *s, unsigned count)
{
    char *text = marked_text(s);
    write_article(out, s, "text/html", text);
    free(text);
    (void)count;
}

static void
put_json(FILE *out, const char *key, const char *text)
{
    (void)fprintf(out, "\"%s\": \"", key);
    for (; *text; text++)
        if (*text == '\n')
            (void)fputs("\\n", out);
        else
            (void)fprintf(out, *text == '"' ? "\\%c" : "%c", *text);
    (void)fputs("\", ", out);
}

static void
put_ninjs_head(FILE *out, const struct story *s, const char *stamp)
{
    (void)fprintf(out,
        "{\"uri\": \"urn:bench:%u\", \"type\": \"text\", \"version\": \"2\", "
        "\"%s\": \"2026-03-04T09:30:00Z\", \"language\": \"%s\", \"urgency\": 4, ",
        s->number, stamp, language_of(s));
    put_json(out, "by", s->by);
}

static void
write_ninjs1(FILE *out, const struct story *s, unsigned count)
{
    char *text = marked_text(s);
    put_ninjs_head(out, s, "versioncreated");
    put_json(out, "headline", s->headline);
    put_json(out, "body_html", text);
    (void)fputs(
        "\"subject\": [{\"code\": \"medtop:04000000\", \"name\": \"economy\"}], "
        "\"place\": [{\"name\": \"Port Alder\"}], \"pubstatus\": \"usable\"}\n",
        out);
    free(text);
    (void)count;
}

// Version 2 and 3 differ in the schema they name and in the case of their names.
static void
put_ninjs(FILE *out, const struct story *s, unsigned version)
{
    char *text = marked_text(s);
    const char *type = version < 3 ? "contenttype" : "contentType";
    put_ninjs_head(out, s, version < 3 ? "versioncreated" : "versionCreated");
    (void)fprintf(
        out, "\"standard\": {\"name\": \"ninjs\", \"version\": \"%u.1\"}, ", version);
    (void)fputs("\"headlines\": [{\"role\": \"main\", ", out);
    put_json(out, "value", s->headline);
    (void)fprintf(
        out, "\"%s\": \"text/plain\"}], \"bodies\": [{\"role\": \"main\", ", type);
    put_json(out, "value", text);
    (void)fprintf(out,
        "\"%s\": \"text/html\"}], "
        "\"subjects\": [{\"uri\": \"medtop:04000000\", \"name\": \"economy\"}], "
        "\"%s\": \"usable\"}\n",
        type, version < 3 ? "pubstatus" : "pubStatus");
    free(text);
}

static void
write_ninjs2(FILE *out, const struct story *s, unsigned count)
{
    put_ninjs(out, s, 2);
    (void)count;
}

static void
write_ninjs3(FILE *out, const struct story *s, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        put_ninjs(out, &s[i], 3);
}

static void
put_nitf(FILE *out, const struct story *s)
{
    (void)fprintf(out,
        "<nitf>\n<head><docdata><doc-id id-string=\"bench.%u\"/><urgency ed-urg=\"4\"/>"
        "<date.issue norm=\"20260304T093000Z\"/><doc.copyright year=\"2026\" "
        "holder=\"Harbour Wire\"/></docdata></head>\n<body>\n<body.head>\n<hedline>",
        s->number);
    put_element(out, "hl1", s->headline);
    (void)fprintf(out, "</hedline>\n<byline><person>%s</person></byline>\n", s->by);
    (void)fprintf(out, "<dateline><location>%s</location></dateline>\n", s->place);
    (void)fputs("</body.head>\n<body.content>\n", out);
    put_paragraphs(out, s, "<p>", "</p>\n");
    (void)fputs("</body.content>\n</body>\n</nitf>\n", out);
}

static void
write_nitf(FILE *out, const struct story *s, unsigned count)
{
    (void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
    put_nitf(out, s);
    (void)count;
}

static void
write_newsml12(FILE *out, const struct story *s, unsigned count)
{
    (void)fprintf(out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<NewsML Version=\"1.2\">\n"
        "<NewsEnvelope><DateAndTime>20260304T093000Z</DateAndTime></NewsEnvelope>\n"
        "<NewsItem xml:lang=\"%s\"><Identification><NewsIdentifier>"
        "<ProviderId>harbourwire.example</ProviderId><DateId>20260304</DateId>"
        "<NewsItemId>BENCH-%u</NewsItemId>"
        "<RevisionId PreviousRevision=\"0\" Update=\"N\">1</RevisionId>"
        "<PublicIdentifier>urn:newsml:harbourwire.example:20260304:BENCH-%u:1N"
        "</PublicIdentifier></NewsIdentifier></Identification>\n"
        "<NewsManagement><NewsItemType FormalName=\"News\"/>"
        "<FirstCreated>20260304T093000Z</FirstCreated>"
        "<ThisRevisionCreated>20260304T093000Z</ThisRevisionCreated>"
        "<Status FormalName=\"Usable\"/><Urgency FormalName=\"4\"/></NewsManagement>\n"
        "<NewsComponent><NewsLines>",
        language_of(s), s->number, s->number);
    put_element(out, "HeadLine", s->headline);
    put_element(out, "ByLine", s->by);
    put_element(out, "DateLine", s->place);
    (void)fputs("</NewsLines>\n<DescriptiveMetadata><SubjectCode><Subject "
                "FormalName=\"04000000\"/></SubjectCode></DescriptiveMetadata>\n"
                "<ContentItem><MediaType FormalName=\"Text\"/><Format "
                "FormalName=\"NITF3.2\"/><DataContent>\n",
        out);
    put_nitf(out, s);
    (void)fputs(
        "</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>\n", out);
    (void)count;
}

static void
write_newsmlg2(FILE *out, const struct story *s, unsigned count)
{
    (void)fprintf(out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"urn:bench:%u\" "
        "version=\"2\" standard=\"NewsML-G2\" standardversion=\"2.33\" "
        "conformance=\"power\" xml:lang=\"%s\">\n<itemMeta>"
        "<itemClass qcode=\"ninat:text\"/><provider literal=\"harbourwire\"/>"
        "<versionCreated>2026-03-04T09:30:00Z</versionCreated>"
        "<pubStatus "
        "qcode=\"stat:usable\"/></itemMeta>\n<contentMeta><urgency>4</urgency>"
        "<language tag=\"%s\"/><subject qcode=\"medtop:04000000\"/>",
        s->number, language_of(s), language_of(s));
    put_element(out, "by", s->by);
    put_element(out, "headline", s->headline);
    (void)fputs("</contentMeta>\n<contentSet><inlineXML "
                "contenttype=\"application/xhtml+xml\"><html xmlns=\"" XHTML
                "\"><head><title/></head><body>\n",
        out);
    put_paragraphs(out, s, "<p>", "</p>\n");
    (void)fputs("</body></html></inlineXML></contentSet></newsItem>\n", out);
    (void)count;
}

static void
write_rss(FILE *out, const struct story *s, unsigned count)
{
    (void)fprintf(out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
        "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>"
        "<title>Harbour Wire</title><link>https://harbourwire.example/</link>"
        "<description>News</description><language>%s</language>\n",
        language_of(s));
    for (unsigned i = 0; i < count; i++) {
        (void)fprintf(out,
            "<item><guid isPermaLink=\"false\">bench-%u</guid>"
            "<link>https://harbourwire.example/%u</link>"
            "<pubDate>Wed, 04 Mar 2026 09:30:00 GMT</pubDate>"
            "<category>Economy</category>\n",
            s[i].number, s[i].number);
        put_element(out, "title", s[i].headline);
        put_element(out, "dc:creator", s[i].by);
        put_element(out, "description", s[i].paragraphs[0]);
        (void)fputs("<content:encoded><![CDATA[", out);
        put_paragraphs(out, &s[i], "<p>", "</p>\n");
        (void)fputs("]]></content:encoded></item>\n", out);
    }
    (void)fputs("</channel></rss>\n", out);
}

static void
write_atom(FILE *out, const struct story *s, unsigned count)
{
    (void)fprintf(out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">"
        "<title>Harbour Wire</title><id>tag:harbourwire.example,2026:feed</id>"
        "<updated>2026-03-04T09:30:00Z</updated>\n",
        language_of(s));
    for (unsigned i = 0; i < count; i++) {
        char *text = marked_text(&s[i]);
        (void)fprintf(out,
            "<entry><id>tag:harbourwire.example,2026:bench-%u</id>"
            "<link rel=\"alternate\" href=\"https://harbourwire.example/%u\"/>"
            "<updated>2026-03-04T09:30:00Z</updated><author><name>%s</name></author>\n",
            s[i].number, s[i].number, s[i].by);
        put_element(out, "title", s[i].headline);
        put_element(out, "summary", s[i].paragraphs[0]);
        (void)fputs("<content type=\"html\">", out);
        put_marked(out, text);
        (void)fputs("</content></entry>\n", out);
        free(text);
    }
    (void)fputs("</feed>\n", out);
}

static void
put_mail_head(FILE *out, const struct story *s, const char *type)
{
    (void)fprintf(out,
        "Received: from mx.alder.example (mx.alder.example [192.0.2.7])\r\n"
        "\tby desk.paper.example with ESMTPS id 4Qx7; Wed, 04 Mar 2026 09:30:02 "
        "+0000\r\n"
        "From: %s <wire@alder.example>\r\nTo: desk@paper.example\r\nSubject: %s\r\n"
        "Date: Wed, 04 Mar 2026 09:30:00 +0000\r\nMessage-ID: "
        "<bench-%u@alder.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: %s; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
        s->chinese ? "Desk" : s->by, s->chinese ? "News" : s->headline, s->number,
        type);
}

static void
put_quoted_printable(FILE *out, const char *text)
{
    for (unsigned column = 0; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = c >= 0x20 && c < 0x7f && c != '=';
        if (c == '\n') {
            (void)fputs("\r\n", out);
            column = 0;
            continue;
        }
        if (column > 71)
            (void)fputs("=\r\n", out);
        column = (column > 71 ? 0 : column) + (plain ? 1 : 3);
        (void)fprintf(out, plain ? "%c" : "=%02X", c);
    }
}

static void
write_mail(FILE *out, const struct story *s, unsigned count)
{
    put_mail_head(out, s, "text/plain");
    for (unsigned i = 0; i < s->count; i++) {
        put_quoted_printable(out, s->paragraphs[i]);
        (void)fputs("\r\n\r\n", out);
    }
    (void)count;
}

static void
write_mail_html(FILE *out, const struct story *s, unsigned count)
{
    char *text = marked_text(s);
    put_mail_head(out, s, "text/html");
    put_quoted_printable(
        out, "<html><head><style>p { color: black }</style></head><body>\n");
    put_quoted_printable(out, text);
    put_quoted_printable(out, "</body></html>\n");
    free(text);
    (void)count;
}

// Words of an English paragraph on lines of at most width, each ended as the wire does.
static void
put_lines(FILE *out, const char *text, size_t width, const char *end, const char *begin)
{
    size_t column = strlen(begin);
    bool spaced = false;
    (void)fputs(begin, out);
    while (*text) {
        size_t word = strcspn(text, " ");
        if (spaced && column + 1 + word > width) {
            (void)fputs(end, out);
            column = 0;
            spaced = false;
        }
        (void)fprintf(out, "%s%.*s", spaced ? " " : "", (int)word, text);
        column += word + (spaced ? 1 : 0);
        spaced = true;
        text += word + (text[word] ? 1 : 0);
    }
    (void)fputs(end, out);
}

static void
write_anpa(FILE *out, const struct story *s, unsigned count)
{
    (void)fprintf(out,
        "\x16\x16\x01"
        "A%04u\x1fhwahw-hwint\x13\r\nr i\x11 BC-HW--Story %u 03-04 0640\r\n"
        "\x02^BC-HW--Story %u,640<\r\n",
        s->number % 10000, s->number, s->number);
    (void)fprintf(
        out, "^%s<\r\n^By %s=\r\n^Harbour Wire Writer=\r\n", s->headline, s->by);
    for (unsigned i = 0; i < s->count; i++) {
        char begin[64] = "\t   ";
        if (i == 0)
            (void)snprintf(begin, sizeof begin, "\t   %s (HW) _ ", s->place);
        put_lines(out, s->paragraphs[i], 64, "\r\n", begin);
    }
    (void)fputs("\t^HW-HW-03-04-26 0930GMT<\r\n\x03\r\n\x04", out);
    (void)count;
}

static void
write_iptc7901(FILE *out, const struct story *s, unsigned count)
{
    (void)fprintf(out,
        "\x16\x16\x01hwn%04u 4 i 640  hwn 0100\r\n\r\nAlder/story/\r\n\x02%s =\r\n\r\n",
        s->number % 10000, s->headline);
    for (unsigned i = 0; i < s->count; i++)
        put_lines(out, s->paragraphs[i], 64, "\r\n",
            i ? "   " : "PORT ALDER, March 4 (hwn) - ");
    (void)fputs("\r\nhwn aq\r\n\x03"
                "040930 GMT Mar 26\r\n\x04",
        out);
    (void)count;
}

// A page as sites make them: a head with facts, what surrounds a story, and the story.
static void
write_html(FILE *out, const struct story *s, unsigned count)
{
    (void)fprintf(out,
        "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">\n"
        "<meta property=\"og:type\" content=\"article\">\n"
        "<meta property=\"article:published_time\" content=\"2026-03-04T09:30:00Z\">\n"
        "<link rel=\"canonical\" href=\"https://harbourwire.example/%u\">\n",
        language_of(s), s->number);
    put_element(out, "title", s->headline);
    (void)fputs("<style>body { margin: 0 } .ad { float: right }</style>\n"
                "<script>var a = 1; if (a < 2) { load(\"x\"); }</script></head>\n"
                "<body><header><a href=\"/\">Harbour Wire</a></header>\n<nav><ul>\n",
        out);
    for (unsigned i = 0; i < 12; i++)
        (void)fprintf(out,
            "<li class=\"item\"><a href=\"/section/%u\">Section %u</a></li>\n", i, i);
    (void)fputs("</ul></nav>\n<main><article>\n", out);
    put_element(out, "h1", s->headline);
    (void)fprintf(out, "<p class=\"byline\">%s</p>\n", s->by);
    put_paragraphs(out, s, "<p class=\"text\">", "</p>\n");
    (void)fputs("</article></main>\n<aside><p>More stories</p></aside>\n"
                "<footer><p>Harbour Wire 2026</p></footer></body></html>\n",
        out);
    (void)count;
}

static void
write_text(FILE *out, const struct story *s, unsigned count)
{
    (void)fprintf(out, "%s\n\n", s->headline);
    put_plain(out, s, "\n\n");
    (void)fputs("\n", out);
    (void)count;
}

static void
write_text_crlf(FILE *out, const struct story *s, unsigned count)
{
    (void)fprintf(out, "%s\r\n\r\n", s->headline);
    put_plain(out, s, "\r\n\r\n");
    (void)fputs("\r\n", out);
    (void)count;
}

// Characters of a Chinese paragraph on lines of width.
static void
put_characters(FILE *out, const char *text, unsigned width, const char *indent)
{
    unsigned column = indent[0] ? 2 : 0;
    for (; *text; text++) {
        if (((unsigned char)*text & 0xc0) != 0x80 && column++ == width) {
            (void)fputs("\n", out);
            column = 1;
        }
        if (indent[0]) {
            (void)fputs(indent, out);
            indent = "";
        }
        (void)fputc(*text, out);
    }
    (void)fputs("\n", out);
}

// Stories below each other, in the columns of a page.
static void
write_newsprint(FILE *out, const struct story *s, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (s[i].chinese) {
            (void)fprintf(out, "%s\n\n本报讯（记者%s）", s[i].headline, s[i].by);
            for (unsigned k = 0; k < s[i].count; k++)
                put_characters(out, s[i].paragraphs[k], HAN_COLUMN, k ? "　　" : "");
        } else {
            put_lines(out, s[i].headline, LATIN_COLUMN, "\n", "");
            (void)fprintf(out, "By %s\n", s[i].by);
            for (unsigned k = 0; k < s[i].count; k++)
                put_lines(out, s[i].paragraphs[k], LATIN_COLUMN, "\n",
                    k ? "" : "PORT ALDER \xe2\x80\x94 ");
        }
        (void)fputs("\n", out);
    }
}

const struct story_form story_forms[] = {
    {"article",      "article",   false, false, 1, write_article_plain},
    {"article-html", "article",   false, false, 1, write_article_html },
    {"article-zh",   "article",   true,  false, 1, write_article_plain},
    {"ninjs1",       "ninjs",     false, false, 1, write_ninjs1       },
    {"ninjs2",       "ninjs",     false, false, 1, write_ninjs2       },
    {"ninjs3",       "ninjs",     false, false, 1, write_ninjs3       },
    {"ninjs3-zh",    "ninjs",     true,  false, 1, write_ninjs3       },
    {"ndjson",       "ndjson",    false, false, 5, write_ninjs3       },
    {"nitf",         "nitf",      false, false, 1, write_nitf         },
    {"nitf-zh",      "nitf",      true,  false, 1, write_nitf         },
    {"newsml12",     "newsml12",  false, false, 1, write_newsml12     },
    {"newsml12-zh",  "newsml12",  true,  false, 1, write_newsml12     },
    {"newsmlg2",     "newsmlg2",  false, false, 1, write_newsmlg2     },
    {"newsmlg2-zh",  "newsmlg2",  true,  false, 1, write_newsmlg2     },
    {"rss",          "rss",       false, false, 5, write_rss          },
    {"rss-zh",       "rss",       true,  false, 5, write_rss          },
    {"atom",         "atom",      false, false, 5, write_atom         },
    {"atom-zh",      "atom",      true,  false, 5, write_atom         },
    {"email",        "email",     false, false, 1, write_mail         },
    {"email-html",   "email",     false, false, 1, write_mail_html    },
    {"email-zh",     "email",     true,  false, 1, write_mail         },
    {"anpa1312",     "anpa1312",  false, true,  1, write_anpa         },
    {"iptc7901",     "iptc7901",  false, true,  1, write_iptc7901     },
    {"html",         "html",      false, false, 1, write_html         },
    {"html-zh",      "html",      true,  false, 1, write_html         },
    {"text",         "text",      false, false, 1, write_text         },
    {"text-crlf",    "text",      false, false, 1, write_text_crlf    },
    {"text-zh",      "text",      true,  false, 1, write_text         },
    {"newsprint",    "newsprint", false, false, 2, write_newsprint    },
    {"newsprint-zh", "newsprint", true,  false, 2, write_newsprint    },
};
const size_t story_forms_count = sizeof story_forms / sizeof *story_forms;
