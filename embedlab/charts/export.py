"""Export of charts: PNG and SVG; `embedlab.ui.player.page` writes a page.

vl-convert, which draws them, is 10 MB: whoever keeps a file loads it.
"""

from typing import Any

from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme


def to_png(chart: Spec, theme: Theme, *, scale: float = 2.0) -> bytes:
    """A PNG of the chart.

    Args:
        theme: colors for paper, axes and legend.
        scale: pixels of the file for a pixel of the chart.
    """
    import vl_convert

    return vl_convert.vegalite_to_png(specification(chart, theme), scale=scale)


def to_svg(chart: Spec, theme: Theme) -> bytes:
    """An SVG of the chart, its text as text."""
    import vl_convert

    return vl_convert.vegalite_to_svg(specification(chart, theme)).encode()


def to_vega(chart: Spec, theme: Theme) -> Spec:
    """The chart as Vega, which a page or a movie's frames are drawn from."""
    import vl_convert

    vega: Spec = vl_convert.vegalite_to_vega(specification(chart, theme))
    return vega


def specification(chart: Spec, theme: Theme) -> Spec:
    """The chart's Vega-Lite with the theme's colors, which Streamlit adds on the page and a file must carry itself."""
    text = {"labelColor": theme.ink, "titleColor": theme.ink, "labelFontSize": 12, "titleFontSize": 12}
    config: dict[str, Any] = {
        "background": theme.paper,
        "padding": 16,
        "font": "sans-serif",
        "view": {"strokeOpacity": 0},
        "axis": text
        | {"gridColor": theme.muted, "gridOpacity": 0.2, "domainColor": theme.muted, "tickColor": theme.muted},
        "legend": text,
        "title": {"color": theme.ink, "subtitleColor": theme.muted},
    }
    own = chart.get("config", {})
    merged = config | own
    for part, given in own.items():
        base = config.get(part)
        if isinstance(base, dict) and isinstance(given, dict):
            merged[part] = base | given
    return chart | {"config": merged}
