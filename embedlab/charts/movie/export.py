"""A movie as a file: a page that plays by itself without a network, and an animated GIF."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from subprocess import PIPE
from typing import Any

import vl_convert

from embedlab.charts.export import as_page, specification
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError

_ROOT = Path(__file__).parents[3]
_STYLE = """
body { font: 15px sans-serif; margin: 1rem auto; max-width: 560px; }
svg, canvas { max-width: 100%; height: auto !important; }
.vega-embed { padding-right: 0 !important; }
.vega-embed details { display: none; }
.vega-bind { margin: .5rem 1rem; }
.vega-bind label { display: flex; gap: .7rem; align-items: center; }
.vega-bind input[type=range] { flex: 1; }
"""
_FRAME = 40  # milliseconds between two frames of the page


def movie_html(chart: Spec, *, theme: Theme, param: str, seconds: float = 6.0) -> str:
    """A stand-alone page: the chart, everything that draws it, and a timer that moves its slider.

    Args:
        chart: a `learning_movie`.
        theme: colors for paper and axes.
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
    colors = f"body {{ background: {theme.paper}; color: {theme.ink}; accent-color: {theme.accent}; }}"
    head = f"<title>embedlab</title><style>{colors}{_STYLE}</style>"
    return as_page(vega, vl_convert.vega_to_html).replace("<title>Chart</title>", head, 1)


def movie_gif(
    chart: Spec, steps: Sequence[int], *, theme: Theme, param: str, milliseconds: int = 80
) -> Iterator[bytes]:
    """An endless GIF, drawn in a process of its own: drawing one frame would hold up every page for 0.2 s.

    Args:
        chart: a `learning_movie`, made with `still`.
        steps: which steps to show; the last is held for two seconds.
        milliseconds: from one frame to the next.

    Yields:
        b"" for every frame that has been drawn, and at last the file. Closing the iterator ends the process.

    Raises:
        EmbedlabError: the process ended early.
    """
    task = {"vega": _vega(chart, theme), "param": param, "steps": [int(s) for s in steps], "milliseconds": milliseconds}
    command = [sys.executable, "-m", "embedlab.charts.movie.gif"]
    child = subprocess.Popen(command, cwd=_ROOT, stdin=PIPE, stdout=PIPE, stderr=subprocess.DEVNULL)
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        with child.stdin:
            child.stdin.write(json.dumps(task).encode())
        for _ in steps:
            if child.stdout.read(1) != b".":
                raise EmbedlabError("The GIF could not be drawn on this machine. The HTML movie shows the same.")
            yield b""
        yield child.stdout.read()
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _vega(chart: Spec, theme: Theme) -> dict[str, Any]:
    return vl_convert.vegalite_to_vega(specification(chart, theme))
