"""What reads articles takes time that grows with them and no faster."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from memory.knowledge import content_audit, coverage, fulltext
from memory.knowledge.chunking import split, windows
from memory.knowledge.documents import front_matter
from memory.knowledge.documents.completeness import compare
from memory.knowledge.documents.decode import decode, storable
from memory.knowledge.documents.html import read_html
from memory.knowledge.documents.markdown import read_markdown, visible_markdown
from memory.knowledge.documents.parse import parse
from memory.knowledge.documents.render import render
from tests.adversarial import FAMILIES, between, repeated

SIZES = (16_000, 32_000, 64_000)
MOST_SECONDS = 0.1
"""Processor time for the largest size on a machine that runs `REFERENCE` in `NOMINAL` seconds."""
REFERENCE, NOMINAL = 400_000, 0.02
"""Rounds of an empty loop, and what an ordinary core takes for them."""
DENSE = frozenset(
    {"numbered list", "dashed lines", "backticks", "closings", "new lines", "footnotes", "fences"}
    | {"table", "nested list"}
)
"""A block, a cell or a mark every five characters: ten thousand cost what ten thousand cost."""
DENSE_SECONDS = 0.25
MOST_GROWTH = 2.0
SLACK = 1.6
"""A busy machine and its caches; a quadratic reader grows fourfold, over two steps sixteenfold."""
FEWEST_SECONDS = 0.012
"""Below it the clock measures itself."""
TRIES = 4

OWN = {
    "attributes of many names": lambda size: "<p " + "".join(f"a{n}=1 " for n in range(size // 8)),
    "entities in a row": repeated("&euro;"),
    "table of many columns": lambda size: "|a" * (size // 4) + "|\n" + "|-" * (size // 4) + "|\n",
    "template tags": repeated("{% hint %}"),
    "colons": repeated(":::note\n"),
    "nested fold-outs": repeated("<details><summary>a</summary>"),
    "nested tables": repeated("<table><tr><td>"),
    "footnotes": repeated("[^1]: a\n"),
    "references": repeated("[a]: /b\n"),
    "fences": repeated("```\n"),
    "unclosed quote": between("<p title='", "a ", ">"),
    "lists within lists": repeated("- "),
    "fields": repeated("a: b\n"),
    "amounts without a unit": repeated("1,"),
}


def _fields(text: str) -> None:
    with suppress(front_matter.Malformed):
        front_matter.split(f"---\n{text}\n---\n")


READERS: dict[str, Callable[[str], object]] = {
    "Markdown": read_markdown,
    "visible Markdown": visible_markdown,
    "HTML": read_html,
    "stored text": lambda text: render(parse(text)),
    "passages": lambda text: split("acme", "a", "T", text),
    "windows": windows,
    "encoding": lambda text: storable(decode(text.encode()).text),
    "front matter": _fields,
    "completeness": lambda text: compare(text, [text]),
    "terms": fulltext.terms,
    "coverage": lambda text: coverage.covered(coverage.asked_for(text), text),
    "figures": lambda text: content_audit.differing(text, text),
}


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    """The garbage collector's pauses belong to nobody's reader."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="module")
def pace() -> float:
    """How much slower than an ordinary core this machine is just now; at least 1."""

    def rounds(_: str) -> None:
        total = 0
        for number in range(REFERENCE):
            total += number

    return max(1.0, _cost(rounds, "") / NOMINAL)


def _cost(read: Callable[[str], object], text: str, tries: int = TRIES) -> float:
    """Processor seconds of the best of several tries; a cheap one needs no second."""
    best = float("inf")
    for _ in range(tries):
        begun = time.process_time()
        read(text)
        best = min(best, time.process_time() - begun)
        if best < FEWEST_SECONDS:
            break
    return best


def _fault(read: Callable[[str], object], family: str, pace: float) -> str | None:
    """What is wrong with the reader's time for a family; looked at again before it is said."""
    return _told(read, family, pace, 1) and _told(read, family, pace, TRIES)


def _told(read: Callable[[str], object], family: str, pace: float, tries: int) -> str | None:
    made = (FAMILIES | OWN)[family]
    third = _cost(read, made(SIZES[2]), tries)
    most = DENSE_SECONDS if family in DENSE else MOST_SECONDS
    if third >= most * pace:
        return f"{family}: {third * 1000:.0f} ms"
    if third < FEWEST_SECONDS:
        return None
    first, second = (_cost(read, made(size), tries) for size in SIZES[:2])
    if third > second * MOST_GROWTH * SLACK and third > first * MOST_GROWTH**2 * SLACK:
        return f"{family}: {first * 1000:.0f}, {second * 1000:.0f}, {third * 1000:.0f} ms"
    return None


@pytest.mark.parametrize("reader", READERS)
def test_the_time_grows_with_the_article_and_no_faster(reader: str, pace: float) -> None:
    """Twice the text takes at most about twice the time, and 64 kB a tenth of a second."""
    read = READERS[reader]
    read("warm")
    assert [one for family in FAMILIES | OWN if (one := _fault(read, family, pace))] == []


def test_a_reader_that_backtracks_is_found() -> None:
    """The measure sees what it is for."""

    def quadratic(text: str) -> int:
        return sum(text.count("x", 0, place) for place in range(0, len(text), 4))

    assert _fault(quadratic, "blanks", 1_000.0) is not None
