"""Reads a folder of trials: each file is taken for what it looks like, wherever it stands.

| shape | kind |
|---|---|
| JSON object with `body` and `expect` | a ticket; a question about the articles if its folder's name begins with `kb` |
| `*.yaml`, `*.yml` | a desk |
| other files below a folder that holds articles | an article; one on each line in JSON Lines |

Text files at the top (README.md) describe the folder and are no trials.
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from evals.figures.datasets import DataError
from evals.trials.trial import Trial

MAX_TRIALS = 10_000
DESKS = frozenset({".yaml", ".yml"})
ROWS = frozenset({".jsonl", ".ndjson"})
ARTICLES = frozenset({".md", ".markdown", ".mdx", ".html", ".htm", ".txt", *ROWS})
READ_WHOLE = "read, and its visible words stand in the passages; or reported"
HARMLESS = frozenset({"ok", "right", "good", "valid", "fine", "crlf", "bom", "brace"})
"""Names of desks that are right: said outright, or a property that no reader stumbles over.
A number of intents is one, too: a desk may be large."""
LOADED = "loaded"
REFUSED = "refused, with the line of the mistake"


def read_folder(folder: Path, only: str | None = None) -> list[Trial]:
    """The trials below a folder, by name; with `only` those whose id it matches, as a glob.

    Raises `DataError` if there are none.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder")
    found = [one for file in _files(folder) for one in _trials(file, folder)]
    chosen = [one for one in found if only is None or _matches(one.id, only)]
    if not chosen:
        raise DataError(f"{folder}: no trials" + (f" that match {only!r}" if only else ""))
    if len(chosen) > MAX_TRIALS:
        raise DataError(f"{folder}: {len(chosen)} trials; at most {MAX_TRIALS} are run")
    return chosen


def article_folders(folder: Path) -> list[Path]:
    """The folders right above the articles, by name."""
    return sorted({one.path.parent for one in read_folder(folder) if one.kind == "article"})


def _matches(name: str, pattern: str) -> bool:
    return fnmatch(name, pattern) or fnmatch(name, f"{pattern}/*") or fnmatch(name, f"*/{pattern}")


def _files(folder: Path) -> list[Path]:
    inside = (one for one in folder.rglob("*") if one.is_file() and one.parent != folder)
    return sorted(inside)


def _trials(file: Path, root: Path) -> Iterator[Trial]:
    name = file.relative_to(root).as_posix()
    suffix = file.suffix.lower()
    if suffix in DESKS:
        yield Trial(name, "desk", file, _of_desk(file.stem))
    elif suffix == ".json" and (found := _ticket(file)) is not None:
        kind = "question" if file.parent.name.startswith("kb") else "ticket"
        identity = file.relative_to(root).with_suffix("").as_posix()
        yield Trial(
            identity,
            kind,  # type: ignore[arg-type]
            file,
            str(found["expect"]),
            body=found["body"],
            follow=tuple(_said(one) for one in found.get("follow") or ()),
        )
    elif _among_articles(file):
        yield from _articles(file, name)


def _ticket(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    shaped = isinstance(found, dict) and isinstance(found.get("body"), dict)
    return found if shaped and "expect" in found else None


def _said(one: Any) -> str:
    return str(one["text"]) if isinstance(one, dict) and "text" in one else str(one)


def _among_articles(file: Path) -> bool:
    return any(one.suffix.lower() in ARTICLES for one in file.parent.iterdir() if one.is_file())


def _articles(file: Path, name: str) -> Iterator[Trial]:
    if file.suffix.lower() not in ROWS:
        expect = "not read: it is hidden" if file.name.startswith(".") else READ_WHOLE
        yield Trial(name, "article", file, expect)
        return
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip(b"\x00\r\n \t"):
                yield Trial(f"{name}:{number}", "article", file, READ_WHOLE, line=number)


def _of_desk(stem: str) -> str:
    """A file dNN_... has a mistake, unless a word of its name says that it is none."""
    words = stem.split("_")
    harmless = not HARMLESS.isdisjoint(words) or (
        words[-1] == "intents" and any(word.isdigit() for word in words)
    )
    return LOADED if harmless or not words[0].startswith("d") else REFUSED
