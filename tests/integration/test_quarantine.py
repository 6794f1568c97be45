"""What could not be read: looked at, read again by better readers, released as text, dropped;
each once, each a record of the log that a crash and a replay agree on."""
import asyncio
import json
import os
import subprocess
import time

import pytest
from house import CLI, hooks_are_in, story
from test_start import LAZY
from wireroom import NotAllowed, NotFound, Settled, StillUnread, aio

BROKEN = b'{"uri": "x:1",\n "headlines" [{"value": "x"}]}'
LINES = b'{"uri":"l:1","headlines":[{"value":"First of the lines"}]}\n{"uri":"l:2",broken\n'
COPY = b"A headline of the evening\n\nAnd a text below it, long enough to be one."
needs_hooks = pytest.mark.skipif(not hooks_are_in(), reason="built without WIREROOM_HOOKS")
LAZILY = {k.replace(".", "__"): v for k, v in LAZY.items()}


@pytest.fixture
def dying_readers(tmp_path, monkeypatch):
    """A program that dies of whatever it is to read, until it is mended."""
    program = tmp_path / "reader"
    program.write_text("""#!/usr/bin/python3 -I
import os, select, signal, sys
if sys.argv[1] == "--reader-selftest":
    os.kill(os.getpid(), signal.SIGSYS)
os.write(3, bytes(24))  # ready
select.select([3], [], [])
sys.exit(3)
""")
    program.chmod(0o755)
    monkeypatch.setenv("WIREROOM_READER", str(program))
    return lambda: monkeypatch.delenv("WIREROOM_READER")


def counted(client, count):
    """Status is of the last checkpoint, which may be milliseconds behind."""
    until = time.monotonic() + 10
    while client.status().quarantined != count and time.monotonic() < until:
        client.ping()
    return client.status().quarantined == count


def entries(client, **options):
    return [(e.record, e.state) for e in client.quarantine(**options)]


def test_entries_are_listed_newest_first_and_counted(client):
    records = [client.submit(BROKEN, source=s, format="ninjs", page="p.json").record for s in ("dpa", "afp", "dpa")]
    client.submit(story(), source="dpa")
    assert entries(client) == [(r, "open") for r in reversed(records)]
    assert entries(client, source="dpa") == [(records[2], "open"), (records[0], "open")]
    assert entries(client, limit=1) == entries(client)
    assert entries(client, source="nobody") == []
    assert client.status().quarantined == 3
    entry = next(client.quarantine(source="afp"))
    assert (entry.source, entry.bytes, entry.row["page"], entry.row["format"]) == ("afp", len(BROKEN), "p.json", "ninjs")
    assert entry.items[0]["error"]["error"] == "ILL_FORMED" and "line" not in entry.items[0]["error"]


def test_one_entry_shows_the_line_at_fault(client):
    record = client.submit(BROKEN, source="dpa", format="ninjs").record
    error = client.entry(record).items[0]["error"]
    assert (error["line"], error["column"], error["before"]) == (2, 14, ' "headlines" ')
    assert error["next"] and not error["transient"]
    binary = client.submit(b"\x7fELF\x01\x02\xff\xfe", source="dpa").record
    assert client.entry(binary).items[0]["error"]["error"] == "UNKNOWN_FORMAT"
    with pytest.raises(NotFound):
        client.entry(client.submit(story(), source="dpa").record)


def test_a_retry_that_still_fails_does_nothing(client):
    record = client.submit(BROKEN, source="dpa", format="ninjs").record
    before = client.status().records
    for _ in range(2):
        with pytest.raises(StillUnread) as refused:
            client.settle(record, "retry")
        assert "line 2" in refused.value.words and not refused.value.transient
    assert client.status().records == before and entries(client) == [(record, "open")]


def test_release_files_it_as_text_with_a_warning_once(client):
    record = client.submit(BROKEN, source="dpa", format="ninjs").record
    first = client.settle(record, "release")
    assert (first.verb, first.entry, first.items[0].outcome) == ("release", record, "NEW")
    assert "released-as-text" in first.items[0].warnings
    assert client.settle(record, "release").body == first.body
    assert entries(client) == [] and entries(client, settled=True) == [(record, "released")]
    assert client.entry(record).settled == first.record
    change = client.get(revision=first.seq)
    assert '"headlines" [' in change.article["bodies"][0]["value"]
    assert client.raw(record=record) == client.raw(record=first.record) == BROKEN
    for verb in ("retry", "drop"):
        with pytest.raises(Settled) as refused:
            client.settle(record, verb)
        assert "released as record %d" % first.record in refused.value.words


def test_what_is_dropped_keeps_its_bytes(client):
    record = client.submit(BROKEN, source="dpa", format="ninjs").record
    before = client.status().seq
    dropped = client.settle(record, "drop")
    assert [i.outcome for i in dropped.items] == ["DROPPED"] and dropped.entry == record
    assert client.settle(record, "drop").body == dropped.body
    assert entries(client, settled=True) == [(record, "dropped")]
    assert client.raw(record=record) == BROKEN
    assert (client.status().quarantined, client.status().seq) == (0, before)


