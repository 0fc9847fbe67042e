"""What a page says can be done by whoever reads it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.console.parts import words
from memory.journal.codes import Reason
from memory.patterns import linear

PAGES = Path(__file__).parents[3] / "api" / "console"
MOST_SHORT = 32
"""Letters of a row's second line, which also names the customer and the intent."""
COMMAND = linear(r"\bdeskhand [a-z]+|\b(?:GET|POST|PUT|DELETE) /")
"""What only somebody at the machine's shell, or a program, could follow."""


def sayings() -> Iterator[tuple[str, str]]:
    """Each text of the console's code but for docstrings, with its file."""
    for file in sorted(PAGES.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        nodes = list(ast.walk(tree))
        about = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            said = node.value if isinstance(node, ast.Constant) and id(node) not in about else None
            if isinstance(said, str):
                yield file.name, said


def test_no_page_tells_a_lead_to_type_a_command() -> None:
    """An empty list names the next step in the console, or the person to ask."""
    found = list(sayings())
    assert len(found) > 500
    assert [one for one in found if COMMAND.search(one[1])] == []


def test_two_actions_of_one_name_are_told_apart() -> None:
    """By what they are for; a reason in words stands beside them anyway."""
    arguments = {"invoice_id": "B-7", "amount": 48.0, "reason": "Twice paid."}
    one = {"tool": "refund_payment", "arguments": arguments, "units": {"amount": "EUR"}}
    other = {**one, "arguments": arguments | {"invoice_id": "B-8"}, "units": {}}
    assert words.action(one) == "Refund payment B-7, 48 EUR"
    assert words.action(other) == "Refund payment B-8"


def test_a_reason_is_told_in_the_same_words_in_lists_and_in_the_filter() -> None:
    """No code to guess; one of another release is shown without its marks, a missing one not at all."""
    assert words.why("always_person") == "a person answers this intent"
    assert words.narrowed("reason", "serious") == "complaint, threat, law or danger"
    assert words.narrowed("intent", "order_status") == "order status"
    assert (words.why("of_tomorrow"), words.why(None)) == ("of tomorrow", "")
    told = [words.why(one) for one in Reason]
    assert len(set(told)) == len(told)
    assert max(map(len, told)) <= MOST_SHORT


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        (
            "Only a person may approve refund_payment: no threshold changes that.",
            "Only a person may approve refund payment: no threshold changes that.",
        ),
        (
            "The intent is order_status: 0.9 is above 0.35.",
            "The intent is order status: 0.9 is above 0.35.",
        ),
        ("Written in desk.yaml as INV_2026.", "Written in desk.yaml as INV_2026."),
        *(
            (kept, kept)
            for kept in (
                "With `limits.tool_calls` at 9 or more it would fit.",
                "With a higher limits.model_calls it would have gone on.",
                "It came in the thread of ticket tkt_01m8kexhfb72367cxepx1hx2m2.",
                "The file fil_a3f09b7c1d2e4f5061728394a5b6c7d8 is gone.",
            )
        ),
    ],
)
def test_codes_of_tools_and_intents_are_told_in_words(sentence: str, shown: str) -> None:
    """A person at the desk has never seen the desk's file; numbers of records stay."""
    assert words.readable(sentence) == shown
