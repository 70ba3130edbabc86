"""How much memory the arrays of a lookup take, as bars on a logarithmic scale."""

from collections.abc import Mapping

import altair as alt

from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import Theme

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def bars(sizes: Mapping[str, int], theme: Theme, *, marked: str) -> Spec:
    """One bar for each array, smallest first, with its size in words at its end.

    Args:
        sizes: bytes of each array by its name.
        marked: name of the array to draw in the second color.
    """
    ordered = sorted(sizes, key=sizes.__getitem__)
    rows = [{"array": name, "bytes": sizes[name], "size": readable(sizes[name])} for name in ordered]
    spec = fill(_template(theme), rows=rows, names=ordered, marked=marked, most=max(sizes.values()) * 200)
    return spec | {"height": 36 * len(rows)}


@stored
def _template(theme: Theme) -> Spec:
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "bytes:Q",
            title="memory (each grid line: ten times the one before)",
            scale=alt.Scale(type="log", domain=[1, "@most"]),
            axis=alt.Axis(labels=False, ticks=False, values=[10**power for power in range(16)]),
        ),
        y=alt.Y("array:N", title=None, sort=["@names"], axis=alt.Axis(labelLimit=160, ticks=False)),
        tooltip=["array:N", alt.Tooltip("bytes:Q", format=","), "size:N"],
    )
    color = alt.condition("datum.array == marked", alt.value(theme.second), alt.value(theme.accent))
    labels = base.mark_text(align="left", dx=5, color=theme.ink, fontWeight="bold")
    return template(
        [base.mark_bar(height=16).encode(color=color, x2=alt.datum(1)), labels.encode(text="size:N")],
        numbers=("marked",),
    )


def readable(size: float) -> str:
    """Bytes in the unit that leaves one to three digits before the point; 1 kB is 1,000 bytes."""
    step = 0
    while size >= 999.5 and step < len(_UNITS) - 1:
        size, step = size / 1000, step + 1
    return f"{size:.0f} {_UNITS[step]}" if size >= 10 or step == 0 else f"{size:.1f} {_UNITS[step]}"
