"""A movie as an animated GIF."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from subprocess import PIPE

from embedlab.charts.export import to_vega
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError

_ROOT = Path(__file__).parents[3]
_CREDIT = "Made with embedlab"


def movie_gif(
    chart: Spec, steps: Sequence[int], *, theme: Theme, param: str, title: str, milliseconds: int = 80
) -> Iterator[bytes]:
    """An endless GIF, drawn in a process of its own: drawing one frame would hold up every page for 0.2 s.

    Args:
        chart: a `learning_movie`, made with `still`.
        steps: which steps to show; the last is held for two seconds.
        title: above every frame, with the credit.
        milliseconds: from one frame to the next.

    Yields:
        b"" for every frame that has been drawn, and at last the file. Closing the iterator ends the process.

    Raises:
        EmbedlabError: the process ended early.
    """
    heading = {"text": title, "subtitle": _CREDIT, "anchor": "start", "fontSize": 16, "offset": 10}
    vega = to_vega(chart | {"title": heading}, theme)
    task = {"vega": vega, "param": param, "steps": [int(s) for s in steps], "milliseconds": milliseconds}
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
