// What commands print on standard output.
#ifndef PRINT_H
#define PRINT_H

#include "cli.h"

// The fields of scripts, ended by NULL; see wireroom(1), OUTPUT. They are never renamed.
extern const char *const print_receipt_fields[];
extern const char *const print_change_fields[];
extern const char *const print_body_fields[]; // of a change with --bodies
extern const char *const print_item_fields[];

// A list of maps: print_row prints the fields named, absent ones left out, as JSON or a
// line of tab-separated values.
struct print {
    enum output output;
    uint64_t rows;
};
void print_begin(struct print *p, enum output output);
void print_row(struct print *p, struct slice map, const char *const *fields);
void print_end(struct print *p);

void print_json(struct slice value, enum output output);
// print_clean prints text of a stranger: controls become blanks, and what is longer than
// so many characters is cut.
void print_clean(struct slice text, size_t most);
void print_clean_to(FILE *out, struct slice text, size_t most);

void print_change_line(struct slice change); // of tail, for people
void print_item_line(struct slice change);   // the same with the item's name

#endif
