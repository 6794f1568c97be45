#include "net/refuse.h"

#include <stdio.h>

void
refuse_fill(const struct refusal *refusal, char words[REFUSED_WORDS_MAX],
    struct wire_refused *out)
{
    const struct fault *fault = &refusal->fault;
    enum wire_err code = fault->code;
    const char *cause = fault->words[0] ? fault->words : wire_error_text(code);
    (void)snprintf(words, REFUSED_WORDS_MAX, "%s; %s", cause, wire_error_next(code));
    *out = (struct wire_refused){.code = code,
        .error = slice_str(wire_error_name(code)),
        .transient = wire_error_transient(code),
        .words = slice_str(words)};
    if (refusal->has_n)
        WIRE_SET(refused, out, n, refusal->n);
    if (refusal->retry_after_ms > 0)
        WIRE_SET(refused, out, retry_after_ms, refusal->retry_after_ms);
    if (fault->field[0])
        WIRE_SET(refused, out, field, slice_str(fault->field));
    if (fault->at != FAULT_NOWHERE)
        WIRE_SET(refused, out, at, fault->at);
    if (refusal->has_seq)
        WIRE_SET(refused, out, seq, refusal->seq);
}

bool
refuse_find_n(struct slice header, uint64_t *n_out)
{
    uint64_t at;
    if (header.size == 0 || wire_scan(header, &wire_limits_header, &at) != WIRE_OK)
        return false;
    struct wire_reader r = wire_reader(header);
    if (wire_peek(&r) != WIRE_MAP)
        return false;
    for (uint32_t pairs = wire_read_map(&r); pairs > 0; pairs--) {
        bool is_n = slice_is(wire_read_str(&r), "n");
        if (!is_n) {
            (void)wire_skip(&r);
            continue;
        }
        uint64_t n = wire_read_uint(&r);
        if (r.err == WIRE_OK)
            *n_out = n;
        return r.err == WIRE_OK;
    }
    return false;
}
