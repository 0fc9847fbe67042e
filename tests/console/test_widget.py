"""The help window in a real browser, on a page of another origin."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browsers import END_SECONDS, WAIT_MS, Desk


@contextmanager
def shop(desk: Desk, **options: Any) -> Iterator[Page]:
    """A page of the shop's, in a browser that knows nothing."""
    context = desk.browser.new_context(**options)
    try:
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
        page.on("pageerror", lambda error: desk.violations.append(str(error)))
        page.on("request", lambda request: desk.hosts.add(request.url.split("/")[2]))
        page.on(
            "console",
            lambda told: (
                desk.violations.append(told.text)
                if "Content Security Policy" in told.text
                else None
            ),
        )
        page.goto(f"{desk.shop.url}/")
        yield page
        assert context.cookies() == []
    finally:
        desk.hosts.discard(f"localhost:{desk.shop.port}")  # the shop's own page
        context.close()


def opened(page: Page) -> None:
    """Open the window by keyboard."""
    button = page.get_by_role("button", name="Open help")
    button.focus()
    button.press("Enter")
    expect(page.get_by_role("dialog", name="Ask Acme")).to_be_visible()


def write(page: Page, text: str) -> None:
    """Type a message and send it by keyboard."""
    field = page.get_by_label("Your message")
    expect(field).to_be_focused()
    field.fill(text)
    field.press("Enter")


def until_held(page: Page, held: Sequence[object]) -> None:
    """Let the page go on until a request of it is held back."""
    end = time.monotonic() + END_SECONDS
    while not held:
        assert time.monotonic() < end, "no request was held back"
        page.wait_for_timeout(50)


def waiting(desk: Desk, words: str) -> list[str]:
    """The open handoffs of tickets in which somebody wrote this."""
    items = desk.client.get("/v1/handoffs?status=open&limit=100").raise_for_status().json()["items"]
    return [
        one["id"]
        for one in items
        if any(words in said["text"] for said in desk.view(one["ticket_id"])["messages"])
    ]


def test_a_visitor_asks_and_is_answered_with_sources(desk: Desk) -> None:
    """No cookie, no foreign host, no rule of the page broken; and after a reload all is there."""
    with shop(desk) as page:
        opened(page)
        write(page, "How long does a refund take?")
        log = page.get_by_role("log")
        expect(log).to_contain_text("A refund takes five working days.")
        expect(log.get_by_role("list", name="Sources")).to_contain_text("Refunds")
        page.reload()
        log = page.get_by_role("log")
        expect(log).to_contain_text("How long does a refund take?")
        expect(log.get_by_text("How long does a refund take?")).to_have_count(1)
        expect(log).to_contain_text("A refund takes five working days.")
        page.get_by_label("Your message").press("Escape")
        expect(page.get_by_role("button", name="Open help")).to_be_focused()


def test_a_colleague_takes_over_and_answers_in_the_same_window(desk: Desk) -> None:
    """The visitor sees that a person has it, then the person's words, and saves the file with them."""
    with shop(desk) as page:
        opened(page)
        write(page, "My invoice is odd #person")
        status = page.get_by_role("status")
        expect(status).to_contain_text("A colleague has your question")
        desk.until(lambda: bool(waiting(desk, "My invoice is odd")))
        (handoff,) = waiting(desk, "My invoice is odd")
        sent = desk.client.post("/v1/files?name=invoice.txt", content=b"Invoice 7: 12 EUR")
        files = [sent.raise_for_status().json()["id"]]
        body = {"kind": "reply", "text": "I have looked at your invoice.", "files": files}
        desk.client.post(f"/v1/handoffs/{handoff}/decide", json=body).raise_for_status()
        expect(page.get_by_role("log")).to_contain_text("I have looked at your invoice.")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save invoice.txt").click()
        assert saved.value.suggested_filename == "invoice.txt"
        assert Path(saved.value.path()).read_bytes() == b"Invoice 7: 12 EUR"


