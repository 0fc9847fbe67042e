"""The wires of OpenAI-compatible servers, Anthropic and Ollama: every decision, faults, and advice."""

import asyncio
from typing import Any

import httpx2
import pytest

from evals.faults.model_process import FaultyModel
from graph.desk.minds import MindsPolicy, ModelPrice, ModelSpec
from graph.desk.model import Desk, Intent, Service
from graph.minds.model.advice import advice
from graph.minds.model.chat import open_models
from graph.minds.model.http_client import open_model_client
from graph.minds.model.prices import ModelRefused, price_of
from graph.minds.model.providers import address_of
from graph.minds.model.trial import Trial, tried
from memory.journal.codes import MindDecision, Wrong
from tests.waiting import LONGEST_SECONDS

PROVIDERS = ("openai", "anthropic", "ollama")
PRICE = ModelPrice(input_per_million=1.0, output_per_million=4.0)
PATIENT = 20.0
"""Seconds for an answer on a busy machine."""


def desk_of(model: FaultyModel, provider: str, path: str | None = None, **parts: Any) -> Desk:
    """A desk whose model speaks the provider's wire on loopback."""
    ends = ("/v1" if provider == "openai" else "") if path is None else path
    given = {"timeout_seconds": PATIENT, "price": PRICE, **parts}
    name = provider if ":" in provider else f"{provider}:misbehaving-1"
    spec = ModelSpec(model=name, service="llm", **given)
    return Desk(
        tenant="acme",
        company="Acme",
        minds=MindsPolicy(model=spec),
        services={"llm": Service(base_url=f"{model.url}{ends}", token="sesame")},
        intents=(Intent(name="orders", examples=("where is it", "my order")),),
    )


async def trial(desk: Desk, client: httpx2.AsyncClient, decision: MindDecision) -> Trial:
    """One decision of the desk's model."""
    (model,) = open_models(desk, client)
    return await tried(desk, model, decision)


def advised(found: Trial, desk: Desk) -> str:
    """What is said of the fault."""
    (spec,) = desk.minds.models
    assert found.fault is not None
    return advice(found.fault, spec, address_of(spec, desk.services))


