"""What others quote of an erased person in their own conversations goes, and no other word."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from graph.text.mail.quotes import header_block
from memory.erasure import receipt, requests
from memory.erasure.elsewhere import ERASED, messages
from memory.handoffs import opening
from memory.storage.database import Database
from memory.storage.quoting import Quoting, own_words
from memory.tables import (
    ChannelOutgoing,
    Effect,
    Handoff,
    HandoffNote,
    Letter,
    Message,
    Ticket,
)
from tests.adversarial import repeated
from tests.channels import said
from tests.growth import fault
from tests.memory.erasure.person import (
    ADDRESS,
    KEY,
    RING,
    WORDS,
    conversation,
    erase,
    eraser_of,
    marked,
    of_person,
    write,
)
from tests.memory.ledgers import TENANT, Ledger

QUOTED = 'You wrote "mine was blue and said Zwiebelfisch": that is another lid.'
CLEANED = 'You wrote "[...]": that is another lid.'


async def test_what_others_quote_of_it_goes(opened: Ledger, tmp_path: Path) -> None:
    """Out of the subject, the reasons, notes, letters and replies, which else stay as they were."""
    eraser = eraser_of(opened, tmp_path)
    ticket_id = await conversation(opened)
    base: dict[str, Any] = {"tenant": TENANT, "ticket_id": ticket_id}
    handed: dict[str, Any] = {**base, "handoff_id": "hnd_1"}
    async with opened.database.transaction() as session:
        ticket = await session.get_one(Ticket, ticket_id)
        ticket.subject = "Re: Mine was blue and said zwiebelfisch"
        handoff = Handoff(
            id="hnd_1", turn=1, reason="x", explanation=f"Nothing is known about: {WORDS}",
            decision={"kind": "reply", "text": QUOTED}, **base,
        )  # fmt: skip
        await opening.open_once(session, handoff)
    text = f"> {WORDS}\n> I am zwiebelfisch and away.\n\nYours is blue and said nothing, too."
    headed = f"From: Zoe Z\nSent: Monday, 3 November 2026 10:04\nTo: Help\nSubject: Lid\n\n{WORDS}"
    sent: dict[str, Any] = {"turn": 1, "key": "k1", "citations": []}
    outgoing: dict[str, Any] = {
        "channel": "memo",
        "kind": "reply",
        "foreign_id": "o1",
        "status": "sent",
    }
    await write(
        opened,
        HandoffNote(id="n1", author="eva", text=QUOTED, **handed),
        Letter(
            id="l1", epoch=1, kind="clarification", purpose="ask", text=QUOTED, turn=1, **handed
        ),
        Message(ticket_id=ticket_id, seq=9, role="person", kind="reply", text=QUOTED, **sent),
        Message(ticket_id=ticket_id, seq=10, turn=1, role="customer", text=text),
        Message(ticket_id=ticket_id, seq=11, turn=1, role="customer", text=headed),
        ChannelOutgoing(key="k1", turn=1, body={"text": QUOTED, "to": "x@y.z"}, **outgoing, **base),
        Effect(key="k1", turn=1, tool="t", fingerprint="f", result={"said": QUOTED}, **base),
    )

    given = await erase(opened, eraser)

    removed = given["removed"]
    assert (removed["quotes_in_subjects"], removed["quotes_in_reasons"]) == (1, 1)
    assert removed["quotes_in_replies"] == 8
    async with opened.database.reading() as session:
        assert (await session.get_one(Ticket, ticket_id)).subject == "Re: [...]"
        kept = await session.get_one(Handoff, "hnd_1")
        assert kept.explanation == "Nothing is known about: [...]."
        assert kept.decision == {"kind": "reply", "text": CLEANED}
        assert (await session.get_one(HandoffNote, "n1")).text == CLEANED
        assert (await session.get_one(Letter, "l1")).text == CLEANED
        assert (await session.exec(select(ChannelOutgoing.body))).all() == [
            {"text": CLEANED, "to": "x@y.z"}
        ]
        assert (await session.exec(select(Effect.result))).all() == [{"said": CLEANED}]
    assert [one.text for one in await said(opened, ticket_id)][-3:] == [
        CLEANED,
        "> [...].\n\nYours is blue and said nothing, too.",
        "[...]\n\n[...].",
    ]
    if opened.database.is_sqlite:
        assert marked(tmp_path) == []


def test_what_is_no_quote_stays() -> None:
    """Four words in common are nobody's, nor is a short word that stands outside of quotes."""
    quoting = Quoting.of(["Thank you for your help, it works\nyes"], ["It is still blue, yes"])
    for text in (
        "Thank you for your order. Yes.",
        "> yes, of course",
        '"It is still blue" he said',
    ):
        assert quoting.out_of(text) == text
    assert quoting.out_of("> yes") == "> [...]"
    assert quoting.out_of("yes", wholly=True) == "[...]"


