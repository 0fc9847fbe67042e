"""What a newcomer types is what the documents say: the first steps are run, each command exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from api.cli.main import build
from evals.__main__ import build_app

CODE = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "docs/operations.md")
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
WAIT = "until deskhand-answers; do kill -0 $! || exit 9; sleep 0.3; done"


def blocks(name: str, heading: str = "") -> list[str]:
    """The shell blocks of a document, or of one part of it."""
    text = (CODE / name).read_text(encoding="utf-8")
    if heading:
        text = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return _BLOCK.findall(text)


def commands() -> Iterator[str]:
    """Every line of every document that somebody may type."""
    for name in DOCUMENTS:
        for block in blocks(name):
            for line in block.replace("\\\n", " ").splitlines():
                words = re.sub(r"^export \w+=\$\((.*)\)$", r"\1", line.partition("  #")[0].strip())
                if words.startswith(("deskhand ", "python -m evals ", "make ")):
                    yield words.removesuffix("&").strip()


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_every_command_exists_with_its_options(line: str) -> None:
    """A command that was renamed, or an option that is gone, fails here."""
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        assert f"\n{words[1]}:" in (CODE / "Makefile").read_text(encoding="utf-8")
        return
    app: typer.Typer = build() if words[0] == "deskhand" else build_app()
    arguments = words[1:] if words[0] == "deskhand" else words[3:]
    if arguments[0].startswith("--"):
        return  # of the command itself, which the shell or the packaging tests run
    app([*arguments, "--help"], standalone_mode=False, prog_name=words[0])
