#include "net/welcome.h"

#include <stdio.h>

#include "base/logline.h"
#include "formats/formats.h"

void
welcome_peer(const struct shared *shared, struct peer *peer, struct caller caller,
    struct slice claimed)
{
    peer->caller = caller;
    peer->who = auth_principal(&shared->auth, caller);
    if (shared->auth.open && claimed.size > 0)
        (void)log_safe(claimed, peer->name, sizeof peer->name);
    else
        (void)snprintf(peer->name, sizeof peer->name, "%s", peer->who->name);
}

static struct slice
word_list(struct wire_writer *w, const char *const *words)
{
    uint32_t count = 0;
    while (words && words[count])
        count++;
    wire_put_array(w, count);
    for (uint32_t i = 0; i < count; i++)
        wire_put_str(w, slice_str(words[i]));
    return wire_written(w);
}

static struct slice
role_list(struct wire_writer *w, uint32_t roles)
{
    const char *words[8] = {0};
    size_t count = 0;
    for (uint32_t bit = 1; bit & ROLE_ALL; bit <<= 1)
        if (roles & bit)
            words[count++] = auth_role_word(bit);
    return word_list(w, words);
}

static struct slice
source_list(struct wire_writer *w, const struct net_principal *who)
{
    static const char *const any[] = {"*", NULL};
    return word_list(w, who->any_source ? any : who->sources);
}

void
welcome_say(struct station *station, struct peer *peer)
{
    struct shared *shared = station->shared;
    struct durable durable;
    struct wire_writer roles = {0}, sources = {0}, formats = {0};
    pipeline_durable(shared->pipeline, &durable);
    struct wire_welcome message = {
        .server = SLICE("wireroomd " WIREROOM_VERSION),
        .version = WIRE_VERSION,
        .principal = slice_str(peer->name),
        .roles = role_list(&roles, peer->who->roles),
        .sources = source_list(&sources, peer->who),
        .store = slice_of(shared->identity.id, sizeof shared->identity.id),
        .epoch = shared->identity.epoch,
        .seq = durable.seq,
        .heartbeat_ms = shared->settings.heartbeat_ms,
        .submission_bytes = shared->settings.submission_bytes,
        .submission_items = shared->settings.submission_items,
        .credit_bytes = peer->window.granted.bytes,
        .credit_messages = peer->window.granted.messages,
        .submit = slice_str(shared->at.submit),
        .feed = slice_str(shared->at.feed),
        .notice = slice_str(shared->at.notice),
        .query = slice_str(shared->at.query),
        .admin = slice_str(shared->at.admin),
        .formats = word_list(&formats, format_words),
    };
    if (!roles.failed && !sources.failed && !formats.failed)
        station_say(station, peer, WIRE_MSG_WELCOME, &message, NULL);
    wire_writer_fini(&roles);
    wire_writer_fini(&sources);
    wire_writer_fini(&formats);
}
