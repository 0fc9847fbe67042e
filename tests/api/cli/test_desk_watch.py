"""A running stack takes up what desk.yaml gets: channels are started, and workers know the mailbox."""

import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from api.cli import desk_watch
from api.cli.child import Child
from api.cli.desk_watch import DeskWatch
from api.desks import Desks
from api.settings import Settings
from api.wiring import id_domains
from graph.desk.channels import UNNAMED_DOMAIN
from graph.desk.file import load_desk

DESK = "tenant: acme\ncompany: Acme\n"
MAIL = """channels:
  mail:
    address: help@acme.example
    imap: {host: imap.acme.example, port: 993}
    smtp: {host: smtp.acme.example, port: 465}
"""


def test_the_first_channel_starts_the_channels_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken desk changes nothing and is told of once, nor does a second look."""
    monkeypatch.setattr(desk_watch, "LOOK_SECONDS", 0.0)
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK, encoding="utf-8")
    worker, channels = (
        Child(name, ["sleep", "600"], dict(os.environ)) for name in ("worker-0", "channels")
    )
    children = [worker]
    watch = DeskWatch(Desks(Settings(desk=desk, home=tmp_path, _env_file=None)), channels, children)
    try:
        worker.start()
        with capture_logs() as told:
            for text in (DESK, DESK + "channels: what\n"):
                desk.write_text(text, encoding="utf-8")
                watch.look()
                watch.look()
                assert children == [worker]
        assert [one["event"] for one in told] == ["desk_not_read"]
        desk.write_text(DESK + MAIL, encoding="utf-8")
        watch.look()
        watch.look()
        assert children == [worker, channels]
        assert [(one.ended, len(one.starts)) for one in children] == [(None, 1)] * 2
    finally:
        for child in (worker, channels):
            child.ask_to_end()
            child.make_end(0.0)


def test_a_worker_signs_with_the_mailbox_that_came_while_it_ran(tmp_path: Path) -> None:
    """Also where the file breaks afterwards, or is gone."""
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK, encoding="utf-8")
    settings = Settings(desk=desk, home=tmp_path, _env_file=None)
    known, domain = load_desk(desk), id_domains(settings)
    assert domain(known) == UNNAMED_DOMAIN
    desk.write_text(DESK + MAIL, encoding="utf-8")
    assert domain(known) == "acme.example"
    desk.write_text("tenant: [", encoding="utf-8")
    assert domain(known) == "acme.example"
    assert id_domains(settings)(known) == UNNAMED_DOMAIN
