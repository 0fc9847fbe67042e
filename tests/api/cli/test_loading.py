"""A command is loaded quickly, and whoever stops it meanwhile is told so in a line."""

import subprocess
import sys

import pytest

from api.cli import main as cli


@pytest.mark.parametrize("loaded", ["typer", "pydantic", "api.cli.commands"])
def test_ctrl_c_while_a_command_is_loaded_is_one_line(loaded: str) -> None:
    """Nobody who changes their mind in the first moments is shown where the program was."""
    program = (
        "import builtins, sys\nfrom api.cli.main import main\nimported = builtins.__import__\n"
        "def stopping(name, *more, **named):\n"
        f"    if name == {loaded!r}: raise KeyboardInterrupt\n"
        "    return imported(name, *more, **named)\n"
        "builtins.__import__ = stopping\nsys.argv = ['deskhand', 'doctor']\nmain()"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (
        cli.INTERRUPTED,
        "",
        "deskhand: stopped\n",
    )


def test_the_command_starts_without_heavy_libraries() -> None:
    """Help is quick: neither models nor the graph nor the engine are imported for it."""
    program = (
        "import sys\nfrom api.cli import commands\ncommands.build()\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    heavy = {"torch", "onnxruntime", "chromadb", "langgraph", "sklearn", "dbos", "fastapi"}
    assert set(done.stdout.split()) & heavy == set()
