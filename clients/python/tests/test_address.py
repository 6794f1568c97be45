"""An address that is none: told at once, not hung on."""
import asyncio
import subprocess
import sys

import pytest
from wireroom import Client, aio

NONE = ["foo", "tcp://127.0.0.1", "ipc:///tmp/" + "x" * 200]


@pytest.mark.parametrize("address", NONE)
def test_no_address_is_told_with_the_cause_and_what_one_looks_like(address):
    """In a process of its own, which can be ended should it hang."""
    done = subprocess.run([sys.executable, "-c", "import sys; sys.path[:0] = %r\n"
                           "from wireroom import Client\nClient(%r)" % (sys.path, address)],
                          capture_output=True, text=True, timeout=30)
    last = done.stderr.splitlines()[-1]
    assert last.startswith('ValueError: "%s" is no address of a socket (' % address) and "ipc:///" in last


@pytest.mark.parametrize("options", [{"principal": "p" * 65}])
def test_a_greeting_that_can_not_be_said_leaves_nothing_open(options):
    with pytest.raises(ValueError, match="principal"):
        Client("ipc:///nonexistent", **options)


@pytest.mark.parametrize("address", NONE)
def test_no_address_for_asyncio(address):
    async def connect():
        async with aio.Client(address):
            pass
    with pytest.raises(ValueError, match="no address of a socket"):
        asyncio.run(connect())
