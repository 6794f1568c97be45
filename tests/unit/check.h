// cmocka, after the four headers that it leans on.
#ifndef UNIT_CHECK_H
#define UNIT_CHECK_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#endif
