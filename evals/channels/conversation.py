"""What a customer does: two messages, some of them sent twice, in a hurry, or in the wrong order."""

import asyncio
from collections import Counter
from contextlib import suppress

from evals.channels.contract import Customer
from evals.channels.traces import ASKED, Trace

MESSAGES = 2
"""Of each conversation."""
TAKEN, TWICE, SWAPPED, HURRIED, OF = 0, 1, 2, 3, 10
"""One in ten each: taken over by a person while its answer is written, the same message sent twice,
the reply before what it replies to, and two messages without waiting for an answer."""
SLOW = "#slow-draft"
PATIENCE_SECONDS = 300.0
"""How long an answer is waited for; without one the message is lost."""


async def converse(customer: Customer, trace: Trace, seen: Counter[str], *, swaps: bool) -> None:
    """The whole conversation."""
    first, last = trace.mark(0), trace.mark(1)
    listening = asyncio.create_task(customer.listen())
    try:
        match trace.number % OF:
            case n if n == SWAPPED and swaps:
                seen["a reply before its mail"] += 1
                await _say(customer, trace, last)
                await _say(customer, trace, first)
            case n if n == HURRIED:
                seen["two messages in a hurry"] += 1
                await _say(customer, trace, first)
                await _say(customer, trace, last)
            case kind:
                await _say(customer, trace, first, slow=kind == TAKEN)
                if kind == TWICE:
                    seen["a message twice"] += 1
                    await customer.say(first, text_of(first))
                await _answered(trace, first)
                await _say(customer, trace, last)
        await _answered(trace, first)
        await _answered(trace, last)
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


def text_of(mark: str, *, slow: bool = False) -> str:
    """A message's words."""
    return f"How do I reset my password? {SLOW + ' ' if slow else ''}{ASKED} {mark}"


async def _say(customer: Customer, trace: Trace, mark: str, *, slow: bool = False) -> None:
    await customer.say(mark, text_of(mark, slow=slow))
    trace.asked.append(mark)


async def _answered(trace: Trace, mark: str) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not trace.is_answered(mark):
                trace.heard.clear()
                await trace.heard.wait()
