// wireroom status and ping: how the daemon is, and whether it is.
#include "print.h"
#include "table.h"

static void
put_hex(struct wire_writer *w, const char *key, struct slice bytes)
{
    char hex[33] = "";
    for (size_t i = 0; i < bytes.size && i < 16; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", bytes.data[i]);
    wire_put_key(w, key);
    wire_put_str(w, slice_str(hex));
}

// The names that scripts use; those below are as on the wire.
static void
print_state(const struct cli *cli, struct slice state)
{
    static const char *const same[] = {"seq", "checkpoint_seq", "oldest", "disk_free",
        "store_bytes", "items", "records", "sources", "followers", "full", "time",
        "server", "quarantined"};
    struct wire_writer w = {0};
    uint64_t epoch = map_uint(state, "epoch");
    uint8_t big[8];
    for (int i = 0; i < 8; i++)
        big[i] = (uint8_t)(epoch >> (56 - 8 * i));
    wire_put_map(&w, 3 + sizeof same / sizeof *same);
    put_hex(&w, "epoch", slice_of(big, sizeof big));
    put_hex(&w, "store", map_text(state, "store"));
    wire_put_key(&w, "uptime");
    wire_put_uint(&w, map_uint(state, "uptime_s"));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        wire_put_key(&w, same[i]);
        if (map_get(state, same[i]).size)
            wire_put_encoded(&w, map_get(state, same[i]));
        else
            wire_put_uint(&w, 0); // a daemon that does not count it
    }
    if (!w.failed)
        print_json(wire_written(&w), cli->output);
    wire_writer_fini(&w);
}

static void
print_span(uint64_t seconds)
{
    static const struct {
        uint64_t seconds;
        const char *word;
    } units[] = {
        {86400, "d"  },
        {3600,  "h"  },
        {60,    "min"},
        {1,     "s"  },
    };
    size_t i = 0;
    while (i < 3 && seconds < units[i].seconds)
        i++;
    (void)printf(
        "up %llu %s", (unsigned long long)(seconds / units[i].seconds), units[i].word);
}

static void
print_bytes(const char *what, uint64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double n = (double)bytes / 1e3;
    size_t i = 0;
    for (; i < 3 && n >= 1000; i++)
        n /= 1000;
    (void)printf("%s %.*f %s", what, n < 100, n, units[i]);
}

// ● wireroomd 0.1.0  up 2 min  seq #241  5 sources  240 items  2 following
static void
print_state_text(struct slice state)
{
    struct wireroom_value full =
        wireroom_member((struct wireroom_value){state.data, state.size}, "full");
    (void)fputs("● ", stdout);
    print_clean(map_text(state, "server"), 128);
    (void)fputs("  ", stdout);
    print_span(map_uint(state, "uptime_s"));
    (void)printf("  seq #%llu  %llu sources  %llu items  %llu following\n  ",
        (unsigned long long)map_uint(state, "seq"),
        (unsigned long long)map_uint(state, "sources"),
        (unsigned long long)map_uint(state, "items"),
        (unsigned long long)map_uint(state, "followers"));
    print_bytes("store", map_uint(state, "store_bytes"));
    print_bytes(", disk free", map_uint(state, "disk_free"));
    if (map_uint(state, "quarantined"))
        (void)printf("  %llu in quarantine (wireroom quarantine list)",
            (unsigned long long)map_uint(state, "quarantined"));
    if (wireroom_member((struct wireroom_value){state.data, state.size}, "renewing")
            .size)
        (void)printf("  reading history again: %llu %%",
            (unsigned long long)map_uint(state, "renewing") / 10);
    (void)puts(wireroom_bool(full)
                   ? "  FULL: submissions are refused until space is freed"
                   : "");
}

int
command_status(struct cli *cli)
{
    struct wireroom_value state;
    int status = EX_OK;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    if (wireroom_state(w, &state))
        status = cli_complain(w);
    else if (cli->output == OUTPUT_TEXT)
        print_state_text(slice_of_value(state));
    else
        print_state(cli, slice_of_value(state));
    wireroom_close(&w);
    return status;
}

static void
print_ping(const struct cli *cli, int64_t us)
{
    struct wire_writer w = {0};
    if (cli->output == OUTPUT_TEXT)
        (void)printf("PONG %.1f ms\n", (double)us / 1000);
    else if (cli->output == OUTPUT_TSV)
        (void)printf("%lld\n", (long long)us);
    else {
        wire_put_map(&w, 1);
        wire_put_key(&w, "us");
        wire_put_uint(&w, (uint64_t)us);
        print_json(wire_written(&w), cli->output);
    }
    wire_writer_fini(&w);
}

int
command_ping(struct cli *cli)
{
    int64_t us;
    int status = EX_OK;
    struct wireroom *w = cli_connect(cli, &status);
    if (!w)
        return status;
    if (wireroom_ping(w, &us))
        status = cli_complain(w);
    else
        print_ping(cli, us);
    wireroom_close(&w);
    return status;
}
