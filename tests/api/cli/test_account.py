"""Accounts are made, shown, reset and ended from the command line; a password is shown once."""

from pathlib import Path

from tests.commands import Command


def test_an_account_lives_from_making_to_disabling(folder: Path, deskhand: Command) -> None:
    """The password stands alone on stdout; a reset gives another; roles and states are shown."""
    status, password, note = deskhand(
        "account", "create", "--name", "Ann", "--email", "Ann@Example.com"
    )
    assert status == 0
    assert len(password.strip()) == 24
    assert "Ann <ann@example.com> of acme is agent" in note
    status, _, complaint = deskhand(
        "account", "create", "--name", "ANN", "--email", "a2@example.com"
    )
    assert status == 2
    assert complaint.startswith("deskhand: somebody is called 'ANN' already")
    _, again, _ = deskhand("account", "reset", "ann@example.com")
    assert again != password
    assert deskhand("account", "role", "ann@example.com", "lead")[0] == 0
    assert deskhand("account", "disable", "ann@example.com")[0] == 0
    _, listed, _ = deskhand("account", "list")
    assert "lead" in listed
    assert "disabled" in listed
    assert password.strip() not in listed
    status, _, complaint = deskhand("account", "reset", "nobody@example.com")
    assert status == 2
    assert "deskhand account list" in complaint
