// Talking to systemd (sd_notify). All do nothing when not started by it.
#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H

#include <stdint.h>

void notify_ready(const char *status);
void notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
void notify_stopping(void);
void notify_extend(int64_t us); // start-up or stop takes this much longer
void notify_watchdog(void);
int64_t notify_watchdog_us(void); // how often to call notify_watchdog; 0: not wanted

#endif
