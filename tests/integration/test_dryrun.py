"""What would become of a document: advice that files nothing, and says what was done."""
import asyncio
import json
import os
import re
import subprocess

import pytest
from house import CLI, DAEMON, story
from wireroom import Refused, aio

DIRTY = {"uri": "d:1", "language": "de", "version": "1",
         "headlines": [{"value": "Minister   resigns\u200b now"}],
         "bodies": [{"contentType": "text/plain", "value": "A text,\u202e and the rest."}]}
BROKEN = b'{"uri": "x:1",\n "headlines" [{"value": "x"}]}'


def run(daemon, *words, stdin=b""):
    return subprocess.run([CLI, *words, "-s", daemon.address, "-P", "editor"], input=stdin, capture_output=True)


def test_a_dry_run_files_nothing_and_remembers_nothing(client):
    advice = client.dry_run(story(uri="a:1", text="A text."), source="dpa")
    assert [i.outcome for i in advice.items] == ["NEW"] and advice.seq == 0
    assert advice.items[0].seq is None and advice.items[0].story is None and advice.explanation is None
    state = client.status()
    assert (state.seq, state.records, state.items) == (0, 0, 0)
    assert client.submit(story(uri="a:1", text="A text."), source="dpa").items[0].outcome == "NEW"


def test_advice_is_what_the_receipt_then_says(client):
    first = client.submit(story(uri="a:1", version="1", text="A text."), source="dpa")
    client.get(revision=first.seq)  # it is in the checkpoint now
    cases = [(story(uri="a:1", version="1", text="A text."), "dpa", "UNCHANGED"),
             (story(uri="a:1", version="1", text="Another text."), "dpa", "CONFLICT"),
             (story(uri="a:1", version="2", text="A newer text."), "dpa", "UPDATED"),
             (story(uri="b:1", version="1", text="A text."), "afp", "DUPLICATE"),
             (BROKEN, "dpa", "QUARANTINED")]
    for document, source, outcome in cases:
        form = "ninjs" if isinstance(document, bytes) else None
        advice = client.dry_run(document, source=source, format=form)
        assert (advice.items[0].outcome, advice.seq) == (outcome, first.seq)
    assert client.dry_run(cases[3][0], source="afp").items[0].of == "dpa:a:1"
    assert client.status().seq == first.seq


def test_whose_text_may_not_be_seen_is_not_learnt_by_asking(client):
    held = {**story(uri="h:1", text="A held text."), "pubStatus": "withheld"}
    first = client.submit(held, source="dpa")
    client.get(revision=first.seq)
    told = client.dry_run(story(uri="other:1", text="A held text."), source="afp").items[0]
    assert (told.outcome, told.of, told.relation, told.score) == ("NEW", None, None, None)
    own = client.dry_run(story(uri="other:2", text="A held text."), source="dpa").items[0]
    assert (own.outcome, own.of) == ("DUPLICATE", "dpa:h:1")


def test_an_explanation_shows_each_rule_before_and_after(client):
    why = client.dry_run(DIRTY, source="dpa", explain=True).explanation
    assert why["format"] == "article" and why["format_why"] == "the sender says that it is article"
    changes = {(c["rule"], c["field"]): c for c in why["items"][0]["changes"]}
    unseen = changes["invisible", "headlines[0]"]
    assert unseen["count"] == 1 and "nobody sees" in unseen["words"]
    assert unseen["passages"][0] == {"left": "Minister   resigns", "before": "\u200b", "right": " now"}
    assert changes["space", "headlines[0]"]["passages"][0]["before"] == "  "
    assert changes["bidi", "bodies[0]"]["passages"][0]["before"] == "\u202e"
    warnings = {w["code"]: w for w in why["items"][0]["warnings"]}
    assert "direction" in warnings["bidi-unbalanced"]["words"]


def test_an_error_has_its_place_and_the_line(client):
    why = client.dry_run(BROKEN, source="dpa", explain=True).explanation
    error = why["items"][0]["error"]
    assert (error["error"], error["line"], error["column"]) == ("ILL_FORMED", 2, 14)
    assert (error["before"], error["rest"]) == (' "headlines" ', '[{"value": "x"}]}')
    assert "sender" in why["format_why"] or "JSON" in why["format_why"] and error["next"]


