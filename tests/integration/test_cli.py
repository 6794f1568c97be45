"""The command line: outputs that scripts rely on, words and exit codes that people do."""
import contextlib
import json
import shutil
import subprocess
import tempfile
import threading

import pytest
import zmq
from house import CLI, PAGE_DAY, ROOT
from wireroom import codec

PAGE_FILE = str(ROOT / "docs/samples/page-zh.txt")


@contextlib.contextmanager
def forgetful(daemon):
    """The address of a daemon that greets, forgets the first SUBMIT's sender, greets again
    and then takes what comes without a word."""
    with daemon.peer() as peer:
        welcome = peer.hello()
    over = threading.Event()
    context = zmq.Context()
    socket = context.socket(zmq.ROUTER)
    socket.setsockopt(zmq.LINGER, 0)
    with tempfile.TemporaryDirectory(prefix="wr-") as directory:
        address = "ipc://%s/submit" % directory
        socket.bind(address)

        def serve():
            forgot = False
            while not over.is_set():
                if not socket.poll(20):
                    continue
                who, *frames = socket.recv_multipart()
                heard = codec.decode(frames)
                if heard.name == "HELLO":
                    socket.send_multipart([who, *codec.encode("WELCOME", welcome)])
                elif heard.name == "SUBMIT" and not forgot:
                    forgot = True
                    socket.send_multipart([who, *codec.encode("REFUSED", {
                        "n": heard.header["n"], "code": 112, "error": "NO_HELLO", "transient": True,
                        "words": "this connection has not said HELLO"})])
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield address
        finally:
            over.set()
            thread.join()
            socket.close()
            context.term()


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
    assert bad.returncode == 65 and "line 1" in bad.stderr and "wireroom quarantine show q1" in bad.stderr
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


def test_rows_of_receipts_say_of_which_file_and_submission(daemon, tmp_path):
    """Receipts come in any order, so each row names where it belongs; the keys of before
    stand where they stood."""
    files = [tmp_path / name for name in ("one", "two", "three")]
    for file in files:
        file.write_text("Head %s\n\nThe text of number %s." % (file.name, file.name))
    rows = daemon.ndjson("submit", "-S", "dpa", "-f", "text", *map(str, files))
    assert {row["file"] for row in rows} == set(map(str, files))
    assert all(list(row)[-3:] == ["file", "record", "submission"] for row in rows)
    for row in rows:
        assert daemon.cli("raw", "--record", str(row["record"])).stdout == open(row["file"]).read()
    id = "00112233445566778899aabbccddeeff"
    tsv = daemon.cli("submit", "-S", "dpa", "-f", "text", "-o", "tsv", "--id", id, str(files[0])).stdout.split("\t")
    assert tsv[0] == "UNCHANGED" and tsv[-3:] == [str(files[0]), "4", id + "\n"]


def test_what_does_not_fit_is_told_with_its_own_size(daemon, tmp_path):
    big = tmp_path / "big"
    big.write_bytes(b"x" * 500000)
    told = daemon.cli("submit", "-S", "dpa", str(big), check=False)
    assert told.returncode == 65 and "it has 500000 bytes, this wireroom takes at most 65536" in told.stderr
    piped = daemon.cli("submit", "-S", "dpa", "-", input="x" * 500000, check=False)
    assert piped.returncode == 65 and "it has more than 65536 bytes" in piped.stderr


def test_warnings_are_told_one_a_line(daemon):
    document = json.dumps({"uri": "a:1", "version": "1", "headline": "Rat tagt", "versioncreated": "2026-11-24T08:15:00"})
    said = daemon.cli("submit", "-S", "dpa", "-f", "ninjs", "-", input=document).stdout.splitlines()
    assert said[0].startswith("new ") and "  warning: zone-missing versionCreated" in said[1:]


def test_hints_of_no_meaning_are_refused_before_anything_is_sent(daemon):
    for hint, word in (("--issue-date=2026-13-45", "YYYY-MM-DD"), ("--issue-date=24.11.2026", "YYYY-MM-DD"),
                       ("--zone=Europe/Berlin", "+08:00"), ("--zone=+25:00", "+08:00"),
                       ("--principal=" + "p" * 65, "64 bytes")):
        refused = daemon.cli("submit", "-S", "dpa", hint, "-", input="Head\n\nText.", check=False)
        assert refused.returncode == 64 and word in refused.stderr, hint
    assert json.loads(daemon.cli("status", "-o", "json").stdout)["records"] == 0


def test_words_that_lead_nowhere_are_usage(daemon):
    for words, told in ((["tail", "--class", "kil"], 'did you mean "kill"'), (["ping", "extra"], "no words"),
                        (["status", "extra"], "no words"), (["tail", "-c", "0"], "begins at 1"),
                        (["tail", "-n", "0"], "begins at 1"), (["-V"], 'unknown option "-V"'),
                        (["--output"], "--output needs a value"), (["-o", "json"], "no command")):
        done = daemon.cli(*words, check=False)
        assert done.returncode == 64 and told in done.stderr and done.stderr.count("\n") == 1, words
    assert json.loads(daemon.cli("ping", "-o", "json").stdout)["us"] > 0


