"""People work in a real browser: claim, edit, approve, race, take over, by keyboard, on a phone."""

from playwright.sync_api import expect

from tests.browsers import Desk, box, proposing

KEPT = "JSON.stringify(sessionStorage)"
"""What the tab keeps."""


def test_claim_edit_approve_an_action_and_the_customer_gets_it(desk: Desk) -> None:
    """A refund is decided before the edited reply leaves, which tells what it came to, once."""
    ticket = desk.waiting(proposing("Please pay INV-2026-0412 back"), "Refund please")
    with desk.tab() as page:
        desk.open(page, ticket)
        page.get_by_role("button", name="Claim").click()
        expect(page.locator(".talk-state")).to_contain_text("Yours")
        action = page.locator(".action")
        expect(action).to_contain_text("INV-2026-0412")
        page.get_by_role("button", name="Edit").click()
        expect(box(page)).to_have_value("Hello,\nA refund takes five working days.")
        box(page).fill("Hello Cy,\nyour money is on its way.")
        page.get_by_role("button", name="Send").click()
        asked = page.get_by_role("dialog", name="Decide before it is sent")
        asked.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Approve or refuse each proposed action first")).to_be_visible()
        asked.get_by_label("run it?").select_option("Approve: it runs")
        expect(asked.get_by_label("What an approved action came to")).to_have_value("yes")
        expect(asked).to_contain_text("Once it has run, the reply begins with:")
        expect(asked.get_by_text("Paid back")).to_be_visible()
        asked.get_by_role("button", name="Send").click()
        desk.until(lambda: desk.view(ticket)["status"] == "settled")
        expect(page.locator(".messages")).to_contain_text("your money is on its way")
    [sent] = [one["text"].split("\n\n") for one in desk.replies(ticket)]
    assert (sent[0], sent[-1]) == ("Hello Cy,", "your money is on its way.")
    assert sent[1].startswith("Paid back")
    assert desk.view(ticket)["outcome"] == "answered_by_person"


def test_what_was_refused_is_told_before_the_suggestion_leaves(desk: Desk) -> None:
    """Approve opens the suggestion to be changed: as it stands it would be refused."""
    ticket = desk.waiting(proposing("Please pay INV-2026-0412 back"), "No refund")
    with desk.tab() as page:
        desk.open(page, ticket)
        page.get_by_role("button", name="Claim").click()
        expect(page.locator(".talk-state")).to_contain_text("Yours")
        page.get_by_role("button", name="Refuse").click()
        page.locator(".composer").get_by_role("button", name="Approve").click()
        expect(page.get_by_text("says nothing of what you refused")).to_be_visible()
        expect(box(page)).to_have_value("Hello,\nA refund takes five working days.")
        box(page).fill("Hello Cy,\nwe cannot pay that back.")
        page.get_by_role("button", name="Send").click()
        desk.until(lambda: desk.view(ticket)["status"] == "settled")
    assert [one["text"] for one in desk.replies(ticket)] == ["Hello Cy,\nwe cannot pay that back."]


def test_the_title_counts_and_the_system_tells_of_another(desk: Desk) -> None:
    """Asked for on a click, told only while the tab is out of sight, and with nothing of the ticket."""
    with desk.tab() as page:
        page.context.grant_permissions(["notifications"])
        page.add_init_script(
            "window.told = []; window.Notification = class {"
            "static permission = 'granted'; static requestPermission = async () => 'granted';"
            "constructor(title, more) { window.told.push(title + ': ' + more.body); } };"
            "Object.defineProperty(document, 'hidden', { get: () => true });"
        )
        page.reload()
        page.locator("summary.avatar").click()
        page.get_by_role("button", name="Notify me of new tickets").click()
        expect(page.get_by_role("button", name="Stop notifying me")).to_be_visible()
        desk.waiting("A secret word: zebra", "Notify")
        page.wait_for_function("window.told.length > 0")
        assert set(page.evaluate("window.told")) == {"Deskhand: A ticket waits for a person."}
        assert page.title().startswith("(")


def test_two_race_for_one_handoff_and_the_second_loses_no_word(desk: Desk) -> None:
    """Whoever is second learns who was first and when, and what they wrote is still there."""
    ticket = desk.waiting("Which plan is best?", "Race")
    handoff = desk.handoff(ticket)["id"]
    with desk.tab("ann") as ann, desk.tab("bob") as bob:
        desk.open(bob, ticket)
        bob.keyboard.press("r")
        box(bob).fill("Bob's long and careful answer")
        # Ann is a lead: she frees it, and answers first.
        desk.client.post(f"/v1/handoffs/{handoff}/release").raise_for_status()
        desk.open(ann, ticket)
        ann.keyboard.press("r")
        box(ann).fill("Ann's answer")
        expect(bob.locator(".talk-state")).to_contain_text("Ann has it")
        ann.get_by_role("button", name="Send").click()
        expect(bob.get_by_role("alert")).to_contain_text("Ann decided this first")
        expect(bob.locator(".talk-state")).to_contain_text("decided by Ann")
        expect(box(bob)).to_have_value("Bob's long and careful answer")
        desk.until(lambda: desk.view(ticket)["status"] == "settled")
    assert [one["text"] for one in desk.replies(ticket)] == ["Ann's answer"]


