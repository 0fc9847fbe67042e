"""Talks to the HTTP API on behalf of a command, and words its errors for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import httpx2
import typer

from api.cli.failures import FAILED, USAGE, CommandFault
from api.settings import read_settings
from tools.outside import AddressRefused, shown, web_address

TIMEOUT_SECONDS = 30.0
FIRST_ERROR = 400
SERVER_ERROR = 500
MAX_RECONNECTS = 20
"""Times a stream that breaks off is taken up again."""

Url = Annotated[
    str | None,
    typer.Option(envvar="DESKHAND_URL", help="Where the API is (default: this machine)."),
]
Key = Annotated[
    str | None,
    typer.Option(envvar="DESKHAND_KEY", show_envvar=True, help="A key, dk_..."),
]
Json = dict[str, Any]


class Remote:
    """The API from a command's point of view. Every failure is a `CommandFault` that says what to do."""

    def __init__(self, url: str | None, key: str | None) -> None:
        if not key:
            msg = "a key is needed: set DESKHAND_KEY, or pass --key (`deskhand key create`)"
            raise CommandFault(msg, USAGE)
        if not key.isascii() or not key.isprintable():
            msg = "the key contains characters other than dk_..., letters and digits"
            raise CommandFault(msg, USAGE)
        self.url = (url or _here()).rstrip("/")
        try:
            web_address(self.url)
        except AddressRefused as refused:
            raise CommandFault(f"--url: {refused}", USAGE) from refused
        self._headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **query: Any) -> Json:
        """What is at `path`."""
        wanted = {name: value for name, value in query.items() if value is not None}
        with self._connected() as client:
            return _checked(client.get(path, params=wanted or None))

    def post(self, path: str, body: Json | None = None, **headers: str) -> Json:
        """The answer to `body`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        with self._connected() as client:
            return _checked(client.post(path, json=body, headers=sent))

    def events(self, path: str) -> Iterator[tuple[str, Json]]:
        """(event, data) of a ticket until its `end`, across broken connections."""
        last = "0"
        for _ in range(MAX_RECONNECTS):
            with self._connected() as client, _stream(client, path, last) as response:
                for name, number, data in _parsed(response):
                    last = number or last
                    yield name, data
                    if name == "end":
                        return
        msg = f"the events of {path} broke off {MAX_RECONNECTS} times: look at `ticket show`"
        raise CommandFault(msg)

    @contextmanager
    def _connected(self) -> Iterator[httpx2.Client]:
        try:
            with httpx2.Client(
                base_url=self.url, headers=self._headers, timeout=TIMEOUT_SECONDS
            ) as client:
                yield client
        except httpx2.ConnectError as error:
            msg = f"nothing answers at {self.url}: start `deskhand up`, or set --url"
            raise CommandFault(msg) from error
        except httpx2.TimeoutException as error:
            msg = f"{self.url} did not answer within {TIMEOUT_SECONDS:g} s: try again"
            raise CommandFault(msg) from error
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise CommandFault(f"the connection to {self.url} failed: {error}") from error


@contextmanager
def _stream(client: httpx2.Client, path: str, last: str) -> Iterator[httpx2.Response]:
    with client.stream("GET", path, headers={"Last-Event-ID": last}) as response:
        if response.status_code >= FIRST_ERROR:
            response.read()
            _checked(response)
        yield response


def _here() -> str:
    return read_settings().address


def _checked(response: httpx2.Response) -> Json:
    if response.status_code < FIRST_ERROR:
        found: Json = response.json()
        return found
    kind = response.headers.get("content-type", "")
    problem = response.json() if kind.startswith("application/problem+json") else {}
    detail = (
        problem.get("detail")
        or f"{shown(str(response.request.url))} answered {response.status_code}"
    )
    title = problem.get("title")
    line = f"{title}: {detail}" if title else str(detail)
    status = FAILED if response.status_code >= SERVER_ERROR else USAGE
    raise CommandFault(line, status)


def _parsed(response: httpx2.Response) -> Iterator[tuple[str, str, Json]]:
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        elif "event" in fields:
            yield fields["event"], fields.get("id", ""), json.loads(fields["data"])
            fields = {}
        else:
            fields = {}
