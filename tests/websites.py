"""A website of another origin than the desk's, for tests of what a page of its own loads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>
<h1>A shop</h1><script src="{desk}/widget.js" data-desk="acme" async></script></html>"""
POLICY = "default-src 'none'; script-src {desk}; connect-src {desk}"
"""The strictest policy that a website may have: no inline script, no inline style."""


@dataclass
class Website:
    """One page with the desk's script."""

    port: int
    desk: str = ""
    """Where the desk is."""

    @property
    def url(self) -> str:
        """The website's origin."""
        return f"http://localhost:{self.port}"


@contextmanager
def website() -> Iterator[Website]:
    """A website that listens until the end."""
    made = Website(0)

    class Answers(BaseHTTPRequestHandler):
        """The same page for every address."""

        def do_GET(self) -> None:
            """Answer with the page."""
            body = PAGE.format(desk=made.desk).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY.format(desk=made.desk))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
