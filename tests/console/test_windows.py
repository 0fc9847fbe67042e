"""What a window of the console acts on."""

from playwright.sync_api import expect

from tests.browsers import Desk


def test_a_window_asks_about_the_ticket_that_it_was_opened_for(desk: Desk) -> None:
    """Who types on while it opens is on another ticket when they press Send: that one gets nothing."""
    first = desk.waiting("How long does a refund take?", "Looked at afterwards")
    second = desk.waiting("How long does a refund take?", "Asked about")
    with desk.tab() as page:
        desk.open(page, second)
        expect(page.locator(".talk-title h2")).to_have_text("Asked about")
        top = page.locator(".rows [role=option]").first
        page.keyboard.type("aj" if top.get_attribute("aria-selected") == "true" else "ak")
        asked = page.get_by_role("dialog", name="Send the suggested reply?")
        expect(asked).to_be_visible()
        expect(page.locator(".talk-title h2")).not_to_have_text("Asked about")
        asked.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Another ticket is open by now")).to_be_visible()
        expect(asked).not_to_be_visible()
    for ticket in (first, second):
        assert desk.view(ticket)["status"] == "waiting"
        assert desk.replies(ticket) == []
