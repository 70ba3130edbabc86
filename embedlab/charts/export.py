"""Export of charts: PNG, SVG, and an HTML page that needs no network."""

import json
from collections.abc import Callable
from typing import Any

import vl_convert

from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme

_MARK = "\ue000"  # a character for private use, which no word needs


def to_png(chart: Spec, theme: Theme, *, scale: float = 2.0) -> bytes:
    """A PNG of the chart.

    Args:
        theme: colors for paper, axes and legend.
        scale: pixels of the file for a pixel of the chart.
    """
    return vl_convert.vegalite_to_png(specification(chart, theme), scale=scale)


def to_svg(chart: Spec, theme: Theme) -> bytes:
    """An SVG of the chart, its text as text."""
    return vl_convert.vegalite_to_svg(specification(chart, theme)).encode()


def to_html(chart: Spec, theme: Theme, *, title: str = "embedlab") -> bytes:
    """A stand-alone page with the chart, its tooltips, and everything that draws it."""
    page = as_page(specification(chart, theme), vl_convert.vegalite_to_html)
    return page.replace("<title>Chart</title>", f"<title>{_as_html(title)}</title>").encode()


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


def as_page(spec: Spec, write: Callable[..., str]) -> str:
    """A page for a specification, in which no word can end the script that holds it.

    Args:
        write: `vl_convert.vegalite_to_html` or `vl_convert.vega_to_html`, which leave a "</script>" as it is.
    """
    marked = json.loads(json.dumps(spec, ensure_ascii=False).replace("<", _MARK))
    return write(marked, bundle=True).replace(_MARK, r"\u003c")


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
