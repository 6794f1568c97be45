#include "app.h"

#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/logline.h"
#include "base/notify.h"
#include "net/net.h"
#include "pipeline/pipeline.h"

struct app {
    const struct app_options *options;
    struct config *config;
    struct net_principal *principals; // as net wants them; names borrow from config
    struct pipeline *pipeline;
    struct net *net;
    char directory[64]; // --ephemeral: goes with us
    int signals;
    int64_t started_us;
};

// ---- settings

static void
say_fault(void *context, const char *sentence)
{
    (void)context;
    (void)fprintf(stderr, "%s\n", sentence);
}

struct config *
app_config(const struct app_options *options)
{
    struct config *config = NULL;
    unsigned faults = config_load(options->config_file, options->sets,
        options->sets_count, say_fault, NULL, &config);
    if (faults == 0)
        return config;
    const char *file = options->config_file;
    (void)fprintf(stderr,
        "%u error%s; not started. Check again with: wireroomd --check-config%s%s\n",
        faults, faults == 1 ? "" : "s", file ? " --config " : "", file ? file : "");
    config_free(&config);
    return NULL;
}

void
app_pipeline_settings(const struct config *config, struct pipeline_settings *out)
{
    *out = (struct pipeline_settings){
        .path = config->store_path,
        .segment_bytes = config->store_segment,
        .map_bytes = config->store_map_size,
        .checkpoint_bytes = config->store_checkpoint,
        .checkpoint_records = (uint32_t)config->store_checkpoint_records,
        .checkpoint_idle_us = config->store_checkpoint_idle,
        .index_head_bytes = config->store_index_head,
        .zero_ahead_bytes = config->store_zero_ahead,
        .ballast_bytes = config->store_ballast,
        .floor_bytes = config->store_min_free,
        .tail_rows = (uint32_t)config->store_tail_rows,
        .batch_records = (uint32_t)config->limits_batch_records,
        .batch_bytes = config->limits_batch,
        .submission_bytes = config->limits_submission,
        .readers = (uint32_t)config->readers_processes,
        .reader_memory_bytes = config->readers_memory,
        .reader_deadline_us = config->readers_deadline,
        .reader_submissions = (uint32_t)config->readers_submissions,
        .sandbox = config->readers_sandbox,
    };
}

static uint32_t
roles_of(const struct config_principal *principal)
{
    uint32_t roles = 0;
    for (const char **word = principal->roles; word && *word; word++)
        roles |= net_role_of(slice_str(*word));
    return roles;
}

static bool
make_principals(struct app *app)
{
    uint32_t count = app->config->principals_count;
    app->principals = calloc(count ? count : 1, sizeof *app->principals);
    for (uint32_t i = 0; app->principals && i < count; i++) {
        const struct config_principal *from = &app->config->principals[i];
        app->principals[i] = (struct net_principal){.name = from->name,
            .uid = from->uid,
            .any_source = from->any_source,
            .sources = from->sources,
            .roles = roles_of(from)};
    }
    return app->principals != NULL;
}

static void
net_settings_of(const struct app *app, struct net_settings *out)
{
    const struct config *c = app->config;
    *out = (struct net_settings){
        .submit = c->listen_submit,
        .feed = c->listen_feed,
        .notice = c->listen_notice,
        .query = c->listen_query,
        .admin = c->listen_admin,
        .open = app->options->open,
        .principals = app->principals,
        .principal_count = c->principals_count,
        .submission_bytes = c->limits_submission,
        .submission_items = (uint32_t)c->limits_items,
        .grant_bytes = c->credit_grant,
        .grant_messages = (uint32_t)c->credit_messages,
        .connection_bytes = c->credit_connection,
        .total_bytes = c->credit_total,
        .heartbeat_ms = (uint32_t)(c->credit_heartbeat / 1000),
        .peers = (uint32_t)c->credit_peers,
    };
}

static struct slice
text_or_none(const char *text)
{
    return text ? slice_str(text) : slice_of(NULL, 0);
}

