"""Install the locked packages into this interpreter's environment, with a progress bar.

Only the standard library: it runs before anything is installed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import deque
from pathlib import Path

WIDTH = 40
PHASES = re.compile(r"^\s*(Collecting|Installing collected packages)\s*(\S*)")


def main(lock: str) -> int:
    """Install what `lock` names and then the project; the exit status."""
    total = sum(1 for line in Path(lock).read_text().splitlines() if re.match(r"[a-zA-Z0-9]", line))
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    status = _watched([*pip, "--no-deps", "-r", lock], total)
    if status == 0:
        # setuptools is locked too, so the build needs no environment of its own.
        status = _watched([*pip, "--no-deps", "--no-build-isolation", "-e", "."], 1)
    print(file=sys.stderr)
    return status


def _watched(command: list[str], total: int) -> int:
    seen, last = 0, deque(maxlen=20)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            last.append(line)
            found = PHASES.match(line)
            if found is None:
                continue
            if found.group(1) == "Collecting":
                seen += 1
                _draw(min(seen, total), total, found.group(2))
            else:
                _draw(total, total, "unpacking (about a minute)")
    if pip.returncode:
        sys.stderr.write("\n" + "".join(last))
    return pip.returncode


def _draw(done: int, total: int, name: str) -> None:
    bar = "#" * (WIDTH * done // max(total, 1))
    end = "" if sys.stderr.isatty() else "\n"
    if end and done % 20 and done != total:
        return  # a log file needs no animation
    sys.stderr.write(f"\r[{bar:<{WIDTH}}] {done}/{total} {name[:30]:<30}{end}")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
