"""Commands do what they say; each error is one line on stderr that says what to change."""

import json
import socket
from pathlib import Path

import pytest

from api.cli.failures import FAILED, PARTLY
from api.settings import Settings
from tests import desks
from tests.commands import Command

pytestmark = pytest.mark.usefixtures("folder")

MISTAKES: dict[str, tuple[list[str], int, str]] = {
    "unknown command": (["nope"], 2, "No such command 'nope' (see `deskhand --help`)"),
    "missing option": (
        ["key", "create"],
        2,
        "Missing option '--name' (see `deskhand key create --help`)",
    ),
    "unknown tenant": (
        ["key", "create", "--name", "a", "--tenant", "bolt"],
        2,
        "no desk has the tenant 'bolt': desk.yaml has acme",
    ),
    "unknown scope": (
        ["key", "create", "--name", "a", "--scope", "root"],
        2,
        "unknown scope (root): use one or more of admin, agent, intake, lead, submit, vouch",
    ),
    "unknown key": (
        ["key", "revoke", "dk_1_2"],
        2,
        "there is no key '1': `deskhand key list` shows them",
    ),
    "unknown ticket": (["why", "tkt_x"], 2, "there is no ticket 'tkt_x'"),
    "no articles": (["kb", "add", "nowhere"], 2, "nowhere: no such file or folder"),
    "no key": (
        ["ticket", "send", "hi"],
        2,
        "a key is needed: set DESKHAND_KEY, or pass --key (`deskhand key create`)",
    ),
    "no text": (
        ["ticket", "send", "--key", "dk_x"],
        2,
        "give the text as an argument, or a file with --file (- reads standard input)",
    ),
    "bad url": (
        ["ticket", "list", "--key", "dk_x", "--url", "desk"],
        2,
        "--url: 'desk' is not a web address: use http(s)://host[:port][/path]",
    ),
    "a ticket without an end": (
        ["ticket", "send", "--key", "dk_x", "--file", "/dev/zero"],
        2,
        "/dev/zero holds more than 10,000,000 characters: a ticket cannot be that long",
    ),
    "no desk": (
        ["--desk", "none.yaml", "worker"],
        2,
        "none.yaml: there is no such file: run `deskhand init` to make one, or set DESKHAND_DESK",
    ),
}


