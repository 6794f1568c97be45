// Everything is written late: a start tag when text comes that stands in it, a space or a
// break when more text follows. So nothing empty is ever written, and what is open in the
// output is always a part of what is open in the input, from the bottom up.
#include "formats/blocks.h"

#include "formats/blocks_tags.h"
#include "formats/blocks_write.h"

#define NOTHING UINT32_MAX

enum owed {
    OWED_NOTHING,
    OWED_SPACE,
    OWED_LINE,
    OWED_BLOCK,
    OWED_ROW, // a block, and no end of a cell takes it back
};

// An element of the input that text stands in or that holds others.
struct level {
    enum tag_kind kind;
    bool flat;      // not stored: it stands where it can't, or too deep
    bool has_text;  // of an item or a cell
    bool written;   // its start tag
    uint32_t empty; // of a row: cells without text before its start tag was written
    uint32_t below; // the next level down that holds others; NOTHING
};

struct blocks {
    struct arena *arena;
    struct sink plain, html;
    struct level *levels;
    uint32_t count, room, top; // top: the highest that holds others; NOTHING
    uint32_t written;          // levels below this have had their turn to be written
    uint32_t nest;             // lists, quotes and tables that are not flat
    uint32_t open[TAG_KINDS];  // levels of each kind; of inline kinds, elements
    enum tag_kind leaf;        // open in the output: PARAGRAPH to PRE; BLOCK: bare text
    enum tag_kind inlines[3];  // open in the output, the last is innermost
    uint32_t inlines_count;
    struct slice href; // of the link that text stands in, arena; empty: none
    struct directions directions;

    enum owed owed;
    uint8_t blank[3]; // the space of Unicode that is owed; size 0: an ASCII one
    uint32_t blank_size;
    struct sink held; // white space inside pre that has no text behind it yet
    uint32_t tabs, cells;
    bool row_text;  // text has been written in this row
    bool cell_edge; // at the edge of a cell: blocks that begin or end part nothing

    const struct tag *hidden; // NULL: none
    uint32_t hidden_nest;
    bool hidden_text;     // there was text in it
    bool reading, marked; // in rt, whose brackets are ours; the text has its own
    bool rich;            // more than paragraphs and breaks has been written
    uint32_t dropped;
};

struct blocks *
blocks_begin(struct arena *arena)
{
    struct blocks *b = ARENA_NEW(arena, struct blocks);
    if (!b)
        return NULL;
    b->arena = arena;
    b->top = NOTHING;
    b->owed = OWED_BLOCK;
    b->plain = (struct sink){.arena = arena, .limit = ARTICLE_TEXT_MAX};
    b->html = b->held = b->plain;
    return b;
}

// --- the output

static void
write_tag(struct blocks *b, enum tag_kind kind, bool closing)
{
    sink_put(&b->html, closing ? SLICE("</") : SLICE("<"));
    sink_put(&b->html, slice_str(tag_stored[kind]));
    sink_byte(&b->html, '>');
    b->rich |= kind != TAG_PARAGRAPH && kind != TAG_BREAK;
}

static void
write_link(struct blocks *b)
{
    sink_put(&b->html, SLICE("<a href=\""));
    sink_escape(&b->html, b->href);
    sink_put(&b->html, SLICE("\">"));
    b->rich = true;
}

static bool
is_wanted(const struct blocks *b, enum tag_kind kind)
{
    return kind == TAG_LINK ? b->href.size != 0 : b->open[kind] != 0;
}

static bool
is_written(const struct blocks *b, enum tag_kind kind)
{
    for (uint32_t i = 0; i < b->inlines_count; i++)
        if (b->inlines[i] == kind)
            return true;
    return false;
}

