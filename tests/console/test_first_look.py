"""What a support lead tries first: several rows at once, a key, a password, a ticket's page."""

from playwright.sync_api import expect

from tests.browsers import PASSWORD, Desk


def test_several_rows_are_marked_by_mouse_and_assigned(desk: Desk) -> None:
    """Without a key; the rows that were marked go to the colleague, and no other is opened."""
    tickets = [desk.waiting("Which one is it?", f"Pair {number}") for number in (1, 2)]
    with desk.tab("ann") as page:
        desk.open(page, tickets[0])
        for number in (1, 2):
            page.locator(".row", has_text=f"Pair {number}").locator(".mark").click()
        expect(page.locator(".bulk")).to_contain_text("2 marked")
        expect(page.locator(".talk-title")).to_contain_text("Pair 1")
        page.locator(".bulk").get_by_role("button", name="Assign").click()
        page.locator(".sheet select").select_option("Bob")
        page.get_by_role("button", name="Assign them").click()
        desk.until(lambda: all(desk.handoff(one).get("claimed_by") == "Bob" for one in tickets))


def test_a_key_is_ended_only_after_a_second_word(desk: Desk) -> None:
    """The first press asks, and the key works until it is answered."""
    with desk.tab("ann") as page:
        page.goto(f"{desk.stack.url}/console/settings")
        page.get_by_role("button", name="Make a key that posts tickets").click()
        expect(page.locator(".new-token")).to_contain_text("dk_")
        page.get_by_role("button", name="End the key intake", exact=True).first.click()
        expect(page.get_by_role("alert")).to_contain_text("cannot be undone")
        page.get_by_role("button", name="Keep it").click()
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_role("button", name="End the key intake", exact=True).first.click()
        page.get_by_role("button", name="for good").click()
        expect(page.get_by_text("ended", exact=True)).to_have_count(1)


def test_a_refused_password_is_told_in_the_readers_words(desk: Desk) -> None:
    """No route, no number and no field of the API."""
    with desk.tab("eve") as page:
        page.goto(f"{desk.stack.url}/console/password")
        page.get_by_label("Old password").fill(PASSWORD)
        for label in ("New password", "New password again"):
            page.get_by_label(label, exact=True).fill("x" * 3_000)
        page.get_by_role("button", name="Set it").click()
        said = page.get_by_role("alert").inner_text()
        assert said.startswith("The new password ")
        assert not any(part in said for part in ("/v1", "POST", "422"))


def test_a_tickets_page_begins_with_what_was_said(desk: Desk) -> None:
    """The conversation with the customer's name comes before the picture of the way it took."""
    ticket = desk.waiting("Who am I to you?", "By name")
    with desk.tab("ann") as page:
        page.goto(f"{desk.stack.url}/console/tickets/{ticket}")
        expect(page.locator(".message.customer strong").first).to_have_text("Cy")
        titles = page.locator(".card > h2").all_inner_texts()
        assert titles[0] == "Conversation"
        assert titles.index("Conversation") < titles.index("The path it took")


def test_a_ticket_is_looked_for_by_what_was_said_in_it(desk: Desk) -> None:
    """Also one that no person ever had; the line is shown, and the words are kept in the views."""
    ticket = desk.post("Do wombats sleep in winter? #aurora", "Winter")
    with desk.tab("ann") as page:
        page.goto(f"{desk.stack.url}/console/tickets")
        page.wait_for_function("window.did_handshake === true")
        page.get_by_label("Search all tickets").fill("wombats aurora")
        desk.until(lambda: len(desk.client.get("/v1/tickets?q=aurora").json()["items"]) == 1)
        page.get_by_role("button", name="Search").click()
        row = page.locator("tr", has_text="Winter")
        expect(row).to_contain_text("Do wombats sleep in winter?")
        expect(row).to_contain_text("Cy")
        page.get_by_role("link", name="All", exact=True).click()
        expect(page.get_by_label("Search all tickets")).to_have_value("wombats aurora")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.get_by_role("link", name="Winter").click()
        assert page.url.endswith(ticket)
