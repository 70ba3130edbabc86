"""The map as a page of its own: one file that is moved and enlarged without a network, by the same script as here."""

import base64
import html
import json
from string import Template

from embedlab.ui.atlas import canvas
from embedlab.ui.atlas.canvas import Shown
from embedlab.ui.player import page
from embedlab.ui.player.page import About

WHOLE = (0.0, 0.0, 1.0)


def place(text: str) -> tuple[float, float, float]:
    """What the address names: the middle of the view and how large it is; the whole map where it names nothing."""
    try:
        x, y, zoom = map(float, text.split(","))
    except ValueError:
        return WHOLE
    return x, y, zoom


def write(map_bytes: bytes, shown: Shown, about: About, view: tuple[float, float, float] = WHOLE) -> bytes:
    """The page as one file."""
    what = {"map": base64.b64encode(map_bytes).decode(), "state": shown.as_data(), "view": view}
    text = Template(canvas.beside("page.html")).substitute(
        title=html.escape(about.title),
        sentence=html.escape(about.sentence),
        colors=page.colors(),
        style=page.beside("page.css") + canvas.beside("atlas.css"),
        credit=page.credit(about.link),
        what=json.dumps(what, ensure_ascii=False).replace("<", r"\u003c"),  # no word can end the script that holds it
        script="\n".join(map(canvas.beside, (*canvas.DRAWING, "page.js"))),
    )
    return text.encode()