def test_a_click_into_a_dead_connection_is_carried_out_once(desk: Desk) -> None:
    """What the connection swallows on its way is told again when it stands, in its order."""
    ticket = desk.waiting("Is it lost?", "Swallowed")
    with desk.tab("bob") as page:
        desk.open(page, ticket)
        page.keyboard.press("r")
        box(page).fill("Not a word")
        page.evaluate("window.socket.io.engine.transport.ws.send = () => {}")
        box(page).fill("Not a word is lost")
        page.get_by_role("button", name="Send").click()
        page.evaluate("window.socket.io.engine.close()")
        desk.until(lambda: desk.view(ticket)["status"] == "settled")
    assert [one["text"] for one in desk.replies(ticket)] == ["Not a word is lost"]


def test_a_key_that_is_pressed_too_early_waits_for_the_page(desk: Desk) -> None:
    """It acts once the page is whole and connected; what was typed after it does no harm."""
    ticket = desk.waiting("Is it open on Sundays?", "Early")
    with desk.tab("bob") as page:
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => { for (const key of ['r', 'a', 'y'])"
            " document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})); })"
        )
        page.goto(f"{desk.stack.url}/console/?handoff={desk.handoff(ticket)['id']}")
        expect(box(page)).to_be_focused()
        expect(box(page)).to_have_value("")
    assert desk.handoff(ticket)["status"] == "claimed"


def test_a_search_that_is_typed_too_early_is_written_into_its_field(desk: Desk) -> None:
    """The slash opens the search once the page is whole, and the words after it are searched."""
    desk.waiting("Do you open early?", "Sparrow")
    with desk.tab("bob") as page:
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => { for (const key of ['/', ...'Sparrow'])"
            " document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})); })"
        )
        page.goto(f"{desk.stack.url}/console/")
        expect(page.get_by_role("searchbox")).to_have_value("Sparrow")
        expect(page.locator(".row")).to_have_count(1)
        expect(page.locator(".row")).to_contain_text("Sparrow")


def test_a_takeover_during_a_run_lets_no_answer_of_the_agent_out(desk: Desk) -> None:
    """The ticket's page shows the run; taking it over stops it, and the person answers alone."""
    with desk.tab("bob") as page:
        ticket = desk.post("How long does a refund take? #slow:9", "Slow one")
        desk.until(lambda: desk.view(ticket)["status"] == "running")
        page.goto(f"{desk.stack.url}/console/tickets/{ticket}")
        page.get_by_role("button", name="Take it over").click()
        expect(page.locator(".talk-state")).to_contain_text("Yours")
        expect(page.locator(".talk-title")).to_contain_text("Slow one")
        page.keyboard.press("r")
        box(page).fill("A person answers this one")
        page.get_by_role("button", name="Send").click()
        desk.until(lambda: desk.view(ticket)["status"] == "settled")
    assert [one["text"] for one in desk.replies(ticket)] == ["A person answers this one"]


def test_the_lease_ends_when_the_page_is_closed(desk: Desk) -> None:
    """An open page renews its claim; a closed one no longer does, and another may take it."""
    ticket = desk.waiting("Who has it?", "Lease")
    with desk.tab("bob") as page:
        desk.open(page, ticket)
        page.keyboard.press("c")
        expect(page.locator(".talk-state")).to_contain_text("Yours")
        first = desk.handoff(ticket)["lease_expires_at"]
        desk.shorten_lease(ticket, seconds=40)
        desk.until(lambda: desk.handoff(ticket)["lease_expires_at"] > first)
    desk.shorten_lease(ticket, seconds=1)
    with desk.tab("ann") as other:
        desk.open(other, ticket)
        other.get_by_role("button", name="Claim").click()
        expect(other.locator(".talk-state")).to_contain_text("Yours")


