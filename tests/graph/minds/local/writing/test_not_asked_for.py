"""What another one asked, another row, another code and an example are not told beside an answer."""

from tests.graph.minds.local.writing.test_other_questions import _told

KENNELS = (
    "| Kennel | Animal | Price |\n|---|---|---|\n| Hut S | 2 to 10 kg | 9 EUR |\n"
    "| Hut M | 10 to 20 kg | 12 EUR |\n| Hut L | 20 to 40 kg | 15 EUR |\n| Den | 20 to 60 kg | 30 EUR |"
)


def test_a_size_in_any_column_chooses_the_row() -> None:
    """Of rows that all hold it those whose name was said."""
    assert _told("Which Hut is right for a dog of 20.5 kg?", KENNELS) == [
        "Hut L – Animal: 20 to 40 kg; Price: 15 EUR."
    ]


def test_a_verb_names_no_row_by_the_end_of_a_name() -> None:
    """Who wants to pay names no "Berry Pay"."""
    table = (
        "| Way | Taken |\n|---|---|\n| Berry Pay | yes |\n| Coupons | not for seeds |\n"
        "| Cheques | no |\n| Cash | at the gate |"
    )
    assert _told("Can I pay with coupons?", table) == ["Coupons – Taken: not for seeds."]


def test_a_paragraph_that_introduces_nothing_does_not_lead_a_row() -> None:
    """It is no lead-in with a colon behind it."""
    table = "| Bed | Rent |\n|---|---|\n| Small | 9 EUR |\n| Large | 15 EUR |"
    told = _told(
        "What is the rent of a large bed?",
        f"Rents include water. (We changed them in May.)\n\n{table}",
    )
    assert told[0] == "Large – Rent: 15 EUR."


def test_of_a_list_of_codes_the_one_that_was_named_is_told() -> None:
    """Whatever stands between the code and what it means."""
    listed = (
        "- P-1 The pump does mean trouble.\n- P-2 The tank is empty.\n- P-3 What the lid does mean."
    )
    assert _told("What does P-2 mean?", listed) == ["Allotments: P-2 The tank is empty."]


def test_what_stands_below_a_numbered_heading_is_told_with_it() -> None:
    """The heading says of what the notice is."""
    article = "## Notice 7: hoses of 2020\n\nLeaks at the valve. Bring it back."
    assert _told("What is notice 7 about?", article) == [
        "Notice 7: hoses of 2020: Leaks at the valve. Bring it back."
    ]


def test_another_question_and_its_answer_are_not_told_beside() -> None:
    """A list of questions has each with its answer in one paragraph."""
    article = (
        "**May I keep hens on the plot?**\nUp to six hens on the plot are welcome.\n\n"
        "**May I sell hens from the plot?**\nTo friends."
    )
    told = _told("How many hens may I keep on my plot and common land?", article)
    assert not any("sell" in one for one in told)


def test_examples_are_not_told_beside_a_rule() -> None:
    """They are somebody else's case."""
    article = (
        "## Leaving\n\nWho leaves a plot within 30 days gets the whole rent back.\n\n"
        "## Two examples\n\nAnna leaves within 30 days and gets the whole rent back."
    )
    told = _told("Who gets the whole rent back when they leave within 30 days?", article)
    assert not any("Anna" in one for one in told)


def test_where_something_stands_is_no_way_to_something_else() -> None:
    """The sentence that tells the place answers, though another one tells what to do."""
    article = (
        "The gate card has a code. The code of the gate card is shown under Plot > Card.\n\n"
        "Send us a photo of the gate card if you lost it, with its code."
    )
    assert "Plot > Card" in _told("Where do I find the code of the gate card?", article)[0]


def test_the_row_whose_whole_name_was_said_is_told() -> None:
    """The "Shed Lease" shares both of its words with who asks for the Long Lease of a shed."""
    table = (
        "| Lease | Rent |\n|---|---|\n| Shed Lease | 9 EUR |\n| Long Lease | 15 EUR |\n"
        "| Pond Lease | 4 EUR |\n| Winter Lease | 2 EUR |"
    )
    told = _told("What is the rent of the Long Lease for a shed?", table)
    assert told == ["Long Lease – Rent: 15 EUR."]


def test_below_the_case_that_was_told_no_other_case_answers() -> None:
    """However plainly another one says what to do."""
    article = (
        "### The bed is wet at the edge\n\nA wet edge comes from the drain, which did not help the bed.\n\n"
        "### The bed is dry in summer\n\nOpen the tap of the bed. It helps."
    )
    told = _told("My bed is wet at the edge, I opened the tap and it did not help", article)
    assert told == ["A wet edge comes from the drain, which did not help the bed."]
