"""Passwords that are hashed at once: a login of this folder need not cost an attacker anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from memory.people import passwords


@pytest.fixture(scope="module", autouse=True)
def _quickly_hashed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "ROUNDS", 1)
        patch.setattr(passwords, "MEMORY_KIB", 8)
        yield
