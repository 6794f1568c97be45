// The only place that knows every room: it owns them, starts them in order, and stops them
// in the order that loses nothing.
#ifndef APP_H
#define APP_H

#include "config/config.h"

struct app_options {
    const char *config_file; // NULL: defaults and sets alone
    const char **sets;       // "room.key=value"
    unsigned sets_count;
    bool open;        // everybody may do everything (ipc and loopback only)
    bool ephemeral;   // a store of its own that goes with it, on free ports
    bool accept_loss; // go on, with a new epoch, where parts of the store don't meet
    bool check_config;
};

// app_run is the daemon's life; returns an exit code of sysexits.h.
int app_run(const struct app_options *options);

// The commands that need no daemon (offline.c).
int offline_normalize(int argc, char **argv);
int offline_verify(const struct app_options *options, bool replay);
int offline_salvage(const struct app_options *options, bool write);

// app_config loads the settings, with every fault on stderr; NULL after faults.
struct config *app_config(const struct app_options *options);
// app_pipeline_settings gives what pipeline_open needs; texts borrow from config.
struct pipeline_settings;
void app_pipeline_settings(const struct config *config, struct pipeline_settings *out);
// app_complain says a fault on stderr, with its next step, and gives its exit code.
int app_complain(const struct fault *fault);

#endif
