#include "net/auth.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/logline.h"

static const char *const role_words[] = {
    "submit", "read", "follow", "kill", "desk", "embargo", "admin"};
#define ROLES (sizeof role_words / sizeof *role_words)

static const struct net_principal nobody = {.name = ""};
static const struct net_principal anybody = {
    .name = "open", .any_source = true, .roles = ROLE_ALL};

uint32_t
net_role_of(struct slice word)
{
    for (unsigned i = 0; i < ROLES; i++)
        if (slice_is(word, role_words[i]))
            return 1U << i;
    return 0;
}

const char *
auth_role_word(uint32_t bit)
{
    for (unsigned i = 0; i < ROLES; i++)
        if (bit == 1U << i)
            return role_words[i];
    return NULL;
}

void
auth_init(struct auth *auth, const struct net_settings *settings)
{
    *auth = (struct auth){.open = settings->open};
    auth->defaults[0] = auth->defaults[1] = anybody;
    auth->defaults[0].name = "root";
    auth->defaults[1].name = "owner";
    auth->defaults[1].uid = geteuid();
    auth->principals = settings->principals;
    auth->count = settings->principal_count;
    if (auth->count == 0) {
        auth->principals = auth->defaults;
        auth->count = 2;
    }
}

// number reads decimal digits up to a colon or the end; false for anything else.
static bool
number(const char **text, uint32_t *out)
{
    const char *start = *text;
    uint64_t n = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        n = n * 10 + (uint64_t)(**text - '0');
        if (n > UINT32_MAX)
            return false;
    }
    *out = (uint32_t)n;
    return *text > start;
}

struct caller
auth_caller(const char *peer_address)
{
    static const char prefix[] = "localhost";
    if (!peer_address || strncmp(peer_address, prefix, sizeof prefix - 1) != 0)
        return CALLER_NOBODY;
    const char *at = peer_address + sizeof prefix - 1;
    uint32_t ids[3]; // uid, gid, pid
    for (int i = 0; i < 3; i++) {
        if (*at++ != ':' || !number(&at, &ids[i]))
            return CALLER_NOBODY;
    }
    return *at == '\0' ? (struct caller){.known = true, .uid = ids[0]} : CALLER_NOBODY;
}

bool
caller_equal(struct caller a, struct caller b)
{
    return a.known == b.known && a.uid == b.uid;
}

const struct net_principal *
auth_principal(const struct auth *auth, struct caller caller)
{
    if (auth->open)
        return &anybody;
    for (size_t i = 0; caller.known && i < auth->count; i++)
        if (auth->principals[i].uid == caller.uid)
            return &auth->principals[i];
    return &nobody;
}

static bool
has_source(const struct net_principal *who, struct slice source)
{
    for (size_t i = 0; who->sources && who->sources[i]; i++)
        if (slice_is(source, who->sources[i]))
            return true;
    return who->any_source;
}

static enum wire_err
only_source(
    const struct net_principal *who, struct slice *source_out, struct fault *fault)
{
    if (who->any_source || !who->sources || !who->sources[0] || who->sources[1])
        return fault_set(fault, WIRE_SOURCE_MISSING, FAULT_NOWHERE, "source",
            who->any_source ? "no source was named, and %s may speak for any"
                            : "no source was named, and %s has not exactly one",
            who->name);
    *source_out = slice_str(who->sources[0]);
    return WIRE_OK;
}

enum wire_err
auth_source(const struct net_principal *who, bool is_named, struct slice named,
    struct slice *source_out, struct fault *fault)
{
    char shown[80];
    if (!is_named)
        return only_source(who, source_out, fault);
    if (!wire_source_ok(named))
        return fault_set(fault, WIRE_BAD_FIELD, FAULT_NOWHERE, "source",
            "\"%s\" is no source name: 1 to 64 of a-z 0-9 -",
            log_safe(named, shown, sizeof shown));
    if (!has_source(who, named))
        return fault_set(fault, WIRE_SOURCE_NOT_YOURS, FAULT_NOWHERE, "source",
            "%s may not speak for \"%s\"", who->name,
            log_safe(named, shown, sizeof shown));
    *source_out = named;
    return WIRE_OK;
}

enum wire_err
auth_role(const struct net_principal *who, enum net_role role, struct fault *fault)
{
    if (who->name[0] == '\0')
        return fault_set(fault, WIRE_UNKNOWN_PEER, FAULT_NOWHERE, "",
            "your user is not mapped to a principal");
    if (who->roles & role)
        return WIRE_OK;
    return fault_set(fault, WIRE_NOT_ALLOWED, FAULT_NOWHERE, "",
        "%s does not have the role %s", who->name, auth_role_word(role));
}
