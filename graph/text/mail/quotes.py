"""Splits a mail into what was written now, what was forwarded and what was quoted, line by line.

Only what is surely another mail is set aside: a line that merely looks like a head is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.text.mail.marks import ABOVE, FORWARDED, HEADERS, OPENERS, ORIGINAL, WROTE, folded

LONGEST_MARK = 300
"""Characters of a line, or of lines together, that a mail program may have put there."""
SHORTEST_MARK, SHORTEST_FORWARD = 16, 4
MOST_AROUND = 24
"""Characters around a forward's mark: with more of them it is a sentence about one."""
MOST_ATTRIBUTION_LINES = 3
MOST_HEADER_LINES = 10
FEWEST_KINDS = 3
"""Kinds of header lines that make a head where none of them names an address."""
YEAR_DIGITS = 4
FEWEST_DIGITS = 3
"""Digits of a date with a time or an address beside it."""


@dataclass(frozen=True)
class Thread:
    """The lines of a mail, by whose they are."""

    own: list[str] = field(default_factory=list)
    forwarded: list[str] = field(default_factory=list)
    """What another person had written to the writer, who passes it on."""
    quoted: list[str] = field(default_factory=list)


def split(lines: Sequence[str], *, forwards: bool) -> Thread:
    """Every line once, in one of the three. `forwards`: the subject says it is a forward."""
    found = Thread()
    into, at = found.own, 0
    while at < len(lines):
        if lines[at].lstrip().startswith(">") or _replies_below(lines[at], found.own):
            found.quoted.append(lines[at])
            at += 1
            continue
        said = folded(lines[at]) if _may_mark(lines[at]) else ""
        if not said:
            into.append(lines[at])
            at += 1
            continue
        if is_forward_mark(said):
            at += 1
            at += _head_after(lines, at)
            into = found.forwarded
            continue
        if head := _quoted_head(lines, at, said):
            nothing_above = not any(map(str.strip, found.own)) and _is_rule(said)
            if into is found.own and (forwards or nothing_above):
                at, into = at + head, found.forwarded
                continue
            break
        if size := attribution(lines, at, said):
            if not _quote_follows(lines, at + size) and _is_sure(lines[at : at + size]):
                break
            if _quote_follows(lines, at + size):
                found.quoted.extend(lines[at : at + size])
                at += size
                continue
        into.append(lines[at])
        at += 1
    found.quoted.extend(lines[at:])
    return found


def is_forward_mark(said: str) -> bool:
    """Whether the line, folded, says that a forwarded mail follows."""
    bare = said.strip("-_*>=: .")
    if len(bare) < SHORTEST_FORWARD:
        return False
    return any(mark in bare and len(bare) <= len(mark) + MOST_AROUND for mark in FORWARDED)


def attribution(lines: Sequence[str], at: int, said: str) -> int:
    """How many lines say who wrote what is quoted below; 0 if none do."""
    bare = _bare(lines[at])
    if bare.startswith("--") and bare.endswith("--") and _attributes(bare):
        return 1  # Zoho's, between dashes
    if not (bare.endswith((":", "：")) or _opens(said)):
        return 0
    joined = ""
    for size in range(1, MOST_ATTRIBUTION_LINES + 1):
        line = _bare(lines[at + size - 1]) if at + size <= len(lines) else ""
        joined = f"{joined} {line}"
        if not line or len(joined) > LONGEST_MARK:
            return 0
        if joined.endswith((":", "：")):
            return size if _attributes(joined) else 0
    return 0


def _may_mark(line: str) -> bool:
    return len(line) <= LONGEST_MARK or _introduces(line)


def _introduces(line: str) -> bool:
    """Whether it says who wrote what stands behind it in the same line, as Yahoo's does."""
    if "@" not in line[: 2 * LONGEST_MARK]:
        return False
    head, colon, rest = _bare(line)[: 2 * LONGEST_MARK].partition(": ")
    sender = colon and rest.strip() and head.rstrip().endswith(tuple(map(str.rstrip, WROTE)))
    return bool(sender and "<" in head and "@" in head and _opens(folded(head)))


