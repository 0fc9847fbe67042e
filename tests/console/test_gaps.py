"""What a lead does about a question that no article answered."""

from playwright.sync_api import Page, expect

from tests.browsers import Desk

SURVEY_MS = 120_000
"""It reads every waiting question; a busy machine takes a multiple of the seconds that it says."""
QUESTION = "Is there a dark mode for zebras?"


def look(desk: Desk, page: Page) -> None:
    """Open the articles, and look for gaps."""
    page.goto(f"{desk.stack.url}/console/knowledge")
    page.wait_for_function("window.did_handshake === true")
    page.get_by_role("button", name="Look now").click()
    page.get_by_role("heading", name="Contradictions", exact=True).wait_for(timeout=SURVEY_MS)


def test_a_gap_is_dismissed_listed_again_and_filled(desk: Desk) -> None:
    """Its tickets are a click away; the article is written beside them, and is a draft."""
    ticket = desk.waiting(QUESTION, "Zebras")
    with desk.tab("eve") as page:
        look(desk, page)
        gap = page.locator(".gap", has_text=QUESTION)
        expect(gap.locator(f'a[href="/console/tickets/{ticket}"]')).to_be_visible()
        gap.get_by_role("button", name="No article is needed").click()
        aside = page.locator("details.gap", has_text=QUESTION)
        aside.locator("summary").click()
        aside.locator("li", has_text=QUESTION).get_by_role("button", name="List again").click()
        expect(page.locator("details.gap", has_text=QUESTION)).to_have_count(0)
        page.locator(".gap", has_text=QUESTION).get_by_role("link", name="Write").click()
        page.wait_for_function("window.did_handshake === true")
        assert QUESTION in page.get_by_label("Title").input_value()
        expect(page.locator(".hit", has_text="Zebras")).to_contain_text(QUESTION)
        page.get_by_label("Title").fill("Dark mode for zebras")
        page.get_by_label("Text").fill("There is none, since zebras have both.")
        page.get_by_role("button", name="Save it").click()
        row = page.locator("tr", has_text="Dark mode for zebras")
        expect(row).to_contain_text("draft")
        row.get_by_role("link").click()
        expect(page.get_by_label("Text")).to_have_value("There is none, since zebras have both.")
