// The proleptic Gregorian calendar, without locale, time zone database or limits of time_t.
#ifndef FORMATS_CALENDAR_H
#define FORMATS_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

struct civil {
    int year, month, day, hour, minute, second, micro;
};

// civil_set_day_of_year sets month and day from a day counted from 1; false if the year
// has no such day.
bool civil_set_day_of_year(struct civil *t, int day);

// civil_set_week sets year, month and day from a week of the ISO year t->year and a day
// from 1, Monday; false if the year has no such week.
bool civil_set_week(struct civil *t, int week, int day);

// civil_settle says whether there is such a moment. Hour 24 is the next midnight; a leap
// second is taken as the last second of its minute.
bool civil_settle(struct civil *t);

// civil_days counts the days from 1970-01-01 to the day of t.
int64_t civil_days(const struct civil *t);

#endif