// Closes inline elements from the innermost down to kind; those above it that still hold
// are written again with the next text. TAG_NONE: all.
static void
end_inlines(struct blocks *b, enum tag_kind kind)
{
    if (kind != TAG_NONE && !is_written(b, kind))
        return;
    for (bool done = false; !done && b->inlines_count;) {
        enum tag_kind last = b->inlines[--b->inlines_count];
        write_tag(b, last, true);
        done = last == kind;
    }
}

static void
begin_inlines(struct blocks *b)
{
    static const enum tag_kind kinds[] = {TAG_LINK, TAG_STRONG, TAG_EM};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!is_wanted(b, kinds[i]) || is_written(b, kinds[i]))
            continue;
        if (kinds[i] == TAG_LINK)
            write_link(b);
        else
            write_tag(b, kinds[i], false);
        b->inlines[b->inlines_count++] = kinds[i];
    }
}

// A link that has had text is not taken up in the next block: an address of any length
// would be written as often as there are blocks in it.
static void
end_leaf(struct blocks *b)
{
    if (b->leaf == TAG_NONE)
        return;
    directions_close(&b->directions, &b->html);
    if (is_written(b, TAG_LINK))
        b->href = slice_of(NULL, 0);
    end_inlines(b, TAG_NONE);
    if (b->leaf != TAG_BLOCK)
        write_tag(b, b->leaf, true);
    b->leaf = TAG_NONE;
}

// A cell without text keeps those behind it in their columns.
static void
write_empty_cell(struct blocks *b)
{
    write_tag(b, TAG_CELL, false);
    write_tag(b, TAG_CELL, true);
}

static void
write_levels(struct blocks *b)
{
    for (; b->written < b->count; b->written++) {
        struct level *level = &b->levels[b->written];
        if (level->kind < TAG_LIST || level->flat)
            continue;
        level->written = true;
        write_tag(b, level->kind, false);
        for (; level->empty; level->empty--)
            write_empty_cell(b);
    }
}

// The first text of an item or a cell stands there bare, if it isn't marked as paragraph.
static enum tag_kind
leaf_of(struct blocks *b)
{
    struct level *top = b->count ? &b->levels[b->count - 1] : NULL;
    struct level *holder = b->top == NOTHING ? NULL : &b->levels[b->top];
    bool bare = holder && holder == top && !holder->flat && !holder->has_text &&
                holder->kind != TAG_QUOTE;
    if (holder)
        holder->has_text = true;
    if (bare)
        return TAG_BLOCK;
    bool leaf = top && top->kind >= TAG_PARAGRAPH && top->kind <= TAG_PRE;
    return leaf ? top->kind : TAG_PARAGRAPH;
}

// --- levels

static struct level *
push(struct blocks *b, enum tag_kind kind, bool flat)
{
    if (b->count == b->room) {
        uint32_t room = b->room ? b->room * 2 : 16;
        struct level *grown =
            arena_grow(b->arena, b->levels, b->count, room, sizeof *grown);
        if (!grown)
            return NULL;
        b->levels = grown;
        b->room = room;
    }
    bool holds = kind >= TAG_LIST;
    b->levels[b->count] = (struct level){.kind = kind, .flat = flat, .below = b->top};
    if (holds)
        b->top = b->count;
    if (holds && !flat)
        b->nest += kind != TAG_ITEM && kind < TAG_ROW;
    b->open[kind]++;
    return &b->levels[b->count++];
}

static void
skip_cell(struct blocks *b, const struct level *cell)
{
    struct level *row = b->top == NOTHING ? NULL : &b->levels[b->top];
    if (cell->flat || cell->written || !row || row->kind != TAG_ROW)
        return;
    if (row->written)
        write_empty_cell(b);
    else
        row->empty++;
}

static void
pop(struct blocks *b)
{
    struct level *level = &b->levels[--b->count];
    if (b->written > b->count)
        b->written = b->count;
    b->open[level->kind]--;
    if (level->kind < TAG_LIST)
        return;
    b->top = level->below;
    if (!level->flat)
        b->nest -= level->kind != TAG_ITEM && level->kind < TAG_ROW;
    if (level->written)
        write_tag(b, level->kind, true);
    else if (level->kind >= TAG_CELL)
        skip_cell(b, level);
}

