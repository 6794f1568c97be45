// Rules and warnings in words. A code without a row here is told by itself, its hyphens
// made blanks: nothing is left unsaid because a table is behind.
#include "article/explain.h"

// %u is the count; one: for a count of 1, many: for others.
static const struct {
    const char *rule, *one, *many;
} rules[] = {
    {"utf8",          "one byte that is no UTF-8 became the replacement character",
     "%u bytes that are no UTF-8 became replacement characters"                                                                                                           },
    {"malformed",
     "one byte that the charset does not have became the replacement character",            "%u bytes that the charset does not have became replacement characters"       },
    {"newline",       "one line end of another system became an ordinary one",
     "%u line ends of another system became ordinary ones"                                                                                                                },
    {"control",       "one control character, which prints nothing, was taken out",
     "%u control characters, which print nothing, were taken out"                                                                                                         },
    {"invisible",     "one character that nobody sees was taken out",
     "%u characters that nobody sees were taken out"                                                                                                                      },
    {"bidi",          "one control of writing direction that nothing closes was taken out",
     "%u controls of writing direction that nothing closes were taken out"                                                                                                },
    {"bidi-override", "one control that forces the writing direction was taken out",
     "%u controls that force the writing direction were taken out"                                                                                                        },
    {"space",         "one blank too many was taken out or replaced",
     "%u blanks too many were taken out or replaced"                                                                                                                      },
    {"nfc",           "letters and their accents that were written apart were joined",
     "letters and their accents that were written apart were joined, in %u texts"                                                                                         },
    {"dashes",
     "one dash that was typed became what is meant, as the source's rules ask",             "%u dashes that were typed became what is meant, as the source's rules ask"   },
    {"quotes",
     "one quote that was typed became what is meant, as the source's rules ask",            "%u quotes that were typed became what is meant, as the source's rules ask"   },
    {"html-text",     "markup in a text that has none was read as the text it shows",
     "markup in %u texts that have none was read as the text it shows"                                                                                                    },
    {"ligature",      "one printed ligature was written as its letters",
     "%u printed ligatures were written as their letters"                                                                                                                 },
    {"hyphen",        "one word parted at a line end was joined",
     "%u words parted at line ends were joined"                                                                                                                           },
    {"language",
     "the language was written as the standard has it; what is no tag was left out",        "the language was written as the standard has it; what is no tag was left out"},
    {"mended",        "one slip of syntax in the document was mended to read it",
     "%u slips of syntax in the document were mended to read it"                                                                                                          },
    {"status",        "the status was taken for one of usable, withheld, canceled",
     "the status was taken for one of usable, withheld, canceled"                                                                                                         },
    {"urgency",       "the urgency is not 1 to 9 and was left out",
     "the urgency is not 1 to 9 and was left out"                                                                                                                         },
    {"default",       "the document does not say it: what is usual was filled in",
     "the document does not say it: what is usual was filled in"                                                                                                          },
};

