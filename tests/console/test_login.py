"""Who gets in, what a page may load, and what a customer's words cannot do."""

import httpx2
from playwright.sync_api import expect

from memory.people import totp
from memory.tables import now
from tests.browsers import PASSWORD, Desk

HOSTILE = (
    "<script>window.hacked=1</script> <img src=x onerror='window.hacked=1'> "
    "![x](https://evil.example/x.png) [y](javascript:window.hacked=1) {{hacked}} `${1}`"
)


def test_what_customers_write_is_text(desk: Desk) -> None:
    """Markup, Markdown and templates are shown as they were typed and load nothing."""
    ticket = desk.waiting(HOSTILE, "<b>bold</b> <script>window.hacked=1</script>")
    with desk.tab("ann") as page:
        desk.open(page, ticket)
        expect(page.locator(".message.customer .text")).to_contain_text(HOSTILE)
        expect(page.locator(".talk-title h2")).to_contain_text("<b>bold</b> <script>")
        page.goto(f"{desk.stack.url}/console/tickets/{ticket}")
        expect(page.locator(".message.customer .text")).to_contain_text(HOSTILE)
        assert page.evaluate("window.hacked") is None
        assert page.locator(".message img, .message a, .message script").count() == 0


def test_pages_are_confined(desk: Desk) -> None:
    """No page may be framed, run foreign scripts, or be kept by a cache."""
    with desk.tab("ann") as page:
        answer = page.goto(f"{desk.stack.url}/console/")
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'),"
            "{textContent: 'window.hacked = 1'}))"
        )
        assert page.evaluate("window.hacked") is None
        desk.violations.clear()  # the browser told of the script it refused


def test_a_change_without_the_pages_token_is_refused(desk: Desk) -> None:
    """The session's cookie alone changes nothing, and its scripts cannot read it."""
    ticket = desk.waiting("Close me", "Forged")
    handoff = desk.handoff(ticket)["id"]
    with desk.tab("bob") as page:
        cookies = {one["name"]: one for one in page.context.cookies()}
        session = cookies["deskhand_session"]
        assert session["httpOnly"]
        assert session["sameSite"] == "Lax"
        assert "deskhand_session" not in page.evaluate("document.cookie")
        forged = page.request.post(
            f"{desk.stack.url}/v1/handoffs/{handoff}/decide", data={"kind": "close"}
        )
        assert forged.status == 403
        assert forged.json()["type"].endswith(":csrf")
    assert desk.handoff(ticket)["status"] == "open"


def test_without_a_login_there_is_only_the_login(desk: Desk) -> None:
    """Every page leads to the form, which leads back; a logout ends the session everywhere."""
    context = desk.browser.new_context()
    page = desk.watched(context)
    page.goto(f"{desk.stack.url}/console/tickets")
    page.get_by_label("E-mail address").fill("eve@example.com")
    page.get_by_label("Password").fill("not her password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("Address or password is wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Tickets").wait_for()
    cookie = {one["name"]: one["value"] for one in context.cookies()}["deskhand_session"]
    page.locator("summary.avatar").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    answer = httpx2.get(
        f"{desk.stack.url}/v1/session", headers={"Cookie": f"deskhand_session={cookie}"}
    )
    assert answer.status_code == 401
    context.close()
    desk.violations.clear()  # a refused login is a line in the browser's console


def test_an_open_page_of_a_disabled_person_leads_to_the_login(desk: Desk) -> None:
    """Disabling ends the session at once; the page learns it with the next change."""
    with desk.tab("eve") as page:
        people = desk.client.get("/v1/accounts").json()["items"]
        eve = next(one["id"] for one in people if one["name"] == "Eve")
        try:
            desk.client.post(f"/v1/accounts/{eve}/disable").raise_for_status()
            desk.waiting("One more", "After Eve")
            expect(page.get_by_role("heading", name="Log in")).to_be_visible()
        finally:
            desk.client.post(f"/v1/accounts/{eve}/enable").raise_for_status()


def test_a_second_factor_is_set_up_and_asked_for(desk: Desk) -> None:
    """The picture, a code, the codes to keep; then a login needs the app's next code."""
    with desk.tab("eve") as page:
        page.locator("summary.avatar").click()
        page.get_by_role("link", name="Second factor").click()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Set it up").click()
        expect(page.locator(".picture svg")).to_be_visible()
        secret = page.locator(".secret").inner_text().replace(" ", "")
        step = totp.step_at(now())
        page.get_by_label("Code").fill(totp.code_of(secret, step))
        page.get_by_role("button", name="Confirm").click()
        expect(page.locator(".codes li")).to_have_count(10)
        page.get_by_role("button", name="I have kept them").click()
        page.locator("summary.avatar").click()
        page.get_by_role("button", name="Log out").click()
        page.get_by_label("E-mail address").fill("eve@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_label("Code").fill("000")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_contain_text("The code is wrong")
        page.get_by_label("Code").fill(totp.code_of(secret, step + 1))
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Queue").wait_for()
    people = desk.client.get("/v1/accounts").json()["items"]
    eve = next(one["id"] for one in people if one["name"] == "Eve")
    desk.client.post(f"/v1/accounts/{eve}/reset-second-factor").raise_for_status()
    desk.violations.clear()  # a refused login is a line in the browser's console
