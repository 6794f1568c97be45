#include "normalize/cld2.h"

// clang-format off: CLD2's header needs what stands before it, and does not say so
#include <cstdio>
#include <iostream>
#include <string>
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
// clang-format on

#define MOSTLY 80 // percent of the text that must be in the language

extern "C" const char *
cld2_detect(const char *text, size_t size, bool *sure_out)
{
    CLD2::CLDHints hints = {
        nullptr, "", CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language found[3];
    int percent[3], bytes = 0, valid = 0;
    double scores[3];
    bool reliable = false;
    CLD2::Language best =
        CLD2::ExtDetectLanguageSummaryCheckUTF8(text, static_cast<int>(size), true,
            &hints, 0, found, percent, scores, nullptr, &bytes, &reliable, &valid);
    if (best == CLD2::UNKNOWN_LANGUAGE || valid < static_cast<int>(size))
        return nullptr;
    *sure_out = reliable && best == found[0] && percent[0] >= MOSTLY;
    return CLD2::LanguageCode(best);
}