def test_a_number_alone_names_a_revision_or_a_record(daemon):
    daemon.cli("submit", "-S", "dpa", "-f", "text", "-", input="Head\n\nThe text.")
    assert daemon.cli("get", "--revision", "1").stdout.startswith("Head")
    assert daemon.cli("raw", "--revision", "1").stdout == "Head\n\nThe text."
    gone = daemon.cli("raw", "--record", "9999", check=False)
    assert gone.returncode == 1 and "record 9999" in gone.stderr and "uri" not in gone.stderr
    gone = daemon.cli("get", "--revision", "9999", check=False)
    assert gone.returncode == 1 and "revision 9999" in gone.stderr and "uri" not in gone.stderr
    assert daemon.cli("get", check=False).returncode == 64


def test_a_snapshot_leaves_a_cursor_to_go_on_from(daemon, tmp_path):
    cursor = tmp_path / "cursor"
    submit = ["submit", "-S", "dpa", "-f", "text", "-"]
    for i in range(3):
        daemon.cli(*submit, input="Head %d\n\nText number %d." % (i, i))
    words = ["tail", "-e", "--snapshot", "--cursor-file", str(cursor)]
    assert len(daemon.ndjson(*words)) == 3
    assert len(cursor.read_text().strip()) == 48
    daemon.cli(*submit, input="Head four\n\nText number four.")
    assert [c["seq"] for c in daemon.ndjson(*words)] == [4]


def test_a_cursor_file_that_is_refused_must_go_first(daemon, make_daemon, tmp_path):
    other, cursor = make_daemon(), tmp_path / "cursor"
    for one in (daemon, other):
        one.cli("submit", "-S", "dpa", "-f", "text", "-", input="Head %s\n\nText." % one.address)
    other.cli("tail", "-e", "--cursor-file", str(cursor))
    told = daemon.cli("tail", "-e", "--cursor-file", str(cursor), check=False)
    assert told.returncode == 65 and "Remove %s, then use --snapshot" % cursor in told.stderr
    assert "#0" not in told.stderr and "not known" in told.stderr
    cursor.write_text("%s:99\n" % daemon.ndjson("tail", "-e", "--from", "begin")[0]["epoch"])
    told = daemon.cli("tail", "-e", "--cursor-file", str(cursor), check=False)
    assert told.returncode == 65 and "Remove %s, then use --after 1" % cursor in told.stderr
    told = daemon.cli("tail", "-e", "--after", "99", check=False)
    assert "Use --after 1 or --snapshot" in told.stderr


@pytest.mark.skipif(shutil.disk_usage("/tmp").free >> 40, reason="no floor is above so much free space")
def test_a_disk_that_is_full_is_told_with_files_counted_alike(make_daemon):
    daemon = make_daemon(store__min_free="1T")
    told = daemon.cli("--timeout", "1s", "submit", "-S", "dpa", PAGE_FILE, str(ROOT / "LICENSE"), check=False)
    assert told.returncode == 75 and told.stderr.startswith("not stored: ")
    assert "disk" in told.stderr and "Kept 0 of 2 files" in told.stderr and "HELLO" not in told.stderr


def test_no_answer_is_not_told_as_not_stored(daemon):
    """Sent, forgotten, sent again, and silence: nobody knows what became of it."""
    with forgetful(daemon) as address:
        told = subprocess.run([CLI, "-s", address, "--timeout", "1s", "submit", "-S", "dpa", PAGE_FILE],
                              capture_output=True, text=True, timeout=60)
    assert told.returncode in (69, 75) and told.stderr.startswith("not known to be stored: ")
    assert "HELLO" not in told.stderr and "Kept 0 of 1 file\n" in told.stderr


def test_another_socket_of_the_daemon_is_told_from_the_submit_socket(daemon):
    for socket in ("feed", "query"):
        told = subprocess.run([CLI, "-s", "ipc://%s/%s" % (daemon.directory, socket), "submit", "-S", "dpa", PAGE_FILE],
                              capture_output=True, text=True, timeout=60)
        assert told.returncode == 64 and "not the submit socket" in told.stderr
    with daemon.peer("feed") as peer:
        peer.hello()
        peer.say("SUBMIT", b"x", n=1, id=bytes(16))
        refused = peer.hear("REFUSED").header
    assert refused["error"] == "UNKNOWN_MESSAGE" and "this is the feed socket, which takes no SUBMIT" in refused["words"]


def test_no_source_under_open_is_asked_for_by_its_option(make_daemon):
    daemon = make_daemon(start=False).start("--open")
    told = daemon.cli("submit", PAGE_FILE, check=False)
    assert told.returncode == 77 and "no source was named" in told.stderr and "--source" in told.stderr
