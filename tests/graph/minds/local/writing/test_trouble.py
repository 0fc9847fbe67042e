"""Which of an article's paragraphs opens the answer: what mends a trouble, and the value that was asked for."""

from graph.minds.local.writing.parts import Selection
from graph.minds.local.writing.scored import Passage
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


def test_steps_come_before_the_remark_below_them() -> None:
    """Who asks how gets the way of the section first, although its remark has more of the words."""
    article = (
        "## Ring the bell by the door\n\n1. Go in.\n2. Pull the rope of the bell.\n\n"
        "To ring the bell by the door costs a pound because the bell by the door must be oiled."
    )
    told = _selected("How do I ring the bell by the door?", article)
    assert [one.kind for one in told] == ["steps", "text"]


def test_what_a_screen_says_is_found_by_its_very_words() -> None:
    """What is quoted stands in the paragraph that is about it."""
    article = "A radio bell rings.\n\n**Out of order** means that a rope is torn."
    [first, *_] = _selected('Your radio says "out of order".', article)
    assert first.units[0].startswith("Out of order means")


def test_a_list_below_what_denies_it_says_so() -> None:
    """Names alone would tell the opposite."""
    [told] = _selected("Are cymbals hired out?", "## Never hired out\n\nCymbals, gongs and drums.")
    assert told.units == ("Never hired out: Cymbals, gongs and drums.",)


def test_the_item_that_is_meant_is_told_alone() -> None:
    """Unless the items hold together only, or another one may be meant as well."""
    items = "- cymbals and gongs\n- drums with a stand\n- stands"
    for lead, asked, units in [
        ("We hire out", "Are cymbals hired out?", 1),
        ("We hire out", "Are stands hired out?", 3),
        ("All of these are hired out together", "Are cymbals hired out?", 3),
    ]:
        [told, *_] = _selected(asked, f"{lead}:\n\n{items}")
        assert len(told.units) == units


def test_another_case_than_the_one_that_was_told_answers_last() -> None:
    """What stands below a case is for those who are in it, and below its denial for all others."""
    text = "## If the owner has moved\n\nThe bell by the door rings.\n\n## Later\n\nThe bell rings by the door now."
    [first, *_] = _selected("Does the bell by the door ring?", text)
    assert first.units == ("The bell rings by the door now.",)
    [first, *_] = _selected("The owner moved. Does the bell by the door ring?", text)
    assert first.units == ("The bell by the door rings.",)
    [first, *_] = _selected("Does the bell by the door ring?", text.replace("has", "has not"))
    assert first.units == ("The bell by the door rings.",)


def test_the_way_that_the_title_promises_comes_first() -> None:
    """To who asks for just that, although a section has its words as well."""
    text = "1. Go in.\n2. Door knock.\n\n## Bell\n\nOpen the door by hand."
    [first, *_] = _selected("How do I door?", text)
    assert first.kind == "steps"
    [first, *_] = _selected("How do I door a bell?", text)
    assert first.kind == "text"


def _selected(asked: str, article: str) -> list[Selection]:
    ask = Ask(id="a1", text=asked, query=asked, intent=None)
    passage = Passage("c1", "Door", article, source="door")
    return Selector(HashEncoder()).select(ask, [passage], set())
