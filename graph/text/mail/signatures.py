"""Takes signatures, footers and legal notices off a letter, and nothing that asks.

What stands below a closing is a signature only where it looks like one: a name, then short lines.
A question, a request or a full sentence is read, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.text.mail.closings import (
    CLOSING_HEADS,
    CLOSINGS,
    MARKETING,
    REQUESTING,
)
from graph.text.mail.footers import LONGEST_LINE, without_footers
from graph.text.mail.marks import asks, folded
from memory.patterns import linear

LONGEST_NAME_WORDS = 5
LONGEST_PITCH_WORDS = 6
"""Between a slogan's question and the address to which it leads."""
LONGEST_SIGNER_WORDS = 2
"""Of a name on the line of its closing: "Regards, Ann Lee"."""
MOST_SIGNATURE_LINES = 12
SENTENCE_WORDS = 9
"""Words of a line that ends like a sentence and is taken for one."""
_PARTED = dict.fromkeys(map(ord, "·•‖"), "|")
"""Between a name and what stands beside it: "Ann Lee | Head of IT | Example Ltd"."""
_AROUND = " ,.!¡;:-–—🙏🙂😊👍)。．、~～*_"
"""Marks around a closing."""
LONGEST_CLOSING = 80
_BARS = frozenset("|·•‖")
_RULES = frozenset("-_—–=*")
DELIMITER = "-- "
"""The line by which programs mark a signature (RFC 3676, 4.3)."""
FEWEST_DIGITS = 6
"""Of a telephone number or a register."""
FEWEST_BARS = 2
"""Characters between the links of one line: "Book a demo | Follow us | Imprint"."""
_POSTSCRIPT = linear(r"^\s*P\.? ?P?\.?S\b[.:]*\s*", ignore_case=True)
_ON_BEHALF = linear(r"^(?:i\. ?[AV]\.|ppa\.|p\.p\.) ?", ignore_case=True)
"""Before the name of who signs for another."""


@dataclass(frozen=True)
class Signed:
    """A letter and what was taken off it."""

    own: list[str]
    aside: list[str]


def without_signature(lines: Sequence[str]) -> Signed:
    """The lines that say something, and those that do not."""
    own, aside = without_footers(lines)
    closing = _closing(own)
    if closing is not None:
        end = _signature_end(own, closing)
        # A letter that is nothing but its thanks keeps them.
        start = closing if any(line.strip() for line in own[:closing]) else closing + 1
        aside += own[start:end]
        below = [_without_postscript(line) for line in own[end:]]
        own = own[:start] + ([""] if below else []) + below
    return Signed(own, aside)


def _without_postscript(line: str) -> str:
    """The line without its "P.S."; RE2 is asked only where one can stand, since a mail has many lines."""
    return _POSTSCRIPT.sub("", line) if line.lstrip()[:1] in {"P", "p"} else line


def _closing(lines: Sequence[str]) -> int | None:
    """The line of the first closing, or of two dashes, below which a signature stands."""
    begun = False
    for place, line in enumerate(lines):
        if not line.strip():
            continue
        closes = (begun and _is_dashes(line)) or _is_closing(line)
        begun = True
        if (
            (place and _is_card(lines, place))
            or _names_signer(line)
            or (closes and _is_signed(lines, place + 1))
        ):
            return place
    return None


def _is_dashes(line: str) -> bool:
    """A line of dashes alone; a single one only if it is long."""
    bare = line.strip()
    return (len(bare) > 1 or bare in {"—", "–"}) and set(bare) <= _RULES


def _is_closing(line: str) -> bool:
    if len(line) > LONGEST_CLOSING:
        return False
    said = folded(line).replace("ß", "ss").strip(_AROUND)
    pieces = said.split("/") if "/" in said else (said,)  # in two languages
    if CLOSINGS.issuperset(map(str.strip, pieces)):
        return True
    words = said.split()
    return len(words) <= LONGEST_NAME_WORDS and not CLOSING_HEADS.isdisjoint(words)


def _is_card(lines: Sequence[str], place: int) -> bool:
    """Whether a name, a post and an address share the line, below a blank one: a row of a table has others beside it."""
    line = lines[place]
    if lines[place - 1].strip() or _BARS.isdisjoint(line):
        return False
    beside = [*lines[place - 1 : place], *lines[place + 1 : place + 2]]
    if len(line) > LONGEST_LINE or any("|" in one.translate(_PARTED) for one in beside):
        return False
    barred = line.translate(_PARTED).count("|") >= FEWEST_BARS
    return barred and _has_address(line) and _is_name(line)