def _bare(line: str) -> str:
    """The line without blanks at its ends, and without the characters that turn its direction."""
    return line.strip(" \t\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _opens(said: str) -> bool:
    return said.startswith(OPENERS) or said[:1].isdigit()


def _attributes(joined: str) -> bool:
    said = folded(joined)
    digits = sum(sign.isdigit() for sign in said)
    if digits and any(verb in f" {said}" for verb in WROTE):
        return True
    return digits >= FEWEST_DIGITS and (("@" in said and "<" in said) or _names_alone(joined))


def _names_alone(joined: str) -> bool:
    """Whether it is a name, a year and a time and no more: "Ann Lee, Nov 20, 2026, 14:02 GMT:"."""
    words = [word.strip(",.:()") for word in joined.split()]
    dated = any(len(word) == YEAR_DIGITS and word.isdigit() for word in words) and "," in joined
    return dated and _has_time(joined) and not any(word[:1].islower() for word in words)


def _is_sure(lines: Sequence[str]) -> bool:
    """Whether it names an address or the time of day, as programs do and people hardly."""
    said = " ".join(lines)
    return "@" in said or _has_time(said)


def _has_time(text: str) -> bool:
    """Whether a time such as 09:12 or 9.12 stands in it."""
    return any(
        text[place - 1].isdigit() and text[place + 1 : place + 3].isdigit()
        for place, sign in enumerate(text[:LONGEST_MARK])
        if sign in ":." and 0 < place < len(text) - 2
    )


def _quote_follows(lines: Sequence[str], at: int) -> bool:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at < len(lines) and lines[at].lstrip().startswith(">")


def _quoted_head(lines: Sequence[str], at: int, said: str) -> int:
    """How many lines make a mark above another mail and that mail's head; 0 if none do."""
    if _is_above(said) or (_introduces(lines[at]) and any(map(str.strip, lines[:at]))):
        return 1
    if _is_rule(said):
        after = at + 1
        while after < len(lines) and not lines[after].strip() and after <= at + 2:
            after += 1
        head = header_block(lines, after)
        marked = len(said) >= SHORTEST_FORWARD and any(mark in said for mark in ORIGINAL)
        if head or marked or ":" not in said:  # a head may be bold: "**From:** Ann"
            return after - at + head if head or marked else 0
    return header_block(lines, at)


def _is_above(said: str) -> bool:
    """Whether a helpdesk asks to write above the line."""
    fenced = said.startswith("##-") and said.endswith("-##")  # Zendesk's, in any language
    return len(said) >= SHORTEST_MARK and (fenced or any(mark in said for mark in ABOVE))


def _replies_below(line: str, own: Sequence[str]) -> bool:
    """Whether it is such a mark, and nothing is written above it."""
    return len(line) <= LONGEST_MARK and not any(map(str.strip, own)) and _is_above(folded(line))


def _is_rule(said: str) -> bool:
    """A line of dashes, perhaps with words in it."""
    return said[:2] in {"--", "__", "==", "**"} or said.strip("- ") in ORIGINAL


def _head_after(lines: Sequence[str], at: int) -> int:
    """Lines of the head that stands below a forward's mark, with the blank ones before it."""
    after = at
    while after < len(lines) and not lines[after].strip():
        after += 1
    kinds = [_kind(line) for line in lines[after : after + MOST_HEADER_LINES]]
    size = next((place for place, kind in enumerate(kinds) if kind is None), len(kinds))
    return after - at + size if size > 1 else 0


def header_block(lines: Sequence[str], at: int) -> int:
    """How many lines from there are the head of another mail; 0 if they merely look like it."""
    kinds: list[str] = []
    sure = dated = False
    for line in lines[at : at + MOST_HEADER_LINES]:
        kind = _kind(line)
        if kind is None:
            break
        kinds.append(kind)
        sure = sure or "@" in line
        dated = dated or (kind == "date" and _is_dated(line))
    known = set(kinds) - {"other"}
    if "from" not in known or not (sure or dated):
        return 0
    enough = len(known) >= FEWEST_KINDS or (sure and len(known) > 1)
    return len(kinds) if enough else 0


def _is_dated(line: str) -> bool:
    digits = sum(sign.isdigit() for sign in line)
    return digits > FEWEST_DIGITS


def _kind(line: str) -> str | None:
    """What line of a head this is; None if it is none."""
    if ":" not in line and "：" not in line:
        return None
    name, colon, _ = line.lstrip(" \t*_").replace("：", ":")[:LONGEST_MARK].partition(":")
    return HEADERS.get(folded(name.strip(" *_"))) if colon else None
