"""A movie as a file: a page that plays by itself without a network, and an animated GIF."""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert

from embedlab.charts.export import as_page, specification
from embedlab.charts.theme import Theme

if TYPE_CHECKING:
    from PIL import Image

_FRAME = 40  # milliseconds between two frames of the page


def movie_html(chart: alt.VConcatChart, *, theme: Theme, param: str, seconds: float = 6.0) -> str:
    """A stand-alone page: the chart, everything that draws it, and a timer that moves its slider.

    Args:
        chart: a `learning_movie`.
        theme: colours for paper and axes.
        param: the slider's name.
        seconds: how long the movie takes.
    """
    vega = _vega(chart, theme)
    slider = next(signal for signal in vega["signals"] if signal["name"] == param)
    low, high, step = (slider["bind"][name] for name in ("min", "max", "step"))
    forward = max(step, round((high - low) / (seconds * 1000 / _FRAME) / step) * step)
    tick = f"playing ? ({param} >= {high} ? {low} : min({high}, {param} + {forward})) : {param}"
    slider["on"] = [{"events": {"type": "timer", "throttle": _FRAME}, "update": tick}]
    vega["signals"].insert(0, {"name": "playing", "value": True, "bind": {"input": "checkbox", "name": "play "}})
    style = (
        f"body {{ background: {theme.paper}; color: {theme.ink}; font: 15px sans-serif; margin: 1rem auto; "
        f"max-width: 560px; accent-color: {theme.accent}; }} "
        "svg, canvas { max-width: 100%; height: auto !important; } .vega-bind { margin: .5rem 1rem; } .vega-bind label { display: flex; gap: .7rem; align-items: center; } "
        ".vega-bind input[type=range] { flex: 1; }"
    )
    head = f"<title>embedlab</title><style>{style}</style>"
    return as_page(vega, vl_convert.vega_to_html).replace("<title>Chart</title>", head, 1)


def gif_frames(
    chart: alt.VConcatChart, steps: Sequence[int], *, theme: Theme, param: str, scale: float = 1.0
) -> Iterator["Image.Image"]:
    """The pictures of a GIF, one for each step, as they are drawn: about 0.2 s each.

    Args:
        chart: a `learning_movie`.
        steps: which steps to show.
        scale: pixels of the file for a pixel of the chart.
    """
    from PIL import Image

    vega = _vega(chart, theme)
    slider = next(signal for signal in vega["signals"] if signal["name"] == param)
    for step in steps:
        slider["value"] = int(step)
        picture = Image.open(io.BytesIO(vl_convert.vega_to_png(vega, scale=scale))).convert("RGB")
        yield picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def to_gif(frames: Sequence["Image.Image"], *, milliseconds: int = 80) -> bytes:
    """An endless GIF of pictures; the last is held for two seconds.

    Args:
        milliseconds: from one frame to the next.
    """
    durations = [milliseconds] * (len(frames) - 1) + [2000]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=False)
    return file.getvalue()


def _vega(chart: alt.VConcatChart, theme: Theme) -> dict[str, Any]:
    return vl_convert.vegalite_to_vega(specification(chart, theme))
