"""Completes the record of a change with how it ended."""

from __future__ import annotations

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from memory.people import audit
from memory.storage.errors import StorageUnavailable

log = structlog.get_logger("deskhand.api")


class AuditTrail:
    """ASGI middleware: the row was written before the change, its status comes after."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the status of the answer where the request was put on record."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            if (row := scope.get("state", {}).get("audit_row")) is not None:
                await self._complete(scope, row, status)

    async def _complete(self, scope: Scope, row: int, status: int) -> None:
        context = scope["state"]["context"]
        try:
            async with context.database.transaction() as session:
                await audit.ended(session, row, status)
        except StorageUnavailable as error:
            # The row itself stands: it says that the change was tried.
            log.warning("audit_incomplete", row=row, error=str(error))
