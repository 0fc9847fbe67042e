"""Files by a name that somebody else wrote down: a pipe or a device would hold its reader for ever."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading, without waiting for a writer. Raises `OSError`, also for what is no file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError(errno.EINVAL, "it is a folder, a pipe or a device, and not a file", str(path))


def read_regular(path: Path, most_bytes: int) -> str:
    """The beginning of a text, in UTF-8 with whatever is none replaced. Raises `OSError` as `open_regular`."""
    with open_regular(path) as stream:
        return stream.read(most_bytes).decode("utf-8", "replace")
