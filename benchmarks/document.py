"""docs/performance.md and its chart: rows of all benchmarks, what they were measured on, and what was skipped."""

import ast
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import altair as alt

from benchmarks.figures import Result, Row, number
from embedlab.charts.export import to_svg
from embedlab.charts.templates import Spec
from embedlab.charts.theme import DARK, LIGHT, Theme

PEERS = ("gensim", "scikit-learn", "openTSNE", "numpy", "torch", "streamlit")
CHARTS = {LIGHT: "performance.svg", DARK: "performance-dark.svg"}
_ROW, _WIDTH = 19, 420  # pixels a bar, and of the plot
HEAD = """# Performance

<!-- Written by `{command}`; changes by hand are lost with the next run. -->

{machine}

Peer and embedlab work in turn in the same run, so that what else the machine does slows both. **Ratio** says how many
times better embedlab is: 2x is twice as fast, or half the memory; below 1x, the peer is better. Figures are of this
machine; ratios carry over.

<picture>
  <source media="(prefers-color-scheme: dark)" srcset="{dark}">
  <img src="{light}" alt="Bars of all ratios of the tables below, on a logarithmic scale">
</picture>
"""
COLUMNS = ("work", "peer", "peer's", "embedlab's", "", "ratio", "note")


def versions() -> str:
    """Those of the peers and of what embedlab is built on."""
    found = []
    for package in PEERS:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} not installed")
    return ", ".join(found)


def write(results: Sequence[Result], folder: Path, *, command: str, machine: str) -> Path:
    """Writes the document and its two charts.

    Args:
        command: that measured all this.
        machine: what it was measured on, and when.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row for result in results for row in result.rows]
    for theme, name in CHARTS.items():
        (folder / name).write_bytes(to_svg(chart(rows, theme), theme))
    head = HEAD.format(command=command, machine=machine, light=CHARTS[LIGHT], dark=CHARTS[DARK])
    path = folder / "performance.md"
    path.write_text("\n".join([head, *map(section, results)]), "utf-8")
    return path


def section(result: Result) -> str:
    """One benchmark: what it measures, by which command, its table, and why something is not in it."""
    source = Path(__file__).with_name(f"{result.name}.py").read_text("utf-8")  # importing it may need what is missing
    paragraphs = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")
    first, *more = (each.replace("\n", " ") for each in paragraphs if not each.startswith(" "))  # without commands
    title = f"## {result.name.replace('_', ' ').capitalize()}\n"
    parts = [title, f"{first} `python -m benchmarks.{result.name}`\n", *(f"{each}\n" for each in more)]
    if result.rows:
        cells = [COLUMNS, ("---", "---", "--:", "--:", "---", "--:", "---"), *map(_cells, result.rows)]
        parts.append("\n".join(f"| {' | '.join(line)} |" for line in cells) + "\n")
    if result.skipped:
        parts.append(f"Not measured{' further' if result.rows else ''}: {result.skipped}\n")
    return "\n".join(parts)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = row.times and f"**{row.times}**"
    return row.work, row.peer, number(row.theirs), number(row.ours), row.unit, ratio, row.note


def chart(rows: Sequence[Row], theme: Theme) -> Spec:
    """One bar for each row that has a peer, from 1 to its ratio: to the right where embedlab is better."""
    ratios = {row: row.ratio for row in rows if row.ratio is not None}
    bars = [
        {"bar": i, "ratio": ratio, "name": f"{row.work}, {row.unit}", "said": f"{row.times} {row.peer}"}
        for i, (row, ratio) in enumerate(ratios.items())
    ]
    low, high = min([1.0, *ratios.values()]), max([1.0, *ratios.values()])
    # The ratio stands beside its bar; the color only says once more on which side of 1 it is.
    color = alt.condition("datum.ratio >= 1", alt.value(theme.accent), alt.value(theme.second))
    x = alt.X("ratio:Q", title="times better than the peer").scale(
        type="log", domain=[low / 1.1, high * 1.1], nice=False
    )
    base = alt.Chart(alt.InlineData(values=bars)).encode(y=alt.Y("bar:N", sort=None, axis=None))
    shapes = base.mark_bar(height={"band": 0.7}).encode(
        x=x.axis(tickCount=6, format="~g"), x2=alt.datum(1), color=color
    )
    label: dict[str, Any] = {"fontSize": 11, "color": theme.ink}
    names = base.mark_text(align="right", dx=-10, **label).encode(x=alt.value(0), text="name:N")
    said = base.mark_text(align="left", dx=10, **label).encode(x=alt.value(_WIDTH), text="said:N")
    middle = alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=theme.ink).encode(x=alt.datum(1))
    whole = alt.layer(shapes, middle, names, said).properties(width=_WIDTH, height=_ROW * max(len(bars), 1))
    spec: Spec = whole.to_dict()
    return spec
