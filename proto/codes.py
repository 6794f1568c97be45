"""What readers and text rules can say of a document: the codes of warnings and the names of
rules, from the words of article/explain_words.c and from the code that says them. gen.py makes
the tables of docs/formats.md from it, and fails where a code has no words or words no code.
"""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOMS = ("formats", "normalize", "article", "pipeline")
# Functions that say a code, and which of their arguments it is.
SAYS = {"article_warn": 1, "path_warn": 1, "warn_time": 1, "page_emit_whole": 1, "warn": 1, "article_changed": 1}
# Arguments that are no literal, and are one somewhere else that is looked at.
PASSED_ON = {"code", "why", "out->warning", "rules[i].name", "rules[i].warning"}
CALL = re.compile(r"\b(%s)\s*\(" % "|".join(SAYS))


def arguments(text, at):
    """The arguments of a call whose bracket opens before at."""
    out, depth, start, quoted = [], 0, at, False
    for i in range(at, len(text)):
        c = text[i]
        if c == '"' and text[i - 1] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif c in "([{":
            depth += 1
        elif c in ")]}" and depth:
            depth -= 1
        elif c == ")":
            return out + [text[start:i].strip()]
        elif c == "," and not depth:
            out.append(text[start:i].strip())
            start = i + 1
    return out


def said_in(path):
    """(code, is it a rule) of each thing that a file of C says."""
    text = path.read_text(encoding="utf-8")
    found = []
    for call in CALL.finditer(text):
        args = arguments(text, call.end())
        what = args[SAYS[call[1]]] if len(args) > SAYS[call[1]] else ""
        codes = re.findall(r'"([a-z0-9-]+)"', what)
        if re.match(r"(const|struct) ", args[0] if args else ""):
            continue  # its own definition
        if not codes and what not in PASSED_ON:
            raise SystemExit("%s: %s(..., %s): a code that is no literal; see proto/codes.py" % (path, call[1], what))
        found += [(code, call[1] == "article_changed") for code in codes]
    for value in re.findall(r"\bwarning = ([^;]*);", text):
        found += [(code, False) for code in re.findall(r'"([a-z0-9-]+)"', value)]
    for rule, warning in re.findall(r'\[TEXT_RULE_\w+\] = \{"([a-z0-9-]+)",\s*(?:"([a-z0-9-]+)"|NULL)', text):
        found += [(rule, True)] + ([(warning, False)] if warning else [])
    return found


def said():
    """Two maps, of warnings and of rules: the code, and the files that say it."""
    warnings, rules = {}, {}
    for room in ROOMS:
        for path in sorted((ROOT / "daemon" / room).glob("**/*.c")):
            for code, rule in said_in(path):
                (rules if rule else warnings).setdefault(code, set()).add(path.stem)
    return warnings, rules


def words():
    """Two maps, of warnings and of rules: the code and its words (of a rule those for many)."""
    text = (ROOT / "daemon/article/explain_words.c").read_text(encoding="utf-8")
    tables = re.findall(r"\}\s*(rules|warnings)\[\] = \{(.*?)\n\};", text, re.S)
    out = {}
    for name, body in tables:
        rows = re.findall(r"\{((?:\s*\"(?:[^\"\\]|\\.)*\",?)+)\s*\}", body)
        rows = [re.sub(r'(?<!\\)"\s+"', "", row) for row in rows]  # one text in two literals
        parts = [re.findall(r'"((?:[^"\\]|\\.)*)"', row) for row in rows]
        out[name] = {p[0]: p[-1] for p in parts}
    return out["warnings"], out["rules"]


def faults():
    """What does not agree, a sentence each."""
    out = []
    for what, code_says, has_words in zip(("warning", "rule"), said(), words()):
        out += ["%s %s (%s) has no row in article/explain_words.c" % (what, code, ", ".join(sorted(code_says[code])))
                for code in sorted(set(code_says) - set(has_words))]
        out += ["%s %s has a row in article/explain_words.c, and nothing says it" % (what, code)
                for code in sorted(set(has_words) - set(code_says))]
    return out
