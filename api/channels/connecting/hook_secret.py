"""The secret that a helpdesk shows for its webhooks, given after it was connected."""

from __future__ import annotations

from pathlib import Path

from api.channels.connecting import desk_file
from api.channels.connecting.channel_block import hook_secret
from api.channels.connecting.desk_file import NotWritten
from api.settings import Settings
from graph.desk.file import load_desk
from graph.desk.helpdesks import LEAST_SECRET_CHARS


def keep_hook_secret(settings: Settings, path: Path, tenant: str, name: str, secret: str) -> None:
    """Keep it; what reads the desk has it from then on. Raises `NotWritten`, `OSError`."""
    if len(secret) < LEAST_SECRET_CHARS:
        raise NotWritten(f"a secret has {LEAST_SECRET_CHARS} characters or more: copy all of it")
    variable = hook_secret(name, desk_file.suffix_of(settings, tenant))
    if variable not in path.read_text(encoding="utf-8"):
        msg = (
            f"{path.name} does not say `webhook_secret: ${{{variable}:-}}` for {name}: set it there"
        )
        raise NotWritten(msg)
    load_desk(path, {**settings.variables, variable: secret})
    desk_file.keep(settings, variable, secret)
