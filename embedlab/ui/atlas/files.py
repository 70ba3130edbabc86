"""What can be taken away from the page Atlas: coordinates, and the map as a page of its own."""

from collections.abc import Iterator

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.ui.address import address
from embedlab.ui.atlas import canvas, selection, table
from embedlab.ui.atlas.results import Found, shown, story
from embedlab.ui.widgets import File


def files(found: Found, theme: Theme) -> Iterator[File]:
    """Each made when it is asked for."""
    paint = selection.paint(found.settings, found.ready)
    # Where a file is made there is no session.
    link, said = address.link(), shown(found)
    view, moved = (st.query_params.get(name, "") for name in (canvas.VIEW, canvas.MOVED))

    def web_page() -> bytes:
        from embedlab.ui.atlas import page  # pages that draw nothing go without what it loads
        from embedlab.ui.player.page import About

        title = f"Every {found.settings.noun} of {found.settings.loaded.name}"
        return page.write(
            found.ready.data,
            paint,
            said,
            About(title, story(found), link),
            second=found.second.data if found.second else None,
            view=page.place(view),
            moved=page.part(moved),
        )

    yield File("Offline map (HTML)", "atlas.html", "text/html", web_page)
    rows = np.arange(len(found.map.words))
    yield File("Coordinates (CSV)", "atlas.csv", "text/csv", lambda: table.as_csv(found, rows))
