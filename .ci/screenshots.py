#!/usr/bin/env python3
"""Take the pictures of the console: of a demo that runs, as `KEEP=1 make demo` leaves it.

In another terminal, with the `export` line that the demo printed:

    python .ci/screenshots.py                 # those of the documents, into docs/
    python .ci/screenshots.py --all FOLDER    # every page on a large screen, a phone and in the dark

It makes an account for itself. It needs Chromium.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Browser, Page, sync_playwright

TENANT = "fernhill"
PHOTOGRAPHER = "kim@fernhill.example"
SUBJECT = "Please refund INV"
"""The ticket of the pictures: an action waits for a person, and its order was looked up."""
PAGES = {
    "tickets": "/tickets",
    "insight": "/insight",
    "articles": "/knowledge?q=how+do+I+reset+my+password",
    "tools": "/tools",
    "settings": "/settings",
    "people": "/people",
    "gone": "/gone",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WAIT_MS = 60_000
PAUSE_MS = 800


@dataclass(frozen=True)
class Screen:
    """What a picture is taken with."""

    name: str
    width: int
    height: int
    dark: bool = False
    whole: bool = True
    """The whole page, however long it is."""


DOCUMENTS = Screen("docs", 1440, 900, whole=False)
ALL = (
    Screen("1920", 1920, 1080),
    Screen("1440-dark", 1440, 900, dark=True),
    Screen("360", 360, 740),
)


@dataclass(frozen=True)
class Console:
    """The running console and who looks at it."""

    url: str
    password: str
    browser: Browser

    @contextmanager
    def opened(self, screen: Screen) -> Iterator[Page]:
        """A page that has logged in."""
        context = self.browser.new_context(
            viewport={"width": screen.width, "height": screen.height},
            color_scheme="dark" if screen.dark else "light",
            timezone_id="Europe/London",
        )
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.goto(f"{self.url}/login")
        page.get_by_label("E-mail address").fill(PHOTOGRAPHER)
        page.get_by_label("Password").fill(self.password)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Queue").wait_for()
        yield page
        context.close()

    def first_login(self, one_time: str) -> None:
        """Set the account's own password in place of the one-time password."""
        page = self.browser.new_page()
        page.goto(f"{self.url}/login")
        page.get_by_label("E-mail address").fill(PHOTOGRAPHER)
        page.get_by_label("Password").fill(one_time)
        page.get_by_role("button", name="Log in").click()
        page.get_by_label("One-time password").fill(one_time)
        for label in ("New password", "New password again"):
            page.get_by_label(label, exact=True).fill(self.password)
        page.get_by_role("button", name="Set it").click()
        page.get_by_role("heading", name="Queue").wait_for()
        page.close()

    def take(self, page: Page, path: str, target: Path, screen: Screen) -> None:
        """One picture of a page that is whole."""
        page.goto(f"{self.url}{path}")
        page.locator("#main[aria-busy=false]").wait_for()
        page.wait_for_function("window.did_handshake === true")
        if page.locator(".mermaid-path:visible").count():
            page.locator(".mermaid-path svg .node").first.wait_for()
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(PAUSE_MS)
        page.screenshot(path=target, full_page=screen.whole)
        print(target)


def account() -> str:
    """A one-time password of the photographer's account."""
    deskhand = [sys.executable, "-m", "api.cli.main", "account"]
    named = ("--name", "Kim Maurer", "--role", "admin", "--email", PHOTOGRAPHER)
    made = subprocess.run(
        [*deskhand, "create", *named, "--tenant", TENANT],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        made = subprocess.run(
            [*deskhand, "reset", PHOTOGRAPHER], capture_output=True, text=True, check=True
        )
    return made.stdout.strip()


def shown(api: str) -> dict[str, Any]:
    """The handoff of the pictures."""
    headers = {"Authorization": f"Bearer {os.environ['DESKHAND_KEY']}"}
    answer = httpx2.get(f"{api}/v1/handoffs?limit=100", headers=headers).raise_for_status()
    items = answer.json()["items"]
    return next((one for one in items if one["subject"].startswith(SUBJECT)), items[0])


def main() -> None:
    """Take them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, into this folder")
    folder = parser.parse_args().all
    api = f"http://127.0.0.1:{os.environ['DESKHAND_PORT']}"
    handoff = shown(api)
    queue, ticket = f"/?handoff={handoff['id']}", f"/tickets/{handoff['ticket_id']}"
    password = secrets.token_urlsafe(16)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, BROWSERS)), None),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        console = Console(f"{api}/console", password, browser)
        console.first_login(account())
        for screen in ALL if folder else (DOCUMENTS,):
            with console.opened(screen) as page:
                if not folder:
                    console.take(page, queue, Path("docs/console-queue.png"), screen)
                    console.take(page, ticket, Path("docs/console-ticket.png"), screen)
                    console.take(page, "/insight", Path("docs/console-insight.png"), screen)
                    continue
                folder.mkdir(parents=True, exist_ok=True)
                for name, path in {"queue": queue, "ticket": ticket, **PAGES}.items():
                    console.take(page, path, folder / f"{name}-{screen.name}.png", screen)
        browser.close()


if __name__ == "__main__":
    main()
