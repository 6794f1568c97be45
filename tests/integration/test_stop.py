"""Stopping: what was taken in is answered, the rest can be sent again, and nothing is half done."""
import os
import socket
import time

import pytest
from house import story
from wireroom import codec


def test_sigterm_answers_all_that_is_inside_says_bye_and_exits_0(daemon):
    with daemon.peer() as peer:
        peer.hello()
        ids = {n: os.urandom(16) for n in range(300)}
        bodies = {n: codec.pack(story(uri="s:%d" % n, text="Text %d. " % n * 20)) for n in ids}
        for n in ids:
            peer.say("SUBMIT", bodies[n], n=n, id=ids[n], source="dpa", format="article")
        assert peer.hear("RECEIPT")
        daemon.process.terminate()
        receipted, refused = 1, 0
        while (heard := peer.hear("RECEIPT", "REFUSED", "BYE")).name != "BYE":
            receipted += heard.name == "RECEIPT"
            refused += heard.name == "REFUSED"
            assert heard.name == "RECEIPT" or heard.header["error"] in ("DRAINING", "OVER_CREDIT")
        assert heard.header["reason"]
    assert daemon.process.wait(30) == 0
    assert receipted + refused <= 300
    with daemon.start().client() as client:
        assert client.status().records == receipted
        again = [client.submit(bodies[n], source="dpa", format="article", id=ids[n]) for n in ids]
        assert {r.items[0].outcome for r in again} == {"NEW"} and client.status().records == 300


@pytest.mark.parametrize("station", ["submit", "feed", "query", "admin"])
def test_everybody_is_told_that_it_stops(daemon, station):
    with daemon.peer(station) as peer:
        peer.hello()
        daemon.process.terminate()
        assert peer.hear("BYE").header["reason"]
    assert daemon.process.wait(30) == 0


def test_a_clean_stop_leaves_nothing_to_recover(daemon):
    with daemon.client() as client:
        client.submit(story(), source="dpa")
    daemon.restart()
    assert "recovered" not in daemon.said()
    daemon.stop()
    assert "0 findings" in daemon.verify("--replay")


def test_a_stop_does_not_wait_for_a_checkpoint_to_be_due(make_daemon):
    daemon = make_daemon(store__checkpoint="64M", store__checkpoint_idle="1m", store__checkpoint_records="5000")
    with daemon.client() as client:
        client.submit(story(), source="dpa")
        assert client.status().checkpoint_seq == 0
    daemon.process.terminate()
    assert daemon.process.wait(10) == 0
    with daemon.start().client() as client:
        assert client.status().checkpoint_seq == 1


def sockets(daemon):
    return sorted(path.name for path in daemon.directory.iterdir() if path.is_socket())


def test_the_files_of_its_sockets_go_with_it_and_no_others(daemon):
    assert sockets(daemon) == ["admin", "feed", "notice", "query", "submit"]
    (daemon.directory / "feed").unlink()
    with socket.socket(socket.AF_UNIX) as other, socket.socket(socket.AF_UNIX) as beside:
        other.bind(str(daemon.directory / "feed"))  # somebody else's by now
        beside.bind(str(daemon.directory / "beside"))
        assert daemon.stop() == 0
        assert sockets(daemon) == ["beside", "feed"]


def test_a_start_that_failed_leaves_no_sockets(make_daemon):
    daemon = make_daemon(start=False)
    (daemon.directory / "admin").write_text("a file of somebody's")
    daemon.start(wait=False)
    assert daemon.process.wait(30) == 71
    assert sockets(daemon) == []


def test_readers_go_with_their_daemon(make_daemon):
    for end in ("stop", "kill"):
        daemon = make_daemon(readers__processes="2")
        with daemon.client() as client:
            client.submit(story(), source="dpa")
        children = open("/proc/%d/task/%d/children" % (daemon.process.pid, daemon.process.pid)).read().split()
        assert len(children) == 2
        getattr(daemon, end)()
        for _ in range(500):
            if not any(running(pid) for pid in children):
                break
            time.sleep(0.01)
        assert not any(running(pid) for pid in children), end


def running(pid):
    try:
        return open("/proc/%s/stat" % pid).read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
