"""The one door of a process's log lines."""

import json
import subprocess
import sys

PROGRAM = """
from api.telemetry.logs import configure
{first}
{second}
from dbos._logger import dbos_logger
dbos_logger.warning("Exception polling schedules: Traceback\\n  host='inside'\\nnot reached")
"""
OURS, ENGINES = "configure()", "from dbos._logger import init_logger; init_logger()"


def test_the_engine_speaks_through_the_door_of_all_libraries() -> None:
    """One line, without what it quotes, whichever of the two is set up first."""
    for first, second in ((OURS, ENGINES), (ENGINES, OURS)):
        program = PROGRAM.format(first=first, second=second)
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        (line,) = done.stderr.splitlines()
        told = json.loads(line)
        assert (told["event"], told["logger"]) == ("Exception polling schedules: Traceback", "dbos")


ENDS = """
import asyncio, os, sys
from api.cli import processes
from api.telemetry.logs import configure
async def chore():
    raise RuntimeError("Mrs Example") from OSError("her letter")
async def work():
    async with asyncio.TaskGroup() as group:
        group.create_task(chore())
def worker():
    configure()
    asyncio.run(work())
processes.COMMANDS["worker"] = worker
from api.cli.main import main
sys.argv = ["deskhand", "worker"]
main()
"""


def test_a_process_that_ends_by_itself_tells_where() -> None:
    """Also out of a group of tasks, with what caused it; the log has none of an error's words."""
    done = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    logged, line = done.stderr.splitlines()
    told = json.loads(logged)
    assert (told["event"], told["error"], told["cause"]) == (
        "process_fails",
        "RuntimeError",
        "OSError",
    )
    assert told["where"][-1].endswith(" chore")
    assert "Example" not in done.stderr
    assert line.startswith("deskhand: RuntimeError")
