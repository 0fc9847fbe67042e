"""Splits a message into the things that are asked, each with the context it needs."""

from __future__ import annotations

from dataclasses import replace

from graph.minds.local.planning.candidates import MOST_CONTEXT, Candidate, merged, repeats
from graph.minds.local.planning.forbidding import rules_out, without_forbidding
from graph.minds.local.planning.joints import Differ, clauses, other_way
from graph.minds.local.planning.lists import (
    asks_by_items,
    asks_each,
    leads_in,
    names,
    speaks_of_each,
    without_dash,
    without_lead,
)
from graph.minds.local.planning.referring import (
    FEWEST_WORDS,
    is_a_situation,
    leans,
    points_back,
    refers,
    says_nothing,
)
from graph.text.machine_lines import LOG_LINE
from graph.text.mail.closings import CLOSINGS
from graph.text.mail.lists import leads_off_a_list
from graph.text.mail.marks import folded
from graph.text.requests import (
    ASKED,
    PROBLEM,
    TOLD,
    WISHED,
    begun_large,
    is_polite,
    opens_a_question,
    outer,
    strength,
    without_greeting,
)
from graph.text.speech.confirming import confirms
from graph.text.speech.thanks import MISSENT
from graph.text.words import content_words, says
from memory.patterns import linear
from memory.sentences import itemised, sentences

MOST_PROBLEM = 4
"""Sentences that make up an ask where nothing is asked outright."""
MOST_NAME_WORDS = 4  # behind what closes a letter
_ANOTHER = linear(
    r"^(?:also|another|additionally|in addition|secondly|second|thirdly|besides(?: that)?|furthermore|moreover|one more|on another|then there(?: is|['’]s)|there(?: is|['’]s) also|separately|oh and|and also|finally|lastly"
    r"|plus|außerdem|zudem|de plus|además|inoltre|verder)\b",
    ignore_case=True,
)
_ADDS = linear(
    r"^(?:nor|neither|also)\b|\b(?:either|as well|too|neither)[.! ]*$|\b(?:also|auch|aussi|también|anche) (?:\w+ )?(?:not|cannot|can['’]t|does|do|has|have|is|are|nicht)\b",
    ignore_case=True,
)
"""Adds a trouble to the one that was told right before it."""
_MISSENT = linear(MISSENT)
_URGED = linear(
    r"\bkeeps? (?:on )?(?:asking|calling|chasing|nagging|reminding|telling|waiting|wondering)(?: (?:me|us))?(?: (?:about|for) (?:it|this|that|them))?[.! ]*$",
    ignore_case=True,
)
"""Says that somebody wants the answer, too: "the app keeps asking for a PIN" is a trouble."""


def split(text: str, differ: Differ) -> list[Candidate]:
    """The asks in order: at least one where anything is said, else none."""
    text = text.replace("?;", "?\n").replace("?,", "?\n")
    headline, body = _headline(itemised(begun_large(text)))
    found = _candidates(body, differ)
    strongest = max((one.strength for one in found), default=0)
    if not strongest and strength(headline) == ASKED:
        chosen = []  # what stands below the one question is a name, or a remark
    elif strongest >= WISHED:
        chosen = _asked(found, differ)
    else:
        chosen = _problems(found, differ)
    if headline:
        chosen = _with_headline(chosen, headline, differ)
    said = " ".join(text.split())
    return merged(chosen) or ([Candidate(said, (), 0)] if said else [])


def _asked(found: list[Candidate], differ: Differ) -> list[Candidate]:
    """What is asked for, and every trouble that none of it is about: nobody answers half a letter."""
    asked = [one for one in found if one.strength >= WISHED]
    others = [one for one in found if one.strength == TOLD and _is_another(one, asked, differ)]
    apart = {one.text for one in others}
    return [
        replace(one, context=tuple(told for told in one.context if told not in apart))
        for one in found
        if one.strength >= WISHED or one in others
    ]


def _is_another(trouble: Candidate, asked: list[Candidate], differ: Differ) -> bool:
    whole = says(trouble.text, FEWEST_WORDS) and not points_back(trouble.text)
    return (
        whole
        and not _URGED.search(trouble.text)
        and all(not points_back(one.text) and differ(trouble.text, one.text) for one in asked)
    )


def _headline(text: str) -> tuple[str, str]:
    """A first sentence on a line of its own is a subject: context rather than an ask."""
    first, gap, rest = text.partition("\n\n")
    if gap and rest.strip() and "\n" not in first.strip() and len(sentences(first)) == 1:
        return ("", text) if is_polite(first.strip()) else (first.strip(), rest)
    return "", text


def _with_headline(chosen: list[Candidate], headline: str, differ: Differ) -> list[Candidate]:
    """The headline as context; as an ask before them where it asks for another thing than each."""
    alone = Candidate(headline, (), strength(headline), points_back(headline))
    asks = not alone.refers and alone.strength >= WISHED
    if not chosen or (asks and all(_apart(alone, one, differ) for one in chosen)):
        return [alone, *chosen]
    return [replace(one, context=(headline, *one.context)) for one in chosen]


def _apart(headline: Candidate, one: Candidate, differ: Differ) -> bool:
    """Whether both are asked: of another kind, or two questions that each stand alone, and no catchword."""
    both = [set(content_words(each.text)) for each in (headline, one)]
    fewer = both[0].isdisjoint(both[1]) and opens_a_question(without_greeting(headline.text))
    whole = min(map(len, both)) > FEWEST_WORDS - fewer
    questions_both = headline.strength == one.strength == ASKED and whole and not one.refers
    return differ(headline.text, one.text) or (questions_both and not repeats(headline, one))


