"""People see what the agent read of a mail, and what it left aside."""

from playwright.sync_api import expect

from tests.browsers import Desk

MAIL = """How do I get a refund? #person

On Mon, 3 Nov 2025 at 10:00, Support <help@example.com> wrote:
> We have sent the boots.
> They will come on Friday.
"""


def test_a_quotation_is_folded_up_and_opens_on_a_click(desk: Desk) -> None:
    """In the queue and on the ticket's own page."""
    ticket = desk.waiting(MAIL, "Re: boots")
    with desk.tab() as page:
        desk.open(page, ticket)
        for place in (page.locator(".messages"), page.locator(".messages.bare")):
            asked = place.get_by_text("How do I get a refund?")
            expect(asked).to_be_visible()
            quoted = place.get_by_text("They will come on Friday.")
            expect(quoted).not_to_be_visible()
            place.get_by_text("Not read by the agent: 3 lines").click()
            expect(quoted).to_be_visible()
            page.goto(f"{desk.stack.url}/console/tickets/{ticket}")
