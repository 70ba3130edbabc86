"""The parts of the page Count or predict: form, neighbors side by side, the table in three states, files."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from embedlab import formats, queries
from embedlab.charts import heatmaps
from embedlab.charts.bars import neighbor_bars
from embedlab.charts.theme import Theme
from embedlab.count_run import Both, BothConfig, Score, Stage, apart
from embedlab.counts import WEIGHTINGS, CountConfig, block
from embedlab.errors import InvalidSetting
from embedlab.text_sources import SOURCES, TextChoice
from embedlab.texts import Text
from embedlab.ui import cache, library, shell, widgets
from embedlab.ui.pool import Job
from embedlab.vectors import WordVectors
from embedlab.word2vec_config import Method

MAX_SIZE = 5_000  # words of a vocabulary here: the tables of pairs stay below 100 MB
_IN_BLOCK = 12  # words on a side of the heat maps
_NEAR = 8
# Rows and columns of the heat maps.
_BLOCKS = {
    "world": ("king queen prince princess man woman paris france rome italy apple pear",
              "he she crown throne street rules plays french seine italian tree sweet"),
    "news": ("israeli palestinian australia cricket bin government minister police economy",
             "leader security test match laden federal prime officers growth said the of"),
}  # fmt: skip
DEFAULTS: dict[str, object] = {
    "c_text": "world", "c_window": 5, "c_weighting": "linear", "c_shift": 1, "c_dims": 64, "c_power": 0.5,
    "c_seed": 1, "c_passes": 3, "c_exponent": 0.75, "c_min": 1, "c_negatives": 5,
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A text, and both ways to vectors."""

    choice: TextChoice = field(default_factory=lambda: TextChoice(max_size=MAX_SIZE))
    config: BothConfig = field(default_factory=BothConfig)

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


def form() -> tuple[bool, Callable[[], Asked]]:
    """The inputs.

    Returns:
        Whether the button was pressed, and a function that checks the settings (`EmbedlabError` where they are wrong).
    """
    bound = {"bind": "query-params"}
    with st.form("counts"):
        text_help = "In **the small world** the right answers are known. **News**: 60,000 words that ship with gensim."
        text = st.selectbox("Text", SOURCES, format_func=lambda k: SOURCES[k], key="c_text", help=text_help, **bound)
        window_help = "The farthest neighbor that is counted, and guessed."
        window = st.slider("Window", 1, 10, 5, key="c_window", help=window_help, **bound)
        shift_help = "**PPMI**: how much more often than by chance, as a logarithm. The **shift** k subtracts ln k."
        shift = st.slider("Shift k", 1, 10, 1, key="c_shift", help=shift_help, **bound)
        dims_help = "How many numbers a word keeps (D), counted or guessed."
        sizes = [2, 8, 16, 32, 48, 64, 100, 128, 200]
        dims = st.select_slider("Dimensions D", sizes, 64, key="c_dims", help=dims_help, **bound)
        power_help = (
            "Directions are weighed by their **singular value** to this power: 1 as the table does, 0 all alike."
        )
        power = st.slider("Power of the singular values", 0.0, 1.0, 0.5, 0.25, key="c_power", help=power_help, **bound)
        with st.expander("Your own text"):
            pasted = st.text_area("Paste at least a few hundred words", key="c_pasted", height=120, max_chars=2_000_000)
            kinds = ["txt", "md", "text"]
            file = st.file_uploader("Or a plain text file, UTF-8, at most 20 MB", kinds, max_upload_size=20)
        with st.expander("More settings"):
            weight_help = (
                "What a neighbor at distance d adds: 1, or (window − d + 1) / window as in word2vec, or 1 / d."
            )
            weighting = st.selectbox("Weight of distance", WEIGHTINGS, 1, key="c_weighting", help=weight_help, **bound)
            exponent = st.slider("Smoothing exponent", 0.0, 1.0, 0.75, 0.05, key="c_exponent", **bound)
            passes = st.slider("Passes of skip-gram", 1, 20, 3, key="c_passes", **bound)
            negatives = st.slider("Negatives K of skip-gram", 1, 20, 5, key="c_negatives", **bound)
            min_count = st.number_input("Minimum count", 1, 1_000, 1, key="c_min", **bound)
            seed = st.number_input("Seed", 0, 999_999, 1, key="c_seed", **bound)
        pressed = st.form_submit_button("Count and predict", type="primary", width="stretch")

    def checked() -> Asked:
        content = b"" if text != "own" else file.getvalue() if file else pasted.encode("utf-8", "replace")
        counts = CountConfig(int(window), weighting, float(shift), float(exponent), int(dims), float(power), int(seed))
        method: Method = "negative sampling" if text == "world" else "by windows"  # windows pay where V is large
        config = BothConfig(counts, int(passes), int(negatives), method=method)
        config.predicting()  # checks its numbers
        return Asked(TextChoice(text, 60_000, int(seed), int(min_count), content, max_size=MAX_SIZE), config)

    return pressed, checked