def _has_address(said: str) -> bool:
    digits = sum(map(str.isdigit, said)) >= FEWEST_DIGITS
    return digits or any(sign in said for sign in ("@", "www.", "http", "[cid:"))


def _names_signer(line: str) -> bool:
    """Whether a closing and a name stand on one line: "Regards, Ann"."""
    closing, comma, signer = line.partition(",")
    named = 0 < len(signer.split()) <= LONGEST_SIGNER_WORDS and _is_name(signer)
    return bool(comma) and named and _is_closing(closing)


def _is_signed(lines: Sequence[str], start: int) -> bool:
    """Whether what stands below begins like a signature, or nothing stands there."""
    first = next((line for line in lines[start : start + MOST_SIGNATURE_LINES] if line.strip()), "")
    if first and not _is_name(first):
        return False
    block = _block(lines, start)
    if not block:
        return True
    if len(block) > MOST_SIGNATURE_LINES or not _is_name(block[0]):
        return False
    linked = any("www." in line or "://" in line or "," in line for line in block[1:])
    delimited = lines[start - 1] == DELIMITER and (linked or not any(map(asks, block)))
    return delimited or not any(_asks(line) for line in block) or _is_slogan(block)


def _signature_end(lines: Sequence[str], start: int) -> int:
    """The first line below the signature that says something again."""
    end, ended = start + 1, _names_signer(lines[start]) or (start > 0 and _is_card(lines, start))
    while True:
        while end < len(lines) and not lines[end].strip():
            end += 1
        block = _block(lines, end)
        first = end == start + 1 or not any(line.strip() for line in lines[start + 1 : end])
        if not block or not ((first and not ended) or _is_contact(block) or _is_slogan(block)):
            return end
        end += len(block)


def _block(lines: Sequence[str], start: int) -> list[str]:
    """The lines from there to the next blank one, blank ones before it left out."""
    at = start
    while at < len(lines) and not lines[at].strip():
        at += 1
    found: list[str] = []
    while at < len(lines) and lines[at].strip() and len(found) <= MOST_SIGNATURE_LINES:
        found.append(lines[at])
        at += 1
    return found


def _is_name(line: str) -> bool:
    """A few words that begin like a name and end unlike a sentence."""
    signed = line.strip(" -–—*_\t")
    if not signed or len(signed) > LONGEST_LINE:
        return False
    said = _ON_BEHALF.sub("", signed)
    words = said.translate(_PARTED).partition("|")[0].split()
    if not words or len(words) > LONGEST_NAME_WORDS:
        return False
    return not said[0].islower() and not said[0].isdigit() and said[-1] not in "?:;"


def _asks(line: str) -> bool:
    """Whether a line asks or tells something rather than naming its writer."""
    said = folded(line[:LONGEST_LINE])
    bars = said.translate(_PARTED).count("|")
    if _is_motto(line) or bars >= FEWEST_BARS or (bars and _has_address(said)):
        return False  # "T +44 20 7946 0000 | Ask us how to save"
    _, mark, rest = said.rpartition("?")
    pitch = [word for word in rest.split() if any(map(str.isalpha, word))]
    if mark and rest and len(pitch) <= LONGEST_PITCH_WORDS and _has_address(rest):
        return False  # "Questions? office@example.com"
    ends = said.endswith((".", "!")) and len(said.split()) >= SENTENCE_WORDS
    return asks(line) or len(line) > LONGEST_LINE or ends or said.startswith(REQUESTING)


def _is_motto(line: str) -> bool:
    """A saying in quotation marks, as people put it below their names."""
    bare = line.strip()
    return (
        len(bare) <= LONGEST_LINE
        and bare[:1] in "\"“„«'"
        and bare[-1:] in "\"”“»'"
        and len(bare) > 1
    )


def _is_slogan(block: Sequence[str]) -> bool:
    """Whether what asks in a signature advertises: "Can we help you?" above an address."""
    asking = [line for line in block if _asks(line)]
    linked = any(
        "www." in line or "http" in line or line.count("|") >= FEWEST_BARS for line in block
    )
    marketed = all(any(words in folded(line) for words in MARKETING) for line in asking)
    return linked and marketed and len(block) <= MOST_SIGNATURE_LINES


def _is_contact(block: Sequence[str]) -> bool:
    """Whether a paragraph below a signature goes on with it: short lines with digits or addresses."""
    if len(block) > MOST_SIGNATURE_LINES or any(_asks(line) for line in block):
        return False
    barred = any(line.translate(_PARTED).count("|") >= FEWEST_BARS for line in block)
    return barred or _has_address(" ".join(block))
