#include "formats/base64.h"

int
base64_digit(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool
base64_only(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] > ' ' && text.data[i] != '=' && base64_digit(text.data[i]) < 0)
            return false;
    return true;
}

size_t
base64_read(struct slice text, uint8_t *out)
{
    uint32_t bits = 0, have = 0;
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        int digit = base64_digit(text.data[i]);
        if (text.data[i] == '=') // padding; what is put behind it begins afresh
            have = 0;
        if (digit < 0)
            continue;
        bits = (bits << 6 | (uint32_t)digit) & 0xffffffU;
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        out[size++] = (uint8_t)(bits >> have);
    }
    return size;
}
