"""A tiny desk whose answer suite runs for real in seconds: scripted minds, three articles."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from api.runtimes import MindsFactory
from evals.harness.results import Run
from evals.harness.running import measured
from evals.harness.setup import Setup
from evals.harness.suites import SUITES
from graph.minds.contract import Assessor, Confidence
from graph.minds.scripted import scripted_minds
from graph.state import Ask, StepResult
from memory.encoder.encoder import HashEncoder

ARTICLES = {
    "invoice": ("Download an invoice", "Open billing and press download beside the invoice."),
    "password": ("Reset a password", "Use the forgotten password link on the login page."),
    "clock": ("Set up a clock", "Plug the terminal in and scan the code in the app."),
}
ANSWERED = {
    "download invoice billing": "invoice",
    "reset forgotten password login": "password",
    "plug terminal scan code": "clock",
}
FOREIGN = ("parking garage opening hours", "lunch menu of the canteen", "weather in the mountains")

Measured = Callable[[Any], Run]
"""From an assessor to what is measured with it."""


@dataclass(frozen=True)
class Wise(Assessor):
    """Sure of exactly what the articles answer: what a good assessor would be."""

    @override
    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        found = [item["id"] for result in results for item in result["evidence"]]
        known = any(text in ask["text"] for text in ANSWERED)
        return Confidence(0.9 if known else 0.1, found[:1])


@dataclass(frozen=True)
class Always(Assessor):
    """Sure of everything, or of nothing."""

    value: float

    @override
    async def confidence(self, ask: Ask, results: Sequence[StepResult]) -> Confidence:
        found = [item["id"] for result in results for item in result["evidence"]]
        return Confidence(self.value, found[:1])


def minds_with(assessor: Any) -> MindsFactory:
    """Scripted minds with that assessor."""
    return lambda _desk, _encoder: replace(scripted_minds(), assessor=assessor)


def write(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Rows as JSON Lines."""
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def tiny(folder: Path) -> Setup:
    """A desk without services, three articles, and three cases of each kind."""
    desk = folder / "desk.yaml"
    desk.write_text("tenant: tiny\ncompany: Tiny\nlimits: {replans: 0}\n", encoding="utf-8")
    kb = write(
        folder / "kb.jsonl",
        [{"doc_id": d, "title": t, "text": x} for d, (t, x) in ARTICLES.items()],
    )
    good = [
        {"id": f"a{n}", "body": body, "label": {"outcome": "answer", "articles": [doc]}}
        for n, (body, doc) in enumerate(ANSWERED.items())
    ]
    foreign = [
        {"id": f"p{n}", "body": body, "label": {"outcome": "person"}}
        for n, body in enumerate(FOREIGN)
    ]
    cases = write(folder / "cases.jsonl", [*good, *foreign])
    return Setup(desk=desk, kb=(kb,), cases=(cases,), encoder=HashEncoder())


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    """The tiny desk in a folder of its own."""
    return tiny(tmp_path)


@pytest.fixture(scope="session")
def measure(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """Runs the answer suite with an assessor, as `evals run answer` does; once with each."""

    @cache
    def run(assessor: Any) -> Run:
        folder = tmp_path_factory.mktemp("tiny")
        place = replace(tiny(folder), minds=minds_with(assessor))
        return asyncio.run(measured([SUITES["answer"]], place, folder / "run"))

    return run
