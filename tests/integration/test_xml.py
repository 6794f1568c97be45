"""NITF and NewsML 1.2 through the sandbox: whatever a document declares, no reader opens a file or asks a host for it."""
import pytest
from house import ROOT

CORPUS = ROOT / "tests/corpus"
REFUSED = {"entity-bomb.in", "broken.in", "other-root.in", "topics-only.in"}
SECRETS = (
    b"<!DOCTYPE nitf [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><nitf><body><body.content><p>&x;</p></body.content></body></nitf>",
    b"<!DOCTYPE nitf [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x.dtd'>%x;]><nitf><body><body.content><p>&y;</p></body.content></body></nitf>",
)
HARMLESS = (
    b"<!DOCTYPE nitf SYSTEM 'http://127.0.0.1:9/nitf.dtd'><nitf><body><body.content><p>One %d</p></body.content></body></nitf>",
    b"<?xml version='1.0' encoding='x-not-known'?><nitf><body><body.content><p>Two %d</p></body.content></body></nitf>",
    b"<?xml version='1.0' encoding='ebcdic-us'?><nitf><body><body.content><p>Three %d</p></body.content></body></nitf>",
    b"<?oasis-xml-catalog catalog='file:///tmp/c.xml'?><!DOCTYPE nitf><nitf><body><body.content><p>Four %d</p></body.content></body></nitf>",
)


@pytest.mark.parametrize("kind", ("nitf", "newsml12"))
def test_documents_are_read_by_name_and_by_their_root_element(daemon, kind):
    with daemon.client() as client:
        for path in sorted((CORPUS / kind).glob("*.in")):
            named = client.submit(path.read_bytes(), source="wire-a", format=kind)
            known = client.submit(path.read_bytes(), source="wire-b")
            if path.name in REFUSED:
                assert named.items[0].outcome == "QUARANTINED", path.name
                continue
            assert len(known.items) == len(named.items), path.name
            if known.items[0].state == "open":
                read = client.get("wire-b", known.items[0].uri).article
                assert read["wr"]["ingest"]["format"] == kind, path.name
    assert "READER_DIED" not in daemon.said()


def test_an_entity_of_the_documents_own_is_refused_and_nothing_is_opened(daemon):
    with daemon.client() as client:
        for document in SECRETS:
            item = client.submit(document, source="desk").items[0]
            assert item.outcome == "QUARANTINED" and item.error.error == "ILL_FORMED"
        for n, document in enumerate(HARMLESS):
            assert client.submit(document % n, source="desk", format="nitf").items[0].outcome == "NEW", document
    assert "READER_DIED" not in daemon.said()


def test_utf_16_is_read(daemon):
    text = '<?xml version="1.0" encoding="UTF-16"?><nitf><head><docdata><doc-id id-string="u.16"/></docdata></head>' \
           '<body><body.content><p>Sm\u00f8r og br\u00f8d</p></body.content></body></nitf>'
    with daemon.client() as client:
        client.submit(text.encode("utf-16"), source="desk")
        assert client.get("desk", "u.16").article["bodies"][0]["value"] == "Sm\u00f8r og br\u00f8d"


def test_a_canceled_document_is_a_kill_and_needs_no_content(daemon):
    with daemon.client() as client:
        assert client.submit((CORPUS / "nitf/killed.in").read_bytes(), source="desk").items[0].state == "killed"
        states = [i.state for i in client.submit((CORPUS / "newsml12/several.in").read_bytes(), source="desk").items]
        assert states[1] == "killed" and states[5] == "killed" and states[0] == "embargoed"
