"""What the documents point at exists, and the decisions are all in their index."""

import re
from collections import Counter
from pathlib import Path

import pytest

DOCUMENTS = sorted(
    str(path) for path in [*Path().glob("*.md"), *Path("docs").glob("*.md")] if path.is_file()
)
MAPS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")
"""Documents that tell a newcomer which file to open."""
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)\s#]+)(#[^)\s]*)?\)")
CODE_PATH = re.compile(
    r"\b((?:api|graph|tools|memory|evals|tests)/[a-z0-9_/]+\.(?:py|yaml|json))\b"
)
WALK = re.compile(r"^\| `([a-z_/]+\.py)` \|", re.MULTILINE)
ENTRY = re.compile(r"^(\d+)\. \*\*", re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \| .+ \| .*\|$", re.MULTILINE)


def _read(name: str) -> str:
    return Path(name).read_text(encoding="utf-8")


def _missing_links(name: str) -> list[str]:
    folder = Path(name).parent
    return [link for link, _ in LINK.findall(_read(name)) if not (folder / link).exists()]


def _headings(path: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_to_files_exist(name: str) -> None:
    """A reader who follows one arrives."""
    assert _missing_links(name) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_to_headings_exist(name: str) -> None:
    """`file.md#part` names a heading of that file."""
    for link, anchor in LINK.findall(_read(name)):
        if anchor and link.endswith(".md"):
            assert anchor[1:] in _headings(Path(name).parent / link), f"{link}{anchor}"


@pytest.mark.parametrize("name", MAPS)
def test_files_on_the_map_exist(name: str) -> None:
    """The code moves; a map that names a file of yesterday misleads."""
    named = {path for path in CODE_PATH.findall(_read(name)) if "NAME" not in path}
    assert [path for path in sorted(named) if not Path(path).exists()] == []


def test_each_walk_enters_a_file_once() -> None:
    """The three walks of ARCHITECTURE.md, each a list of files that exist."""
    part = _read("ARCHITECTURE.md").partition("## Three walks\n")[2].partition("\n## ")[0]
    walks = [WALK.findall(walk) for walk in part.split("\n### ")[1:]]
    assert len(walks) == 3
    for walk in walks:
        assert len(walk) >= 5
        assert [path for path, n in Counter(walk).items() if n > 1] == []
        assert [path for path in walk if not Path(path).exists()] == []


def test_every_decision_is_in_the_index_once() -> None:
    """Numbers are never used twice and only grow; the index by topic holds each of them."""
    index, _, entries = _read("DECISIONS.md").partition("## The entries\n")
    numbers = [int(number) for number in ENTRY.findall(entries)]
    assert numbers == list(range(1, len(numbers) + 1)), "a number is missing or used twice"
    rows = Counter(int(number) for number in ROW.findall(index))
    assert [n for n in numbers if n not in rows] == [], "add a row to the index by topic"
    assert [n for n, count in rows.items() if count > 1 or n not in numbers] == []