def test_the_first_receipt_stands_whatever_became_of_it(client):
    one = os.urandom(16)
    first = client.submit(BROKEN, source="dpa", format="ninjs", id=one)
    client.settle(first.record, "release")
    assert client.submit(BROKEN, source="dpa", format="ninjs", id=one).body == first.body


def test_words_that_are_no_verb_and_records_that_are_no_entry(client, daemon):
    filed = client.submit(story(), source="dpa").record
    with pytest.raises(NotFound):
        client.settle(filed, "retry")
    with pytest.raises(NotFound):
        client.settle(99, "drop")
    with daemon.peer() as peer:
        peer.hello(principal="editor")
        peer.say("SETTLE", n=1, record=1, verb="burn")
        assert peer.hear("REFUSED").header["error"] == "BAD_FIELD"


def test_it_takes_the_role_desk(make_daemon):
    config = "principals:\n  feeder: {uid: %d, sources: any, roles: [submit, read]}\n" % os.getuid()
    daemon = make_daemon(config=config)
    with daemon.client() as client:
        record = client.submit(BROKEN, source="dpa", format="ninjs").record
        with pytest.raises(NotAllowed):
            client.settle(record, "drop")
        with pytest.raises(NotAllowed):
            list(client.quarantine())


@needs_hooks
def test_better_readers_read_it_with_the_hints_it_came_with(make_daemon, dying_readers):
    daemon = make_daemon()
    with daemon.client() as client:
        first = client.submit(COPY, source="dpa", format="text", language="de", page="evening.txt")
        assert first.items[0].error.error == "READER_DIED"
    dying_readers()
    daemon.restart()
    with daemon.client() as client:
        assert client.status().quarantined == 1
        again = client.settle(first.record, "retry")
        item = again.items[0]
        assert (item.outcome, item.source, again.verb) == ("NEW", "dpa", "retry")
        change = client.get(revision=item.seq)
        assert change.article["language"] == "de" and "evening.txt" in str(change.article["wr"])
        assert [c.kind for c in client.follow(after=0, until_head=True)] == ["new"]
        assert client.status().quarantined == 0
        assert client.settle(first.record, "retry").body == again.body
        assert client.submit(COPY, source="dpa", format="text", language="de").items[0].outcome == "UNCHANGED"


@needs_hooks
def test_what_is_read_in_part_leaves_an_entry_of_its_own(make_daemon, dying_readers):
    daemon = make_daemon()
    with daemon.client() as client:
        first = client.submit(LINES + b"\n" + LINES.replace(b"l:", b"m:"), source="dpa", format="ndjson")
        assert len(first.items) == 1
    dying_readers()
    daemon.restart()
    with daemon.client() as client:
        with pytest.raises(StillUnread):  # two lines are unread now, and one document was
            client.settle(first.record, "retry")
        mixed = client.submit(LINES, source="dpa", format="ndjson")
        assert [i.outcome for i in mixed.items] == ["NEW", "QUARANTINED"]
        with pytest.raises(StillUnread):
            client.settle(mixed.record, "retry")
        assert entries(client) == [(mixed.record, "open"), (first.record, "open")]


def test_two_desks_at_once_settle_it_once(daemon):
    with daemon.client() as client:
        records = [client.submit(BROKEN, source="dpa", format="ninjs").record for _ in range(10)]

    async def both():
        async with aio.Client(daemon.address, principal="one") as a, aio.Client(daemon.address, principal="two") as b:
            wanted = [w.settle(r, verb) for r in records for w, verb in ((a, "release"), (b, "drop"), (b, "release"))]
            return await asyncio.gather(*wanted, return_exceptions=True)
    answers = asyncio.run(both())
    for i, record in enumerate(records):
        given = answers[3 * i:3 * i + 3]
        won = {a.verb for a in given if not isinstance(a, Exception)}
        assert len(won) == 1, given
        assert all(isinstance(a, Settled) for a in given if isinstance(a, Exception)), given
        assert len({a.body for a in given if not isinstance(a, Exception)}) == 1
    with daemon.client() as client:
        assert counted(client, 0)


def test_a_crash_in_between_forgets_nothing_that_was_receipted(make_daemon):
    daemon = make_daemon(**LAZILY)
    with daemon.client() as client:
        records = [client.submit(b"%s\n" % (b" " * i) + BROKEN, source="dpa", format="ninjs").record for i in range(4)]
        client.entry(records[-1])  # they are in the checkpoint, what follows is in the log alone
        released, dropped = client.settle(records[0], "release"), client.settle(records[1], "drop")
    daemon.kill()
    daemon.start()
    with daemon.client() as client:
        assert client.settle(records[0], "release").body == released.body
        assert client.settle(records[1], "drop").body == dropped.body
        assert entries(client, settled=True) == [
            (records[3], "open"), (records[2], "open"), (records[1], "dropped"), (records[0], "released")]
        assert client.status().quarantined == 2
    daemon.kill()
    assert "0 findings" in daemon.verify()


