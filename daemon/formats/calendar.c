#include "formats/calendar.h"

static bool
leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && leap(year));
}

bool
civil_set_day_of_year(struct civil *t, int day)
{
    if (day < 1 || day > 365 + leap(t->year))
        return false;
    t->month = 1;
    while (day > days_in_month(t->year, t->month))
        day -= days_in_month(t->year, t->month++);
    t->day = day;
    return true;
}

bool
civil_settle(struct civil *t)
{
    if (t->year < 1 || t->month < 1 || t->month > 12)
        return false;
    if (t->day < 1 || t->day > days_in_month(t->year, t->month))
        return false;
    if (t->hour == 24 && t->minute == 0 && t->second == 0 && t->micro == 0)
        return true;
    if (t->second == 60 && t->minute == 59)
        t->second = 59;
    return t->hour < 24 && t->minute < 60 && t->second < 60;
}

// Years begin in March here, so that the day added by a leap year is the last one.
int64_t
civil_days(const struct civil *t)
{
    int64_t year = t->year - (t->month <= 2);
    int64_t era = year / 400, year_of_era = year - era * 400;
    int64_t month = (t->month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + t->day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

// The Monday of week 1, which is the week of January 4. 1970-01-01 was a Thursday.
static int64_t
first_monday(int year)
{
    struct civil fourth = {.year = year, .month = 1, .day = 4};
    int64_t days = civil_days(&fourth);
    return days - ((days + 3) % 7 + 7) % 7;
}

bool
civil_set_week(struct civil *t, int week, int day)
{
    int64_t monday = first_monday(t->year) + (int64_t)(week - 1) * 7;
    if (week < 1 || day < 1 || day > 7 || monday >= first_monday(t->year + 1))
        return false;
    struct civil first = {.year = t->year, .month = 1, .day = 1};
    int of_year = (int)(monday + day - civil_days(&first));
    if (of_year < 1) {
        t->year--;
        of_year += 365 + leap(t->year);
    } else if (of_year > 365 + leap(t->year)) {
        of_year -= 365 + leap(t->year);
        t->year++;
    }
    return civil_set_day_of_year(t, of_year);
}
