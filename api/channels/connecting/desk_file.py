"""Adding a channel to desk.yaml: by text, so that comments and order stay as they are."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from filelock import AsyncFileLock
from yaml.nodes import MappingNode, ScalarNode

from api.channels.connecting.channel_block import Wanted
from api.settings import Settings
from graph.desk.file import load_desk
from graph.desk.model import Desk
from graph.desk.problems import DeskInvalid
from memory.storage import kept_secrets
from memory.storage.errors import StorageUnavailable
from memory.storage.kept_secrets import KeptUnsealed
from memory.storage.private_files import written

HEAD = "channels"
STEP = "  "
LOCK = "desk.lock"
LOCK_SECONDS = 10.0
WIDE = 10_000
"""Characters of a line of YAML: none is broken."""
REASONS = {
    "password": "it is kept beside the tickets",
    "token": "it is kept beside the tickets",
    "webhook_secret": "until it is set, it is only polled",
    "identity_secret": "until it is set, no visitor counts as logged in",
    "trusted_server": "it checks who a mail is from",
    "own_copy": "the mailbox's own mail did not come back",
}
"""Why a line is there, beside it."""


class NotWritten(Exception):
    """The file stays as it was; the words say why."""


class ReadOnly(NotWritten):
    """The file cannot be changed from here, by its place or by its form: somebody adds it by hand."""


def file_of(settings: Settings, tenant: str) -> Path:
    """The tenant's desk.yaml. Raises `NotWritten`."""
    if not settings.desk.is_dir():
        return settings.desk
    for path in sorted(settings.desk.glob("*.yaml")):
        if _loaded(settings, path).tenant == tenant:
            return path
    raise NotWritten(f"no file of {settings.desk} is the desk of {tenant}")


def suffix_of(settings: Settings, tenant: str) -> str:
    """Behind the names of a tenant's variables, where a folder holds the desks of several."""
    return f"_{tenant.replace('-', '_').upper()}" if settings.desk.is_dir() else ""


def add(settings: Settings, path: Path, wanted: Wanted) -> Desk:
    """Add the channel and keep its secrets, if the file is valid with them. Hold `lock` meanwhile.

    Raises `ReadOnly`, `NotWritten`.
    """
    try:
        return _add(settings, path.resolve(), wanted)
    except OSError as error:
        raise ReadOnly(f"{path.name} cannot be written here ({error.strerror})") from error


def lock(settings: Settings) -> AsyncFileLock:
    """Held by whoever changes a desk.yaml. Taking it raises `OSError`."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return AsyncFileLock(settings.home / LOCK, timeout=LOCK_SECONDS)


def make_sure(settings: Settings, path: Path, name: str) -> Desk:
    """The desk, if it has no such channel. Raises `NotWritten`."""
    desk = _loaded(settings, path)
    if name in desk.channels.names:
        raise NotWritten(f"{path.name} has `channels.{name}` already: change it there")
    return desk


def _loaded(settings: Settings, path: Path) -> Desk:
    try:
        return load_desk(path, settings.variables)
    except DeskInvalid as error:
        raise NotWritten(str(error)) from None


def _add(settings: Settings, path: Path, wanted: Wanted) -> Desk:
    before = path.read_text(encoding="utf-8")
    text = with_channel(before, wanted.name, list(lines(wanted.block)))
    desk = _tried(path, text, {**settings.variables, **wanted.secrets})
    for name, value in wanted.secrets.items():
        keep(settings, name, value)
    written(path, text, path.stat().st_mode & 0o777)
    return desk


def keep(settings: Settings, name: str, value: str) -> None:
    """Keep a secret, also where our environment has it: a process that runs already may not.

    Raises `NotWritten` where it says something else; where nothing else has it `OSError`, and
    `ReadOnly` where machines share what is kept and no key seals it, or they cannot be reached.
    """
    given = settings.sets(name)
    if given and settings.variables.get(name) != value:
        msg = f"the environment of Deskhand sets {name} to something else: change it there"
        raise NotWritten(msg)
    try:
        kept_secrets.keep(settings.home, name, value, settings.shared)
    except (OSError, KeptUnsealed, StorageUnavailable) as error:
        if given:
            return
        if isinstance(error, OSError):
            raise
        raise ReadOnly(f"{name} is not kept, because {error}") from error


def _tried(path: Path, text: str, variables: dict[str, str]) -> Desk:
    """The desk that this text would be. Raises `NotWritten`."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(6)}.new")
    try:
        written(aside, text)
        return load_desk(aside, variables)
    except DeskInvalid as error:
        raise NotWritten(str(error).replace(aside.name, path.name)) from None
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()


def lines(block: dict[str, Any]) -> Iterator[str]:
    """The part of desk.yaml, a line for each setting."""
    for key, value in block.items():
        flow = isinstance(value, (dict, list))
        given = yaml.safe_dump(
            value, default_flow_style=flow, allow_unicode=True, width=WIDE, sort_keys=False
        )
        plain = given.removesuffix("\n").removesuffix("\n...")
        yield f"{key}: {plain}" + (f"  # {REASONS[key]}" if key in REASONS else "")


def with_channel(text: str, name: str, lines: Sequence[str]) -> str:
    """The file's text with the channel in it, first under `channels:` if that is there.

    Raises `ReadOnly` for a form that no line can be added to.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return _below(text, len(text.split("\n")), [f"{HEAD}:", *_block(name, lines, STEP)])
    if not isinstance(root, MappingNode) or root.flow_style:
        raise ReadOnly("desk.yaml is one block in braces, and is not changed from here")
    found = next(((key, value) for key, value in root.value if key.value == HEAD), None)
    if found is None:
        head = ["", f"{HEAD}:", *_block(name, lines, STEP)]
        return _below(text.rstrip(), len(text.split("\n")), head)
    key, value = found
    if value.start_mark.index < key.end_mark.index:
        msg = f"`{HEAD}` of desk.yaml only points to another part, and is not changed from here"
        raise ReadOnly(msg)
    if not value.value or isinstance(value, ScalarNode):  # nothing, null or {}
        text = text[: value.start_mark.index] + text[value.end_mark.index :]
        return _below(text, key.start_mark.line + 1, _block(name, lines, STEP))
    if value.flow_style:
        block = yaml.safe_load("\n".join(lines))
        flow = yaml.safe_dump({name: block}, default_flow_style=True, width=WIDE, sort_keys=False)
        at = value.start_mark.index + 1
        return f"{text[:at]}{flow.strip()[1:-1]}, {text[at:]}"
    indent = " " * value.value[0][0].start_mark.column
    return _below(text, key.start_mark.line + 1, _block(name, lines, indent))


def _below(text: str, at: int, added: Sequence[str]) -> str:
    """The text with lines added behind so many of its own."""
    before = text.rstrip().split("\n")
    return "\n".join([*before[:at], *added, *before[at:]]) + "\n"


def _block(name: str, lines: Sequence[str], indent: str) -> list[str]:
    return [f"{indent}{name}:", *(f"{indent}{STEP}{line}" for line in lines)]
