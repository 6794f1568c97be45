// cmocka, with what its header needs before it, in the order it needs it.
#ifndef UNIT_NET_UNIT_H
#define UNIT_NET_UNIT_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#define LENGTH(array) (sizeof(array) / sizeof *(array))

#endif
