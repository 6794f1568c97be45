"""What is known of a source beside what it sends: set in the settings, a record of the log
before anything is read by it, and told to nobody but the readers."""
import signal
import subprocess

from house import story, wait_for

DASHES = "sources: {dpa: {dashes: fold, quotes: fold}}\n"
TYPED = "He said -- twice -- ``no'' to a well-known _ and low -- offer."
MEANT = "He said — twice — “no” to a well-known — and low — offer."


def reload(daemon, config):
    """SIGHUP; until it was taken."""
    before = daemon.said().count("reload=")
    daemon.config.write_text(config)
    daemon.process.send_signal(signal.SIGHUP)
    wait_for(lambda: daemon.said().count("reload=") > before)


def body_of(client, uri, source="dpa"):
    return client.get(source, uri).article["bodies"][0]["value"]


def test_a_house_style_is_a_sources_own(make_daemon):
    daemon = make_daemon(config=DASHES)
    with daemon.client() as client:
        client.submit(story(text=TYPED, headline="Bid -- rejected"), source="dpa")
        client.submit(story(text=TYPED), source="afp")
        article = client.get("dpa", "a:1").article
        assert article["bodies"][0]["value"] == MEANT
        assert article["headlines"][0]["value"] == "Bid — rejected"
        rules = {(c["rule"], c["field"]): c["count"] for c in article["wr"]["changes"]}
        assert rules[("dashes", "bodies")] == 4 and rules[("quotes", "bodies")] == 2
        assert body_of(client, "a:1", "afp") == TYPED


def test_what_stands_where_a_submission_gives_no_hint(make_daemon):
    daemon = make_daemon(config="sources: {dpa: {zone: '+08:00', language: el, charset: iso-8859-7}}\n")
    greek = "Ο δήμαρχος μίλησε\n\nστη σύνοδο της Τρίτης".encode("iso-8859-7")
    with daemon.client() as client:
        client.submit(greek, source="dpa", format="text", page="a")
        change = next(client.list())
        assert change.language == "el" and change.headline == "Ο δήμαρχος μίλησε"
        client.submit(story(uri="a:2", versionCreated="2026-11-24T08:00:00"), source="dpa")
        article = client.get("dpa", "a:2").article
        assert article["wr"]["times"]["versionCreated"]["zone"] == "assumed"
        client.submit(story(uri="a:3"), source="dpa", language="de")
        assert client.get("dpa", "a:3").language == "de"


def test_rules_that_change_are_records_and_survive(make_daemon):
    daemon = make_daemon(config=DASHES)
    with daemon.client() as client:
        assert client.status().records == 1
        client.submit(story(text=TYPED), source="dpa")
    reload(daemon, DASHES)
    with daemon.client() as client:
        assert client.submit(story(uri="a:2"), source="dpa").record == 3, "the same rules are no record"
    reload(daemon, "sources: {}\n")
    with daemon.client() as client:
        assert client.submit(story(uri="a:3", text=TYPED), source="dpa").record == 5
        assert body_of(client, "a:3") == TYPED
    daemon.crash()
    with daemon.client() as client:
        assert client.status().records == 5, "a start under the rules in force is no record"
    reload(daemon, DASHES)
    with daemon.client() as client:
        client.submit(story(uri="a:4", text=TYPED), source="dpa")
        assert body_of(client, "a:4") == MEANT
    daemon.kill()
    daemon.verify("--replay")
    daemon.start()


def test_a_dry_run_is_read_by_them_too(make_daemon):
    daemon = make_daemon(config=DASHES)
    with daemon.client() as client:
        client.submit(story(text=MEANT), source="dpa")
        # judged from the last checkpoint, which may be milliseconds behind
        wait_for(lambda: client.dry_run(story(text=TYPED), source="dpa").items[0].outcome != "NEW")
        assert client.dry_run(story(text=TYPED), source="dpa").items[0].outcome == "UNCHANGED"


def test_settings_that_are_wrong_are_told(make_daemon):
    daemon = make_daemon(start=False, config="sources: {dpa: {zone: nowhere, dashs: fold}}\n")
    done = subprocess.run(daemon.command("--check-config"), capture_output=True, text=True)
    assert done.returncode == 78
    assert 'wireroom.yaml:1:23: "nowhere" is no offset: +08:00 or UTC' in done.stderr
    assert 'unknown key "dashs" of a source' in done.stderr and 'did you mean "dashes"?' in done.stderr
    daemon.config.write_text("sources: {dpa: {zone: '+08:00', charset: gb18030, language: zh, dashes: fold}}\n")
    shown = subprocess.run(daemon.command("--check-config"), capture_output=True, text=True).stdout
    daemon.config.write_text(shown)
    again = subprocess.run(daemon.command("--check-config"), capture_output=True, text=True)
    assert again.returncode == 0 and "  dpa: {zone: +08:00, charset: gb18030, language: zh, dashes: fold}" in again.stdout
