#!/usr/bin/env python3
"""Carries the tables into what can't include them: the Python client's constants, the protocol's
text, the manuals and docs/formats.md.

    gen.py           write the files
    gen.py --check   exit 1 and name those that are stale

Rows are read from messages.def, errors.def, daemon/config/settings.def and
daemon/article/fields.def; see their heads. Codes and their words are found by codes.py, which also
says where the two do not agree. The protocol's example bytes are those of
proto/vectors/vectors.json.
"""
import json
import pathlib
import re
import sys

import codes

ROOT = pathlib.Path(__file__).resolve().parent.parent
NUMBERS = {"UINT64_MAX": 2**64 - 1, "INT64_MAX": 2**63 - 1, "INT64_MIN": -(2**63)}


def number(text):
    text = text.strip()
    if text in NUMBERS:
        return NUMBERS[text]
    shift = re.fullmatch(r"(\d+)(?:U?LL)?\s*<<\s*(\d+)", text)
    return int(shift[1]) << int(shift[2]) if shift else int(text.rstrip("UL"), 0)


def rows(path, word):
    """The arguments of each WORD(...) row of a table, strings without their quotes."""
    out = []
    for at, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r"\s*(%s)\((.*)\)\s*$" % word, line)
        if re.match(r"\s*(%s)\(" % word, line) and not match:
            sys.exit("%s:%d: a row is one line, and this one does not end" % (path, at))
        if match:
            parts = re.findall(r'"((?:[^"\\]|\\.)*)"|([^,\s][^,]*)', match[2])
            out.append((match[1], [a.replace('\\"', '"') if b == "" else b.strip() for a, b in parts]))
    return out


def messages():
    found = []
    for word, args in rows("proto/messages.def", "MESSAGE|FIELD"):
        if word == "MESSAGE":
            name, _, num, socket, sender, body, doc = args[0], args[1], *args[2:6], args[6]
            found.append({"name": name, "number": int(num, 0), "socket": socket,
                          "sender": sender, "body": body, "doc": doc, "fields": []})
        else:
            _, kind, name, presence, low, high, doc = args
            found[-1]["fields"].append({"name": name, "type": kind, "required": presence == "REQUIRED",
                                        "min": number(low), "max": number(high), "doc": doc})
    return found


def errors():
    return [{"name": a[0], "number": int(a[1]), "transient": a[2] == "TRANSIENT", "text": a[3], "next": a[4]}
            for _, a in rows("proto/errors.def", "WIRE_ERROR")]


def settings():
    return [dict(zip(("room", "key", "type", "default", "min", "max", "when", "doc"), a))
            for _, a in rows("daemon/config/settings.def", "SETTING")]


def python_constants():
    lines = ['"""Numbers and names of the wire. Made by proto/gen.py from the tables: edit those."""',
             "from __future__ import annotations", "", "from typing import NamedTuple", "", "",
             "class Field(NamedTuple):", "    name: str", "    type: str", "    required: bool",
             "    min: int", "    max: int", "", "", "class Message(NamedTuple):", "    name: str",
             "    number: int", "    body: str", "    fields: tuple[Field, ...]", "", "",
             "class Error(NamedTuple):", "    name: str", "    number: int", "    transient: bool",
             "    text: str", "    next: str", "", "", "VERSION = 1", "", "MESSAGES: tuple[Message, ...] = ("]
    for m in messages():
        lines.append("    Message(%r, 0x%02X, %r, (" % (m["name"], m["number"], m["body"]))
        for f in m["fields"]:
            lines.append("        Field(%r, %r, %r, %d, %d)," % (f["name"], f["type"], f["required"], f["min"], f["max"]))
        lines.append("    )),")
    lines += [")", "", "ERRORS: tuple[Error, ...] = ("]
    for e in errors():
        lines.append("    Error(%r, %d, %r, %r, %r)," % (e["name"], e["number"], e["transient"], e["text"], e["next"]))
    lines.append(")")
    return "\n".join(lines) + "\n"


