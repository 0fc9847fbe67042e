"""Tickets of trials know nothing of each other, and count what a person may approve."""

from pathlib import Path

from evals.harness.desk_runtime import open_desk
from evals.harness.setup import Setup
from evals.stack.stack import PROJECT_CACHE
from evals.trials.conversations import judged_ticket
from evals.trials.trial import Trial


def _trial(text: str, expect: str, email: str) -> Trial:
    customer = {"email": email, "name": "Ada Boat"}
    body = {"subject": "", "text": text, "customer": customer, "headers": {}}
    return Trial("t/x", "ticket", Path("x.json"), expect, body=body)


async def test_trials_know_nothing_of_each_other_and_count_what_may_be_approved() -> None:
    """All come from the same few customers, whose earlier handoffs would raise the next; a sum in doubt is no proposal."""
    async with open_desk(Setup(cache=PROJECT_CACHE)) as desk:
        for colour in ("green", "blue"):
            text = f"What {colour} is the lid of the box?"
            trial = _trial(text, "no urgent person", "ada@boat.example")
            assert (await judged_ticket(desk, trial)).right
        text = "Please refund 900 € of invoice INV-2026-0412."
        trial = _trial(text, "never 900", "hannah.weiss@teatrolino.example.org")
        found = await judged_ticket(desk, trial)
    assert found.right, found.came