def settled(pressed: bool, check: Callable[[], Asked]) -> Asked:
    """What was last asked for with the button, a suggestion, or by opening the page."""
    if pressed or st.session_state.pop("counts_go", False) or "counts_asked" not in st.session_state:
        st.session_state["counts_asked"] = shell.attempt("counts", lambda: _read(check())) or _read(Asked())
    asked: Asked = st.session_state["counts_asked"]
    return asked


def _read(asked: Asked) -> Asked:
    text = cache.text(asked.choice.key, asked.choice)
    if asked.config.counts.dimensions > len(text.vocabulary):
        raise InvalidSetting(
            f"{asked.config.counts.dimensions} dimensions are too many for {len(text.vocabulary):,} words: choose fewer."
        )
    return replace(asked, choice=asked.choice.without_content())


def progress(job: Job[Stage | Both]) -> None:
    """What is being done."""
    if job.live:
        st.caption(job.latest.name if isinstance(job.latest, Stage) else "Making ready …")


def figures(found: Both, text: Text) -> None:
    """The numbers that matter, counted beside predicted."""
    row = st.columns(4)
    counted, predicted = found.scores
    score_help = (
        "Share of the analogies that must hold in this text."
        if counted.test == "known analogies"
        else (f"Rank correlation with people's judgements; {counted.covered} of {counted.total} pairs are covered.")
    )
    row[0].metric(f"Counted, {counted.test}", _score(counted), help=score_help)
    row[1].metric(f"Predicted, {predicted.test}", _score(predicted), help=score_help)
    agree_help = "Mean share of a word's 10 nearest words that both spaces have; by chance it would be near zero."
    row[2].metric("The two agree", f"{found.agreement:.0%}", help=agree_help)
    counting = sum(found.seconds[name] for name in ("counts", "PPMI", "SVD"))
    row[3].metric(
        "Counting took", f"{counting:.2g} s", f"skip-gram {found.seconds['skip-gram']:.1f} s", "off", delta_arrow="off"
    )


def _score(score: Score) -> str:
    if not np.isfinite(score.value):
        return "too few words"
    return f"{score.value:.0%}" if score.test == "known analogies" else f"{score.value:.2f}"


def side_by_side(found: Both, theme: Theme) -> None:
    """One word's neighbors in both spaces; those that both have are bold."""
    first = "king" if "king" in found.counted else found.counted.words[min(50, len(found.counted) - 1)]
    word = st.text_input("A word", first, key="c_word", bind="query-params").strip().lower()

    def look() -> tuple[str, list[queries.Neighbor], list[queries.Neighbor]]:
        near = [queries.nearest_neighbors(space, word, _NEAR) for space in (found.counted, found.predicted)]
        return word, near[0], near[1]

    result = shell.attempt("counts_word", look)
    if result is None:
        return
    shown, *near = result
    both = {one.word for one in near[0]} & {one.word for one in near[1]}
    for name, column, given in zip(("Counted", "Predicted"), st.columns(2), near, strict=True):
        column.markdown(f"**{name}**: nearest to “{shell.as_text(shown)}”")
        words, values = [one.word for one in given], [one.similarity for one in given]
        chart = neighbor_bars(words, values, theme, marked=both)
        said = ", ".join(f"{one.word} {one.similarity:.2f}" for one in given)
        column.altair_chart(chart, key=f"c_near_{name}", alt=f"{name}: {said}.")
    st.caption(f"Bold: in both lists, {len(both)} of {_NEAR}.")


def three_tables(found: Both, asked: Asked, theme: Theme) -> None:
    """A block of the table between chosen words and neighbors: counts, PPMI, and what the vectors make of it."""
    source, frequent = asked.choice.source, found.counted.words
    first = _BLOCKS.get(source, (" ".join(frequent[40:50]), " ".join(frequent[:10])))
    asking = zip(st.columns(2), ("Words", "Neighbors"), first, strict=True)
    given = [column.text_input(label, default, key=f"c_{label}_{source}") for column, label, default in asking]

    def chosen() -> list[list[str]]:
        lists = [list(dict.fromkeys(text.lower().replace(",", " ").split())) for text in given]
        for words in lists:
            if not 2 <= len(words) <= _IN_BLOCK:
                raise InvalidSetting(f"{len(words)} words are given: give 2 to {_IN_BLOCK}, so that they can be read.")
        found.counted.rows([*lists[0], *lists[1]])  # an error that names all missing words
        return lists

    result = shell.attempt(f"counts_block_{source}", chosen)
    if result is None:
        return
    words, others = result
    rows, columns = found.counted.rows(words), found.counted.rows(others)
    unit = [space.unit[rows] for space in (found.counted, found.predicted)]
    tables = {
        "**Counts**, weighted by distance": (block(found.counts, rows, columns), others, 0, None),
        "**PPMI**, nats": (block(found.table, rows, columns), others, 1, None),
        "**Counted vectors**, cosine": (unit[0] @ unit[0].T, words, 1, 1.0),
        "**Predicted vectors**, cosine": (unit[1] @ unit[1].T, words, 1, 1.0),
    }
    with st.container(horizontal=True, gap="large"):
        for title, (values, labels, digits, limit) in tables.items():
            with st.container(width="content"):
                st.markdown(title)
                chart = heatmaps.matrix(values, words, labels, theme, digits=digits, limit=limit, max_width=330)
                said = f"{title.replace('*', '')}: {', '.join(words)} by {', '.join(labels)}."
                st.altair_chart(chart, width="content", key=f"c_table_{title}", alt=said)


