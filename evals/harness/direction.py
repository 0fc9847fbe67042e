"""Which way a figure is better."""

from typing import Literal

Direction = Literal["up", "down", "neither"]

DOWN = frozenset(
    """
    always_answer_error answerable_handed_off attempts calls_per_ticket cost cost_per_answer
    cost_per_ticket delivered_without_gold ece error false_alarm_rate forbidden_sent handed_off
    injection_ece most_steps ms_per_text query_ms_p50 retries_per_ticket seconds seconds_p50
    seconds_p95 steps steps_per_ticket tokens tokens_per_ticket unanswerable_delivered
    wrong_of_delivered
    """.split()
)
"""Smaller is better."""
NEITHER = frozenset({"always_answer_value", "clarified", "stated_error", "suppressed_per_ticket"})
"""A setting, or what is neither good nor bad by itself."""


def direction(metric: str) -> Direction:
    """Of a figure's name, with or without its suite before it."""
    name = metric.rsplit(".", 1)[-1]
    if name in NEITHER:
        return "neither"
    return "down" if name in DOWN else "up"


def gain(metric: str, change: float) -> float:
    """The change as a gain: positive is better. 0 for figures that are neither."""
    return {"up": change, "down": -change, "neither": 0.0}[direction(metric)]
