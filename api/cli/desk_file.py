"""Adding a channel to desk.yaml: by text, so that comments and order stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.failures import USAGE, CommandFault

if TYPE_CHECKING:
    from graph.desk.model import Desk

HEAD = "channels:"
STEP = "  "


def checked(path: Path, name: str) -> Path:
    """The file, if it is one desk that has no channel `name`. Raises `CommandFault`."""
    from graph.desk.file import load_desk

    if path.is_dir():
        msg = f"{path} holds several desks: name one, as in `deskhand --desk {path}/x.yaml connect {name}`"
        raise CommandFault(msg, USAGE)
    if name in load_desk(path).channels.names:
        msg = f"{path} has `channels.{name}` already: change it there"
        raise CommandFault(msg, USAGE)
    return path


def add(path: Path, name: str, lines: Sequence[str]) -> Desk:
    """Add `channels.{name}` with these lines, if the file is valid with it. Raises `CommandFault`."""
    from graph.desk.file import DeskInvalid, load_desk

    before = path.read_text(encoding="utf-8")
    path.write_text(with_channel(before, name, lines), encoding="utf-8")
    try:
        return load_desk(path)
    except DeskInvalid as error:
        path.write_text(before, encoding="utf-8")
        msg = f"{error}. Nothing was written"
        raise CommandFault(msg, USAGE) from error


def with_channel(text: str, name: str, lines: Sequence[str]) -> str:
    """The file's text with the channel in it, first under `channels:` if that is there."""
    before = text.rstrip().split("\n")
    heads = [at for at, line in enumerate(before) if line.partition(" #")[0].rstrip() == HEAD]
    if not heads:
        return "\n".join([*before, "", HEAD, *_block(name, lines, STEP)]) + "\n"
    at = heads[0] + 1
    indent = next((_indent(line) for line in before[at:] if line.strip()), "") or STEP
    return "\n".join([*before[:at], *_block(name, lines, indent), *before[at:]]) + "\n"


def _block(name: str, lines: Sequence[str], indent: str) -> list[str]:
    return [f"{indent}{name}:", *(f"{indent}{STEP}{line}" for line in lines)]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]
