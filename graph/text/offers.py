"""The thing or the person that an ask is about, and whether an article names it at all.

"Do you rent tandems?" is not answered by the way to rent bicycles, and "Can my partner cancel?" not by the
way to cancel, however near they are. Only the plainest wordings are read: any other decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.text.money import tells_a_sum
from graph.text.particulars import PLATFORMS
from graph.text.synonyms import has_long_form, other_names
from graph.text.words import content_words, parted
from memory.patterns import linear
from memory.sentences import sentences

MOST_WORDS = 4
"""Words of a thing's name that are read."""
_OFFERED = linear(
    r"(?:^|[.,;:!?] |\b(?:and|or|but|also|hi|hello) )(?:do you (?:also |even |still |ever |currently )?(?P<verb>\p{L}{2,20}) (?P<thing>[\p{L}\d'’ -]{2,60})"
    r"|(?:can|could|may) (?:i|we) (?:also |still )?(?:get|have|buy|rent|hire|lease|add|order|book|borrow|purchase) (?P<wished>[\p{L}\d'’ -]{2,60})"
    r"|(?:is|are) there (?:an?y? |some )?(?P<there>[\p{L}\d'’ -]{2,60})|(?:does|do) (?:the|your) (?:\w+ ){1,3}have (?:an?y? |some )?(?P<having>[\p{L}\d'’ -]{2,60}))",
    ignore_case=True,
)
_OF_THE_MIND = frozenset(
    "need want know think mean say ask recommend suggest require plan happen see understand remember".split()
)
"""Verbs behind a "do you" that offer nothing."""
_BEFORE = frozenset(
    "a an any some out up more another also two extra new me us of kind kinds sort sorts type types".split()
)
_BEHIND = frozenset(
    """
    the my our your his her its their
    for in on with from to at by when if while and or of without as because now today this that it there here than who
    which where what how is are not but then after before until via per into onto over under about between during online
    yet already again too please instead tomorrow anymore still back so i we
    worldwide abroad overseas everywhere anywhere nationwide weekends
    """.split()
)
_SAYS_LITTLE = frozenset(
    content_words(
        """
        help information info detail number list item option issue problem question bit way amount thing stuff anything something
        limit maximum minimum charge fee cost price penalty deadline difference need possibility alternative rule policy
        age period term allowance size length format hour place somewhere space room mode version risk discount going plenty enough several
        requirement restriction condition support trick notice update wrong change problem trouble delay reduction extra
        both either neither one
        time money advice idea chance reason person people someone somebody anyone anybody nobody customer copy update work business
        """
    )
)
_SOMEBODY = linear(
    r"(?:^|[^\p{L} ] ?|\b(?P<what>\p{L}+) )(?:can|could|may|does) my (?P<who>partner|wife|husband|girlfriend|boyfriend|son|daughter|mother|mum|mom|father|dad|brother|sister"
    r"|friend|neighbour|neighbor|colleague|assistant|accountant|flatmate|landlord|spouse|parents?|kids?|child|children|employee|secretary)\b",
    ignore_case=True,
)
_ASKS_MORE = frozenset("how when where why".split())
"""Before "can my son": that he may is taken for granted."""
_PRICE_ASKED = linear(
    r"\bhow (?:much|expensive) (?:is|are|for)\b|\bhow much (?:does|do|would|will)\b[^.?!]{0,60}\b(?:costs?|charged?|be|pay|come to)\b|\bwhat(?:['’]?s| is| are| does| do| would| will)\b[^.?!]{0,30}\b(?:pric(?:es?|ing)|costs?|fees?|charges?|rates?)\b",
    ignore_case=True,
)
_CONNECTS = linear(
    r"\b(?:connect|integrat|synchroni[sz]|sync|link|pair|hook up|import|export|migrat)(?:e|es|ed|ing|s)?\b(?P<somebody> (?:me|us)\b)?[^.?!,;]{0,50}?\b(?:with|to|from|into|via|through)"
    r" (?:an? |the |our |my )?(?P<name>(?-i:\p{Lu}[\p{L}\d.&-]*\p{Ll})[\p{L}\d.&-]*)",
    ignore_case=True,
)
"""Another program or service, by its name, that is to work with ours. Large letters alone name a kind: CSV, SSO. What
one pays or logs in with is told by its kind as well: "all credit cards" takes Visa."""
_COSTS = linear(
    r"^(?:(?:hi|hello|so|and)[,!]? )?(?:what (?:does|would|do) (?P<thing>(?:the|an?) [\p{L}-]+(?: [\p{L}-]+)?) cost|how much (?:is|are) (?P<other>(?:the|an?) [\p{L}-]+(?: [\p{L}-]+)?))[?.! ]*$",
    ignore_case=True,
)
"""Asks for the price of one thing and names nothing else. What has no article has many names: shipping, delivery and
postage cost the same."""
_DATES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december".split()
)
_CARRIERS = frozenset("bluetooth wifi wi-fi internet ethernet".split()).union(*PLATFORMS)
"""By which, or on which, anything is connected: "from my Android", "via Bluetooth". Another platform is another matter."""
_NO_PRICE = linear(
    r"\bhow much (?:is|are) (?:\w+ ){0,3}?(?:left|too|enough|allowed|covered|remaining|used|needed)\b",
    ignore_case=True,
)
"""How much there is of something, and not for how much."""
_PRICE = frozenset(
    content_words("price pricing cost charge fee rate tariff pay expensive much quote bill")
)
_OTHERS = frozenset(
    content_words(
        """
        person people partner somebody someone else another household family member relative friend colleague user child children
        kid son daughter parent guest spouse wife husband anyone anybody accountant employee adult
        """
    )
)


