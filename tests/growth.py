"""How a reader's time grows with its text: looked at once, and thoroughly before it is blamed.

Processor time, so that a busy machine counts little; what it still costs, such as a shared core,
is measured beside it by a fixed piece of work.
"""

import time
from collections.abc import Callable

from tests.adversarial import Family

SIZES = (16_000, 32_000, 64_000)
BEYOND = (2, 4)
"""Times the largest size, at which whoever looks too slow is measured as well."""
MOST_SECONDS = 0.1
"""For the largest size, on a machine that does the reference in `NOMINAL` seconds."""
REFERENCE, NOMINAL = "And then what? 12 of them, (or so) were here. " * 1_400, 0.0022
"""64 kB of prose, and what an ordinary idle core takes to fold and count its words."""
MOST_GROWTH = 2.0
SLACK = 1.6
"""A busy machine and its caches; a quadratic reader grows fourfold, over two steps sixteenfold."""
FEWEST_SECONDS = 0.012
"""Below it the clock measures itself."""
TRIES = 4
ROUNDS = 12
"""Times a slow reader is compared with the reference before it is blamed."""

Reader = Callable[[str], object]


def fault(read: Reader, name: str, made: Family, most: float = MOST_SECONDS) -> str | None:
    """What is wrong with the reader's time for a family, None where nothing is.

    `most` is in seconds of an ordinary core, for the largest size. One fast and even reading of
    the largest and the smallest text is enough; what looks slow is measured again at every size.
    """
    if _looks_well(read, made, most):
        return None
    costs = [_cost(read, made(size), TRIES) for size in SIZES]
    grows = costs[-1] >= FEWEST_SECONDS and _goes_on(costs, read, made)
    if grows or _is_slow(read, made(SIZES[-1]), most):
        return f"{name}: {', '.join(f'{cost * 1000:.0f}' for cost in costs)} ms"
    return None


def _is_slow(read: Reader, text: str, most: float) -> bool:
    """Whether it takes too long beside the reference, which a busy machine slows nearly as much."""
    mine = reference = float("inf")
    for _ in range(ROUNDS):
        mine = min(mine, _cost(read, text, 1))
        reference = min(reference, _cost(_count_words, REFERENCE, 2))
        if mine * NOMINAL < most * SLACK * reference:
            return False
    return True


def _count_words(text: str) -> object:
    counts: dict[str, int] = {}
    for one in text.split(" "):
        word = one.strip(".,?()").lower()
        counts[word] = counts.get(word, 0) + 1
    return counts


def _goes_on(costs: list[float], read: Reader, made: Family) -> bool:
    """Whether growth that is too fast is so at the next two sizes, too: a cache that fills slows two steps at most."""
    for times in BEYOND:
        if not _too_fast(costs[-3:]):
            return False
        costs = [*costs, _cost(read, made(SIZES[-1] * times), TRIES)]
    return _too_fast(costs[-3:])


def _too_fast(costs: list[float]) -> bool:
    first, second, third = costs
    most = MOST_GROWTH * SLACK
    return third > second * most and third > first * MOST_GROWTH**2 * SLACK


def _looks_well(read: Reader, made: Family, most: float) -> bool:
    largest = _cost(read, made(SIZES[-1]), 1)
    if largest < FEWEST_SECONDS:
        return True
    smallest = _cost(read, made(SIZES[0]), 2)
    return largest < most and largest <= smallest * MOST_GROWTH**2 * SLACK


def _cost(read: Reader, text: str, tries: int) -> float:
    """Processor seconds of the best of several tries; a cheap one needs no second."""
    best = float("inf")
    for _ in range(tries):
        begun = time.process_time()
        read(text)
        best = min(best, time.process_time() - begun)
        if best < FEWEST_SECONDS:
            break
    return best
