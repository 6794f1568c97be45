#!/usr/bin/env python3
"""What docs/formats.md shows of documents - examples, words of life, refusals - is what the readers
say of them.

    formats_doc.py [--write]    compare, or write it anew; WIREROOMD names the daemon
"""
import json
import os
import pathlib
import re
import subprocess
import sys

import msgpack

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOC = ROOT / "docs/formats.md"
SAMPLES = ROOT / "docs/samples/formats"

NITF = '<nitf><head><docdata management-status="%s"><doc-id id-string="x"/>%s</docdata></head>' \
       "<body><body.content><p>Text.</p></body.content></body></nitf>"
NEWSML = "<NewsML><NewsItem><Identification><NewsIdentifier><PublicIdentifier>urn:x</PublicIdentifier>" \
         '</NewsIdentifier></Identification><NewsManagement><Status FormalName="%s"/>%s</NewsManagement>' \
         "<NewsComponent><ContentItem><DataContent><p>Text.</p></DataContent></ContentItem></NewsComponent>" \
         "</NewsItem></NewsML>"
G2 = '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x"><itemMeta>%s</itemMeta><contentMeta>' \
     "<headline>H</headline></contentMeta></newsItem>"
WXR = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version><item>' \
      "<title>T</title><wp:status>%s</wp:status></item></channel></rss>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://www.w3.org/2007/app" ' \
       'xmlns:at="http://purl.org/atompub/tombstones/1.0">%s</feed>'
ANPA = "\x01a0123\x1f\r\nr i bc-ferry\r\n\x02^BC-Ferry%s<\r\n^Ferry runs<\r\n\tText.\r\n\x03\x04"
IPTC = "\x01cwa0123 3 i 40 cw\r\nferry\r\n\x02%sFerry runs =\r\n   Text.\r\n\x03\x04"
DAY = "20260305T090000Z"

