"""A bench for each test of this room."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.bench import Bench, opened

Opened = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
async def bench(tmp_path: Path, template: Path) -> AsyncIterator[Bench]:
    """Scripted minds, one passage, no tools."""
    async with opened(tmp_path / "home", template) as found:
        yield found


@pytest.fixture
def open_bench(tmp_path: Path, template: Path) -> Opened:
    """Opens a bench with parts of one's own."""

    def build(**parts: Any) -> AbstractAsyncContextManager[Bench]:
        return opened(tmp_path / "home", template, **parts)

    return build
