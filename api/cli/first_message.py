"""Shows the first message that comes by a channel which was just connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.channels.connecting.questions import MAIL, WIDGET
from api.cli import screen
from api.settings import Settings

if TYPE_CHECKING:
    from api.channels.connecting.channel_block import Wanted
    from api.channels.connecting.connect import Place

MOST_SHOWN = 80
"""Characters of it."""


async def show(settings: Settings, place: Place, wanted: Wanted, wait: int) -> None:
    """Wait for one and print it; that none comes is no fault."""
    if wait <= 0:
        return
    screen.out().print(
        f"Now write a message as a customer: it is shown here if it comes within {wait} s."
    )
    if wanted.name == MAIL:
        words = await _mail(place, wanted, wait)
    elif wanted.name == WIDGET:
        words = await _widget(settings, place, wait)
    else:
        words = await _helpdesk(settings, wanted, wait)
    screen.out().print(words or "None came. That is not a fault.", markup=False, soft_wrap=True)


async def _mail(place: Place, wanted: Wanted, wait: int) -> str:
    from api.channels.check import channel_of
    from api.channels.mail.reading import Reader
    from api.channels.mail.setup import mailbox_of
    from api.channels.mail.trying import first_mail, position_of

    mailbox = mailbox_of(place.company, channel_of(MAIL, wanted.filled()))
    position = await position_of(mailbox)
    got = await first_mail(mailbox, Reader(mailbox.address), position, wait)
    return f'It came: from {got[0]}, "{got[1]}".' if got else ""


async def _widget(settings: Settings, place: Place, wait: int) -> str:
    from api.channels.widget.trying import first_message
    from api.ledger import open_ledger
    from memory.tables import now

    begun, database = now(), open_ledger(settings)
    try:
        got = await first_message(database, place.tenant, begun, wait)
    finally:
        await database.close()
    return f'It came: "{got[:MOST_SHOWN]}".' if got else ""


async def _helpdesk(settings: Settings, wanted: Wanted, wait: int) -> str:
    from api.channels.check import channel_of
    from api.channels.helpdesk.reading import plain
    from api.channels.helpdesk.setup import open_helpdesk
    from api.channels.helpdesk.trying import first_message, in_words
    from tools.adapters.http import open_client
    from tools.faults import ToolFault

    channel = channel_of(wanted.name, wanted.filled())
    async with open_client() as http:
        there = open_helpdesk(channel, http, settings.webhook_private_hosts)
        groups = [str(one) for one in channel.groups]
        try:
            got = await first_message(there, await there.begin(), groups, wait)
        except ToolFault as fault:
            return f"It could not be looked for: {in_words(fault, wanted.name.capitalize())}."
    return f'It came: from {got.name or "nobody"}, "{plain(got)[:MOST_SHOWN]}".' if got else ""
