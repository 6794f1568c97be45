// Rooms: config
// Any text as a settings file: faults in words or settings, and what is shown reads back.
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/config.h"

static void
ignore(void *context, const char *sentence)
{
    (void)context;
    assert(sentence[0] != '\0');
}

static const char *
file_of(const void *data, size_t size)
{
    static char path[64];
    if (!path[0])
        (void)snprintf(
            path, sizeof path, "/dev/shm/wireroom-fuzz-%d.yaml", (int)getpid());
    FILE *file = fopen(path, "w");
    assert(file);
    (void)fwrite(data, 1, size, file);
    (void)fclose(file);
    return path;
}

// libfyaml 0.7.12 forgets the buffer of a quoted scalar that it gives up in the middle of;
// a settings file is read once a start.
const char *__lsan_default_suppressions(void); // NOLINT(bugprone-reserved-identifier)

const char *
__lsan_default_suppressions(void) // NOLINT(bugprone-reserved-identifier)
{
    return "leak:libfyaml";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config *config, *again;
    unsigned faults = config_load(file_of(data, size), NULL, 0, ignore, NULL, &config);
    if (faults == 0) {
        struct wire_writer text = {0};
        config_show(config, &text);
        faults =
            config_load(file_of(text.data, text.size), NULL, 0, ignore, NULL, &again);
        assert(faults == 0);
        assert(strcmp(again->store_path, config->store_path) == 0);
        assert(again->principals_count == config->principals_count);
        config_free(&again);
        wire_writer_fini(&text);
    }
    config_free(&config);
    return 0;
}
