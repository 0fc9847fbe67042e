"""A threshold that a tenant chose on its own cases."""

from graph.thresholds import Threshold

MINE = Threshold(
    threshold=0.71,
    max_error=0.05,
    n=200,
    delivered=90,
    realised_error=0.03,
    coverage=0.45,
    sufficient=True,
    note="Chosen on 200 cases, of which 90 would be answered.",
    date="2026-11-20",
    encoder="enc",
    model="mod",
    kb_digest="kb",
)
