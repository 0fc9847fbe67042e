"""What people write for a website, as a browser names it."""

from __future__ import annotations

from urllib.parse import urlsplit

from memory.patterns import linear

_SCHEME = linear(r"^https?://")


def origin_of(text: str) -> str:
    """Scheme, host and port of what people write for a website: example.com, https://example.com/shop."""
    given = text.strip()
    parts = urlsplit(given if _SCHEME.match(given.lower()) else f"https://{given}")
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"
