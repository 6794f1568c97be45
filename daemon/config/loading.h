// What one loading of the settings carries along: where faults go and how many there were.
#ifndef CONFIG_LOADING_H
#define CONFIG_LOADING_H

#include "config/settings.h"

struct loading {
    struct config *config;
    config_fault_fn *say;
    void *context;
    unsigned faults;
};

// loading_fault says one sentence, after its place ("wireroom.yaml:7:3").
void loading_fault(struct loading *l, const char *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// loading_set stores the value of room.key, or says what is wrong with it.
void loading_set(struct loading *l, const char *place, struct slice room,
    struct slice key, struct slice text);

// loading_check says what is wrong between settings, after all are in.
void loading_check(struct loading *l);

// yaml_load reads one file into the settings.
void yaml_load(struct loading *l, const char *file);

#endif
