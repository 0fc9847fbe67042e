"""One stack with a console for the room, and a browser; without a browser the room is skipped."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from evals.stack.stack import Stack, free_port, scratch
from tests.browsers import (
    ARTICLE,
    CHROMIUM,
    DESK,
    SERVICE,
    TENANT,
    WIDGET_SECRET,
    Desk,
    make_people,
)
from tests.websites import Website, website


@pytest.fixture(scope="package")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, str, Website]]:
    """The stack, started once for the room, the address of the outside service, and a website."""
    if not CHROMIUM:
        pytest.skip("no Chromium was found: install the package `chromium` to run these")
    folder = tmp_path_factory.mktemp("console")
    port = free_port()
    desk, articles = folder / "desk.yaml", folder / "kb.jsonl"
    articles.write_text(ARTICLE, encoding="utf-8")
    with (
        website() as shop,
        scratch(
            folder / "data", desk, DESKHAND_MINDS="scripted", WIDGET_SECRET=WIDGET_SECRET
        ) as stack,
    ):
        shop.desk = stack.url
        desk.write_text(DESK.format(port=port, shop=shop.port), encoding="utf-8")
        stack.start_service(SERVICE, port)
        stack.run("kb", "add", str(articles))
        asyncio.run(make_people(stack))
        stack.start_api()
        stack.start_worker()
        yield stack, f"http://127.0.0.1:{port}", shop


@pytest.fixture(scope="package")
def running(started: tuple[Stack, str, Website]) -> Iterator[Desk]:
    """A browser beside the stack.

    It ends with the room: while it is open, an event loop of its own runs in this thread, and no
    asynchronous test could.
    """
    stack, service, shop = started
    key = stack.key(TENANT)
    with stack.client(key) as client, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield Desk(stack, service, shop, client, browser)
        browser.close()


@pytest.fixture
def desk(running: Desk) -> Iterator[Desk]:
    """The stack; nothing of it may have asked another host or broken its own policy."""
    running.violations.clear()
    yield running
    assert running.hosts <= {running.stack.url.removeprefix("http://")}
    assert running.violations == []