static const struct level *
holder_of(const struct blocks *b)
{
    return b->top == NOTHING ? NULL : &b->levels[b->top];
}

// What stands in a list, a table or a row without an item or a cell gets one.
static void
imply(struct blocks *b)
{
    const struct level *holder = holder_of(b);
    if (!holder || holder->flat)
        return;
    enum tag_kind kind = holder->kind;
    if (kind == TAG_LIST || kind == TAG_LIST_NUMBERED)
        (void)push(b, TAG_ITEM, false);
    if (kind == TAG_TABLE)
        (void)push(b, TAG_ROW, false);
    if (kind == TAG_TABLE || kind == TAG_ROW)
        (void)push(b, TAG_CELL, false);
}

static bool
is_list(enum tag_kind kind)
{
    return kind == TAG_LIST || kind == TAG_LIST_NUMBERED;
}

static bool
belongs(enum tag_kind parent, enum tag_kind kind)
{
    if (kind == TAG_ITEM)
        return is_list(parent);
    if (kind == TAG_ROW)
        return parent == TAG_TABLE;
    return parent == TAG_ROW || parent == TAG_TABLE;
}

// The level that an item, row or cell belongs to, through those that its coming ends.
static uint32_t
home_of(const struct blocks *b, enum tag_kind kind)
{
    uint32_t at = b->top;
    for (int steps = 0; at != NOTHING && steps < 3; steps++) { // cell, row, table
        enum tag_kind have = b->levels[at].kind;
        if (belongs(have, kind))
            return at;
        bool ends = kind == TAG_ITEM ? have == TAG_ITEM
                                     : have == TAG_CELL || have == TAG_CELL_HEAD ||
                                           (kind == TAG_ROW && have == TAG_ROW);
        if (!ends)
            return NOTHING;
        at = b->levels[at].below;
    }
    return NOTHING;
}

static void
open_part(struct blocks *b, enum tag_kind kind)
{
    uint32_t home = home_of(b, kind);
    if (home == NOTHING) {
        imply(b); // what is not stored still stands somewhere
        (void)push(b, kind, true);
        return;
    }
    while (b->count > home + 1)
        pop(b);
    bool flat = b->levels[home].flat;
    if (kind >= TAG_CELL && b->levels[home].kind == TAG_TABLE)
        (void)push(b, TAG_ROW, flat);
    (void)push(b, kind, flat);
}

static void
open_level(struct blocks *b, enum tag_kind kind)
{
    if (kind < TAG_LIST) {
        if (kind != TAG_PARAGRAPH)
            imply(b);
        (void)push(b, kind, false);
    } else if (kind == TAG_ITEM || kind >= TAG_ROW) {
        open_part(b, kind);
    } else {
        bool flat = b->nest >= BLOCKS_NEST;
        if (!flat)
            imply(b);
        (void)push(b, kind, flat);
    }
}

static void
close_level(struct blocks *b, enum tag_kind kind)
{
    if (b->open[kind] == 0)
        return;
    while (b->levels[b->count - 1].kind != kind)
        pop(b);
    pop(b);
}

// --- what is owed

// The cell that a block begins in, before any text of its row, was a cell of layout and not
// of a table: as were those without text before it.
static void
forget_empty_cells(struct blocks *b)
{
    const struct level *cell = b->top == NOTHING ? NULL : &b->levels[b->top];
    bool in_row = cell && cell->kind >= TAG_CELL && cell->below != NOTHING;
    if (in_row)
        b->levels[cell->below].empty = 0;
    b->tabs = 0;
}

