// Why nobody answers, looked for at the address itself.
#include <errno.h>

#include "unit/check.h"
#include "watch.h"

static void
the_cause_is_found_for_addresses_of_every_kind(void **state)
{
    (void)state;
    assert_int_equal(watch_cause("ipc:///nonexistent/wireroom"), ENOENT);
    assert_int_equal(watch_cause("tcp://127.0.0.1:1"), ECONNREFUSED);
    assert_int_not_equal(watch_cause("tcp://[::1]:1"), 0); // refused, or no IPv6 here
    assert_int_equal(watch_cause("inproc://nothing"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cause_is_found_for_addresses_of_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
