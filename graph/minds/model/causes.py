"""What an error came from: each provider's library wraps the transport's in its own way."""

from __future__ import annotations

from collections.abc import Iterator

MOST_CAUSES = 10


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it came from, in order."""
    for _ in range(MOST_CAUSES):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
