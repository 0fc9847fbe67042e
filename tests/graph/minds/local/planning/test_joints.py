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
