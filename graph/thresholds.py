"""From which confidence on is an ask answered? By which cases, and by which rule.

A delivered answer is wrong when nothing answers the question or another article is cited.

A tenant's own labelled questions are few. Confidence is recalibrated on them (`graph.recalibration`), and
the lowest threshold is taken above which the estimated share of wrong answers is the stated one.

The thresholds that ship, and those from people's decisions, are chosen by conformal risk control. On n
exchangeable cases the share of wrong ones among the next delivered is at most
(wrong + 1) / (delivered + 1) of those at or above a fixed threshold; the lowest threshold for
which this stays within the stated error is taken. Where none does, nothing is delivered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate
from typing import Literal

from graph.recalibration import Judged, risks_of

DEFAULT_ANSWER_THRESHOLD = 0.6
"""Confidence an ask needs where the desk states none and the minds have no confidence model."""
NEVER = 1.0
"""A threshold that no confidence reaches: everything goes to a person."""

IN_DESK = "written in desk.yaml"
"""Where a fixed threshold comes from."""

Source = Literal["desk", "calibration", "default"]


@dataclass(frozen=True)
class Threshold:
    """A threshold with what it stands on."""

    threshold: float
    max_error: float
    """The share of delivered answers that may be wrong, as stated."""
    n: int
    """Labelled cases it was chosen on."""
    delivered: int
    realised_error: float | None
    """On those cases; None if nothing would be delivered."""
    coverage: float
    """The share of those cases that would be answered."""
    sufficient: bool
    """Whether some threshold kept the stated error; if not, `threshold` delivers nothing."""
    note: str
    date: str
    encoder: str = ""
    """Revision of the encoder it holds for."""
    model: str = ""
    """Version of the confidence model it holds for."""
    kb_digest: str = ""
    """Digest of the articles it was chosen on."""

    @property
    def too_few(self) -> bool:
        """Whether there were too few cases to show anything, rather than too many wrong ones."""
        return self.n < _least_cases(self.max_error)


@dataclass(frozen=True)
class AnswerThreshold:
    """The threshold in force, and why it is this one."""

    value: float
    source: Source
    why: str
    """For the journal and for people."""


def _least_cases(max_error: float) -> int:
    """Right answers that are needed at least to show so small an error."""
    return round(1 / max_error) - 1


def choose(cases: Sequence[Judged], max_error: float) -> Threshold:
    """The lowest threshold that keeps `max_error` by conformal risk control; see the module."""
    ranked = _ranked(cases)
    wrong = accumulate(not case.correct for case in ranked)
    bounds = [(found + 1) / (place + 1) for place, found in enumerate(wrong, start=1)]
    return _lowest(ranked, bounds, max_error)


def calibrated(cases: Sequence[Judged], max_error: float) -> Threshold:
    """The lowest threshold above which the share of wrong answers is `max_error` by estimate.

    For the few labelled questions of one tenant: confidence is first recalibrated on them.
    """
    ranked = _ranked(cases)
    risks = accumulate(risks_of(ranked) if len(ranked) >= _least_cases(max_error) else [])
    estimates = [total / place for place, total in enumerate(risks, start=1)]
    return _lowest(ranked, estimates, max_error)


def _ranked(cases: Sequence[Judged]) -> list[Judged]:
    return sorted(cases, key=lambda case: -case.confidence)


def _lowest(ranked: Sequence[Judged], errors: Sequence[float], max_error: float) -> Threshold:
    """`errors[n]` is the share of wrong answers where the first n + 1 are delivered."""
    taken = 0
    for place, error in enumerate(errors, start=1):
        tied = place < len(ranked) and ranked[place].confidence == ranked[place - 1].confidence
        if error <= max_error and not tied:
            taken = place
    wrong = sum(not case.correct for case in ranked[:taken])
    return Threshold(
        threshold=ranked[taken - 1].confidence if taken else NEVER,
        max_error=max_error,
        n=len(ranked),
        delivered=taken,
        realised_error=wrong / taken if taken else None,
        coverage=taken / len(ranked) if ranked else 0.0,
        sufficient=taken > 0,
        note=_note(len(ranked), max_error, taken),
        date=datetime.now(UTC).date().isoformat(),
    )


def read(text: str) -> Threshold:
    """A threshold out of JSON. Raises `ValueError` if it is none, with what is wrong."""
    try:
        found = Threshold(**json.loads(text))
        shares = (found.threshold, found.max_error, found.coverage)
        sound = all(0 <= one <= 1 for one in shares) and found.max_error > 0 <= found.n
    except TypeError as error:
        raise ValueError(str(error)) from error
    if not sound:
        msg = (
            "threshold, max_error and coverage must lie between 0 and 1, and n must not be negative"
        )
        raise ValueError(msg)
    return found


def in_force(
    written: float | None,
    max_error: float,
    calibrations: Sequence[Threshold],
    default: Threshold,
    *,
    encoder: str,
    model: str,
) -> AnswerThreshold:
    """What the desk wrote; else the tenant's own calibration; else the default that ships.

    `calibrations` are given newest first. One holds for the encoder and the confidence model it
    was made with, for its stated error and for larger ones; of those that hold, the one with the
    largest error is taken. One of too few cases shows nothing, and is passed over.
    """
    if written is not None:
        return AnswerThreshold(written, "desk", IN_DESK)
    holding = [
        one
        for one in calibrations
        if (one.encoder, one.model) == (encoder, model)
        and one.max_error <= max_error
        and not one.too_few
    ]
    if holding:
        best = max(holding, key=lambda one: one.max_error)  # the first of equals is the newest
        return AnswerThreshold(best.threshold, "calibration", _words("calibrated on", best))
    why = _words("shipped as default, chosen on other companies'", default)
    if default.max_error > max_error:
        why += f"; nothing shows the stated {max_error:.0%} yet"
    if calibrations:
        why += "; the desk's own calibration is not valid: see `deskhand calibration show`"
    return AnswerThreshold(default.threshold, "default", why)


def tied_to(threshold: Threshold, *, encoder: str, model: str, kb_digest: str) -> Threshold:
    """The threshold with what it holds for."""
    return replace(threshold, encoder=encoder, model=model, kb_digest=kb_digest)


def _words(kind: str, one: Threshold) -> str:
    stated = f"{kind} {one.n} cases ({one.date}) for at most {one.max_error:.0%} wrong"
    if one.realised_error is None:
        return f"{stated}: no confidence shows so small an error, so nothing is answered"
    return f"{stated}: {one.realised_error:.1%} wrong at {one.coverage:.0%} answered"


def _note(n: int, max_error: float, taken: int) -> str:
    least = _least_cases(max_error)
    if taken:
        return f"Chosen on {n} cases, of which {taken} would be answered."
    if n < least:
        return (
            f"{n} cases are too few: at least {least} right answers are needed to show an error "
            f"of at most {max_error:.0%}. Every question goes to a person until there are more."
        )
    return (
        f"No threshold keeps the error at {max_error:.0%} on these {n} cases. "
        "Every question goes to a person: state a larger error, or improve the articles."
    )
