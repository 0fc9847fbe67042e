"""One stack with a console for the room, and a browser; without a browser the room is skipped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from evals.stack.stack import Stack, free_port, scratch
from tests.browsers import ARTICLE, CHROMIUM, DESK, SERVICE, TENANT, Desk, make_people


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, str]]:
    """The stack, started once for the room, and the address of the outside service."""
    if not CHROMIUM:
        pytest.skip("no Chromium was found: install the package `chromium` to run these")
    folder = tmp_path_factory.mktemp("console")
    port = free_port()
    desk, articles = folder / "desk.yaml", folder / "kb.jsonl"
    desk.write_text(DESK.format(port=port), encoding="utf-8")
    articles.write_text(ARTICLE, encoding="utf-8")
    with scratch(folder / "data", desk, DESKHAND_MINDS="scripted") as stack:
        stack.start_service(SERVICE, port)
        stack.run("kb", "add", str(articles))
        asyncio.run(make_people(stack))
        stack.start_api()
        stack.start_worker()
        yield stack, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def running(started: tuple[Stack, str]) -> Iterator[Desk]:
    """A browser beside the stack.

    It ends with its module: while it is open, an event loop of its own runs in this thread, and no
    asynchronous test of another room could.
    """
    stack, service = started
    key = stack.key(TENANT)
    with stack.client(key) as client, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield Desk(stack, service, client, browser)
        browser.close()


@pytest.fixture
def desk(running: Desk) -> Iterator[Desk]:
    """The stack; nothing of it may have asked another host or broken its own policy."""
    running.violations.clear()
    yield running
    assert running.hosts <= {running.stack.url.removeprefix("http://")}
    assert running.violations == []
