"""The gallery of the page Ten words: other seeds of the same training; a click opens the movie of one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import read_tagged
from embedlab.ui import jobs, shell, widgets
from embedlab.ui.ten_words import form
from embedlab.ui.ten_words.charts import CHOSEN, Gallery, gallery, perfect_curve
from embedlab.ui.ten_words.results import Found

_AT_ONCE = 0.7  # seconds of work that nobody needs to be shown progress of
_MAP = 2e-4  # seconds to draw a word of a small map
_KEPT = "_ten_words_gallery"  # in the session: key and gallery of the job that finished last


def draw(found: Found, theme: Theme) -> None:
    """As many seeds as the visitor chooses, trained at once: small maps, how many reach 100%, and when."""
    st.markdown("#### The same training from other beginnings")
    seeds_help = "Seeds 0, 1, 2, …, trained at once as one batched model. Click a map to open its movie above."
    count = widgets.one_of("Beginnings", [16, 32, 64], key="beginnings", bind="query-params", help=seeds_help)
    config = replace(found.configs[0], seed=0, stop="never")
    text = found.runs[0].text
    try:
        if config.expected_seconds(text, count) + _MAP * count * len(text.words) < _AT_ONCE:
            ended = quick_gallery(found.sentences, config, count, theme)
        else:
            ended = _in_background(found.sentences, config, count, theme)
    except EmbedlabError as error:  # other beginnings may break where this one did not
        shell.show_error(error)
        return
    if ended is not None:
        _show(ended, found, config, theme)


def _in_background(sentences: str, config: TenWordsConfig, count: int, theme: Theme) -> Gallery | None:
    key = f"ten words {sentences} {config} {count} {theme.name}"
    kept: Gallery | None
    kept_key, kept = st.session_state.get(_KEPT, ("", None))
    if kept_key == key:  # jobs are forgotten after a while; what a visitor looks at must not begin again by itself
        return kept
    job = jobs.submit(key, lambda: _training(sentences, config, count, theme), total=config.snapshots + 1)
    if job.state != "finished":
        jobs.panel(job, lambda job: None, key="gallery", stop="Stop training")
        return None
    st.session_state[_KEPT] = key, job.latest
    return job.latest


def _show(ended: Gallery, found: Found, config: TenWordsConfig, theme: Theme) -> None:
    count = len(ended.firsts)
    perfect = [first for first in ended.firsts if first is not None]
    told, drawn = st.columns([1, 2], gap="large")
    told.metric("Reached 100%", f"{len(perfect)} of {count}", help=f"Within {config.epochs:,} epochs.")
    told.metric(
        "Half of them by", f"epoch {np.median(perfect):.0f}" if perfect else "never", help="The median of those runs."
    )
    curve = perfect_curve(ended.firsts, config.epochs, theme)
    told.vega_lite_chart(
        curve, key="ten_words_when", alt=f"{len(perfect)} of {count} runs reach 100%, over the epochs."
    )
    told.caption(
        "Each map is the end of one run: at its left the seed, at its right the epoch after which every word was "
        "right (✓), or the share that is. Only the random beginning differs. The words end up elsewhere each time, in "
        "the same company: what a direction means is chance, who is near whom is learned."
    )
    with drawn, st.container(key="movie_gallery"):
        said = f"{count} small maps, one for each seed; {len(perfect)} of them end with every word right."
        key = f"ten_words_sheet_{found.name}_{count}_{theme.name}"
        framed = {"name": CHOSEN, "value": found.configs[0].seed}
        sheet = ended.sheet | {"params": [framed, *(p for p in ended.sheet["params"] if p["name"] != CHOSEN)]}
        st.vega_lite_chart(
            sheet, width="content", key=key, alt=said, on_select=lambda: _open(key, found), selection_mode="run"
        )


def _open(key: str, found: Found) -> None:
    """Takes the clicked run into the form, where something else may have been typed meanwhile."""
    picked: Any = st.session_state[key].selection.get("run")
    if picked:
        first, *others = found.configs
        state = {"tagged": found.sentences, "epochs": first.epochs, "optimizer": first.optimizer, "stop": first.stop}
        state |= {"first_seed": int(picked[0]["seed"]), "first_rate": first.learning_rate, "second": bool(others)}
        for second in others:
            state |= {"second_seed": second.seed, "second_rate": second.learning_rate}
        form.fill(**state)


@st.cache_resource(show_spinner=False, max_entries=50)
def quick_gallery(sentences: str, config: TenWordsConfig, count: int, theme: Theme) -> Gallery | None:
    """How the runs from the seeds 0 to count - 1 ended."""
    *_, ended = _training(sentences, config, count, theme)
    return ended


def _training(sentences: str, config: TenWordsConfig, count: int, theme: Theme) -> Iterator[Gallery | None]:
    from embedlab.lessons.ten_words.run import follow_many

    return gallery(follow_many(read_tagged(sentences), config, range(count)), theme)
