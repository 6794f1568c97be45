// Read from the end: marks, an agency in brackets, a day, for as long as there is one.
#include "formats/dateline.h"

#include "formats/ascii.h"
#include "formats/dates.h"
#include "formats/dates_names.h"

static struct slice
without_marks(struct slice text)
{
    static const char *const marks[] = {
        ",", ";", ":", "-", "_", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95"};
    size_t before = 0;
    while (text.size && text.size != before) {
        before = text.size;
        while (text.size && text.data[text.size - 1] <= ' ')
            text.size--;
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            size_t size = strlen(marks[i]);
            if (text.size >= size &&
                memcmp(text.data + text.size - size, marks[i], size) == 0)
                text.size -= size;
        }
    }
    while (text.size && text.data[0] <= ' ')
        text = slice_from(text, 1);
    return text;
}

// "(COTE)", "(Reuters-DPX)": two capitals in a row. A place has "(Oder)" and "(Wash.)".
static struct slice
without_agency(struct slice text)
{
    const uint8_t *open = text.size && text.data[text.size - 1] == ')'
                              ? memrchr(text.data, '(', text.size)
                              : NULL;
    if (!open)
        return text;
    for (const uint8_t *at = open + 1; at + 1 < text.data + text.size; at++)
        if (at[0] >= 'A' && at[0] <= 'Z' && at[1] >= 'A' && at[1] <= 'Z')
            return slice_until(text, (size_t)(open - text.data));
    return text;
}

// What begins with a figure or a month and has a figure is a day, or a part of one.
static bool
is_day(struct slice text)
{
    bool figure = false;
    for (size_t i = 0; i < text.size; i++)
        figure |= ascii_digit(text.data[i]);
    struct date_name name = date_name_at(text);
    return figure && (ascii_digit(text.data[0]) ||
                         (name.size && (name.word == DATE_WORD_MONTH ||
                                           name.word == DATE_WORD_DAY)));
}

// Behind the last comma; without one, from the first word that is a day to the end.
static struct slice
without_day(struct slice text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == ',')
            from = i + 1;
    for (size_t i = from; i < text.size; i++) {
        bool begins = i == from || text.data[i - 1] == ' ';
        if (begins && text.data[i] != ' ' && is_day(slice_from(text, i)))
            return slice_until(text, i);
    }
    return text;
}

struct slice
dateline_place(struct slice printed)
{
    struct slice text = without_marks(printed);
    size_t before = 0;
    if (text.size > DATE_BYTES_MAX)
        return text; // no dateline that could be taken apart
    while (text.size && text.size != before) {
        before = text.size;
        text = without_marks(without_day(without_marks(without_agency(text))));
    }
    return text;
}
