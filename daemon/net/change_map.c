#include "net/change_map.h"

bool
bodies_read(struct slice word, enum bodies *out)
{
    static const char *const words[] = {"rows", "headers", "full"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_is(word, words[i])) {
            *out = (enum bodies)i;
            return true;
        }
    return false;
}

// A map whose pairs are written before their number is known.
struct pairs {
    struct wire_writer *w;
    uint32_t count;
};

static void
put_uint(struct pairs *p, const char *key, uint64_t value)
{
    wire_put_key(p->w, key);
    wire_put_uint(p->w, value);
    p->count++;
}

static void
put_number(struct pairs *p, const char *key, uint64_t value)
{
    if (value > 0)
        put_uint(p, key, value);
}

static void
put_time(struct pairs *p, const char *key, int64_t us)
{
    if (us == TIME_NONE)
        return;
    wire_put_key(p->w, key);
    wire_put_int(p->w, us);
    p->count++;
}

static void
put_text(struct pairs *p, const char *key, struct slice text)
{
    if (text.size == 0)
        return;
    wire_put_key(p->w, key);
    wire_put_str(p->w, text);
    p->count++;
}

static void
put_word(struct pairs *p, const char *key, const char *word)
{
    put_text(p, key, slice_str(word));
}

static void
put_value(struct pairs *p, const char *key, struct slice packed)
{
    static const uint8_t empty_list = 0x90;
    if (packed.size == 0 || slice_equal(packed, slice_of(&empty_list, 1)))
        return;
    wire_put_key(p->w, key);
    wire_put_encoded(p->w, packed);
    p->count++;
}

static const char *
pub_status_word(uint8_t pub_status)
{
    static const char *const words[] = {"usable", "withheld", "canceled"};
    return pub_status < sizeof words / sizeof *words ? words[pub_status] : "";
}

static void
put_place(struct pairs *p, uint64_t epoch, const struct store_change *c)
{
    put_uint(p, "seq", c->seq);
    put_uint(p, "epoch", epoch);
    put_word(p, "class", change_class_name(c->change_class));
    put_text(p, "source", c->source);
    put_text(p, "uri", c->uri);
    put_text(p, "version", c->version);
    put_number(p, "revision", c->seq);
    put_number(p, "previous", c->previous);
    put_text(p, "language", c->language);
    put_number(p, "urgency", c->urgency);
    put_time(p, "time", c->house_us);
    put_number(p, "item", c->item);
    put_number(p, "story", c->story);
    put_number(p, "current", c->current);
    put_number(p, "content", c->content == c->seq ? 0 : c->content);
}

static void
put_axes(struct pairs *p, const struct store_change *c, enum state state)
{
    put_value(p, "subjects", c->subjects);
    put_word(p, "pubStatus", pub_status_word(c->axes.pub_status));
    put_time(p, "embargoedUntil", c->axes.embargoed_until_us);
    put_time(p, "expires", c->axes.expires_us);
    put_word(p, "state", state_name(state));
    put_number(p, "record", c->record);
}

static void
put_text_or_gate(struct pairs *p, enum bodies bodies, const struct shown *shown)
{
    if (shown->state != STATE_OPEN) {
        put_word(p, "gated", state_name(shown->state));
        return;
    }
    if (bodies >= BODIES_HEADERS)
        put_text(p, "headline", shown->headline);
    if (bodies == BODIES_FULL)
        put_value(p, "article", shown->article);
}

void
change_map_put(struct wire_writer *w, struct wire_writer *scratch, uint64_t epoch,
    enum bodies bodies, const struct shown *shown)
{
    struct pairs pairs = {.w = scratch};
    wire_writer_reset(scratch);
    put_place(&pairs, epoch, shown->change);
    put_number(&pairs, "of_seq", shown->change->of_seq);
    put_text(&pairs, "of", shown->of);
    put_axes(&pairs, shown->change, shown->state);
    put_text_or_gate(&pairs, bodies, shown);
    wire_put_map(w, pairs.count);
    wire_put_raw(w, wire_written(scratch));
    w->failed = w->failed || scratch->failed;
}
