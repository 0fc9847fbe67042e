"""Pages as they are printed, to one text: without what a program puts on the edge of each.

A browser prints the date, the title, the address and "3/12" around every page, an office program a
running head. None of it belongs to the article, and it would stand in the middle of a sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from memory.characters import compatible
from memory.patterns import Match, linear
from memory.sentences import is_bullet

EDGE = 3
"""Lines at the top and at the bottom of a page among which such a line stands."""
MOST_PAGES = 0.6
"""Share of the pages from which a line at their edge runs through all of them."""
FEWEST_PAGES = 2
LONGEST = 300
SHORTEST_HEAD, SHORTEST_TAIL = 2, 3
"""Letters that a program leaves of a word at the end of a line, and takes to the next."""
COMPOUNDING = frozenset(
    """
    well self non part full half long short high low first second third last one two three four five six seven eight
    nine ten all ex cross multi semi anti post
    """.split()
)
"""First halves of words that keep their hyphen: "well-known", "part-time"."""
_SOFT = "\u00ad"
_DIVIDED = linear(
    rf"(?P<begin>[^\s]*?)(?P<head>\p{{L}}+)(?P<sign>[-{_SOFT}])\n(?P<tail>\p{{Ll}}+)(?P<end>[^\s]*)(?:[ \t]+|\n|$)"
)
_OPENING = frozenset("([{\"'“„«‘‚‹¿¡")
_WITHIN = frozenset("@/_=\\")
"""Signs of addresses, files and commands, whose hyphens are their own."""
_WORD = linear(r"\p{L}+(?:-\p{L}+)*")
_SENTENCE_ENDS = (".", "!", "?", ":", ";")
_ADDRESS = r"(?:https?|file)://\S+"
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}:\d{2}(?::\d{2})?|[ap]\.?m\.?"
_PAGE = r"(?:page|seite|página|pagina|strona|sida|side|sivu) \d{1,4}(?: (?:of|von|de|sur|di|van|z|av|af) \d{1,4})?|\d{1,4} ?/ ?\d{1,4}|\d{1,4} (?:of|von|de|sur|di|van) \d{1,4}"
_PLACE = linear(rf"(?:^|\s)(?:{_ADDRESS}|{_PAGE})(?:$|\s)")
"""Where the page was, or which of how many it is."""
_DATED = linear(rf"(?:^|\s)(?:{_DATE})(?:$|[\s,])")
_LINK = linear(_ADDRESS)
_SHARE = linear(r"(?P<page>\d{1,4}) ?/ ?(?P<pages>\d{1,4})")
_ALONE = linear(rf"(?:{_ADDRESS}|{_PAGE}|{_DATE}|[\s,|–—-])*")
"""All that a browser prints beside the title."""


def one_text(pages: Sequence[str], title: str = "") -> str:
    """The text of all pages; a paragraph that runs over the end of one is not torn."""
    every = [[line.strip() for line in page.split("\n")] for page in pages]
    running = _running(every)
    bodies = [_body(lines, number, running, title) for number, lines in enumerate(every, start=1)]
    text = ""
    for body in filter(None, bodies):
        gap = "\n" if _goes_on(text, body) else "\n\n"
        text = f"{text}{gap}{body}" if text else body
    return _with_whole_words(text)


def _with_whole_words(text: str) -> str:
    """The text without the hyphens at which a program divided words to fill its lines.

    A sign that shows only there says so itself. A plain hyphen may be the word's own: it goes where the text has the
    undivided word elsewhere, or neither half of it; "check-in" and "e-mail" are too short on one side to be divided.
    """
    if f"{_SOFT}\n" not in text and "-\n" not in text:
        return text.replace(_SOFT, "")
    known = frozenset(_WORD.findall(_DIVIDED.sub(" ", text).casefold()))

    def joined(found: Match) -> str:
        head, sign, tail = found["head"], found["sign"], found["tail"]
        plain = set(found["begin"]) <= _OPENING and not set(found["end"]) & _WITHIN
        whole, halves = f"{head}{tail}".casefold(), {head.casefold(), tail}
        others = halves & COMPOUNDING or known & {f"{head}-{tail}".casefold(), *halves}
        divided = len(head) >= SHORTEST_HEAD and len(tail) >= SHORTEST_TAIL
        joins = plain and (whole in known or (divided and not others))
        kept = "" if sign == _SOFT or joins else sign
        return f"{found['begin']}{head}{kept}{tail}{found['end']}\n"

    return _DIVIDED.sub(joined, text).replace(_SOFT, "")


def _running(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """The lines that stand at the edge of most pages, but for the page's number."""
    if len(pages) < FEWEST_PAGES:
        return frozenset()
    seen = Counter(
        key for number, lines in enumerate(pages, start=1) for key in _keys(lines, number).values()
    )
    needed = max(FEWEST_PAGES, MOST_PAGES * len(pages))
    return frozenset(key for key, times in seen.items() if _may_run(key) and times >= needed)


def _may_run(key: str) -> bool:
    """Whether it may run through the pages: a step or a sentence, as "4. Click Save.", ends many by its own right."""
    return bool(key) and not key.endswith(_SENTENCE_ENDS) and not is_bullet(key, 0)


def _body(lines: Sequence[str], number: int, running: frozenset[str], title: str) -> str:
    """A page without its edge; what runs at the top of all stays on the first, where it is a title."""
    keys, top = _keys(lines, number), set(_said(lines)[:EDGE])
    gone = {
        at
        for at, key in keys.items()
        if _is_printed(lines[at], title) or (key in running and not (number == 1 and at in top))
    }
    return "\n".join(line for at, line in enumerate(lines) if at not in gone).strip("\n")


def _keys(lines: Sequence[str], number: int) -> dict[int, str]:
    """The lines at the edge of a page for comparison, by their place; the page's number is left open in the last."""
    said = _said(lines)
    found = {at: _key(lines[at], 0) for at in (*said[:EDGE], *said[-EDGE:])}
    return found | {at: _key(lines[at], number) for at in said[-1:]}


def _said(lines: Sequence[str]) -> list[int]:
    return [at for at, line in enumerate(lines) if line]


def _key(line: str, number: int) -> str:
    words = compatible(line[:LONGEST]).casefold().replace("/", " / ").split()
    return " ".join("#" if word == str(number) else word for word in words)


def _is_printed(line: str, title: str) -> bool:
    """Whether nothing but a date, the title, an address and a page's number stand in it."""
    said = compatible(line[:LONGEST]).casefold()
    name = compatible(title).casefold().strip()
    named = bool(name) and name in said
    rest = said.replace(name, " ") if named else said
    if _ALONE.fullmatch(rest) is None or _LINK.fullmatch(rest) or _is_no_page(rest):
        return False
    return _PLACE.search(rest) is not None or (named and _DATED.search(rest) is not None)


def _is_no_page(said: str) -> bool:
    """Whether it is a share that no page has: "24/7"."""
    found = _SHARE.fullmatch(said)
    return found is not None and int(found["page"]) > int(found["pages"])


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence was torn between two pages."""
    return after[:1].islower() and before[-1:] not in ".!?:;"
