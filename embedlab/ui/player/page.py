"""A chart or a movie as a page of its own, which needs no network: what it shows, who made it where, and the player.

The page holds the chart in light colors and what is otherwise in dark ones; the reader's system says which it shows.
"""

import html
import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from embedlab.charts.export import to_vega
from embedlab.charts.templates import Spec
from embedlab.charts.theme import DARK, LIGHT, Theme
from embedlab.ui.player.player import Slider

_EXPORT = "export default function"  # how the component's script begins its one function
_STAGE = "movie_page"


class About(NamedTuple):
    """What is said around the chart, as text."""

    title: str
    sentence: str  # what one sees, with the figures of the run
    link: str = ""  # to the view that made it; may be unknown


def write(draw: Callable[[Theme], Spec], about: About, slider: Slider | None = None) -> bytes:
    """The page as one file.

    Args:
        draw: the chart in a theme's colors; nothing else may differ between the two themes.
        slider: of a movie, which plays once by itself; a chart has none.
    """
    around = {"padding": 2} if slider else {}  # beside the slider's ends
    chart, dark = (to_vega(draw(t) | around, t) for t in (LIGHT, DARK))
    playing = slider and slider.played_in(_STAGE, "once")
    what = {"chart": chart, "dark": list(_changes(chart, dark)), "player": playing}
    markup, style, script = (_beside(f"player{kind}") for kind in (".html", ".css", ".js"))
    stage = f"st-key-{_STAGE}" if slider else "still"
    controls = f'<div class="st-key-player_{_STAGE}">{markup}</div>\n' if slider else ""
    picture = f'<div id="picture" role="img" aria-label="{html.escape(about.title)}"></div>'
    player = script.replace(_EXPORT, "window.embedlabPlayer = function") if slider else ""
    return fill(
        about,
        style=style + _beside("chart.css"),
        main=f'<main class="{stage}">\n{controls}<div class="stVegaLiteChart">{picture}</div>\n</main>',
        what=what,
        scripts="\n".join(f"<script>{part}</script>" for part in (_library(), player, _beside("page.js"))),
    )


def fill(about: About, *, style: str, main: str, what: Any, scripts: str) -> bytes:
    """A page of its own around what it shows, as one file: title, sentence and credit, light or dark.

    Args:
        style: style sheet of what it shows.
        main: the main element, in HTML.
        what: what the scripts read, as JSON, from the element of this name.
        scripts: script elements.
    """
    text = Template(_beside("page.html")).substitute(
        title=html.escape(about.title),
        sentence=html.escape(about.sentence),
        colors=_colors(),
        style=_beside("page.css") + style,
        main=main,
        credit=_credit(about.link),
        what=json.dumps(what, ensure_ascii=False).replace("<", r"\u003c"),  # no word can end the script that holds it
        scripts=scripts,
    )
    return text.encode()


def _changes(old: Any, new: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """What to replace in `old` so that it becomes `new`: paths and values; both have the same outermost keys."""
    keys: Sequence[str | int] = ()
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        keys = list(old)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        keys = range(len(old))
    elif old != new:
        yield path, new
    for key in keys:
        yield from _changes(old[key], new[key], (*path, key))


def _colors() -> str:
    """Style sheet: the app's colors under Streamlit's names for them, light or dark as the reader's system is."""

    def of(theme: Theme) -> str:
        names = {"text-color": theme.ink, "background-color": theme.paper, "primary-color": theme.accent}
        said = "".join(f"--st-{name}: {color}; " for name, color in names.items())
        return f":root {{ {said}--muted: {theme.muted}; color-scheme: {theme.name}; }}"

    return f"{of(LIGHT)}\n@media (prefers-color-scheme: dark) {{ {of(DARK)} }}"


def _credit(link: str) -> str:
    """The foot of a page: who made it, and where its view can be opened, if that is known."""
    said = "Made with embedlab"
    if not link.startswith(("https://", "http://")):
        return f"{said}."
    return f'{said} · <a href="{html.escape(link)}" target="_blank" rel="noopener">Open this view in the app</a>'


@cache
def _library() -> str:
    """All that draws a chart, as one script."""
    import vl_convert

    script: str = vl_convert.javascript_bundle("window.embedlabEmbed = vegaEmbed;")
    return f"{{{script}}}"  # a block, so that its names are not the page's


def _beside(name: str) -> str:
    """The text of a file of this folder."""
    return Path(__file__).with_name(name).read_text("utf-8")
