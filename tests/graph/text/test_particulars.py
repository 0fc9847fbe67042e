"""What an ask names in particular decides which passage may answer it."""

import pytest

from graph.text.particulars import fitting, particulars, undoes, unmet


@pytest.mark.parametrize(
    ("asked", "titles", "text"),
    [
        ("What does bulletin 31 say?", "Bulletin 27", "Change the filter."),
        ("The door shows F-014", "Door faults", "F-012: the hinge is loose."),
        ("How do I set it up on my iPad?", "Set it up on Android", "Open the app."),
        ("Is a yearly ticket refunded?", "Monthly tickets", "They are refunded."),
        ("I still have my old key, how do I swap it?", "You lost your key", "Pay 30 euros."),
        ("I forgot my code", "Change a code that you still know", "Enter the old one."),
        ("How do I import contacts?", "Export contacts", "Press Export."),
        ("Do you have an A0 plotter?", "Plotters", "There is a plotter on each floor."),
        ("Is there a Braille keyboard?", "Keyboards", "Each keyboard can be hired."),
        ("Can you stop the cancellation?", "Cancel a subscription", "Select Cancel and confirm."),
        ("Charging it without a cable", "Charge a phone with a cable", "Plug it in."),
        ("It has no handle, how do I open it?", "Open a door that has a handle", "Press it."),
        ("how do I undo the deletion", "Delete a board", "Deleting removes all of its cards."),
        ("I deleted a board by mistake", "Delete a board", "Deleting removes all of its cards."),
        ("We accidentally closed the account", "Close an account", "1. Select Close. 2. Confirm."),
    ],
)
def test_a_passage_about_another_thing_does_not_answer(asked: str, titles: str, text: str) -> None:
    """Another number, platform, side or situation than the one asked about."""
    assert unmet(particulars(asked), titles, text)


@pytest.mark.parametrize(
    ("asked", "titles", "text"),
    [
        ("What does bulletin 31 say?", "Bulletins", "Bulletin 31: change the oil."),
        ("My order AB-104233 has not come", "Orders", "Its number looks like AB-100001."),
        ("The bill AB-104233 is wrong", "Bills", "We correct a bill within 3 days."),
        ("How do I set it up on my iPad?", "Set it up", "On Android open the store."),
        ("We pay monthly, can we pay yearly?", "Yearly payment", "Choose it at Plan."),
        ("We were 48 people in May", "Count of people", "A team of 50 people pays less."),
        ("Can you stop the cancellation?", "Cancel", "Until the last day you can reactivate it."),
        ("How do I leave without paying?", "Leave with a fee", "Pay at the gate."),
        ("It has no handle, how do I open it?", "Doors", "A door without a handle opens by card."),
        ("How do I cancel my subscription?", "Cancel a subscription", "Select Cancel."),
    ],
)
def test_what_names_nothing_else_may_answer(asked: str, titles: str, text: str) -> None:
    """A customer's own numbers and counts are no particulars of an article."""
    assert unmet(particulars(asked), titles, text) == []


def test_the_passage_that_names_the_very_code_answers_alone() -> None:
    """Where one does, the others are left out."""
    said = [("Faults", "F-012: loose."), ("Faults", "F-014: no power."), ("Faults", "Call us.")]
    assert fitting(particulars("It shows f-014"), said) == [False, True, False]


def test_undoing_is_told_from_doing() -> None:
    """By its own words."""
    assert undoes("Can I take it back?")
    assert undoes("How to restore a folder")
    assert not undoes("How to delete a folder")


def test_a_unit_of_space_is_no_code() -> None:
    """A row on 2 m³ is not the row on "m3"."""
    assert particulars("over 2 m³ or 30 m²").codes == frozenset()
    assert particulars("the M3 motor").codes == {("m", "3")}