def test_a_page_says_which_lines_went_where(client):
    page = ("甲市举行春季植树活动\n\n" + "本报讯 3月4日上午，甲市举行春\n季植树活动，三百多人参加，种\n树一千棵。\n" * 6).encode()
    why = client.dry_run(page, source="paper", format="newsprint", issue_date="2026-03-05", explain=True).explanation
    item = why["items"][0]
    assert item["lines"][0][0] == 1 and item["confidence"] > 0
    assert any(s.startswith("main: 甲市举行") for s in item["signals"])


def test_it_counts_against_credit_and_gives_it_back(daemon):
    with daemon.peer() as peer:
        granted = peer.hello(principal="editor")["credit_messages"]
        for n in range(2 * granted):
            peer.say("DRYRUN", b"A headline\n\nA text.", n=n, source="dpa", format="text")
            assert peer.hear("ADVICE", "REFUSED").name == "ADVICE"


def test_dry_runs_take_no_turn_between_submissions(client, daemon):
    with daemon.peer() as peer:
        peer.hello(principal="editor")
        for n in range(20):
            peer.say("DRYRUN", b"Head\n\nDry %d." % n, n=1000 + n, source="dpa", format="text", explain=True)
            peer.say("SUBMIT", b"Head\n\nText %d." % n, n=n, id=n.to_bytes(16, "big"), source="dpa", format="text")
        answers = [peer.hear("ADVICE", "RECEIPT", "REFUSED") for _ in range(40)]
    assert sorted(a.header["n"] for a in answers if a.name == "ADVICE") == list(range(1000, 1020))
    assert sorted(a.header["n"] for a in answers if a.name == "RECEIPT") == list(range(20))


def test_what_submit_would_refuse_a_dry_run_refuses(client, daemon):
    with pytest.raises(Refused) as refused:
        client.dry_run(b"x", source="dpa", format="nonsense")
    assert refused.value.error == "UNKNOWN_FORMAT"
    with daemon.peer() as peer:
        peer.say("DRYRUN", b"x", n=1)
        assert peer.hear("REFUSED").header["error"] == "NO_HELLO"


def test_asyncio_asks_alike(daemon):
    async def ask():
        async with aio.Client(daemon.address, principal="editor") as w:
            plain, explained = await asyncio.gather(
                w.dry_run(DIRTY, source="dpa"), w.dry_run(DIRTY, source="dpa", explain=True))
            return plain, explained
    plain, explained = asyncio.run(ask())
    assert plain.items == explained.items and plain.explanation is None
    assert explained.explanation["items"][0]["changes"]


def test_the_command_line_prints_a_diff_an_editor_can_read(daemon, tmp_path):
    path = tmp_path / "dirty.json"
    path.write_text(json.dumps({**DIRTY, "bodies": [{"contenttype": "text/plain", "value": "A text."}]}))
    done = run(daemon, "submit", "-S", "dpa", "--dry-run", "--explain", str(path))
    text = done.stdout.decode()
    assert done.returncode == 0, done
    assert text.startswith("would be new  dpa:d:1 v1")
    assert "    - Minister   resigns[<U+200B>] now\n    + Minister   resigns[] now\n" in text
    assert "nothing of it was filed" in text
    rows = json.loads(run(daemon, "submit", "-S", "dpa", "--dry-run", "--explain", "-o", "json", str(path)).stdout)
    assert rows[0]["items"][0]["outcome"] == "NEW" and rows[0]["explanation"]["items"][0]["changes"]
    bad = run(daemon, "submit", "-S", "dpa", "--dry-run", "--explain", "-f", "ninjs", "-", stdin=BROKEN)
    lines = bad.stdout.decode().splitlines()
    caret = next(i for i, line in enumerate(lines) if line.strip() == "^")
    assert bad.returncode == 65 and lines[caret - 1][lines[caret].index("^")] == "["
    assert run(daemon, "submit", "-S", "dpa", "--explain", str(path)).returncode == 64


