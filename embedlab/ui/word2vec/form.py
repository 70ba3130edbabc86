"""The form of the page Word2vec: a text, how to learn from it, and which settings are asked for."""

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from embedlab.lessons.word2vec.config import Method, RunConfig, expected_seconds
from embedlab.lessons.word2vec.pairs import FORMULAS, PairConfig
from embedlab.lessons.word2vec.run import with_words
from embedlab.text.sources import SOURCES, TextChoice
from embedlab.ui import cache, shell, widgets

# What is chosen on the page: which methods run, and in whose program.
ENGINES: dict[str, tuple[str, tuple[Method, ...]]] = {
    "both": ("PyTorch: both losses", ("negative sampling", "full softmax")),
    "negatives": ("PyTorch: negative sampling", ("negative sampling",)),
    "softmax": ("PyTorch: full softmax", ("full softmax",)),
    "windows": ("PyTorch: by windows, fast", ("by windows",)),
    "gensim": ("gensim: fast", ("gensim",)),
}
DEFAULTS: dict[str, object] = {
    "text": "world", "engine": "both", "passes": 3, "dims": 32, "window": 5, "w_seed": 1, "negatives": 5,
    "w_rate": 0.08, "threshold": 1e-3, "formula": "word2vec.c", "exponent": 0.75, "min_count": 1,
    "world_words": 60_000, "watched": "",
}  # fmt: skip
PATIENCE = 90  # seconds; above, the page proposes a faster engine
_PYTORCH = ("both", "negatives", "softmax")


@dataclass(frozen=True)
class Settings:
    """A text, and how to learn from it."""

    choice: TextChoice = field(default_factory=TextChoice)
    config: RunConfig = field(default_factory=RunConfig)
    live: bool = field(default=False, compare=False)  # asked for by a button: to be trained, though a record may exist

    @property
    def key(self) -> str:
        """Everything the run depends on."""
        return f"word2vec {self.choice.key} {self.config}"

    @property
    def is_world(self) -> bool:
        """Whether the text is the small world, of which the truth is known."""
        return self.choice.source == "world"


def fill(**changed: object) -> None:
    """Sets the form, other inputs to their defaults, and asks for the run; for buttons."""
    st.session_state.update(DEFAULTS | {"word2vec_go": True} | changed)


def ask() -> Settings:
    """The form; returns the settings last submitted with "Train" or a suggestion, or those the page opens with."""
    with st.form("word2vec"):
        text_help = (
            "**The small world** is written by a grammar, so the right answers are known. **News**: 60,000 words "
            "that ship with gensim. **text8**: the beginning of Wikipedia, downloaded once (32 MB)."
        )
        text = widgets.titled("Text", SOURCES, key="text", bind="query-params", help=text_help)
        engine = st.selectbox(
            "Loss and engine", ENGINES, format_func=lambda key: ENGINES[key][0], key="engine", bind="query-params",
            help="**PyTorch** shows every step. **Full softmax**: which of all V words stands there? **Negative "
            "sampling**: is this word true or drawn by chance, K + 1 times? **By windows**: the same as a few large "
            "matrix products, with noise words shared by 16 neighboring places. **gensim**: the well-known program "
            "in C, for long texts; it shows only what comes out.",
        )  # fmt: skip
        passes_help = "How often the text is read. The **loss** of each pass is the mean over its pairs."
        with st.container(horizontal=True):
            passes = st.slider("Passes over the text", 1, 20, 3, key="passes", bind="query-params", help=passes_help)
            dims_help = "How many numbers a word gets (D)."
            dims = st.select_slider(
                "Dimensions D", [2, 8, 16, 32, 64, 100, 200], 32, key="dims", bind="query-params", help=dims_help
            )
        with st.container(horizontal=True):
            window_help = "The farthest **context** word. Each center draws its own reach from 1 to this."
            window = st.slider("Window", 1, 10, 5, key="window", bind="query-params", help=window_help)
            seed_help = "Fixes the first vectors, the pairs and the noise words. Same seed, same picture."
            seed = st.number_input("Seed", 0, 999_999, 1, key="w_seed", bind="query-params", help=seed_help)
        with st.expander("Your own text"):
            pasted = st.text_area("Paste at least a few hundred words", key="pasted", height=120, max_chars=2_000_000)
            kinds = ["txt", "md", "text"]
            file = st.file_uploader("Or a plain text file, UTF-8, at most 20 MB", kinds, max_upload_size=20)
        with st.expander("More settings"):
            more = _more()
        pressed = st.form_submit_button("Train", type="primary", width="stretch")

    def checked() -> Settings:
        content = b"" if text != "own" else file.getvalue() if file else pasted.encode("utf-8", "replace")
        pairs = PairConfig(
            window=window, subsampling_threshold=more["threshold"], formula=more["formula"],
            negatives=more["negatives"], exponent=more["exponent"], seed=seed,
        )  # fmt: skip
        choice = TextChoice(text, more["world_words"], seed, more["min_count"], content)
        config = RunConfig(
            methods=ENGINES[engine][1], dimensions=dims, passes=passes, learning_rate=more["w_rate"], pairs=pairs,
            validation=tuple(dict.fromkeys(more["watched"].lower().replace(",", " ").split())),
        )  # fmt: skip
        return _read(Settings(choice, config, live))

    live = pressed or st.session_state.pop("word2vec_go", False)
    if live or "word2vec_asked" not in st.session_state:
        st.session_state["word2vec_asked"] = shell.attempt("word2vec", checked) or _read(Settings())
    settings: Settings = st.session_state["word2vec_asked"]
    _propose(settings)
    return settings


