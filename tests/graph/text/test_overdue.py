"""Who has waited for longer than an article promises is no longer answered by the promise."""

import pytest

from graph.text.overdue import overdue

PROMISE = "Your badge is made at once. A badge comes by post within five working days."


@pytest.mark.parametrize(
    ("ask", "late"),
    [
        ("I applied two weeks ago and still have no badge", True),
        ("The badge hasn't arrived, I've been waiting for 3 weeks", True),
        ("I applied yesterday, 1 day ago, and the badge has not come yet", False),
        ("When does the badge come? I applied two weeks ago", False),
        ("My badge still has not come", False),
    ],
)
def test_a_promise_holds_for_its_time(ask: str, late: bool) -> None:
    """Only where it is said how long was waited, and that nothing came."""
    assert overdue(ask, [PROMISE]) is late


def test_an_article_that_goes_on_still_answers() -> None:
    """It says what to do then."""
    ask = "I applied two weeks ago and still have no badge"
    assert not overdue(ask, [PROMISE, "If it has not come by then, apply again."])
    assert not overdue(ask, ["A badge is blue."])
