"""Requests that are odd, and allowed."""

import httpx2
import pytest

MOMENTS = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00")


@pytest.mark.parametrize("until", MOMENTS)
async def test_figures_up_to_either_end_of_the_calendar_are_told(
    client: httpx2.AsyncClient, agent: dict[str, str], until: str
) -> None:
    """The month before the first day of all, and the last day west of Greenwich, were internal errors."""
    asked = {"until": until}
    answer = await client.get("/v1/insight", params=asked, headers=agent)
    assert answer.status_code == httpx2.codes.OK, answer.text


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_whoever_watches_an_address_may_ask_with_head(
    client: httpx2.AsyncClient, path: str
) -> None:
    """As many that watch do; 405 reads as down."""
    answer = await client.head(path)
    assert answer.status_code == (await client.get(path)).status_code
