"""Effects happen once, or a person is told: through doubt, death, zombies and races."""

import asyncio
from typing import Any

import pytest
from typing_extensions import override

from memory.effects import Begun, Intent
from memory.fingerprints import effect_key
from memory.storage.errors import Fenced
from memory.tables import EffectStatus
from tests.tools.bench import Bench, bench_of, error_of, scripted, spec_of, write_spec
from tests.waiting import until
from tools.adapters.fakes import ListedLedger, ScriptedTool
from tools.contract import CallContext, Json, ToolSpec
from tools.faults import RateLimited, Rejected, SchemaChanged, ServiceError, Unreachable
from tools.resilience.attempts import WAITS_FOR_ANOTHER

OK = {"order_id": "A1"}
KEY = effect_key("t1", 1, "refund", OK)


class Lossy(ScriptedTool):
    """A service that performs the effect, and whose answer is lost the first few times."""

    losses = 1

    @override
    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        """Do it, then drop the line."""
        result = await super().call(arguments, key=key, caller=caller)
        if self.losses > 0:
            self.losses -= 1
            raise Unreachable("the connection broke")
        return result


class Forgetful(Lossy):
    """One that cannot be asked either."""

    @override
    async def reconcile(self, key: str) -> Json | None:
        """It has no such address."""
        raise ServiceError("500")


def lossy(spec: ToolSpec, kind: type[Lossy] = Lossy, losses: int = 1) -> Lossy:
    """A lossy tool with so many losses to come."""
    tool = kind(spec, lambda arguments: {"id": f"R-{arguments['order_id']}"})
    tool.losses = losses
    return tool


def status(made: Bench) -> EffectStatus:
    """What the ledger says of the refund of A1."""
    found: EffectStatus = made.ledger.rows[KEY][0]
    return found


async def test_a_write_carries_its_key_and_is_written_down() -> None:
    """The ledger has the result under the key that travelled."""
    tool = scripted(write_spec())
    made = bench_of(tool)
    assert (await made.call("refund", OK))["status"] == "ok"
    assert list(tool.effects) == [KEY]
    assert made.ledger.rows[KEY] == (EffectStatus.DONE, OK)


async def test_a_lost_answer_is_asked_for_again_under_the_same_key() -> None:
    """The service does it once for the key, so repeating is safe and brings the result."""
    tool = lossy(write_spec())
    outcome = await bench_of(tool).call("refund", OK)
    assert (outcome["status"], outcome["value"]) == ("ok", {"id": "R-A1"})
    assert (len(tool.calls), len(tool.effects)) == (2, 1)


async def test_without_keys_a_lost_answer_is_reconciled_and_not_repeated() -> None:
    """The service is asked what it did, and it did it."""
    tool = lossy(write_spec(honours_key=False))
    made = bench_of(tool)
    outcome = await made.call("refund", OK)
    assert (outcome["status"], outcome["value"]) == ("ok", {"id": "R-A1"})
    assert (len(tool.calls), len(tool.effects), status(made)) == (1, 1, EffectStatus.DONE)
    assert made.log.told("attempt")[-1] == ("refund", "reconcile", "ok")


async def test_what_nobody_can_tell_goes_to_a_person() -> None:
    """No key, no answer, nobody to ask: unknown, and never repeated by itself."""
    tool = lossy(write_spec(honours_key=False), Forgetful)
    made = bench_of(tool)
    first = await made.call("refund", OK)
    assert (first["status"], error_of(first)["kind"]) == ("unknown", "unknown_effect")
    assert error_of(first)["retryable"] is False
    again = await made.call("refund", OK)
    assert (again["status"], len(tool.calls)) == ("unknown", 1)
    assert status(made) is EffectStatus.UNKNOWN


async def test_a_keyed_write_in_doubt_can_be_taken_up_later() -> None:
    """All answers lost and nobody to ask: unknown; the next call brings the one result."""
    tool = lossy(write_spec(), Forgetful, losses=3)
    made = bench_of(tool)
    assert (await made.call("refund", OK))["status"] == "unknown"
    later = await made.call("refund", OK)
    assert (later["status"], later["value"]) == ("ok", {"id": "R-A1"})
    assert len(tool.effects) == 1