static void
owe(struct blocks *b, enum owed owed)
{
    if (owed >= OWED_BLOCK) {
        end_leaf(b);
        b->held.size = 0;
    }
    if (owed == OWED_BLOCK && b->cell_edge) {
        if (!b->row_text)
            forget_empty_cells(b);
        return;
    }
    if (owed > b->owed)
        b->owed = owed;
}

static void
open_row(struct blocks *b)
{
    owe(b, OWED_ROW);
    b->tabs = b->cells = 0;
    b->row_text = b->cell_edge = false;
}

// A tab parts cells, unless what came before was a table in one.
static void
edge_of_cell(struct blocks *b, bool opens)
{
    end_leaf(b);
    b->held.size = 0;
    bool behind_table = b->row_text && b->owed == OWED_ROW;
    if (b->owed < OWED_ROW)
        b->owed = b->row_text ? OWED_NOTHING : OWED_ROW;
    b->cell_edge = true;
    if (behind_table)
        b->tabs = 0;
    else if (opens && b->cells)
        b->tabs++;
    b->cells += opens;
}

static void
close_table(struct blocks *b)
{
    owe(b, OWED_ROW);
    b->row_text = true; // of the row around it, if there is one
    b->cell_edge = false;
    b->tabs = 0;
}

static void
pay_plain(struct blocks *b)
{
    bool block = b->owed >= OWED_BLOCK;
    if (block && b->plain.size)
        sink_put(&b->plain, SLICE("\n\n"));
    if (b->owed == OWED_LINE)
        sink_byte(&b->plain, '\n');
    if (b->tabs)
        for (; b->tabs; b->tabs--)
            sink_byte(&b->plain, '\t');
    else if (b->owed == OWED_SPACE)
        sink_put(
            &b->plain, b->blank_size ? slice_of(b->blank, b->blank_size) : SLICE(" "));
}

static void
pay_html(struct blocks *b)
{
    if (b->leaf == TAG_NONE) {
        imply(b);
        write_levels(b);
        b->leaf = leaf_of(b);
        if (b->leaf != TAG_BLOCK)
            write_tag(b, b->leaf, false);
    } else if (b->owed == OWED_LINE) {
        sink_put(&b->html, SLICE("<br>"));
    } else if (b->owed == OWED_SPACE) {
        sink_put(
            &b->html, b->blank_size ? slice_of(b->blank, b->blank_size) : SLICE(" "));
    }
}

// White space before text in pre: at its start, only that of the first line with text.
static void
pay_held(struct blocks *b, bool first)
{
    struct slice held = sink_slice(&b->held);
    const uint8_t *line = held.size ? memrchr(held.data, '\n', held.size) : NULL;
    if (first && line)
        held = slice_from(held, (size_t)(line - held.data) + 1);
    sink_put(&b->plain, held);
    sink_put(&b->html, held);
    b->held.size = 0;
}

static void
pay(struct blocks *b)
{
    bool first = b->leaf == TAG_NONE;
    pay_plain(b);
    pay_html(b);
    if (b->held.size)
        pay_held(b, first);
    begin_inlines(b);
    b->owed = OWED_NOTHING;
    b->blank_size = 0;
    b->tabs = 0;
    b->row_text = true;
    b->cell_edge = false;
}

// --- the input

static void
open_inline(struct blocks *b, enum tag_kind kind, struct slice href)
{
    b->open[kind]++;
    if (kind != TAG_LINK)
        return;
    end_inlines(b, TAG_LINK); // a link in a link ends it
    b->href = blocks_href(href, b->arena);
}

static void
close_inline(struct blocks *b, enum tag_kind kind)
{
    if (b->open[kind] == 0)
        return;
    b->open[kind]--;
    if (kind != TAG_LINK && b->open[kind])
        return;
    end_inlines(b, kind);
    if (kind == TAG_LINK)
        b->href = slice_of(NULL, 0);
}

static bool
is_verbatim(const struct blocks *b)
{
    return b->count && b->levels[b->count - 1].kind == TAG_PRE;
}

