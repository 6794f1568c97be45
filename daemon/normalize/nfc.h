// Unicode normalization form C of only those segments that need it. Equal to utf8proc,
// but for U+11A7 behind a Hangul LV syllable, which utf8proc 2.8.0 drops and we keep.
#ifndef NORMALIZE_NFC_H
#define NORMALIZE_NFC_H

#include "normalize/buffer.h"
#include "normalize/scan.h"

// nfc_fix gives well-formed text in NFC; the text itself if it was NFC already. scan is
// what text_scan said of it, and then says what it would of the text that comes back.
struct slice nfc_fix(struct slice text, struct text_scan *scan, struct arena *arena);

// points_decompose appends what a code point decomposes to under utf8proc's options;
// points_order puts marks in canonical order from `from` on, in linear time.
void points_decompose(struct points *points, int32_t point, int options);
void points_order(struct points *points, size_t from);
// points_compose orders and composes all points.
void points_compose(struct points *points);

#endif
