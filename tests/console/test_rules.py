"""The rules of axe-core (WCAG 2.2, A and AA, and its best practices) hold on every page."""

from importlib.resources import files
from typing import cast

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Page, expect

from api.console.pages import PAGES
from api.console.queue import dialogs
from api.console.queue.changes import Changes
from api.console.shell import login, second_factor
from tests.browsers import Desk, proposing

RULES = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.html.slice(0, 200)}`))"""
FULLER = {"/knowledge": "?q=refund", "/articles/write": "?title=Refunds"}
"""What shows more of a page than its bare address does."""
PATHS = (*(one.path + FULLER.get(one.path, "") for one in PAGES), "/gone")
FORMS = [
    route.path
    for route in (*login.router.routes, *second_factor.router.routes)
    if isinstance(route, APIRoute) and "GET" in (route.methods or ())
]
"""Pages outside the frame of the others."""
OPENED = """(name) => {
  const found = document.querySelector(`[data-act="${name}"]`)
  found?.click()
  return found !== null
}"""
"""Presses a control, also one in a menu that is shut; whether there is one."""
ELSEWHERE = {"bulk-assign", "bulk-close", "bulk-snooze", "macro", "save-filter", "wrong-article"}
"""Dialogs whose control stands beside marked rows, macros, a filter, or an article that was found."""


def broken(page: Page) -> list[str]:
    """Every rule that an element of the page breaks."""
    page.evaluate(RULES)
    found: list[str] = page.evaluate(RUN)
    return found


def ready(page: Page) -> None:
    """Wait until the page is whole."""
    page.locator("#main[aria-busy=false]").wait_for()


@pytest.mark.parametrize("width", [1440, 360])
def test_every_page_keeps_the_rules(desk: Desk, width: int) -> None:
    """On a large screen and on a phone, with tickets, files, proposals and articles to show."""
    file = desk.upload("a very long name of an invoice that nobody expects.pdf", b"MZ\0")
    desk.waiting("Please refund the order", "Rules")  # a second one of the customer's, named alike
    ticket = desk.waiting(proposing("Please refund the invoice"), "Rules", file)
    with desk.tab("ann", width=width) as page:
        found: list[str] = []
        for path in PATHS:
            page.goto(f"{desk.stack.url}/console{path.format(ticket_id=ticket)}")
            ready(page)
            found += [f"{path} {told}" for told in broken(page)]
        for path in FORMS:
            page.goto(f"{desk.stack.url}{path}")
            found += [f"{path} {told}" for told in broken(page)]
    assert "\n".join(found) == ""


def test_the_login_keeps_the_rules(desk: Desk) -> None:
    """For who is not logged in yet, wherever they ask to go."""
    context = desk.browser.new_context()
    page = desk.watched(context)
    found = []
    for path in FORMS:
        page.goto(f"{desk.stack.url}{path}")
        found += [f"{path} {told}" for told in broken(page)]
    assert "\n".join(found) == ""
    context.close()


def test_every_dialog_keeps_the_rules(desk: Desk) -> None:
    """Each that a handoff offers, by the list that the page makes of them."""
    ticket = desk.waiting("May I have a dialog?", "Dialog")
    names = sorted(set(dialogs.table(cast("Changes", None))) - ELSEWHERE)
    with desk.tab("eve") as page:
        desk.open(page, ticket)
        ready(page)
        page.locator('[data-act="mode"][data-arg="reply"]').first.click()
        expect(page.locator(".writing textarea")).to_be_visible()
        found = []
        for name in names:
            assert page.evaluate(OPENED, name), f"no control opens {name}"
            expect(page.locator(".sheet")).to_be_visible()
            page.wait_for_function(
                "getComputedStyle(document.querySelector('.q-dialog__inner')).opacity === '1'"
            )
            found += [f"{name} {told}" for told in broken(page)]
            page.keyboard.press("Escape")
            expect(page.locator(".sheet")).to_have_count(0)
        assert "\n".join(found) == ""


def test_windows_keep_the_rules(desk: Desk) -> None:
    """The list of keys, a question before an act, and the menu of filters, each while it is open."""
    ticket = desk.waiting("May I have a window?", "Window")
    with desk.tab("ann") as page:
        desk.open(page, ticket)
        ready(page)
        found = []
        for key in ("?", "a"):
            page.keyboard.press(key)
            expect(page.locator(".sheet")).to_be_visible()
            page.wait_for_function(
                "getComputedStyle(document.querySelector('.q-dialog__inner')).opacity === '1'"
            )
            found += broken(page)
            page.keyboard.press("Escape")
            expect(page.locator(".sheet")).to_have_count(0)
        assert "\n".join(found) == ""