# Format, what the document says, the document.
LIFE = [
    ("ninjs", '`pubstatus` "withheld"', '{"uri": "x", "headline": "H", "pubstatus": "withheld"}'),
    ("ninjs", "`embargoed`", '{"uri": "x", "headline": "H", "embargoed": "2026-03-05T09:00:00Z"}'),
    ("nitf", "management-status `canceled`, `killed`, `deleted`", NITF % ("killed", "")),
    ("nitf", "management-status `withheld`", NITF % ("withheld", "")),
    ("nitf", "management-status `embargoed` with date.release", NITF % ("embargoed", '<date.release norm="%s"/>' % DAY)),
    ("nitf", "management-status `embargoed` alone", NITF % ("embargoed", "")),
    ("nitf", "a management-status of another word", NITF % ("parked", "")),
    ("nitf", "`correction`", NITF % ("usable", '<correction info="Name."/>')),
    ("newsml12", "Status `Canceled`", NEWSML % ("Canceled", "")),
    ("newsml12", "Status `Withheld`", NEWSML % ("Withheld", "")),
    ("newsml12", "Status `Embargoed`, StatusWillChange to `Usable`", NEWSML % (
        "Embargoed", '<StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>%s</DateAndTime></StatusWillChange>' % DAY)),
    ("newsml12", "Status `Embargoed` alone", NEWSML % ("Embargoed", "")),
    ("newsml12", "StatusWillChange to `Canceled`", NEWSML % (
        "Usable", '<StatusWillChange><FutureStatus FormalName="Canceled"/><DateAndTime>%s</DateAndTime></StatusWillChange>' % DAY)),
    ("newsml12", "Instruction `Kill`, `MandatoryKill`, `Cancel`, `Delete`, `Withdraw`", NEWSML % ("Usable", '<Instruction FormalName="Kill"/>')),
    ("newsml12", "Instruction `Withhold`, `Hold`", NEWSML % ("Usable", '<Instruction FormalName="Hold"/>')),
    ("newsml12", "Instruction `Correct`, `Correction`, `Corrective`, `Rectify`", NEWSML % ("Usable", '<Instruction FormalName="Correct"/>')),
    ("newsmlg2", "pubStatus `stat:canceled`", G2 % '<pubStatus qcode="stat:canceled"/>'),
    ("newsmlg2", "pubStatus `stat:withheld`", G2 % '<pubStatus qcode="stat:withheld"/>'),
    ("newsmlg2", "a pubStatus of another word", G2 % '<pubStatus qcode="stat:parked"/>'),
    ("newsmlg2", "`embargoed` with a time", G2 % "<embargoed>2026-03-05T09:00:00Z</embargoed>"),
    ("newsmlg2", "`embargoed`, empty", G2 % "<embargoed/>"),
    ("newsmlg2", "signal `sig:correction`", G2 % '<signal qcode="sig:correction"/>'),
    ("atom", "`at:deleted-entry`", ATOM % '<at:deleted-entry ref="urn:x"/>'),
    ("atom", "`app:draft` yes", ATOM % "<entry><title>T</title><app:control><app:draft>yes</app:draft></app:control></entry>"),
    ("rss", "WordPress: status `trash`", WXR % "trash"),
    ("rss", "WordPress: a status that is not `publish` or `inherit`", WXR % "draft"),
    ("anpa1312", "`KILL`, `ELIM`, `CANCEL`, `WITHDRAWN` and the like", ANPA % ", KILL"),
    ("anpa1312", "`WITHHOLD`, `WITHHELD`", ANPA % ", WITHHOLD"),
    ("anpa1312", "`CORRECTION`, `CORRECTIVE`, `CX` and the like", ANPA % ", CX"),
    ("anpa1312", "`2nd Ld`, `Lead`, `Writethru`, `Update`", ANPA % ", 2nd Ld"),
    ("anpa1312", "`URGENT`, `BULLETIN`, `FLASH`, where no priority is", "\x01\x02^BC-Ferry, URGENT<\r\n\tText.\r\n\x03\x04"),
    ("iptc7901", "the same words, and `STORNO`, `ANNULLIERT`, `ANNULATION`", IPTC % "STORNO\r\n"),
    ("iptc7901", "`BERICHTIGUNG`, `KORREKTUR`, `RECTIFICATIF`", IPTC % "BERICHTIGUNG\r\n"),
    ("email", "nothing", "Subject: KILL: Ferry\r\nDate: Thu, 5 Mar 2026 06:10:00 +0100\r\n\r\nText.\r\n"),
    ("html", "nothing", "<html><title>Killed: Ferry</title><p>Text.</html>"),
]

# Format given, what it is, the document.
REFUSED = [
    ("auto", "a ZIP or Office file; programs, pictures, archives alike", b"PK\x03\x04\x14\x00"),
    ("auto", "a PDF", "%PDF-1.7\n"),
    ("auto", "XML of another vocabulary", '<?xml version="1.0"?><letter><p>Text.</p></letter>'),
    ("text", "a charset that over 1 % of the bytes are not in", b"\xff\xfe\x00\xd8\x00\xd8\x00\xd8"),
    ("text", "more than 1 % NUL", b"a\0b\0\0\0\0\0\0\0\0\0\0\0c"),
    ("text", "nothing but blanks", "  \n \n"),
    ("ninjs", "no JSON", '{"uri": "x", "headline": }'),
    ("ninjs", "no uri", '{"headlines": [{"value": "H"}]}'),
    ("ninjs", "a type or word that the schema does not have", '{"uri": "x", "type": "essay", "headlines": [{"value": "H"}]}'),
    ("ninjs", "a `wr` object", '{"uri": "x", "wr": {}, "headlines": [{"value": "H"}]}'),
    ("ninjs", "a place for text with none in it", '{"uri": "x", "headlines": [{"value": " "}]}'),
    ("ninjs", "an empty list", "[]"),
    ("ninjs", "a field over its limit", '{"uri": "%s", "headlines": [{"value": "H"}]}' % ("x" * 1025)),
    ("article", "a field that is none", {"uri": "x", "headline": "H"}),
    ("article", "no msgpack", b"\xc1"),
    ("nitf", "another root", "<news/>"),
    ("nitf", "XML that is not well-formed: nothing of it is read", "<nitf><body>\n<p>Text.</body></nitf>"),
    ("nitf", "an entity of its own: a DOCTYPE is passed over", '<!DOCTYPE nitf [<!ENTITY a "x">]><nitf><body><p>&a;</p></body></nitf>'),
    ("newsml12", "a set of topics, or a delta alone", "<NewsML><NewsItem><TopicSet/></NewsItem></NewsML>"),
    ("newsml12", "no NewsItem", "<NewsML/>"),
    ("newsmlg2", "an item without guid", '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"/>'),
    ("newsmlg2", "a message without items", '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet/></newsMessage>'),
    ("rss", "another root", "<nitf/>"),
    ("rss", "a feed without entries", "<rss><channel><title>T</title></channel></rss>"),
    ("email", "no header", "\nJust text.\n\nMore.\n"),
    ("html", "no title and no text", "<html><body><script>x()</script></body></html>"),
    ("newsprint", "a page with nothing on it", "\n \n"),
]


