#include "formats/decode.h"

#include "formats/sniff.h"

#define NULS_MAX 8U

static bool
has_high_byte(struct slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.data[i] >= 0x80)
            return true;
    return false;
}

// What hint or document declare, if it is a charset known here.
static const struct charset *
from_declaration(struct slice raw, struct slice hint, struct decoded *out)
{
    const struct charset *charset = NULL;
    out->declared = hint;
    if (hint.size)
        charset = charset_find(hint);
    if (!charset) {
        struct slice markup = sniff_markup(raw);
        charset = charset_find(markup);
        if (!hint.size || charset)
            out->declared = markup;
    }
    if (out->declared.size && !charset)
        out->warning = "charset-unknown";
    return charset;
}

// A character that the end of the document cuts is no reason to doubt its declaration.
static bool
has_bad_utf8(struct slice raw)
{
    size_t good = utf8_valid_bytes(raw);
    return good < raw.size && (raw.size - good > 3 || raw.data[good] < 0xc2);
}

// A declaration of UTF-8 where no byte beyond ASCII is part of a character of UTF-8, or of
// UTF-16 in bytes that can be read one by one, is a lie: whoever wrote it stored the
// document in something else. Templates declare UTF-8 for all that is poured into them; a
// sender who says it of this one document is believed.
static bool
contradicted(const struct charset *declared, bool hinted, struct slice raw, bool utf8)
{
    if (charset_is_utf8(declared))
        return !hinted && has_bad_utf8(raw) && !sniff_some_utf8(raw);
    if (charset_single_byte(declared))
        return utf8 && has_high_byte(raw);
    bool wide = slice_starts(slice_str(charset_name(declared)), SLICE("utf-16")) ||
                slice_starts(slice_str(charset_name(declared)), SLICE("utf-32"));
    return wide && !sniff_nuls(raw) && utf8 && raw.size &&
           !memchr(raw.data, 0, raw.size);
}

static const struct charset *
choose(struct slice raw, bool utf8, struct slice hint, struct arena *arena,
    struct decoded *out)
{
    const struct charset *charset = from_declaration(raw, hint, out);
    bool hinted = hint.size && charset == charset_find(hint);
    if (charset && contradicted(charset, hinted, raw, utf8)) {
        out->warning = "charset-contradicted";
        charset = NULL;
    }
    if (!charset)
        charset = sniff_escapes(raw);
    if (!charset)
        charset = sniff_nuls(raw);
    if (!charset && utf8)
        charset = charset_named("utf-8");
    if (charset)
        return charset;
    charset = sniff_guess(raw, arena);
    if (!out->warning)
        out->warning = charset ? "charset-guessed" : "charset-default";
    return charset ? charset : charset_named("windows-1252");
}

static bool
convert(const struct charset *charset, struct slice raw, struct arena *arena,
    struct decoded *out, struct fault *fault)
{
    uint8_t *text = arena_alloc(arena, raw.size * 3 + 16);
    if (!text) {
        (void)fault_set(fault, WIRE_READER_MEMORY, FAULT_NOWHERE, "",
            "no memory to convert %zu bytes from %s", raw.size, charset_name(charset));
        return false;
    }
    out->text = slice_of(text, charset_convert(charset, raw, text, &out->malformed));
    if (out->malformed == 0)
        return true;
    if (out->malformed * 100 > raw.size ||
        utf8_valid_bytes(out->text) != out->text.size) {
        (void)fault_set(fault, WIRE_NOT_TEXT, FAULT_NOWHERE, "",
            "%llu of %zu bytes are malformed in %s, more than 1 %%",
            (unsigned long long)out->malformed, raw.size, charset_name(charset));
        return false;
    }
    out->warning = "charset-malformed";
    return true;
}

// A NUL or two is a slip of some system, and dropped later; many are no text, though any
// byte is a character of windows-1252.
static bool
few_nuls(struct slice text, struct fault *fault)
{
    size_t nuls = 0;
    if (!text.size || !memchr(text.data, 0, text.size))
        return true;
    for (size_t i = 0; i < text.size; i++)
        nuls += text.data[i] == 0;
    if (nuls <= NULS_MAX || nuls * 100 <= text.size)
        return true;
    (void)fault_set(fault, WIRE_NOT_TEXT, FAULT_NOWHERE, "",
        "%zu of %zu characters are NUL, more than 1 %%", nuls, text.size);
    return false;
}

bool
decode_text(struct slice raw, struct slice hint, struct arena *arena,
    struct decoded *out, struct fault *fault)
{
    *out = (struct decoded){.charset = "utf-8"};
    const struct charset *charset = sniff_mark(&raw);
    bool utf8 = utf8_valid_bytes(raw) == raw.size;
    if (!charset)
        charset = choose(raw, utf8, hint, arena, out);
    out->charset = charset_name(charset);
    out->text = raw;
    if (!charset_is_utf8(charset) || !utf8)
        if (!convert(charset, raw, arena, out, fault))
            return false;
    return few_nuls(out->text, fault);
}

void
decode_note(const struct decoded *out, struct article *a)
{
    a->wr.charset = slice_str(out->charset);
    a->wr.declared_charset = out->declared;
    if (out->warning)
        article_warn(a, out->warning, out->declared);
    if (out->malformed) {
        uint64_t count = out->malformed < UINT32_MAX ? out->malformed : UINT32_MAX;
        article_changed(a, "malformed", "raw", (uint32_t)count);
    }
}
