"""Files in a real browser: saved with care, and sent with an answer."""

from playwright.sync_api import FilePayload, expect

from tests.browsers import Desk, box


def test_a_file_is_saved_and_what_to_beware_of_is_said(desk: Desk) -> None:
    """A page that calls itself a picture never opens in the browser; channels can be paused."""
    page_of_theirs = b"<!doctype html><script>document.title = 'ours now'</script>"
    ticket = desk.waiting("See this", "Files", desk.upload("photo.png", page_of_theirs))
    with desk.tab() as page:
        desk.open(page, ticket)
        expect(page.locator(".file")).to_contain_text("do not open it")
        with page.expect_download() as saving:
            page.get_by_role("link", name="photo.png").click()
        assert saving.value.suggested_filename == "photo.png"
        assert saving.value.path().read_bytes() == page_of_theirs
        page.goto(f"{desk.stack.url}/console/settings")
        channel = page.get_by_role("region", name="Widget")
        channel.get_by_role("button", name="Pause Widget").click()
        expect(channel).to_contain_text("Paused by Ann")
        channel.get_by_role("button", name="Resume Widget").click()
        expect(channel).to_contain_text("connected")


def test_files_leave_with_the_answer_and_come_with_a_ticket_by_hand(desk: Desk) -> None:
    """Chosen, left out again, there after a reload, sent once; and what a customer brought to the counter."""
    label: FilePayload = {
        "name": "label.pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF-1.7 label",
    }
    wrong: FilePayload = {"name": "wrong.txt", "mimeType": "text/plain", "buffer": b"not this one"}
    ticket = desk.waiting("Where is my label?", "Label")
    with desk.tab("bob") as page:
        desk.open(page, ticket)
        page.keyboard.press("r")
        box(page).fill("Dear Cy, here it is.")
        with page.expect_file_chooser() as choosing:
            page.get_by_role("button", name="Attach").click()
        choosing.value.set_files([label, wrong])
        chosen = page.locator(".writing .file")
        expect(chosen).to_have_count(2)
        page.get_by_role("button", name="Leave out wrong.txt").click()
        expect(chosen).to_have_count(1)
        page.reload()
        expect(box(page)).to_have_value("Dear Cy, here it is.")
        expect(chosen).to_contain_text("label.pdf")
        page.get_by_role("button", name="Send").click()
        desk.until(lambda: desk.view(ticket)["status"] == "settled")
        with page.expect_download() as saving:
            page.locator(".messages").get_by_role("link", name="label.pdf").click()
        assert saving.value.path().read_bytes() == label["buffer"]
        page.goto(f"{desk.stack.url}/console/tickets/new")
        page.get_by_label("The customer's address").fill("counter@example.com")
        page.get_by_label("Subject").fill("At the counter")
        page.get_by_label("What they ask for").fill("See what they brought. #person")
        with page.expect_file_chooser() as choosing:
            page.get_by_role("button", name="Attach").click()
        choosing.value.set_files([wrong])
        expect(page.locator(".file")).to_contain_text("wrong.txt")
        page.get_by_role("button", name="Open the ticket").click()
        expect(page.locator(".messages .file")).to_contain_text("wrong.txt")
    [sent] = desk.replies(ticket)
    assert [one["name"] for one in sent["files"]] == ["label.pdf"]
