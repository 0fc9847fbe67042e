"""What is on a page can be seen and reached: on a large screen, on a phone, under mouse and keys."""

import pytest
from playwright.sync_api import Page

from tests.browsers import Desk, proposing
from tests.console.test_rules import PATHS

NARROW = {"/articles/write?title=Refunds", "/tickets/new"}
"""Pages of one form, whose lines are as long as lines may be."""
UNUSED_PX = 150
"""Beside the cards, on a screen of 1920: the margins of the page."""
EMPTY_PX = 64
"""At the foot of a card: its padding, and the last margin."""
CARDS = """() => [...document.querySelectorAll('.card')].map((card) => {
  const parts = [...card.children].filter((one) => one.getClientRects().length)
  const last = Math.max(...parts.map((one) => one.getBoundingClientRect().bottom))
  const box = card.getBoundingClientRect()
  return {name: card.innerText.slice(0, 30), right: box.right, empty: box.bottom - last}
})"""
BROKEN_WORDS = """() => {
  const broken = []
  for (const cell of document.querySelectorAll('td, th, dt, h1, h2, .btn, .badge')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      for (const word of node.data.matchAll(/[\\p{L}\\p{N}_]{2,20}/gu)) {
        const range = document.createRange()
        range.setStart(node, word.index)
        range.setEnd(node, word.index + word[0].length)
        if (range.getClientRects().length > 1) broken.push(word[0])
      }
    }
  }
  return broken
}"""
ACTIONS = """() => {
  const middle = (one) => {
    const box = one.getBoundingClientRect()
    return [box.x + box.width / 2, box.y + box.height / 2]
  }
  const uncovered = (one) => {
    const top = document.elementFromPoint(...middle(one))
    return top !== null && (one.contains(top) || top.contains(one))
  }
  const shown = [...document.querySelectorAll('button, a, summary, select, input, textarea')]
    .filter((one) => one.checkVisibility({opacityProperty: true, visibilityProperty: true}))
  const name = (one) => [one.tagName, one.dataset.act, one.dataset.arg, one.ariaLabel, one.innerText,
    one.getAttribute('href')].join(' ')
  const focus = document.activeElement
  return {
    shown: shown.map(name),
    reachable: shown.filter(uncovered).map((one) => [name(one), ...middle(one)]),
    covered: focus === document.body || uncovered(focus) ? '' : name(focus),
  }
}"""
"""All controls that are drawn, those of them that a click would meet, and a focus that is covered."""
ENDS = """() => {
  const node = document.querySelector('.message .text').firstChild
  const at = (index) => {
    const range = document.createRange()
    range.setStart(node, index)
    range.setEnd(node, index + 1)
    return range.getBoundingClientRect()
  }
  return [at(node.data.indexOf('.')).left, at(0).left]
}"""
"""Where the full stop of the first message stands, and where its first letter does."""
TRIES = 40
CUT_TABLES = """() => [...document.querySelectorAll('.table-wrap')]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText.slice(0, 40))"""
"""Tables of which a column lies beyond the edge, where nobody looks for it."""


def show(desk: Desk, page: Page, path: str) -> None:
    """Open a page of the console and wait until it is whole."""
    page.goto(f"{desk.stack.url}/console{path}")
    page.locator("#main[aria-busy=false]").wait_for()
    page.wait_for_function("window.did_handshake === true")


def test_a_large_screen_is_used_and_no_card_is_half_empty(desk: Desk) -> None:
    """At 1920, cards reach to the right margin, and each is as high as what is in it."""
    ticket = desk.waiting("How wide are you?", "Width")
    wrong = []
    with desk.tab("ann", width=1920, height=1080) as page:
        for path in PATHS:
            show(desk, page, path.format(ticket_id=ticket))
            cards = page.evaluate(CARDS)
            if (
                cards
                and path not in NARROW
                and max(card["right"] for card in cards) < 1920 - UNUSED_PX
            ):
                wrong.append((path, "does not use the width"))
            wrong += [(path, card) for card in cards if card["empty"] > EMPTY_PX]
    assert wrong == []


def test_no_name_is_broken_letter_by_letter_on_a_phone(desk: Desk) -> None:
    """A word of usual length stands on one line, in every table of every page, and no column is cut."""
    ticket = desk.waiting("How narrow are you?", "Width")
    with desk.tab("ann", width=360, height=740) as page:
        for path in PATHS:
            show(desk, page, path.format(ticket_id=ticket))
            assert page.evaluate(BROKEN_WORDS) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
            assert page.evaluate(CUT_TABLES) == [], path


@pytest.mark.parametrize("path", ["/", "/people", "/knowledge?q=refund"])
def test_hover_and_focus_hide_no_action(desk: Desk, path: str) -> None:
    """The mouse goes over every control, then the keyboard goes through them: all stay in reach."""
    ticket = desk.waiting(proposing("Please refund the invoice"), "Hover")
    with desk.tab("ann") as page:
        if path == "/":
            desk.open(page, ticket)
            page.locator("#main[aria-busy=false]").wait_for()
        else:
            show(desk, page, path)
        before = page.evaluate(ACTIONS)
        reachable = {name for name, *_ in before["reachable"]}
        assert len(reachable) > 10
        for name, x, y in before["reachable"]:
            page.mouse.move(x, y)
            assert not gone(page, reachable, "reachable"), f"under the mouse at {name}"
        page.mouse.move(0, 0)
        for _ in before["shown"]:
            page.keyboard.press("Tab")
            assert not gone(page, set(before["shown"]), "shown")
            assert page.evaluate(ACTIONS)["covered"] == ""


def gone(page: Page, before: set[str], kind: str) -> set[str]:
    """What is missing, and stays so: a page that is drawn anew misses some for a moment."""
    for _ in range(TRIES):
        now = page.evaluate(ACTIONS)[kind]
        missing = before - {one if isinstance(one, str) else one[0] for one in now}
        if not missing:
            return set()
        page.wait_for_timeout(50)
    return missing


def test_a_message_from_right_to_left_ends_at_its_left(desk: Desk) -> None:
    """Its first letter says how it runs, so its full stop does not stand before it."""
    ticket = desk.waiting("שלום עולם.\n", "Hebrew")
    with desk.tab() as page:
        desk.open(page, ticket)
        page.locator(".message .text").first.wait_for()
        stop, first = page.evaluate(ENDS)
        assert stop < first
