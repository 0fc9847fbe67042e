"""Articles of files that nobody has checked, read by a process of its own that may neither hang nor grow.

`python -P -m api.cli.bounded_reading` gets a file on each line as JSON and answers with JSON lines: each
article, each thing that was skipped, and `null` behind the last of a file. One process reads all
files; where it breaks a bound the system ends it, its file is skipped by name, and another goes on
with the next. The text of a file never reaches the parser in this process.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self

from memory.knowledge.article_draft import ArticleDraft, Skipped
from memory.tables.knowledge import Visibility

MEMORY_BYTES = 2_000_000_000
WALL_FACTOR = 10
"""By the clock a file may take so many times its seconds of the processor, which others use too."""
DO = "split it, or save it again in a simpler form (Markdown, CSV)"
TOO_LARGE = f"reading it takes more than {MEMORY_BYTES / 1e9:g} GB of memory: {DO}"
FILE_SPENT = "not read: one file adds {:,} articles at most; split it"
OUT_OF_TIME = frozenset({-signal.SIGPROF, -signal.SIGALRM})


@dataclass(frozen=True)
class Bounds:
    """What one run may take; beyond it what is left is skipped and said."""

    seconds: float = 30.0
    """Of the processor, until a file's next article."""
    short_seconds: float = 3.0
    """The same, once `broken_before_short` files broke it."""
    broken_before_short: int = 2
    broken: int = 20
    """Files that broke a bound; none is read behind them."""
    run_seconds: float = 1_800.0
    """By the clock, for all files."""
    articles: int = 100_000
    """And what was skipped."""
    articles_of_file: int = 50_000
    """So that one file leaves a share to the others."""
    characters: int = 200_000_000
    """Of all articles together: two hours of indexing."""

    def of_file(self, broken: int) -> float:
        """Seconds for the next file, `broken` files after the first."""
        return self.seconds if broken < self.broken_before_short else self.short_seconds


USUAL = Bounds()


class BoundedReader:
    """Reads files one after the other; use it as a context."""

    def __init__(self, bounds: Bounds = USUAL) -> None:
        self._bounds = bounds
        self._end = time.monotonic() + bounds.run_seconds
        self._process: subprocess.Popen[str] | None = None
        self._broken = self._articles = self._characters = 0

    def __enter__(self) -> Self:
        """No process is started before the first file."""
        return self

    def __exit__(self, *_: object) -> None:
        """The process ends, whatever it does."""
        self._stop()

    def read(self, file: Path, root: Path) -> Iterator[ArticleDraft | Skipped]:
        """The articles of a file, and what of it was skipped, with the reason."""
        if (why := self._spent()) is not None:
            yield Skipped(str(file), why)
            return
        seconds, most = self._bounds.of_file(self._broken), self._bounds.articles_of_file
        for number, told in enumerate(self._asked(file, root, seconds)):
            if isinstance(told, str):
                self._broken += 1
                yield Skipped(str(file), told)
                return
            why = self._spent() if number < most else FILE_SPENT.format(most)
            if why is None:
                yield self._counted(told)
            else:
                self._stop()
                yield Skipped(str(file), f"the rest of it is {why}")
                return

    def _spent(self) -> str | None:
        """Why no more is read; None while more is."""
        most = self._bounds
        if self._broken >= most.broken:
            return f"not read: {most.broken} files before it took too much; take those away first"
        if self._articles >= most.articles or self._characters >= most.characters:
            return (
                f"not read: one run adds {most.articles:,} articles or {most.characters:,} "
                "characters at most; add the rest by itself"
            )
        if time.monotonic() > self._end:
            return f"not read: the run has taken {most.run_seconds:g} s; add the rest by itself"
        return None

    def _counted(self, told: ArticleDraft | Skipped) -> ArticleDraft | Skipped:
        self._articles += 1
        self._characters += len(told.text) if isinstance(told, ArticleDraft) else 0
        return told

    def _asked(
        self, file: Path, root: Path, seconds: float
    ) -> Iterator[ArticleDraft | Skipped | str]:
        """What the process says of a file; a text is the bound that the file broke."""
        process = self._process = self._process or _started()
        given, taken = _pipes(process)
        with suppress(BrokenPipeError):  # where it has ended already, nothing comes back
            given.write(json.dumps([str(file), str(root), seconds]) + "\n")
            given.flush()
        for line in taken:
            match json.loads(line) if line.endswith("\n") else {}:
                case None:
                    return
                case {"draft": draft}:
                    visibility = Visibility(draft.pop("visibility"))
                    notices = tuple(draft.pop("notices"))
                    yield ArticleDraft(**draft, visibility=visibility, notices=notices)
                case {"skipped": skipped}:
                    yield Skipped(**skipped)
                case {"broke": kind}:
                    self._stop()
                    yield (
                        TOO_LARGE if kind == "MemoryError" else f"it cannot be read ({kind}): {DO}"
                    )
                    return
        self._process = None
        yield _fate(process, seconds)

    def _stop(self) -> None:
        if self._process is not None:
            _end(self._process)
            self._process = None


def _started() -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "api.cli.bounded_reading"]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 - ourselves
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, encoding="ascii"
    )


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    for pipe in _pipes(process):
        with suppress(BrokenPipeError):
            pipe.close()
    process.wait()


def _fate(process: subprocess.Popen[str], seconds: float) -> str:
    """Why a process has ended that answers no more."""
    status = process.wait()
    _end(process)
    if status in OUT_OF_TIME:
        return f"reading it takes more than {seconds:g} s: {DO}"
    return f"its reader ended with status {status}: {DO}"


def main() -> None:
    """Read what standard input names, each file within its bounds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for line in sys.stdin:
        file, root, seconds = json.loads(line)
        try:
            _told(Path(file), Path(root), seconds)
        except Exception as error:  # noqa: BLE001 - whatever a file does to its parser is told by name
            _tell({"broke": type(error).__name__})
            return


def _told(file: Path, root: Path, seconds: float) -> None:
    from memory.knowledge.article_files import (
        read_file,  # this process alone has need of the readers
    )

    _limit(seconds)
    for found in read_file(file, root):
        _limit(0)
        _tell({"draft" if isinstance(found, ArticleDraft) else "skipped": asdict(found)})
        _limit(seconds)
    _limit(0)
    _tell(None)


def _limit(seconds: float) -> None:
    """Be ended by the system, not by code that may be stuck; 0 takes the limit away."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * WALL_FACTOR)


def _tell(what: dict[str, Any] | None) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
