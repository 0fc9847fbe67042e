"""Articles whose markup was stripped get their headings and steps back, and lose no word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.knowledge.documents.capital_headings import with_headings
from memory.knowledge.documents.flattened import restored

HEDGE_TRIMMER = (
    "Changing the battery\n"
    "The battery lasts two summers.Order a new one before it is empty. Note:Old batteries go back to the shop."
    "To change the battery:\n"
    "Switch the trimmer off. Slide the cover open. (Optional) Wipe the contacts. Choose the side:\n \n"
    "Left: for a short handle. Right: for a long one. Close the cover.What if the light stays red?"
    "The battery is not in place. Can I use an old one?Storing it for the winterKeep it dry.\n"
)


def test_steps_headings_and_notes_come_back() -> None:
    """Sentences are parted, a way is a list with its choices, questions and titles are headings."""
    assert restored(HEDGE_TRIMMER).split("\n\n") == [
        "## Changing the battery",
        "The battery lasts two summers. Order a new one before it is empty.",
        "Note: Old batteries go back to the shop.",
        "To change the battery:\n1. Switch the trimmer off.\n2. Slide the cover open.\n"  # noqa: ISC004
        "3. (Optional) Wipe the contacts.\n4. Choose the side:\n"
        "   - Left: for a short handle.\n   - Right: for a long one.\n5. Close the cover.",
        "## What if the light stays red?",
        "The battery is not in place.",
        "## Can I use an old one?",
        "## Storing it for the winter",
        "Keep it dry.",
    ]


def test_numbers_of_steps_that_touch_are_not_told() -> None:
    """They are counted anew; a version, a time or a price keeps its digits."""
    told = restored(
        "It hums.Do this.Then wait. Version 4.21. It waits.\nTo wake it:\nPress Start.2. Hold it.3) Release it.4. Wait."
    )
    assert told == (
        "It hums. Do this. Then wait. Version 4.21. It waits.\n\n"
        "To wake it:\n1. Press Start.\n2. Hold it.\n3. Release it.\n4. Wait."
    )


def test_what_the_last_step_opens_belongs_to_it() -> None:
    """Choices below it, though no further step follows; and a subject begins behind any word."""
    told = restored(
        "The lamp dims.Set it once.\nTo set the lamp:\nPress Mode. Pick a light:\n \nWarm: For the evening.\n \n"
        "Cold: For work.\nUsing the lampYou can read by the lamp.Using the lampYou can sleep by it."
    )
    assert told.split("\n\n")[1:] == [
        "To set the lamp:\n1. Press Mode.\n2. Pick a light:\n   - Warm: For the evening.\n   - Cold: For work.",
        "## Using the lamp",
        "You can read by the lamp.",
        "## Using the lamp",
        "You can sleep by it.",
    ]


def test_a_sentence_may_end_in_a_number_or_a_letter() -> None:
    """A time, a count or the name of a place ends one as a word does."""
    told = restored(
        "Park in Yard C.The gate opens at 07:15.Bring your badge.They count to 12.It is free."
    )
    assert told == (
        "Park in Yard C. The gate opens at 07:15. Bring your badge. They count to 12. It is free."
    )


def test_the_same_way_for_two_products_is_two_lists() -> None:
    """Where a line begins with the first step again, another list begins."""
    text = (
        "Both apps can print.Here is how.It takes a minute.\n"
        "Open the menu. Tap Share. Tap Print.\nOpen the menu. Click File. Click Print."
    )
    assert restored(text).count("1. Open the menu.") == 2


def test_what_a_person_says_before_a_question_stands_in_its_heading() -> None:
    """A question of a list of them may need what stands before: "I sold it. How do I ...?"."""
    text = (
        "All about passes.FAQsClick a question.Can I lend it?No.It is yours alone. "
        "I moved house. Do I need another?No, the old one stays valid."
    )
    assert "## I moved house. Do I need another?" in restored(text)


@pytest.mark.parametrize(
    "text",
    [
        "Call System.Exit to end it. Console.WriteLine prints, and so does Logger.Info here.",
        "# Kept.As it is\n\n- An item.With a habit\n- Another.With the same\n",
        "Use the iPhone or eBay. LinkedIn works too. So does YouTube.",
        "var a = b.Create();\nb.Open().Close();\nDone.Now it runs.It ends.",
        "Open at 9.Closed on Sunday.",
    ],
    ids=["names of a program", "has marks", "names", "code", "one place"],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    """Without the habit, or with marks of its own, nothing is changed."""
    assert restored(text) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "The lamp is on",
                "Press the knob.",
                "Why?",
                "Note:",
                "end.Then",
                "siteIf",
                "\n",
                "FAQs",
                "Choose:",
                "(optional) Turn it.",
                "# x",
                "- y",
                "e.g. so",
                "It glows.Or not.",
                "   ",
            ]
        )
    ).map(" ".join)
)
def test_no_sign_is_lost_or_added_but_marks(text: str) -> None:
    """What is not a blank or a mark of our own stands in the same order as before."""

    def signs(some: str) -> str:
        lines = (line.strip().removeprefix("\\") for line in some.split("\n"))
        bare = (line.removeprefix("## ").removeprefix("- ").lstrip("0123456789") for line in lines)
        return "".join(
            "".join(bare)
            .replace("-", "")
            .replace("#", "")
            .replace(".", "")
            .replace("…", "")
            .split()
        )

    assert signs(restored(text)) == signs(text)


def test_lines_in_capitals_are_headings() -> None:
    """Where several stand above what they introduce; a cry, a code or a name is none."""
    said = "SYMPTOM\nThe pump hums.\n\nWHAT TO DO (AT HOME)\nOpen the valve."
    marked = "## SYMPTOM\n\nThe pump hums.\n\n## WHAT TO DO (AT HOME)\n\nOpen the valve."
    assert with_headings(said) == marked
    for other in ("HELP\nIt leaks.", "E-14 ERROR\nOne.\n\nAB 12\nTwo.", f"# Pump\n\n{said}"):
        assert with_headings(other) == other


def test_a_line_of_capitals_above_the_first_heading_is_the_title() -> None:
    """The article is called by it, and not by its first section."""
    said = "PUMP HOUSE\n\nSYMPTOM\n\nIt hums.\n\nCURE\n\nOpen the valve."
    assert with_headings(said).startswith("# PUMP HOUSE\n\n\n## SYMPTOM\n")


def test_a_heading_and_a_note_behind_a_sentence_are_found_by_what_follows_them() -> None:
    """A word that stands nowhere else is a heading before a clause; a name may end with a mark."""
    told = restored(
        "Rust ruins a blade.Wipe it.LeavesA wet leaf sticks (as with a hedge.)Warning:Wear gloves.\n"
        "To pick a guard:\nOpen the box. Click the Which guard? menu and take one. Close the box."
    )
    assert told.split("\n\n") == [
        "Rust ruins a blade. Wipe it.",
        "## Leaves",
        "A wet leaf sticks (as with a hedge.)",
        "Warning: Wear gloves.",
        "To pick a guard:\n1. Open the box.\n2. Click the Which guard? menu and take one.\n"  # noqa: ISC004
        "3. Close the box.",
    ]
