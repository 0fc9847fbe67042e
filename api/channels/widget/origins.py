"""What people write for a website, as a browser names it; and what stands in its pages."""

from __future__ import annotations

from memory.patterns import linear
from tools.outside import origin, web_address

SCRIPT = "/widget.js"
_SCHEME = linear(r"^https?://")


def origin_of(text: str) -> str:
    """Scheme, host and port of what people write for a website: example.com, https://example.com/shop.

    Raises `AddressRefused`.
    """
    given = text.strip().partition("#")[0]
    whole = given if _SCHEME.match(given.lower()) else f"https://{given}"
    return origin(web_address(whole, query=True))


def tag(ours: str, tenant: str) -> str:
    """What stands in the website's pages."""
    return f'<script src="{ours}{SCRIPT}" data-desk="{tenant}" async></script>'
