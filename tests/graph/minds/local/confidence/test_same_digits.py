"""What is said of a written answer depends neither on the order of sets nor on what else was encoded."""

import os
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
from typing_extensions import override

from graph.minds.local.confidence.written import WrittenAnswer
from graph.state import Ask
from memory.encoder.encoder import HashEncoder, Vectors
from tests.graph.found import evidence_of

WORDS = """
from graph.minds.local.confidence.written import addressed
from graph.minds.local.writing.parts import Selection
names = [chr(97 + n // 26) + chr(97 + n % 26) + "orn" for n in range(60)]
passages = [
    {"title": "", "heading": "", "text": " ".join(names[:size])} for size in range(1, 60, 3)
]
told = Selection("paragraph", "", "", (" ".join(names[::2]),))
print(repr(addressed(" ".join(names), [told], passages)))
"""


def test_the_share_of_the_words_that_are_told_has_one_last_digit() -> None:
    """A set of words has another order in each process, and floating sums depend on it."""
    found = {
        subprocess.run(
            [sys.executable, "-c", WORDS],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in range(4)
    }
    assert len(found) == 1, found


ASK: Ask = {
    "id": "a1",
    "text": "How long does a parcel take?",
    "intent": None,
    "query": "How long does a parcel take?",
}


class Neighbours(HashEncoder):
    """Its vectors differ by what stood beside a text in a run, as those of the real one do."""

    off = 0.0

    @override
    def encode(self, texts: Sequence[str]) -> Vectors:
        return super().encode(texts) * np.float32(1 + self.off)


def test_what_was_encoded_beside_a_text_does_not_tell_in_an_answer() -> None:
    """The difference is a ten-millionth, and of each number five places are kept."""
    encoder = Neighbours()
    found = []
    for off in (0.0, 1e-7, -2e-7):
        encoder.off = off
        ranked = [evidence_of("a", "A parcel takes two days.")]
        found.append(WrittenAnswer(encoder).features(ASK, ranked, ["a"]))
    assert found[0] == found[1] == found[2] != {}
