"""Requests that are odd, and allowed."""

import httpx2
import pytest

FIRST_MOMENT = "0001-01-01T00:00:00Z"


async def test_figures_before_the_calendar_begins_are_those_of_no_ticket(
    client: httpx2.AsyncClient, agent: dict[str, str]
) -> None:
    """The month before the first day of all was an internal error."""
    asked = {"until": FIRST_MOMENT}
    answer = await client.get("/v1/insight", params=asked, headers=agent)
    assert answer.status_code == httpx2.codes.OK, answer.text


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_whoever_watches_an_address_may_ask_with_head(
    client: httpx2.AsyncClient, path: str
) -> None:
    """As many that watch do; 405 reads as down."""
    answer = await client.head(path)
    assert answer.status_code == (await client.get(path)).status_code
