"""What the nearest article lacks is said, and a code that one article alone explains is sure."""

import pytest

from graph.minds.local.confidence.assessor import HALF, NAMED, LocalAssessor
from graph.minds.local.confidence.missing import left_open, missing
from graph.text.codes import is_named_alone
from tests.graph.found import evidence_of
from tests.graph.minds.local.confidence.test_assessor import WEAK, _ask, _result

HOURS = "\n".join(f"| Lamp {name} | {n} hours |" for n, name in enumerate("ABCDEFG", start=3))
TABLE = f"How long lamps burn\n\n| Lamp | Burning time |\n|---|---|\n{HOURS}"


@pytest.mark.parametrize(
    ("asked", "article", "what"),
    [
        ("Do you rent tandems?", "We rent city bikes.", "names no tandems"),
        ("Can I pause the course?", "Cancel the course here.", "not tell of what is to be done"),
        ("How much does a towel cost?", "Towels are blue.", "tells no price"),
        ("What is the burning time of Zorlux?", TABLE, "has no row for Zorlux"),
        ("What does E-4 mean?", "A-1 The lid is open.", "not the code or number"),
        ("Do you rent bikes?", "We rent city bikes.", ""),
        ("What is the burning time of Lamp C?", TABLE, ""),
    ],
)
def test_what_is_missing_is_said_in_words(asked: str, article: str, what: str) -> None:
    """A person learns what was looked for and not found, not that no article seems to be about it."""
    found = missing(asked, [evidence_of("1", article)])
    assert what in found
    assert bool(found) is bool(what)


async def test_the_assessor_tells_what_is_missing() -> None:
    """It stands beside a confidence of nothing."""
    found = await LocalAssessor().confidence(
        _ask("Do you rent tandems?"), [_result([evidence_of("1", "We rent city bikes.")])]
    )
    assert (found.value, found.lacks) == (0.0, "the nearest article names no tandems")


@pytest.mark.parametrize(
    ("asked", "sources", "sure"),
    [
        ("What does E-17 mean?", ["lamp"], True),
        ("What does E-17 mean?", ["lamp", "fan"], False),
        ("E-17 comes up whenever I print in the cellar", ["lamp"], False),
    ],
)
async def test_a_code_that_one_article_has_is_sure(
    asked: str, sources: list[str], sure: bool
) -> None:
    """Nothing else can be meant by it; beside a story, or in two articles, it can."""
    found = [
        evidence_of(name, "E-17 The lid is open.", source=name, features=WEAK) for name in sources
    ]
    result = await LocalAssessor().confidence(_ask(asked), [_result(found)])
    assert (result.value == NAMED) is sure


def test_a_code_alone_is_told_from_one_in_a_story() -> None:
    """Only words that ask for its meaning stand beside it."""
    assert is_named_alone("What is notice 12 about?")
    assert not is_named_alone("Does notice 12 hold for my lamp?")
    assert not is_named_alone("What does it mean?")


@pytest.mark.parametrize(
    ("asked", "open_one"),
    [
        ("How do I pay for the lamp, and will you cut me off?", "Will you cut me off?"),
        ("How do I pay for the lamp, and will you lend me one?", ""),
        ("Will you cut me off?", ""),
        ("How do I pay for the lamp, and what does it cost?", ""),
    ],
)
async def test_half_an_answer_is_not_sure(asked: str, open_one: str) -> None:
    """A yes or no of which the article has no word is left open; a sum is told in other words."""
    found = evidence_of("1", "Pay for a lamp under Lamps > Pay, 9 EUR. We lend lamps, too.")
    strong = {"doubt": 0.1, "dense": 0.85, "telling": 0.9}
    assert left_open(asked, [found]).endswith(f": {open_one}" if open_one else "")
    result = await LocalAssessor().confidence(
        _ask(asked), [_result([found | {"features": strong}])]
    )
    assert bool(result.lacks) is bool(open_one)
    assert (result.value <= HALF) is bool(open_one)
    assert result.evidence
