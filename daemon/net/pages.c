// LIST and HISTORY: CHANGE maps in pages, newest first. The work for one page is bounded: a
// page may be short, even empty, and still have a token for the next.
#include "net/answers.h"
#include "net/events.h"
#include "net/token.h"

#define LIMIT_DEFAULT 100U
#define LOOKS_MAX 10000U      // rows looked at for one page
#define PAGE_BYTES (1U << 20) // nothing is added to a page that has these
#define SEQS_AT_ONCE 64U

struct page {
    uint64_t limit, count, looks;
    uint64_t next; // begin here; on the way out: where the next page begins, 0: no more
};

static bool
is_full(const struct desk *desk, const struct page *page)
{
    return page->count >= page->limit || page->looks >= LOOKS_MAX ||
           desk->maps.size >= PAGE_BYTES;
}

static enum wire_err
add(struct desk *desk, struct page *page, const struct store_change *change)
{
    struct tail_row row = {.change = *change};
    page->count++;
    return view_show(desk->view, &row, BODIES_HEADERS, &desk->maps);
}

void
pages_say(struct desk *desk, struct letter *letter, uint64_t n, uint64_t count,
    uint64_t next, uint64_t question)
{
    uint8_t token[TOKEN_BYTES];
    zmq_msg_t body;
    struct wire_page answer = {.n = n, .seq = desk->view->meta.seq};
    if (!events_list(&desk->list, wire_written(&desk->maps), (uint32_t)count, &body)) {
        desk_refuse(desk, letter, n, WIRE_NO_MEMORY, "", "");
        return;
    }
    token_write(next, question, token);
    if (next > 0)
        WIRE_SET(page, &answer, token, slice_of(token, sizeof token));
    station_say(desk->station, letter->peer, WIRE_MSG_PAGE, &answer, &body);
}

// ---- LIST

struct listing {
    bool by_source;
    uint16_t source;
    int64_t since_us;
};

// seqs_below gives the next rows to look at, all below `below`.
static size_t
seqs_below(struct view *view, const struct listing *listing, uint64_t below,
    uint64_t seqs[SEQS_AT_ONCE])
{
    if (listing->by_source)
        return store_source_list(view->txn, listing->source, below, seqs, SEQS_AT_ONCE);
    uint64_t oldest = view->meta.oldest_seq > 0 ? view->meta.oldest_seq : 1;
    size_t count = 0;
    while (count < SEQS_AT_ONCE && below > oldest)
        seqs[count++] = --below;
    return count;
}

// look shows a row if it is its item's current one; false ends the list, for house time
// falls with seq.
static enum wire_err
look(struct desk *desk, const struct listing *listing, struct page *page, uint64_t seq,
    bool *go_on)
{
    struct store_change change;
    struct store_item item;
    enum wire_err err = find_change(desk->view, seq, &change);
    if (err)
        return WIRE_DAMAGED;
    page->looks++;
    *go_on = change.house_us >= listing->since_us;
    if (!*go_on)
        return WIRE_OK;
    err = store_get_item(desk->view->txn, change.item, &item);
    if (err)
        return WIRE_DAMAGED;
    return item.current == seq ? add(desk, page, &change) : WIRE_OK;
}

// fill_list looks at rows below page->next, which becomes where to go on, 0 at the end.
static enum wire_err
fill_list(struct desk *desk, const struct listing *listing, struct page *page)
{
    uint64_t seqs[SEQS_AT_ONCE];
    size_t count;
    while ((count = seqs_below(desk->view, listing, page->next, seqs)) > 0) {
        for (size_t i = 0; i < count; i++) {
            bool go_on = true;
            if (is_full(desk, page))
                return WIRE_OK;
            enum wire_err err = look(desk, listing, page, seqs[i], &go_on);
            page->next = go_on ? seqs[i] : 0;
            if (err || !go_on)
                return err;
        }
    }
    page->next = 0;
    return WIRE_OK;
}

static uint64_t
list_start(struct view *view, const struct wire_list *list)
{
    if (!WIRE_HAS(list, list, until))
        return view->meta.seq + 1;
    return store_seq_at(view->txn, list->until);
}

void
answer_list(struct desk *desk, struct letter *letter, const struct wire_list *list)
{
    struct view *view = desk->view;
    int64_t since_us = WIRE_HAS(list, list, since) ? list->since : INT64_MIN;
    int64_t until_us = WIRE_HAS(list, list, until) ? list->until : INT64_MAX;
    uint64_t question = token_question(
        view->epoch, list->source, slice_of(NULL, 0), since_us, until_us);
    struct listing listing = {
        .by_source = WIRE_HAS(list, list, source), .since_us = since_us};
    struct page page = {
        .limit = WIRE_HAS(list, list, limit) ? list->limit : LIMIT_DEFAULT,
        .next = list_start(view, list)};
    enum wire_err err = WIRE_OK;
    if (WIRE_HAS(list, list, token))
        err = token_read(list->token, question, &page.next);
    if (listing.by_source)
        listing.source = store_source_number(view->txn, list->source);
    wire_writer_reset(&desk->maps);
    if (!err && (!listing.by_source || listing.source != 0))
        err = fill_list(desk, &listing, &page);
    else
        page.next = 0; // a source that nothing came from
    if (err)
        desk_refuse(
            desk, letter, list->n, err, err == WIRE_BAD_TOKEN ? "token" : "", "");
    else
        pages_say(desk, letter, list->n, page.count, page.next, question);
}

// ---- HISTORY

// The changes of an item are a chain: each names the revision filed before it.
static enum wire_err
fill_history(struct desk *desk, uint64_t item, struct page *page)
{
    while (page->next > 0 && !is_full(desk, page)) {
        struct store_change change;
        enum wire_err err = find_change(desk->view, page->next, &change);
        if (err == WIRE_NOT_FOUND) { // expired from here on
            page->next = 0;
            return WIRE_OK;
        }
        if (!err && change.item != item)
            err = WIRE_DAMAGED;
        if (!err)
            err = add(desk, page, &change);
        if (err)
            return err;
        page->next = change.previous;
    }
    return WIRE_OK;
}

void
answer_history(
    struct desk *desk, struct letter *letter, const struct wire_history *history)
{
    struct view *view = desk->view;
    struct store_item item;
    uint64_t question = token_question(
        view->epoch, history->source, history->uri, INT64_MIN, INT64_MAX);
    struct page page = {
        .limit = WIRE_HAS(history, history, limit) ? history->limit : LIMIT_DEFAULT};
    enum wire_err err = find_item(view, history->source, history->uri, &item);
    if (!err)
        page.next = item.last;
    if (!err && WIRE_HAS(history, history, token))
        err = token_read(history->token, question, &page.next);
    wire_writer_reset(&desk->maps);
    if (!err)
        err = fill_history(desk, item.item, &page);
    if (err)
        desk_refuse(
            desk, letter, history->n, err, err == WIRE_BAD_TOKEN ? "token" : "", "");
    else
        pages_say(desk, letter, history->n, page.count, page.next, question);
}