// clang-format off
// What was found, what was done about it, and where there is one the next step.
static const struct {
    const char *code, *words;
} warnings[] = {
    {"charset-contradicted",
        "the charset declared is not the one the bytes are in, and was not "
        "believed; tell the sender"},
    {"charset-default",
        "no charset is declared and none could be found: read as windows-1252; if "
        "letters are wrong, send it with --charset"},
    {"charset-guessed",
        "no charset is declared: it was guessed from the bytes; if letters are "
        "wrong, send it with --charset"},
    {"charset-malformed",
        "some bytes do not exist in the charset; look at the replacement "
        "characters, or send it with the right --charset"},
    {"charset-unknown",
        "the charset declared is not known here; if letters are wrong, send it with "
        "another --charset"},
    {"utf8-repaired", "some bytes were no UTF-8; look at the replacement characters"},
    {"mojibake",
        "looks as if it had been read in a wrong charset once before it came, and "
        "was left as it is; ask the sender for it anew"},
    {"bidi-unbalanced",
        "writing direction was opened and not closed, or closed and not opened; "
        "look at the order of what is read"},
    {"bidi-override",
        "writing direction was forced, which can hide what a text says; look at it"},
    {"zone-missing", "a time without its zone, taken for UTC; --zone says which it is"},
    {"date-assumed",
        "a date was completed by what is usual; look whether it is the right one"},
    {"date-incomplete", "a date that says too little to be a day, and was left out"},
    {"time-before-1990", "a time before 1990; ask the sender whether it is meant"},
    {"time-after-2100", "a time after 2100; ask the sender whether it is meant"},
    {"time-order",
        "first made later than this version of it; one of the two times is wrong"},
    {"embargo-without-time",
        "embargoed, but it does not say until when: withheld until a version comes "
        "that does"},
    {"status-unknown",
        "a status that is not known here: withheld until a version comes whose "
        "status is"},
    {"urgency-out-of-range", "an urgency that is not 1 to 9, and was left out"},
    {"language-differs",
        "the text is in another language than was declared; --language says which"},
    {"language-malformed",
        "a language that is no tag such as de or zh-Hant, and was left out; "
        "--language says which it is"},
    {"guid-for-uri", "no uri: the guid stands for it"},
    {"unknown-field", "a field that this format does not have; is it a typing error?"},
    {"not-carried",
        "was read, but there is no field to keep it in; it is in the raw document "
        "alone"},
    {"alternative-content", "another form of the same content was left aside"},
    {"bad-urgency", "an urgency that is not 1 to 9, and was left out"},
    {"urgency-unknown", "an urgency that is not 1 to 9, and was left out"},
    {"c1-as-windows-1252",
        "characters of windows-1252 were given as controls, and were read as meant"},
    {"cut",
        "longer than its limit; only what fits is kept, all of it is in the raw "
        "document"},
    {"date-before-1990", "a date before 1990; ask the sender whether it is meant"},
    {"not-a-date",
        "what stands where a date belongs can't be read as one, and was left out; "
        "mend it at its source"},
    {"embargo-without-end",
        "embargoed, but it does not say until when: withheld until a version comes "
        "that does"},
    {"escaped-twice", "its markup was escaped once too often, and was read as meant"},
    {"foreign-content",
        "content of a kind that is not read here was left out; it is in the raw "
        "document alone"},
    {"identifier-incomplete",
        "a part of its identifier is missing; the rest stands for it"},
    {"ill-formed",
        "the document breaks its syntax at the place named; what came before that "
        "stands, the rest may be missing"},
    {"markup-dropped", "markup that may not be kept was dropped, its text stays"},
    {"no-content", "it has no content of its own"},
    {"no-parts", "says that it has parts, but none can be found"},
    {"no-uri", "an entry without a uri; its name stands for it"},
    {"not-json", "what says that it is JSON is none, and was left out"},
    {"not-text", "a part that says that it is text is none, and was left out"},
    {"page-not-accounted",
        "lines of the page would have been lost or told twice, so it was kept "
        "whole, as one text; cut it by hand"},
    {"page-not-cut",
        "no item could be told from the others, so the page was kept whole, as one "
        "text; cut it by hand"},
    {"page-scattered",
        "the page is scattered words rather than columns, so it was kept whole, as "
        "one text; cut it by hand"},
    {"page-too-long",
        "the page is longer than what is cut, so it was kept whole, as one text; "
        "send it in pieces"},
    {"partial", "a part of a story; the rest comes in messages of its own"},
    {"released-as-text",
        "it could not be read; an editor released it from quarantine as plain text"},
    {"no-end-of-text",
        "the transmission has no end-of-text; look whether its end is missing"},
    {"type-assumed", "was taken for HTML, which it does not say"},
    {"untitled", "it has no headline; where it stands is its title"},
};

// clang-format on
struct slice
explain_rule_words(
    struct arena *arena, const char *rule, uint32_t count, struct slice field)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].rule, rule) == 0) {
            if (count == 1 || !strchr(rules[i].many, '%'))
                return slice_str(count == 1 ? rules[i].one : rules[i].many);
            const char *mark = strstr(rules[i].many, "%u");
            return arena_printf(arena, "%.*s%u%s", (int)(mark - rules[i].many),
                rules[i].many, count, mark + 2);
        }
    return arena_printf(arena, "%s: %u place%s of %.*s changed", rule, count,
        &"s"[count == 1], SLICE_ARG(field));
}

struct slice
explain_warning_words(struct arena *arena, const char *code)
{
    for (size_t i = 0; i < sizeof warnings / sizeof *warnings; i++)
        if (strcmp(warnings[i].code, code) == 0)
            return slice_str(warnings[i].words);
    struct slice words = arena_copy(arena, slice_str(code));
    uint8_t *bytes = (uint8_t *)(uintptr_t)words.data;
    for (size_t i = 0; bytes && i < words.size; i++)
        if (bytes[i] == '-')
            bytes[i] = ' ';
    return words.size ? words : slice_str("a warning");
}
