#include "cli.h"

struct slice
slice_of_value(struct wireroom_value value)
{
    return slice_of(value.data, value.size);
}

static struct wireroom_value
member(struct slice map, const char *key)
{
    return wireroom_member((struct wireroom_value){map.data, map.size}, key);
}

struct slice
map_get(struct slice map, const char *key)
{
    return slice_of_value(member(map, key));
}

struct slice
map_text(struct slice map, const char *key)
{
    size_t size;
    const char *text = wireroom_text(member(map, key), &size);
    return slice_of(text, size);
}

uint64_t
map_uint(struct slice map, const char *key)
{
    return wireroom_uint(member(map, key));
}

int64_t
map_int(struct slice map, const char *key)
{
    return wireroom_int(member(map, key));
}
