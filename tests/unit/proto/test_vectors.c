// Golden bytes from an encoder that is none of ours (proto/vectors/make.py): each message
// reads as the values beside it and is written back as the same bytes, each refusal has
// the error it names. Clients in other languages are held to the same file.
#include <stdio.h>
#include <stdlib.h>

#include "proto/proto.h"
#include "unit/check.h"

#define VECTORS CORPUS "/../../proto/vectors/vectors.json"

union any {
    uint32_t set;
// clang-format off
#define MESSAGE(NAME, name, number, socket, sender, body, doc) struct wire_##name name;
#define FIELD(message, type, field, presence, min, max, doc)
#define END(name)
#include "proto/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
    // clang-format on
};

struct vector {
    struct slice name, message, error; // message or error is empty
    struct slice fields, body;         // msgpack of the JSON values; body may be empty
    struct slice frames[4];
    uint32_t count;
};

static struct wire_writer file; // the vectors as one msgpack list, kept for all tests

static struct slice
read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        fail_msg("%s is not there", path);
    size_t capacity = 1 << 20;
    uint8_t *bytes = malloc(capacity);
    assert_non_null(bytes);
    size_t size = fread(bytes, 1, capacity, in);
    assert_true(size > 0 && size < capacity);
    (void)fclose(in);
    return slice_of(bytes, size);
}

static int
load_vectors(void **state)
{
    (void)state;
    struct slice text = read_file(VECTORS);
    struct fault fault = FAULT_NONE;
    if (wire_from_json(text, &wire_limits_article, &file, &fault))
        fail_msg("%s", fault.words);
    free((void *)(uintptr_t)text.data);
    return 0;
}

static int
free_vectors(void **state)
{
    (void)state;
    wire_writer_fini(&file);
    return 0;
}

