"""Where one sentence, or one story, is cut into two asks."""

from graph.minds.local.planning.asks import split


def test_two_objects_of_one_verb_are_two_asks_where_they_differ() -> None:
    """Each keeps the verb; what belongs together stays so."""

    def differ(left: str, right: str) -> bool:
        return "folder" in left and "price" in right

    asked = "How do I change the folder and the price?"
    assert [one.text for one in split(asked, differ)] == [
        "How do I change the folder?",
        "How do I change the price?",
    ]
    alike = "How do I change the name and the size of a folder?"
    assert [one.text for one in split(alike, differ)] == [alike]


def test_two_problems_told_are_two_asks_where_they_differ() -> None:
    """Nothing is asked outright, yet each must be answered."""
    told = "Our card was declined. The door of the cellar is stuck. It makes a noise."
    found = split(told, lambda left, right: "card" in left and "door" in right)
    assert [one.text for one in found] == [
        "Our card was declined.",
        "The door of the cellar is stuck.",
    ]


def test_troubles_in_one_list_are_told_apart() -> None:
    """Behind a mere comma, too; what tells when or why of the next one stays with it."""
    things = ("card", "door", "lamp")

    def differ(left: str, right: str) -> bool:
        return {one for one in things if one in left}.isdisjoint(
            one for one in things if one in right
        )

    told = "My card was declined, the door of the cellar is stuck and the lamp is gone."
    assert [one.text for one in split(told, differ)] == [
        "My card was declined",
        "The door of the cellar is stuck",
        "The lamp is gone.",
    ]
    once = "When my card was declined, the door is stuck."
    assert [one.text for one in split(once, differ)] == [once]


def test_who_is_pressed_for_an_answer_asks_nothing_by_it() -> None:
    """A device that keeps asking for something is a trouble."""
    asked = "How do I sign the lease?"
    assert [one.text for one in split(f"My landlord keeps asking. {asked}", _always)] == [asked]
    trouble = "The lift keeps asking for a card."
    assert [one.text for one in split(f"{trouble} {asked}", _always)] == [trouble, asked]


def _always(_left: str, _right: str) -> bool:
    return True


def test_another_deed_asks_for_itself() -> None:
    """A short question after another way of doing something takes nothing of it along."""
    asks = split("How do I paint the boat? How do I hang the oars?", lambda *_: False)
    assert [one.context for one in asks] == [(), ()]
    asks = split("How do I paint the boat? How do I clean it?", lambda *_: False)
    assert asks[-1].context or len(asks) == 1


def test_a_question_on_the_first_line_is_asked_too() -> None:
    """Though it stands alone, as a subject does, and says little: the next one is about another thing."""
    asks = split("Hi, where do I moor boats?\n\nOh, and how do I paint the oars?", lambda *_: False)
    assert len(asks) == 2
    asks = split("Mooring boats?\n\nHow do I moor boats?", lambda *_: False)
    assert len(asks) == 1
    asks = split("Charged for nothing?\n\nDo oars count as boats?", lambda *_: False)
    assert len(asks) == 1


def test_two_nouns_before_a_clause_are_no_two_deeds() -> None:
    """What is set is a time, and nobody times a ferry."""
    for one in (
        "How do I set the date and time the ferry leaves?",
        "How do I paint the name and logo our guests see?",
    ):
        assert [ask.text for ask in split(one, lambda *_: False)] == [one]
    asks = split("How do I paint the boat and hang the oars?", lambda *_: False)
    assert len(asks) == 2
