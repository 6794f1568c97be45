#include "corpus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state;

static uint64_t
next_random(void) // splitmix64
{
    uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static double
next_unit(void)
{
    return ((double)(next_random() >> 11) + 0.5) / 9007199254740992.0;
}

static double
next_normal(void)
{
    return sqrt(-2 * log(next_unit())) * cos(6.283185307179586 * next_unit());
}

static const char *const words[] = {"the", "of", "and", "to", "in", "a", "said", "on",
    "for", "that", "with", "was", "by", "as", "at", "from", "government", "minister",
    "president", "is", "it", "he", "has", "have", "were", "been", "after", "which",
    "market", "shares", "police", "report", "officials", "company", "percent", "people",
    "year", "million", "news", "agency", "Tuesday", "Wednesday", "Monday", "country",
    "state", "against", "between", "during", "international", "statement", "economic",
    "parliament", "election", "security", "ministry", "group", "trade", "court",
    "billion", "announced", "according", "spokesman", "leaders", "talks", "central",
    "bank", "prices", "growth", "first", "two", "three", "new", "their", "would",
    "could", "not", "but", "its", "will", "more", "than", "also", "under", "while",
    "since", "expected", "investors", "analysts", "foreign", "policy", "military",
    "caf\xc3\xa9", "S\xc3\xa3o", "Z\xc3\xbcrich", "re\xcc\x81union", "El\xc3\xa9na",
    "Mu\xcc\x88nchen", "AmT", "\xe2\x80\x94", "region", "forces", "attack", "killed",
    "reported", "local", "official"};
#define WORDS (sizeof words / sizeof *words)

static void
put(struct wire_writer *w, const void *bytes, size_t size)
{
    wire_put_raw(w, slice_of(bytes, size));
}

static void
put_ideograph(struct wire_writer *w)
{
    uint64_t r = next_random();
    double u = next_unit();
    uint32_t c = 0x4e00 + (uint32_t)(u * u * u * 6000);
    c = r % 17 == 0 ? 0x3002 : r % 13 == 0 ? 0xff0c : c;
    uint8_t utf8[] = {(uint8_t)(0xe0 | (c >> 12)), (uint8_t)(0x80 | ((c >> 6) & 63)),
        (uint8_t)(0x80 | (c & 63))};
    put(w, utf8, 3);
}

static void
put_word(struct wire_writer *w)
{
    double u = next_unit();
    const char *word = words[(size_t)(u * u * WORDS)];
    uint64_t r = next_random();
    put(w, word, strlen(word));
    if (r % 15 == 0)
        put(w, ".", 1);
    else if (r % 23 == 0)
        put(w, ",", 1);
    put(w, " ", 1);
}

static void
end_paragraph(struct wire_writer *w)
{
    while (w->size && w->data[w->size - 1] == ' ')
        w->size--;
}

// Paragraphs of 300 to 800 bytes, in <p> or parted by a blank line.
static void
put_text(struct wire_writer *w, size_t want, bool cjk, bool html)
{
    while (w->size < want) {
        size_t end = w->size + 300 + next_random() % 500;
        if (html)
            put(w, "<p>", 3);
        while (w->size < end && w->size < want)
            cjk ? put_ideograph(w) : put_word(w);
        end_paragraph(w);
        if (html)
            put(w, "</p>\n", 5);
        else if (w->size < want)
            put(w, "\n\n", 2);
    }
}

static void
put_field(struct wire_writer *w, const char *key, struct slice text)
{
    wire_put_key(w, key);
    wire_put_str(w, text);
}

static void
put_subjects(struct wire_writer *w)
{
    static const char *const uris[] = {"medtop:04000000", "medtop:11000000", "geo:jp"};
    wire_put_key(w, "subjects");
    wire_put_array(w, 3);
    for (int i = 0; i < 3; i++) {
        wire_put_map(w, 1);
        put_field(w, "uri", slice_str(uris[i]));
    }
}

static void
put_article(struct wire_writer *w, struct corpus_article *a, bool cjk, bool html,
    struct slice headline, struct slice body)
{
    (void)snprintf(
        a->uri, sizeof a->uri, "urn-wr-%010u-%08x", a->copy_of, (unsigned)next_random());
    (void)snprintf(
        a->version, sizeof a->version, "%u", 1 + (unsigned)(next_random() % 3));
    wire_put_map(w, 7);
    put_field(w, "uri", slice_str(a->uri));
    put_field(w, "version", slice_str(a->version));
    wire_put_key(w, "versionCreated");
    wire_put_int(w, 1795000000LL * 1000000 + a->copy_of * 37000LL);
    put_field(w, "language", cjk ? SLICE("zh") : SLICE("en"));
    wire_put_key(w, "headlines");
    wire_put_array(w, 1);
    wire_put_map(w, 1);
    put_field(w, "value", headline);
    wire_put_key(w, "bodies");
    wire_put_array(w, 1);
    wire_put_map(w, 2);
    put_field(w, "contentType", html ? SLICE("text/html") : SLICE("text/plain"));
    put_field(w, "value", body);
    put_subjects(w);
}

static size_t
body_length(void)
{
    double length = 3000 * exp(.692 * next_normal());
    return (size_t)(length < 300 ? 300 : length > 200000 ? 200000 : length);
}

static void
make_one(struct corpus_article *a, uint32_t i, bool html)
{
    struct wire_writer headline = {0}, body = {0}, document = {0};
    bool cjk = next_random() % 100 < 30;
    put_text(&headline, cjk ? 60 : 60 + next_random() % 40, cjk, false);
    put_text(&body, body_length(), cjk, html);
    *a = (struct corpus_article){.copy_of = i, .body_bytes = (uint32_t)body.size};
    put_article(&document, a, cjk, html, wire_written(&headline), wire_written(&body));
    if (document.failed) {
        (void)fputs("out of memory for the corpus\n", stderr);
        exit(1);
    }
    a->document = wire_written(&document);
    (void)snprintf(a->source, sizeof a->source, "wire%02u", (unsigned)(next_random() % 40));
    wire_writer_fini(&headline);
    wire_writer_fini(&body);
}

struct corpus
corpus_make(uint32_t count, unsigned duplicates, bool html, uint64_t seed)
{
    struct corpus c = {.articles = calloc(count, sizeof *c.articles), .count = count};
    state = seed ? seed : 20261124;
    for (uint32_t i = 0; c.articles && i < count; i++) {
        if (duplicates && i > 100 && next_random() % 100 < duplicates)
            c.articles[i] = c.articles[i - 1 - next_random() % (i < 20000 ? i : 20000)];
        else
            make_one(&c.articles[i], i, html);
        c.document_bytes += c.articles[i].document.size;
    }
    return c;
}

void
corpus_free(struct corpus *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->articles[i].copy_of == i)
            free((void *)(uintptr_t)c->articles[i].document.data);
    free(c->articles);
    *c = (struct corpus){0};
}
