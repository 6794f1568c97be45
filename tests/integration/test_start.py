"""Starting: what can't be served is refused with one cause, one next step and an exit code."""
import os
import pathlib
import shutil
import subprocess

import pytest
from house import DAEMON, story
from wireroom import Client, EpochChanged

LAZY = {"store.checkpoint": "64M", "store.checkpoint_idle": "1s", "store.checkpoint_records": "100000"}


def refused(daemon, *words):
    """Exit code and words of a daemon that must not start."""
    done = subprocess.run(daemon.command(*words), capture_output=True, text=True, timeout=60)
    assert "ready" not in done.stderr and done.stderr.strip()
    return done.returncode, done.stderr


def parts(daemon):
    return daemon.directory / "store" / "store"


@pytest.fixture
def killed(make_daemon):
    """A store whose log is far ahead of LMDB: made by a daemon that was killed."""
    daemon = make_daemon(**{k.replace(".", "__"): v for k, v in LAZY.items()})
    with daemon.client() as client:
        list(client.submit_many([story(uri="l:%d" % i, text="Text %d. " % i * 30) for i in range(200)], source="dpa"))
    daemon.kill()
    return daemon


@pytest.fixture
def foreign(make_daemon):
    daemon = make_daemon()
    with daemon.client() as client:
        client.submit(story(), source="afp")
    daemon.stop()
    return daemon


def test_a_second_daemon_on_one_store_is_refused_and_the_first_serves_on(daemon):
    code, words = refused(daemon)
    assert code == 75 and "in use by wireroomd pid %d" % daemon.process.pid in words
    with daemon.client() as client:
        assert client.submit(story(), source="dpa").record == 1


def test_a_log_that_is_damaged_in_its_middle_is_not_started_on(killed):
    segment = parts(killed) / "log/000000.log"
    bytes = bytearray(segment.read_bytes())
    bytes[12388:12404] = b"\xee" * 16
    segment.write_bytes(bytes)
    code, words = refused(killed)
    assert code == 65 and "000000.log" in words and "restore" in words
    assert segment.read_bytes() == bytes  # and nothing was mended in silence


@pytest.mark.parametrize("part", ["log", "main"])
def test_a_part_of_another_store_is_refused(killed, foreign, part):
    shutil.rmtree(parts(killed) / part)
    shutil.copytree(parts(foreign) / part, parts(killed) / part)
    code, words = refused(killed)
    assert code == 65 and "--accept-loss" in words


@pytest.mark.parametrize("part", ["log", "main"])
def test_a_part_that_is_gone_is_refused(killed, part):
    shutil.rmtree(parts(killed) / part)
    code, words = refused(killed)
    assert code == 65 and ("has no files" if part == "log" else "main/data.mdb is missing") in words


def test_a_log_that_is_gone_and_one_that_is_empty_are_the_same(killed):
    for segment in (parts(killed) / "log").iterdir():
        segment.unlink()
    empty = refused(killed)
    (parts(killed) / "log").rmdir()
    assert refused(killed) == empty
    code, words = empty
    assert code == 65 and "the log has no files" in words and "--accept-loss" in words


