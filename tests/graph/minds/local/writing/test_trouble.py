"""Which of an article's paragraphs opens the answer to a trouble."""

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


def _selected(asked: str, article: str) -> list[Selection]:
    ask = Ask(id="a1", text=asked, query=asked, intent=None)
    passage = Passage("c1", "Door", article, source="door")
    return Selector(HashEncoder()).select(ask, [passage], set())