def limits(f):
    if f["type"] == "BOOL":
        return ""
    if f["type"] in ("STR", "BIN"):
        unit = " bytes"
    elif f["type"] in ("LIST", "MAP"):
        unit = " elements"
    else:
        unit = ""
    low, high = f["min"], f["max"]
    if high >= 2**63 - 1 and low <= 0:
        return ""
    if high >= 2**63 - 1:
        return "from %d%s" % (low, unit)
    return "%d%s" % (low, unit) if low == high else "%d to %d%s" % (low, high, unit)


def wrap(text, indent, width=96):
    out, line = [], ""
    for word in text.split():
        if line and len(indent) + len(line) + 1 + len(word) > width:
            out.append(indent + line)
            line = word
        else:
            line = line + " " + word if line else word
    return out + [indent + line]


def protocol_messages():
    lines = []
    for m in messages():
        who = {"CLIENT": "client to daemon", "SERVER": "daemon to client", "BOTH": "both ways"}[m["sender"]]
        body = {"NONE": "", "RAW": "; frame 2: any bytes", "PACKED": "; frame 2: one msgpack value"}[m["body"]]
        lines += ["", "%s  0x%02X  %s, %s socket%s" % (m["name"], m["number"], who,
                                                      "any" if m["socket"] == "ANY" else m["socket"].lower(), body)]
        lines += wrap(m["doc"], "    ")
        for f in m["fields"]:
            kind = f["type"].lower() + ("" if f["required"] else ", optional")
            lim = limits(f)
            lines += wrap("%s (%s%s): %s" % (f["name"], kind, ", " + lim if lim else "", f["doc"]), "      ")
    return lines


def protocol_errors():
    lines = []
    for e in errors():
        lines.append("")
        lines.append("%d  %s  %s" % (e["number"], e["name"], "transient" if e["transient"] else "permanent"))
        lines += wrap("%s. Next: %s." % (e["text"][0].upper() + e["text"][1:], e["next"]), "    ")
    return lines


EXAMPLES = ("HELLO without a word", "SUBMIT as a producer sends it", "RECEIPT", "REFUSED with all it may say",
            "OPEN after a seq", "OPENED", "CREDIT", "EVENT", "ACK", "HEARTBEAT")


def protocol_examples():
    """Frames of the golden messages that a producer and a subscriber need, in hex."""
    vectors = json.loads((ROOT / "proto/vectors/vectors.json").read_text(encoding="utf-8"))
    by_name = {vector["name"]: vector for vector in vectors}
    lines = []
    for name in EXAMPLES:
        vector = by_name[name]
        heading = vector["message"] + "  " + json.dumps(vector["fields"], ensure_ascii=False)
        lines += [""] + wrap(heading, "")
        if "body" in vector:
            lines += wrap("frame 2: " + json.dumps(vector["body"], ensure_ascii=False), "      ")
        for number, frame in enumerate(vector["frames"]):
            chunks = [frame[at:at + 76] for at in range(0, len(frame), 76)]
            lines += ["    %s  %s" % (number if at == 0 else " ", chunk) for at, chunk in enumerate(chunks)]
    return lines


def manual_settings():
    lines, room = [], None
    for s in settings():
        if s["room"] != room:
            room = s["room"]
            lines += ["", "# %s" % room.upper()]
        default = s["default"] if s["default"] != "" else "empty"
        reload = " Taken by a reload." if s["when"] == "RELOAD" else ""
        lines += ["", "*%s.%s* (%s, default %s)" % (room, s["key"].replace("_", "\\_"), s["type"].lower(), default),
                  "\t%s.%s" % ((s["doc"][0].upper() + s["doc"][1:]).replace("_", "\\_"), reload)]
    return lines


def table(head, rows_of_it):
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + \
           ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows_of_it]


