"""The figures beside their aims, as a picture: how far each is from where it should be."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from evals.figures.metrics import Metric


@dataclass(frozen=True)
class Aim:
    """Where a figure should be."""

    value: float
    higher_is_better: bool = False

    def distance(self, found: float) -> float:
        """How many times worse than the aim; 1 is there, less is better still."""
        part, whole = (self.value, found) if self.higher_is_better else (found, self.value)
        return part / whole if whole > 0 else math.inf


AIMS: Mapping[str, Aim] = {
    "cpu_over_bare_sqlite": Aim(2),
    "cpu_over_bare_postgres": Aim(3),
    "tickets_per_second_per_core": Aim(50, higher_is_better=True),
    "local_cpu_ms": Aim(150),
    "ack_p99_over_bare_50": Aim(2),
    "ack_p99_over_bare_200": Aim(3),
    "waiting_share_of_ideal": Aim(0.9, higher_is_better=True),
    "waiting_kb_each": Aim(100),
    "search_ms_p95_100k": Aim(25),
    "search_recall_100k": Aim(0.99, higher_is_better=True),
    "ingest_per_second": Aim(200, higher_is_better=True),
    "api_mb": Aim(110),
    "worker_mb": Aim(350),
    "small_tenant_p95_ratio": Aim(1.1),
    "mb_per_1000_tickets": Aim(8),
    "handoffs_slowest_ms_10k": Aim(300),
}
"""On one machine of two cores, idle otherwise."""
LEAST, MOST = 0.1, 100.0
"""Ends of the logarithmic scale; what lies beyond is drawn at the end."""
LABELS, BARS, NUMBERS, LINE, TOP = 230, 400, 170, 24, 40
"""Widths of the columns, height of a line and of what is above the first, in pixels."""
FONT = 'font-family="sans-serif" font-size="12"'
GOOD, BAD = "#2f7d4f", "#b4552d"


def write_plot(out: Path, metrics: Mapping[str, Metric]) -> None:
    """Write the picture as SVG; a figure without a value has a line that says so."""
    out.write_text(svg(metrics), encoding="utf-8")


def svg(metrics: Mapping[str, Metric]) -> str:
    """One bar for each figure that has an aim, in their order."""
    shown = [(name, metrics[name], aim) for name, aim in AIMS.items() if name in metrics]
    width, height = LABELS + BARS + NUMBERS, TOP + LINE * len(shown) + LINE
    aim_at = LABELS + _place(1.0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" {FONT}>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<text x="8" y="18">Times worse than the aim, logarithmic; left of the line is better</text>',
        *(part for row, one in enumerate(shown) for part in _bar(TOP + row * LINE, *one)),
        f'<line x1="{aim_at}" y1="{TOP - 8}" x2="{aim_at}" y2="{height - LINE}" stroke="#222"/>',
        f'<text x="{aim_at}" y="{height - 8}" text-anchor="middle">the aim</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _bar(top: int, name: str, found: Metric, aim: Aim) -> list[str]:
    label = f'<text x="8" y="{top + 12}">{escape(name)}</text>'
    right = LABELS + BARS + 8
    if found.value is None:
        return [label, f'<text x="{right}" y="{top + 12}" fill="#777">not measured</text>']
    distance = aim.distance(found.value)
    colour = GOOD if distance <= 1 else BAD
    return [
        label,
        f'<rect x="{LABELS}" y="{top}" width="{_place(distance)}" height="16" fill="{colour}"/>',
        f'<text x="{right}" y="{top + 12}">{found.value:.4g} (aim {aim.value:g})</text>',
    ]


def _place(distance: float) -> int:
    held = min(max(distance, LEAST), MOST)
    return round(BARS * math.log(held / LEAST) / math.log(MOST / LEAST))
