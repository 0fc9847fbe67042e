"""Takes a letter out of what programs put around it: a raw mail, a form's JSON, cards, a chat's record.

A raw mail may have parts, and characters in quoted-printable that nobody read. Whatever cannot be read as such is left as it is.
"""

from __future__ import annotations

import json
import quopri
from email import policy
from email.message import EmailMessage
from email.parser import HeaderParser

from graph.text.mail.marks import folded
from memory.patterns import linear

RAW_HEADS = ("content-type:", "content-transfer-encoding:", "mime-version:")
"""How a mail begins whose parts nobody took apart."""
CARDS = frozenset({"VCARD", "VCALENDAR"})
FEWEST_SAID = 2
"""Lines with a time and a speaker that make the record of a chat."""
MOST_JSON = 65_536
HELPERS = (
    "bot",
    "agent",
    "assistant",
    "support",
    "system",
    "operator",
    "advisor",
    "helpdesk",
    "service",
)
"""Words of a speaker who is not the customer."""
MOST_HEAD = 400
"""Characters in which a part of a mail says what it is."""
_ESCAPED = linear(r"=(?:\r?\n|[0-9A-F]{2})")
_SURELY = linear(r"=\r?\n|=[89A-F][0-9A-F]=[89AB][0-9A-F]|=3D|=20\r?\n")
"""What no address of the web holds."""
_BEFORE = "[( \t\u200e\u200f\u202a"
_SAID = linear(
    r"^[\s\p{Cf}]*[\[(]?(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? +)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?[\])]?"
    r"\s*(?:[-–|]\s*)?(?P<who>[^:\[\]<>]{1,40}?)(?:: (?P<what>.*)| (?:has |have )?(?:left|joined|ended|started).{0,60})$"
)
"""A line of a chat: when, who and what, or that somebody came or left."""


def unwrapped(text: str) -> str:
    """The letter alone."""
    begins = text[:MOST_JSON].lstrip()
    if begins[:40].lower().startswith(RAW_HEADS):
        text = _of_raw(text)
    elif "\n--" in f"\n{text}" and "ontent-" in text:
        text = _of_parts(text)
    elif "=" in text:
        text = _of_quoted_printable(text)
    elif begins.startswith("{"):
        text = _of_json(text)
    return _without_cards(_of_chat(text))


def _of_raw(text: str) -> str:
    """The text of a mail that came with its heads and its encoding."""
    mail = HeaderParser(EmailMessage, policy=policy.default).parsestr(text.lstrip())
    if mail.get_content_maintype() != "text":
        return _of_parts(text[text.index("\n--") + 1 :]) if "\n--" in text else text
    try:
        found = mail.get_content()
    except (LookupError, ValueError):  # an encoding that nobody knows
        return text
    return found if isinstance(found, str) and found.strip() else text


def _of_parts(text: str) -> str:
    """What stands before the parts of a mail, and the first of them that is a text; a plain one if there is."""
    lines = text.split("\n")
    heads = [
        place
        for place, line in enumerate(lines[:-1])
        if line.startswith("--") and lines[place + 1].lower().startswith(RAW_HEADS)
    ]
    if not heads:
        return text
    edge = lines[heads[0]].rstrip()
    edges = [place for place, line in enumerate(lines) if line.rstrip() in (edge, f"{edge}--")]
    parts = [
        "\n".join(lines[one + 1 : end]) for one, end in zip(edges, [*edges[1:], None], strict=True)
    ]
    texts = sorted(
        filter(_is_text, parts), key=lambda part: "text/plain" not in part[:MOST_HEAD].lower()
    )
    before = "\n".join(lines[: edges[0]])
    return f"{before}\n\n{_of_raw(texts[0])}".strip() if texts else before.strip() or text


def _is_text(part: str) -> bool:
    head = part[:MOST_HEAD].lower()
    return head.startswith(RAW_HEADS) and "text/" in head


def _of_quoted_printable(text: str) -> str:
    """The text with its characters, where each "=" of it stands for one or ends a line: `caf=C3=A9`, `pass=` above `word`."""
    every = text.count("=")
    if every != len(_ESCAPED.findall(text)) or not _SURELY.search(text):
        return text
    try:
        return quopri.decodestring(text.encode()).decode()
    except UnicodeDecodeError:
        return text


def _of_json(text: str) -> str:
    """The words of an object, a line each with its name."""
    if len(text) > MOST_JSON:
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    told = [(name, value) for name, value in found.items() if isinstance(value, str)]
    return "\n".join(f"{name}: {value}" for name, value in told if value.strip()) or text


def _without_cards(text: str) -> str:
    """Without cards and appointments, which mail programs put into a text."""
    if "BEGIN:V" not in text:
        return text
    kept: list[str] = []
    inside = ""
    for line in text.split("\n"):
        mark, _, name = line.strip().partition(":")
        if not inside and mark == "BEGIN" and name in CARDS:
            inside = name
        elif not inside:
            kept.append(line)
        elif mark == "END" and name == inside:
            inside = ""
    found = "\n".join(kept)
    return text if inside or not found.strip() else found


def _of_chat(text: str) -> str:
    """What the customer said, where most of a text is the record of a chat."""
    begun, turns, own = False, 0, True
    kept: list[str] = []
    lines = [line for line in text.split("\n") if line.strip()]
    for line in lines:
        dated = line.lstrip(_BEFORE)[:1].isdigit()
        found = _SAID.match(line) if dated else None
        if found is None:  # goes on from the line above, or stands before the record
            kept += [line] if own or not begun else []
            continue
        begun, turns = True, turns + 1
        own = not any(word in HELPERS for word in folded(found["who"]).split())
        kept += [found["what"]] if own and found["what"] else []
    is_record = turns >= FEWEST_SAID and 2 * turns >= len(lines)
    return "\n".join(kept) if is_record and any(map(str.strip, kept)) else text
