#include "proto/hint.h"

// number reads so many digits at a place; -1 where one is none.
static int
number(struct slice text, size_t at, size_t digits)
{
    int n = 0;
    for (size_t i = at; i < at + digits; i++) {
        if (i >= text.size || text.data[i] < '0' || text.data[i] > '9')
            return -1;
        n = n * 10 + (text.data[i] - '0');
    }
    return n;
}

static int
days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2);
}

bool
wire_day_ok(struct slice text)
{
    int year = number(text, 0, 4), month = number(text, 5, 2), day = number(text, 8, 2);
    return text.size == 10 && text.data[4] == '-' && text.data[7] == '-' && year >= 1 &&
           month >= 1 && month <= 12 && day >= 1 && day <= days_of_month(year, month);
}

bool
wire_zone_ok(struct slice text)
{
    if (slice_is(text, "UTC") || slice_is(text, "GMT") || slice_is(text, "Z"))
        return true;
    if (text.size < 3 || (text.data[0] != '+' && text.data[0] != '-'))
        return false;
    size_t colon = text.size > 3 && text.data[3] == ':';
    int hours = number(text, 1, 2), minutes = 0;
    if (text.size > 3)
        minutes = text.size == 5 + colon ? number(text, 3 + colon, 2) : -1;
    return hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59;
}
