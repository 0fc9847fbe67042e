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
