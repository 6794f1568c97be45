"""History read again by the rules of today: what differs is announced, once, whatever kill or
update comes in between; what does not is stamped and never looked at again."""
import os

import pytest
from house import PAGE, PAGE_DAY, story, wait_for
from test_rules import DASHES, MEANT, TYPED, reload
from wireroom import NotAllowed

PLAIN = "sources: {}\n"


def done(client):
    wait_for(lambda: not client.renewal()["running"], 60)
    return client.renewal()


def renewed(client, **how):
    client.renormalize(**how)
    return done(client)


def changes(client):
    return list(client.follow(after=0, until_head=True))


def counts(run):
    return {k: run[k] for k in ("looked", "different", "same", "rekeyed", "unread", "unmatched", "unknown")
            if run[k]}


def fill(client, count, source="dpa", each=5):
    """Every so many has a dash of a typewriter."""
    documents = [story(uri="a:%d" % i, text=TYPED if i % each == 0 else "A plain text, number %d." % i)
                 for i in range(count)]
    receipts = list(client.submit_many(documents, source=source))
    assert all(r.items[0].outcome in ("NEW", "DUPLICATE") for r in receipts)


@pytest.fixture
def house(make_daemon):
    return make_daemon(config=PLAIN)


def test_only_what_differs_is_announced(house):
    with house.client() as client:
        fill(client, 40)
        client.submit(story(uri="b:1", text=TYPED), source="afp")
        assert counts(renewed(client)) == {}, "nothing has other rules than those of today"
        assert client.status().seq == 41
    reload(house, DASHES)
    with house.client() as client:
        run = renewed(client)
        assert counts(run) == {"looked": 40, "different": 8, "same": 32}
        rows = [c for c in changes(client) if c.seq > 41]
        assert [c.row["class"] for c in rows] == ["renormalized"] * 8
        assert [c.uri for c in rows] == ["a:%d" % i for i in range(0, 40, 5)]
        first = rows[0].row
        assert first["previous"] == 1 and first["revision"] == first["current"] == 42
        assert shown(client, "a:0")["bodies"][0]["value"] == MEANT
        assert shown(client, "b:1", "afp")["bodies"][0]["value"] == TYPED
        assert counts(renewed(client)) == {}, "what was stamped is not looked at again"
        assert client.status().seq == 49
    house.crash()
    with house.client() as client:
        assert client.renewal()["run"] == 3 and client.status().seq == 49
    house.kill()
    house.verify("--replay")
    house.start()


def test_a_dry_run_counts_and_shows(house):
    with house.client() as client:
        fill(client, 10)
    reload(house, DASHES)
    with house.client() as client:
        run = renewed(client, dry_run=True)
        assert counts(run) == {"looked": 10, "different": 2, "same": 8} and run["dry"]
        example = run["examples"][0]
        assert (example["uri"], example["field"]) == ("a:0", "bodies")
        assert example["before"].startswith("He said -- twice") and example["after"].startswith("He said — twice")
        assert client.status().seq == 10 and client.status().records == 11, "nothing was filed"
    text = house.cli("renormalize", "--dry-run").stdout
    assert "2  would be announced" in text and "+ He said — twice" in text
    assert "2  announced" in house.cli("renormalize").stdout
    assert house.ndjson("renormalize")[0]["looked"] == 0
    with house.client() as client:
        assert client.status().seq == 12


def test_only_a_source_or_only_what_came_since(house):
    with house.client() as client:
        fill(client, 5)
        fill(client, 5, source="afp")
        late = client.submit(story(uri="z:1", text=TYPED), source="dpa").time
    reload(house, "sources: {dpa: {dashes: fold}, afp: {dashes: fold}}\n")
    with house.client() as client:
        assert counts(renewed(client, source="afp")) == {"looked": 5, "different": 1, "same": 4}
        since = int(late.timestamp() * 1e6) - 1
        assert counts(renewed(client, since=since)) == {"looked": 1, "different": 1}
        assert counts(renewed(client)) == {"looked": 5, "different": 1, "same": 4}


def rss(*texts):
    items = "".join("<item><title>Of the feed -- %d</title><description>%s</description></item>" % (i, text)
                    for i, text in enumerate(texts))
    return ("<rss version='2.0'><channel><title>Wire</title>%s</channel></rss>" % items).encode()


def shown(client, uri, source="dpa"):
    """By the feed, whose rows are there before a checkpoint is."""
    rows = [c for c in client.follow(after=0, until_head=True, bodies="full") if (c.source, c.uri) == (source, uri)]
    return rows[-1].article


