"""Numbers over days as a picture. In: an answered question with a curve. Out: SVG, made here, with no script and no style of
another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from orggraph.questions.asking import Answered
from orggraph.questions.question import said

WIDTH, HEIGHT = 900, 300
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 14, 50
COLOURS = ("#1769aa", "#d9822b", "#2e8b57", "#8e44ad", "#c0392b")
LINES = 4
Point = tuple[float, float]


def curve(answered: Answered, lang: str) -> str:
    """The picture; nothing where the question has none, or there are fewer than two days."""
    entry = answered.ready.question.entry
    names = answered.ready.layout.names
    if entry.curve is None:
        return ""
    place = names.index(entry.curve.x)
    rows = [row for row in answered.rows if isinstance(row[place], str)]
    days = [date.fromisoformat(str(row[place])).toordinal() for row in rows]
    if len(set(days)) < 2:
        return ""
    series = [(said(entry.columns[name], lang), [row[names.index(name)] for row in rows]) for name in entry.curve.y]
    most = max((value for _, values in series for value in values if isinstance(value, int | float)), default=0)
    scale = _Scale(min(days), max(days), _round_up(most))
    parts = [*_frame(scale, days, rows, place)]
    for number, (label, values) in enumerate(series):
        points = [scale.at(day, v) for day, v in zip(days, values, strict=True) if isinstance(v, int | float)]
        parts += _line(points, label, COLOURS[number % len(COLOURS)], number)
    title = escape(answered.title(lang))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}"><title>{title}</title>'
        f"{''.join(parts)}</svg>"
    )


class _Scale:
    """From days and numbers to places in the picture."""

    def __init__(self, first: int, last: int, most: float) -> None:
        self.first, self.last, self.most = first, last, most

    def at(self, day: int, value: float) -> Point:
        x = LEFT + (day - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)
        y = HEIGHT - BOTTOM - value / self.most * (HEIGHT - TOP - BOTTOM)
        return round(x, 1), round(y, 1)


def _round_up(most: float) -> float:
    """The next number with one digit that is not nought: 70 → 80, 445 → 500."""
    step = 10 ** max(len(str(int(most))) - 1, 0)
    return float((int(most) // step + 1) * step)


def _frame(scale: _Scale, days: Sequence[int], rows: Sequence[Sequence[object]], place: int) -> list[str]:
    """Lines across with their numbers, and the first, middle and last day."""
    parts = []
    for n in range(LINES + 1):
        value = scale.most * n / LINES
        _, y = scale.at(scale.first, value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="currentColor" opacity=".15"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{value:g}</text>')
    for anchor, index in (("start", 0), ("middle", len(days) // 2), ("end", len(days) - 1)):
        x, _ = scale.at(days[index], 0)
        parts.append(
            f'<text x="{x}" y="{HEIGHT - BOTTOM + 18}" text-anchor="{anchor}">{escape(str(rows[index][place]))}</text>'
        )
    return parts


def _line(points: Sequence[Point], label: str, colour: str, number: int) -> list[str]:
    """A step line, for a number holds until the next day that was asked; and its label below."""
    if not points:
        return []
    path = f"M{points[0][0]},{points[0][1]}" + "".join(f"H{x}V{y}" for x, y in points[1:])
    x = LEFT + number * 260
    return [
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        f'<rect x="{x}" y="{HEIGHT - 20}" width="14" height="4" fill="{colour}"/>',
        f'<text x="{x + 20}" y="{HEIGHT - 13}">{escape(label)}</text>',
    ]
