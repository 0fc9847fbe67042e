"""Which of an article's paragraphs opens the answer: what mends a trouble, and the value that was asked for."""

from graph.minds.local.writing.choosing import Passage
from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.selection import Selector
from graph.state import Ask
from memory.encoder.encoder import HashEncoder


def test_what_mends_a_trouble_comes_before_what_explains_it() -> None:
    """Who tells that something does not work wants to know what to do about it."""
    article = "The radio bell by the door rings.\n\nCheck that the bell by the door rings."
    for asked, first in [
        ("The bell by the door does not ring.", "Check"),
        ("The bell by the door rings.", "The radio bell"),
    ]:
        [best, *_] = _selected(asked, article)
        assert best.units[0].startswith(first)


def test_a_value_is_told_before_the_way_that_names_another_one() -> None:
    """Who asks how many days gets them, and not the steps in which other days stand."""
    article = (
        "A bell can be sent back within 30 days of delivery, whatever the reason.\n\n"
        "To send the bell back:\n1. Pack the bell.\n2. Send the bell back within 14 days of packing it."
    )
    [first, *_] = _selected("How many days do I have to send the bell back?", article)
    assert first.units[0].startswith("A bell can be sent back within 30 days")
    [first, *_] = _selected("How do I send the bell back?", article)
    assert first.kind == "steps"


def _selected(asked: str, article: str) -> list[Selection]:
    ask = Ask(id="a1", text=asked, query=asked, intent=None)
    passage = Passage("c1", "Door", article, source="door")
    return Selector(HashEncoder()).select(ask, [passage], set())
