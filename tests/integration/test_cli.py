"""The command line: outputs that scripts rely on, words and exit codes that people do."""
import json
import subprocess

from house import CLI, PAGE_DAY, ROOT

PAGE_FILE = str(ROOT / "docs/samples/page-zh.txt")


def test_submit_prints_a_receipt_per_item(daemon):
    lines = daemon.ndjson("submit", "--format", "newsprint", "--source", "city-desk", "--issue-date", PAGE_DAY, PAGE_FILE)
    assert [line["outcome"] for line in lines] == ["NEW"] * 9
    assert [line["seq"] for line in lines] == list(range(1, 10))
    assert lines[0]["state"] == "open" and lines[0]["source"] == "city-desk"
    again = daemon.cli("submit", "--format", "newsprint", "-S", "city-desk", "--issue-date", PAGE_DAY, PAGE_FILE)
    assert again.stdout.count("unchanged") == 9


def test_tail_list_get_history_raw_status(daemon):
    document = json.dumps({"uri": "a:1", "version": "2", "language": "de", "urgency": 3,
                           "headlines": [{"value": "Rat tagt"}],
                           "bodies": [{"contentType": "text/plain", "value": "Der Rat tagt heute."}]})
    daemon.cli("submit", "-S", "dpa", "--format", "ninjs", "-", input=document)
    change = daemon.ndjson("tail", "-e", "--after", "0")[0]
    assert list(change) == ["seq", "epoch", "class", "source", "uri", "version", "revision", "language", "urgency", "time"]
    assert len(change["epoch"]) == 16 and change["class"] == "new" and change["time"].endswith("Z")
    assert daemon.ndjson("tail", "-e", "--from", "begin", "--bodies")[0]["article"]["headlines"][0]["value"] == "Rat tagt"
    item = daemon.ndjson("list")[0]
    assert item["headline"] == "Rat tagt" and item["state"] == "open"
    assert json.loads(daemon.cli("get", "dpa:a:1", "-o", "json").stdout)["uri"] == "a:1"
    assert daemon.ndjson("history", "--source", "dpa", "a:1")[0]["seq"] == 1
    assert daemon.cli("raw", "dpa:a:1").stdout == document
    status = json.loads(daemon.cli("status", "-o", "json").stdout)
    assert {"epoch", "seq", "checkpoint_seq", "oldest", "uptime", "store", "disk_free"} <= set(status)
    assert daemon.cli("ping").stdout.startswith("PONG ")


def test_exit_codes_and_words(daemon):
    assert daemon.cli("get", "dpa:nothing", check=False).returncode == 1
    bad = daemon.cli("submit", "-S", "dpa", "--format", "ninjs", "-", input="{oops", check=False)
    assert bad.returncode == 65 and "line 1" in bad.stderr and "raw --record" in bad.stderr
    assert daemon.cli("submit", "-S", "dpa", "/nonexistent", check=False).returncode == 66
    typo = daemon.cli("sumbit", check=False)
    assert typo.returncode == 64 and 'did you mean "submit"?' in typo.stderr
    assert daemon.cli("tail", "-e", "--after", "99", check=False).returncode == 65
    nobody = subprocess.run([CLI, "-s", "ipc:///tmp/wr-nobody", "--timeout", "1s", "ping"], capture_output=True, text=True)
    assert nobody.returncode == 69 and "no wireroom at" in nobody.stderr


def test_what_could_not_be_read_is_said_once(daemon):
    """A sentence on standard error with all there is to say; scripts get their row besides."""
    bad = daemon.cli("submit", "-q", "-S", "dpa", "--format", "ninjs", "-", input="{oops", check=False)
    assert bad.stdout == "" and bad.stderr.startswith("quarantined -: line 1") and bad.stderr.count("\n") == 1
    own = daemon.cli("submit", "-q", "-S", "dpa", "--format", "ninjs", "-", check=False,
                     input='{"uri":"a:1","version":"1","headline":"x","wr":{}}')
    assert own.stdout == "" and own.stderr.startswith("rejected -: wr is written") and own.stderr.count("\n") == 1
    row = daemon.cli("submit", "-q", "-S", "dpa", "--format", "ninjs", "-o", "ndjson", "-", input="{oops", check=False)
    assert json.loads(row.stdout)["outcome"] == "QUARANTINED" and row.stderr.count("\n") == 1


def test_the_same_submission_id_twice_is_the_same_receipt(daemon):
    id = "00112233445566778899aabbccddeeff"
    first = daemon.ndjson("submit", "-S", "dpa", "--format", "text", "--id", id, str(ROOT / "LICENSE"))
    second = daemon.ndjson("submit", "-S", "dpa", "--format", "text", "--id", id, str(ROOT / "LICENSE"))
    assert first == second and first[0]["outcome"] == "NEW"


def test_a_cursor_file_goes_on_where_it_was(daemon, tmp_path):
    cursor = str(tmp_path / "cursor")
    for i in range(3):
        daemon.cli("submit", "-S", "dpa", "--format", "text", "-", input="Head %d\n\nText number %d." % (i, i))
    assert len(daemon.ndjson("tail", "-e", "--cursor-file", cursor, "-c", "3")) == 3
    daemon.cli("submit", "-S", "dpa", "--format", "text", "-", input="Head four\n\nText number four.")
    assert [c["seq"] for c in daemon.ndjson("tail", "-e", "--cursor-file", cursor)] == [4]
