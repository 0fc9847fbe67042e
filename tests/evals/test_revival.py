"""A stack that was left running goes on when one of its processes dies."""

import sys
from pathlib import Path

from evals.stack.stack import Stack

SAYS_SO = "print('up', flush=True); import time; time.sleep(60)"


def test_what_was_killed_is_started_again(tmp_path: Path) -> None:
    """With the command that it had, and nothing else is touched."""
    stack = Stack(tmp_path, tmp_path / "desk.yaml", 0)
    try:
        for name in ("api", "worker-0"):
            stack._start(name, [sys.executable, "-c", SAYS_SO])
            stack.await_log(name, b"up")
        stays = stack.processes["worker-0"].pid
        stack.processes["api"].kill()
        stack.processes["api"].wait()
        assert stack.revive() == ["api"]
        assert stack.processes["api"].poll() is None
        assert stack.processes["worker-0"].pid == stays
        assert stack.revive() == []
    finally:
        stack.stop()
