#include "cli.h"

struct slice
map_get(struct slice map, const char *key)
{
    struct wire_reader r = wire_reader(map);
    if (map.size == 0 || wire_peek(&r) != WIRE_MAP)
        return slice_of(NULL, 0);
    for (uint32_t n = wire_read_map(&r); n > 0 && !r.err; n--) {
        bool found = slice_is(wire_read_str(&r), key);
        struct slice value = wire_skip(&r);
        if (found)
            return value;
    }
    return slice_of(NULL, 0);
}

struct slice
map_text(struct slice map, const char *key)
{
    struct slice value = map_get(map, key);
    struct wire_reader r = wire_reader(value);
    return value.size && wire_peek(&r) == WIRE_STR ? wire_read_str(&r)
                                                   : slice_of(NULL, 0);
}

uint64_t
map_uint(struct slice map, const char *key)
{
    struct slice value = map_get(map, key);
    struct wire_reader r = wire_reader(value);
    return value.size ? wire_read_uint(&r) : 0;
}

int64_t
map_int(struct slice map, const char *key)
{
    struct slice value = map_get(map, key);
    struct wire_reader r = wire_reader(value);
    return value.size ? wire_read_int(&r) : 0;
}
