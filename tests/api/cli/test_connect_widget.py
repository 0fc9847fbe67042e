"""`deskhand connect widget` tries the websites, writes the desk and prints the tag."""

import errno
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from typer.testing import CliRunner, Result

from api.channels.connecting import desk_file
from api.channels.widget.origins import origin_of
from api.channels.widget.trying import Website, first_message, forbidden, lines
from api.cli.commands import build
from api.cli.failures import CommandFault
from api.settings import read_settings
from evals.stack.helpdesks.serving import listening
from graph.desk.file import load_desk
from memory.tables import now
from tests import desks
from tests.api.channels.conftest import ledger
from tests.memory.ledgers import TENANT, Ledger

__all__ = ["ledger"]

DESK = 'tenant: acme\ncompany: "Acme"\n'
OURS = "https://desk.example.com"


@pytest.fixture
def desk(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk without channels, in a folder of its own."""
    path, home = tmp_path / "desk.yaml", tmp_path / "home"
    path.write_text(DESK, encoding="utf-8")
    monkeypatch.setenv("DESKHAND_DESK", str(path))
    monkeypatch.setenv("DESKHAND_HOME", str(home))
    desks.settings_in(home, template)
    return path


def connect(*more: str) -> Result:
    """The command, without waiting for a message."""
    return CliRunner().invoke(build(), ["connect", "widget", "--wait", "0", *more])


async def _page(_: Request) -> Response:
    return PlainTextResponse("shop", headers={"Content-Security-Policy": "default-src 'self'"})


def test_a_website_is_tried_and_the_tag_is_printed(desk: Path) -> None:
    """Where it leads to is allowed too, and what its policy forbids is said before anyone wonders."""
    with listening(Starlette(routes=[Route("/", _page)])) as shop:

        async def moved(_: Request) -> Response:
            return RedirectResponse(f"{shop}/")

        with listening(Starlette(routes=[Route("/", moved)])) as old:
            result = connect("--website", f"{old}/some/page", "--title", "Ask: us", "--identity")
    assert result.exit_code == 0, result.output
    assert f"{old} leads to {shop}" in result.output
    ours = read_settings().address
    assert f"add {ours} to script-src" in result.output
    assert f"Nothing of ours answers at {ours} yet" in result.output
    assert f'<script src="{ours}/widget.js" data-desk="acme" async></script>' in result.output
    channel = load_desk(desk).channels.widget
    assert channel is not None
    assert (channel.origins, channel.title) == ((old, shop), "Ask: us")
    secret = result.output.partition("shown only here:")[2].split()[0]
    assert len(secret) > 40
    assert secret not in desk.read_text(encoding="utf-8")
    kept = load_desk(desk, read_settings().variables).channels.widget
    assert kept is not None
    assert kept.identity_secret == secret


def test_a_desk_that_cannot_be_changed_is_told_what_to_add(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its form, or since its disk takes nothing; it stays as it was."""

    def no_writing(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    for text, why in (
        ("{tenant: acme, company: Acme}\n", "in braces"),
        (DESK, "cannot be written"),
    ):
        desk.write_text(text, encoding="utf-8")
        result = connect("--website", "https://shop.invalid", "--title", "Ask")
        assert isinstance(result.exception, CommandFault)
        assert why in str(result.exception)
        assert "add the lines above by hand" in str(result.exception)
        assert "channels:\n  widget:\n    origins: ['https://shop.invalid']\n" in result.output
        assert desk.read_text(encoding="utf-8") == text
        monkeypatch.setattr(desk_file, "written", no_writing)


@pytest.mark.parametrize("given", ["https://*.example.com", "https://exa mple.com", "https://"])
def test_what_is_no_website_is_said_and_nothing_is_written(desk: Path, given: str) -> None:
    """In words that show one."""
    result = connect("--website", given, "--title", "Help")
    assert isinstance(result.exception, CommandFault)
    assert "write it as https://www.example.com, without a path. Nothing was written" in str(
        result.exception
    )
    assert desk.read_text(encoding="utf-8") == DESK


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("www.example.com", "https://www.example.com"),
        (" HTTPS://Www.Example.com/shop?x=1 ", "https://www.example.com"),
        ("http://localhost:3000/", "http://localhost:3000"),
    ],
)
def test_people_write_websites_in_many_ways(given: str, origin: str) -> None:
    """A path, capitals and a missing scheme are no mistakes."""
    assert origin_of(given) == origin


@pytest.mark.parametrize(
    ("policy", "parts"),
    [
        ("", ()),
        ("img-src 'self'", ()),
        ("default-src 'self'", ("script-src", "connect-src")),
        (f"script-src 'self' {OURS}; connect-src 'self'", ("connect-src",)),
        ("default-src https:", ()),
        ("Script-Src desk.example.com; connect-src *; default-src 'none'", ()),
    ],
)
def test_what_a_policy_forbids(policy: str, parts: tuple[str, ...]) -> None:
    """Each part that the script needs, or what stands for it."""
    assert forbidden(policy, OURS) == parts


async def test_the_first_message_of_a_visitor_is_shown(ledger: Ledger) -> None:
    """Not one of before, and not one of another channel; none is no fault."""
    await ledger.accept("too early", channel="widget")
    begun = now()
    await ledger.accept("by the API")
    assert await first_message(ledger.database, TENANT, begun, 0.1) is None
    await ledger.accept("How do I reset it?", channel="widget")
    assert await first_message(ledger.database, TENANT, begun, 10) == "How do I reset it?"


def test_a_safe_page_loads_nothing_unsafe() -> None:
    """A browser would say it in its console only."""
    page = Website("https://shop.example", "https://shop.example")
    assert any("behind TLS" in one for one in lines(page, "http://desk.example.com"))
    assert not any("behind TLS" in one for one in lines(page, "http://127.0.0.1:8080"))
