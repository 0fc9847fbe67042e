"""Charts as inline SVG. Colours are the page's, so that they follow light and dark."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from evals.harness.page.curves import Bin, Point

WIDTH, HEIGHT = 400.0, 290.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 20.0, 12.0, 46.0
"""Margins. The drawing is this small so that its letters are readable on a telephone."""
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
TOPS = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Where an axis may end: quarters of each are round."""


def risk_chart(
    points: Sequence[Point],
    before: Sequence[Point],
    sent: tuple[float, float] | None,
    stated: float | None,
) -> Markup:
    """Error of what is answered against the share that is; `sent` is where the desk stands."""
    top = _ceiling([point.error for point in (*points, *before)], sent, stated)
    parts = [_axes(top, "share of tickets answered", "share of answers wrong")]
    if stated is not None:
        parts.append(_line([(0, stated), (1, stated)], top, "goal"))
        parts.append(_text(0.99, stated, top, f"stated {stated:.0%}", "end", -5))
    parts.append(_line([(one.coverage, one.error) for one in before], top, "before"))
    parts.append(_line([(one.coverage, one.error) for one in points], top, "curve"))
    if sent is not None:
        parts.append(_dot(*sent, top, f"sent: {sent[0]:.0%} of tickets, {sent[1]:.0%} wrong"))
    return _svg(parts, "Risk against coverage: how wrong answers grow with the share answered")


def reliability_chart(bins: Sequence[Bin]) -> Markup:
    """The share of right answers against the confidence, with intervals, over a diagonal."""
    parts = [_axes(1.0, "confidence", "share right"), _line([(0, 0), (1, 1)], 1.0, "goal")]
    most = max((one.observed.n for one in bins), default=0) or 1
    for one in bins:
        if one.stated is None or one.observed.value is None:
            continue
        parts.append(_bar(one, most))
        assert one.observed.low is not None
        assert one.observed.high is not None
        ends = [(one.stated, one.observed.low), (one.stated, one.observed.high)]
        parts.append(_line(ends, 1.0, "whisker"))
        said = f"{one.observed.value:.0%} of {one.observed.n} right at {one.stated:.2f}"
        parts.append(_dot(one.stated, one.observed.value, 1.0, said))
    return _svg(parts, "Reliability: the share of right answers at each confidence")


def _ceiling(
    errors: Iterable[float], sent: tuple[float, float] | None, stated: float | None
) -> float:
    highest = max([*errors, sent[1] if sent else 0.0, stated or 0.0, 0.2])
    return next(top for top in TOPS if highest <= top or top == TOPS[-1])


def _x(value: float) -> float:
    return LEFT + value * (WIDTH - LEFT - RIGHT)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)


def _axes(top: float, across: str, up: str) -> Markup:
    middle = (TOP + HEIGHT - BOTTOM) / 2
    names = Markup(
        '<text class="axis" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>'
        '<text class="axis" transform="translate(12 {:.1f}) rotate(-90)"'
        ' text-anchor="middle">{}</text>'
    ).format(_x(0.5), HEIGHT - 6, across, middle, up)
    return Markup().join([*(_tick(tick, top) for tick in TICKS), names])


def _tick(tick: float, top: float) -> Markup:
    """A grid line, and what it and the place below it stand for."""
    y = _y(tick * top, top)
    return Markup(
        '<line class="grid" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>'
        '<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="end">{:.0%}</text>'
        '<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="middle">{:.0%}</text>'
    ).format(
        *(_x(0), _x(1), y, y),
        *(_x(0) - 6, y + 4, tick * top),
        *(_x(tick), HEIGHT - BOTTOM + 16, tick),
    )


def _line(points: Sequence[tuple[float, float]], top: float, kind: str) -> Markup:
    if not points:
        return Markup()
    path = " ".join(f"{_x(x):.1f},{_y(y, top):.1f}" for x, y in points)
    mark = '<polyline class="{}" points="{}"/>'
    return Markup(mark).format(kind, path)  # noqa: S704 - a pattern of ours, its fields escaped


def _dot(x: float, y: float, top: float, said: str) -> Markup:
    mark = '<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="5"><title>{}</title></circle>'
    return Markup(mark).format(_x(x), _y(y, top), said)  # noqa: S704 - as above


def _bar(one: Bin, most: int) -> Markup:
    """How many cases the bin has, low at the foot of the drawing."""
    tall = 0.18 * one.observed.n / most
    x, wide = _x(one.low) + 2, _x(one.high) - _x(one.low) - 4
    y = _y(tall, 1.0)
    mark = (
        '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">'
        "<title>{} cases</title></rect>"
    )
    return Markup(mark).format(x, y, wide, _y(0, 1.0) - y, one.observed.n)  # noqa: S704 - as above


def _text(  # noqa: PLR0917 - a place and what stands there
    x: float, y: float, top: float, said: str, anchor: str, up: float
) -> Markup:
    mark = '<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>'
    return Markup(mark).format(_x(x), _y(y, top) + up, anchor, said)  # noqa: S704 - as above


def _svg(parts: Iterable[Markup], said: str) -> Markup:
    frame = Markup('<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>')
    return frame.format(WIDTH, HEIGHT, said, Markup().join(parts))
