#include "base/logline.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

static const char *program = "wireroomd";
static atomic_int level_now = LOG_LEVEL_INFO;
static bool journal;

// systemd names device and inode of the stream it gave us ($JOURNAL_STREAM, systemd.exec).
static bool
stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM"); // NOLINT(concurrency-mt-unsafe): start-up
    unsigned long long device, inode;
    struct stat st;
    if (!stream || sscanf(stream, "%llu:%llu", &device, &inode) != 2) // NOLINT(cert-err34-c)
        return false;
    return fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void
log_start(const char *name, enum log_level level)
{
    program = name;
    journal = stderr_is_journal();
    log_set_level(level);
}

void
log_set_level(enum log_level level)
{
    atomic_store(&level_now, (int)level);
}

__attribute__((format(printf, 2, 0))) static void
line(enum log_level level, const char *format, va_list args)
{
    static const int priorities[] = {LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG};
    if ((int)level > atomic_load(&level_now))
        return;
    char text[1024];
    (void)vsnprintf(text, sizeof text, format, args);
    if (journal)
        (void)sd_journal_print(priorities[level], "%s", text);
    else
        (void)fprintf(stderr, "%s: %s\n", program, text);
}

#define LINE(name, level)                                                              \
    void name(const char *format, ...)                                                 \
    {                                                                                  \
        va_list args;                                                                  \
        va_start(args, format);                                                        \
        line(level, format, args);                                                     \
        va_end(args);                                                                  \
    }
LINE(log_error, LOG_LEVEL_ERROR)
LINE(log_warn, LOG_LEVEL_WARN)
LINE(log_info, LOG_LEVEL_INFO)
LINE(log_debug, LOG_LEVEL_DEBUG)
#undef LINE

const char *
log_safe(struct slice bytes, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t c = bytes.data[i];
        bool plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
        if (n + (plain ? 1 : 4) + 4 > size) {
            n += (size_t)snprintf(out + n, size - n, "...");
            return out;
        }
        if (plain)
            out[n++] = (char)c;
        else
            n += (size_t)snprintf(out + n, size - n, "\\x%02x", c);
    }
    out[n] = '\0';
    return out;
}
