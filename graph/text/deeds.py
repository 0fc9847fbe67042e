"""The deed that is asked for, and whether an article tells of it or only of another one.

"Can I pause the subscription?" is not answered by the way to cancel it, however near both are to each
other. So an article must name the deed in some word: the ask's own, another for the same, or one by
which such a thing is told. A verb that the table does not have decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from graph.text.words import stem, words

TEXTS_KEPT = 1024
"""Texts of articles whose words a process keeps: each is asked about several times a ticket."""
MOST_BETWEEN = 4
"""Words that may stand inside a verb of several: "hand the role over"."""
MOST_BEFORE = 12
"""Words before "be paused" among which the "can" must stand."""
_TABLE = """
archive: archive | hide inactive store trash
back up: back_up | backup copy export save snapshot
block: block ban blacklist | blacklist deny report restrict spam
cancel: cancel terminate discontinue call_off unsubscribe | abort cancellation close delete end leave opt_out quit remove stop \
terminate termination unsubscribe withdraw not_renew
clone: duplicate clone | again copy template
combine: merge combine consolidate unify | duplicate join together
convert: convert | change conversion switch
delete: delete erase | cancel clear close deactivate discard remove removal trash uninstall wipe
donate: gift donate | donation gift present
downgrade: downgrade | change cheaper lower plan reduce smaller switch
exchange: exchange trade | swap replace replacement switch pay_out paid_out
export: export extract pull_out | backup copy csv download excel pdf save
extend: extend prolong lengthen stretch | extension longer more_time postpone renew renewal
forward: forward redirect | mail route send
freeze: pause freeze put_on_hold | frozen hiatus hold inactive interrupt reserve resume snooze suspend temporarily
hide: hide | disable invisible private restrict show turn_off unpublish visible visibility
get back: get_back bring_back | backup forgot keep reactivate recover reinstate reopen reset restore resume \
retrieve revert rollback trash undo undone unlock
import: import upload bring_in | attach from_file from_list insert load migrate
insure: insure | insurance
lend: lend lent | borrow loan rent share
lock: lock | close closed password protect restrict
mend: repair mend | broken damage damaged fix replace service warranty
move over: transfer hand_over pass_on sign_over give_away | assign change give hand migrate move owner ownership pass switch
mute: mute silence | disable notification quiet sound turn_off
print: print | paper pdf printer
rename: rename | called edit name title
rent: rent hire lease | book booking borrow lend lent loan rental reserve
reschedule: reschedule postpone defer | another_day another_time change_date change_time later move
restore: restore recover reinstate reactivate reopen resume revive undelete | backup forgot reset \
retrieve revert rollback trash undo undone unlock
sell: sell sold resell | buyer resale sale seller
share: share_with | access collaborate forward invite link mail permission public publish send together
split: split divide | each instalment installment part separate separately several share
swap: swap | change exchange replace replacement switch trade
suspend: suspend | block deactivate disable freeze hold lock pause
track: track trace | arrive delivery follow parcel shipment shipped status tracking
translate: translate | english language localize multilingual translation
unlock: unlock unblock | again code locked reset wait
upgrade: upgrade | bigger change higher larger plan premium subscribe switch
"""
"""A deed's name: the verbs that ask for it | what else tells of it. Two words may have others between."""
_MODALS = frozenset(
    ["can", "could", "may", "might", "do", "does", "should", "shall", "would", "will", "must"]
)
_BEFORE_TO = frozenset(
    """
    want like wish need how able allowed possible trying try way ways going us me you have it
    option
    """.split()
)
_ADVERBS = frozenset(
    """
    also still just simply now again please only temporarily even then kindly and or
    """.split()
)
_OWNERS = frozenset(
    """
    the my our your a an this that these those his her their each two
    """.split()
)
_BEFORE_GERUND = frozenset(["of", "is", "about", "for"])
_MONEY = frozenset(
    stem(one)
    for one in """
    money pay paid fee deposit refund price cost sum amount pence pound penny euro eur dollar cent bill charge invoice
    contribution premium instalment deduction wage salary tax
    """.split()
)
"""What is got back in another way than a thing is: by a refund."""
_GET_BACK = "get back"
_SELL = "sell"
"""What is asked of us by "do you sell": an article tells of it by the thing and its price."""
_NO_THING = frozenset(
    """
    it this that them these those something anything one all to me us you
    """.split()
)
"""Words that name nothing that is got back: "What do I get back?", "When will you get back to me?"."""
_ENDS = str.maketrans(dict.fromkeys(".?!,:;()", "\n"))
"""Characters that end a clause."""


