"""Is an ask too vague to be answered, and what should be asked back?

Three ways to be vague: it names nothing; it is so short that several articles are as near; or it
points at something (it, their, this plan) that it does not name. A question is asked only where
the evidence does not answer the ask anyway, so a false alarm costs a question, not an answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.state import Evidence
from graph.text.offers import names_a_thing
from graph.text.requests import WISHED, opens_a_question, strength
from graph.text.words import NEGATIONS, content_words, says, words
from memory.patterns import linear

RIVALS_WITHIN = 0.1
"""How close another article must come to make a short ask ambiguous."""
VAGUE_WORDS = 2
"""Words with a meaning below or at which an ask with close rivals is too vague."""
POINTING_WORDS = 6
"""Words with a meaning above which an ask that points at something has named it, too."""
MOST_QUOTED = 60
"""Characters of the customer's words that are given back."""
NAMES_NOTHING = frozenset(content_words("help support problem question issue emergency urgent"))
"""Words that say that something is wanted, and not what."""
WHAT = "Could you tell us what you need help with, and which product or feature it is about?"
READABLE = 0.75
"""Share of letters and plain characters in words that are given back."""
LONGEST_WORD = 24
FEWEST_LETTERS = 2
"""Letters in a row that a message needs to say anything."""
OFFERED = 3
"""Titles that a clarifying question offers."""

_POINTS = linear(r"\b(?:it|its|they|them|their|this|these|those)\b", ignore_case=True)
_HAS_ANY = linear(
    r"\b(?:do|does) (?:you|your \w+|it|the \w+) (?:also |even |currently )?(?:have|offer|support|provide|sell|accept|ship|run)\b"
    r"|\b(?:is|are) there (?:an?|any|some)\b",
    ignore_case=True,
)
"""Asks whether there is a thing that it names: short, but not vague."""
_WISHES = linear(
    r"\b(?:needs?|wants?|wish|like|love|have|help|know|please|urgently)\b", ignore_case=True
)
_EMPTY_IT = linear(
    r"\b(?:is|was|would|will|can|could|does) it "
    r"(?:(?:be )?(?:possible|allowed|necessary|required|legal|ok|okay|safe|true)\b|(?:be |cost )?(?:\w+ )?to\b)"
    r"|\bit is (?:possible|allowed|necessary|required)\b|\bdoes it take\b",
    ignore_case=True,
)


def clarifying_question(ask: str, ranked: Sequence[Evidence]) -> str | None:
    """A question where the ask is too vague to be answered, None if it is not.

    `ranked`: passages, best first; their titles are offered.
    """
    said = set(content_words(ask))
    if not _says_something(ask) or said <= NAMES_NOTHING:
        return WHAT
    titles, alike = _near(ranked, said), _near(ranked, said, whole=True)
    if (
        len(said) <= VAGUE_WORDS
        and len(alike) > 1
        and not (_HAS_ANY.search(ask) or names_a_thing(ask))
    ):
        return f"Is it about {_offered(alike)}, or about something else?"
    if (
        len(titles) != 1  # where one article is near, people need no answer to know what is meant
        and len(said) <= POINTING_WORDS
        and strength(ask)
        and (pointer := points_at(ask))
    ):
        return _which(pointer, titles)
    return None


def _which(pointer: str, titles: Sequence[str]) -> str:
    offer = f" Is it about {_offered(titles)}, or about something else?" if titles else ""
    return f"Which product, plan or page do you mean by “{pointer}”?{offer}"


def told_beside(ask: str, query: str) -> bool:
    """Whether an ask that names little stands beside what names more, as "Where is that?" may."""
    own, said = set(content_words(ask)), set(content_words(query)) - NAMES_NOTHING
    return len(said) > VAGUE_WORDS and (own <= NAMES_NOTHING or len(said - own) >= VAGUE_WORDS)


def what_of_it(ask: str, ranked: Sequence[Evidence]) -> str:
    """The question about a thing of which nothing is asked; see `bare`."""
    if not _says_something(ask) or not _readable(ask):
        return WHAT
    titles = _near(ranked, set(content_words(ask)))
    if (pointer := _hollow(ask)) is not None:
        return _which(pointer, titles)
    offer = f" Is it about {_offered(titles)}?" if titles else ""
    return f"What would you like to know about “{' '.join(ask.split())[:MOST_QUOTED]}”?{offer}"


def bare(ask: str) -> bool:
    """Whether a thing is named and nothing is asked of it, as "pay period": no answer can be right."""
    said = set(content_words(ask))
    if said <= NAMES_NOTHING or NEGATIONS & set(words(ask)):
        return False  # "There's no light on my hub" tells what is wrong
    size = len(said - NAMES_NOTHING)  # "a problem with my account" says no more than "account"
    if _hollow(ask) is not None:
        return True
    if size <= 1:
        return "?" not in ask and not opens_a_question(ask)
    wishes = any(strength(one) >= WISHED for one in ask.replace(".", ",").split(", "))
    return size <= VAGUE_WORDS and strength(ask) == 0 and not wishes


def _hollow(ask: str) -> str | None:
    """The pronoun where a deed is wished for and its thing is named by that alone: "I need to change it"."""
    bare_wish = _WISHES.sub(" ", ask)
    said = set(content_words(bare_wish)) - NAMES_NOTHING
    return points_at(bare_wish) if len(said) <= 1 else None


def _says_something(ask: str) -> bool:
    """Whether it holds a word: what is left of symbols and blanks names nothing that could be asked of."""
    return any(len(word) >= FEWEST_LETTERS for word in words(ask))


def points_at(ask: str) -> str | None:
    """The first word that points at something outside the ask, None if nothing does."""
    plain = _EMPTY_IT.sub(" ", ask)
    found = _POINTS.search(plain)
    if found is None or says(plain[: found.start()], VAGUE_WORDS):
        return None  # "The case is cracked, should I bring it?" has named it
    return found.group().lower()


def _readable(ask: str) -> bool:
    """Whether a person would give it back in quotation marks: words, and little else."""
    plain = sum(sign.isalpha() or sign.isspace() or sign in "'’-?!,." for sign in ask)
    return plain >= READABLE * len(ask) and all(len(one) <= LONGEST_WORD for one in ask.split())


def _near(ranked: Sequence[Evidence], said: set[str], *, whole: bool = False) -> list[str]:
    """Titles of what is about as near as the best; of several words that were said it has one, or all."""
    told = {word for word in said if not word.isdigit()}
    fewest = len(told) if whole else 1
    near = [
        item
        for item in ranked
        if ranked[0]["score"] - item["score"] <= RIVALS_WITHIN
        and (len(said) == 1 or len(told & _words_of(item)) >= fewest)
    ]
    return list(dict.fromkeys(item["title"] for item in near if item["title"]))[:OFFERED]


def _offered(titles: Sequence[str]) -> str:
    quoted = [f"“{title}”" for title in titles]
    return " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def _words_of(item: Evidence) -> set[str]:
    return set(content_words(f"{item['title']} {item['heading']} {item['text']}"))