def test_items_of_a_document_keep_name_and_place(house):
    feed = rss("A text of its own -- one.", "A plain one.", "And one more -- the third.")
    with house.client() as client:
        named = [i.uri for i in client.submit(feed, source="dpa").items]
        assert all(uri.startswith("urn:wireroom:dpa:") for uri in named), "named by their texts"
        page = client.submit(PAGE, source="xinhua", format="newsprint", issue_date=PAGE_DAY, page="1.txt")
        before = client.status().seq
    reload(house, "sources: {dpa: {dashes: fold}, xinhua: {dashes: fold, quotes: fold}}\n")
    with house.client() as client:
        run = renewed(client)
        assert counts(run) == {"looked": 3 + len(page.items), "different": 3, "same": len(page.items)}
        heads = [shown(client, uri)["headlines"][0]["value"] for uri in named]
        assert heads == ["Of the feed — %d" % i for i in range(3)]
        assert [shown(client, uri)["uri"] for uri in named] == named
        assert client.raw("dpa", named[1]) == feed, "the bytes are those that came"
        again = client.submit(feed, source="dpa")
        assert [(i.outcome, i.uri) for i in again.items] == [("UNCHANGED", uri) for uri in named]
        assert client.status().seq == before + 3
    reload(house, PLAIN)
    with house.client() as client:
        assert renewed(client)["different"] == 3, "and back, from the first bytes"
        assert shown(client, named[2])["headlines"][0]["value"] == "Of the feed -- 2"
    house.kill()
    house.verify("--replay")


def test_hints_come_along(house):
    greek = "Ο δήμαρχος -- μίλησε\n\nστη σύνοδο".encode("iso-8859-7")
    with house.client() as client:
        uri = client.submit(greek, source="dpa", format="text", charset="iso-8859-7", language="el",
                            page="p.txt").items[0].uri
    reload(house, DASHES)
    with house.client() as client:
        assert counts(renewed(client)) == {"looked": 1, "different": 1}
        article = shown(client, uri)
        assert (article["headlines"][0]["value"], article["language"]) == ("Ο δήμαρχος — μίλησε", "el")


def test_gates_and_versions_stay_as_they_were(house):
    with house.client() as client:
        client.submit(story(uri="k:1", text=TYPED), source="dpa")
        client.submit(story(uri="k:1", version="2", text=TYPED, pubStatus="canceled"), source="dpa")
        client.submit(story(uri="e:1", text=TYPED, embargoedUntil="2050-01-01T00:00:00Z"), source="dpa")
        client.submit(story(uri="v:1", version="7", text=TYPED), source="dpa")
    reload(house, DASHES)
    with house.client() as client:
        assert renewed(client)["different"] == 3
        rows = [c.row for c in client.follow(after=4, until_head=True, bodies="full")]
        assert [(r["class"], r["uri"], r.get("gated")) for r in rows] == [
            ("renormalized", "k:1", "killed"), ("renormalized", "e:1", "embargoed"),
            ("renormalized", "v:1", None)]
        assert "article" not in rows[0] and "article" not in rows[1]
        assert not any("before" in e for e in client.renewal()["examples"][:2])
        assert client.submit(story(uri="k:1", version="3"), source="dpa").items[0].outcome == "DEAD"
        assert client.submit(story(uri="v:1", version="7", text=TYPED), source="dpa").items[0].outcome == "UNCHANGED"
        assert client.submit(story(uri="v:1", version="6"), source="dpa").items[0].outcome == "STALE"
        assert client.submit(story(uri="v:1", version="8"), source="dpa").items[0].outcome == "UPDATED"


def test_a_kill_in_the_middle_ends_with_the_same_feed(make_daemon):
    feeds = []
    for killed in (False, True):
        daemon = make_daemon(config=PLAIN)
        with daemon.client() as client:
            fill(client, 1500, each=3)
            client.submit(story(uri="z:1"), source="dpa")
        reload(daemon, DASHES)
        with daemon.client() as client:
            client.renormalize()
            if killed:
                cut = 0
                for _ in range(3):
                    seen = client.renewal()["next"]
                    wait_for(lambda: client.renewal()["next"] > seen or not client.renewal()["running"])
                    cut += client.renewal()["running"]
                    daemon.crash()
                assert cut, "a run was cut short"
            run = done(client)
            assert run["run"] == 1 and not run["unread"] and run["next"] > run["last"]
            rows = [c for c in changes(client)]
            feeds.append([(c.seq, c.row["class"], c.uri, c.row.get("previous")) for c in rows])
            assert counts(renewed(client)) == {}
        daemon.kill()
        daemon.verify("--replay")
    assert feeds[0] == feeds[1] and len(feeds[0]) == 2001


def test_who_may(make_daemon):
    daemon = make_daemon(config="principals: {feeder: {uid: %d, sources: any, roles: [submit, read, follow]}}\n"
                         % os.getuid())
    with daemon.client() as client:
        with pytest.raises(NotAllowed):
            client.renormalize()


def test_updates_while_it_runs_win(house):
    with house.client() as client:
        fill(client, 300, each=1)
    reload(house, DASHES)
    with house.client() as client:
        client.renormalize()
        receipts = [client.submit(story(uri="a:%d" % i, version="2", text="Newer."), source="dpa")
                    for i in range(299, 250, -1)]
        assert {r.items[0].outcome for r in receipts} == {"UPDATED"}
        done(client)
        now = {c.uri: c.article["bodies"][0]["value"]
               for c in client.follow(after=0, until_head=True, bodies="full")}
        assert {now["a:%d" % i] for i in range(251, 300)} == {"Newer."}
        assert {now["a:%d" % i] for i in range(251)} == {MEANT}
        assert counts(renewed(client)) == {}
    house.kill()
    house.verify("--replay")
