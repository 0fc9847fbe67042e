"""What is around every page: who is here, the ways to the other pages, theme, keys, notices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from nicegui import Client, ui
from nicegui.events import GenericEventArguments

from api.console.parts import widgets
from api.console.parts.change_feed import ChangeFeeds
from api.console.parts.remote import ApiRefused, Remote
from api.console.parts.widgets import Tag
from api.console.shell import forms, keys, readiness
from api.console.shell.visit import Act, Page, Visit, sentence

BUILD_SECONDS = 15.0
"""How long a page may take before the browser is told so."""
NOT_FOUND = 404
THEMES = ("auto", "light", "dark")
_DARK: dict[str, bool | None] = {"auto": None, "light": False, "dark": True}


def serve(page: Page, app: FastAPI, pages: tuple[Page, ...], feeds: ChangeFeeds) -> None:
    """Register a page with the toolkit; its navigation leads to `pages`, `feeds` keep it alive."""

    async def built(request: Request, client: Client) -> Response | None:
        remote = Remote(app, request)
        try:
            me = await remote.get("/v1/session")
        except ApiRefused:
            await remote.close()
            return RedirectResponse(_login(request), forms.SEE_OTHER)
        if me["person"]["one_time"]:
            return RedirectResponse(forms.PASSWORD, forms.SEE_OTHER)
        if me["second_factor_due"]:
            return RedirectResponse(forms.SECOND_FACTOR, forms.SEE_OTHER)
        remote.csrf = me["csrf"]
        params = {**request.query_params, **request.path_params}
        visit = Visit(page, client, remote, me, params, feeds=feeds, pages=pages)
        client.on_delete(remote.close)
        await _draw(visit)
        return None

    ui.page(page.path, title=f"{page.label} · Deskhand", response_timeout=BUILD_SECONDS)(built)


def _login(request: Request) -> str:
    there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{forms.LOGIN}?next={quote(there)}"


async def _draw(visit: Visit) -> None:
    theme = visit.me["preferences"].get("theme", "auto")
    ui.add_head_html('<link rel="stylesheet" href="/console/assets/console.css">')
    ui.add_head_html('<script defer src="/console/assets/console.js"></script>')
    visit.dark = ui.dark_mode(_DARK.get(theme))
    visit.acts |= {"theme": _theme(visit), "help": keys.listing(visit)}
    ui.on("act", _acted(visit), args=None)
    widgets.link("Skip to the content", "#main", "skip")
    with Tag("div", "frame wide" if visit.page.wide else "frame"):
        _navigation(visit)
        readiness.banner(visit)
        # The browser may have the page before it is whole: it keeps what is pressed until then.
        # The toolkit brings the landmark `main`; a page has one.
        with Tag("div", "main", id="main", tabindex="-1", aria_busy="true") as main:
            await _fill(visit, main)
    main._props["aria-busy"] = "false"  # noqa: SLF001
    main.update()


async def _fill(visit: Visit, main: Tag) -> None:
    if visit.page.scopes and not visit.may(*visit.page.scopes):
        wanted = " or ".join(visit.page.scopes)
        widgets.empty(
            "lock", "Not for your role", f"This page is for the role {wanted}.", whole_page=True
        )
        return
    try:
        await visit.page.build(visit)
    except ApiRefused as refused:
        main.clear()  # what was drawn of it so far
        if refused.status == NOT_FOUND:
            absent(sentence(str(refused)))
        else:
            _broken(str(refused))


def _acted(visit: Visit) -> Callable[[GenericEventArguments], Awaitable[None]]:
    async def acted(event: GenericEventArguments) -> None:
        said = event.args if isinstance(event.args, list) else [event.args]
        act, arg = [*map(str, said), "", ""][:2]
        await visit.do(act, arg)

    return acted


def _broken(words: str) -> None:
    with widgets.empty(
        "cloud_off", "This page could not be read", sentence(words), whole_page=True
    ):
        widgets.button("Try again", "reload", look="primary")


def absent(words: str) -> None:
    """What stands where an address leads to nothing."""
    with widgets.empty("explore_off", "Nothing is here", words, whole_page=True):
        widgets.link("To the queue", forms.HOME, "btn primary")


async def _nothing(_: Visit) -> None:
    absent("No page of the console has this address.")


NOWHERE = Page("/{path:path}", "Not found", "explore_off", _nothing, scopes=(), listed=False)
"""Every other address; served after all that has one."""


def _navigation(visit: Visit) -> None:
    with Tag("nav", "nav", aria_label="Pages"):
        with Tag("a", "brand", href=forms.HOME, aria_label="Deskhand, to the queue"):
            Tag("img", "", src="/console/assets/icon.svg", alt="", width="28", height="28")
        with Tag("ul", "nav-list"):
            for page in visit.pages:
                if page.listed and visit.may(*page.scopes):
                    _way(visit, page)
        with Tag("div", "nav-end"):
            widgets.button("", "help", key="?", look="icon", symbol="keyboard", label="Keys")
            widgets.button(
                "", "theme", look="icon", symbol="contrast", label="Light, dark or as the system is"
            )
            _person(visit)


def _way(visit: Visit, page: Page) -> None:
    here = page is visit.page
    with (
        Tag("li"),
        Tag(
            "a",
            "way here" if here else "way",
            href=f"/console{page.path}",
            aria_current="page" if here else None,
        ),
    ):
        widgets.icon(page.icon)
        Tag("span", "", page.label)


def _person(visit: Visit) -> None:
    person = visit.me["person"]
    initials = "".join(word[0] for word in person["name"].split()[:2]).upper()
    with Tag("details", "person"):
        with Tag("summary", "avatar", title=person["name"], aria_label=f"You: {person['name']}"):
            Tag("span", "", initials)
        with Tag("div", "person-menu"):
            Tag("p", "person-name", person["name"])
            Tag("p", "muted", f"{person['email']} · {person['role']}")
            widgets.link("Change password", forms.PASSWORD, "btn")
            widgets.link("Second factor", forms.SECOND_FACTOR, "btn")
            Tag("button", "btn", "Notify me of new tickets", type="button", data_notify="")
            widgets.button("Light or dark", "theme").classes("only-narrow")
            with Tag("form", "", method="post", action="/console/logout"):
                Tag("input", type="hidden", name="csrf", value=visit.me["csrf"])
                Tag("button", "btn", "Log out", type="submit")


def _theme(visit: Visit) -> Act:
    async def act(_: str) -> None:
        preferences = visit.me["preferences"]
        theme = preferences.get("theme", "auto")
        theme = THEMES[(THEMES.index(theme) + 1) % len(THEMES)]
        visit.me["preferences"] = {**preferences, "theme": theme}
        if visit.dark is not None:
            visit.dark.set_value(_DARK[theme])
        await visit.remote.put("/v1/session/preferences", visit.me["preferences"])
        words = {"auto": "as the system is", "light": "light", "dark": "dark"}
        visit.notify(f"The console is {words[theme]}.")

    return act