def test_judged_again_from_the_log_it_comes_out_alike(make_daemon):
    daemon = make_daemon(**LAZILY)
    with daemon.client() as client:
        records = [client.submit(b" " * i + BROKEN, source="dpa", format="ninjs").record for i in range(3)]
        client.submit(story(), source="dpa")
        client.settle(records[0], "release")
        client.submit(story(version="2", text="More of it."), source="dpa")
        client.settle(records[1], "drop")
    daemon.kill()
    assert "0 findings" in daemon.verify("--replay")
    daemon.start()
    with daemon.client() as client:
        assert entries(client) == [(records[2], "open")]
        assert client.status().quarantined == 1


def test_asyncio_and_the_command_line_do_the_same(daemon):
    async def settle():
        async with aio.Client(daemon.address, principal="editor") as w:
            records = [(await w.submit(b" " * i + BROKEN, source="dpa", format="ninjs")).record for i in range(4)]
            receipt = await w.settle(records[0], "drop")
            assert (await w.entry(records[0])).settled == receipt.record
            return records, [e.record async for e in w.quarantine()]
    records, listed = asyncio.run(settle())
    assert listed == records[:0:-1]
    assert "3 in quarantine" in daemon.cli("status").stdout
    lines = daemon.cli("quarantine", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["q%d" % r for r in listed]
    assert "ILL_FORMED" in lines[0]
    shown = daemon.cli("quarantine", "show", "q%d" % records[1]).stdout
    assert "at line 2, column 14:" in shown and '     "headlines" [{"value": "x"}]}\n                 ^\n' in shown
    assert daemon.cli("quarantine", "show", "--raw", str(records[1])).stdout.encode() == b" " + BROKEN
    assert [r["record"] for r in daemon.ndjson("quarantine", "list", "--all")] == records[::-1]
    still = daemon.cli("quarantine", "retry", str(records[1]), check=False)
    assert still.returncode == 65 and "still can't be read" in still.stderr
    assert daemon.cli("quarantine", "release", str(records[1])).stdout.startswith("new ")
    assert daemon.cli("quarantine", "drop", str(records[2]), str(records[3])).stdout.count("dropped") == 2
    assert json.loads(daemon.cli("status", "-o", "json").stdout)["quarantined"] == 0
    assert daemon.cli("quarantine", "show", "999", check=False).returncode == 1
    assert daemon.cli("quarantine", "burn", "1", check=False).returncode == 64


def test_the_desk_is_told_what_there_is_to_do(daemon):
    with daemon.client() as client:
        text = client.submit(BROKEN, source="dpa", format="ninjs", page="story.json").record
        binary = client.submit(b"\x7fELF\x01\x02\0\0" * 40, source="dpa").record
        lines = client.submit(LINES + b'{"uri":"l:3","pubstatus":"maybe"}\n', source="dpa", format="ndjson").record
    shown = daemon.cli("quarantine", "show", "q%d" % lines).stdout
    assert "  item 2 of the document\n" in shown and "  item 3 of the document\n" in shown
    assert "  and 1 more" in daemon.cli("quarantine", "list").stdout.splitlines()[0]
    assert "quarantine show --raw q%d gives the bytes; then retry, release or drop q%d" % (lines, lines) in shown
    refused = daemon.cli("quarantine", "release", str(binary), check=False)
    assert refused.returncode == 65 and refused.stderr.rstrip().endswith("if it is text, or drop it")
    released = daemon.cli("quarantine", "release", str(text))
    assert released.stdout.startswith("new ") and " ms" not in released.stdout
    late = daemon.cli("quarantine", "drop", str(text), check=False)
    assert late.returncode == 65 and "what was done first stands" in late.stderr
    for _ in range(2):
        assert daemon.cli("quarantine", "drop", str(binary)).stdout.startswith("dropped ")
    unknown = daemon.cli("quarantine", "drop", "99", check=False)
    assert unknown.returncode == 1 and "nothing of record 99" in unknown.stderr


def test_a_verb_mistyped_is_guessed_and_help_says_what_each_does(daemon):
    for words, said in [(("shwo", "1"), 'did you mean "show"?'), (("xyzzy",), "there are list, show, retry"),
                        (("17",), "wireroom quarantine show 17"), (("q17",), "wireroom quarantine show q17")]:
        done = daemon.cli("quarantine", *words, check=False)
        assert done.returncode == 64 and said in done.stderr
    told = daemon.cli("quarantine", "--help").stdout
    for verb in ("list", "show", "retry", "release", "drop"):
        assert "\n  %s " % verb in told


def test_completion_knows_the_verbs(daemon):
    script = """source <("$0" completion bash)
COMP_WORDS=(wireroom -S dpa quarantine re); COMP_CWORD=4; _wireroom; echo "${COMPREPLY[*]}"
COMP_WORDS=(wireroom quarantine show ''); COMP_CWORD=3; COMPREPLY=(); _wireroom; echo "${COMPREPLY[*]}" """
    done = subprocess.run(["bash", "-c", script, CLI], capture_output=True, text=True, check=True)
    assert done.stdout == "retry release\n\n"
    for shell in ("zsh", "fish"):
        assert "list show retry release drop" in daemon.cli("completion", shell).stdout
