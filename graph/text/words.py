"""Words, numbers and names of a text, for lexical comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from memory.knowledge.spelling import one_spelling

STOP = frozenset(
    """
    a an the and or but if then else of to in on at by for with from as is are was were be been
    being am do does did done have has had having i me my mine we us our you your he she it its
    they them their his her this that these those there here what which who whom whose when
    where why how can could will would shall should may might must not no nor so than too very
    just also into over under out up down off about again please hi hello dear thanks thank get
    got any some all each more most other such only own same s t don now ve ll re d m im
    """.split()
)
"""English words that say little about a topic."""
NEGATIONS = frozenset(
    """
    not no never none nobody nothing neither nor cannot without unable impossible isn't aren't
    wasn't weren't don't doesn't didn't can't couldn't won't wouldn't shouldn't hasn't haven't
    hadn't mustn't nicht kein keine nie ohne pas jamais sans nunca sin niet geen
    """.split()
)

_WORD = re.compile(r"[^\W_]+(?:['’.\-/][^\W_]+)*")
_TOKEN = re.compile(r"[\w'-]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        """
    zero one two three four five six seven eight nine ten eleven twelve
    """.split()
    )
}
"""Small numbers in words, and in digits."""
_SUFFIXES = (
    ("ations", "ate"),
    ("ation", "ate"),
    ("ings", ""),
    ("ing", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ments", ""),
    ("ment", ""),
    ("edly", ""),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
)
_ENDINGS = tuple(suffix for suffix, _ in _SUFFIXES)
_SHORTEST_STEM = 3
_LONGEST_PREFIX = 3
"""Letters before a hyphen that many leave out: "Wi-Fi" is "wifi", "log-in" is "login"."""
FEWEST_NAMES, MOST_NAME_WORDS = 3, 3
"""Of a sentence that merely lists names."""
_LOOK_BACK = 16
"""Characters before a word in which the end of the sentence before it would stand."""


def words(text: str) -> list[str]:
    """Lower-case words in order, apostrophes made plain."""
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]


def tokens(text: str) -> list[str]:
    """Words as they are written, hyphens and apostrophes kept."""
    return _TOKEN.findall(text)


def stem(word: str) -> str:
    """`word` without a common English ending, so that cancelled meets cancelling, and in one spelling."""
    found = _without_ending(word) if word.endswith(_ENDINGS) else word
    if len(found) > _SHORTEST_STEM and found[-1] == found[-2]:
        found = found[:-1]
    return one_spelling(found.removesuffix("e") if len(found) > _SHORTEST_STEM else found)


def _without_ending(word: str) -> str:
    for suffix, instead in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)] + instead
    return word


def content_words(text: str) -> list[str]:
    """Stems of the words that carry the topic."""
    return [stem(word) for word in _content(text)]


def parted(text: str, said: set[str]) -> set[str]:
    """The parts of joined words of a text that were said one by one.

    >>> sorted(parted("Milk-free rooms are on-site.", {"milk", "fre", "on"}))
    ['fre', 'milk']
    """
    joined = (word for word in words(text) if "-" in word)
    parts = (set(content_words(word.replace("-", " "))) for word in joined)
    return {part for one in parts if one <= said for part in one if len(one) > 1}


def says(text: str, least: int = 1) -> bool:
    """Whether at least so many words carry a topic; reads no further than it must."""
    return sum(1 for _ in islice(_content(text), least)) == least


def _content(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        word = _plain(match.group().lower().replace("’", "'"))
        if word not in STOP:
            yield word


def _plain(word: str) -> str:
    """As others write it: "engineer's" is the engineer's, and so "engineer"."""
    if word.isalnum():
        return word
    own = word.removesuffix("'s")
    prefix, _, rest = own.partition("-")
    joined = rest.isalpha() and prefix.isalpha() and len(prefix) <= _LONGEST_PREFIX
    return prefix + rest if joined else own


def numbers(text: str) -> set[str]:
    """Numbers in one notation: 1,000 is 1000 and three is 3."""
    found = {match.group().replace(",", "").rstrip(".:") for match in _NUMBER.finditer(text)}
    return found | {NUMBER_WORDS[word] for word in words(text) if word in NUMBER_WORDS}


def names(text: str) -> set[str]:
    """Capitalised words that do not begin a sentence, in lower case."""
    found = set()
    for match in _WORD.finditer(text):
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()].rstrip(" \"'(*_")
        if match.group()[0].isupper() and before and before[-1] not in ".!?:\n•-":
            found.add(match.group().lower())
    return found - STOP


def negations(text: str) -> int:
    """How many words deny something."""
    return sum(word in NEGATIONS for word in words(text))


def lists_names(sentence: str) -> bool:
    """Whether it lists names and says nothing of them: "Cats, white rats and frogs."."""
    names = sentence.replace(" and ", ",").replace(" or ", ",").split(",")
    return len(names) >= FEWEST_NAMES and all(len(one.split()) <= MOST_NAME_WORDS for one in names)