def test_a_short_part_and_a_script_without_spaces_are_known_again() -> None:
    """In a quote two words are enough; characters that follow each other are not one word of their own."""
    said = "Please call my sister Nora Zwiebel instead, 鍵を川に落としてしまいましたので新しいのをください"
    quoting = Quoting.of([said], ["The sister ships of 2020, 新しいのをください"])
    for text, left in (
        ('You said "Nora Zwiebel": who is it?', 'You said "[...]": who is it?'),
        ("> my sister", "> [...]"),
        ('The "sister" ships', 'The "sister" ships'),
        ("> 鍵を川に落としてしまいました。\nそうですか。", "> [...]。\nそうですか。"),
        ("では鍵を川に落としてしまいましたので新しいのを送ります。", "では[...]送ります。"),
        ("川に落とし", "川に落とし"),
        ("「新しいのをください」", "「新しいのをください」"),
    ):
        assert quoting.out_of(text) == left


def test_whose_a_quote_was_goes_with_it() -> None:
    """The line above it names them, in whatever language; a quote of others keeps its line."""
    quoting = Quoting.of(["My fish is called Zwiebel and eats."], ["It eats flakes, ours does"])
    quote = "> My fish is called Zwiebel and eats."
    for text, left in (
        (f"Hi,\nOn Mon, 3 Nov, Nora wrote:\n\n{quote}\nok", "Hi,\n[...]\n\n> [...].\nok"),
        (f"Am 3. Nov schrieb Nora <n@z.example>\nLang:\n{quote}", "[...]\n[...]\n> [...]."),
        (f"We ship on Monday\nYou wrote:\n{quote}", "We ship on Monday\n[...]\n> [...]."),
        ("Nora wrote:\n> It eats flakes, ours does", "Nora wrote:\n> It eats flakes, ours does"),
    ):
        assert quoting.out_of(text) == left


HEADS = (
    "From: Nora Zwiebel <n@z.example>\nSent: Monday, 3 November 2026 10:04\nTo: Help\nSubject: Fish",
    "*From:* Nora Zwiebel <n@z.example>\n*To:* help@x.example\n*Subject:* Fish",
    "Von: Nora Zwiebel <n@z.example>\nGesendet: 3. November 2026 10:04\nAn: Hilfe\nBetreff: Fisch",
    "De : Nora Zwiebel\nEnvoyé : lundi 3 novembre 2026 10:04\nÀ : Aide\nObjet : poisson",
    "差出人：Nora Zwiebel <n@z.example>\n日時：2026年11月3日 10:04\n件名：魚",
)


@pytest.mark.parametrize("number", range(len(HEADS)))
@pytest.mark.parametrize("mark", ["", "> "], ids=["plain", "marked"])
def test_the_head_of_a_mail_goes_with_what_stood_below_it(number: int, mark: str) -> None:
    """With its name and its addresses, in the forms in which programs write it; others' stay."""
    mine, theirs = "My fish is called Zwiebel and eats only dry bread.", "It eats flakes, ours does"
    quoting = Quoting.of([mine], [theirs], header_block)
    head = "\n".join(mark + line for line in HEADS[number].split("\n"))
    told = f"Flakes, please.\n-----Original Message-----\n{head}\n{mark}\n{mark}"
    left = quoting.out_of(told + mine)
    assert left == f"Flakes, please.\n-----Original Message-----\n[...]\n{mark}\n{mark}[...]."
    assert quoting.out_of(told + theirs) == told + theirs


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("> From: Nora Zwiebel\n> {}\nok", "[...]\n> [...].\nok"),
        ("> Von: Nora\n>\n> {}", "[...]\n>\n> [...]."),
        ("> Colour: blue\n> {}", "> Colour: blue\n> [...]."),
        ("From: Nora\n> {}", "From: Nora\n> [...]."),
        ("> From: Ann\n> We eat flakes.", "> From: Ann\n> We eat flakes."),
    ],
)
def test_a_line_that_names_the_sender_goes_with_the_quote_it_stands_in(
    told: str, left: str
) -> None:
    """Of a head that somebody shortened; what is no part of the quote stays."""
    mine = "My fish is called Zwiebel and eats only dry bread."
    assert Quoting.of([mine], [], header_block).out_of(told.format(mine)) == left