def _more() -> dict[str, Any]:
    """Inputs that are seldom changed."""
    bound: dict[str, Any] = {"bind": "query-params"}
    k_help = "**Noise words** drawn for each true pair (K)."
    rate_help = "How far one pair moves its vectors, at the start; it falls to a hundredth of that."
    threshold_help = "Frequent words are dropped at random, the more the more frequent they are; 0 keeps all."
    formula_help = "word2vec.c and gensim keep a word with (√(f/t) + 1)·t/f, the paper with √(t/f)."
    exponent_help = "Noise words are drawn in proportion to count to this power: 1 as in the text, 0 all alike."
    count_help = "Rarer words are left out before windows are formed."
    watched_help = "Words whose neighbors are shown; empty: 8 frequent and 8 rarer ones."
    return {
        "negatives": st.slider("Negatives K", 1, 20, 5, key="negatives", help=k_help, **bound),
        "w_rate": st.number_input(
            "Learning rate", 0.001, 1.0, 0.08, 0.01, format="%g", key="w_rate", help=rate_help, **bound
        ),
        "threshold": st.number_input(
            "Subsampling threshold t", 0.0, 1.0, 1e-3, format="%g", key="threshold", help=threshold_help, **bound
        ),
        "formula": st.selectbox("Subsampling formula", FORMULAS, 1, key="formula", help=formula_help, **bound),
        "exponent": st.slider("Noise exponent", 0.0, 1.0, 0.75, 0.05, key="exponent", help=exponent_help, **bound),
        "min_count": st.number_input("Minimum count", 1, 1_000, 1, key="min_count", help=count_help, **bound),
        "world_words": st.slider(
            "Words of the small world", 20_000, 200_000, 60_000, 20_000, key="world_words", **bound
        ),
        "watched": st.text_input("Words to watch", key="watched", help=watched_help, **bound),
    }


def _read(settings: Settings) -> Settings:
    """With the words to watch and to record filled in from the text, and without the text itself."""
    text = cache.text(settings.choice.key, settings.choice)
    choice = settings.choice
    groups = cache.world(choice.world_words, choice.world_seed).groups if settings.is_world else ()
    config = with_words(text, settings.config, groups)
    return replace(settings, choice=choice.without_content(), config=config)


def _propose(settings: Settings) -> None:
    """Says so when a run would take long, and offers a faster way."""
    text = cache.text(settings.choice.key, settings.choice)
    seconds = expected_seconds(text, settings.config)
    engine = next(name for name, (_, methods) in ENGINES.items() if methods == settings.config.methods)
    if seconds < PATIENCE or engine not in _PYTORCH:
        return
    st.info(
        f"Pair by pair this takes about {seconds / 60:,.0f} minutes for {len(text):,} words and V = "
        f"{len(text.vocabulary):,}. gensim, or whole windows at once, need a fraction of that.",
        icon="⏱️",
    )
    kept = {name: st.session_state[name] for name in DEFAULTS if name in st.session_state}
    st.button("Use gensim", on_click=fill, kwargs=kept | {"engine": "gensim"})
