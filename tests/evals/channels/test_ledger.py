"""What the ledger holds of a customer's file is compared with what they sent."""

import pytest

from evals.channels.files import brought
from evals.channels.ledger import judge_ledger
from evals.channels.traces import Trace
from memory.files import message_files
from memory.files.incoming import NewFile, Room
from tests.memory.conftest import ledger
from tests.memory.ledgers import TENANT, Ledger

__all__ = ["ledger"]


@pytest.mark.parametrize(
    ("times", "more", "found"),
    [
        (1, b"", ([], [])),
        (0, b"", (["the file of {} is not on its message"], [])),
        (1, b"!", (["the file of {} is not on its message"], [])),
        (2, b"", ([], ["the file of {} is there more than once"])),
    ],
)
async def test_a_file_is_on_its_message_once_byte_for_byte(
    ledger: Ledger, times: int, more: bytes, found: tuple[list[str], list[str]]
) -> None:
    """Not at all, with other bytes and twice are each found."""
    traces = (Trace(TENANT, number, with_files=True) for number in range(100))
    trace = next(one for one in traces if brought(one, one.mark(0)))
    mark = trace.mark(0)
    file = brought(trace, mark)
    assert file is not None
    trace.asked.append(mark)
    ticket = await ledger.accept(f"And this? #echo {mark}")
    content = file.content + more
    new = [NewFile(file.name, "application/octet-stream", len(content), content)] * times
    async with ledger.database.transaction() as session:
        await message_files.add(session, TENANT, (ticket.id, 1), new, Room())
    verdict = await judge_ledger(ledger.database, TENANT, [trace])
    lost = [one for one in verdict.lost if "file" in one]
    assert (lost, verdict.doubled) == tuple([one.format(mark) for one in each] for each in found)
