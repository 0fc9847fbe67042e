"""A caller who hangs up before the body is whole."""

from typing import Any

from structlog.testing import capture_logs

from api.settings import Settings
from tests import desks


async def test_a_caller_who_leaves_in_the_middle_is_no_failure_of_ours(settings: Settings) -> None:
    """Anybody can do so as often as they like: it stands in the log as what it is."""
    key = await desks.new_key(settings, "Ada", ["admin"])
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/files",
        "raw_path": b"/v1/files",
        "query_string": b"name=a.txt",
        "headers": [(b"authorization", key["Authorization"].encode()), (b"host", b"desk")],
        "server": ("desk", 80),
        "client": ("127.0.0.1", 1),
    }
    come = [{"type": "http.disconnect"}, {"type": "http.request", "body": b"a", "more_body": True}]
    sent: list[Any] = []

    async def receive() -> Any:
        return come.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    app = desks.application(settings)
    async with app.router.lifespan_context(app) as state:
        with capture_logs() as logs:
            await app({**scope, "state": dict(state or {})}, receive, send)
    assert sent == []
    assert [one["event"] for one in logs if one["log_level"] == "error"] == []
    assert "caller_gone" in [one["event"] for one in logs]
