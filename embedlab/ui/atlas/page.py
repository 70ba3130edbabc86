"""The map as a page of its own: one file that is moved and enlarged without a network, by the same script as here."""

import base64

from embedlab.ui.atlas import canvas
from embedlab.ui.atlas.canvas import Shown
from embedlab.ui.player import page
from embedlab.ui.player.page import About

WHOLE = (0.0, 0.0, 1.0)


def place(text: str) -> tuple[float, float, float]:
    """What the address names: the middle of the view and how large it is; the whole map where it names nothing."""
    if not canvas.DRIFTING[canvas.VIEW].fullmatch(text):
        return WHOLE
    x, y, zoom = map(float, text.split(","))
    return x, y, zoom


def part(text: str) -> float:
    """How far the address says that words have moved: all the way where it says nothing."""
    return float(text) if canvas.DRIFTING[canvas.MOVED].fullmatch(text) else 1


def write(
    map_bytes: bytes,
    paint: bytes,
    shown: Shown,
    about: About,
    *,
    second: bytes | None = None,
    view: tuple[float, float, float] = WHOLE,
    moved: float = 1,
) -> bytes:
    """The page as one file.

    Args:
        second: the places of a second map, to which words move.
        moved: how far they have.
    """
    script = canvas.drawing("page.js")
    return page.fill(
        about,
        style=canvas.beside("atlas.css") + canvas.beside("page.css"),
        main=canvas.beside("page.html"),
        what={
            "map": base64.b64encode(map_bytes).decode(),
            "paint": base64.b64encode(paint).decode(),
            "second": second and base64.b64encode(second).decode(),
            "shown": shown.as_data(),
            "view": view,
            "moved": moved,
        },
        scripts=f'<script type="module">\n{script}\n</script>',
    )
