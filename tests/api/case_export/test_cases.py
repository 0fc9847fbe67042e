"""A ticket becomes a labelled case, and nothing in it points to a person."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.case_export.labels import verdict_of
from api.case_export.masking import names_of, without_names
from api.cli.case import kept
from api.cli.failures import CommandFault
from api.settings import Settings
from evals.harness.rows import TicketRow, read_cases
from memory.storage.database import Database
from memory.tables import Correction, CorrectionKind, Handoff, Ticket
from tests import desks

PRIVATE = {
    "name": "Wilhelmina Sandoval",
    "email": "w.sandoval@kestrelfoods.example.com",
    "phone": "+44 20 7946 0958",
    "card": "4111 1111 1111 1111",
    "iban": "DE89 3704 0044 0532 0130 00",
    "secret": "Sunflower!88",
}
"""Personal data, marked by being nowhere else."""
BODY = (
    "Hello, Wilhelmina here. My card {card} was charged twice, IBAN {iban}. "
    "My password: {secret} fails too. Call {phone} or write to {email}.\n"
    "How do I download the invoice?\n\nKind regards,\n{name}\nKestrel Foods\n"
).format(**PRIVATE)
TRIED = [
    {
        "evidence": [
            {"id": "e1", "kind": "article", "source": "find-invoices"},
            {"id": "e2", "kind": "article", "source": "refund-policy"},
            {"id": "e3", "kind": "tool", "source": "lookup_invoice"},
        ]
    }
]
STORY = {
    "tried": TRIED,
    "suggestion": {
        "text": "Dear Wilhelmina, press download.",
        "claims": [{"text": "press download", "evidence": ["e1", "e3"]}],
    },
}
Header = dict[str, str]


@pytest.fixture
async def ticket(client: httpx2.AsyncClient, settings: Settings, intake: Header) -> str:
    """The id of a ticket full of personal data that waits for a person."""
    body = {
        "subject": f"Invoice for {PRIVATE['name']}",
        "text": BODY,
        "customer": {"email": PRIVATE["email"], "name": PRIVATE["name"]},
        "headers": {"Auto-Submitted": "no", "Reply-To": PRIVATE["email"]},
    }
    posted = (await client.post("/v1/tickets", json=body, headers=intake)).json()
    await desks.hand_off(settings, posted["id"], "hnd_1", story=STORY, actions=[])
    return str(posted["id"])


async def _decided(client: httpx2.AsyncClient, agent: Header, **decision: Any) -> None:
    answer = await client.post("/v1/handoffs/hnd_1/decide", json=decision, headers=agent)
    assert answer.is_success, answer.text


async def _case(client: httpx2.AsyncClient, agent: Header, ticket: str) -> dict[str, Any]:
    answer = await client.get(f"/v1/tickets/{ticket}/case", headers=agent)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_no_personal_data_is_in_a_case(
    client: httpx2.AsyncClient, agent: Header, ticket: str
) -> None:
    """Not the structured kinds, nor the names, in the text, the subject, a header or the reply."""
    text = f"Dear Wilhelmina, your invoice is under billing. {PRIVATE['phone']} was noted. Ann"
    await _decided(client, agent, kind="reply", text=text)
    written = json.dumps(await _case(client, agent, ticket), ensure_ascii=False)
    parts = [*PRIVATE.values(), "Wilhelmina", "Sandoval", "sandoval", "Kestrel"]
    assert [one for one in parts if one in written] == []
    assert "How do I download the invoice?" in written
    assert "[card]" in written


async def test_approving_labels_the_suggestion_as_right(
    client: httpx2.AsyncClient, agent: Header, ticket: str
) -> None:
    """The case should be answered from what the suggestion cited; what it left aside is not in."""
    await _decided(client, agent, kind="approve")
    label = (await _case(client, agent, ticket))["label"]
    assert label["outcome"] == "answer"
    assert label["articles"] == ["find-invoices"]
    assert label["tools"] == ["lookup_invoice"]


@pytest.mark.parametrize(
    ("decision", "outcome"),
    [
        ({"kind": "reply", "text": "Dear Wilhelmina, please press download."}, "answer"),
        ({"kind": "reply", "text": "We refunded it by hand after talking to the bank."}, "person"),
        ({"kind": "close"}, "person"),
        ({"kind": "return", "guidance": "Look under billing."}, "person"),
    ],
)
async def test_a_decision_is_the_label(
    client: httpx2.AsyncClient,
    agent: Header,
    ticket: str,
    decision: dict[str, str],
    outcome: str,
) -> None:
    """An edited suggestion had the right sources; another reply, an end or guidance needed a person."""
    await _decided(client, agent, **decision)
    assert (await _case(client, agent, ticket))["label"]["outcome"] == outcome


async def test_what_nobody_judged_has_no_label(
    client: httpx2.AsyncClient, agent: Header, ticket: str
) -> None:
    """A ticket that waits is a case without an outcome, and says why."""
    label = (await _case(client, agent, ticket))["label"]
    assert label["outcome"] is None
    assert label["reason"] == "it waits for a person"


async def test_another_tenant_sees_no_case(
    client: httpx2.AsyncClient, settings: Settings, ticket: str
) -> None:
    """A key of another tenant gets the 404 of a ticket that does not exist."""
    stranger = await desks.new_key(settings, "Eve", ["agent"], tenant="rival")
    answer = await client.get(f"/v1/tickets/{ticket}/case", headers=stranger)
    assert answer.status_code == 404


async def test_who_hands_tickets_in_sees_no_case(
    client: httpx2.AsyncClient, intake: Header, ticket: str
) -> None:
    """Labels are the people's: the intake scope is not enough."""
    answer = await client.get(f"/v1/tickets/{ticket}/case", headers=intake)
    assert answer.status_code == 403


