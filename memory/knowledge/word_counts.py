"""How common words are in a tenant's passages, so that a search leaves out those that tell nothing.

To rank a passage takes microseconds on either engine, so a query with a word of every other passage
of a hundred thousand takes most of a second.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

MOST_ROWS = 8_000
"""Rows that one query ranks, each counted once a word. Only a tenant with many thousand passages has more,
and there a word of every tenth passage tells hardly anything about one of them."""
MOST_COUNTED = 20_000
"""Passages with a word that are counted: which of two words is the rarer one hardly matters beyond."""
FRESH_SECONDS = 600.0
"""How long a word's count is taken for granted."""
MOST_WORDS = 20_000
"""Words whose counts a process remembers."""
PASSAGES = " "
"""No word: under it is remembered how many passages there are."""
FEW = 1_000
"""Passages that are counted at each query: that takes no time, and a base that is being filled has many soon."""


class WordCounts:
    """In how many of a tenant's passages each word stands, as far as that was asked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def affordable(
        self, tenant: str, words: Sequence[str], count: Callable[[str], int]
    ) -> list[str]:
        """The rarest of the words, as many as stand in `MOST_ROWS` rows together; one at least.

        `count` tells how many a word has.
        """
        counts = {word: self.known(tenant, word, count) for word in words}
        kept: list[str] = []
        rows = 0
        for word in sorted(words, key=counts.__getitem__):
            rows += counts[word]
            if kept and rows > MOST_ROWS:
                break
            kept.append(word)
        return kept

    def passages(self, tenant: str, count: Callable[[str], int]) -> int:
        """How many passages there are; where that has changed since, its words are counted anew as well."""
        before, _ = self._known.get((tenant, PASSAGES), (0, 0.0))
        if before >= FEW:
            return self.known(tenant, PASSAGES, count)
        found = count(PASSAGES)
        if found != before:
            self._known = OrderedDict(one for one in self._known.items() if one[0][0] != tenant)
        return self._keep(tenant, PASSAGES, found)

    def known(self, tenant: str, word: str, count: Callable[[str], int]) -> int:
        """What `count` gave for the word not long ago, or gives now."""
        known, at = self._known.get((tenant, word), (0, -FRESH_SECONDS))
        if self._clock() - at < FRESH_SECONDS:
            return known
        return self._keep(tenant, word, count(word))

    def _keep(self, tenant: str, word: str, found: int) -> int:
        self._known[tenant, word] = (found, self._clock())
        if len(self._known) > MOST_WORDS:
            self._known.popitem(last=False)
        return found
