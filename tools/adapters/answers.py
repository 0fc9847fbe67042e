"""An HTTP answer as JSON, or as the fault that it is. Never quotes a body: it may hold data."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from tools.contract import Json
from tools.faults import NotFound, RateLimited, Rejected, SchemaChanged, ServiceError, ToolFault

if TYPE_CHECKING:
    import httpx2

MOST_RESPONSE_BYTES = 1_048_576
"""A longer answer is not read to its end."""
LEAST_RETRY_AFTER = 0.0

SECONDS = re.compile(r"\d{1,6}(\.\d{1,3})?")


def raise_for(answer: httpx2.Response) -> None:
    """Raise the `ToolFault` that the status stands for; nothing for 2xx."""
    if answer.is_success:
        return
    raise fault_of(answer.status_code, retry_after(answer.headers.get("retry-after")))


def fault_of(status: int, wait: float | None) -> ToolFault:
    """The fault of a status that is not 2xx; `wait` is Retry-After in seconds."""
    words = f"the service answered {status}"
    if status == HTTPStatus.NOT_FOUND:
        return NotFound("the service has no such thing")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(words, retry_after=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return ServiceError(words, retry_after=wait)
    if status < HTTPStatus.BAD_REQUEST:
        # A redirect after a POST may well mean that it was done.
        return Rejected(f"{words}: redirects are not followed", certain=False)
    return Rejected(words)


def retry_after(header: str | None) -> float | None:
    """Seconds of a Retry-After header, given as a number or a date; None if it is neither."""
    if header is None:
        return None
    if SECONDS.fullmatch(header.strip()):
        return float(header)
    moment = date_of(header)
    if moment is None:
        return None
    return max(LEAST_RETRY_AFTER, (moment - datetime.now(UTC)).total_seconds())


def date_of(header: str | None) -> datetime | None:
    """The moment of a header such as Date; None where it is none."""
    try:
        moment = parsedate_to_datetime(header or "")
    except (ValueError, OverflowError):  # the second for a year or a zone of many digits
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def body_of(answer: httpx2.Response, most: int = MOST_RESPONSE_BYTES) -> Json:
    """The body as a JSON object; a list becomes {"items": [...]}, no content {}.

    Raises `SchemaChanged`, also where it has more than `most` bytes.
    """
    return parsed(await _read(answer, most))


def parsed(raw: bytes) -> Json:
    """JSON bytes as an object. Raises `SchemaChanged`."""
    if not raw.strip():
        return {}
    try:
        found = json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise SchemaChanged("the answer is not valid JSON") from error
    if isinstance(found, list):
        return {"items": found}
    if not isinstance(found, dict):
        raise SchemaChanged("the answer is neither a JSON object nor a list")
    return found


async def _read(answer: httpx2.Response, most: int) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise SchemaChanged("the answer is compressed although we asked for plain text")
    chunks = bytearray()
    async for chunk in answer.aiter_bytes():
        chunks += chunk
        if len(chunks) > most:
            raise SchemaChanged(f"the answer is longer than {most} bytes")
    return bytes(chunks)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
