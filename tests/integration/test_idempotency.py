"""Sending again is always safe: the same submission has the same receipt, byte for byte."""
import os

import pytest
from house import story
from wireroom import IdReused, codec

DOCUMENTS = [codec.pack(story()), codec.pack(story(uri="a:2", text="Another story.")), b"\xc1 no article", b""]


def receipt_frames(daemon, n, id, body, **hints):
    """A RECEIPT as it came, frame by frame: no codec of ours in between."""
    with daemon.peer() as peer:
        peer.hello()
        peer.say("SUBMIT", body, n=n, id=id, source="dpa", format="article", **hints)
        while True:
            frames = peer.frames()
            assert frames is not None, "no answer"
            if frames[0] == b"WR\x01\x11":
                return frames


def test_the_receipts_body_is_byte_equal_before_and_after_restarts_and_kills(daemon):
    ids = [os.urandom(16) for _ in DOCUMENTS]
    first = [receipt_frames(daemon, 1, id, body)[2] for id, body in zip(ids, DOCUMENTS)]
    with daemon.client() as client:  # the world moves on
        client.submit(story(version="2", text="Another text altogether."), source="dpa")
        client.submit(story(uri="a:2", version="2", pubStatus="canceled"), source="dpa")
    for again in (lambda: None, daemon.restart, daemon.crash):
        again()
        for id, body, want in zip(ids, DOCUMENTS, first):
            assert receipt_frames(daemon, 1, id, body)[2] == want
    with daemon.client() as client:
        assert client.status().records == len(DOCUMENTS) + 2


def test_the_number_travels_beside_the_receipt_not_in_it(daemon):
    id = os.urandom(16)
    first = receipt_frames(daemon, 7, id, DOCUMENTS[0])
    second = receipt_frames(daemon, 8, id, DOCUMENTS[0])
    assert first[1] != second[1] and first[2] == second[2]
    assert codec.decode(second).header["n"] == 8


def test_the_same_at_once_from_many_connections_is_filed_once(daemon):
    id = os.urandom(16)
    peers = [daemon.peer() for _ in range(8)]
    for peer in peers:
        peer.hello()
    for peer in peers:
        peer.say("SUBMIT", DOCUMENTS[0], n=1, id=id, source="dpa", format="article")
    bodies = {peer.hear("RECEIPT").body for peer in peers}
    for peer in peers:
        peer.__exit__()
    assert len(bodies) == 1
    with daemon.client() as client:
        assert (client.status().records, client.status().seq) == (1, 1)


def test_twice_in_one_breath_on_one_connection_is_filed_once(daemon):
    id = os.urandom(16)
    with daemon.peer() as peer:
        peer.hello()
        for n in range(20):
            peer.say("SUBMIT", DOCUMENTS[0], n=n, id=id, source="dpa", format="article")
        answers = [peer.hear("RECEIPT") for _ in range(20)]
    assert len({answer.body for answer in answers}) == 1
    assert {answer.header["n"] for answer in answers} == set(range(20))


OTHERWISE = [dict(language="de"), dict(page="4"), dict(issue_date="2026-03-04"), dict(zone="+08:00"),
             dict(charset="gb18030"), dict(all_or_nothing=True), dict(format="ninjs")]


@pytest.mark.parametrize("restart", [False, True], ids=["at once", "after a restart"])
def test_an_id_used_for_other_bytes_or_hints_is_refused(daemon, restart):
    id = os.urandom(16)
    with daemon.client() as client:
        first = client.submit(story(), source="dpa", id=id)
    if restart:
        daemon.restart()
    with daemon.client() as client:
        with pytest.raises(IdReused):
            client.submit(story(text="Other bytes."), source="dpa", id=id)
        for hints in OTHERWISE:
            with pytest.raises(IdReused):
                client.submit(codec.pack(story()), source="dpa", id=id, **{"format": "article", **hints})
        assert client.submit(story(), source="afp", id=id).items[0].seq  # ids are each source's own
        assert client.submit(story(), source="dpa", id=id).body == first.body


def test_a_hint_at_its_default_is_the_same_submission(daemon):
    id = os.urandom(16)
    with daemon.client() as client:
        first = client.submit(story(), source="dpa", id=id)
        assert client.submit(story(), source="dpa", id=id, all_or_nothing=False).body == first.body


def test_a_transient_refusal_is_not_remembered(make_daemon):
    daemon = make_daemon(credit__grant="1024", credit__messages="1")
    id, filler = os.urandom(16), b"Filling words for the window. " * 30
    with daemon.peer() as peer:
        peer.hello()
        for n in range(6):  # one fits; of the others some come too early
            peer.say("SUBMIT", filler, n=n, id=os.urandom(16) if n else id, source="dpa", format="text")
        answers = [peer.hear("RECEIPT", "REFUSED") for _ in range(6)]
        late = [a.header["n"] for a in answers if a.name == "REFUSED"]
        assert {a.header["error"] for a in answers if a.name == "REFUSED"} <= {"OVER_CREDIT"}
    with daemon.client() as client:
        assert client.status().records == 6 - len(late)
        assert client.submit(filler, source="dpa", format="text", id=id).record == 1
