"""Credit: nobody floods, nobody starves, and one submission always fits."""
import os

from house import story
from wireroom.core import submitting


def text(n, size=600):
    return (b"Head %d\n\n" % n + b"words " * (size // 6))[:size]


def submit(peer, n, body):
    peer.say("SUBMIT", body, n=n, id=os.urandom(16), source="dpa", format="text")


def test_the_first_grant_is_that_of_welcome(make_daemon):
    daemon = make_daemon(credit__grant="4096", credit__messages="4")
    with daemon.peer() as peer:
        welcome = peer.hello()
        assert (welcome["credit_bytes"], welcome["credit_messages"]) == (4096, 4)


def test_an_empty_window_admits_one_larger_than_the_grant(make_daemon):
    daemon = make_daemon(credit__grant="1024", credit__messages="1")
    with daemon.peer() as peer:
        peer.hello()
        for n in range(5):
            submit(peer, n, text(n, 20_000))
            answer = peer.hear("RECEIPT", "REFUSED")
            assert (answer.name, answer.header["n"]) == ("RECEIPT", n)


def test_what_is_over_the_grant_is_refused_by_number_and_the_rest_receipted(make_daemon):
    daemon = make_daemon(credit__grant="4096", credit__messages="4")
    with daemon.peer() as peer:
        peer.hello()
        for n in range(12):
            submit(peer, n, text(n))
        answers = [peer.hear("RECEIPT", "REFUSED") for _ in range(12)]
        refused = [a.header for a in answers if a.name == "REFUSED"]
        assert sorted(a.header["n"] for a in answers) == list(range(12))
        assert refused and {r["error"] for r in refused} == {"OVER_CREDIT"} and all(r["transient"] for r in refused)
        submit(peer, 99, text(99))  # the receipts gave their credit back
        assert peer.hear("RECEIPT").header["n"] == 99


def test_a_peer_that_goes_on_is_ignored_until_hello(make_daemon):
    daemon = make_daemon(credit__grant="1024", credit__messages="1")
    with daemon.peer() as peer, daemon.client() as other:
        peer.hello()
        for n in range(600):
            submit(peer, n, text(n))
        refused = 0
        while (answer := peer.hear("RECEIPT", "REFUSED", timeout=1)):
            refused += answer.name == "REFUSED"
        assert 0 < refused < 590  # it was not even told any more
        assert other.submit(story(), source="afp").items[0].outcome == "NEW"
        peer.hello()
        submit(peer, 1, text(1))
        assert peer.hear("RECEIPT", "REFUSED").header["n"] == 1


def test_want_gets_more_up_to_the_bound_of_a_connection(make_daemon):
    daemon = make_daemon(credit__connection="100K")
    with daemon.peer() as peer:
        welcome = peer.hello()
        peer.say("WANT", bytes=1 << 30, messages=2000)
        credit = peer.hear("CREDIT").header
        assert welcome["credit_bytes"] + credit["bytes"] == 100 * 1024
        peer.say("WANT", bytes=1 << 30, messages=2000)
        assert peer.hear("CREDIT", timeout=0.3) is None


def test_the_sum_of_grants_is_bounded_and_comes_back_from_who_leaves(make_daemon):
    daemon = make_daemon(credit__grant="4K", credit__total="64K", credit__connection="60K")
    with daemon.peer() as greedy, daemon.peer() as modest:
        greedy.hello()
        greedy.say("WANT", bytes=60 * 1024, messages=10)
        greedy.hear("CREDIT")
        modest.hello()
        modest.say("WANT", bytes=30 * 1024, messages=10)
        assert modest.hear("CREDIT", timeout=0.5) is None
        greedy.say("BYE")
        assert modest.hear("CREDIT").header["bytes"] == 26 * 1024


def test_a_client_is_never_refused_for_credit_and_uses_all_of_it(make_daemon):
    daemon = make_daemon(credit__grant="2048", credit__messages="3", credit__connection="8K")
    with daemon.client() as client:
        seen = []
        before = submitting.Submitting._refused
        submitting.Submitting._refused = lambda self, p, error, now: (seen.append(error), before(self, p, error, now))
        try:
            receipts = list(client.submit_many((text(i, 100 + i * 37 % 5000) for i in range(200)), source="dpa", format="text"))
        finally:
            submitting.Submitting._refused = before
        assert len({r.record for r in receipts}) == 200 and seen == []


def test_a_flood_of_one_peer_never_stops_anothers_receipts(daemon):
    with daemon.peer() as flooder, daemon.client() as client:
        flooder.hello()
        for i in range(3000):
            submit(flooder, i, text(i, 900))
            if i % 300 == 0:
                item = client.submit(story(uri="f:%d" % i, text="Calm text %d." % i), source="afp", timeout=10).items[0]
                assert item.outcome == "NEW"


def test_a_peer_that_reads_nothing_does_not_stop_another(daemon):
    with daemon.peer() as deaf, daemon.client() as client:
        deaf.hello()
        for i in range(5000):
            deaf.say("PING", n=i)
        for i in range(20):
            assert client.submit(story(uri="d:%d" % i, text="Text %d." % i), source="dpa", timeout=10)
