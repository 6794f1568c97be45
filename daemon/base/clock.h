// The kernel's clocks, in microseconds. House time, which everything filed is stamped
// with, is made of these in pipeline/.
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define TIME_NONE INT64_MIN // "no such time is known"
#define SECOND_US 1000000LL
#define DAY_US    (86400LL * SECOND_US)

int64_t clock_wall_us(void);      // UTC since 1970
int64_t clock_monotonic_us(void); // never goes back; counts while suspended
// clock_synchronised asks the kernel whether its clock is disciplined (adjtimex).
bool clock_synchronised(void);

#endif