static uint8_t
digit(uint8_t c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

// unhex writes the bytes of lower-case hex text behind what out holds.
static struct slice
unhex(struct slice hex, uint8_t *out)
{
    for (size_t i = 0; i < hex.size / 2; i++)
        out[i] = (uint8_t)(digit(hex.data[2 * i]) << 4 | digit(hex.data[2 * i + 1]));
    return slice_of(out, hex.size / 2);
}

// The bytes of all frames of one vector go into store, which is large enough for any.
static void
read_frames(struct wire_reader *r, struct vector *v, uint8_t store[8192])
{
    size_t used = 0;
    v->count = wire_read_array(r);
    assert_true(v->count <= 4);
    for (uint32_t i = 0; i < v->count; i++) {
        struct slice hex = wire_read_str(r);
        assert_true(used + hex.size / 2 <= 8192);
        v->frames[i] = unhex(hex, store + used);
        used += hex.size / 2;
    }
}

static struct vector
read_vector(struct wire_reader *r, uint8_t store[8192])
{
    struct vector v = {0};
    for (uint32_t pairs = wire_read_map(r); pairs > 0; pairs--) {
        struct slice key = wire_read_str(r);
        if (slice_is(key, "name"))
            v.name = wire_read_str(r);
        else if (slice_is(key, "message"))
            v.message = wire_read_str(r);
        else if (slice_is(key, "error"))
            v.error = wire_read_str(r);
        else if (slice_is(key, "fields"))
            v.fields = wire_skip(r);
        else if (slice_is(key, "frames"))
            read_frames(r, &v, store);
        else if (slice_is(key, "body"))
            v.body = wire_skip(r);
        else
            fail_msg("what is %.*s?", SLICE_ARG(key));
    }
    assert_int_equal(r->err, WIRE_OK);
    return v;
}

// ---- values as JSON holds them against values of the wire

static void same_value(struct wire_reader *want, struct wire_reader *got);

// {"int": "DECIMAL"} and {"bin": "HEX"} stand for what JSON can't hold.
static void
same_stand_in(struct wire_reader *want, struct wire_reader *got)
{
    assert_int_equal(wire_read_map(want), 1);
    struct slice key = wire_read_str(want), text = wire_read_str(want);
    assert_int_equal(want->err, WIRE_OK);
    if (slice_is(key, "bin")) {
        uint8_t bytes[4096];
        assert_true(text.size <= 2 * sizeof bytes);
        assert_true(slice_equal(wire_read_bin(got), unhex(text, bytes)));
        return;
    }
    char decimal[32];
    assert_true(slice_is(key, "int"));
    (void)snprintf(decimal, sizeof decimal, "%.*s", SLICE_ARG(text));
    if (decimal[0] == '-')
        assert_true(wire_read_int(got) == strtoll(decimal, NULL, 10));
    else
        assert_true(wire_read_uint(got) == strtoull(decimal, NULL, 10));
}

static void
same_map(struct wire_reader *want, struct wire_reader *got)
{
    uint32_t pairs = wire_read_map(want);
    assert_int_equal(wire_read_map(got), pairs);
    for (; pairs > 0; pairs--) {
        assert_true(slice_equal(wire_read_str(want), wire_read_str(got)));
        same_value(want, got);
    }
}

static void
same_value(struct wire_reader *want, struct wire_reader *got)
{
    enum wire_type type = wire_peek(want);
    if (type == WIRE_MAP && wire_peek(got) != WIRE_MAP)
        same_stand_in(want, got);
    else if (type == WIRE_MAP)
        same_map(want, got);
    else if (type == WIRE_STR)
        assert_true(slice_equal(wire_read_str(want), wire_read_str(got)));
    else if (type == WIRE_INT)
        assert_true(wire_read_int(want) == wire_read_int(got));
    else if (type == WIRE_BOOL) {
        assert_int_equal(wire_peek(got), WIRE_BOOL);
        assert_int_equal(wire_read_bool(want), wire_read_bool(got));
    } else {
        assert_int_equal(type, WIRE_ARRAY);
        uint32_t count = wire_read_array(want);
        assert_int_equal(wire_read_array(got), count);
        for (; count > 0; count--)
            same_value(want, got);
    }
    assert_int_equal(want->err, WIRE_OK);
    assert_int_equal(got->err, WIRE_OK);
}

static void
same_values(struct slice want, struct slice got)
{
    struct wire_reader a = wire_reader(want), b = wire_reader(got);
    same_value(&a, &b);
    assert_int_equal(b.at, got.size);
}

// receive does what a peer does with the frames of a message, in the same order.
static enum wire_err
receive(const struct vector *v, unsigned *number_out, union any *message)
{
    struct fault fault = FAULT_NONE;
    if (v->count == 0)
        return WIRE_BAD_FRAME;
    enum wire_err err = wire_prefix_read(v->frames[0], number_out);
    if (err)
        return err;
    if (!wire_message_name(*number_out))
        return WIRE_UNKNOWN_MESSAGE;
    if (v->count != (wire_message_body(*number_out) == WIRE_BODY_NONE ? 2U : 3U))
        return WIRE_MISSING_FRAME;
    return wire_decode(v->frames[1], *number_out, message, &fault);
}

static void
check_message(const struct vector *v, bool seen[256])
{
    unsigned number = 0;
    union any message;
    uint64_t at;
    assert_int_equal(receive(v, &number, &message), WIRE_OK);
    assert_true(slice_is(v->message, wire_message_name(number)));
    same_values(v->fields, v->frames[1]);
    struct wire_writer again = {0};
    wire_encode(&again, (enum wire_message)number, &message);
    assert_true(slice_equal(wire_written(&again), v->frames[1]));
    wire_writer_fini(&again);
    if (wire_message_body(number) == WIRE_BODY_PACKED) {
        assert_int_equal(wire_scan(v->frames[2], &wire_limits_article, &at), WIRE_OK);
        same_values(v->body, v->frames[2]);
    }
    seen[number] = true;
}

static void
check_refusal(const struct vector *v)
{
    unsigned number = 0;
    union any message;
    enum wire_err err = receive(v, &number, &message);
    assert_int_not_equal(err, WIRE_OK);
    assert_true(slice_is(v->error, wire_error_name(err)));
}

static void
every_vector_reads_as_its_values_or_is_refused_by_name(void **state)
{
    (void)state;
    static bool seen[256];
    struct wire_reader r = wire_reader(wire_written(&file));
    uint32_t count = wire_read_array(&r);
    assert_true(count > 0);
    for (; count > 0; count--) {
        uint8_t store[8192];
        struct vector v = read_vector(&r, store);
        print_message("%.*s\n", SLICE_ARG(v.name)); // the last one is the one at fault
        if (v.error.size > 0)
            check_refusal(&v);
        else
            check_message(&v, seen);
    }
    for (unsigned number = 0; number < 256; number++)
        if (wire_message_name(number) && !seen[number])
            fail_msg("%s has no vector", wire_message_name(number));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_reads_as_its_values_or_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, load_vectors, free_vectors);
}