// put_rules puts in force what settings say of sources. A disk that is full is no reason
// not to start: what was in force stays.
static void
put_rules(struct app *app, const struct config *config)
{
    struct fault fault = FAULT_NONE;
    uint32_t count = config->sources_count;
    struct pipeline_rules *wanted = calloc(count ? count : 1, sizeof *wanted);
    for (uint32_t i = 0; wanted && i < count; i++) {
        const struct config_source *from = &config->sources[i];
        wanted[i].source = slice_str(from->name);
        wanted[i].rules = (struct rules){.charset = text_or_none(from->charset),
            .language = text_or_none(from->language),
            .zone = text_or_none(from->zone),
            .fold_dashes = from->fold_dashes,
            .fold_quotes = from->fold_quotes};
    }
    if (!wanted)
        fault.code = WIRE_NO_MEMORY;
    else
        (void)pipeline_set_rules(app->pipeline, wanted, count, &fault);
    if (fault.code)
        log_error(
            "rules=unchanged error=%s why=\"%s\" next=\"reload when it is mended\"",
            wire_error_name(fault.code), fault.words);
    free(wanted);
}

// ---- words

int
app_complain(const struct fault *fault)
{
    bool place = fault->field[0] != '\0';
    (void)fprintf(stderr, "%s%s%s\n  %s\n", fault->words, place ? " at " : "",
        place ? fault->field : "", wire_error_next(fault->code));
    switch (fault->code) {
    case WIRE_CANNOT_LISTEN:
        return EX_OSERR;
    case WIRE_STORE_IN_USE:
    case WIRE_STORE_FULL:
        return EX_TEMPFAIL;
    case WIRE_BAD_SETTING:
    case WIRE_NOT_ALLOWED:
        return EX_CONFIG;
    case WIRE_STORE_VERSION:
    case WIRE_STORE_MISMATCH:
    case WIRE_DAMAGED:
        return EX_DATAERR;
    case WIRE_IO:
        return EX_IOERR;
    case WIRE_NO_MEMORY:
        return EX_OSERR;
    default:
        return EX_SOFTWARE;
    }
}

// SIGBUS is a page of the map that the disk would not give: memory can't be trusted any
// more, and there is nothing to do but say so and start again.
static void
on_sigbus(int number)
{
    static const char words[] = "wireroomd: the disk failed under the map (SIGBUS); "
                                "look at the kernel's log, then run wireroomd verify\n";
    (void)number;
    pipeline_disk_failed();
    ssize_t n = write(STDERR_FILENO, words, sizeof words - 1);
    (void)n;
    _exit(EX_IOERR);
}

// ---- the daemon's life

static bool
take_signals(struct app *app)
{
    sigset_t set;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGBUS, on_sigbus);
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    // Before any thread starts, so that all of them inherit the mask.
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return false;
    app->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return app->signals >= 0;
}

static enum log_level
level_of(const char *word)
{
    static const char *const words[] = {"error", "warn", "info", "debug"};
    for (int i = 0; i < 4; i++)
        if (strcmp(word, words[i]) == 0)
            return (enum log_level)i;
    return LOG_LEVEL_INFO;
}