static void
put_space(struct blocks *b, struct slice space, enum piece kind)
{
    if (is_verbatim(b)) {
        sink_put(&b->held, space);
        return;
    }
    bool first = b->owed == OWED_NOTHING;
    owe(b, OWED_SPACE);
    if (kind == PIECE_BLANK && first) {
        memcpy(b->blank, space.data, space.size);
        b->blank_size = (uint32_t)space.size;
    } else if (kind == PIECE_SPACE && b->owed == OWED_SPACE) {
        b->blank_size = 0;
    }
}

static void
put_seen(struct blocks *b, struct slice piece, enum piece kind)
{
    if (kind == PIECE_UNSEEN && b->leaf == TAG_NONE)
        return;
    pay(b);
    sink_put(&b->plain, piece);
    if (kind == PIECE_TEXT)
        sink_escape(&b->html, piece);
    else if (kind == PIECE_UNSEEN || directions_take(&b->directions, piece.data))
        sink_put(&b->html, piece);
}

static void
put_text(struct blocks *b, struct slice text)
{
    while (text.size) {
        enum piece kind;
        struct slice piece = slice_until(text, piece_next(text, &kind));
        text = slice_from(text, piece.size);
        bool space = kind == PIECE_SPACE || kind == PIECE_BLANK;
        if (b->hidden)
            b->hidden_text |= !space;
        else if (space)
            put_space(b, piece, kind);
        else
            put_seen(b, piece, kind);
    }
}

// Digits above the line are those of Unicode, so that ten to the sixth is not 106.
static bool
put_raised(struct blocks *b, struct slice text)
{
    static const char *const digits[] = {"\xe2\x81\xb0", "\xc2\xb9", "\xc2\xb2",
        "\xc2\xb3", "\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
        "\xe2\x81\xb8", "\xe2\x81\xb9"};
    struct slice rest = text;
    if (slice_starts(rest, SLICE("-")))
        rest = slice_from(rest, 1);
    for (size_t i = 0; i < rest.size; i++)
        if (rest.data[i] < '0' || rest.data[i] > '9')
            return false;
    if (rest.size < text.size && rest.size)
        put_text(b, SLICE("\xe2\x81\xbb"));
    for (size_t i = 0; i < rest.size; i++)
        put_text(b, slice_str(digits[rest.data[i] - '0']));
    return rest.size > 0;
}

void
blocks_text(struct blocks *b, struct slice text)
{
    if (!b->open[TAG_RAISED] || !put_raised(b, text))
        put_text(b, text);
}

static void
line_break(struct blocks *b)
{
    if (is_verbatim(b))
        sink_byte(&b->held, '\n');
    else if (b->owed == OWED_LINE)
        owe(b, OWED_BLOCK); // two in a row part blocks
    else if (!b->cell_edge)
        owe(b, OWED_LINE);
}

static void
hide(struct blocks *b, const struct tag *tag)
{
    if (tag->kind == TAG_HIDDEN)
        owe(b, OWED_BLOCK);
    b->hidden = tag;
    b->hidden_nest = 1;
    b->hidden_text = false;
}

static void
unhide(struct blocks *b)
{
    b->dropped += b->hidden->counted && b->hidden_text;
    b->hidden = NULL;
}

// False: everything is hidden here, and what it is makes no odds.
static bool
is_shown(struct blocks *b, const struct tag *tag, bool opens)
{
    if (!b->hidden)
        return true;
    if (tag == b->hidden && opens)
        b->hidden_nest++;
    else if (tag == b->hidden && --b->hidden_nest == 0)
        unhide(b);
    return false;
}

static void
open_block(struct blocks *b, enum tag_kind kind)
{
    if (kind == TAG_ROW)
        open_row(b);
    else if (kind >= TAG_CELL)
        edge_of_cell(b, true);
    else
        owe(b, OWED_BLOCK);
    if (kind != TAG_BLOCK)
        open_level(b, kind);
}