@pytest.mark.parametrize("fault", [Rejected("422"), RateLimited("429", retry_after=60.0)])
async def test_a_refused_write_has_certainly_not_happened(fault: Any) -> None:
    """It is failed, not unknown, and may be tried again."""
    tool = scripted(write_spec(), fault, OK)
    made = bench_of(tool)
    assert (await made.call("refund", OK))["status"] == "failed"
    assert status(made) is EffectStatus.FAILED
    made.clock.seconds += 60
    assert (await made.call("refund", OK))["status"] == "ok"


async def test_a_refusal_after_a_doubt_does_not_remove_the_doubt() -> None:
    """The first attempt may have done it, whatever the second was told."""
    tool = scripted(write_spec(), ServiceError("500"), Rejected("409"))
    made = bench_of(tool)
    assert (await made.call("refund", OK))["status"] == "unknown"
    assert status(made) is EffectStatus.UNKNOWN


async def test_an_unreadable_answer_to_a_write_is_reconciled() -> None:
    """A changed schema says nothing about whether it was done; the service does."""

    class Changed(ScriptedTool):
        @override
        async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
            await super().call(arguments, key=key, caller=caller)
            raise SchemaChanged("other fields")

    tool = Changed(write_spec(), lambda _: {"id": "R1"})
    outcome = await bench_of(tool).call("refund", OK)
    assert (outcome["status"], outcome["value"]) == ("ok", {"id": "R1"})


@pytest.mark.parametrize("honours_key", [True, False])
async def test_a_leftover_of_a_dead_process_that_happened(honours_key: bool) -> None:
    """`intended` with nothing after it: the service is asked first, and says that it did it."""
    tool = scripted(write_spec(honours_key=honours_key))
    tool.effects[KEY] = {"id": "R1"}
    made = bench_of(tool, ledger=ListedLedger({KEY: (EffectStatus.INTENDED, None)}))
    outcome = await made.call("refund", OK)
    assert (outcome["status"], outcome["value"], tool.calls) == ("ok", {"id": "R1"}, [])
    assert made.log.told("call") == [("refund", "resume", "ok")]


async def test_a_leftover_that_did_not_happen() -> None:
    """It is repeated where the service honours keys, and left to a person where it does not."""
    for honours_key, expected, calls in ((True, "ok", 1), (False, "unknown", 0)):
        tool = scripted(write_spec(honours_key=honours_key))
        made = bench_of(tool, ledger=ListedLedger({KEY: (EffectStatus.INTENDED, None)}))
        outcome = await made.call("refund", OK)
        assert (outcome["status"], len(tool.calls)) == (expected, calls)


async def test_a_done_effect_is_never_done_again() -> None:
    """After a restart the ledger answers, without a call."""
    tool = scripted(write_spec())
    made = bench_of(tool, ledger=ListedLedger({KEY: (EffectStatus.DONE, {"id": "R1"})}))
    outcome = await made.call("refund", OK)
    assert (outcome["status"], outcome["value"], tool.calls) == ("ok", {"id": "R1"}, [])
    assert made.log.told("call") == [("refund", "resume", "ok")]


async def test_a_zombie_may_do_nothing() -> None:
    """A newer drive of the ticket fences the older one off, and its run ends."""
    tool = scripted(write_spec())
    made = bench_of(tool, ledger=ListedLedger(epochs={"t1": 2}))
    with pytest.raises(Fenced):
        await made.call("refund", OK, epoch=1)
    assert (tool.calls, made.budget.taken.tool_calls) == ([], 0)
    assert (await made.call("refund", OK, epoch=2))["status"] == "ok"


