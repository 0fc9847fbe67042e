"""The same articles give the same confidences, however the base was built."""

import json
import os
import subprocess
import sys


def built(seed: str, *how: str) -> dict[str, list[str]]:
    """What a process of its own finds, whose sets are in an order of their own."""
    command = [sys.executable, "-m", "tests.evals.harness.built_base", *how]
    with_seed = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, env=with_seed, capture_output=True, check=True, text=True)
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_base_that_is_built_twice_is_as_sure_of_each_ticket() -> None:
    """To the last digit: with articles in another order, in another process, with other batches."""
    first, second = built("1"), built("2", "--otherwise")
    assert sum(map(len, first.values())) >= 20
    assert first == second