def test_normalize_explains_the_same_without_a_daemon(tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(BROKEN)
    done = subprocess.run([DAEMON, "normalize", "--explain", str(path)], capture_output=True)
    assert done.returncode == 65 and b"at line 2, column 14:" in done.stdout
    one = subprocess.run([DAEMON, "normalize", "--explain", "-o", "ndjson", str(path)], capture_output=True)
    assert json.loads(one.stdout)["items"][0]["error"]["line"] == 2


def explained(daemon, document, *options):
    done = run(daemon, "submit", "-S", "dpa", "--dry-run", "--explain", *options, "-", stdin=document)
    return done.stdout.decode()


@pytest.mark.parametrize("form, document, under", [
    ("ninjs", b'{"uri": "x:1", "headline": "a" "body_text": "b"}', '"body_text'),
    ("ninjs", '{"uri": "x:1", "headline": "Cafe\u0301 \u7532\u5e02 \u201egr\u00fcn\u201c", "urgency": 5x}'.encode(), "x}"),
    ("ndjson", b'{"uri": "x:1", "headline": "a"}\n{"uri": "x:2", "headline" "b"}\n', '"b"}'),
    ("nitf", b"<nitf><body><body.content><p>A & B</p></body.content></body></nitf>", "& B<"),
    ("nitf", b"<nitf><body><p>AT&T</p></body></nitf>", "&T<"),
    ("nitf", b"<nitf>\n<body>\n<p>x</b></p></body></nitf>", "</b></p>"),
    ("rss", b"<rss><channel>\n<foo bar=baz></foo></channel></rss>", "baz>"),
])
def test_the_caret_stands_under_what_is_wrong(daemon, form, document, under):
    lines = explained(daemon, document, "-f", form).splitlines()
    caret = next(i for i, line in enumerate(lines) if line.strip() == "^")
    columns, shown = lines[caret].index("^"), lines[caret - 1]
    at = width = 0
    while width < columns:  # two columns for what is wide, none for an accent
        width += 0 if shown[at] == "\u0301" else 2 if shown[at] >= "\u2e80" else 1
        at += 1
    assert shown[at:].startswith(under), lines


def test_what_is_said_of_a_format_is_true_of_it(daemon):
    mail = b"From: a@b.example\r\nSubject: A headline\r\nDate: Tue, 24 Nov 2026 09:00:00 +0100\r\n\r\nText.\r\n"
    for document, said in [
            (mail, "format email: it begins with the header lines of a mail, the first is From:"),
            (b'{"uri":"l:1","headline":"A"}\n{"uri":"l:2","headline":"B"}\n', "each of its lines is a JSON object"),
            (b"\x7fELF\x01\x02\xff\xfe", "format not known: its bytes are no text"),
            (b" \n", "format text: there is nothing in it")]:
        assert said in explained(daemon, document)


def test_a_value_at_fault_is_quoted_with_the_words_that_there_are(daemon):
    text = explained(daemon, b'{"uri":"l:1","headline":"A"}\n{"uri":"l:2","headline":"B","pubstatus":"embargod"}\n')
    assert 'not read: pubstatus "embargod" is none of usable, withheld, canceled\n  at line 2, column 1:\n' in text
    plain = run(daemon, "submit", "-S", "dpa", "--dry-run", "-", stdin=LINES_WITHOUT_NAMES)
    assert "would be quarantined  -, item 2\n" in plain.stdout.decode()
    assert "next: mend the field named" in plain.stdout.decode()


LINES_WITHOUT_NAMES = b'{"uri":"l:1","headline":"A"}\n{"uri":"l:2","versioncreated":"soon"}\n'


def test_letters_that_were_joined_are_told_apart(client, daemon):
    text = explained(daemon, "A headline\n\nCafe\u0301 Zentral.\n".encode(), "-f", "text")
    assert "    - Caf[e<U+0301>] Zentral.\n    + Caf[\u00e9] Zentral.\n" in text


SOURCES = os.path.join(os.path.dirname(__file__), "../..")


def test_help_and_the_manual_list_the_formats_that_there_are(client):
    help_text = subprocess.run([CLI, "submit", "--help"], capture_output=True, text=True).stdout
    listed = help_text.split("Formats: ")[1].split(";")[0].split()
    with open(os.path.join(SOURCES, "docs/man/wireroom.1.scd")) as file:
        manual = file.read().split("# FORMATS")[1].split("\n# ")[0]
    formats = set(client.welcome["formats"])
    assert set(listed) == formats and formats <= set(re.findall(r"\*([a-z0-9]+)\*", manual))


def test_normalize_says_which_format_it_does_not_know():
    done = subprocess.run([DAEMON, "normalize", "--format", "nope", os.devnull], capture_output=True, text=True)
    assert done.returncode == 64 and '"nope" is no format here; there are: auto article ninjs' in done.stderr
    assert subprocess.run([DAEMON, "normalize", "-o", "tsv"], capture_output=True).returncode == 64
    done = subprocess.run([DAEMON, "normalize", "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("usage: wireroomd normalize")
