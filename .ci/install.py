"""Install the locks into this interpreter's environment, with a progress bar.

Where a lock has hashes, a file with another one is refused.

Only the standard library: it runs before anything is installed.
"""

import re
import subprocess
import sys
from collections import deque
from pathlib import Path

WIDTH = 40
PINNED = re.compile(r"^[a-zA-Z0-9]", re.MULTILINE)
PHASES = re.compile(r"^\s*(Collecting|Installing collected packages)\s*(\S*)")


def main(*locks: str) -> int:
    """Install what the locks name and then the project; the exit status."""
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    for lock in locks:
        text = Path(lock).read_text()
        total = len(PINNED.findall(text))
        hashed = ["--require-hashes"] if "--hash=" in text else []
        if status := _watched([*pip, "--no-deps", *hashed, "-r", lock], total):
            return status
    # setuptools is locked too, so the build needs no environment of its own.
    status = _watched([*pip, "--no-deps", "--no-build-isolation", "-e", "."], 1)
    print(file=sys.stderr)
    return status


def _watched(command: list[str], total: int) -> int:
    seen, last = 0, deque[str](maxlen=20)
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
    raise SystemExit(main(*sys.argv[1:]))