@pytest.mark.parametrize("decision", list(MindDecision))
@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_every_decision_comes_over_every_wire(
    provider: str,
    streaming: bool,
    decision: MindDecision,
    model: FaultyModel,
    client: httpx2.AsyncClient,
) -> None:
    """The first answer is valid, its tokens are counted by the provider, and it costs something."""
    found = await trial(desk_of(model, provider, streaming=streaming), client, decision)
    assert (found.fault, found.wrong) == (None, ())
    assert len(found.calls) == 1
    assert min(found.tokens) > 0
    assert found.cost_micros > 0
    assert not found.estimated


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_the_token_of_a_service_is_sent(
    provider: str, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """As a bearer token, whoever's library sends it."""
    await trial(desk_of(model, provider), client, MindDecision.CLASSIFY)
    assert model.stats()["requests"][0]["headers"]["authorization"] == "Bearer sesame"


@pytest.mark.filterwarnings("ignore:.*forced tool calling")
@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("name", ["claude-haiku-4-5", "claude-opus-5-5"])
async def test_a_call_is_forced_where_the_model_takes_that(
    name: str, streaming: bool, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """The provider's library knows which of its models refuse a request that forces one."""
    desk = desk_of(model, f"anthropic:{name}", streaming=streaming)
    await trial(desk, client, MindDecision.CLASSIFY)
    body = model.stats()["requests"][0]["body"]
    assert ("tool_choice" in body) is (name == "claude-haiku-4-5")
    assert len(body["tools"]) == 1


async def test_ollama_is_asked_for_a_context_that_holds_the_longest_prompt(
    model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """With a shorter one it would cut our rules off and say nothing."""
    await trial(desk_of(model, "ollama", max_output_tokens=900), client, MindDecision.WRITE)
    options = model.stats()["requests"][0]["body"]["options"]
    assert options["num_predict"] == 900
    assert options["num_ctx"] >= 24_000 // 3 + 900


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_wrong_answer_is_repaired_over_every_wire(
    provider: str, streaming: bool, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """The model is told what was wrong, and the second answer counts."""
    model.plan({"kind": "garbage"})
    desk = desk_of(model, provider, streaming=streaming)
    found = await trial(desk, client, MindDecision.PLAN)
    assert (found.fault, found.wrong) == (None, (Wrong.NO_CALL,))
    assert len(found.calls) == 2


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_answer_that_reaches_its_limit_is_told_so(
    provider: str, streaming: bool, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """The limit is what to raise: the model itself is right."""
    model.plan({"kind": "cut_off"}, forever=True)
    desk = desk_of(model, provider, streaming=streaming)
    found = await trial(desk, client, MindDecision.PLAN)
    assert set(found.wrong) == {Wrong.CUT_OFF}
    assert "`max_output_tokens` (1500)" in advised(found, desk)


FAULTS: dict[str, tuple[dict[str, object], str]] = {
    "key": ({"kind": "error", "status": 401}, "the key was refused. Set `token` of the service"),
    "model": ({"kind": "error", "status": 404}, "there is no model 'misbehaving-1'"),
    "limit": ({"kind": "throttle"}, "limit or balance is used up"),
    "request": ({"kind": "error", "status": 400}, "refuses such a request. It says:"),
    "server": ({"kind": "error", "status": 503}, "the server failed"),
    "no chat API": ({"kind": "not_json"}, "does not talk as"),
    "cut": ({"kind": "truncate"}, "hung up before its answer was whole"),
    "dropped": ({"kind": "drop"}, "hung up before its answer was whole"),
    "silence": ({"kind": "hang", "seconds": 30}, "No answer within 0.5 s. Raise `timeout_seconds`"),
    "empty": ({"kind": "empty"}, "not in the form asked for, twice"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_what_goes_wrong_says_what_to_change(
    provider: str, fault: str, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """Each fault has its own advice, whatever library met it."""
    planned, words = FAULTS[fault]
    model.plan(planned, forever=True)
    seconds = 0.5 if fault == "silence" else PATIENT
    desk = desk_of(model, provider, timeout_seconds=seconds)
    found = await trial(desk, client, MindDecision.CLASSIFY)
    assert words in advised(found, desk)
    assert "An address for" not in advised(found, desk)  # it has the form that it should have


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_stream_that_is_too_slow_is_not_said_to_be_silent(
    provider: str, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """Something came, and not all of it."""
    model.plan({"kind": "trickle", "seconds": 5}, forever=True)
    desk = desk_of(model, provider, streaming=True, timeout_seconds=0.5)
    found = await trial(desk, client, MindDecision.CLASSIFY)
    assert "No whole answer within 0.5 s." in advised(found, desk)


@pytest.mark.parametrize(
    ("provider", "path", "words"),
    [("openai", "", "ends with /v1"), ("anthropic", "/v1", "no /v1"), ("ollama", "/v1", "no /v1")],
)
async def test_a_base_address_of_the_wrong_form_is_explained(
    provider: str, path: str, words: str, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """`/v1` belongs to one of the wires and not to the others."""
    desk = desk_of(model, provider, path)
    assert words in advised(await trial(desk, client, MindDecision.CLASSIFY), desk)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_server_that_is_not_there_is_named(
    provider: str, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """Nothing was charged, and the address stands in the advice."""
    desk = desk_of(model, provider)
    gone = desk.model_copy(update={"services": {"llm": Service(base_url="http://127.0.0.1:9")}})
    found = await trial(gone, client, MindDecision.CLASSIFY)
    assert advised(found, gone).startswith("Nothing answers at http://127.0.0.1:9.")
    assert found.cost_micros == 0


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_answer_without_an_end_is_left(
    provider: str, model: FaultyModel, client: httpx2.AsyncClient
) -> None:
    """A stream that goes on for ever ends at a bound, not with the memory."""
    model.plan({"kind": "endless_stream"}, forever=True)
    found = await trial(desk_of(model, provider, streaming=True), client, MindDecision.CLASSIFY)
    assert found.fault is not None


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
async def test_a_missing_key_is_told_before_the_first_call(
    provider: str, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the name of the variable."""
    variable = f"{provider.upper()}_API_KEY"
    monkeypatch.delenv(variable, raising=False)
    spec = ModelSpec(model=f"{provider}:some-model", price=PRICE)
    desk = Desk(tenant="acme", company="Acme", minds=MindsPolicy(model=spec))
    with pytest.raises(ModelRefused, match=f"set {variable}"):
        open_models(desk, client)


def test_a_model_by_name_makes_every_decision() -> None:
    """`minds: {model: "provider:name"}` is all there is to write; a named decision narrows it."""
    policy = MindsPolicy.model_validate({"model": "ollama:llama3.1", "fallback": "openai:gpt-4o"})
    assert [spec.model for spec in policy.models] == ["ollama:llama3.1", "openai:gpt-4o"]
    four = (policy.classifier, policy.planner, policy.writer, policy.judge)
    assert four == ("model",) * 4
    narrow = MindsPolicy.model_validate({"model": "openai:gpt-4o", "writer": "model"})
    assert (narrow.writer, narrow.planner, narrow.judge) == ("model", "local", "local")


def test_prices_are_those_of_prompts_as_long_as_ours() -> None:
    """A list with a dearer rate for very long prompts is not asked for that one."""
    price = price_of(ModelSpec(model="anthropic:claude-sonnet-4-5"))
    assert (price.micros_in, price.micros_out) == (3_000_000, 15_000_000)
    own = price_of(ModelSpec(model="ollama:llama3.1"))
    assert (own.micros_in, own.micros_out) == (0, 0)


async def test_as_many_calls_wait_as_tickets_may() -> None:
    """A hundred connections, the library's own bound, would let the others wait until their time is over."""
    many, came, all_there = 120, 0, asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        await reader.readuntil(b"\r\n\r\n")
        came += 1
        if came == many:
            all_there.set()
        await all_there.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with (
        await asyncio.start_server(serve, "127.0.0.1", 0) as server,
        open_model_client() as client,
    ):
        host, port = server.sockets[0].getsockname()
        async with asyncio.timeout(LONGEST_SECONDS):
            await asyncio.gather(*(client.get(f"http://{host}:{port}") for _ in range(many)))
    assert came == many