def test_what_is_written_offline_is_sent_once_when_the_visitor_is_back(desk: Desk) -> None:
    """It is kept over a reload as well, in its order."""
    with shop(desk) as page:
        opened(page)
        page.route(f"{desk.stack.url}/v1/widget/acme/messages*", lambda route: route.abort())
        write(page, "First words #person")
        write(page, "Second words #person")
        expect(page.get_by_role("status")).to_contain_text("cannot be reached")
        expect(page.get_by_role("log").get_by_text("waits to be sent")).to_have_count(2)
        page.unroute(f"{desk.stack.url}/v1/widget/acme/messages*")
        page.reload()
        expect(page.get_by_role("status")).to_contain_text("A colleague has your question")
        said = page.get_by_role("log").locator(".mine")
        expect(said).to_have_count(2)
        expect(said.nth(0)).to_contain_text("First words")
        expect(said.nth(1)).to_contain_text("Second words")
        expect(page.get_by_text("waits to be sent")).to_have_count(0)


def test_what_a_visitor_writes_stays_text_and_the_window_is_dark_where_the_page_is(
    desk: Desk,
) -> None:
    """Markup is shown as it was typed."""
    with shop(desk, color_scheme="dark") as page:
        opened(page)
        write(page, "<img src=x onerror=alert(1)> #person")
        expect(page.get_by_role("log")).to_contain_text("<img src=x onerror=alert(1)>")
        paper = page.get_by_role("dialog").evaluate("e => getComputedStyle(e).backgroundColor")
        assert paper == "rgb(31, 33, 36)"


def test_what_the_desk_does_not_have_yet_stays_below_what_it_has(desk: Desk) -> None:
    """A message that waits to be sent is not passed by an answer to an earlier one."""
    with shop(desk) as page:
        opened(page)
        write(page, "My receipt is odd #person")
        desk.until(lambda: bool(waiting(desk, "My receipt is odd")))
        page.route("**/messages", lambda route: route.abort())
        write(page, "One that waits")
        write(page, "Another that waits")
        (handoff,) = waiting(desk, "My receipt is odd")
        body = {"kind": "reply", "text": "I have looked at your receipt."}
        desk.client.post(f"/v1/handoffs/{handoff}/decide", json=body).raise_for_status()
        said = page.get_by_role("log").locator(".said")
        expect(said.filter(has_text="I have looked")).to_be_visible()
        expect(said.filter(has_text="waits to be sent")).to_have_count(2)
        told = [text.split("\n")[1] for text in said.all_inner_texts()[-3:]]
        assert told == ["I have looked at your receipt.", "One that waits", "Another that waits"]


@pytest.mark.parametrize("status", [202, 422])
def test_what_ends_after_starting_over_does_not_touch_the_new_conversation(
    desk: Desk, status: int
) -> None:
    """The old message is not shown there, whatever became of it, and the new one leaves."""
    held: list[Route] = []
    with shop(desk) as page:
        opened(page)
        sending = f"{desk.stack.url}/v1/widget/acme/messages"
        page.route(sending, lambda route: route.continue_() if held else held.append(route))
        write(page, "Words of before #person")
        until_held(page, held)
        page.get_by_role("button", name="Start over").click()
        write(page, "How long does a refund take?")
        headers = {"Access-Control-Allow-Origin": "*"}
        held[0].fulfill(status=status, json={"detail": "It is too long."}, headers=headers)
        log = page.get_by_role("log")
        expect(log).to_contain_text("A refund takes five working days.")
        expect(log).not_to_contain_text("Words of before")
        expect(log.get_by_text("How long does a refund take?")).to_have_count(1)


def test_what_an_earlier_script_kept_is_sent(desk: Desk) -> None:
    """It kept all that waits in one row, beside the conversation's secret."""
    with shop(desk) as page:
        page.evaluate(
            "() => localStorage.setItem('deskhand:acme:', JSON.stringify("
            "{unsent: [{id: crypto.randomUUID(), text: 'How long does a refund take?'}], open: true}))"
        )
        page.reload()
        log = page.get_by_role("log")
        expect(log).to_contain_text("A refund takes five working days.")
        expect(log.get_by_text("How long does a refund take?")).to_have_count(1)


