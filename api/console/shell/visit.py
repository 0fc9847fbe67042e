"""One person's look at one page, and what a page is."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from nicegui import Client, ui

from api.console.parts import widgets
from api.console.parts.change_feed import ChangeFeeds
from api.console.parts.remote import ApiRefused, Remote, SessionOver
from api.console.shell import forms

NOTICE_MS = 6_000
GOOD_NOTICE_MS = 3_000

Act = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Page:
    """One page: an entry in the list of `api/console/pages`, and a file beside it."""

    path: str
    """Under /console; may hold `{parameters}`."""
    label: str
    icon: str
    """Name of a Material icon."""
    build: Callable[[Visit], Awaitable[None]]
    """Draws it into the present context."""
    scopes: tuple[str, ...] = ("agent", "lead")
    """Whoever has one of them (or is admin) may see it."""
    listed: bool = True
    """Whether the navigation shows it."""
    wide: bool = False
    """Whether it fills the window and scrolls its own panes."""


@dataclass
class Visit:
    """One person's look at one page, in one browser tab."""

    page: Page
    client: Client
    remote: Remote
    me: dict[str, Any]
    """Body of GET /v1/session."""
    params: dict[str, str]
    """The page's parameters and the address's query."""
    acts: dict[str, Act] = field(default_factory=dict)
    """What a control with `data-act` does."""
    feeds: ChangeFeeds = field(default_factory=ChangeFeeds)
    """The live changes that all pages of this process share."""
    pages: tuple[Page, ...] = ()
    """All that are served, in the order of the navigation."""
    dark: ui.dark_mode | None = None
    about: Callable[[], str | None] = lambda: None
    """The id of what the page is about at the moment, where that changes: a window asks about that one alone."""

    @property
    def name(self) -> str:
        """The person's name."""
        return str(self.me["person"]["name"])

    @property
    def account(self) -> str:
        """The id of the person's account."""
        return str(self.me["person"]["id"])

    def may(self, *scopes: str) -> bool:
        """Whether the person has one of the scopes."""
        has = set(self.me["scopes"])
        return "admin" in has or bool(has & set(scopes))

    def notify(self, text: str, tone: widgets.Tone = "") -> None:
        """A notice that goes by itself; screen readers read it out."""
        colours: dict[str, Literal["positive", "negative", "warning"]] = {
            "bad": "negative",
            "warn": "warning",
            "good": "positive",
        }
        with self.client:
            ui.notify(
                text,
                type=colours.get(tone),
                position="top-right",
                timeout=GOOD_NOTICE_MS if tone in {"", "good"} else NOTICE_MS,
                close_button="Close" if tone == "bad" else False,
            )

    def go(self, path: str) -> None:
        """Open another page of the console: a path such as `/tickets`."""
        self.client.open(path)

    def leave(self) -> None:
        """The session is over: back to the login, and from there to this page again."""
        path = self.page.path.replace(":path", "").format(**self.params)
        here = f"{forms.HOME.rstrip('/')}{path}"
        with contextlib.suppress(RuntimeError):  # the tab may have closed meanwhile
            self.go(f"{forms.LOGIN.removeprefix('/console')}?next={quote(here)}")

    async def do(self, act: str, arg: str = "") -> None:
        """Carry an act out; what the API refuses is told, never swallowed."""
        handler = self.acts.get(act)
        if handler is None:
            return
        try:
            with self.client:
                await handler(arg)
        except SessionOver:
            self.leave()
        except ApiRefused as refused:
            self.notify(sentence(str(refused)), "bad")


def sentence(text: str) -> str:
    """A detail of the API as a sentence."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