@pytest.mark.parametrize("left", [0.3, 0.7, 0.95])
def test_a_main_store_whose_end_is_cut_off_is_refused_in_words(killed, left):
    killed.start().stop()  # what the log held is in main now
    data = parts(killed) / "main/data.mdb"
    os.truncate(data, int(data.stat().st_size * left) // 4096 * 4096)
    cut = data.stat().st_size
    for words in ((), ("verify",)):
        code, said = refused(killed, *words)
        assert code == 65 and "main/data.mdb" in said and "cut off" in said and "restore" in said
    assert data.stat().st_size == cut


class Lost:
    """A store with 30 records filed, whose log is then made unfit in one way or another."""

    def __init__(self, daemon, foreign, how):
        self.daemon = daemon
        self.ids = [os.urandom(16) for _ in range(30)]
        self.log = parts(daemon) / "log"
        old = daemon.directory / "old"
        with daemon.client() as client:
            self.epoch = client.welcome["epoch"]
            self.receipts = self.send_all(client, 10)
        daemon.stop()
        shutil.copytree(self.log, old)
        with daemon.start().client() as client:
            self.receipts = self.send_all(client, 30)
            self.rows = [(c.seq, c.uri) for c in client.follow(after=0, until_head=True)]
            self.cursor = [c.cursor for c in client.follow(after=0, until_head=True) if c.cursor][-1]
        daemon.stop()
        shutil.rmtree(self.log)
        if how == "empty":
            self.log.mkdir()
        elif how in ("older", "foreign"):
            shutil.copytree(old if how == "older" else parts(foreign) / "log", self.log)

    def send_all(self, client, count):
        return [(r.record, r.items[0].outcome, r.items[0].seq) for r in (
            client.submit(story(uri="l:%d" % n, text="Text %d. " % n * 30), source="dpa", id=id)
            for n, id in enumerate(self.ids[:count]))]

    def aside(self):
        return [p for p in parts(self.daemon).iterdir() if p.name.startswith("log.lost-")]


@pytest.mark.parametrize("how", ["gone", "empty", "older", "foreign"])
def test_a_loss_that_is_accepted_begins_a_new_epoch_and_keeps_the_old_log(make_daemon, foreign, how):
    """What LMDB holds is served on; a follower of before is told, not rewound."""
    lost = Lost(make_daemon(), foreign, how)
    before = {p.name: p.read_bytes() for p in lost.log.iterdir()} if lost.log.exists() else {}
    code, words = refused(lost.daemon)
    assert code == 65 and "--accept-loss" in words
    with lost.daemon.start("--accept-loss").client() as client:
        assert client.welcome["epoch"] != lost.epoch
        epoch = client.welcome["epoch"]
        for place in (dict(cursor=lost.cursor), dict(after=3, epoch=lost.epoch)):
            with pytest.raises(EpochChanged):
                list(client.follow(**place, until_head=True))
        assert [(c.seq, c.uri) for c in client.follow(after=0, until_head=True)] == lost.rows
        assert lost.send_all(client, 30) == lost.receipts
        assert client.submit(story(uri="after", text="After the loss."), source="dpa").seq == 31
    aside = lost.aside()
    assert len(aside) == (0 if how == "gone" else 1)
    assert not aside or {p.name: p.read_bytes() for p in aside[0].iterdir()} == before
    with lost.daemon.crash().client() as client:  # a loss is accepted once
        assert client.welcome["epoch"] == epoch
        assert lost.send_all(client, 30) == lost.receipts
        assert client.status().records == 31
    lost.daemon.stop()
    assert "0 findings" in lost.daemon.verify()


def test_a_loss_is_not_accepted_where_nothing_is_lost_or_the_log_is_damaged(killed):
    with killed.start("--accept-loss").client() as client:
        assert client.status().records == 200
    assert not list(parts(killed).glob("log.lost-*"))
    with killed.client() as client:
        client.submit(story(uri="one more", text="One more."), source="dpa")
    killed.kill()
    segment = parts(killed) / "log/000000.log"
    bytes = bytearray(segment.read_bytes())
    bytes[12388:12404] = b"\xee" * 16
    segment.write_bytes(bytes)
    code, words = refused(killed, "--accept-loss")
    assert code == 65 and "salvage" in words
    assert segment.read_bytes() == bytes and not list(parts(killed).glob("log.lost-*"))


@pytest.mark.parametrize("how", ["gone", "foreign"])
def test_an_index_is_made_again_from_the_records(killed, foreign, how):
    with killed.start().client() as client:
        before = [(c.uri, c.seq) for c in client.list()]
    killed.stop()
    shutil.rmtree(parts(killed) / "index")
    if how == "foreign":
        shutil.copytree(parts(foreign) / "index", parts(killed) / "index")
    with killed.start().client() as client:
        assert [(c.uri, c.seq) for c in client.list()] == before
        assert client.submit(story(uri="l:7", text="Text 7. " * 30), source="dpa").items[0].outcome == "UNCHANGED"
    killed.stop()
    assert "0 findings" in killed.verify()


def test_a_restart_after_a_kill_files_the_tail_and_judges_nothing_anew(killed):
    with killed.start().client() as client:
        assert [c.seq for c in client.follow(after=0, until_head=True)] == list(range(1, 201))
    killed.stop()
    assert "0 findings" in killed.verify("--replay")


def test_map_size_is_the_address_space_of_both_environments(make_daemon):
    """Where addresses are scarce (valgrind, a limit on them) twice the disk is refused."""
    daemon = make_daemon(store__map_size="64M")
    maps = pathlib.Path("/proc/%d/maps" % daemon.process.pid).read_text()
    ends = [line.split()[0].split("-") for line in maps.splitlines() if line.endswith("/data.mdb")]
    assert [int(end, 16) - int(begin, 16) for begin, end in ends] == [64 << 20] * 2


BAD_CONFIGS = {
    "store:\n  chekpoint: 3M\n": ':2:3: unknown key "chekpoint"',
    "store:\n  segment: many\n": '"many" is no size',
    "stroe:\n  segment: 1M\n": ":1:1:",
    "store: [\n": ":2:",
    "principals:\n  x:\n    roles: [dance]\n": "dance",
    "listen:\n  submit: tcp://0.0.0.0:5555\n": "loopback",
    "listen:\n  feed: bogus://x\n": "ipc:// and tcp://",
}


@pytest.mark.parametrize("config", BAD_CONFIGS)
def test_a_bad_setting_is_named_with_its_place(make_daemon, config):
    daemon = make_daemon(start=False, config=config)
    if "listen" in config:  # else --set would win
        key = "listen." + config.split()[1].rstrip(":")
        daemon.settings[key] = config.split()[2]
    code, words = refused(daemon)
    assert code == 78 and BAD_CONFIGS[config] in words
    assert not (daemon.directory / "store").exists()  # nothing was made for it


def test_a_file_of_settings_that_is_not_there_is_said(make_daemon):
    code, words = refused(make_daemon(start=False), "--config", "/nonexistent.yaml")
    assert code == 78 and "/nonexistent.yaml" in words


def test_an_unknown_option_is_a_usage_error(make_daemon):
    assert refused(make_daemon(start=False), "--bogus")[0] == 64


def test_a_store_that_cannot_be_made_is_said(make_daemon):
    daemon = make_daemon(start=False)
    daemon.settings["store.path"] = "/proc/nothing/here"
    code, words = refused(daemon)
    assert code == 74 and "/proc/nothing/here" in words


def test_ephemeral_prints_its_address_and_leaves_nothing(tmp_path):
    process = subprocess.Popen([DAEMON, "--ephemeral", "--open", "--set", "store.min_free=0"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = process.stdout.readline().strip()

    with Client(address, principal="anybody") as client:
        assert client.submit(story(), source="any-desk").items[0].outcome == "NEW"
    process.terminate()
    assert process.wait(30) == 0
    assert not os.path.exists(os.path.dirname(address.removeprefix("ipc://")))


@pytest.mark.parametrize("setting", ["store.path=/tmp/mine", "listen.submit=ipc:///tmp/mine", "listen.feed=tcp://127.0.0.1:0"])
def test_what_ephemeral_chooses_is_not_chosen_beside_it(setting):
    done = subprocess.run([DAEMON, "--ephemeral", "--open", "--set", setting], capture_output=True, text=True, timeout=60)
    assert done.returncode == 64 and done.stderr.startswith("--set %s does nothing with --ephemeral" % setting)


def test_a_wrong_set_is_not_looked_for_in_a_file(make_daemon):
    daemon = make_daemon(start=False, store__segment="1")
    code, words = refused(daemon)
    assert code == 78 and words.endswith("wireroomd --check-config\n")
    file = daemon.directory / "some.yaml"
    file.write_text("store:\n  sgement: 1M\n")
    assert refused(daemon, "--config", str(file))[1].endswith("wireroomd --check-config --config %s\n" % file)


def test_an_address_that_cannot_be_had_is_told_by_its_setting(make_daemon):
    daemon = make_daemon(start=False, listen__submit="ipc:///nonexistent/dir/submit.sock")
    code, words = refused(daemon)
    assert code == 71 and words.startswith("cannot listen on ipc:///nonexistent/dir/submit.sock (listen.submit): "
                                           "no directory /nonexistent/dir\n")


def test_verify_says_that_there_is_no_store(make_daemon):
    daemon = make_daemon(start=False)
    code, words = refused(daemon, "verify")
    assert code == 66 and words.startswith("no store at %s/store: " % daemon.directory) and "kernel" not in words
    (daemon.directory / "store").mkdir()
    code, words = refused(daemon, "verify")
    assert code == 66 and words.startswith("no store at %s/store: " % daemon.directory) and "kernel" not in words
