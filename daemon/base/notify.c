#include "base/notify.h"

#include <stdarg.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>

void
notify_ready(const char *status)
{
    (void)sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void
notify_status(const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    (void)sd_notifyf(0, "STATUS=%s", text);
}

void
notify_stopping(void)
{
    (void)sd_notify(0, "STOPPING=1");
}

void
notify_extend(int64_t us)
{
    (void)sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%lld", (long long)us);
}

void
notify_watchdog(void)
{
    (void)sd_notify(0, "WATCHDOG=1");
}

int64_t
notify_watchdog_us(void)
{
    uint64_t us = 0;
    return sd_watchdog_enabled(0, &us) > 0 ? (int64_t)(us / 2) : 0;
}