def test_all_of_it_by_keyboard(desk: Desk) -> None:
    """From the queue to the sent reply without a pointer; letters typed into a field are text."""
    first = desk.waiting("First question", "Keyboard one")
    desk.waiting("Second question", "Keyboard two")
    with desk.tab("ann") as page:
        page.keyboard.press("/")
        page.keyboard.type("Keyboard one")
        expect(page.locator(".row")).to_have_count(1)
        expect(page.locator(".row")).to_contain_text("Keyboard one")
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        expect(page.locator(".talk-title")).to_contain_text("Keyboard one")
        page.keyboard.press("?")
        expect(page.get_by_role("heading", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("heading", name="Keys")).not_to_be_visible()
        page.keyboard.press("e")
        expect(box(page)).to_be_focused()
        page.keyboard.press("End")
        page.keyboard.press("Control+End")
        page.keyboard.type(" A jack, by keyboard.")
        page.keyboard.press("Control+Enter")
        desk.until(lambda: desk.view(first)["status"] == "settled")
    (reply,) = desk.replies(first)
    assert reply["text"].endswith("five working days. A jack, by keyboard.")


def test_a_phone_shows_one_pane_at_a_time(desk: Desk) -> None:
    """At 360 px nothing is wider than the screen, and a handoff can be read and approved."""
    ticket = desk.waiting("A question from the tram", "Phone")
    with desk.tab("ann", width=360, height=740) as page:
        page.get_by_role("searchbox").fill("Phone")
        page.get_by_role("option", name="Phone").click()
        expect(page.locator(".pane-talk")).to_be_visible()
        expect(page.locator(".pane-queue")).not_to_be_visible()
        page.get_by_role("tab", name="Evidence").click()
        expect(page.locator(".pane-side")).to_contain_text("Why a person")
        page.get_by_role("tab", name="Conversation").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="Approve").click()
        page.get_by_role("button", name="Send").click()
        desk.until(lambda: desk.view(ticket)["status"] == "settled")


def test_an_address_of_a_handoff_shows_it_on_a_phone(desk: Desk) -> None:
    """Whoever comes by the link of a notice is not shown the list first."""
    ticket = desk.waiting("A question from the bus", "Link")
    with desk.tab("ann", width=390, height=740) as page:
        desk.open(page, ticket)
        expect(page.locator(".pane-talk")).to_contain_text("A question from the bus")
        expect(page.get_by_role("tab", name="Conversation")).to_have_attribute(
            "aria-selected", "true"
        )
        page.get_by_role("button", name="Back to the queue").click()
        expect(page.locator(".pane-queue")).to_be_visible()


def test_an_open_menu_outlives_news_of_the_same(desk: Desk) -> None:
    """What one did oneself is told to the page a moment later, and changes nothing in it."""
    ticket = desk.waiting("A question about menus", "Menu")
    with desk.tab() as page:
        desk.open(page, ticket)
        page.get_by_role("button", name="Claim").click()
        expect(page.locator(".talk-state")).to_contain_text("Yours")
        page.locator("summary[data-key=m]").click()
        page.wait_for_timeout(3_000)
        page.get_by_role("button", name="Ask the customer").click()
        expect(box(page)).to_be_visible()


def test_the_queue_changes_without_a_reload(desk: Desk) -> None:
    """A handoff that comes, and one that somebody else settles, show within moments."""
    with desk.tab("ann") as page:
        ticket = desk.waiting("Something new", "Fresh arrival")
        row = page.get_by_role("option", name="Fresh arrival")
        expect(row).to_be_visible()
        handoff = desk.handoff(ticket)["id"]
        desk.client.post(f"/v1/handoffs/{handoff}/decide", json={"kind": "close"})
        expect(row).not_to_be_visible()


def test_what_was_written_outlives_a_reload(desk: Desk) -> None:
    """A half-written reply is there again after the page was loaded anew."""
    ticket = desk.waiting("Half a sentence", "Draft")
    with desk.tab("ann") as page:
        desk.open(page, ticket)
        page.keyboard.press("r")
        box(page).fill("Dear Cy, you should")
        page.reload()
        expect(box(page)).to_have_value("Dear Cy, you should")
        page.get_by_role("button", name="Discard").click()
        expect(page.get_by_role("heading", name="Suggested reply")).to_be_visible()


def test_what_was_written_is_not_shown_to_the_next_person_in_the_tab(desk: Desk) -> None:
    """One logs out with a half-written reply; nothing of it is left when a colleague has logged in there."""
    ticket = desk.waiting("Half a thought", "Theirs")
    with desk.tab("ann") as page:
        desk.open(page, ticket)
        page.keyboard.press("r")
        box(page).fill("Dear Cy, between us")
        page.locator("summary.avatar").click()
        page.get_by_role("button", name="Log out").click()
        assert "between us" in page.evaluate(KEPT)
        desk.log_in(page, "bob")
        page.wait_for_function(f"!{KEPT}.includes('between us')")


def test_an_article_is_searched_and_put_into_the_reply(desk: Desk) -> None:
    """The desk's own search finds it, and its passage stands in the field."""
    ticket = desk.waiting("Something else", "Article")
    with desk.tab("ann") as page:
        desk.open(page, ticket)
        page.keyboard.press("r")
        box(page).fill("Dear Cy,")
        page.get_by_role("button", name="Article").click()
        page.get_by_label("Or search for").fill("refund days")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Insert").click()
        expect(box(page)).to_have_value("Dear Cy,\n\nA refund takes five working days.")
        page.get_by_role("button", name="Discard").click()