def normalized(word, document, *options):
    if isinstance(document, dict):
        document = msgpack.packb(document)
    if isinstance(document, str):
        document = document.encode()
    done = subprocess.run([os.environ["WIREROOMD"], "normalize", "-f", word, "-o", "ndjson", *options],
                          input=document, stdout=subprocess.PIPE, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def compact(value):
    return json.dumps(value, ensure_ascii=False)


def shown(article):
    """An article a field a line, what is in wr below it, without the name of the file."""
    if "error" in article:
        return ["error             " + compact(article["error"])]
    wr = article.pop("wr", {})
    wr.get("page", {}).pop("file", None)
    lines = ["%-17s %s" % (name, compact(value)) for name, value in article.items()]
    return lines + ["wr.%-14s %s" % (name, compact(value)) for name, value in wr.items() if value]


def visible(data):
    """As cat -v has it, tabs too, line ends aside."""
    text = data.decode("utf-8").replace("\r\n", "\n")
    return re.sub("[\x00-\x09\x0b-\x1f]", lambda m: "^" + chr(ord(m[0]) + 64), text).rstrip("\n").split("\n")


def example(name, options):
    data = (SAMPLES / name).read_bytes()
    raw = msgpack.packb(json.loads(data)) if name.endswith(".article.json") else data
    articles = normalized("auto", raw, *options)
    lines = ["", "`docs/samples/formats/%s`:" % name, "", "```", *visible(data), "```", "", "becomes", "", "```"]
    for i, article in enumerate(articles):
        lines += ([""] if i else []) + shown(article)
    return lines + ["```"]


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def becomes(article):
    keys = ("pubStatus", "embargoedUntil", "expires", "version", "urgency", "signals")
    said = ["%s %s" % (key, compact(article[key]).replace('"', "")) for key in keys if key in article]
    return "; ".join(said + [w["code"] for w in article["wr"].get("warnings", ())
                             if w["code"].startswith(("status", "embargo"))])


def life():
    return table(("format", "says", "becomes"),
                 [(word, says, becomes(normalized(word, document)[0])) for word, says, document in LIFE])


def refused():
    rows = []
    for word, what, document in REFUSED:
        error = normalized(word, document)[0].get("error") or sys.exit("%s: %s is not refused" % (word, what))
        rows.append((word, what, "`%s`" % error["error"], error["words"]))
    return table(("format", "what it is", "error", "words"), rows)


def made(text):
    def section(match):
        words = match[2].split()
        body = {"example": lambda: example(words[1], words[2:]), "life": life, "refused": refused}[words[0]]()
        return match[1] + "\n".join(body) + "\n\n" + match[3]
    return re.sub(r"(<!-- READ ([^\n]*) -->\n).*?(<!-- END -->)", section, text, flags=re.S)


def main():
    text = DOC.read_text(encoding="utf-8")
    fresh = made(text)
    if sys.argv[1:] == ["--write"]:
        DOC.write_text(fresh, encoding="utf-8")
        return 0
    for had, now in zip(text.split("\n"), fresh.split("\n")):
        if had != now:
            print("docs/formats.md has\n  %s\nthe readers say\n  %s\nif they are right: tests/formats_doc.py --write" % (had, now))
            return 1
    return 0 if text == fresh else 1


if __name__ == "__main__":
    sys.exit(main())
