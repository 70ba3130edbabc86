"""The form of the page Count or predict."""

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from embedlab.errors import InvalidSetting
from embedlab.lessons.counting.cooccurrence import WEIGHTINGS, CountConfig
from embedlab.lessons.counting.count_and_predict import MAX_SIZE, MEASURES, BothConfig
from embedlab.lessons.word2vec.config import Method
from embedlab.lessons.word2vec.pairs import leaves_few
from embedlab.text.rules import Keep
from embedlab.text.sources import SOURCES, Source, TextChoice
from embedlab.ui import cache, jobs, shell, widgets
from embedlab.ui.address import address

DEFAULTS: dict[str, object] = {
    "c_text": "world", "c_window": 5, "c_weighting": "linear", "c_shift": 1, "c_dims": 64, "c_power": 0.5,
    "c_seed": 1, "c_passes": 3, "c_exponent": 0.75, "c_min": 1, "c_negatives": 5, "c_measure": "PPMI", "c_edges": False,
    "c_digits": False,
}  # fmt: skip
TEXTS: dict[Source, str] = SOURCES | {"two": "two sentences"}
SIZES = (2, 8, 16, 32, 48, 64, 100, 128, 200)  # dimensions


@dataclass(frozen=True)
class Settings:
    """A text, and both ways to vectors."""

    choice: TextChoice = field(default_factory=lambda: TextChoice(max_size=MAX_SIZE))
    config: BothConfig = field(default_factory=BothConfig)
    live: bool = field(default=False, compare=False)  # asked for by a button: to be computed, though a record may exist
    said: str = field(default="", compare=False)  # what of the form's defaults was fitted to the text

    @property
    def key(self) -> str:
        """Everything the result depends on."""
        return f"counts {self.choice.key} {self.config}"

    @property
    def is_world(self) -> bool:
        """Whether the text is the small world, of which the truth is known."""
        return self.choice.source == "world"


def fill(**changed: object) -> None:
    """Sets the form, other inputs to their defaults, and asks for the result; for buttons."""
    st.session_state.update(DEFAULTS | {"counts_go": True} | changed)