def test_a_home_without_a_database_is_named(
    deskhand: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command that sets it up."""
    monkeypatch.delenv("DESKHAND_DATABASE_URL", raising=False)
    status, out, told = deskhand("--home", "empty", "key", "list")
    assert (status, out) == (2, "")
    assert "there is no database in empty: run `deskhand migrate` first" in told


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line(deskhand: Command, name: str) -> None:
    """The line says what to change, stdout stays empty, and the status tells usage from failure."""
    arguments, status, line = MISTAKES[name]
    ran = deskhand(*arguments)
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.splitlines()[-1] == f"deskhand: {line}"
    assert "Traceback" not in ran.err


def test_an_address_in_use_and_one_without_a_server_are_told(deskhand: Command) -> None:
    """A port that is taken, and a server that is not there, are failures with a way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = deskhand("api", "--port", port)
    assert ran.status == 2
    assert f"cannot listen on 127.0.0.1:{port}" in ran.err
    assert "choose another --host or --port" in ran.err
    gone = deskhand("ticket", "list", "--key", "dk_x", "--url", f"http://127.0.0.1:{port}")
    assert gone.status == 1
    assert gone.err.startswith(f"deskhand: nothing answers at http://127.0.0.1:{port}: start")


def test_a_wrong_setting_is_named(deskhand: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting out of range is told by the name of its variable."""
    monkeypatch.setenv("DESKHAND_PORT", "99999")
    ran = deskhand("migrate")
    assert ran.status == 2
    assert ran.err.startswith("deskhand: DESKHAND_PORT: input should be less than")


def test_init_writes_a_desk_that_is_valid(deskhand: Command, folder: Path) -> None:
    """The starter passes its own checks, has the company's name, and is never written over."""
    ran = deskhand("init", "new", "--company", 'Böhme "&" Söhne')
    assert ran.status == 0
    assert "deskhand kb add articles" in ran.out
    text = (folder / "new" / "desk.yaml").read_text()
    assert "tenant: bohme-sohne" in text
    again = deskhand("init", "new")
    assert again.status == 2
    assert "new/desk.yaml exists already: choose another folder" in again.err.replace("\n", " ")
    assert (folder / "new" / "desk.yaml").read_text() == text
    bad = deskhand("init", "other", "--tenant", "X")
    assert (bad.status, (folder / "other" / "desk.yaml").exists()) == (2, False)


def test_a_key_is_made_shown_once_and_revoked(deskhand: Command) -> None:
    """The token stands alone on stdout; the list shows the key without it, and its end."""
    token = deskhand("key", "create", "--name", "Ann", "--scope", "agent").out.strip()
    assert token.startswith("dk_")
    listed = deskhand("key", "list").out
    assert "Ann" in listed
    assert "valid" in listed
    assert token not in listed
    assert deskhand("key", "revoke", token).status == 0
    assert "revoked" in deskhand("key", "list").out


def test_articles_are_loaded_listed_and_found(deskhand: Command, folder: Path) -> None:
    """`kb add` says what it added, changed, left and skipped; a second run changes nothing."""
    articles = folder / "articles"
    articles.mkdir()
    (articles / "a.md").write_text("# Reset a password\n\nOpen the settings and choose reset.\n")
    (articles / "b.jsonl").write_text(
        '{"doc_id": "b", "title": "Invoices", "text": "Pay by card."}\n{\n'
    )
    (articles / "empty.md").write_text("\n")
    first = deskhand("kb", "add", "articles")
    assert first.status == PARTLY
    assert first.out.splitlines()[1].split() == ["acme", "2", "0", "0", "0", "2"]
    assert "articles/empty.md" in first.out
    assert "articles/b.jsonl:2" in first.out
    (articles / "a.md").write_text("# Reset a password\n\nWrite to us.\n")
    second = deskhand("kb", "add", "articles")
    assert second.out.splitlines()[1].split() == ["acme", "0", "1", "1", "0", "2"]
    third = deskhand("kb", "add", "articles")
    assert third.out.splitlines()[1].split() == ["acme", "0", "0", "2", "0", "2"]
    listed = deskhand("kb", "list").out
    assert "searchable" in listed
    assert "waits" not in listed
    found = deskhand("kb", "search", "reset a password", "--limit", "1").out
    assert found.startswith("1. Reset a password")
    assert "Write to us." in found
    kept = deskhand("kb", "add", "articles/a.md", "articles/empty.md", "--prune")
    assert kept.out.splitlines()[1].split() == ["acme", "0", "0", "1", "0", "1"]
    pruned = deskhand("kb", "add", "articles/a.md", "--prune")
    assert pruned.status == 0
    assert pruned.out.splitlines()[1].split() == ["acme", "0", "0", "1", "1", "0"]
    removed = deskhand("kb", "remove", "a", "--yes")
    assert "articles/a.md again brings it back" in " ".join(removed.out.split())
    assert "has no articles" in deskhand("kb", "list").err
    assert "Nothing was found" in deskhand("kb", "search", "reset a password").err
    assert deskhand("kb", "remove", "a", "--yes").status == FAILED


def test_one_article_in_two_places_is_loaded_once(deskhand: Command, folder: Path) -> None:
    """Two paths with one doc_id: the second is skipped and said so."""
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "a.md").write_text(f"# A\n\nText {name}.\n")
    ran = deskhand("kb", "add", "one", "two")
    assert ran.out.splitlines()[1].split() == ["acme", "1", "0", "0", "0", "1"]
    assert "doc_id 'a' was already read from one/a.md" in ran.out


def test_tickets_and_handoffs_over_http(
    deskhand: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Send, show, list, follow, why, and a handoff from the queue to its decision."""
    settings = Settings(_env_file=None)
    keys = [desks.run(desks.new_key(settings, name, ["admin"])) for name in ("Ann", "Bob")]
    ann, bob = (key["Authorization"].removeprefix("Bearer ") for key in keys)
    with desks.listening(settings) as url:
        monkeypatch.setenv("DESKHAND_URL", url)
        monkeypatch.setenv("DESKHAND_KEY", ann)
        sent = deskhand(
            "ticket", "send", "where is it?", "--email", "cy@example.com", "--once", "k"
        )
        ticket = sent.out.strip()
        assert ticket.startswith("tkt_")
        again = deskhand(
            "ticket", "send", "where is it?", "--email", "cy@example.com", "--once", "k"
        )
        assert again.out == sent.out
        reused = deskhand("ticket", "send", "else", "--once", "k")
        assert reused.status == 2
        assert reused.err.startswith("deskhand: Idempotency-Key used before: ")
        blank = deskhand("ticket", "send", " ")
        assert "text and subject are both blank: send one of them" in blank.err
        assert deskhand("ticket", "send", "more", "--ticket", ticket).out == sent.out
        assert "where is it?" in deskhand("ticket", "show", ticket).out
        assert json.loads(deskhand("ticket", "show", ticket, "--json").out)["id"] == ticket
        assert ticket in deskhand("ticket", "list").out
        desks.run(desks.hand_off(settings, ticket, "hnd_1"))
        followed = deskhand("ticket", "follow", ticket)
        assert "The ticket was accepted and queued." in followed.err
        assert "waiting: with a person" in followed.err
        told = deskhand("why", ticket).out
        assert "+0 ms  The ticket was accepted and queued." in told
        assert "cy@example.com" not in told
        assert "where is it" not in told
        assert "hnd_1" in deskhand("handoff", "list").out
        shown = deskhand("handoff", "show", "hnd_1").out
        assert "0.41 is under 0.62" in shown
        assert "Here it is." in shown
        assert "is yours until" in deskhand("handoff", "claim", "hnd_1", "--minutes", "5").out
        refused = deskhand("handoff", "decide", "hnd_1", "close", "--key", bob)
        assert (refused.status, refused.out) == (2, "")
        assert "Ann has claimed this handoff until" in refused.err
        assert deskhand("handoff", "release", "hnd_1").status == 0
        assert (
            "approve by Bob" in deskhand("handoff", "decide", "hnd_1", "approve", "--key", bob).out
        )
        assert "Nothing waits" in deskhand("handoff", "list").err
        assert "decided by Bob" in deskhand("handoff", "list", "--decided").out


def test_an_address_that_nobody_has_is_told(deskhand: Command) -> None:
    """It may be mistyped; the result stays on stdout for whoever keeps it."""
    ran = deskhand("export", "--customer", "nobody@example.com")
    assert json.loads(ran.out)["tickets"] == []
    assert "Nothing is held for nobody@example.com: check that" in ran.err