def test_a_number_is_known_again_alone() -> None:
    """A telephone's or a customer's; a word that anybody may quote is not, nor what others said."""
    quoting = Quoting.of(["Ring me on 0871234567 or 55512345, room 12, please"], ["It is 55512345"])
    told = 'Is it "0871234567" or "55512345"?\n> 0871234567\n> please\n> 12'
    assert quoting.out_of(told) == 'Is it "[...]" or "55512345"?\n> [...]\n> please\n> 12'


def test_what_only_looks_like_a_head_stays() -> None:
    """A form of one's own above a quote that goes."""
    mine = "My fish is called Zwiebel and eats only dry bread."
    quoting = Quoting.of([mine], [], header_block)
    form = "Order: 20261103\nColour: blue\nName: Ann"
    assert quoting.out_of(f"{form}\n\n{mine}") == f"{form}\n\n[...]."


async def test_who_said_it_first_keeps_it(ledger: Ledger, tmp_path: Path) -> None:
    """A mail that answers holds what it answers, by some programs without a mark on any line."""
    ticket_id = await conversation(ledger)
    before = "Two lids are on their way to you and will arrive with the post on Friday."
    mine = f"{WORDS} Call me on one two three four five six seven.\n> {before}"
    after = f"See what she says.\nFrom: Eva\n{mine}"
    async with ledger.database.transaction() as session:
        [theirs] = await messages(session, TENANT, [ADDRESS])
        theirs.text = mine
        session.add(theirs)
    base: dict[str, Any] = {"ticket_id": ticket_id, "turn": 1}
    async with ledger.database.transaction() as session:
        first = await session.get_one(Message, (await said(ledger, ticket_id))[0].id)
        first.text = before
        session.add(first)
    await write(ledger, Message(seq=9, role="customer", text=after, **base))
    await erase(ledger, eraser_of(ledger, tmp_path))
    told = [one.text for one in await said(ledger, ticket_id)]
    assert told[0] == before
    assert told[-1] == f"See what she says.\nFrom: Eva\n[...]{before.removeprefix('Two lids are')}"


def test_letters_that_fold_into_signs_are_read_as_they_stand() -> None:
    """The dot of a Turkish capital, folded, is no letter, and no word ends at it."""
    text = "İzmir'deki İlk İş numaram bekliyor"
    assert Quoting.of([text]).out_of(f"> {text}") == "> [...]"


def test_taking_quotes_out_is_linear() -> None:
    """Of lines, marks and words without any end."""
    for piece in ("> alpha beta gamma delta\n", '"a" ', "a b ", "\u201e", "word"):

        def read(text: str) -> object:
            others = own_words([(True, text), (False, text), (False, text[::-1])])
            return Quoting.of([text], others, header_block).out_of({"text": text})

        assert fault(read, piece, repeated(piece), 0.5) is None


@pytest.mark.parametrize("known", [True, False], ids=["with a ticket", "without one"])
async def test_what_an_older_version_asked_is_found_by_the_persons_ticket(
    ledger: Ledger, tmp_path: Path, known: bool
) -> None:
    """Its request lacks the digest as which senders stand; where nothing leads to it, the receipt says so."""
    opened = Ledger(Database(ledger.database.url, None, RING), ledger.queue)
    ticket_id = await conversation(opened)
    if known:
        await of_person(opened, ADDRESS)
    eraser = eraser_of(opened, tmp_path)
    async with opened.database.transaction() as session:
        wanted = await requests.ask(session, KEY, tenant=TENANT, address=ADDRESS, by="ann")
        wanted.customer = None
        session.add(wanted)
    given = await eraser.run(wanted.id)
    assert (ERASED in [one.text for one in await said(opened, ticket_id)]) is known
    assert (receipt.ASK_AGAIN in given["not_reached"]) is not known
    await opened.database.close()
