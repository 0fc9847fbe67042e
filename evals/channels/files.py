"""Files of a storm: which messages carry one, and what is in it. Pure."""

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.channels.judging import Verdict
from evals.channels.traces import Trace

BROUGHT, ENCLOSED = 0.33, 0.75
"""Shares of the customers' messages and of people's answers, which are far fewer, that carry a file."""
BYTES = (1, 40_000)
"""Of a file, at least and at most."""
HEAD = b"file of a storm\n\x00"
"""So that no file looks like something else by chance."""


@dataclass(frozen=True)
class Sample:
    """A file as it leaves its sender."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """Of its bytes."""
        return digest_of(self.content)


def digest_of(content: bytes) -> str:
    """By which a file is known at the other end."""
    return hashlib.sha256(content).hexdigest()


def brought(trace: Trace, mark: str) -> Sample | None:
    """What a customer's message carries; the same each time it is said."""
    return _sample(f"{mark}.dat", BROUGHT) if trace.with_files else None


def enclosed(trace: Trace, marks: Sequence[str]) -> Sample | None:
    """What a person's answer to these messages carries."""
    if not (trace.with_files and marks):
        return None
    return _sample(f"answer-{marks[0]}.dat", ENCLOSED)


def _sample(name: str, share: float) -> Sample | None:
    rng = random.Random(name)  # noqa: S311 - repeatable
    if rng.random() >= share:
        return None
    return Sample(name, HEAD + rng.randbytes(rng.randint(*BYTES)))


def judge_answers(traces: Iterable[Trace]) -> Verdict:
    """The files of people's answers, where they arrived: each with its answer, once, byte for byte."""
    found = Verdict()
    for trace in traces:
        for one in {got.id: got for got in trace.got}.values():
            due = enclosed(trace, one.marks) if one.by == "person" else None
            wanted = Counter([] if due is None else [due.digest])
            had, name = Counter(one.files), " ".join(one.marks) or one.id
            found.lost += [f"the file of the answer {name} did not arrive"] * (wanted - had).total()
            found.doubled += [f"the answer {name} has a file more"] * (had - wanted).total()
    return found
