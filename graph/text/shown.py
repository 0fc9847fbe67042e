"""Text inside a stored block as a plain mail shows it: links written out, marks left out."""

from __future__ import annotations

from memory.patterns import Match, linear

MOST_ADDRESS = 300
"""Characters of an address; a longer one is left out, its words stay."""
_LINK = linear(r"!?\[([^\[\]\n]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s\"[^\"\n]*\")?\)")
_STRUCK = linear(r"~~[^~\n]+~~")
_CODE = linear(r"`+([^`\n]+)`+")
_BLANKS = linear(r"\s+")
_SPACED_END = linear(r" +([.,;:!?])(?:\s|$)")
_BARE = linear(r"<(https?://[^<>\s]+)>")


def shown(text: str) -> str:
    """One line of words. What is struck out is not said; an address stands behind its words.

    >>> shown("Open [Billing](https://a.example/b) and type `on`.")
    'Open Billing (https://a.example/b) and type on.'
    """
    found = _STRUCK.sub("", text)
    found = _LINK.sub(_linked, found)
    found = _CODE.sub(lambda match: match.group(1), found)
    found = _BARE.sub(lambda match: match.group(1), found)
    found = found.replace("\u200b", "").replace("**", "")
    found = _BLANKS.sub(" ", found).strip()
    return _SPACED_END.sub(_closed, found).strip()


def unlinked(text: str) -> str:
    """The same without addresses: for comparing words."""
    return shown(_LINK.sub(lambda match: match.group(1), text))


def _linked(match: Match) -> str:
    words, address = match.group(1).strip(), match.group(2)
    if match.group().startswith("!"):
        return ""
    outside = address.startswith(("http://", "https://")) and len(address) <= MOST_ADDRESS
    if not outside or address.rstrip("/") == words.rstrip("/"):
        return words
    return f"{words} ({address})" if words else address


def _closed(match: Match) -> str:
    rest = match.group()[-1]
    return match.group(1) + (" " if rest.isspace() else "")
