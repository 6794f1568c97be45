// Unicode normalization form C of only those segments that need it. Equal to utf8proc,
// but for U+11A7 behind a Hangul LV syllable, which utf8proc 2.8.0 drops and we keep.
#ifndef NORMALIZE_NFC_H
#define NORMALIZE_NFC_H

#include "normalize/buffer.h"

// nfc_fix gives well-formed text in NFC. first is where the first code point of class
// UNICODE_NFC stands (text_scan). The text itself comes back if it was NFC already.
struct slice nfc_fix(struct slice text, size_t first, struct arena *arena);

// points_decompose appends what a code point decomposes to under utf8proc's options;
// points_order puts marks in canonical order from `from` on, in linear time.
void points_decompose(struct points *points, int32_t point, int options);
void points_order(struct points *points, size_t from);
// points_compose orders and composes all points.
void points_compose(struct points *points);

#endif
