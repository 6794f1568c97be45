// How people name things: items, sources, submissions.
#include <string.h>

#include "cli.h"

bool
cli_source(const struct cli *cli, const char **source_out)
{
    const char *source = cli->sources[0];
    if (source && cli->sources[1]) {
        (void)fprintf(stderr, "name one --source\n");
        return false;
    }
    if (source && !wire_source_ok(slice_str(source))) {
        (void)fprintf(stderr,
            "\"%s\" is no name of a source: small letters, digits and -, at most 64\n",
            source);
        return false;
    }
    *source_out = source;
    return true;
}

// A source's name has no colon, so the first one parts SOURCE:URI; uris may have more. No
// URI@VERSION: Message-IDs hold an @.
bool
cli_item(const struct cli *cli, char source_out[80], const char **uri_out)
{
    const char *source;
    if (cli->words_count != 1) {
        (void)fprintf(stderr, "name one item: URI with --source S, or SOURCE:URI\n");
        return false;
    }
    if (!cli_source(cli, &source))
        return false;
    const char *word = cli->words[0], *colon = strchr(word, ':');
    if (source) {
        (void)snprintf(source_out, 80, "%s", source);
        *uri_out = word;
        return true;
    }
    if (!colon || colon[1] == '\0' ||
        !wire_source_ok(slice_of(word, (size_t)(colon - word)))) {
        (void)fprintf(
            stderr, "\"%s\" names no source: use --source S, or SOURCE:URI\n", word);
        return false;
    }
    (void)snprintf(source_out, 80, "%.*s", (int)(colon - word), word);
    *uri_out = colon + 1;
    return true;
}

static bool
source_known(struct wireroom *w, const char *source)
{
    struct wireroom_page page = {.more = false};
    return wireroom_list(w, source, NULL, 1, &page) != WIREROOM_OK ||
           wireroom_elements(page.changes).left > 0;
}

// "urn:x:1" may have been meant as a uri: say so when nothing came from a source "urn".
int
cli_not_found(const struct cli *cli, struct wireroom *w, const char *source)
{
    if (!source_known(w, source))
        (void)fprintf(stderr, "nothing was ever filed from a source \"%s\"%s\n", source,
            cli->sources[0] ? "" : ": if that begins the URI, name the --source");
    else
        (void)fprintf(stderr,
            "%s has no such item or revision; see: wireroom list -S %s\n", source,
            source);
    return CLI_NOTHING;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The dashes of a UUID stand behind digits 8, 12, 16 and 20, all of them or none.
bool
cli_id(const char *text, uint8_t id_out[16])
{
    uint8_t id[16] = {0};
    size_t digits = 0, length = strlen(text);
    if (length != 32 && length != 36)
        return false;
    for (const char *at = text; *at; at++) {
        bool dash = length == 36 && (at - text == 8 || at - text == 13 ||
                                        at - text == 18 || at - text == 23);
        int digit = hex_digit(*at);
        if (dash ? *at != '-' : digit < 0)
            return false;
        if (dash)
            continue;
        id[digits / 2] = (uint8_t)(id[digits / 2] << 4 | digit);
        digits++;
    }
    memcpy(id_out, id, sizeof id);
    return true;
}
