"""What a newcomer types is what the documents say: the first steps are run, each command exists."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from api.cli.main import build
from evals.__main__ import build_app
from evals.stack.stack import free_port

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


def shims(folder: Path) -> None:
    """A virtual environment as far as the documents see it."""
    inside = folder / ".venv" / "bin"
    inside.mkdir(parents=True)
    (inside / "activate").write_text(f'export PATH="{inside}:$PATH"\n', encoding="utf-8")
    answers = "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['DESKHAND_PORT'] + '/health/ready?strict=true')"
    for name, run in (("deskhand", "-m api.cli.main"), ("deskhand-answers", f'-c "{answers}"')):
        script = inside / name
        script.write_text(f'#!/bin/sh\nexec {sys.executable} {run} "$@" 2>&1\n', encoding="utf-8")
        script.chmod(0o755)


def typed(folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """What a shell makes of them, one after the other, in a folder of its own."""
    shims(folder)
    outside = {
        name: value for name, value in os.environ.items() if not name.startswith("DESKHAND_")
    }
    return subprocess.run(
        ["/bin/bash", "-e", "-o", "pipefail", "-c", "\n".join(lines)],
        cwd=folder,
        env={
            **outside,
            "PYTHONPATH": str(CODE),
            "DESKHAND_MINDS": "scripted",
            "DESKHAND_PORT": str(free_port()),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.timeout(600)
def test_the_first_steps_work_word_by_word(tmp_path: Path) -> None:
    """From an empty folder to an answered ticket, then back up, restore, and look again."""
    (first,) = blocks("README.md", "Your own desk")
    assert "deskhand up &" in first
    begun = re.sub(
        r"^deskhand up &.*$", f"deskhand up > up.log &\nup=$!\n{WAIT}", first, flags=re.MULTILINE
    )
    stopped = "kill $up\nwait $up || true"
    again = "\n".join(blocks("docs/operations.md", "Back-up and restore"))
    folder = tmp_path / "Müllers neues Büro"
    folder.mkdir()
    done = typed(folder, begun, stopped, again)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The desk of Acme (acme) is right" in done.stdout
    assert "Ann <ann@example.com> of acme is admin" in done.stdout
    assert "delivered" in done.stdout
    assert done.stdout.rstrip().splitlines()[-1].count("reset-your-password") == 1
