"""A running stack takes up what desk.yaml gets: channels are started, workers renewed in turn."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from api.cli import desk_watch
from api.cli.child import Child
from api.cli.desk_watch import DeskWatch
from api.desks import Desks
from api.settings import Settings

DESK = "tenant: acme\ncompany: Acme\n"
MAIL = """channels:
  mail:
    address: help@acme.example
    imap: {host: imap.acme.example, port: 993}
    smtp: {host: smtp.acme.example, port: 465}
"""


def test_a_mailbox_starts_the_channels_and_renews_one_worker_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second worker goes on until the first is back; a broken desk changes nothing."""
    monkeypatch.setattr(desk_watch, "LOOK_SECONDS", 0.0)
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK, encoding="utf-8")
    workers = [Child(f"worker-{n}", ["sleep", "600"], dict(os.environ)) for n in range(2)]
    channels = Child("channels", ["sleep", "600"], dict(os.environ))
    children = list(workers)
    settings = Settings(desk=desk, home=tmp_path / "home", _env_file=None)
    watch = DeskWatch(Desks(settings), channels, children)
    try:
        for child in workers:
            child.start()
        watch.look()
        desk.write_text(DESK + "channels: what\n", encoding="utf-8")
        watch.look()
        assert channels not in children
        desk.write_text(DESK + MAIL, encoding="utf-8")
        for number, child in enumerate(workers):
            watch.look()
            watch.look()
            assert child.process is not None
            assert child.process.wait(30) != 0
            assert all(one.ended is None for one in workers[number + 1 :])
            child.start()
            watch.look()
        watch.look()
        assert channels in children
        assert [one.ended for one in children] == [None, None, None]
    finally:
        for child in (*workers, channels):
            child.ask_to_end()
            child.make_end(0.0)