// --ephemeral: a directory of our own, its sockets inside, gone when we are.
static void
make_ephemeral(struct app *app)
{
    (void)snprintf(app->directory, sizeof app->directory, "/tmp/wireroom.XXXXXX");
    if (!mkdtemp(app->directory)) {
        app->directory[0] = '\0';
        return;
    }
    struct config *c = app->config;
    const char **endpoints[] = {&c->listen_submit, &c->listen_feed, &c->listen_notice,
        &c->listen_query, &c->listen_admin};
    static const char *const names[] = {"submit", "feed", "notice", "query", "admin"};
    for (int i = 0; i < 5; i++)
        *endpoints[i] = (const char *)arena_printf(
            &c->arena, "ipc://%s/%s.sock", app->directory, names[i])
                            .data;
    c->store_path =
        (const char *)arena_printf(&c->arena, "%s/store", app->directory).data;
    c->store_segment = c->store_segment < (64U << 20) ? c->store_segment : 64U << 20;
    c->store_ballast = 0;
    c->store_zero_ahead = 0;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static enum wire_err
open_rooms(struct app *app, struct fault *fault)
{
    struct pipeline_settings pipeline;
    struct net_settings net;
    app_pipeline_settings(app->config, &pipeline);
    pipeline.accept_loss = app->options->accept_loss;
    if (!make_principals(app))
        return fault_set(fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "out of memory");
    net_settings_of(app, &net);
    enum wire_err err = net_check(&net, fault); // before a store is made for nothing
    notify_status("opening the store");
    if (!err)
        err = pipeline_open(&pipeline, &app->pipeline, fault);
    if (!err)
        err = net_open(&net, app->pipeline, &app->net, fault);
    if (!err)
        err = pipeline_run(app->pipeline, fault);
    if (!err)
        put_rules(app, app->config);
    if (!err)
        err = net_run(app->net, fault);
    return err;
}

static void
say_ready(struct app *app)
{
    struct durable durable;
    struct net_endpoints at;
    pipeline_durable(app->pipeline, &durable);
    net_endpoints(app->net, &at);
    int64_t ms = (clock_monotonic_us() - app->started_us) / 1000;
    (void)fprintf(stderr, "wireroomd %s ready in %lld ms  store %s (%s)\n",
        WIREROOM_VERSION, (long long)ms, app->config->store_path,
        durable.records ? "opened" : "new");
    (void)fprintf(stderr, "  submit  %s   feed, query, notice beside it\n", at.submit);
    if (app->options->open)
        (void)fprintf(
            stderr, "  open: whoever reaches these sockets may do everything\n");
    if (app->options->ephemeral)
        (void)printf("%s\n", at.submit);
    (void)fflush(stdout);
    notify_ready("ready");
}

static void
reload(struct app *app)
{
    struct config *fresh = app_config(app->options);
    if (!fresh) {
        log_error("reload=refused next=\"the settings in force stay\"");
        return;
    }
    log_set_level(level_of(fresh->log_level));
    put_rules(app, fresh);
    log_info("reload=done log.level=%s sources=taken next=\"other settings need a "
             "restart\"",
        fresh->log_level);
    config_free(&fresh);
}

// true: the daemon should end.
static bool
take_signal(struct app *app)
{
    struct signalfd_siginfo info;
    while (read(app->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(app);
        else
            return true;
    }
    return false;
}

static void
stay(struct app *app)
{
    int64_t beat_us = notify_watchdog_us();
    int wait_ms = beat_us ? (int)(beat_us / 1000) : 1000;
    struct pollfd fd = {.fd = app->signals, .events = POLLIN};
    for (;;) {
        int n = poll(&fd, 1, wait_ms);
        if (n > 0 && take_signal(app))
            return;
        if (pipeline_alive(app->pipeline))
            notify_watchdog();
        else
            log_error("writer=hung next=\"the watchdog will restart the daemon\"");
    }
}

static void
stop(struct app *app)
{
    notify_stopping();
    if (app->net)
        net_drain(app->net);
    if (app->pipeline)
        pipeline_drain(app->pipeline);
    net_close(&app->net);
    pipeline_close(&app->pipeline);
    config_free(&app->config);
    free(app->principals);
    if (app->signals >= 0)
        (void)close(app->signals);
    if (app->directory[0])
        (void)nftw(app->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int
check_config(const struct app_options *options)
{
    struct config *config = app_config(options);
    if (!config)
        return EX_CONFIG;
    struct wire_writer text = {0};
    config_show(config, &text);
    (void)fwrite(text.data, 1, text.size, stdout);
    wire_writer_fini(&text);
    config_free(&config);
    return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

int
app_run(const struct app_options *options)
{
    struct app app = {
        .options = options, .signals = -1, .started_us = clock_monotonic_us()};
    struct fault fault = FAULT_NONE;
    if (options->check_config)
        return check_config(options);
    app.config = app_config(options);
    if (!app.config)
        return EX_CONFIG;
    log_start("wireroomd", level_of(app.config->log_level));
    if (options->ephemeral)
        make_ephemeral(&app);
    if (!hash_init() || !take_signals(&app))
        (void)fault_set(&fault, WIRE_NO_MEMORY, FAULT_NOWHERE, "", "cannot start");
    else if (!open_rooms(&app, &fault)) {
        say_ready(&app);
        stay(&app);
    }
    stop(&app);
    return fault.code ? app_complain(&fault) : EX_OK;
}