def seen(found: Both, asked: Asked, text: Text) -> str:
    """What this run shows, in sentences that name its numbers; Markdown."""
    size, (counted, predicted) = len(text.vocabulary), found.scores
    strange = found.surprising[0] if found.surprising else None
    differ = ", ".join(f"“{shell.as_text(word)}”" for word in apart(found, 4))
    lines = [
        f"- Of {size**2:,} possible pairs {found.counts.nnz:,} occur ({found.counts.nnz / size**2:.1%}), and "
        f"{found.table.nnz:,} of them more often than by chance: that is all that has to be kept.",
        f"- {counted.test.capitalize() if counted.test.islower() else counted.test}: counted {_score(counted)}, predicted {_score(predicted)}. Nothing is guessed in the first, "
        "nothing is counted in the second.",
        f"- Of ten nearest words, {10 * found.agreement:.1f} are the same. They differ most on {differ}.",
    ]
    if "king" in found.counted and "queen" in found.counted:
        king, queen = found.counted.rows(["king", "queen"])
        together, near = (
            block(found.counts, [king], [queen])[0, 0],
            found.counted.unit[king] @ found.counted.unit[queen],
        )
        lines.append(
            f"- “king” and “queen” were counted side by side {together:.0f} times, and yet their vectors have similarity "
            f"{near:.2f}: what counts is that their neighbors are the same."
        )
    if strange:
        ratio = np.exp(strange.ppmi) * asked.config.counts.shift
        lines.append(
            f"- The most surprising pair is “{shell.as_text(strange.word)}” and “{shell.as_text(strange.other)}”: "
            f"{ratio:,.0f} times as often together as chance would have it."
        )
    return "\n".join(lines)


def tries() -> None:
    """Settings worth a look."""
    st.button("Half the dimensions", on_click=fill, kwargs={"c_dims": 32})
    st.button("Twice the dimensions", on_click=fill, kwargs={"c_dims": 128})
    st.button("Shift k = 5, as 5 negatives", on_click=fill, kwargs={"c_shift": 5})
    st.button("Real news instead", on_click=fill, kwargs={"c_text": "news", "c_min": 3, "c_passes": 10})


def surprises(found: Both) -> None:
    """The pairs with the highest PPMI."""
    columns = {name: st.column_config.NumberColumn(format="%.2f") for name in ("count", "ppmi")}
    st.dataframe(
        [pair._asdict() for pair in found.surprising], hide_index=True, column_config=columns, key="c_surprising"
    )
    st.caption(
        "Among pairs counted at least 5 times (weighted by distance). PPMI in nats; e to that power is the ratio."
    )


def downloads(found: Both) -> None:
    """Both spaces, into files and into the Explore pages."""
    spaces: dict[str, WordVectors] = {"counted": found.counted, "predicted": found.predicted}
    kind = st.segmented_control("Vectors", spaces, default="counted", required=True, key="c_taken")
    vectors = spaces[kind]
    if st.button("Open both in Compare" if _has_compare() else "Open in Neighbors", icon="🧭"):
        for name, space in spaces.items():
            library.offer(space.source, space, show=name == kind)
        st.switch_page(shell.PAGES / ("9_Compare.py" if _has_compare() else "7_Neighbors.py"))
    pairs = [(pair.word, pair.other, f"{pair.count:.6g}", f"{pair.ppmi:.6g}") for pair in found.surprising]
    header = ("word", "other", "count", "ppmi_nats")
    widgets.downloads(
        [
            widgets.File(
                "Vectors (npz)", f"{kind}.npz", "application/zip", lambda: formats.as_bytes(vectors, format="npz")
            ),
            widgets.File(
                "Vectors (text)", f"{kind}.txt", "text/plain", lambda: formats.as_bytes(vectors, format="word2vec-text")
            ),
            widgets.File("Surprising pairs (CSV)", "pairs.csv", "text/csv", lambda: formats.to_csv(header, pairs)),
        ]
    )


def _has_compare() -> bool:
    return any(line.file == "9_Compare.py" for line in shell.MENU)