def _candidates(body: str, differ: Differ) -> list[Candidate]:
    """Every sentence as a candidate, with the told sentences since the last ask before it."""
    found: list[Candidate] = []
    told: list[str] = []
    asked: str | None = None
    every = outer(sentences(body))
    each = speaks_of_each(body) and any(asks_each(one.text) for one in every)
    listing, answered = each, False
    itemised_asks = asks_by_items([one.text for one in every])
    for one, after in zip(every, [*every[1:], None], strict=False):
        if LOG_LINE.search(one.text):
            continue
        words, item = without_dash(one.text)
        words = without_forbidding(without_greeting(without_lead(words)))
        if (
            is_polite(words)
            or _closes(words)
            or leads_off_a_list(words)
            or _withdraws(words)
            or (after is not None and rules_out(words, after.text))
        ):
            continue
        if leads_in(words):
            listing = True
            continue
        listed = (listing and (item or names(words))) or (itemised_asks and item and names(words))
        value = max(strength(words), WISHED if listed else 0)
        if value == TOLD and found and _is_further(words):
            value = WISHED
        if value and told and not answered and _ADDS.search(words):
            found = _with_the_first(found, told[-1])
        pieces = clauses(words, value, differ)
        if value < WISHED and len(pieces) == 1:
            told, answered = [*([] if answered else told)[-MOST_CONTEXT:], words], False
            found.append(Candidate(words, (), value))
            continue
        if item and not (points_back(words) or leans(words)):
            asked = None  # an item of a list stands by itself, however short it is
        for piece in pieces:
            found.append(_in_context(piece, max(value, WISHED), told, asked))
            asked = piece
        answered = True
    return _with_the_rest(found) if answered is False else found


def _with_the_first(found: list[Candidate], before: str) -> list[Candidate]:
    """What "either" or "as well" adds to is a trouble, though no word of it says so."""
    last = found[-1]
    if last.text != before or last.strength or points_back(before) or is_a_situation(before):
        return found
    return [*found[:-1], replace(last, strength=TOLD)] if says(before, FEWEST_WORDS) else found


def _is_further(sentence: str) -> bool:
    """Whether it says that it is another matter: "Also my colleague gets no mail"."""
    lead = _ANOTHER.match(sentence)
    rest = "" if lead is None else sentence[lead.end() :].lstrip(" ,:-")
    return says(rest, FEWEST_WORDS) and not is_a_situation(rest)


def _closes(sentence: str) -> bool:
    """Whether it ends a letter within a line, as "Regards, Gus" does: nobody asks about that."""
    closing, _, name = sentence.strip(" .!,").partition(",")
    folded = closing.casefold().replace("ß", "ss").strip()
    return folded in CLOSINGS and len(name.split()) <= MOST_NAME_WORDS and "?" not in name


def _withdraws(sentence: str) -> bool:
    """Whether it merely says that an earlier message is not to be read."""
    rest = _MISSENT.sub(" ", folded(sentence))
    return rest != folded(sentence) and strength(rest) < WISHED


def _with_the_rest(found: list[Candidate]) -> list[Candidate]:
    """Who asks belongs to the last ask, though told behind it: "When may I call? We are on Team.".

    So does what else is told behind one that says little: "Can I still cancel? My parcel left today.".
    """
    last = max((at for at, one in enumerate(found) if one.strength >= WISHED), default=None)
    if last is None:
        return found
    little = not says(found[last].text, FEWEST_WORDS + 1)
    behind = (one.text for one in found[last + 1 :] if little or is_a_situation(one.text))
    rest = tuple(behind)[:MOST_CONTEXT]
    whole = replace(found[last], context=(*found[last].context, *rest))
    return [*found[:last], whole, *found[last + 1 :]]


def _in_context(piece: str, value: int, told: list[str], asked: str | None) -> Candidate:
    """A piece that leans on the ask before it takes that along."""
    context = tuple(one for one in told[-MOST_CONTEXT:] if not confirms(one, answered=True))
    if context and says_nothing(piece):  # "Refund?" asks about what was told right before it
        return Candidate(f"{context[-1]} {piece}", context[:-1], value)
    back = points_back(piece)
    little = back or leans(piece) or not says(piece, FEWEST_WORDS + 1)
    alone = not refers(piece) and says(piece, FEWEST_WORDS)  # and of another deed
    if asked is not None and little and not (alone and other_way(asked, piece)):
        context = (*context, asked)
    return Candidate(piece, context, value, back)


def _problems(found: list[Candidate], differ: Differ) -> list[Candidate]:
    """Nothing is asked outright: the sentences that tell the problem are the ask.

    Where the next one tells another problem, there are two.
    """
    told = [one for one in found if one.strength or PROBLEM.search(one.text)] or found
    texts = [one.text for one in told[:MOST_PROBLEM]]
    others = tuple(one.text for one in found if one.text not in texts)[:MOST_CONTEXT]
    groups: list[str] = []
    for one in texts:
        whole = says(one, FEWEST_WORDS) and not points_back(one) and PROBLEM.search(one)
        if groups and not (whole and (not PROBLEM.search(groups[-1]) or differ(groups[-1], one))):
            groups[-1] = f"{groups[-1]} {one}"
        else:
            groups.append(one)
    return [Candidate(one, others, TOLD) for one in groups]
