"""The answers as a channel of desk.yaml, whose secrets stand beside it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from api.channels.connecting.questions import MAIL, QUESTIONS, WIDGET, default
from api.channels.widget.origins import origin_of
from graph.desk.channels import Channels
from tools.outside import AddressRefused

MOST_ANSWER_CHARS = 2_000
PORTS = {
    "imap": {"tls": 993, "starttls": 143, "none": 143},
    "smtp": {"tls": 465, "starttls": 587, "none": 25},
}
PAGES = ("/app/", "/agent/")
"""How the pages of a helpdesk begin, behind its address."""
MADE_BYTES = 32
Answers = Mapping[str, str]
Block = dict[str, Any]


class AnswerRefused(ValueError):
    """An answer that makes no channel; the words say which one, and what to write instead."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"{name}: {words}")
        self.name, self.words = name, words


@dataclass(frozen=True)
class Wanted:
    """A channel that is to be connected."""

    name: str
    block: Block
    """Its part of desk.yaml: secrets are named by their variables."""
    secrets: Mapping[str, str]
    """By variable."""
    made: str = ""
    """A secret that we made, which the other side has to be told: it is shown once."""

    def filled(self) -> Block:
        """The part as a process reads it, with the secrets in place."""
        known = {f"${{{name}}}": value for name, value in self.secrets.items()}
        known |= {f"${{{name}:-}}": value for name, value in self.secrets.items()}
        return {key: known.get(str(one), one) for key, one in self.block.items()} | _unset(self)

    def with_settings(self, found: Block) -> Wanted:
        """With what the tries brought to light."""
        return replace(self, block=self.block | found)


def _unset(wanted: Wanted) -> Block:
    """Secrets that nobody has given yet."""
    names = [
        key
        for key, one in wanted.block.items()
        if str(one).endswith(":-}") and str(one)[2:-3] not in wanted.secrets
    ]
    return dict.fromkeys(names, "")


def answered(name: str, given: Answers, suffix: str = "") -> Wanted:
    """What the answers ask for; `suffix` stands behind the names of its variables.

    Raises `AnswerRefused` for what is missing, unknown or no channel.
    """
    said = _complete(name, given)
    wanted = _MAKERS.get(name, _helpdesk)(name, said, suffix)
    _check(wanted)
    return wanted


def _complete(name: str, given: Answers) -> dict[str, str]:
    known = {one.name for one in QUESTIONS[name]}
    if unknown := sorted(given.keys() - known):
        raise AnswerRefused(unknown[0], f"is not asked for: {', '.join(sorted(known))}")
    said: dict[str, str] = {}
    for one in QUESTIONS[name]:
        text = given.get(one.name, "") if one.secret else given.get(one.name, "").strip()
        said[one.name] = text or default(one, said)
        if one.needed and not said[one.name]:
            raise AnswerRefused(one.name, "is missing")
        if one.choices and said[one.name] not in one.choices:
            raise AnswerRefused(one.name, f"is one of {', '.join(one.choices)}")
        if len(text) > MOST_ANSWER_CHARS or not all(sign.isprintable() for sign in text):
            raise AnswerRefused(
                one.name, f"has at most {MOST_ANSWER_CHARS:,} characters, on one line"
            )
        if "${" in text and not one.secret:  # it would be filled in from our environment
            raise AnswerRefused(one.name, "names a variable: write the value itself")
    return said


def _mail(name: str, said: dict[str, str], suffix: str) -> Wanted:
    variable = f"MAIL_PASSWORD{suffix}"
    block: Block = {"address": said["address"]}
    if said["user"]:
        block["user"] = said["user"]
    block["password"] = f"${{{variable}}}"
    for protocol in ("imap", "smtp"):
        host, _, port = said[protocol].partition(":")
        number = int(port) if port.isdecimal() else PORTS[protocol][said["security"]]
        block[protocol] = {"host": host, "port": number, "security": said["security"]}
    return Wanted(name, block, {variable: said["password"]})


def _widget(name: str, said: dict[str, str], suffix: str) -> Wanted:
    websites = [one.strip() for one in said["websites"].split(",") if one.strip()]
    block: Block = {"origins": [_origin(one) for one in websites], "title": said["title"]}
    if said["identity"] != "yes":
        return Wanted(name, block, {})
    variable, made = f"WIDGET_SECRET{suffix}", secrets.token_urlsafe(MADE_BYTES)
    block["identity_secret"] = f"${{{variable}:-}}"
    return Wanted(name, block, {variable: made}, made)


def _origin(website: str) -> str:
    try:
        return origin_of(website)
    except AddressRefused:
        return website  # the desk's own check says how it is written


def _site(url: str) -> str:
    """Where a helpdesk stands, by the address of any of its pages, as browsers show it."""
    whole = url if "://" in url else f"https://{url}"
    site = whole.partition("#")[0].partition("?")[0]
    for page in PAGES:
        site = site.partition(page)[0]
    return site.rstrip("/")


def _helpdesk(name: str, said: dict[str, str], suffix: str) -> Wanted:
    token = f"{name.upper()}_TOKEN{suffix}"
    block: Block = {"url": _site(said["url"])}
    if "account" in said:
        block["account"] = _number("account", said["account"])
    if "user" in said:
        block["user"] = said["user"]
    block |= {"token": f"${{{token}}}", "webhook_secret": f"${{{hook_secret(name, suffix)}:-}}"}
    block["people_work"] = said["people"]
    if groups := said["groups"].replace(",", " ").split():
        block["groups"] = [_number("groups", one) for one in groups]
    kept = {token: said["token"]}
    if name != "zammad":  # the others make it themselves, when the webhook is set up there
        return Wanted(name, block, kept)
    made = secrets.token_urlsafe(MADE_BYTES)
    return Wanted(name, block, kept | {hook_secret(name, suffix): made}, made)


_MAKERS = {MAIL: _mail, WIDGET: _widget}


def hook_secret(name: str, suffix: str) -> str:
    """The variable of the secret that a helpdesk's webhooks are signed with."""
    return f"{name.upper()}_WEBHOOK_SECRET{suffix}"


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < len("1000000000")):
        raise AnswerRefused(name, f"{text} is not a number")
    return int(text)


def _check(wanted: Wanted) -> None:
    try:
        Channels.model_validate({wanted.name: wanted.filled()})
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        where = next((str(one) for one in wrong["loc"][1:] if isinstance(one, str)), wanted.name)
        asked = {"origins": "websites", "people_work": "people"}.get(where, where)
        words = str(wrong["msg"]).removeprefix("Value error, ")
        raise AnswerRefused(asked, words) from None
