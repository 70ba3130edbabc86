"""The same words as small t-SNE maps with other settings: what stays in all of them is in the vectors."""

import hashlib
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from embedlab.arrays import Floats
from embedlab.charts.theme import Theme
from embedlab.projection import tsne
from embedlab.projection.projection import FLAT, Projection
from embedlab.ui import shell, turns, widgets
from embedlab.ui.neighbors import charts, form
from embedlab.ui.neighbors.form import Start
from embedlab.ui.neighbors.results import Found

_SEEDS = (1, 2, 3, 4)
_LEAST, _COUNT = 3, 4  # perplexities


@dataclass(frozen=True)
class Choice:
    """What a small map was made with."""

    perplexity: int
    seed: int
    start: Start


@turns.fragment
def draw(found: Found, theme: Theme) -> None:
    """Eight small maps where the visitor asks for them; a button under each puts its settings into the form."""
    if found.map.method == FLAT:
        return
    st.markdown("#### The same words, other settings")
    st.markdown("Is a gap or a cluster in every t-SNE map, or only in this one?")
    if not st.toggle("Draw them with other perplexities and seeds", key="other_maps", bind="query-params"):
        return
    settings = found.settings
    most = min(50, (len(found.hood.words) - 1) // 3)
    wide = sorted({round(p) for p in np.geomspace(_LEAST, max(most, _LEAST), _COUNT)})
    rows = {
        f"Perplexity, with seed {settings.seed}": [Choice(p, settings.seed, settings.start) for p in wide],
        f"Seed, with perplexity {settings.perplexity} and a random start": [
            Choice(settings.perplexity, seed, "random") for seed in _SEEDS
        ],
    }
    for title, choices in rows.items():
        what = title.split(",")[0].lower()
        made = shell.attempt(f"neighbors other maps by {what}", partial(_maps, found.hood.unit, tuple(choices)))
        with widgets.tries(title=title):
            for choice, drawn in zip(choices, made or (), strict=False):
                _cell(found, what, choice, drawn, theme)
    st.caption("What all maps share is in the vectors; the rest comes from the settings.")


def _cell(found: Found, what: str, choice: Choice, drawn: Projection, theme: Theme) -> None:
    """A map, its figure and its button; `what` is the setting that differs along the row."""
    varied = f"{what} {choice.perplexity if what == 'perplexity' else choice.seed}"
    with st.container(width=charts.SMALL[0], gap="small"):
        said = f"Small map with {varied}, trustworthiness {drawn.trustworthiness:.2f}"
        chart = charts.small_map(found.hood, drawn, found.groups, theme)
        st.vega_lite_chart(chart, width="content", key=f"small {varied}", alt=said)
        st.caption(f"{varied}: trustworthiness {drawn.trustworthiness:.2f}")
        values = {"perplexity": choice.perplexity, "tsne_seed": choice.seed, "random": choice.start == "random"}
        said = f"Show the map with {varied}"
        if st.button(said, key=f"use {varied}", type="tertiary", on_click=form.fill, args=(values | {"map": "t-SNE"},)):
            st.rerun()  # the whole page


def _maps(rows: Floats, choices: tuple[Choice, ...]) -> tuple[Projection, ...]:
    return _cached_maps(hashlib.sha256(rows.tobytes()).hexdigest(), choices, rows)


@st.cache_resource(show_spinner="Drawing the maps", max_entries=60)
def _cached_maps(key: str, choices: tuple[Choice, ...], _rows: Floats) -> tuple[Projection, ...]:
    """The last snapshot for each choice; `key` says of which rows."""
    made = []
    for choice in choices:
        *_, last = tsne(_rows, perplexity=choice.perplexity, seed=choice.seed, start=choice.start, every=750)
        _ = last.trustworthiness
        made.append(last)
    return tuple(made)
