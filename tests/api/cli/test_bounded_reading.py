"""Articles that are read by a process of its own, within bounds."""

from pathlib import Path

import pytest

from api.cli.bounded_reading import BoundedReader, Bounds
from memory.knowledge.article_draft import ArticleDraft, Skipped

SLOW = "- a *b* [c](d)\n" * 60_000


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A long article, a short one, two in one file."""
    (tmp_path / "long.md").write_text(SLOW)
    (tmp_path / "short.md").write_text("---\nvisibility: internal\n---\n# Fees\n\nTen é.\n")
    rows = "".join(f'{{"doc_id": "{n}", "title": "T", "text": "Text {n}."}}\n' for n in "xy")
    (tmp_path / "two.jsonl").write_text(rows)
    return [tmp_path / name for name in ("long.md", "short.md", "two.jsonl")]


def _read(files: list[Path], bounds: Bounds) -> list[ArticleDraft | Skipped]:
    with BoundedReader(bounds) as reader:
        return [found for file in files for found in reader.read(file, file.parent)]


def test_a_file_that_takes_too_long_is_named_and_the_others_are_read(files: list[Path]) -> None:
    """The system ends its process; another one reads on."""
    bounds = Bounds(seconds=0.01, short_seconds=60, broken_before_short=1)
    long, *others = _read(files, bounds)
    assert isinstance(long, Skipped)
    assert long.source == str(files[0])
    assert long.why.startswith("reading it takes more than 0.01 s: split it")
    assert [one.doc_id for one in others if isinstance(one, ArticleDraft)] == ["short", "x", "y"]
    assert isinstance(others[0], ArticleDraft)
    assert (others[0].title, others[0].text, others[0].visibility) == ("Fees", "Ten é.", "internal")


def test_a_run_ends_behind_too_many_such_files_or_too_many_articles(files: list[Path]) -> None:
    """What is left is skipped by name, with what to do."""
    found = _read(files, Bounds(seconds=0.01, broken=1))
    assert [type(one) for one in found] == [Skipped] * 3
    assert isinstance(found[2], Skipped)
    assert "take those away first" in found[2].why
    first, rest, last = _read([files[2], files[1]], Bounds(articles=1))
    assert isinstance(first, ArticleDraft)
    assert isinstance(rest, Skipped)
    assert rest.why.startswith("the rest of it is not read: one run adds 1 articles")
    assert isinstance(last, Skipped)
    assert last.why.startswith("not read: one run adds 1 articles")


def test_one_file_leaves_a_share_to_the_others(files: list[Path]) -> None:
    """What is above its own bound is named; the next file is read."""
    first, rest, last = _read([files[2], files[1]], Bounds(articles_of_file=1))
    assert isinstance(first, ArticleDraft)
    assert isinstance(rest, Skipped)
    assert rest.why == "the rest of it is not read: one file adds 1 articles at most; split it"
    assert isinstance(last, ArticleDraft)
