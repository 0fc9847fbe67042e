"""The rules of axe-core (WCAG 2.2, A and AA, and its best practices) hold on every page."""

from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from api.console.pages import PAGES
from tests.browsers import Desk, proposing

RULES = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.html.slice(0, 200)}`))"""
FULLER = {"/knowledge": "?q=refund", "/articles/write": "?title=Refunds"}
"""What shows more of a page than its bare address does."""
PATHS = (*(one.path + FULLER.get(one.path, "") for one in PAGES), "/gone")
FORMS = ("password", "second-factor")
"""Pages outside the frame of the others."""


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
            page.goto(f"{desk.stack.url}/console/{path}")
            found += [f"{path} {told}" for told in broken(page)]
    assert "\n".join(found) == ""


def test_the_login_keeps_the_rules(desk: Desk) -> None:
    """For who is not logged in yet."""
    context = desk.browser.new_context()
    page = desk.watched(context)
    page.goto(f"{desk.stack.url}/console/login")
    assert broken(page) == []
    context.close()


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
