"""The processes: everything at once, the API, a worker, and the database's set-up."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import screen
from api.cli.failures import USAGE, CommandFault
from api.loading import loading
from api.settings import Settings, bracketed, read_settings, unbracketed
from memory.storage.private_files import keep_private
from memory.storage.urls import is_sqlite, plain_url

BACKLOG = 2_048
HIGHEST_PORT = 65_535

Host = Annotated[str | None, typer.Option(help="Address to listen on (default: 127.0.0.1).")]
Port = Annotated[
    int | None,
    typer.Option(
        min=0, max=HIGHEST_PORT, help="Port to listen on; 0 takes a free one (default: 8080)."
    ),
]


def up(
    workers: Annotated[int, typer.Option(min=1, max=16, help="Worker processes.")] = 1,
    host: Host = None,
    port: Port = None,
) -> None:
    """Run the API and the workers on this machine until stopped; this sets the database up first."""
    settings = _listening(host, port)
    # Before anything heavy is loaded: a busy port is told at once. The API takes the socket
    # over, so that callers wait, and are not refused, while it is started again.
    listener = _bound(settings)
    _check_desk(settings)
    keep_private(settings.home)
    with loading():
        from api.cli import supervisor
        from api.telemetry.logs import configure

    configure()
    with listener:
        raise typer.Exit(supervisor.up(settings, listener, workers))


def api(host: Host = None, port: Port = None) -> None:
    """Run the HTTP API. It holds no model and can be run many times over."""
    settings = _listening(host, port)
    keep_private(settings.home)
    with loading():
        from api.console.mount import install
        from api.http.serve import server
        from api.ledger import check_keys
        from api.telemetry.logs import configure

    listener = _inherited() or _bound(settings)
    configure()
    asyncio.run(check_keys(settings))
    host, number = listener.getsockname()[:2]
    address = f"http://{bracketed(host)}:{number}"
    screen.notes().print(
        f"listening on {address}: people at {address}/console, the API at {address}/docs"
    )
    with loading():
        served = server(settings, mount=install)
    served.run(sockets=[listener])


def worker() -> None:
    """Run a worker: it holds the models and the index, and works on tickets."""
    settings = read_settings()
    keep_private(settings.home)
    _check_desk(settings)
    with loading():
        from api.telemetry.logs import configure
        from api.worker import process

    configure()
    process.main(settings)


def channels() -> None:
    """Run the channels of the desks: read their mailboxes, and send what is to be sent."""
    settings = read_settings()
    keep_private(settings.home)
    _check_desk(settings)
    with loading():
        from api.channels import process
        from api.telemetry.logs import configure

    configure()
    process.main(settings)


Source = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="URL",
        help="Move the installation at this address, such as sqlite:///.deskhand/deskhand.db,"
        " to the database of DESKHAND_DATABASE_URL.",
    ),
]


def migrate(source: Source = None) -> None:
    """Set the database up, or bring it to this version; safe to repeat."""
    from memory.storage.migrate import migrate as bring_up

    settings = read_settings()
    keep_private(settings.home)
    if source is not None:
        _move(settings, source)
        return
    with screen.notes().status("setting the database up"):
        bring_up(settings.ledger_url, lambda: settings.hmac_key)
    screen.out().print(f"The database is ready: {_shown(settings.ledger_url)}")


def _move(settings: Settings, source: str) -> None:
    """Raises `CommandFault` if a worker may still write to what is moved."""
    from memory.moving import move
    from memory.storage.hmac_key import FILE
    from memory.workers.locks import FileLocks

    folder = Path(source.removeprefix("sqlite:///")).parent
    if FileLocks(folder / settings.locks_path.name).any_held():
        msg = f"a worker is alive on {folder}: stop the installation that is to be moved"
        raise CommandFault(msg, USAGE)
    with screen.notes().status("moving"):
        secret = None if settings.identity_key else folder / FILE
        moved = move(source, settings.ledger_url, secret=secret, ring=settings.keyring)
    for name, count in sorted(moved.counts.items()):
        if count:
            screen.out().print(f"{name}: {count}")
    screen.out().print(f"Everything arrived as it was: {_shown(settings.ledger_url)}")
    screen.notes().print(
        "Vectors are made again from the passages when articles are next indexed (`deskhand kb add`)."
    )


COMMANDS: dict[str, Callable[..., Any]] = {
    "up": up,
    "api": api,
    "worker": worker,
    "channels": channels,
    "migrate": migrate,
}


def _listening(host: str | None, port: int | None) -> Settings:
    # Through the environment, so that the processes of `up` get the same.
    if host is not None:
        os.environ["DESKHAND_HOST"] = host
    if port is not None:
        os.environ["DESKHAND_PORT"] = str(port)
    return read_settings()


def _check_desk(settings: Settings) -> None:
    """A broken desk is told before anything starts. Raises `DeskInvalid`, `OSError`."""
    from api.desks import desks_to_start

    desks_to_start(settings)


def _inherited() -> socket.socket | None:
    """The socket that the supervisor holds open, if there is one."""
    from api.telemetry.heartbeat import LISTENER

    given = os.environ.pop(LISTENER, "")
    return socket.socket(fileno=int(given)) if given.isdecimal() else None


def _bound(settings: Settings) -> socket.socket:
    host = unbracketed(settings.host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, settings.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        place = f"{bracketed(host)}:{settings.port}"
        msg = f"cannot listen on {place} ({error.strerror}): choose another --host or --port"
        raise CommandFault(msg, USAGE) from error
    return listener


def _shown(url: str) -> str:
    # A database URL may hold a password.
    scheme, _, rest = (url if is_sqlite(url) else plain_url(url)).partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
