"""Draws the frames of a GIF: a process of its own, started by `export_movie.movie_gif`.

Reads a task as JSON from standard input; writes a dot for each frame drawn, then the file, to standard output.
"""

import io
import json
import os
import sys
from typing import Any

import vl_convert


def draw(vega: dict[str, Any], param: str, steps: list[int], milliseconds: int) -> None:
    """Draws one frame for each step of the slider `param` of a Vega specification."""
    from PIL import Image

    slider = next(signal for signal in vega["signals"] if signal["name"] == param)
    frames = []
    for step in steps:
        slider["value"] = step
        picture = Image.open(io.BytesIO(vl_convert.vega_to_png(vega, scale=1.0))).convert("RGB")
        frames.append(picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE))
        sys.stdout.buffer.write(b".")
        sys.stdout.buffer.flush()
    durations = [milliseconds] * (len(frames) - 1) + [2000]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=False)
    sys.stdout.buffer.write(file.getvalue())


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)  # pages come first
    draw(**json.load(sys.stdin))
