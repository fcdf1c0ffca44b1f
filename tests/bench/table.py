"""The figures as a Markdown table, held against the targets.

How they came about is in rounds.py.
"""

import statistics
from collections.abc import Iterable

from tests.bench.rounds import Figures

PEAK = 40.0
"""The most memory that one call may take, in MiB."""

HEADINGS = ("verb", "other ports", "script, ms", "ours, ms", "ratio", "ours, peak MiB", "target", "met")


def target(figures: Figures) -> float | None:
    """Return the largest ratio that is good enough, where there is one."""
    if figures.verb != "add-port":
        return None
    return 1.0 if figures.ports == 0 else 0.3


def met(figures: Figures) -> bool:
    """Say whether ratio and peak are within their targets."""
    ratio = target(figures)
    return figures.peak <= PEAK and (ratio is None or figures.ratio <= ratio)


def rendered(measured: Iterable[Figures]) -> str:
    """Return the table, and below it what its columns mean."""
    lines = [_line(HEADINGS), _line(["---"] * len(HEADINGS)), *(_line(_cells(figures)) for figures in measured)]
    note = "Times are medians of whole processes; the ratio is the median of the ratios of the pairs."
    return "\n".join([*lines, "", note])


def _cells(figures: Figures) -> list[str]:
    ratio = target(figures)
    return [
        figures.verb,
        f"{figures.ports:,}",
        _median(figures.script),
        _median(figures.ours),
        f"{figures.ratio:.2f}",
        f"{figures.peak:.1f}",
        f"≤ {PEAK:.0f} MiB" if ratio is None else f"≤ {ratio:.1f}, ≤ {PEAK:.0f} MiB",
        "yes" if met(figures) else "**no**",
    ]


def _median(times: list[float]) -> str:
    return f"{statistics.median(times):.0f}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
