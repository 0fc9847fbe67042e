"""A real stack with a console, and what tests do with it in a real browser."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from evals.stack.stack import Stack
from memory.people import people
from memory.people.passwords import Passwords
from memory.storage.database import Database
from tests.websites import Website

TENANT = "acme"
SERVICE = "examples.fernhill.service"
PASSWORD = "a calm desk in november"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
WAIT_MS = 30_000
"""How long a page may take to show something: a busy machine is not a defect."""
END_SECONDS = 90.0
PAUSE_SECONDS = 0.05
ARTICLE = '{"doc_id": "refunds", "title": "Refunds", "text": "A refund takes five working days."}\n'
REFUND = {"invoice_id": "INV-2026-0412", "amount": 5}
WIDGET_SECRET = "a secret of the website's that is long enough"
DESK = """
tenant: acme
company: Acme
services:
  backoffice:
    base_url: "http://127.0.0.1:{port}"
delivery:
  service: backoffice
  path: /replies
tools:
  - name: refund_payment
    description: Pays an invoice back.
    service: backoffice
    method: POST
    path: /refunds
    effect: write
    arguments:
      invoice_id: {{type: string}}
      amount: {{type: number}}
    required: [invoice_id, amount]
    returns:
      type: object
      required: [refund_id]
      properties:
        refund_id: {{type: string}}
    answer: "Paid back under {{refund_id}}."
    approval: person
channels:
  widget:
    origins: ["http://localhost:{shop}"]
    title: Ask Acme
    identity_secret: ${{WIDGET_SECRET}}
autonomy:
  channels:
    widget: auto
intents:
  - name: refund
    tools: [refund_payment]
    handling: answer
    examples: ["I would like my money back", "Please refund the invoice"]
"""


@dataclass
class Desk:
    """The stack, and what a test does with it besides clicking."""

    stack: Stack
    service: str
    shop: Website
    """A website of another origin that shows the desk's help window."""
    client: httpx2.Client
    browser: Browser
    hosts: set[str] = field(default_factory=set)
    """Every host that any page asked for anything."""
    violations: list[str] = field(default_factory=list)
    """What the browser said against our own pages."""
    sessions: dict[str, list[Any]] = field(default_factory=dict)
    """The cookies of each person's last login: checking a password is slow on purpose."""

    def upload(self, name: str, content: bytes) -> str:
        """The id of a file that a ticket may name."""
        sent = self.client.post("/v1/files", params={"name": name}, content=content)
        return str(sent.raise_for_status().json()["id"])

    def post(self, text: str, subject: str = "", email: str = "cy@example.com", *files: str) -> str:
        """The id of a new ticket."""
        customer = {"email": email, "name": "Cy"}
        body = {"text": text, "subject": subject, "customer": customer, "files": files}
        return str(self.client.post("/v1/tickets", json=body).raise_for_status().json()["id"])

    def waiting(self, text: str, subject: str, *files: str) -> str:
        """The id of a new ticket that has come to a person."""
        ticket = self.post(f"{text} #person", subject, "cy@example.com", *files)
        self.until(lambda: self.view(ticket)["status"] == "waiting")
        self.until(lambda: self.handoff(ticket)["status"] != "opening")  # that is a new version
        return ticket

    def view(self, ticket: str) -> dict[str, Any]:
        """A ticket as the API shows it."""
        found: dict[str, Any] = self.client.get(f"/v1/tickets/{ticket}").raise_for_status().json()
        return found

    def handoff(self, ticket: str) -> dict[str, Any]:
        """The ticket's only handoff."""
        statuses = ["opening", "open", "claimed", "snoozed", "decided", "closed"]
        query = {"ticket": ticket, "status": statuses}
        page = self.client.get("/v1/handoffs", params=query).raise_for_status().json()
        (found,) = page["items"]
        return dict(found)

    def replies(self, ticket: str) -> list[dict[str, Any]]:
        """What has arrived at the customer, notices left out."""
        found = httpx2.get(f"{self.service}/replies", params={"ticket_id": ticket})
        return [one for one in found.raise_for_status().json() if one["kind"] != "notice"]

    def shorten_lease(self, ticket: str, seconds: int) -> None:
        """Let the present lease end in so many seconds, as time passing would."""
        path = self.stack.home / "deskhand.db"
        until = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(tzinfo=None)
        with closing(sqlite3.connect(path, timeout=WAIT_MS / 1000)) as connection, connection:
            connection.execute(
                "UPDATE handoffs SET lease_expires_at = ? WHERE ticket_id = ?",
                (until.isoformat(" "), ticket),
            )
        if seconds <= 1:
            time.sleep(seconds)

    def until(self, true: Callable[[], bool], seconds: float = END_SECONDS) -> None:
        """Wait until it is true."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not come true in time"
            time.sleep(PAUSE_SECONDS)

    @contextmanager
    def tab(self, who: str = "ann", *, width: int = 1440, height: int = 900) -> Iterator[Page]:
        """A browser of its own in which that person is logged in, on the queue."""
        context = self.browser.new_context(viewport={"width": width, "height": height})
        try:
            page = self.watched(context)
            self.log_in(page, who)
            yield page
        finally:
            context.close()

    def watched(self, context: BrowserContext) -> Page:
        """A new page whose requests and complaints are noted."""
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        page.on(
            "console",
            lambda told: (
                self.violations.append(told.text)
                if "Content Security Policy" in told.text
                else None
            ),
        )
        page.on("pageerror", lambda error: self.violations.append(str(error)))
        return page

    def log_in(self, page: Page, who: str = "ann") -> None:
        """Go on in the person's session, or type address and password; then wait for the queue."""
        page.context.add_cookies(self.sessions.get(who, []))
        page.goto(f"{self.stack.url}/console")
        queue = page.get_by_role("heading", name="Queue")
        button = page.get_by_role("button", name="Log in")
        queue.or_(button).first.wait_for()
        if button.is_visible():
            page.get_by_label("E-mail address").fill(f"{who}@example.com")
            page.get_by_label("Password").fill(PASSWORD)
            button.click()
            queue.wait_for()
            self.sessions[who] = page.context.cookies()
        page.wait_for_function("window.did_handshake === true")

    def open(self, page: Page, ticket: str) -> None:
        """Show a ticket's handoff in the queue page."""
        page.goto(f"{self.stack.url}/console/?handoff={self.handoff(ticket)['id']}")
        page.wait_for_function("window.did_handshake === true")


async def make_people(stack: Stack) -> None:
    """Ann the admin, Bob the agent, Eve the lead."""
    async with Database(stack.settings.ledger_url) as database:
        hashed = Passwords().hashed(PASSWORD)
        async with database.transaction() as session:
            for name, role in (("Ann", "admin"), ("Bob", "agent"), ("Eve", "lead")):
                made = await people.create(
                    session,
                    TENANT,
                    name=name,
                    email=f"{name.lower()}@example.com",
                    role=role,
                    password=hashed,
                )
                made.one_time = False


def box(page: Page) -> Locator:
    """The field in which somebody writes."""
    return page.locator(".writing textarea")


def proposing(text: str) -> str:
    """A ticket's text for which the agent proposes a refund."""
    return f"{text} #intent refund #propose refund_payment {json.dumps(REFUND)}"