static void
end_reading(struct blocks *b)
{
    if (b->reading)
        put_text(b, SLICE(")"));
    b->reading = false;
}

// What is printed above the line stands behind what it reads, in brackets: those of the
// text (rp), else ours.
static void
open_ruby(struct blocks *b, enum tag_kind kind)
{
    end_reading(b);
    b->marked = kind == TAG_READING_MARK || (kind == TAG_READING && b->marked);
    b->reading = kind == TAG_READING && !b->marked;
    if (b->reading)
        put_text(b, SLICE("("));
}

void
blocks_open(struct blocks *b, struct slice name, struct slice href)
{
    const struct tag *tag = tag_find(name);
    if (!is_shown(b, tag, true))
        return;
    switch (tag->kind) {
    case TAG_NONE:
        break;
    case TAG_BREAK:
        line_break(b);
        break;
    case TAG_QUOTED:
        blocks_text(b, SLICE("\""));
        break;
    case TAG_RUBY:
    case TAG_READING:
    case TAG_READING_MARK:
        open_ruby(b, tag->kind);
        break;
    case TAG_STRONG:
    case TAG_EM:
    case TAG_LINK:
    case TAG_RAISED:
        open_inline(b, tag->kind, href);
        break;
    case TAG_HIDDEN:
    case TAG_SCRIPT:
        hide(b, tag);
        break;
    default:
        open_block(b, tag->kind);
    }
}

static void
close_block(struct blocks *b, enum tag_kind kind)
{
    if (kind >= TAG_CELL)
        edge_of_cell(b, false);
    else if (kind == TAG_TABLE)
        close_table(b);
    else
        owe(b, kind == TAG_ROW ? OWED_ROW : OWED_BLOCK);
    if (kind != TAG_BLOCK)
        close_level(b, kind);
}

void
blocks_close(struct blocks *b, struct slice name)
{
    const struct tag *tag = tag_find(name);
    if (!is_shown(b, tag, false))
        return;
    switch (tag->kind) {
    case TAG_NONE:
    case TAG_BREAK:
    case TAG_SCRIPT:
    case TAG_READING_MARK:
        break;
    case TAG_QUOTED:
        blocks_text(b, SLICE("\""));
        break;
    case TAG_RUBY:
    case TAG_READING:
        end_reading(b);
        break;
    case TAG_STRONG:
    case TAG_EM:
    case TAG_LINK:
    case TAG_RAISED:
        close_inline(b, tag->kind);
        break;
    case TAG_HIDDEN:
        owe(b, OWED_BLOCK);
        break;
    default:
        close_block(b, tag->kind);
    }
}

struct blocks_done
blocks_end(struct blocks *b)
{
    if (b->hidden)
        unhide(b);
    end_leaf(b);
    while (b->count)
        pop(b);
    struct blocks_done done = {.plain = sink_slice(&b->plain),
        .dropped = b->dropped,
        .too_long = b->plain.full};
    if (b->rich)
        done.html = sink_slice(&b->html);
    done.html_too_long = b->rich && b->html.full;
    return done;
}

static void
refuse(struct article *a)
{
    (void)fault_set(&a->fault, WIRE_FIELD_TOO_LONG, FAULT_NOWHERE, "bodies",
        "bodies: the text is longer than %u bytes", ARTICLE_TEXT_MAX);
    a->rejected = true;
}

void
blocks_set(struct article *a, const struct blocks_done *done)
{
    bool fits =
        !done->html_too_long && done->plain.size + done->html.size <= ARTICLE_TEXT_MAX;
    if (done->too_long)
        refuse(a);
    if (done->too_long || done->plain.size == 0)
        return;
    article_add_body(a, "text/plain", done->plain);
    if (done->html.size && fits)
        article_add_body(a, "text/html", done->html);
    else if (done->html.size)
        article_warn(a, "not-carried", SLICE("html"));
}