def article_fields():
    """fields.def for people: WORD, 1024 is "word, 1,024 bytes"."""
    units = {"TEXT": " bytes", "PROSE": " bytes", "WORD": " bytes", "LIST": " entries"}
    out = []
    for _, (_, name, kind, limit, digest, doc) in rows("daemon/article/fields.def", "FIELD"):
        size = "1 to " + limit if kind == "NUMBER" else "{:,}".format(int(limit)) + units.get(kind, "")
        out.append(("`%s`" % name, kind.lower() if kind == "TIME" else "%s, %s" % (kind.lower(), size),
                    "" if digest == "IN" else "no", doc))
    return table(("field", "kind, limit", "digested", "meaning"), out)


def coded(which):
    words, said = codes.words()[which], codes.said()[which]
    return table(("code", "meaning", "said by"),
                 [("`%s`" % code, words[code].replace("%u ", ""), ", ".join(sorted(said[code]))) for code in sorted(words)])


def document_errors():
    return table(("error", "meaning", "next step"),
                 [("`%s`" % e["name"], e["text"], e["next"]) for e in errors() if 400 <= e["number"] < 500])


def format_words():
    text = (ROOT / "daemon/formats/formats.c").read_text(encoding="utf-8")
    return re.findall(r'"(\w+)"', re.search(r"format_words\[\] = \{(.*?)\};", text, re.S)[1])


def manual_formats():
    return wrap("*" + "*, *".join(format_words()) + "*.", "", 88)


def manual_warnings():
    lines = []
    for code, words in sorted(codes.words()[0].items()):
        words = words.replace("--", "\\--")  # which would begin a list, first in a line
        lines += ["*%s*" % code] + wrap(words[0].upper() + words[1:] + ("" if words[-1] == "?" else "."), "\t", 96) + [""]
    return lines[:-1]


def between(path, sections):
    """The file with what stands between 'BEGIN name' and 'END name' lines replaced."""
    text = (ROOT / path).read_text(encoding="utf-8")
    for name, lines in sections.items():
        pattern = re.compile(r"(^[^\n]*BEGIN %s[^\n]*\n).*?(^[^\n]*END %s)" % (name, name), re.S | re.M)
        if not pattern.search(text):
            sys.exit("%s has no place for %s" % (path, name))
        text = pattern.sub(lambda m, body="\n".join(lines): m[1] + body + "\n\n" + m[2], text)
    return text


def made():
    files = {"clients/python/src/wireroom/_wire.py": python_constants()}
    if (ROOT / "docs/protocol.txt").exists():
        files["docs/protocol.txt"] = between("docs/protocol.txt", {"messages": protocol_messages(),
                                                                  "errors": protocol_errors(),
                                                                  "examples": protocol_examples()})
    if (ROOT / "docs/formats.md").exists():
        files["docs/formats.md"] = between("docs/formats.md", {
            "words": wrap("`" + "`, `".join(format_words()) + "`.", ""), "fields": article_fields(),
            "rules": coded(1), "warnings": coded(0), "errors": document_errors()})
    for manual in ("docs/man/wireroom.1.scd", "docs/man/wireroomd.8.scd"):
        if (ROOT / manual).exists():
            files[manual] = between(manual, {"formats": manual_formats(),
                                             **({"warnings": manual_warnings()} if "room.1" in manual else {})})
    if (ROOT / "docs/man/wireroom.yaml.5.scd").exists():
        files["docs/man/wireroom.yaml.5.scd"] = between("docs/man/wireroom.yaml.5.scd",
                                                        {"settings": manual_settings()})
    return files


def main():
    stale = [path for path, text in made().items()
             if not (ROOT / path).exists() or (ROOT / path).read_text(encoding="utf-8") != text]
    faults = codes.faults()
    for fault in faults:
        print(fault)
    if faults:
        return 1
    if sys.argv[1:] == ["--check"]:
        for path in stale:
            print("%s is stale: run proto/gen.py" % path)
        return 1 if stale else 0
    for path in stale:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(made()[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
