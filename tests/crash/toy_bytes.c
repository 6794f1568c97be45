#include "toy.h"

// Mostly one block with its header, one in eight several.
static size_t
size_of(uint64_t number)
{
    uint64_t h = toy_mix(number + 11);
    return h % 8 ? 60 + (h >> 8) % 700 : 3800 + (h >> 8) % 5000;
}

size_t
toy_make(uint64_t number, uint64_t salt, uint8_t out[TOY_MOST])
{
    size_t size = size_of(number);
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(toy_mix(number * 131 + salt * 7 + i / 8) >> (i % 8 * 8));
    return size;
}