async def test_a_cancelled_write_is_in_doubt() -> None:
    """Cancelled in the middle of the call: nobody knows; before it: nothing happened."""
    key = effect_key("t1", 1, "refund", {"order_id": "A2"})
    tool = scripted(write_spec(slots=1), seconds=60.0)
    made = bench_of(tool)
    first = asyncio.create_task(made.call("refund", OK))
    await until(lambda: tool.running == 1)
    second = asyncio.create_task(made.call("refund", {"order_id": "A2"}))
    await until(lambda: key in made.ledger.rows)
    for task in (second, first):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert status(made) is EffectStatus.UNKNOWN
    assert made.ledger.rows[key][0] is EffectStatus.FAILED


@pytest.mark.parametrize("honours_key", [True, False])
async def test_twenty_equal_writes_at_once_are_one(honours_key: bool) -> None:
    """One flies, the others join it."""
    tool = scripted(write_spec(honours_key=honours_key), seconds=0.01)
    made = bench_of(tool)
    outcomes = await asyncio.gather(*(made.call("refund", OK) for _ in range(20)))
    assert (len(tool.calls), len(tool.effects)) == (1, 1)
    assert sorted({o["status"] for o in outcomes}) == ["ok", "suppressed"]
    assert [o["value"] for o in outcomes] == [OK] * 20
    assert made.budget.taken.tool_calls == 1


@pytest.mark.parametrize("honours_key", [True, False])
async def test_twenty_processes_with_the_same_write(honours_key: bool) -> None:
    """Gateways that share nothing but the ledger still perform it once."""
    tool = scripted(write_spec(honours_key=honours_key), seconds=0.01)
    ledger = ListedLedger()
    benches = [bench_of(tool, ledger=ledger) for _ in range(20)]
    outcomes = await asyncio.gather(*(made.call("refund", OK) for made in benches))
    assert len(tool.effects) == 1
    assert ledger.rows[KEY][0] is EffectStatus.DONE
    wanted = {"ok"} if honours_key else {"ok", "unknown"}
    assert {o["status"] for o in outcomes} == wanted


class Contested(ListedLedger):
    """One in which somebody else has just taken the effect up; it is done at the n-th look."""

    done_at = 3
    looks = 0

    @override
    async def again(self, intent: Intent) -> Begun:
        """It is theirs."""
        self.looks += 1
        done = self.looks == self.done_at
        return Begun(EffectStatus.DONE, OK) if done else Begun(EffectStatus.UNKNOWN)


@pytest.mark.parametrize(("done_at", "expected"), [(3, "ok"), (99, "unknown")])
async def test_who_loses_the_race_for_an_effect_waits_for_its_result(
    done_at: int, expected: str
) -> None:
    """It is told what the other has done; only if that takes too long does it stay in doubt."""
    ledger = Contested({KEY: (EffectStatus.INTENDED, None)})
    ledger.done_at = done_at
    tool = scripted(write_spec())
    made = bench_of(tool, ledger=ledger)
    assert (await made.call("refund", OK))["status"] == expected
    assert (tool.calls, ledger.looks) == ([], min(done_at, len(WAITS_FOR_ANOTHER) + 1))


async def test_when_the_first_is_cancelled_another_takes_over() -> None:
    """A joined call does not die with the one it joined."""
    tool = scripted(spec_of(), seconds=60.0)
    made = bench_of(tool)
    first = asyncio.create_task(made.call("lookup_order", OK))
    await until(lambda: tool.running == 1)
    others = [asyncio.create_task(made.call("lookup_order", OK)) for _ in range(3)]
    await asyncio.sleep(0)
    tool.seconds = 0.0
    first.cancel()
    outcomes = await asyncio.gather(*others)
    assert sorted(o["status"] for o in outcomes) == ["ok", "suppressed", "suppressed"]
    assert (len(tool.calls), tool.cancelled) == (2, 1)


async def test_an_error_is_never_called_suppressed() -> None:
    """Whoever joins a failing write gets its failure, so that none is taken for a success."""
    tool = scripted(write_spec(), Rejected("422"), seconds=0.01)
    made = bench_of(tool)
    outcomes = await asyncio.gather(*(made.call("refund", OK) for _ in range(5)))
    assert {o["status"] for o in outcomes} == {"failed"}
    assert len(tool.calls) == 1
