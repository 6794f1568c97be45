// Rules and warnings in words. A code without a row here is told by itself, its hyphens
// made blanks: nothing is left unsaid because a table is behind.
#include "article/explain.h"

// %u is the count; one: for a count of 1, many: for others.
static const struct {
    const char *rule, *one, *many;
} rules[] = {
    {"utf8",          "one byte that is no UTF-8 became the replacement character",
     "%u bytes that are no UTF-8 became replacement characters"                                                                                                        },
    {"malformed",
     "one byte that the charset does not have became the replacement character",            "%u bytes that the charset does not have became replacement characters"    },
    {"newline",       "one line end of another system became an ordinary one",
     "%u line ends of another system became ordinary ones"                                                                                                             },
    {"control",       "one control character, which prints nothing, was taken out",
     "%u control characters, which print nothing, were taken out"                                                                                                      },
    {"invisible",     "one character that nobody sees was taken out",
     "%u characters that nobody sees were taken out"                                                                                                                   },
    {"bidi",          "one control of writing direction that nothing closes was taken out",
     "%u controls of writing direction that nothing closes were taken out"                                                                                             },
    {"bidi-override", "one control that forces the writing direction was taken out",
     "%u controls that force the writing direction were taken out"                                                                                                     },
    {"space",         "one blank too many was taken out or replaced",
     "%u blanks too many were taken out or replaced"                                                                                                                   },
    {"nfc",           "letters and their accents that were written apart were joined",
     "letters and their accents that were written apart were joined, in %u texts"                                                                                      },
    {"dashes",
     "one dash that was typed became what is meant, as the source's rules ask",             "%u dashes that were typed became what is meant, as the source's rules ask"},
    {"quotes",
     "one quote that was typed became what is meant, as the source's rules ask",            "%u quotes that were typed became what is meant, as the source's rules ask"},
    {"html-text",     "markup in a text that has none was read as the text it shows",
     "markup in %u texts that have none was read as the text it shows"                                                                                                 },
    {"ligature",      "one printed ligature was written as its letters",
     "%u printed ligatures were written as their letters"                                                                                                              },
    {"hyphen",        "one word parted at a line end was joined",
     "%u words parted at line ends were joined"                                                                                                                        },
    {"language",      "the language was written as the standard has it",
     "the language was written as the standard has it"                                                                                                                 },
    {"status",        "the status was taken for one of usable, withheld, canceled",
     "the status was taken for one of usable, withheld, canceled"                                                                                                      },
    {"urgency",       "the urgency is not 1 to 9 and was left out",
     "the urgency is not 1 to 9 and was left out"                                                                                                                      },
    {"mended",        "one slip of the document's syntax was mended before it was read",
     "%u slips of the document's syntax were mended before it was read"                                                                                                },
    {"default",       "the document does not say it: what is usual was filled in",
     "the document does not say it: what is usual was filled in"                                                                                                       },
};

static const struct {
    const char *code, *words;
} warnings[] = {
    {"charset-contradicted",  "the charset declared is not the one the bytes are in"               },
    {"charset-default",
     "no charset is declared and none could be found: read as windows-1252"                        },
    {"charset-guessed",       "no charset is declared: it was guessed from the bytes"              },
    {"charset-malformed",     "some bytes do not exist in the charset"                             },
    {"charset-unknown",       "the charset declared is not known here"                             },
    {"utf8-repaired",         "some bytes were no UTF-8; look at the replacement characters"       },
    {"mojibake",              "looks as if it had been read in a wrong charset once before it came"},
    {"bidi-unbalanced",       "writing direction was opened and not closed"                        },
    {"bidi-override",         "writing direction was forced, which can hide what a text says"      },
    {"zone-missing",          "a time without its zone; the hint --zone says which"                },
    {"date-assumed",          "a date was completed by what is usual"                              },
    {"date-incomplete",       "a date that says too little to be a day"                            },
    {"time-before-1990",      "a time before 1990"                                                 },
    {"time-after-2100",       "a time after 2100"                                                  },
    {"time-order",            "first made later than this version of it"                           },
    {"embargo-without-time",  "embargoed, but it does not say until when: withheld"                },
    {"status-unknown",
     "a status that is not known here; pubStatus has what it was taken for"                        },
    {"urgency-out-of-range",  "an urgency that is not 1 to 9"                                      },
    {"language-differs",      "the text is in another language than was declared"                  },
    {"language-malformed",    "a language that is no BCP 47 tag"                                   },
    {"guid-for-uri",          "no uri: the guid stands for it"                                     },
    {"unknown-field",         "a field that this format does not have; is it a typing error?"      },
    {"not-carried",           "was read, but there is no field to keep it in"                      },
    {"alternative-content",   "another form of the same content was left aside"                    },
    {"bad-urgency",           "an urgency that is not 1 to 9"                                      },
    {"urgency-unknown",       "an urgency that is not 1 to 9"                                      },
    {"c1-as-windows-1252",
     "characters of windows-1252 were given as controls, and were read as meant"                   },
    {"cut",                   "longer than its limit; only what fits is kept"                      },
    {"date-before-1990",      "a date before 1990"                                                 },
    {"not-a-date",            "what stands where a date belongs can't be read as one"              },
    {"embargo-without-end",   "embargoed, but it does not say until when: withheld"                },
    {"escaped-twice",         "its markup was escaped once too often, and was read as meant"       },
    {"foreign-content",       "content of a kind that is not read here was left out"               },
    {"identifier-incomplete",
     "a part of its identifier is missing; the rest stands for it"                                 },
    {"ill-formed",            "the document breaks its syntax; what came before that stands"       },
    {"markup-dropped",        "markup that may not be kept was dropped, its text stays"            },
    {"no-content",            "it has no content of its own"                                       },
    {"no-parts",              "says that it has parts, but none can be found"                      },
    {"no-uri",                "an entry without a uri; its name stands for it"                     },
    {"not-json",              "what says that it is JSON is none, and was left out"                },
    {"not-text",              "a part that says that it is text is none, and was left out"         },
    {"type-assumed",          "was taken for HTML, which it does not say"                          },
    {"untitled",              "it has no headline; where it stands is its title"                   },
    {"partial",               "a part of a story; the rest comes in messages of its own"           },
    {"page-not-accounted",    "a line would be lost or used twice: left in one piece"              },
    {"page-not-cut",          "no article could be told from the others: left in one piece"        },
    {"page-scattered",        "the letters stand scattered: left in one piece"                     },
    {"page-too-long",         "longer than a page can be: left in one piece"                       },
    {"released-as-text",
     "it could not be read; an editor released it from quarantine as plain text"                   },
    {"no-end-of-text",
     "the transmission has no end-of-text; perhaps something is missing"                           },
};

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