def test_an_answer_is_heard_however_late_the_first_look_comes_back(desk: Desk) -> None:
    """A look that left before the message was sent comes back behind it, and is not the last one."""
    held: list[tuple[Route, APIResponse]] = []
    with shop(desk) as page:
        looks = f"{desk.stack.url}/v1/widget/acme/messages?*"
        page.route(
            looks,
            lambda route: route.continue_() if held else held.append((route, route.fetch())),
        )
        opened(page)
        until_held(page, held)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            write(page, "How long does a refund take?")
        page.wait_for_timeout(500)
        (route, answer), *_ = held
        route.fulfill(response=answer)
        expect(page.get_by_role("log")).to_contain_text("A refund takes five working days.")


TABLE = """The prices:

```sh
cat prices
```

| Plan | Users | A month |
| --- | --- | --- |
| Basic | 3 | 4 EUR |
| Team \\| all | <b>30</b> | 20 EUR |

Tell us which one."""


def test_a_table_is_a_table_on_a_narrow_screen(desk: Desk) -> None:
    """With headers for a screen reader, words that stay words, and a scroll of its own by keyboard."""
    with shop(desk, viewport={"width": 320, "height": 640}) as page:
        opened(page)
        write(page, "Which plans are there? #person")
        desk.until(lambda: bool(waiting(desk, "Which plans are there?")))
        (handoff,) = waiting(desk, "Which plans are there?")
        body = {"kind": "reply", "text": TABLE}
        desk.client.post(f"/v1/handoffs/{handoff}/decide", json=body).raise_for_status()
        log = page.get_by_role("log")
        expect(log.get_by_role("columnheader")).to_have_text(["Plan", "Users", "A month"])
        expect(log.get_by_role("rowheader")).to_have_text(["Basic", "Team | all"])
        expect(log.get_by_role("cell")).to_have_text(["3", "4 EUR", "<b>30</b>", "20 EUR"])
        expect(log).to_contain_text("Tell us which one.")
        expect(log).not_to_contain_text("---")
        wide = "e => [e.scrollWidth > e.clientWidth, e.getBoundingClientRect().right <= innerWidth]"
        assert log.evaluate(wide) == [False, True]
        region = log.get_by_role("region", name="Table")
        assert region.evaluate(wide)[1] is True
        region.focus()
        expect(region).to_be_focused()


LINKS = "See (https://a.example/x_(y)?a=1&b=2). Or https://b.example/z, or javascript:alert(1)."


def test_addresses_are_links_and_the_end_stays_in_view_above_a_phones_keyboard(desk: Desk) -> None:
    """Without the sentence's marks, and nothing else is a link; who reads further up stays there."""
    with shop(desk, viewport={"width": 375, "height": 660}) as page:
        opened(page)
        write(page, "Where is your page? #person")
        desk.until(lambda: bool(waiting(desk, "Where is your page?")))
        (handoff,) = waiting(desk, "Where is your page?")
        body = {"kind": "reply", "text": "First.\n" * 8 + LINKS}
        desk.client.post(f"/v1/handoffs/{handoff}/decide", json=body).raise_for_status()
        log = page.get_by_role("log")
        expect(log).to_contain_text(LINKS)
        links = log.get_by_role("link")
        hrefs = links.evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        assert hrefs == ["https://a.example/x_(y)?a=1&b=2", "https://b.example/z"]
        expect(links.first).to_have_attribute("rel", "noopener noreferrer")
        log.evaluate("e => { e.scrollTop = e.scrollHeight; }")
        page.set_viewport_size({"width": 375, "height": 400})
        expect(links.last).to_be_in_viewport(ratio=1)
        log.evaluate("e => { e.scrollTop = 0; }")
        page.wait_for_timeout(200)
        page.set_viewport_size({"width": 375, "height": 380})
        page.wait_for_timeout(200)
        assert log.evaluate("e => e.scrollTop") == 0
