// What submit --dry-run prints: what would become of a document, and why.
#ifndef ADVICE_H
#define ADVICE_H

#include "receipts.h"

// advice_print prints the answer to a dry run; what would not be filed makes r->worst 65.
void advice_print(struct receipts *r, const struct document *d);

#endif
