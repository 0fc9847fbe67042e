"""The fact rule: what may be said of a passage, and what of it is harmed."""

from typing import Any

import pytest

from graph.facts.rule import harmed_claims

FEES = """The price of a locker depends on its size:
| Size | Price in euros | Days |
| --- | --- | --- |
| Small | 4 | 12 |
| Large | 15 | 3 |"""
EXCLUDED = """## What we do not replace

- Batteries that are worn out.
- Cases with scratches."""
PLAIN = (
    "A guest card costs 1 250 euros for 2 years. It is sent within 10 days. "
    "Error E-207 means that the door is open. Cards cannot be passed on. "
    "Only owners may order more than 50 cards."
)


def harms(text: str, *claims: str, title: str = "Help") -> list[str]:
    """What is harmed in claims that cite one passage."""
    evidence: Any = {"e": {"id": "e", "title": title, "heading": "", "text": text}}
    stated: Any = [{"text": one, "ask_id": "a", "evidence": ["e"]} for one in claims]
    return [one.what for one in harmed_claims("\n".join(claims), stated, evidence)]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (PLAIN, ("A guest card costs 1 250 euros for 2 years.",)),
        (PLAIN, ("A guest card costs €1,250 for two years.",)),
        (PLAIN, ("Your card is sent within 10 days.",)),
        (PLAIN, ("E-207 means that the door is open.",)),
        (PLAIN, ("Cards can't be passed on.",)),
        (FEES, ("Small – Price in euros: 4; Days: 12.",)),
        (FEES, ("The price of a large locker is 15 euros.",)),
        (EXCLUDED, ("What we do not replace:", "Batteries that are worn out.")),
    ],
)
def test_what_stands_so_in_the_passage_may_be_said(text: str, claims: tuple[str, ...]) -> None:
    """Word for word, or with the number's own unit and neighbours."""
    assert harms(text, *claims) == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (PLAIN, "A guest card costs 1 200 euros for 2 years."),
        (PLAIN, "A guest card costs 1 250 dollars for 2 years."),
        (PLAIN, "A guest card costs 1 250 euros for 2 months."),
        (PLAIN, "The card is valid within 50 days of delivery."),
        (PLAIN, "E-208 means that the door is open."),
        (PLAIN, "Cards can be passed on."),
        (PLAIN, "A guest card never costs 1 250 euros for 2 years."),
        (PLAIN, "The cards are sent by Globex within 10 days."),
        (FEES, "The price of a large locker is 4 euros."),
        (FEES, "The price of a small locker is 12 euros."),
        (EXCLUDED, "Batteries that are worn out."),
    ],
)
def test_a_harmed_fact_is_found(text: str, claim: str) -> None:
    """Another number, unit, code, name or row; a negation that was lost, added or left above."""
    assert harms(text, claim)


def test_a_claim_without_known_evidence_is_harmed_by_its_numbers() -> None:
    """The rule fails closed: what nothing states is a finding."""
    claim: Any = {"text": "It costs 8 euros.", "ask_id": "a", "evidence": ["gone"]}
    assert harmed_claims("", [claim], {})


def test_a_cell_of_several_sentences_may_be_told_as_its_row_is() -> None:
    """A row is one statement: its second sentence has neither the key nor the "no" of the first."""
    table = "|  |  |\n| --- | --- |\n| L4 | No signal. Check lead 2. |\n| L5 | Pump 3 is off. Wait 10 minutes. |"
    assert harms(table, "L4 – No signal. Check lead 2.") == []
    assert harms(table, "L4 – No signal. Check lead 3.")
