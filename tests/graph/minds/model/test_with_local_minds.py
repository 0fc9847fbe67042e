"""Models in front of the real local minds and the real encoder, over real articles."""

from pathlib import Path

import httpx2
import pytest

from evals.faults.model_answers import NONSENSE, ORDERED
from evals.faults.model_process import FaultyModel
from evals.stack.journal_gaps import gaps
from graph.desk.model import Desk, Intent
from graph.minds.contract import Minds
from graph.minds.local.build import local_minds
from graph.minds.model.build import with_models
from graph.minds.scripted import ScriptedAssessor
from memory.encoder.encoder import Encoder
from memory.encoder.opening import open_encoder
from memory.knowledge.contract import Hit
from memory.tables import Outcome
from tests.graph.minds.model.conftest import OpenDesk

ALL = ("classifier", "planner", "writer", "judge")
TOLD = "Open the settings, choose Sign in and press Reset password. A link is sent to your address."
FEATURES = {"dense": 0.62, "lexical": 6.0, "dense_rank": 1.0, "lexical_rank": 1.0}
HIT = Hit("c1", "reset", "Reset your password", "Sign in", TOLD, None, 0.03, FEATURES)
INTENTS = (
    Intent(
        name="password",
        examples=("I forgot my password", "how do I reset my password", "cannot sign in"),
    ),
    Intent(
        name="invoices",
        examples=("where is my invoice", "send me the bill", "wrong amount on the invoice"),
    ),
)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real one; exported once."""
    return open_encoder(Path(".cache"), threads=1)


def minded(desk: Desk, encoder: Encoder, client: httpx2.AsyncClient) -> Minds:
    """The default family with models in front."""
    return with_models(desk, local_minds(desk, encoder, ScriptedAssessor()), client)


@pytest.mark.parametrize("kind", ["none", "nonsense", "injected", "garbage"])
async def test_nothing_ungrounded_is_delivered(
    kind: str,
    model: FaultyModel,
    client: httpx2.AsyncClient,
    encoder: Encoder,
    open_desk: OpenDesk,
) -> None:
    """The reply holds the article's words, or a person has the ticket."""
    model.plan({"kind": kind}, forever=True)
    async with open_desk(*ALL, hits=(HIT,)) as bench:
        desk = bench.runtime.desk.model_copy(update={"intents": INTENTS})
        bench.change(desk=desk, minds=minded(desk, encoder, client))
        ticket = await bench.answer("Hello, how do I reset my password? Thanks, Ann")
        sent = " ".join(message["text"] for message in bench.post.messages.values())
        assert NONSENSE not in sent
        assert ORDERED not in sent
        assert gaps(await bench.rows(ticket)) == []
        if ticket.outcome == Outcome.DELIVERED:
            assert "press Reset password" in sent
        else:
            assert ticket.outcome == Outcome.WITH_PERSON
