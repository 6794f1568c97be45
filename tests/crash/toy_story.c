// What a newsroom sends: versions of a few items, old ones, the same again, texts without
// an id, several in one, kills and embargoes, what nobody can read, and long ones.
#include <stdarg.h>
#include <stdio.h>

#include "toy.h"

struct page {
    char *out;
    size_t size;
    uint64_t seed; // of its words
};

static void __attribute__((format(printf, 2, 3)))
put(struct page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(page->out + page->size, TOY_MOST - page->size, format, args);
    va_end(args);
    if (n > 0 && page->size + (size_t)n < TOY_MOST)
        page->size += (size_t)n;
}

static void
words(struct page *page, uint64_t salt, size_t count)
{
    for (size_t i = 0; i < count && page->size + 16 < TOY_MOST; i++) {
        uint64_t h = toy_mix(page->seed * 977 + salt * 31 + i);
        char *word = page->out + page->size;
        size_t size = 3 + h % 6;
        for (size_t c = 0; c < size; c++)
            word[c] = (char)('a' + (h >> (8 + 5 * c)) % 26);
        if (i % 9 == 8)
            word[size++] = '.';
        word[size++] = ' ';
        page->size += size;
    }
}

static void
item(struct page *page, const char *uri, uint64_t which, uint64_t version,
    const char *more, uint64_t salt, size_t count)
{
    put(page, "{\"uri\":\"urn:%s:%llu\",\"version\":\"%llu\",%s\"headline\":\"", uri,
        (unsigned long long)which, (unsigned long long)version, more);
    words(page, salt, 6);
    put(page, "\",\"body_text\":\"");
    words(page, salt, count);
    put(page, "\"}");
}

static void
several(struct page *page, uint64_t number, uint64_t salt)
{
    uint64_t count = 2 + number % 3;
    put(page, "[");
    for (uint64_t i = 0; i < count; i++) {
        put(page, i ? ",\n" : "");
        item(page, "several", (number + i) % 9, number, "", salt + i, 40);
    }
    put(page, "]");
}

static void
of_a_mortal(struct page *page, uint64_t number, uint64_t salt, uint64_t kind)
{
    uint64_t which = number / 24;
    if (kind == 0)
        put(page,
            "{\"uri\":\"urn:mortal:%llu\",\"pubstatus\":\"canceled\","
            "\"version\":\"%llu\"}",
            (unsigned long long)which, (unsigned long long)number);
    else
        item(page, "mortal", which, number,
            kind == 1 ? "\"embargoed\":\"2099-01-01T00:00:00Z\"," : "", salt, 30);
}

size_t
toy_make(uint64_t number, uint64_t salt, uint8_t out[TOY_MOST])
{
    uint64_t h = toy_mix(number + 11), which = (h >> 8) % 12, kind = h % 16;
    struct page page = {.out = (char *)out, .seed = number};
    if (kind == 7) // as often an old version, or the same with another text
        item(&page, "item", which, 1 + number % 9, "", salt, 50);
    else if (kind == 8 || kind == 9) { // the same as before, or a text without an id
        page.seed = which % 4;
        item(&page, kind == 8 ? "same" : "other", which % 4, 1, "", 0, 60);
        if (kind == 9)
            page.size = 0, words(&page, 0, 80);
    } else if (kind >= 10 && kind <= 12)
        of_a_mortal(&page, number, salt, kind - 10);
    else if (kind == 13)
        several(&page, number, salt);
    else if (kind == 14) {
        put(&page, "{\"uri\": \"urn:broken\", %llu ", (unsigned long long)number);
        words(&page, salt, 10);
    } else
        item(&page, "item", which, number, "", salt, kind == 15 ? 1600 : 20 + h % 150);
    return page.size;
}
