"""What a PDF, DOCX or XLSX file says, read by a process of its own that may neither hang nor grow.

`python -m api.channels.extract .pdf` reads the file from standard input and prints JSON. The
libraries that read such files were not made for files of strangers: time and memory are the
operating system's to bound.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memory.knowledge.office_bounds import Bounds

MOST_BYTES = 10_000_000
"""Of a file that is read."""
MOST_CHARS = 4_000
"""Of its text that is given back."""
MARKUP_BYTES = 4_000_000
"""Of a packed document, parsed: a hundred pages of text have one or two."""
MOST_PAGES = 50
"""Of a PDF whose beginning is read."""
CPU_SECONDS = 8
"""For what no count of bytes foresees, such as forms within forms."""
NICE = 10
"""How far whoever answers people goes before it."""
WALL_SECONDS = 60.0
MEMORY_BYTES = 1_500_000_000
MOST_READ = 5
"""Documents of one message that are read: each is a process of its own, and others wait behind it."""
MESSAGE_SECONDS = 10.0
"""Once those of one message have taken so long, no more of them is begun."""
SAVED_SECONDS = 30.0
"""For how long one mailbox reads documents without a pause: its next mails wait behind them."""
EARNED = 0.25
"""Seconds of reading that a mailbox earns in a second."""
TOO_LONG = f"reading it took longer than {WALL_SECONDS:g} s"
OUT_OF_BOUNDS = "it cannot be read within bounds"
NO_MORE = "it is not read: the documents before it took what a message has"
TOO_MANY_CAME = "it is not read: too many documents came one after another"
KINDS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
"""The media types that are read, with the endings of their files."""


class Allowance:
    """How long a mailbox may read documents: saved up, and spent by whoever's they are."""

    def __init__(self) -> None:
        self._seconds, self._at = SAVED_SECONDS, time.monotonic()

    @property
    def spent(self) -> bool:
        """Whether none may be read for now."""
        moment = time.monotonic()
        self._seconds = min(SAVED_SECONDS, self._seconds + EARNED * (moment - self._at))
        self._at = moment
        return self._seconds <= 0

    def spend(self, seconds: float) -> None:
        """One took so long."""
        self._seconds -= seconds


class Documents:
    """Reads those of one message: the first few, for some seconds, and none behind one that broke its bounds."""

    def __init__(self, allowance: Allowance | None = None) -> None:
        """`allowance`: of the mailbox, where mails are read one after another."""
        self._left = MOST_READ
        self._seconds = MESSAGE_SECONDS
        self._allowance = allowance or Allowance()

    def read(self, content: bytes, ending: str) -> tuple[str, str]:
        """(text, trouble) of the next one, as `extracted` has it."""
        if not self._left or self._seconds <= 0:
            return "", NO_MORE
        if self._allowance.spent:
            return "", TOO_MANY_CAME
        self._left -= 1
        begun = time.monotonic()
        text, trouble = extracted(content, ending)
        took = time.monotonic() - begun
        self._seconds -= took
        self._allowance.spend(took)
        if trouble in {TOO_LONG, OUT_OF_BOUNDS}:
            self._left = 0
        return text, trouble


def extracted(content: bytes, ending: str) -> tuple[str, str]:
    """(text, trouble): the beginning of what the file says, or why it says nothing."""
    if len(content) > MOST_BYTES:
        return "", f"larger than {MOST_BYTES:,} bytes: it is not read"
    command = [sys.executable, "-P", "-m", "api.channels.extract", ending]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command, input=content, capture_output=True, timeout=WALL_SECONDS, check=True
        )
        told: dict[str, str] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return "", TOO_LONG
    except (subprocess.CalledProcessError, ValueError):
        return "", OUT_OF_BOUNDS
    return told["text"], told["trouble"]


def main() -> None:
    """Read standard input within bounds, print {"text", "trouble"}."""
    from memory.knowledge import office  # the child alone has need of the readers
    from memory.knowledge.article_draft import Skipped
    from memory.knowledge.conversion import Origin

    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    ending = sys.argv[1]
    # In memory: a process that is ended for what it takes would leave a file behind.
    stream = BytesIO(sys.stdin.buffer.read(MOST_BYTES))
    found = office.read_stream(stream, ending, Origin("file", "file", "the file"), _bounds())
    if isinstance(found, Skipped):
        told = {"text": "", "trouble": found.why}
    else:
        cut = "only its beginning is read" if len(found.text) > MOST_CHARS else ""
        told = {"text": found.text[:MOST_CHARS], "trouble": cut}
    print(json.dumps(told))  # noqa: T201 - the result


def _bounds() -> Bounds:
    from memory.knowledge.office_bounds import Bounds

    return Bounds(
        unpacked=2 * MOST_BYTES,
        markup=MARKUP_BYTES,
        pages=MOST_PAGES,
        drawn=MARKUP_BYTES,
        beginning=2 * MOST_CHARS,
    )


if __name__ == "__main__":
    main()
