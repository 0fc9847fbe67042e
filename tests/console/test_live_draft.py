"""A person sees the new draft being written, and cannot take what nobody has checked for one."""

import sqlite3
from contextlib import closing

from playwright.sync_api import expect

from tests.browsers import WAIT_MS, Desk, box

TEXT = "Parcels take two days."
PUT = (
    "UPDATE live_drafts SET text = ?, began_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-4 seconds'),"
    " epoch = (SELECT epoch FROM tickets WHERE id = ticket_id) WHERE ticket_id = ?"
)


def written(desk: Desk, ticket: str, text: str) -> bool:
    """Put down what a worker would; whether somebody looks on."""
    path = desk.stack.home / "deskhand.db"
    with closing(sqlite3.connect(path, timeout=WAIT_MS / 1000)) as connection, connection:
        return connection.execute(PUT, (text, ticket)).rowcount == 1


def test_the_new_draft_grows_before_the_eyes_and_is_marked(desk: Desk) -> None:
    """It has no control beside it, and it is gone once the worker that wrote it is."""
    ticket = desk.waiting("Which plan is best?", "Live")
    with desk.tab() as page:
        desk.open(page, ticket)
        page.get_by_role("button", name="Claim").click()
        expect(page.locator(".talk-state")).to_contain_text("Yours")
        desk.stack.kill("worker-0")
        try:
            page.get_by_role("button", name="Redraft").click()
            box(page).fill("shorter, please")
            page.get_by_role("button", name="Draft anew").click()
            expect(page.get_by_text("The agent is drafting again")).to_be_visible()
            desk.until(lambda: written(desk, ticket, TEXT))
            live = page.locator(".being-written")
            expect(live.locator(".written-so-far")).to_have_text(TEXT)
            expect(live).to_contain_text("Not checked yet")
            expect(live).to_contain_text("s so far")
            expect(live.get_by_role("button")).to_have_count(0)
            written(desk, ticket, f"{TEXT}\n<b>Or three.</b>")
            expect(live.locator(".written-so-far")).to_contain_text("<b>Or three.</b>")
        finally:
            desk.stack.start_worker()
        expect(page.locator(".suggestion")).to_be_visible()
        expect(page.locator(".being-written")).to_have_count(0)
    assert TEXT not in str(desk.view(ticket))
