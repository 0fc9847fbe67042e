"""The pure functions that judge replies, on sentences made by hand."""

from pathlib import Path

import pytest

from evals.figures.datasets import DataError
from evals.harness.readers.visible import of_markdown
from evals.replies.belonging import belongs, told
from evals.replies.harm import harmed
from evals.replies.labels import ReplyLabel, read_labels
from evals.replies.scoring import ReplyScore, figures, scored, source_blocks
from evals.replies.tokens import holds, tokens
from evals.replies.wording import body, broken, sentences, stray

ARTICLE = """# Boats

A boat costs €1,250.00 a year. You cannot sublet it. It must be back by 9 November 2026.

| Pier | Monthly | Yearly |
|---|---|---|
| North | €4 | €40 |
| South | €15 | €150 |

## What is not insured

- Lost oars.
- Damage by ice above 3 cm.
"""
SOURCE = source_blocks(of_markdown(ARTICLE).blocks)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("€1,250.00", "1250 euros"),
        ("1 250 €", "1\u00a0250 eur"),
        ("2026-11-09", "9 November 2026"),
        ("9 Nov 2026", "9 november 2026"),
        ("seven days", "7 days"),
        ("don't", "do not"),
        ("**Save** > now", "save now"),
        ("30 %", "30%"),
    ],
)
def test_two_spellings_are_one(one: str, other: str) -> None:
    """Amounts, dates, numbers and negations compare however they are written."""
    assert tokens(one) == tokens(other)


def test_a_phrase_is_told_as_a_whole() -> None:
    """Its tokens one after the other, and no part of a longer number."""
    said = tokens("Open **People > Import**; at most 500 lines.")
    assert holds(said, "People > Import")
    assert not holds(said, "Import people")
    assert not holds(tokens("25 days"), "5 days")


@pytest.mark.parametrize(
    "reply",
    [
        "A boat costs 1250 euros a year. You cannot sublet it.",
        "It must be back by 2026-11-09.",
        "The yearly price of pier North is €40.",
        "- North: Monthly €4, Yearly €40",
        "What is not insured:\n- Lost oars.",
        "Please tell us which pier you mean.",
    ],
)
def test_what_stands_in_the_source_is_not_harmed(reply: str) -> None:
    """In its own words or in another spelling, a cell with its key and header."""
    assert harmed(reply, SOURCE) == []


@pytest.mark.parametrize(
    ("reply", "what"),
    [
        ("A boat costs 125 euros a year.", "125"),
        ("A boat costs 1250 dollars a year, 1250 $.", "1250"),
        ("The monthly price of pier North is €15.", "15"),
        ("You can sublet it.", "negation"),
        ("It must be back by 19 November 2026.", "19"),
        ("- Damage by ice above 3 m.", "3"),
        ("These are insured:\n- Lost oars.", "without its 'What is not insured'"),
    ],
)
def test_harm_is_found(reply: str, what: str) -> None:
    """Another number, unit or neighbour, a lost negation, an item without what negates it."""
    found = harmed(reply, SOURCE)
    assert found
    assert what in found[0]


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("Open the lid. Press the knob.", [False]),
        ("1. Open the\n2. Press it.", [True, False]),
        ("Enter these values:", [True]),
        ("Enter these values:\n- x\n- y", [False, False, False]),
        ("Press **Save", [True]),
        ("Use the key (the small one.", [True]),
        ("See the table below.", [True]),
        ("Run this:\n```\nls (\n```", [False]),
        ("```\nls", [True]),
        ("| a | b (\n|---|\nDone.", [False]),
    ],
)
def test_broken_lines(text: str, flags: list[bool]) -> None:
    """An end in the middle, a pair that is open, a reference to what is not there."""
    assert broken(text) == flags


def test_the_body_is_what_is_told() -> None:
    """Greeting, closing, marks and the list of sources are left out."""
    reply = "Hello Jo,\n\nPress Save. [1]\n\nBye,\nUs\n\nSources:\n[1] Saving"
    assert body(reply, "Bye,\nUs") == "Press Save."


def test_a_question_behind_an_answer_is_stray() -> None:
    """An answer that asks back as well is told."""
    assert stray("Press Save. Which browser do you use?")
    assert not stray("Press Save. Then you are done.")


def test_sentences_keep_code_whole() -> None:
    """Items lose their marks; a piece of code is one sentence."""
    assert sentences("1. Run it. Then wait.\n```\na. b\nc\n```") == [
        "Run it.",
        "Then wait.",
        "a. b\nc",
    ]


def test_sentences_that_belong() -> None:
    """Seven tenths of what a sentence tells stand in one block of the gold."""
    flags = belongs("A boat costs 1250 euros a year. The moon is made of cheese.", [ARTICLE])
    assert flags == [True, False]
    assert told("Press the red knob twice.", "Press the red knob. Whistle a long tune.") == [
        True,
        False,
    ]


def test_a_label_counts_facts_and_asks(tmp_path: Path) -> None:
    """Each fact by any of its ways; an ask without any fact told is unanswered."""
    file = tmp_path / "replies.jsonl"
    file.write_text(
        '{"id": "x", "asks": [["4 euros|free", "North"], ["ice"]], "never": ["South"]}\n'
    )
    label = read_labels(file)["x"]
    said = tokens("North is free.")
    assert label.told(said) == [True, True, False]
    assert label.unanswered(said) == [False, True]
    assert label.forbidden(tokens("Take South.")) == ["South"]


@pytest.mark.parametrize(
    "row", ['{"id": "x"}', '{"id": "x", "asks": [[]]}', '{"id": "x", "asks": ["a"]}']
)
def test_a_bad_label_is_told_with_its_line(tmp_path: Path, row: str) -> None:
    """An error names file and line."""
    file = tmp_path / "replies.jsonl"
    file.write_text(row + "\n")
    with pytest.raises(DataError, match=r"replies\.jsonl:1"):
        read_labels(file)


def test_figures_have_their_own_n() -> None:
    """Facts, sentences, lines, replies and asks are counted apart; without data there is none."""
    label = ReplyLabel("x", ((("€40",), ("North",)),), ())
    one = scored("The yearly price of North is €40.", label, SOURCE, SOURCE)
    found = figures([one, ReplyScore(told=[False])])
    assert found["key_facts"].value == pytest.approx(2 / 3)
    assert found["key_facts"].n == 3
    assert (found["harmed"].value, found["harmed"].n) == (0, 2)
    assert (found["unanswered"].value, found["unanswered"].n) == (0, 1)
    assert figures([])["key_facts"].value is None


def test_a_whole_row_may_be_told_with_the_names_of_its_columns() -> None:
    """A no in one of its cells is no negation of the others."""
    rows = (
        "| Plan | Reply | Phone |\n|---|---|---|\n| Low | 8 hours | no |\n| High | 4 hours | yes |"
    )
    source = source_blocks(of_markdown(rows).blocks)
    assert harmed("Low – Reply: 8 hours; Phone: no.", source) == []
    assert harmed("High – Reply: 4 hours; Phone: no.", source)


def test_lines_in_a_row_may_be_told_as_one() -> None:
    """A list whose marks were lost is told as one line, with the negation of one of its items."""
    lines = "Your name, birthday, job, phone, address, city and country\n\nA recent letter (not needed here)"
    source = source_blocks(of_markdown(lines).blocks)
    told = lines.replace("\n\n", " ")
    assert harmed(told, source) == []
    assert harmed(told.replace("A recent", "no recent"), source)
