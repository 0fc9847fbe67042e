"""Starts a stdio server and holds it: no orphan, no endless line, nothing but messages let through.

    python -I -S process_guard.py PARENT MOST_LINE_BYTES COMMAND [ARGUMENT ...]

A program of its own, with nothing but the standard library: it stands between the worker and the
server. When the worker dies, in whatever way, the whole process group is killed; the server's
own end, a line that is too long, or SIGTERM end it too. Lines of standard output that are no
JSON object (prints of a careless server) are dropped, and standard error is thrown away, since
both may quote a customer and would stand in the worker's log.
"""

import ctypes
import os
import signal
import subprocess
import sys

CHUNK = 65_536
LINE_TOO_LONG = 77
"""Exit status."""
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Run the command to its end."""
    parent, most, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    signal.signal(signal.SIGTERM, _end)
    _follow(signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)  # it died before we could ask to be told
    with subprocess.Popen(  # noqa: S603  the command that the tenant wrote down
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=_die_too,  # noqa: PLW1509  no threads here
    ) as child:
        assert child.stdout is not None
        status = 0 if _pump(child.stdout.fileno(), most) else LINE_TOO_LONG
        if status or child.poll() is None:
            child.kill()
    os._exit(status)


def _pump(source: int, most: int) -> bool:
    """Pass lines on until the server ends; False if one has no end."""
    rest = b""
    while chunk := os.read(source, CHUNK):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        if len(rest) > most or any(len(line) > most for line in lines):
            return False
        for line in lines:
            if line.lstrip().startswith(b"{"):
                _write(line + b"\n")
    return True


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def _follow(number: int) -> None:
    """Be told by a signal that the parent has died. Linux only: elsewhere stdin ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def _die_too() -> None:
    _follow(signal.SIGKILL)


def _end(_number: int, _frame: object) -> None:
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
