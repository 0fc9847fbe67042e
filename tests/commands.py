"""The `deskhand` command in this process."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from api.cli import main as cli


class Ran(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


DESK = "tenant: acme\ncompany: Acme\n"
Command = Callable[..., Ran]


def runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """What runs it with the arguments that it is given."""

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["deskhand", *arguments])
        with pytest.raises(SystemExit) as raised:
            cli.main()
        said = capsys.readouterr()
        return Ran(int(raised.value.code or 0), said.out, said.err)

    return run


def finds(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Let commands find the ledger: a file stands in its folder, a database is named to them."""
    if not address.startswith("sqlite"):
        monkeypatch.setenv("DESKHAND_DATABASE_URL", address)
