"""What the console draws without a browser: the way a ticket took, and colours that can be read."""

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from api.console.ticket import journey
from graph.build import build
from graph.desk.limits import Limits

CSS = (Path(__file__).parents[3] / "api/console/assets/console.css").read_text(encoding="utf-8")
AA = 4.5
"""Contrast that WCAG asks of text."""
PAIRS = (
    *product(("text", "muted", "accent"), ("bg", "surface", "raised")),
    ("text", "accent-soft"),
    ("muted", "accent-soft"),
    ("accent", "accent-soft"),
    ("on-accent", "accent"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
    ("text", "warn-soft"),
    ("muted", "warn-soft"),
    ("nav-text", "nav"),
    ("warn", "surface"),
    ("bad", "surface"),
)


def tokens(rule: str) -> dict[str, str]:
    """The colours of a rule by name."""
    body = CSS.partition(rule + " {")[2].partition("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", body))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    low = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * low[0] + 0.7152 * low[1] + 0.0722 * low[2]


@pytest.mark.parametrize("theme", [":root", "body.body--dark"])
def test_every_text_can_be_read_on_its_ground(theme: str) -> None:
    """Both themes reach the contrast of level AA for each pair that is used."""
    colours = tokens(theme)
    poor = {}
    for text, ground in PAIRS:
        light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        contrast = (light + 0.05) / (dark + 0.05)
        if contrast < AA:
            poor[text, ground] = round(contrast, 2)
    assert poor == {}


def test_the_picture_has_the_edges_of_the_graph() -> None:
    """The console keeps a list of its own, so that its process need not load the engine."""
    names = {"__start__": journey.START, "__end__": journey.END}
    drawn = {
        (names.get(edge.source, edge.source), names.get(edge.target, edge.target))
        for edge in build(Limits()).get_graph().edges
    }
    resumed = {(journey.START, "act")}  # a decision on a bare handoff enters there
    assert set(journey.EDGES) == drawn - resumed


def row(kind: str, name: str) -> dict[str, Any]:
    """A row of a journal."""
    return {"kind": kind, "name": name}


def test_the_way_is_told_in_order_with_branches_as_one() -> None:
    """Parallel branches are one step, a second round counts, and the last node is marked."""
    rows = [row("step", name) for name in ("triage", "plan", "gather", "gather", "assess")]
    rows += [row("call", "search"), row("step", "plan"), row("step", "gather")]
    rows += [row("step", "assess"), row("step", "hand_off"), row("wait", "person")]
    assert journey.words(rows) == (
        "Ticket → Triage → Plan → Gather → Assess → Plan → Gather → Assess → Hand off → Person"
    )
    picture = journey.diagram(rows, going_on=True)
    assert 'n_gather["Gather ×2"]:::took' in picture
    assert 'n_await_human["Person"]:::last' in picture
    assert 'n_draft["Draft"]\n' in picture
