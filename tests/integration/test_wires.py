"""Wires and mails through the sandbox: whatever a document names, no reader opens a file for it."""
import pytest
from house import ROOT

CORPUS = ROOT / "tests/corpus"
CHARSETS = ("ibm1047", "utf-7", "ebcdic-us", "iso-2022-jp", "euc-tw", "x-not-known", "viscii", "unicode")


@pytest.mark.parametrize("kind", ("anpa1312", "iptc7901", "email"))
def test_documents_of_a_kind_are_read_by_name_and_by_what_they_are(daemon, kind):
    documents = sorted((CORPUS / kind).glob("*.in"))
    with daemon.client() as client:
        for path in documents:
            named = client.submit(path.read_bytes(), source="wire-a", format=kind, issue_date="2026-03-05")
            known = client.submit(path.read_bytes(), source="wire-b", issue_date="2026-03-05")
            assert all(i.outcome in ("NEW", "DUPLICATE") for i in named.items), path.name
            if path.name != "bare.in":  # a frame that lost its SOH is known by its name alone
                assert len(known.items) == len(named.items), path.name
                if known.items[0].state == "open":
                    read = client.get("wire-b", known.items[0].uri).article
                    assert read["wr"]["ingest"]["format"] == kind, path.name
    assert "READER_DIED" not in daemon.said()


def test_a_charset_in_a_mail_opens_nothing(daemon):
    with daemon.client() as client:
        for n, charset in enumerate(CHARSETS):
            mail = ("From: a@b.example\nSubject: =?%s?q?caf=E9?= %d\nMessage-ID: <c%d@b.example>\n"
                    "Content-Type: text/plain; charset=%s; name*=%s''%%81%%82\n\nText %d in it.\n"
                    % (charset, n, n, charset, charset, n)).encode()
            assert client.submit(mail, source="desk", format="email").items[0].outcome == "NEW", charset


def test_a_mail_of_parts_in_parts_is_refused_in_words(daemon):
    deep = "From: a@b.example\nSubject: deep\n"
    for n in range(900):
        deep += "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
    with daemon.client() as client:
        item = client.submit(deep.encode(), source="desk", format="email").items[0]
        assert item.outcome == "QUARANTINED" and item.error.error == "TOO_DEEP"


def test_a_kill_in_a_keyword_line_is_a_kill(daemon):
    with daemon.client() as client:
        receipt = client.submit((CORPUS / "anpa1312/kill.in").read_bytes(), source="wire")
        assert receipt.items[0].state == "killed"
        assert [i.state for i in receipt.items[1:]] == ["open", "open"]
