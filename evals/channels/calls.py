"""Calls of a program that does not give up: the same again until the desk has said that it has it."""

import asyncio
from typing import Any

import httpx2

from evals.channels.contract import Bad

PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
HASTE_SECONDS = 0.01
"""How long a caller in a hurry waits for an answer; the call may have been heard."""
TIMEOUT_SECONDS = 40.0
HANGS_UP = 0.08
"""Share of the calls whose answer is not waited for."""


def caller(url: str, **headers: str) -> httpx2.AsyncClient:
    """A client that lives as long as the run."""
    return httpx2.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS)


async def saved(client: httpx2.AsyncClient, path: str, **headers: str) -> bytes:
    """A file's bytes. Raises `httpx2.HTTPStatusError` where there is none."""
    while True:
        try:
            answer = await client.get(path, headers=headers)
        except httpx2.TransportError:  # the API has died, perhaps within the file
            await asyncio.sleep(PAUSE_SECONDS)
            continue
        return answer.raise_for_status().content


async def insist(
    client: httpx2.AsyncClient, method: str, path: str, bad: Bad, **parts: Any
) -> dict[str, Any]:
    """The answer's body. Raises `httpx2.HTTPStatusError` where it is refused for good."""
    while True:
        hasty = bad.happens("answer not waited for", HANGS_UP)
        limit: dict[str, Any] = {"timeout": HASTE_SECONDS} if hasty else {}
        try:
            answer = await client.request(method, path, **parts, **limit)
        except httpx2.TransportError:
            await asyncio.sleep(PAUSE_SECONDS)
            continue
        if answer.is_success:
            found: dict[str, Any] = answer.json() if answer.content else {}
            return found
        if answer.status_code not in {408, 425, 429} and not answer.is_server_error:
            answer.raise_for_status()
        wait = float(answer.headers.get("Retry-After", PAUSE_SECONDS))
        await asyncio.sleep(min(wait, LONGEST_PAUSE_SECONDS))
