"""The help window in two tabs of one visitor's browser."""

from playwright.sync_api import Page, expect

from tests.browsers import Desk
from tests.console.test_widget import opened, shop, write


def second_tab(page: Page) -> Page:
    """Another tab of a visitor who has been answered in this one."""
    opened(page)
    write(page, "How long does a refund take?")
    expect(page.get_by_role("log")).to_contain_text("A refund takes five working days.")
    other = page.context.new_page()
    other.goto(page.url)
    return other


def test_two_tabs_show_one_conversation_in_one_order(desk: Desk) -> None:
    """A tab that has sent shows what came before from another one where it belongs."""
    with shop(desk) as page:
        other = second_tab(page)
        write(other, "From the second tab")
        expect(other.get_by_role("log")).to_contain_text("From the second tab")
        write(page, "From the first tab")
        for one in (page, other):
            for text in ("From the first tab", "From the second tab"):
                expect(one.get_by_role("log")).to_contain_text(text)
        logs = [one.get_by_role("log").inner_text() for one in (page, other)]
        assert len({text.find("second tab") < text.find("first tab") for text in logs}) == 1


def test_what_another_tab_wrote_before_stands_before(desk: Desk) -> None:
    """Its message leaves from whichever tab comes first, and no look at the desk is needed to place it."""
    with shop(desk) as page:
        other = second_tab(page)
        other.route("**/messages", lambda _: None)
        page.route("**/messages?*", lambda route: route.abort())
        write(other, "From the second tab")
        write(page, "From the first tab")
        log = page.get_by_role("log")
        expect(log).to_contain_text("From the second tab")
        texts = log.evaluate("e => [...e.querySelectorAll('.said')].map(one => one.textContent)")
        assert ["second tab" in texts[-2], "first tab" in texts[-1]] == [True, True]


def test_a_tab_whose_message_another_one_has_sent_hears_the_answer(desk: Desk) -> None:
    """Also where neither had anything to listen for before, and the desk was away as it was written."""
    with shop(desk) as page:
        other = page.context.new_page()
        other.goto(page.url)
        other.route("**/messages", lambda route: route.abort())
        # Or the second one would come up open, as the first one is by then.
        for one in (page, other):
            expect(one.get_by_role("button", name="Open help")).to_be_visible()
        for one in (page, other):
            opened(one)
        write(other, "From the second tab")
        expect(other.get_by_role("log")).to_contain_text("waits to be sent")
        page.bring_to_front()
        write(page, "How long does a refund take?")
        for one in (page, other):
            log = one.get_by_role("log")
            expect(log).to_contain_text("A refund takes five working days.")
            expect(log).to_contain_text("From the second tab")
            expect(log).not_to_contain_text("waits to be sent")


def test_what_two_tabs_write_in_one_moment_leaves_both(desk: Desk) -> None:
    """A tab that does not see yet what another one has put down does not write over it."""
    with shop(desk) as page:
        other = second_tab(page)
        other.route("**/messages", lambda _: None)
        page.evaluate(
            "() => { const old = {...localStorage}, read = Storage.prototype.getItem;"
            " Storage.prototype.getItem = function (name) { return old[name] ?? read.call(this, name); };"
            " window.caughtUp = () => { Storage.prototype.getItem = read; }; }"
        )
        write(other, "From the second tab")
        write(page, "From the first tab")
        page.evaluate("() => window.caughtUp()")
        for text in ("From the second tab", "From the first tab"):
            expect(page.get_by_role("log")).to_contain_text(text)
