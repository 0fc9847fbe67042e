"""The strict label: an answer counts only with its key facts."""

import json
from pathlib import Path

import pytest

from evals.harness.rows import Label
from evals.replies.company import open_company
from evals.replies.scoring import ReplyScore
from evals.replies.strict import Ending, Strict, strict, strict_figures

ANSWER = Label(outcome="answer", articles=("lamps",), must_not=("for ever",))
PERSON = Label(outcome="person")


def _told(facts: str, *, forbidden: bool = False) -> ReplyScore:
    """`+` for a key fact that is told, `-` for one that is not."""
    return ReplyScore(
        told=[one == "+" for one in facts],
        forbidden=["for ever"] if forbidden else [],
    )


@pytest.mark.parametrize(
    ("label", "ending", "score", "as_labelled", "wrong"),
    [
        (ANSWER, Ending("delivered", "7 hours", ("lamps",)), _told("++"), True, False),
        (ANSWER, Ending("delivered", "7 hours", ("lamps",)), _told("+-"), False, False),
        (ANSWER, Ending("delivered", "No idea", ("lamps",)), _told("-"), False, True),
        (ANSWER, Ending("delivered", "7 hours", ("boats",)), _told("+"), False, True),
        (ANSWER, Ending("delivered", "It is for ever", ("lamps",)), _told("+"), False, True),
        (ANSWER, Ending("delivered", "x", ("lamps",)), _told("+", forbidden=True), False, True),
        (ANSWER, Ending("with_person", ""), None, False, False),
        (PERSON, Ending("with_person", ""), None, True, False),
        (PERSON, Ending("delivered", "7 hours", ("lamps",)), _told(""), False, True),
        (Label(outcome="clarify"), Ending("clarifying", "Which?"), None, True, False),
        (ANSWER, Ending("", ""), None, False, False),
    ],
)
def test_an_answer_counts_only_with_its_key_facts(
    label: Label, ending: Ending, score: ReplyScore | None, as_labelled: bool, wrong: bool
) -> None:
    """A person instead of an answer is safe, not right; half an answer is neither wrong nor right."""

    def judged() -> ReplyScore:
        assert score is not None, "nothing was sent, so there is nothing to judge"
        return score

    found = strict(label, ending, judged)
    assert (found.as_labelled, found.wrong) == (as_labelled, wrong)


def test_figures_count_what_was_delivered() -> None:
    """Wrong and harmed are shares of the answers that went out, the others of all tickets."""
    found = strict_figures(
        [
            Strict(as_labelled=True, delivered=True, wrong=False, harmed=False),
            Strict(as_labelled=False, delivered=True, wrong=True, harmed=True),
            Strict(as_labelled=True, delivered=False, wrong=False, harmed=False),
            Strict(as_labelled=False, delivered=False, wrong=False, harmed=False),
        ]
    )
    assert {name: (one.value, one.n) for name, one in found.items()} == {
        "as_labelled": (0.5, 4),
        "wrong": (0.5, 2),
        "harmed": (0.5, 2),
        "delivered": (0.5, 4),
    }


def test_figures_without_deliveries_are_no_zero() -> None:
    """Where nothing was delivered, no share of it is known."""
    sent = Strict(as_labelled=True, delivered=False, wrong=False, harmed=False)
    assert strict_figures([sent])["wrong"].value is None


def test_a_company_judges_by_its_articles_and_records(tmp_path: Path) -> None:
    """The reply is compared with what it cites: an article, or a record in the tool's words."""
    company = open_company(Path("examples/fernhill"), Path("examples/fernhill/tickets.jsonl"))
    record = (
        "Your order FH-104233 (2 × Fernhill Clock) of 2026-11-16 has the status shipped. "
        "It left our warehouse on 18 November 2026 and should arrive by 25 November."
    )
    right = company.judge("fh-035", Ending("delivered", record, ("lookup_order",)))
    turned = record.replace("25 November", "27 November")
    harmed = company.judge("fh-035", Ending("delivered", turned, ("lookup_order",)))
    assert right.as_labelled
    assert (right.harmed, harmed.harmed) == (False, True)
    assert not harmed.as_labelled


def test_tickets_without_labels_of_facts_are_judged_by_their_end(tmp_path: Path) -> None:
    """Other tickets than the company's own have no key facts."""
    row = {"id": "new", "body": "hello", "label": {"outcome": "person"}}
    tickets = tmp_path / "tickets.jsonl"
    tickets.write_text(json.dumps(row) + "\n", encoding="utf-8")
    company = open_company(Path("examples/fernhill"), tickets)
    assert company.judge("new", Ending("with_person", "")).as_labelled
