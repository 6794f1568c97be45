// Messages as structs: one per MESSAGE of messages.def, named wire_<name>, with a member
// per FIELD and a bit in `set` for each that is there. Encoding and decoding follow the
// table, so a new field is a new row and nothing else.
#ifndef PROTO_MESSAGE_H
#define PROTO_MESSAGE_H

#include "proto/decode.h"
#include "proto/encode.h"

#define WIRE_VERSION 1 // of the protocol: third byte of frame 0
#define WIRE_PREFIX_BYTES 4

// clang-format off
#define WIRE_C_UINT uint64_t
#define WIRE_C_INT int64_t
#define WIRE_C_BOOL bool
#define WIRE_C_STR struct slice
#define WIRE_C_BIN struct slice
#define WIRE_C_LIST struct slice // one encoded msgpack array
#define WIRE_C_MAP struct slice  // one encoded msgpack map

enum wire_message {
#define MESSAGE(NAME, name, number, socket, sender, body, doc) WIRE_MSG_##NAME = (number),
#define FIELD(message, type, field, presence, min, max, doc)
#define END(name)
#include "proto/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
};

// Slices in a decoded message borrow from the frame it was decoded from.
#define MESSAGE(NAME, name, number, socket, sender, body, doc) struct wire_##name { uint32_t set;
#define FIELD(message, type, field, presence, min, max, doc) WIRE_C_##type field;
#define END(name) };
#include "proto/messages.def"
#undef MESSAGE
#undef FIELD
#undef END

// The bit of a field in `set`: WIRE_HAS_submit_source and so on.
#define MESSAGE(NAME, name, number, socket, sender, body, doc) enum { WIRE_BIT0_##name = __COUNTER__,
#define FIELD(message, type, field, presence, min, max, doc) WIRE_BITNO_##message##_##field = __COUNTER__ - WIRE_BIT0_##message - 1,
#define END(name) WIRE_FIELDS_##name = __COUNTER__ - WIRE_BIT0_##name - 1 };
#include "proto/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
// clang-format on

// WIRE_HAS(submit, &message, source): is the optional field there?
#define WIRE_HAS(name, message, field)                                                 \
    ((((message)->set) >> WIRE_BITNO_##name##_##field) & 1U)
#define WIRE_SET(name, message, field, value)                                          \
    ((message)->field = (value), (message)->set |= 1U << WIRE_BITNO_##name##_##field)

enum wire_body {
    WIRE_BODY_NONE,
    WIRE_BODY_RAW,
    WIRE_BODY_PACKED,
};

// wire_prefix_write fills frame 0; wire_prefix_read gives the message number of a frame 0,
// or fails with BAD_FRAME (not ours: say nothing back) or BAD_VERSION.
void wire_prefix_write(uint8_t out[WIRE_PREFIX_BYTES], enum wire_message number);
enum wire_err wire_prefix_read(struct slice frame, unsigned *number_out);

// wire_encode appends frame 1 of a message; message points at its struct wire_<name>.
// Required fields are always written, optional ones if their bit is set.
void wire_encode(struct wire_writer *w, enum wire_message number, const void *message);

// wire_decode reads frame 1 into a struct wire_<name>, zeroed first. It scans the bytes
// itself. On failure fault names the field and byte, and *message is zeroed.
enum wire_err wire_decode(
    struct slice frame, unsigned number, void *message, struct fault *fault);

// wire_message_name gives "SUBMIT" and so on, NULL for a number that has no row.
const char *wire_message_name(unsigned number);
enum wire_body wire_message_body(unsigned number);

#endif