def ask() -> Settings:
    """The form; returns the settings last submitted with its button, a suggestion or Back, or the first ones."""
    bound: dict[str, Any] = {"bind": "query-params"}
    view = widgets.Form("counts", DEFAULTS)
    with st.form("counts"):
        text_help = "In **the small world** the right answers are known. **News**: 60,000 words that ship with gensim."
        text = widgets.titled("Text", TEXTS, key="c_text", bind="query-params", help=text_help)
        window_help = "The farthest context word that is counted, and predicted."
        window = st.slider("Window", 1, 10, 5, key="c_window", help=window_help, **bound)
        shift_help = (
            "**PPMI**, positive pointwise mutual information: ln of how much more often than by chance two words occur "
            "together, 0 where less. Shifted PPMI subtracts ln k, as skip-gram with k negatives does; ln 1 = 0."
        )
        shift = st.slider("Shift k: PPMI less ln k", 1, 10, 1, key="c_shift", help=shift_help, **bound)
        dims_help = "Numbers for each word, counted or predicted."
        dims = st.select_slider("Dimensions D", SIZES, 64, key="c_dims", help=dims_help, **bound)
        power_help = (
            "**SVD** weighs each direction by its singular value to this power: 1 as in the table, 0 all alike."
        )
        power = st.slider(
            "SVD: exponent of singular values", 0.0, 1.0, 0.5, 0.25, key="c_power", help=power_help, **bound
        )
        with st.expander("Your own text"):
            pasted = st.text_area("Paste at least a few hundred words", key="c_pasted", height=120, max_chars=2_000_000)
            kinds = ["txt", "md", "text"]
            label = "Or a plain text file of at most 20 MB"
            file = st.file_uploader(label, kinds, max_upload_size=20, key="c_pasted_file")
            encoding = widgets.encoding("c_encoding", file)
        with st.expander("More settings"):
            weight_help = (
                "What a context word at distance d adds: 1, or (window − d + 1) / window as in word2vec, or 1 / d."
            )
            measure_help = (
                "What the singular value decomposition is given: **PPMI**, the logarithm of 1 + each count, or the "
                "counts as they are."
            )
            measure = st.selectbox("Table to decompose", MEASURES, key="c_measure", help=measure_help, **bound)
            weighting = st.selectbox("Weight of distance", WEIGHTINGS, 1, key="c_weighting", help=weight_help, **bound)
            smooth_help = "Context counts to this power: below 1, rare words surprise less."
            exponent = st.slider("Context smoothing", 0.0, 1.0, 0.75, 0.05, key="c_exponent", help=smooth_help, **bound)
            passes = st.slider("Passes of skip-gram", 1, 20, 3, key="c_passes", **bound)
            negatives = st.slider("Negatives K of skip-gram", 1, 20, 5, key="c_negatives", **bound)
            address.whole("c_min", "c_seed")
            min_count = st.number_input("Minimum count", 1, 1_000, 1, key="c_min", **bound)
            seed = st.number_input("Seed", 0, 999_999, 1, key="c_seed", **bound)
            edges_help = "Adds <s> before and </s> after each sentence, as words that have neighbors of their own."
            edges = st.toggle("Boundary tokens", key="c_edges", help=edges_help, **bound)
            digits_help = "Of your own text: numbers, and identifiers such as id83."
            digits = st.toggle("Keep words with digits", key="c_digits", help=digits_help, **bound)
        pressed = st.form_submit_button(
            "Count and predict",
            type="primary",
            width="stretch",
            on_click=widgets.choose_own_text,
            args=("c_text", "c_pasted"),
        )

    def checked() -> Settings:
        content = b"" if text != "own" else file.getvalue() if file else pasted.encode("utf-8", "replace")
        counts = CountConfig(window, weighting, float(shift), exponent, dims, power, seed)
        method: Method = "negative sampling" if text == "world" else "by windows"  # windows pay where V is large
        config = BothConfig(counts, passes, negatives, method=method, measure=measure)
        config.predicting()  # checks its numbers
        keep: Keep = "digits" if text == "own" and digits else "letters"
        choice = TextChoice(
            text, 60_000, seed, min_count, content, max_size=MAX_SIZE, boundaries=edges, keep=keep,
            encoding=encoding if text == "own" else None,
        )  # fmt: skip
        return _read(Settings(choice, config, live))

    live = pressed or st.session_state.pop("counts_go", False)
    if view.is_asked(live) or "counts_asked" not in st.session_state:
        with view.answering():
            st.session_state["counts_asked"] = shell.attempt(
                "counts", checked, inputs=list(DEFAULTS), still=_named, otherwise=lambda: _read(Settings())
            )
    settings: Settings = st.session_state["counts_asked"]
    if settings.said:
        st.caption(shell.as_text(settings.said))
    return settings


def _named(settings: Settings) -> str:
    return f"{TEXTS[settings.choice.source]}, D = {settings.config.counts.dimensions}"


def _read(settings: Settings) -> Settings:
    jobs.await_text(settings.choice)
    text = cache.text(settings.choice.key, settings.choice)
    config, size = settings.config, len(text.vocabulary)
    few = leaves_few(text.counts, config.subsampling_threshold)
    counts, threshold, said = config.counts, 0.0 if few else config.subsampling_threshold, ""
    if settings.choice.source == "two":  # the page's own text must not be refused with the form's own D
        counts = replace(counts, dimensions=min(counts.dimensions, size))
    elif size < counts.dimensions == DEFAULTS["c_dims"]:  # nobody chose them
        said = f"D = {size} in place of {counts.dimensions}: of {size} different words there are no more dimensions."
        counts = replace(counts, dimensions=size)
    if counts.dimensions > size:
        most = max(d for d in SIZES if d <= size)  # a text has five words at least
        raise InvalidSetting(
            f"{counts.dimensions} dimensions are too many for the {size:,} words of this text: set “Dimensions D” to "
            f"{most}, or give a longer text."
        )
    config = replace(config, counts=counts, subsampling_threshold=threshold)
    return replace(settings, choice=settings.choice.without_content(), config=config, said=said)
