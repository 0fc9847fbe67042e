"""Takes off a letter what programs and companies add to it: footers, banners, legal notices, imprints."""

from __future__ import annotations

from collections.abc import Sequence

from graph.text.mail.closings import (
    CONFIDES,
    DEVICES,
    DISCLAIMERS,
    FOOTERS,
    FROM_MY,
    IMPRINTS,
    NOTICED,
    OUTSIDE,
    PLATFORMS,
    POLITE,
    REQUESTING,
    RISKS,
    SENT_WITH,
)
from graph.text.mail.marks import asks, folded
from graph.text.requests import PROBLEM
from memory.patterns import Pattern, escaped, linear
from memory.sentences import sentences

LONGEST_LINE = 200
"""Characters of a line that may be a closing, a footer or part of a signature."""
SHORTEST_FOOTER, SHORTEST_NOTICE = 5, 10
LONGEST_ADVERT_WORDS = 5
MOST_FENCED = 12
"""Lines of what a scanner of mail adds between two rules."""
SHORTEST_RULE, FENCES = 3, 2
FEWEST_NOTICES = 2
"""Phrases of a legal notice, or of an imprint, that leave no doubt whatever else is in it."""
_LINKS = linear(r"<https?://[^<>\s]*>|\[(?:https?://|cid:|image|[Aa]ttachment)[^\[\]]*\]")
_LABELLED = linear(r"\[([^\[\]]{1,60})\]\(https?://[^()\s]*\)")
"""A link with its words, as in Markdown."""
_CONFIDES = linear(CONFIDES)
_NOTICED = tuple(tuple(map(linear, pair)) for pair in NOTICED)
_DISCLAIMS = linear("|".join(map(escaped, DISCLAIMERS)))
_IMPRINTED = linear("|".join(map(escaped, IMPRINTS)))


def without_footers(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines without what programs and companies add, and what they added."""
    own: list[str] = []
    fence = _fenced(lines)
    lines, aside = lines[:fence], list(lines[fence:])
    for paragraph in _paragraphs(lines):
        added = _is_banner(folded(" ".join(paragraph)))
        kept: list[str] = []
        for line in paragraph:
            (aside if added or _is_footer(line) else kept).append(line)
        begun = bool(own)
        notice = begun and _is_disclaimer(kept)
        for line in kept:  # a notice may stand right below its writer's name
            below = notice or (begun and line is not kept[0] and _is_disclaimer([line]))
            (aside if below else own).append(line)
    return own, aside


def _fenced(lines: Sequence[str]) -> int:
    """Where a last paragraph begins that stands between two rules and links elsewhere: a scanner's.

    What the writer shows there, with a colon above, or what tells of a trouble, is their own.
    """
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    rules = [at for at in range(max(0, end - MOST_FENCED), end) if _is_rule(lines[at])]
    if len(rules) != FENCES or rules[1] != end - 1:
        return len(lines)
    above = [line.strip() for line in lines[: rules[0]] if line.strip()]
    inside = " ".join(lines[rules[0] + 1 : rules[1]])
    own = not above or above[-1].endswith(":") or asks(inside) or PROBLEM.search(inside)
    return rules[0] if "://" in inside and not own else len(lines)


def _is_rule(line: str) -> bool:
    bare = line.strip()
    return len(bare) >= SHORTEST_RULE and len(set(bare)) == 1 and bare[0] in "*=-_#~"


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    """Runs of lines; each takes along the blank lines after it."""
    found: list[list[str]] = []
    for line in lines:
        if not found or (line.strip() and found[-1] and not found[-1][-1].strip()):
            found.append([])
        found[-1].append(line)
    return found


def _is_footer(line: str) -> bool:
    if not SHORTEST_FOOTER <= len(line) <= LONGEST_LINE:
        return False
    if _is_bare_link(line):
        return True
    said = folded(_LABELLED.sub(r"\1", line) if "](" in line else line).strip("*_ ")
    return said.startswith(FOOTERS) or _is_from_a_device(said) or _is_banner(said)


def _is_bare_link(line: str) -> bool:
    """Whether programs left nothing but the addresses of links and pictures: "[logo.png]<https://...>"."""
    if line.strip()[:1] not in {"<", "["} or not any(
        sign in line for sign in ("://", "cid:", "[image", "[Attachment", "[attachment")
    ):
        return False
    return not _LINKS.sub("", line).strip()


def _is_from_a_device(said: str) -> bool:
    words = said.partition("<")[0].split()
    if len(words) > LONGEST_ADVERT_WORDS or asks(said):
        return False
    advertised = ("outlook" in words and not PLATFORMS.isdisjoint(words)) or (
        words[:1] == ["sent"] and words[1:2] in (["with"], ["using"], ["via"])
    )
    advertised = advertised or (words[:1] == ["get"] and words[-1] in PLATFORMS)
    return advertised or (
        said.startswith((*FROM_MY, *SENT_WITH)) and any(name in said for name in DEVICES)
    )


def _is_banner(said: str) -> bool:
    """Whether a mail server warns of a sender outside: "Do not click links unless you know ..."."""
    outside = not asks(said) and any(words in said for words in OUTSIDE)
    return outside and any(words in said for words in RISKS)


def _is_disclaimer(lines: Sequence[str]) -> bool:
    text = " ".join(lines)
    if len(text) < SHORTEST_NOTICE:
        return False
    said = folded(text)
    return (
        _several(_DISCLAIMS, said) >= FEWEST_NOTICES
        or _is_imprint(said)
        or _is_notice(_without_asking(text))
    )


def _is_notice(text: str) -> bool:
    said = folded(text)
    noticed = _DISCLAIMS.search(said) or _CONFIDES.search(said) or _is_noticed(said)
    return bool(noticed) and not asks(text)


def _is_noticed(said: str) -> bool:
    return any(all(one.search(said) for one in pair) for pair in _NOTICED)


def _without_asking(text: str) -> str:
    """A paragraph without what a notice may ask itself, beside what it says: whether a mail has to be printed."""
    if not asks(text):
        return text
    every = [one.text for one in sentences(text)]
    return " ".join(one for one in every if not (asks(one) and _is_noticed(folded(one))))


def _several(pattern: Pattern, said: str) -> int:
    """How many different phrases are in it, counted up to what is enough."""
    found: set[str] = set()
    for match in pattern.finditer(said):
        found.add(match.group())
        if len(found) >= FEWEST_NOTICES:
            break
    return len(found)


def _is_imprint(said: str) -> bool:
    """Whether a company's particulars stand there, and nobody is asked to do something with them."""
    if _several(_IMPRINTED, said) < FEWEST_NOTICES:
        return False
    return not asks(said) and not any(words in said for words in REQUESTING[:POLITE])
