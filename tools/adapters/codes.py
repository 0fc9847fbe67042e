"""Sending a one-time code to the address on file: an effect like any other, but a silent one.

The code is in the message and nowhere else: not in the arguments (which are journalled as a
fingerprint), not in the result (which the effect ledger keeps), not in an error.
"""

from __future__ import annotations

from collections.abc import Callable

from typing_extensions import override

from memory.tool_names import SEND_CODE
from memory.verification.challenges import Verification
from tools.adapters.delivery import Post, Sending
from tools.contract import CallContext, Json
from tools.faults import NotFound

LEFT: Json = {"sent": True}


class SendCode(Sending):
    """Sends the code of a challenge."""

    def __init__(self, post: Post, letters: Verification, words: Callable[[str], str]) -> None:
        """`words` puts a code into the tenant's sentence."""
        challenge: Json = {"type": "string", "minLength": 1, "maxLength": 64}
        description = "Sends a one-time code to the address on file."
        super().__init__(post, SEND_CODE, description, {"challenge": challenge})
        self._letters = letters
        self._words = words

    @override
    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        letter = await self._letters.letter(caller["ticket_id"], arguments["challenge"])
        if letter is None:
            raise NotFound("there is no code to send under this challenge")
        message = {
            "ticket_id": caller["ticket_id"],
            "turn": caller["turn"],
            "kind": "code",
            "to": letter.address,
            "text": self._words(letter.code),
            "citations": [],
        }
        await self._post.send(message, key or "")
        return LEFT

    @override
    async def reconcile(self, key: str) -> Json | None:
        return None if await self._post.sent(key) is None else LEFT
