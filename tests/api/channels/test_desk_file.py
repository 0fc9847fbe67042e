"""A channel is added to whatever a person has written, and nothing of that is lost."""

from pathlib import Path

import pytest

from api.channels.connecting import desk_file
from api.channels.connecting.channel_block import Wanted
from api.channels.connecting.desk_file import ReadOnly
from api.settings import Settings

HEAD = "tenant: acme  # ours\ncompany: Acme\n"
SERVER = {"host": "mail.acme.example", "port": 993}
MAIL = Wanted("mail", {"address": "help@acme.example", "imap": SERVER, "smtp": SERVER}, {})
SHOP = "origins: [https://a.example]"


def added(folder: Path, text: str) -> tuple[tuple[str, ...], str]:
    """The desk's channels afterwards, and its text."""
    path = folder / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    settings = Settings(desk=path, home=folder / "home", _env_file=None)
    desk = desk_file.add(settings, path, MAIL)
    return tuple(desk.channels.names), path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "channels",
    [
        f"channels:\n  widget:\n    {SHOP}\n",
        f"channels: # all of them\n    # the shop\n    widget: {{{SHOP}}}\nlanguage: en\n",
        f"channels: {{widget: {{{SHOP}}}}}  # all of them\nlanguage: en\n",
        f"channels:\n  {{widget: {{{SHOP}}}}}\n",
        f"'channels':\n  widget: {{{SHOP}}}\n",
        f"channels: &all\n  widget: {{{SHOP}}}\n",
    ],
    ids=["block", "comments", "braces", "braces below", "quotes", "anchor"],
)
def test_a_channel_stands_beside_those_that_are_there(tmp_path: Path, channels: str) -> None:
    """Whichever way they are written; every comment stays."""
    names, text = added(tmp_path, HEAD + channels)
    assert set(names) == {"mail", "widget"}
    assert [one for one in ("# ours", "# all of them", "# the shop") if one in HEAD + channels] == [
        one for one in ("# ours", "# all of them", "# the shop") if one in text
    ]


@pytest.mark.parametrize(
    "channels", ["", "channels:\n", "channels: {}\nlanguage: en\n", "channels: null  # none yet\n"]
)
def test_the_first_channel_is_added(tmp_path: Path, channels: str) -> None:
    """Also where the part is there and empty."""
    names, text = added(tmp_path, HEAD + channels)
    assert set(names) == {"mail"}
    assert "language: en" in text or "language" not in channels


@pytest.mark.parametrize(
    "text",
    [
        "{tenant: acme, company: Acme}\n",
        f"{HEAD}autonomy: &x {{}}\nchannels: *x\n",
    ],
    ids=["braces", "points elsewhere"],
)
def test_a_form_that_takes_no_line_stays_and_says_so(tmp_path: Path, text: str) -> None:
    """What has to be added by hand is shown instead."""
    with pytest.raises(ReadOnly, match="not changed from here"):
        added(tmp_path, text)
    assert (tmp_path / "desk.yaml").read_text(encoding="utf-8") == text