def unnamed(ask: str, told: str) -> str:
    """The thing that the ask is for, or somebody whom it is about, where a text names it in no word; else empty.

    >>> unnamed("Do you sell tandems?", "We sell city bikes."), unnamed("Do you sell bikes?", "We sell city bikes.")
    ('tandems', '')
    """
    known, thing = {*content_words(told), *parted(told, set(content_words(ask)))}, _thing(ask)
    head = set(content_words(" ".join(thing[-1:]))) - _SAYS_LITTLE
    if head and known.isdisjoint(head) and not _named_otherwise(thing, known, told):
        return " ".join(thing)
    if (other := _connected(ask)) and known.isdisjoint(content_words(other)):
        return "" if _named_otherwise([other], known, told) else other
    somebody = _SOMEBODY.search(ask)
    whether = somebody is not None and (somebody["what"] or "").lower() not in _ASKS_MORE
    who = str(somebody["who"]) if somebody is not None and whether else ""
    return who if known.isdisjoint(_OTHERS | set(content_words(who))) else ""


def unpriced(ask: str, told: str) -> bool:
    """Whether the ask is for a price, and a text tells no sum, nor speaks of the price of what is asked about.

    >>> unpriced("What is the pricing of the gym?", "The gym opens at 7."), unpriced("How much is it?", "It is 9 EUR.")
    (True, False)
    """
    if not asks_a_price(ask):
        return False
    about = priced(ask) - _SAYS_LITTLE
    if tells_a_sum(told):
        return _is_of_another(ask, told)
    spoken = (set(content_words(one.text)) for one in sentences(told))
    return not any(_PRICE & one and (about & one or not about) for one in spoken)


def _is_of_another(ask: str, told: str) -> bool:
    """Whether the one thing whose price is asked for is named in no word of a text.

    >>> _is_of_another("What does a towel cost?", "A cabin costs 9 EUR."), _is_of_another("What does it cost?", "9 EUR")
    (True, False)
    """
    found = _COSTS.search(ask)
    thing = [] if found is None else (found["thing"] or found["other"]).split()
    named, known = set(content_words(" ".join(thing))) - _SAYS_LITTLE, set(content_words(told))
    known |= parted(told, named)
    return bool(named) and known.isdisjoint(named) and not _named_otherwise(thing, known, told)


def asks_a_price(ask: str) -> bool:
    """Whether it asks what something costs."""
    return _PRICE_ASKED.search(_NO_PRICE.sub(" ", ask)) is not None


def priced(ask: str) -> set[str]:
    """The words of substance of an ask for a price, without those that say no more than that.

    >>> priced("What does a return cost?")
    {'return'}
    """
    return set(content_words(ask)) - _PRICE


def names_a_thing(ask: str) -> bool:
    """Whether it asks for a thing by its name: "Do you do alterations?"."""
    return bool(set(content_words(" ".join(_thing(ask)[-1:]))) - _SAYS_LITTLE)


def _named_otherwise(thing: Sequence[str], known: set[str], told: str) -> bool:
    """Whether a text has another name of the thing: an elevator is a lift, American Express is Amex."""
    names = {" ".join(thing[-size:]).lower() for size in (1, 2)}
    plural = ("s", ""), ("es", ""), ("ies", "y")
    single = {
        one.removesuffix(end) + to for one in names for end, to in plural if one.endswith(end)
    }
    other = (set(content_words(name)) for one in names | single for name in other_names(one))
    return any(one and one <= known for one in other) or has_long_form(thing[-1], told)


def _connected(ask: str) -> str:
    """The name of what is to be connected, or empty; where every word is large, none is a name."""
    found = None if ask.istitle() or ask.isupper() else _CONNECTS.search(ask)
    if found is None or found["somebody"] or found["name"].lower() in _DATES | _CARRIERS:
        return ""
    return str(found["name"])


def _thing(ask: str) -> list[str]:
    """The words of the thing's name, the last of which says what it is; empty if none is read."""
    found = _OFFERED.search(ask)
    if found is None or (found["verb"] or "").lower() in _OF_THE_MIND:
        return []
    said: list[str] = []
    for word in (
        next(filter(None, map(found.group, ("thing", "wished", "there", "having"))))
    ).split():
        bare = word.lower()
        if bare in _BEHIND or bare.endswith("ally"):  # "internationally" is not a thing
            break
        if said or bare not in _BEFORE:
            said.append(word)
    if len(said) > 1 and said[0].endswith("er"):  # "a quicker delivery" asks how quick one is
        return []
    return said[:MOST_WORDS]
