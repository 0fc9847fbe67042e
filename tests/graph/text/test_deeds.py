"""Which deed an ask wants done, and which ones an article tells of."""

import pytest

from graph.text.deeds import deeds, told


@pytest.mark.parametrize(
    ("asked", "deed"),
    [
        ("May we suspend the membership over the holidays?", "suspend"),
        ("Could Priya put our delivery on hold?", "freeze"),
        ("Is it possible to pause it?", "freeze"),
        ("Can a parcel be split?", "split"),
        ("What about merging two baskets?", "combine"),
        ("I'd like to hand the lease over to my flatmate.", "move over"),
        ("Please rename the garden plot.", "rename"),
        ("Is there a way to get a removed photo back?", "get back"),
    ],
)
def test_the_deed_that_is_wished_for(asked: str, deed: str) -> None:
    """In the active, the passive, as a noun, in a request, and in several words."""
    assert deeds(asked) == {deed}


@pytest.mark.parametrize(
    "asked",
    [
        "I paused the washing machine. Why does it beep?",
        "Where do I see what the split costs?",
        "When will you get back to me?",
        "How do I get my deposit back?",
        "What do I get back?",
        "Do I get the nine pounds back?",
        "Does she get her premiums back?",
        "My print is pale.",
        "",
    ],
)
def test_what_wishes_for_no_deed(asked: str) -> None:
    """What was done, a noun, an answer that is waited for, and money, which is refunded."""
    assert deeds(asked) == frozenset()


def test_to_bring_something_in_a_vehicle_imports_nothing() -> None:
    """What stands before an "in the" is brought there; "bring our list in" is another deed."""
    assert deeds("Can I bring a surfboard in the minibus?") == frozenset()
    assert deeds("How do I bring our list of members in from Excel?") == {"import"}
    assert deeds("Can I call the tour off the evening before?") == {"cancel"}


@pytest.mark.parametrize(
    ("asked", "article"),
    [
        ("Can I freeze my membership?", "Choose Hold to take a break of up to two months."),
        ("How do I prolong the lease?", "More time: renew it under Lease."),
        ("How can I bring back a closed shop?", "Press Reopen beside its name."),
        ("How do I lend the key to a guest?", "Guests may borrow one."),
        ("How do I pass my plot on to a neighbour?", "Transfer a plot."),
    ],
)
def test_other_words_for_the_same_deed(asked: str, article: str) -> None:
    """An article need not say it as the ask does."""
    assert deeds(asked) <= told(article)


@pytest.mark.parametrize(
    ("asked", "article"),
    [
        ("Can I pause my membership?", "Cancel your membership. It ends with the month."),
        ("Can I merge two baskets?", "Split a basket into two."),
        ("How do I restore a plot that I gave up?", "Give a plot up under Plots > Leave."),
        ("Can I sell my ticket?", "Refund a ticket until the day before."),
    ],
)
def test_another_deed_is_not_the_same(asked: str, article: str) -> None:
    """However near it lies."""
    assert not deeds(asked) <= told(article)
