"""A misbehaving service in its own process."""

from collections.abc import Iterator

import pytest

from evals.faults.process import FaultyService, serving


@pytest.fixture(scope="session")
def _running() -> Iterator[FaultyService]:
    with serving() as service:
        yield service


@pytest.fixture
def service(_running: FaultyService) -> FaultyService:
    """The misbehaving service, with nothing planned and nothing remembered."""
    _running.reset()
    return _running
