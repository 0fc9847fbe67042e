"""What a newcomer types is what the documents say: the first steps are run, each command exists."""

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from api.cli.commands import build
from evals.__main__ import build_app
from evals.stack.stack import PROJECT_CACHE, free_port

CODE = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "docs/operations.md")
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
STARTED = """deskhand up > up.log 2>&1 &
up=$!
trap 'kill $up' EXIT
until grep -q "worker ready" up.log; do kill -0 $up; sleep 0.2; done
"""
"""`deskhand up &` as a person does it: who goes on when the words have come."""
STOPPED = "kill $up\nwait $up || true\ntrap - EXIT"
NEWEST = "ticket=$(deskhand ticket list | grep -om1 'tkt_[a-z0-9]*')"
SECONDS = 900


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


def script(port: int) -> str:
    """What the documents let a newcomer type, in their order; only waiting is put in.

    Left out is `deskhand model check`, which asks a chat model that costs money.
    """
    (begin,) = blocks("README.md", "Your own desk")
    (post,) = blocks("README.md", "Over HTTP")
    (ask,) = blocks("README.md", "Why did it do that?")
    again = blocks("docs/operations.md", "Back-up and restore")
    assert "\ndeskhand up &" in begin
    lines = [
        re.sub(r"^deskhand up &.*$", STARTED, begin, flags=re.MULTILINE),
        post.replace("127.0.0.1:8080", f"127.0.0.1:{port}"),
        NEWEST,
        "deskhand ticket follow $ticket",
        ask.replace("TICKET", "$ticket"),
        "deskhand doctor",
        again[0],
        STOPPED,
        *again[1:],
    ]
    return "\n".join(lines)


def installed(folder: Path) -> None:
    """A virtual environment as far as the documents see it."""
    inside = folder / ".venv" / "bin"
    inside.mkdir(parents=True)
    (inside / "activate").write_text(f'export PATH="{inside}:$PATH"\n', encoding="utf-8")
    command = inside / "deskhand"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m api.cli.main "$@"\n', encoding="utf-8")
    command.chmod(0o755)


def typed(folder: Path, port: int) -> tuple[int, str]:
    """The shell's status at the first command that fails, and all that was shown."""
    outside = {name: value for name, value in os.environ.items() if "DESKHAND" not in name}
    here = {"PYTHONPATH": str(CODE), "DESKHAND_PORT": str(port)}
    cache = {"DESKHAND_CACHE": str(PROJECT_CACHE)}  # the model need not be exported again
    shell = subprocess.Popen(
        ["/bin/bash", "-e", "-o", "pipefail", "-c", script(port)],
        cwd=folder,
        env=outside | here | cache,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        told, _ = shell.communicate(timeout=SECONDS)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
    return shell.returncode, told


@pytest.mark.timeout(SECONDS + 60)
def test_what_a_newcomer_types_works_word_by_word(tmp_path: Path) -> None:
    """From an empty folder to an answer, over HTTP, to why, to a backup and back."""
    folder = tmp_path / "Müllers neues Büro"
    installed(folder)
    status, told = typed(folder, free_port())
    assert status == 0, told
    for expected in (
        "The desk of Acme (acme) is valid",
        "Ann <ann@example.com> of acme is admin",
        "It is valid for 60 minutes. [1]",
        '"status":"queued"',
        "Restored the backup of",
    ):
        assert expected in told, told
    assert "reset-your-password" in told.splitlines()[-1]