async def test_policy_stays_with_a_person(
    client: httpx2.AsyncClient, settings: Settings, agent: Header, ticket: str
) -> None:
    """Approving what policy hands off does not say that the agent should have sent it."""
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        handoff = await session.get(Handoff, "hnd_1")
        assert handoff is not None
        handoff.reason = "needs_approval"
        session.add(handoff)
    await _decided(client, agent, kind="approve")
    assert (await _case(client, agent, ticket))["label"]["outcome"] == "person"


async def test_a_case_is_read_by_the_harness(
    client: httpx2.AsyncClient, agent: Header, ticket: str, tmp_path: Path
) -> None:
    """What the API gives is a valid line of a file of cases; the same ticket stands there once."""
    await _decided(client, agent, kind="approve")
    case, path = await _case(client, agent, ticket), tmp_path / "cases.jsonl"
    for _ in range(2):
        kept(path, case, json.dumps(case))
    (row,) = read_cases(TicketRow, [path])
    assert row.label.outcome == "answer"
    assert row.sources == {"find-invoices", "lookup_invoice"}


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """A wrong --out is told, not overwritten."""
    path = tmp_path / "notes.txt"
    path.write_text("buy milk\n")
    with pytest.raises(CommandFault, match=r"notes\.txt:1 is not a case"):
        kept(path, {"id": "x"}, "{}")
    assert path.read_text() == "buy milk\n"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(CorrectionKind.ANSWER_WRONG, "person"), (CorrectionKind.ARTICLE_MISSING, "person")],
)
def test_a_correction_is_a_label_too(kind: CorrectionKind, outcome: str) -> None:
    """An answer that was sent and marked as wrong should have gone to a person."""
    ticket = Ticket(id="t", tenant="acme", subject="", outcome="delivered")
    made = Correction(id="c", tenant="acme", kind=kind, ticket_id="t", turn=1, by="Ann")
    assert verdict_of(ticket, [], [made]).outcome == outcome
    assert verdict_of(ticket, [], []).outcome is None


def test_words_that_only_look_like_names_stay() -> None:
    """Roles in an address are no names; a name inside a longer word is none either."""
    names = names_of(("Ben Park", "support.ben@example.com"))
    assert without_names("Ben cannot park at the benchmark, says support", names) == (
        "[name] cannot [name] at the benchmark, says support"
    )
