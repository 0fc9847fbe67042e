"""Figures as people read them: shares with what they rest on, bars, tables. Pure markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from nicegui import ui

from api.console.parts.widgets import Tag
from memory.budgets.amounts import MICROS

STYLES = '<link rel="stylesheet" href="/console/assets/figures.css">'
NOTHING = "–"
_SECONDS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def styles() -> None:
    """Bring in the styles of this file's pieces."""
    ui.add_head_html(STYLES)


def percent(value: float | None) -> str:
    """0.5 as 50 %."""
    return NOTHING if value is None else f"{value:.0%}".replace("%", " %")


def interval(rate: dict[str, Any]) -> str:
    """What a share rests on."""
    if rate["n"] == 0:
        return "no case yet"
    low, high = round(100 * rate["low"]), round(100 * rate["high"])
    return f"{rate['hits']} of {rate['n']}, {low} to {high} %"


def duration(seconds: float | None) -> str:
    """Seconds in the largest unit that fits, with the next one where it says something."""
    if seconds is None:
        return NOTHING
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    whole = round(seconds)
    for (size, unit), (smaller, part) in pairwise(_SECONDS):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {unit}" + (f" {rest} {part}" if rest else "")
    return f"{whole} s"


def money(micros: int) -> str:
    """Millionths of the tenant's currency; small sums keep their digits."""
    value = micros / MICROS
    return f"{value:,.2f}" if value >= 1 or micros % (MICROS // 100) == 0 else f"{value:.4f}"


def figure(name: str, value: str, rests_on: str = "", explanation: str = "") -> None:
    """One figure with what it rests on."""
    with Tag("div", "figure", title=explanation or None):
        Tag("dt", "", name)
        Tag("dd", "", value)
        if rests_on:
            Tag("dd", "rests", rests_on)


def share(name: str, rate: dict[str, Any], explanation: str) -> None:
    """A share as a figure."""
    figure(name, percent(rate["value"]), interval(rate), explanation)


def stack(parts: Sequence[tuple[str, int, str]], label: str) -> None:
    """Counts as one bar with a legend: (name, count, colour's name)."""
    total = sum(count for _, count, _ in parts)
    if total == 0:
        return
    with Tag("div", "stack", role="img", aria_label=label):
        for name, count, colour in parts:
            if count:
                Tag(
                    "span",
                    f"fill-{colour}",
                    style=f"flex-grow:{count}",
                    title=f"{name}: {count}",
                )
    with Tag("ul", "legend"):
        for name, count, colour in parts:
            if count:
                with Tag("li"):
                    Tag("span", f"swatch fill-{colour}", aria_hidden="true")
                    Tag("span", "", name)
                    Tag("span", "num muted", str(count))


def bars(rows: Sequence[tuple[str, int]], label: str) -> None:
    """Counts under each other, as long as they are large."""
    most = max((count for _, count in rows), default=0)
    with Tag("ul", "bars", aria_label=label):
        for name, count in rows:
            with Tag("li"):
                Tag("span", "bar-name", name)
                with Tag("span", "bar-track", aria_hidden="true"):
                    Tag("span", "bar-fill", style=f"width:{count / most:.1%}")
                Tag("span", "num", str(count))


def columns(counts: Sequence[int], names: Sequence[str], mark: float | None, label: str) -> None:
    """A histogram; `mark`, from 0 to 1, is where the threshold stands."""
    most = max([*counts, 1])
    with Tag("div", "pillars", role="img", aria_label=label):
        for count, name in zip(counts, names, strict=True):
            with Tag("div", "pillar", title=f"{name}: {count}"):
                Tag("span", "pillar-count num", str(count) if count else "")
                Tag("span", "pillar-fill", style=f"height:{max(count / most, 0.01):.1%}")
                Tag("span", "pillar-name num", name)
        if mark is not None:
            Tag("span", "pillars-mark", style=f"left:{mark:.1%}", title=f"threshold {mark:.2f}")


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[int] = (),
    stacked: bool = False,
) -> None:
    """Rows of text; `numbers` are the columns set to the right. Of `stacked` ones see `body`."""
    with body(*heads, numbers=numbers, stacked=stacked):
        for row in rows:
            with Tag("tr"):
                for place, cell in enumerate(row):
                    look, named = "right" if place in numbers else "", stacked and place > 0
                    Tag("td", look, cell, data_head=heads[place] if named else None)


@contextmanager
def body(*heads: str, numbers: Sequence[int] = (), stacked: bool = False) -> Iterator[None]:
    """The inside of a table; `stacked` puts its cells under each other on a phone."""
    look = "table stacked" if stacked else "table"
    with Tag("div", "table-wrap", tabindex="0"), Tag("table", look):
        if heads:
            with Tag("thead"), Tag("tr"):
                for place, head in enumerate(heads):
                    Tag("th", "right" if place in numbers else "", head, scope="col")
        with Tag("tbody"):
            yield


def page_head(title: str, text: str) -> Tag:
    """The head of a page; use it as a context for what stands to the right."""
    with Tag("header", "page-head") as made, Tag("div", "page-words"):
        Tag("h1", "", title)
        if text:
            Tag("p", "muted", text)
    return made


def card(title: str, note: str = "", *, whole: bool = False) -> Tag:
    """A titled card, of the whole width on request; use it as a context."""
    with Tag("section", "card whole" if whole else "card") as made:
        Tag("h2", "", title)
        if note:
            Tag("p", "muted card-note", note)
    return made
