"""How a channel was tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.console.parts import widgets, words
from api.console.parts.widgets import Tag


def result(found: Mapping[str, Any]) -> None:
    """Whether it works, a sentence a line, and what has to stand in desk.yaml if we cannot write it."""
    with Tag("div", "channel-result", role="status"):
        if found["well"]:
            widgets.badge("it works", "good")
        elif found.get("written"):
            widgets.badge("connected, not seen working yet", "warn")
        else:
            widgets.badge("it does not work", "bad")
        for line in found["lines"]:
            Tag("p", "", words.capital(line))
        if found.get("block"):
            Tag("pre", "channel-block", found["block"])
