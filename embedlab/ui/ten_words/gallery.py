"""The gallery of the page Ten words: other seeds of the same training; a click opens the movie of one."""

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.run import Ending
from embedlab.ui import jobs, widgets
from embedlab.ui.pool import Job
from embedlab.ui.ten_words import form
from embedlab.ui.ten_words.charts import CHOSEN, contact_sheet, outcome, perfect_curve
from embedlab.ui.ten_words.results import TRAINING, Found

_AT_ONCE = 0.7  # seconds of work that nobody needs to be shown progress of, ...
_PATIENCE = 5.0  # ... with the start of a process
_LIST = "map_of_seed"  # key of the list of the maps, for who clicks none
_KEPT = "_ten_words_gallery"  # in the session: key and endings of the job that finished last


def draw(found: Found, theme: Theme) -> None:
    """As many seeds as the visitor chooses, trained at once: small maps, how many reach 100%, and when."""
    st.markdown("#### From other random starts")
    seeds_help = "Seeds 0, 1, 2, …, trained at once as one batched model."
    count = widgets.one_of("Random starts", [16, 32, 64], key="beginnings", bind="query-params", help=seeds_help)
    config = _config(found)
    key = _key(found, count)
    kept: tuple[str, list[Ending]] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != key:  # jobs are forgotten after a while; what a visitor looks at must not begin again
        text, seeds = found.runs[0].text, list(range(count))
        job: Job[list[Ending]] = jobs.submit(
            key, lambda: jobs.compute(f"{TRAINING}:endings", text, config, seeds), total=config.snapshots,
            recorded="ten_words_gallery",
        )  # fmt: skip
        if config.expected_seconds(text, count) < _AT_ONCE:
            job.wait(_PATIENCE)
        if job.state != "finished" or job.latest is None:
            jobs.panel(job, lambda job: None, key="gallery", stop="Stop training")
            return
        st.session_state[_KEPT] = kept = key, job.latest
    _show(kept[1], found, config, theme)


def endings(found: Found) -> list[Ending] | None:
    """How the runs ended that the gallery shows of these settings; None while they are not trained."""
    kept: tuple[str, list[Ending]] | None = st.session_state.get(_KEPT)
    return kept[1] if kept is not None and kept[0] == _key(found, len(kept[1])) else None


def _config(found: Found) -> TenWordsConfig:
    """What all seeds are trained with."""
    return replace(found.configs[0], seed=0, stop="never")


def _key(found: Found, count: int) -> str:
    """Names the runs of so many seeds."""
    return f"ten words {found.sentences} {_config(found)} {count}"


def _show(endings: list[Ending], found: Found, config: TenWordsConfig, theme: Theme) -> None:
    count, firsts = len(endings), [ending.first_perfect for ending in endings]
    perfect = [first for first in firsts if first is not None]
    told, drawn = st.columns([1, 2], gap="large")
    half = f", half of these by epoch {np.median(perfect):.0f}" if perfect else ""
    broke = sum(ending.run.broke for ending in endings)
    failed = (
        f" {broke} broke off: with learning rate {config.learning_rate:g} the steps are too large." if broke else ""
    )
    told.markdown(f"**{len(perfect)} of {count}** reach 100% within {config.epochs:,} epochs{half}.{failed}")
    curve = perfect_curve(firsts, config.epochs, theme)
    told.vega_lite_chart(
        curve, key="ten_words_when", alt=f"{len(perfect)} of {count} runs reach 100%, over the epochs."
    )
    shares = "or their share" + (", or the last epoch of a run that broke off (✗)" if broke else "")
    told.caption(
        f"Over each map: its seed and the epoch from which all words are right (✓), {shares}. Click for its movie."
    )
    with drawn, st.container(key="movie_gallery"):
        said = f"{count} small maps, one for each seed; {len(perfect)} of them end with every word right."
        key = f"ten_words_sheet_{found.name}_{count}_{theme.name}"
        framed = {"name": CHOSEN, "value": found.configs[0].seed}
        sheet = _sheet(f"{found.sentences} {config} {count}", endings, theme)
        sheet = sheet | {"params": [framed, *(p for p in sheet["params"] if p["name"] != CHOSEN)]}
        st.vega_lite_chart(
            sheet, width="content", key=key, alt=said, on_select=lambda: _open_clicked(key, found), selection_mode="run"
        )
        ends = {ending.run.seed: outcome(ending.run, ending.first_perfect) for ending in endings}
        st.selectbox(
            "Maps", ends, None, key=_LIST, format_func=ends.__getitem__, on_change=lambda: _open_listed(found),
            placeholder="Or choose one of the maps", label_visibility="collapsed",
        )  # fmt: skip


def _open_clicked(key: str, found: Found) -> None:
    picked: Any = st.session_state[key].selection.get("run")
    if picked:
        _open(int(picked[0]["seed"]), found)


def _open_listed(found: Found) -> None:
    if (seed := st.session_state[_LIST]) is not None:
        st.session_state[_LIST] = None
        _open(seed, found)


def _open(seed: int, found: Found) -> None:
    """Takes the chosen run into the form, where something else may have been typed meanwhile."""
    first, *others = found.configs
    state = {"tagged": found.sentences, "epochs": first.epochs, "optimizer": first.optimizer, "stop": first.stop}
    state |= {"first_seed": seed, "first_rate": first.learning_rate, "second": bool(others)}
    for second in others:
        state |= {"second_seed": second.seed, "second_rate": second.learning_rate}
    form.fill(**state)


@st.cache_resource(show_spinner=False, max_entries=50)
def _sheet(key: str, _endings: list[Ending], theme: Theme) -> Spec:
    """The small maps; `key` says which."""
    return contact_sheet(_endings, theme)
