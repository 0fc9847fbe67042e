"""Files that leave with a person's answer: their uploads, until the message is said that they are part of.

Functions take the caller's session and never commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from sqlmodel.ext.asyncio.session import AsyncSession

from memory.files import uploads
from memory.files.incoming import FileRefused, FileUnknown
from memory.files.uploads import in_order
from memory.storage.units import Statements
from memory.storage.units_session import within

MOST_BYTES = 15_000_000
"""Of all files of one answer: in a mail they are a third larger, and most servers take 25 MB."""
TAKE = (
    "UPDATE files SET ticket_id = ?, text = ''"
    " WHERE id = ? AND tenant = ? AND owner = ? AND seq IS NULL"
    " AND (ticket_id IS NULL OR ticket_id = ?)"
)
SAID = "UPDATE files SET seq = ?, created_at = ? WHERE id = ? AND ticket_id = ? AND seq IS NULL"


class Enclosed(TypedDict):
    """A file as it stands in a decision, in its effect and in the message that leaves."""

    id: str
    name: str
    media_type: str
    size: int


async def enclose(
    session: AsyncSession, tenant: str, owner: str, ids: Sequence[str], ticket_id: str
) -> list[Enclosed]:
    """Keep uploads for an answer on this ticket, also where an earlier answer with them was not said.

    Raises `FileUnknown` for one that is not there or was said before, and `FileRefused` for too much.
    """
    found = await uploads.waiting(session, tenant, owner, ids)
    if sum(one.size for one in found) > MOST_BYTES:
        msg = f"the files are larger than {MOST_BYTES:,} bytes together: send fewer of them"
        raise FileRefused(msg)

    def take(do: Statements) -> None:
        for one in ids:
            if do.run(TAKE, (ticket_id, one, tenant, owner, ticket_id)) != 1:
                msg = f"the file {one!r} was sent with another message: upload it again"
                raise FileUnknown(msg)

    await within(session, take)
    return [
        {"id": one.id, "name": one.name, "media_type": one.media_type, "size": one.size}
        for one in found
    ]


def said_in(do: Statements, ids: Sequence[str], place: tuple[str, int]) -> None:
    """They are part of the message `place`, its ticket and number."""
    ticket_id, seq = place
    for one, moment in in_order(ids):
        do.run(SAID, (seq, do.moment(moment), one, ticket_id))
