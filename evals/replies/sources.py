"""Articles by doc_id as they are seen in their files: what facts of replies are compared with."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from evals.figures.base import read_base
from evals.harness.readers.visible import seen_in
from evals.replies.harm import SourceBlock
from evals.replies.scoring import source_blocks

Articles = dict[str, list[SourceBlock]]


def articles(kb: Sequence[Path]) -> Articles:
    """Every article of the files and folders. Raises `DataError` if there are none."""
    drafts, _ = read_base(kb)
    lines: dict[str, list[bytes]] = {}
    return {one.doc_id: _blocks(one.source, one.title, lines) for one in drafts}


def _blocks(source: str, title: str, lines: dict[str, list[bytes]]) -> list[SourceBlock]:
    name, _, line = source.rpartition(":")
    if not line.isdigit():
        path = Path(source)
        seen = seen_in(path.read_bytes(), path.suffix.lower())
    else:
        if name not in lines:
            lines[name] = Path(name).read_bytes().split(b"\n")
        seen = seen_in(lines[name][int(line) - 1], Path(name).suffix.lower())
    return [SourceBlock(title), *source_blocks(seen.blocks)]


def of(names: Iterable[str], known: Articles) -> list[SourceBlock]:
    """The blocks of several articles; a name that is none has none."""
    return [block for name in names for block in known.get(name, ())]
