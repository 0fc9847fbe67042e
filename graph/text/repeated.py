"""Whether a text has been said before, whatever its blanks and capitals."""

from __future__ import annotations

from collections.abc import Sequence


def repeats(claims: Sequence[str], sent: Sequence[str]) -> bool:
    """Whether everything that is claimed stands in what was sent."""
    told = [plain(text) for text in sent]
    return bool(claims) and all(any(plain(one) in text for text in told) for one in claims)


def plain(text: str) -> str:
    """A text as it is compared."""
    return " ".join(text.split()).lower()
