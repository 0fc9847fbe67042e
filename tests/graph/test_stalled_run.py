"""A run that ended right behind `hand_off`, without the interrupt that follows."""

from langgraph.checkpoint.memory import InMemorySaver

from evals.bench.bare import bare_context, bare_input
from graph import run
from graph.build import build
from graph.desk.model import Desk


async def test_goes_on_to_the_interrupt() -> None:
    """The person's desk still opens: the missing edge is taken."""
    desk = Desk(tenant="bench", company="Bench")
    context, graph = bare_context(desk), build(desk.limits, InMemorySaver())
    config = run._config(context)
    handed_off = {"handoff_id": "h1", "reason": "node_failed", "explanation": ""}
    stalled = {**bare_input(), "handed_off": handed_off}
    await graph.aupdate_state(config, stalled, as_node="remember")
    assert not (await graph.aget_state(config)).tasks

    await run._finished(graph, config, context)

    snapshot = await graph.aget_state(config)
    assert [one.value for one in snapshot.interrupts] == [{"handoff_id": "h1"}]
