"""What a pair costs by either loss as the vocabulary grows: the reason for negative sampling, in one picture."""

import numpy as np
import streamlit as st

from embedlab.charts import lines as charts
from embedlab.charts.theme import Theme
from embedlab.lessons.word2vec.one_step import score_multiplications
from embedlab.ui.word2vec import views
from embedlab.ui.word2vec.results import Found

_SIZES = np.geomspace(100, 1_000_000, 13).round().astype(int)


def draw(found: Found, theme: Theme) -> None:
    """Multiplications of a pair against V, with this run's V."""
    size, config = len(found.text.vocabulary), found.settings.config
    dimensions, negatives = config.dimensions, config.pairs.negatives
    sizes = sorted({*_SIZES.tolist(), size})
    cost = score_multiplications(sizes, dimensions, negatives)
    here = score_multiplications([size], dimensions, negatives)
    given = [
        charts.Line("full softmax", np.array(sizes), cost.softmax.astype(np.float64)),
        charts.Line("negative sampling", np.array(sizes), cost.negative_sampling.astype(np.float64)),
    ]
    chart = charts.lines(
        given, x_title="words in the vocabulary, V", y_title="multiplications per pair", theme=theme,
        log_x=True, log_y=True, y_range=(10.0, float(cost.softmax.max()) * 1.5), y_format="~s",
        uprights=[charts.Upright(f"V = {size:,}", size)],
    )  # fmt: skip
    softmax, sampling = int(here.softmax[0]), int(here.negative_sampling[0])
    alt = (
        f"Multiplications of one pair over the size of the vocabulary, both on logarithmic axes; at V = {size:,} full "
        f"softmax {softmax:,}, negative sampling {sampling:,}."
    )
    st.vega_lite_chart(chart, key="cost", alt=alt)
    st.markdown(
        f"To score a pair, the **full softmax** multiplies the center with all V words: V·D = {softmax:,}. **Negative "
        f"sampling** takes the context and K = {negatives} noise words: (K + 1)·D = {sampling:,}, whatever V is. "
        + (views.why_sooner(found.learned, size) or "Where V is small, the softmax may still learn faster.")
    )
