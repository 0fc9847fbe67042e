"""Each kind of mistake in a desk.yaml comes back with its line, its field and what to change."""

from pathlib import Path

import pytest

from graph.desk.file import load_desk
from graph.desk.problems import DeskInvalid
from tests.graph.desk.files import BASE, write
from tests.graph.desk.mistakes import BROKEN, SLOW_TOOL

OF_THE_OUTSIDE = {
    "more slots than connections": (
        BASE + SLOW_TOOL + "    slots: 100\n",
        "desk.yaml:7: tools[0].name: tool 'look' has 100 slots: 64 at most, or a service that hangs would hold every connection",
    ),
    "a password of one server in the file": (
        BASE
        + "channels:\n  mail:\n    address: a@b.example\n"
        + "    imap: {host: h, port: 1}\n    smtp: {host: h, port: 1, password: x}\n",
        "desk.yaml:7: channels.mail.smtp.password: a secret does not belong in a file: write ${MAIL_SMTP_PASSWORD}",
    ),
    "a token as what a variable is without being set": (
        BASE + "services:\n  s:\n    base_url: http://x\n    token: ${S_TOKEN:-1234}\n",
        "desk.yaml:6: services.s.token: a secret does not belong in a file: write ${S_TOKEN}",
    ),
    "a token beside a variable that is empty": (
        BASE + "services:\n  s:\n    base_url: http://x\n    token: 1234${NOTHING:-}\n",
        "desk.yaml:6: services.s.token: a secret does not belong in a file: write ${S_TOKEN}",
    ),
    "a key that a program gets": (
        BASE
        + "services:\n  s:\n    mcp: {command: shop, env: {REGION: eu, SHOP_API_KEY: '1234'}}\n",
        "desk.yaml:5: services.s.mcp.env.SHOP_API_KEY: a secret does not belong in a file: write",
    ),
    "a password in an address": (
        BASE + "services:\n  s:\n    base_url: https://me:1234@shop.example\n",
        "desk.yaml:4: services.s: an address names a user or a password before its host: leave them out",
    ),
    "a password in what is no address": (
        BASE + "services:\n  s:\n    base_url: me:1234@shop.example\n",
        "desk.yaml:4: services.s: an address is not a web address: use http(s)://host[:port][/path]",
    ),
    "autonomy of a channel that does not exist": (
        BASE + "autonomy:\n  channels: {email: auto}\n",
        "desk.yaml:4: autonomy.channels.email: there is no channel 'email': choose of api, mcp, console, mail,",
    ),
    "a burst of a channel that does not exist": (
        BASE + "channels:\n  burst_seconds: {webchat: 2}\n",
        "desk.yaml:4: channels.burst_seconds.webchat: there is no channel 'webchat': choose of",
    ),
}
MISSPELT = {
    "a key that must be there, in letters of another script": (
        "tenant: acme\nс\u043empany: Acme\n",
        "desk.yaml:2: с\u043empany: is not known here: did you mean 'company'?",
    ),
}
MISTAKES = BROKEN | OF_THE_OUTSIDE | MISSPELT


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_at_its_line(tmp_path: Path, name: str) -> None:
    """Each kind of mistake comes back as one line with file, line, field and what to change."""
    text, expected = MISTAKES[name]
    with pytest.raises(DeskInvalid) as raised:
        load_desk(write(tmp_path, text), environment={})
    assert str(raised.value).startswith(expected)
    assert len(str(raised.value).splitlines()) == 1


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    """A file with three mistakes gives three lines in the order of the file."""
    text = BASE + "limits: 3\nhours:\n  timezone: Mars/One\ngoals: {}\n"
    with pytest.raises(DeskInvalid) as raised:
        load_desk(write(tmp_path, text))
    assert [problem.line for problem in raised.value.problems] == [3, 5, 6]


def test_a_variable_that_is_not_set_hides_no_other_mistake(tmp_path: Path) -> None:
    """Nor is told a second time because the text that it leaves is no number or no address."""
    text = BASE + "limits: 3\nservices:\n  s:\n    base_url: ${NOWHERE}\nchannels:\n  mail:\n"
    text += "    address: a@b.example\n    password: ${MAIL_PASSWORD}\n"
    text += "    imap: {host: h, port: '${PORT}'}\n    smtp: {host: h, port: 1, password: x}\ngoals: {}\n"
    with pytest.raises(DeskInvalid) as raised:
        load_desk(write(tmp_path, text), environment={})
    assert [problem.where for problem in raised.value.problems] == [
        "limits",
        "services.s.base_url",
        "channels.mail.password",
        "channels.mail.imap.port",
        "channels.mail.smtp.password",
        "goals",
    ]


def test_of_thousands_of_mistakes_the_first_are_told_and_how_many_more(tmp_path: Path) -> None:
    """A list without end helps nobody and takes minutes to make."""
    text = BASE + "".join(f"k{n}: 1\n" for n in range(2_000))
    with pytest.raises(DeskInvalid) as raised:
        load_desk(write(tmp_path, text), environment={})
    lines = str(raised.value).splitlines()
    assert len(lines) == 101
    assert lines[0] == "desk.yaml: 1900 more mistakes: mend these first"
    assert lines[1].startswith("desk.yaml:3: k0: is not known here")


def test_the_variable_that_is_advised_can_be_one(tmp_path: Path) -> None:
    """A service's name may begin with a digit, a variable's may not."""
    text = BASE + "services:\n  3pl:\n    base_url: http://x\n    token: abc\n"
    with pytest.raises(DeskInvalid, match=r"write \$\{_PL_TOKEN\}"):
        load_desk(write(tmp_path, text))


@pytest.mark.parametrize("name", ["SORT_KEY", "PUBLIC_KEY", "max_token", "next_page_token"])
def test_what_only_sounds_like_a_secret_may_stand_in_the_file(tmp_path: Path, name: str) -> None:
    """A desk that worked with it goes on working."""
    text = BASE + f"services:\n  s:\n    mcp: {{command: shop, env: {{{name}: id}}}}\n"
    assert load_desk(write(tmp_path, text), environment={}).services
