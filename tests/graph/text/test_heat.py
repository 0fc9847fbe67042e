"""How heated a message sounds."""

import pytest

from graph.text.heat import heat


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("How do I reset my password?", 0.0, 0.1),
        ("Thanks! That worked!", 0.0, 0.2),
        ("When I press Save in the court calendar, Sue gets two mails", 0.0, 0.1),
        ("We shall go to the press", 0.5, 1.0),
        ("I am going to sue you in court", 0.5, 1.0),
        ("This is the third time I write and it is unacceptable!!", 0.5, 1.0),
        ("I will speak to my lawyer", 0.5, 1.0),
        ("WHERE IS MY ORDER I AM STILL WAITING", 0.5, 1.0),
    ],
)
def test_heat_tells_anger_from_a_plain_question(text: str, least: float, most: float) -> None:
    """It only orders the queue."""
    assert least <= heat(text) <= most
