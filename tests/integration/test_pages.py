"""The page: nine clean articles, and the same page again changes nothing."""
import threading

import pytest
from conftest import PAGE, PAGE_DAY


def send(client, page=PAGE, source="city-desk"):
    return [i.outcome for i in client.submit(page, source=source, format="newsprint", issue_date=PAGE_DAY).items]


def test_nine_new_then_nine_unchanged(client):
    assert send(client) == ["NEW"] * 9
    assert send(client) == ["UNCHANGED"] * 9
    assert client.status().seq == 9


def test_the_same_page_over_restarts_and_kills(daemon):
    with daemon.client() as client:
        assert send(client) == ["NEW"] * 9
    daemon.restart()
    with daemon.client() as client:
        assert send(client) == ["UNCHANGED"] * 9
    daemon.kill()
    daemon.start()
    with daemon.client() as client:
        assert send(client) == ["UNCHANGED"] * 9
    daemon.stop()
    assert "0 findings" in daemon.verify()


def test_two_producers_at_once_file_it_once(daemon):
    results = []

    def produce():
        with daemon.client() as client:
            results.append(send(client))

    threads = [threading.Thread(target=produce) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(r[0] for r in results) == ["NEW", "UNCHANGED"]
    with daemon.client() as client:
        assert client.status().seq == 9


HALF = dict(zip("，：；！？（）％", ",:;!?()%"))


def rewrapped(text, width):
    return "\n\n".join("\n".join(p[i:i + width] for i in range(0, len(p), width)) for p in text.split("\n\n"))


@pytest.mark.parametrize("change", [
    lambda t: "".join(HALF.get(c, c) for c in t),
    lambda t: rewrapped(t, 11),
    lambda t: "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in t),
    lambda t: t.replace("，", "， "),
], ids=["half-width punctuation", "another width", "full-width digits", "spaces"])
def test_the_digest_knows_the_text_in_any_dress(client, change):
    assert send(client) == ["NEW"] * 9
    for filed in list(client.list()):
        article = client.get(filed.source, filed.uri).article
        dressed = {"uri": "again:" + filed.uri,
                   "headlines": [{"value": change(h["value"]).replace("\n", "")} for h in article.get("headlines", [])
                                 if h.get("role", "main") == "main"],
                   "bodies": [{"contentType": "text/plain", "value": change(article["bodies"][0]["value"])}]}
        item = client.submit(dressed, source="evening-desk").items[0]
        assert (item.outcome, item.of) == ("DUPLICATE", "city-desk:" + filed.uri)


def test_another_source_is_told_of_the_duplicate(client):
    assert send(client) == ["NEW"] * 9
    assert send(client, source="evening-desk") == ["DUPLICATE"] * 9


@pytest.mark.parametrize("junk", [b"\xff\xfe\x00", b"", b"\n\n\n", b"....."])
def test_a_hopeless_page_is_kept_and_never_confetti(client, junk):
    receipt = client.submit(junk, source="city-desk", format="newsprint")
    assert len(receipt.items) == 1
    if receipt.items[0].outcome == "QUARANTINED":
        assert client.raw(record=receipt.record) == junk
