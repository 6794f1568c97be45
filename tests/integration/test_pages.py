"""The page: nine clean articles, and the same page again, in any dress, is nothing new."""
import pathlib
import random
import threading

import pytest
from house import PAGE, PAGE_DAY

TEXT = PAGE.decode()


def send(client, page=PAGE, source="city-desk", **more):
    receipt = client.submit(page, source=source, format="newsprint", issue_date=PAGE_DAY, **more)
    return [item.outcome for item in receipt.items]


def test_nine_new_then_nine_unchanged_and_nothing_on_the_feed(client):
    assert send(client) == ["NEW"] * 9
    assert send(client) == ["UNCHANGED"] * 9
    assert client.status().seq == 9 and client.status().items == 9


def test_the_same_page_over_restarts_and_kills(daemon):
    with daemon.client() as client:
        assert send(client) == ["NEW"] * 9
    for again in (daemon.restart, daemon.crash, daemon.restart):
        again()
        with daemon.client() as client:
            assert send(client) == ["UNCHANGED"] * 9
            assert client.status().seq == 9
    daemon.stop()
    assert "0 findings" in daemon.verify()


def test_two_producers_at_once_file_it_once(daemon):
    results, together = [], threading.Barrier(4)

    def produce():
        with daemon.client() as client:
            together.wait(30)
            results.append(send(client))

    threads = [threading.Thread(target=produce) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(results) == [["NEW"] * 9] + [["UNCHANGED"] * 9] * 3
    with daemon.client() as client:
        assert client.status().seq == 9


def filed(client):
    return [client.get(item.source, item.uri) for item in client.list(source="city-desk")]


def main_headlines(article):
    return [h["value"] for h in article.get("headlines", []) if h.get("role", "main") == "main"]


def resent(article, uri, change=lambda text: text):
    return {"uri": uri,
            "headlines": [{"value": change(h).replace("\n", "")} for h in main_headlines(article)],
            "bodies": [{"contentType": "text/plain", "value": change(article["bodies"][0]["value"])}]}


@pytest.mark.parametrize("seed", range(3))
def test_its_items_in_any_order_after_a_kill_are_nothing_new(daemon, seed):
    with daemon.client() as client:
        assert send(client) == ["NEW"] * 9
        items = filed(client)
    random.Random(seed).shuffle(items)
    daemon.crash()
    with daemon.client() as client:
        for item in items:
            again = client.submit(resent(item.article, "again:" + item.uri), source="evening-desk").items[0]
            assert (again.outcome, again.of) == ("DUPLICATE", "city-desk:" + item.uri)
        assert send(client) == ["UNCHANGED"] * 9


HALF = dict(zip("，：；！？（）％", ",:;!?()%"))


def half(text):
    return "".join(HALF.get(c, c) for c in text)


def full(text):
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


def rewrapped(text, width):
    return "\n\n".join("\n".join(p[i:i + width] for i in range(0, len(p), width)) for p in text.split("\n\n"))


@pytest.mark.parametrize("change", [
    half, full, lambda t: rewrapped(t, 11), lambda t: rewrapped(t, 200), lambda t: t.replace("，", "， ")],
    ids=["half-width punctuation", "full-width digits", "narrow", "wide", "spaces"])
def test_the_digest_knows_an_article_in_any_dress(client, change):
    assert send(client) == ["NEW"] * 9
    for item in filed(client):
        again = client.submit(resent(item.article, "again:" + item.uri, change), source="evening-desk").items[0]
        assert (again.outcome, again.of) == ("DUPLICATE", "city-desk:" + item.uri)


DRESSES = {
    "Windows lines": TEXT.replace("\n", "\r\n"),
    "spaces at the ends of lines": "\n".join(line + "  " if line else line for line in TEXT.split("\n")),
    "full-width letters": "".join(full(c) if c.isalpha() else c for c in TEXT),
    "two empty lines for one": TEXT.replace("\n\n", "\n\n\n"),
    "GB 18030": TEXT.encode("gb18030"),
    "UTF-16": TEXT.encode("utf-16"),
    "a byte order mark": "\ufeff" + TEXT,
}


@pytest.mark.parametrize("name", DRESSES)
def test_the_page_itself_in_another_dress_is_nothing_new(client, name):
    page = DRESSES[name]
    assert send(client) == ["NEW"] * 9
    assert send(client, page if isinstance(page, bytes) else page.encode()) == ["UNCHANGED"] * 9


ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGES = {path.stem: path.read_text() for path in sorted((ROOT / "corpus/newsprint").glob("*-zh.txt"))}
PAGES["the sample page"] = TEXT


def with_page_numbers(text):
    return "A03\n\n" + text + "\n— 3 —\n\f"


ALL_DRESSES = {
    "half-width marks": half,
    "full-width letters and digits": full,
    "both": lambda text: full(half(text)),
    "Windows lines, padded": lambda text: "\r\n".join(line and line + "\u00a0\u3000" for line in text.split("\n")),
    "page numbers": with_page_numbers,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_any_dress_is_nothing_new(client, name):
    first = send(client, PAGES[name].encode())
    assert first == ["NEW"] * len(first)
    for dress, put_on in ALL_DRESSES.items():
        assert send(client, put_on(PAGES[name]).encode()) == ["UNCHANGED"] * len(first), dress
    assert client.status().seq == len(first)


def test_another_source_is_told_of_the_duplicate(client):
    assert send(client) == ["NEW"] * 9
    assert send(client, source="evening-desk") == ["DUPLICATE"] * 9
    assert send(client, source="evening-desk") == ["UNCHANGED"] * 9


def test_another_day_with_the_same_text_is_not_filed_as_new(client):
    assert send(client) == ["NEW"] * 9
    receipt = client.submit(PAGE, source="city-desk", format="newsprint", issue_date="2026-03-05")
    assert "NEW" not in [item.outcome for item in receipt.items]


@pytest.mark.parametrize("junk", [b"\xff\xfe\x00", b"", b"\n\n\n", b".....", b"\x00" * 500, b"ab\n" * 2000],
                         ids=["half a UTF-16", "nothing", "empty lines", "dots", "zeros", "noise"])
def test_a_hopeless_page_is_kept_and_never_confetti(client, junk):
    receipt = client.submit(junk, source="city-desk", format="newsprint")
    assert len(receipt.items) == 1
    assert client.raw(record=receipt.record) == junk