@dataclass(frozen=True)
class _Verb:
    """One word or several, as `("hand", "over")`."""

    deed: str
    words: tuple[str, ...]

    def at(self, said: Sequence[str], place: int) -> bool:
        """Whether it begins at a place, whose word is of its first one.

        To "bring a cat in a car" is not to bring something in.
        """
        rest = self.words[1:]
        if not rest:
            return True
        room = said[place + 1 : place + 2 + MOST_BETWEEN + len(rest)]
        return any(
            tuple(room[at : at + len(rest)]) == rest
            and (at == 0 or rest != ("in",) or _OWNERS.isdisjoint(room[at + 1 : at + 2]))
            for at in range(MOST_BETWEEN + 1)
        )


def _read(column: int) -> Mapping[str, tuple[_Verb, ...]]:
    """The verbs of one column of the table, by the stem of their first word."""
    found: dict[str, tuple[_Verb, ...]] = {}
    for line in _TABLE.replace("\\\n", "").strip().splitlines():
        deed, _, rest = line.partition(": ")
        for one in rest.split(" | ")[column].split():
            verb = _Verb(deed, tuple(one.split("_")))
            first = stem(verb.words[0])
            found[first] = (*found.get(first, ()), verb)
    return MappingProxyType(found)


_ASKED, _TOLD = _read(0), _read(1)


def deeds(ask: str) -> frozenset[str]:
    """The names of the deeds that are asked for.

    >>> sorted(deeds("Can I put the subscription on hold?"))
    ['freeze']
    """
    found = {
        verb.deed
        for clause in ask.translate(_ENDS).split("\n")
        if clause and (said := words(clause))
        for verb in _wished(said)
    }
    about_money = _GET_BACK in found and any(stem(one) in _MONEY for one in words(ask))
    return frozenset(found - {_GET_BACK} if about_money else found)


def _wished(said: Sequence[str]) -> Iterator[_Verb]:
    for place, word in enumerate(said):
        for verb in _ASKED.get(stem(word), ()):
            if (
                verb.at(said, place)
                and _is_wished(said, place, verb.words[0])
                and (verb.deed != _GET_BACK or _names_a_thing(said, place))
                and not (verb.deed == _SELL and said[place - 1 : place] == ["you"])
            ):
                yield verb


def _names_a_thing(said: Sequence[str], place: int) -> bool:
    """Whether a thing is got or brought back, inside the verb or behind it."""
    at = said.index("back", place)
    return not _NO_THING.issuperset((*said[place + 1 : at], *said[at + 1 : at + 3]))


def _is_wished(said: Sequence[str], place: int, base: str) -> bool:
    """Whether the word is done to somebody's wish: "can I pause", "to pause", "be paused", "pause"."""
    before = place
    while before > 0 and said[before - 1] in _ADVERBS:
        before -= 1
    if before == 0:
        return said[place] == base
    last, head = said[before - 1], said[max(0, before - 1 - MOST_BEFORE) : before - 1]
    if last in {"be", "get"}:
        return bool(_MODALS.intersection(head)) or "to" in head
    if said[place] != base:
        return said[place].endswith("ing") and last in _BEFORE_GERUND
    return bool(head) and (
        (last == "to" and head[-1] in _BEFORE_TO)
        or _is_subject(said[max(0, before - MOST_BEFORE) : before])
    )


def _is_subject(said: Sequence[str]) -> bool:
    """Whether the last words are who does it, behind a "can": one word, or "our new manager"."""
    if said[-2] in _MODALS:
        return True
    return any(
        len(said) > size and said[-size - 1] in _MODALS and said[-size] in _OWNERS
        for size in (2, 3)
    )


@lru_cache(maxsize=TEXTS_KEPT)
def told(text: str) -> frozenset[str]:
    """The names of the deeds that an article's title, heading or words name."""
    said = words(text)
    return frozenset(
        verb.deed
        for place, word in enumerate(said)
        for column in (_ASKED, _TOLD)
        for verb in column.get(stem(word), ())
        if verb.at(said, place)
    )
