"""What the page Count or predict answers: neighbors side by side, figures, and the table in three states."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from embedlab.charts import heatmaps
from embedlab.charts.bars import neighbor_bars
from embedlab.charts.theme import Theme
from embedlab.checks import within
from embedlab.errors import InvalidSetting
from embedlab.formats.limits import shown_word
from embedlab.lessons.counting import cooccurrence
from embedlab.lessons.counting.count_and_predict import NEIGHBORS, Both, Score, apart, tables
from embedlab.lessons.word2vec.config import expected_seconds
from embedlab.text.corpus import Corpus
from embedlab.ui import cache, jobs, shell, widgets
from embedlab.ui.count_or_predict import form
from embedlab.ui.count_or_predict.form import Settings
from embedlab.ui.pool import Job
from embedlab.ui.widgets import Code
from embedlab.ui.words import asking, word_boxes, word_planes
from embedlab.vectors import queries
from embedlab.vectors.spelling import as_typed, find_words, known_form

_TASK = "embedlab.lessons.counting.count_and_predict:count_and_predict"
_IN_BLOCK = 12  # words on a side of the heat maps
_NEAR, _APART = 8, 4
_ALIKE = 0.6  # mean cosine of two predicted words, above which they are not worth much yet
# Rows and columns of the heat maps.
_BLOCKS = {
    "world": ("king queen prince princess man woman paris france rome italy apple pear",
              "the he she crown throne bench rules plays french italian tree sweet"),
    "news": ("israeli palestinian australia cricket bin government minister police economy",
             "the of leader security test match laden federal prime officers growth said"),
}  # fmt: skip


class Found(NamedTuple):
    """Both ways to vectors, done or under way."""

    settings: Settings
    text: Corpus
    job: Job[str | Both]

    @property
    def ended(self) -> bool:
        """Whether both are done."""
        return isinstance(self.job.latest, Both)

    @property
    def both(self) -> Both:
        """The result; only once the job has ended."""
        assert isinstance(self.job.latest, Both)
        return self.job.latest


def find(settings: Settings) -> Found:
    """Both ways, begun or joined; a short run is waited for."""
    choice, config = settings.choice, settings.config
    text = cache.text(choice.key, choice)
    truth = cache.world(choice.world_words, choice.world_seed).analogies if settings.is_world else None
    job: Job[str | Both] = jobs.submit(
        settings.key, lambda: jobs.compute(_TASK, text, config, truth), total=config.snapshots(text),
        recorded=None if settings.live else "count_or_predict",
    )  # fmt: skip
    if expected_seconds(text, config.predicting()) < 8:
        with st.spinner("Counting and predicting"):
            job.wait(20)
    return Found(settings, text, job)


def picture(found: Found, theme: Theme) -> None:
    """One word's neighbors in both spaces; before the end, what is being done."""
    widgets.said_first(found.text.notes)
    if found.ended:
        _side_by_side(found.both, found.settings, theme)
        jobs.say_if_recorded(found.job, "Count and predict")
    else:
        jobs.panel(found.job, _progress, key="counts")


def _progress(job: Job[str | Both]) -> None:
    if job.live:
        st.caption(job.latest if isinstance(job.latest, str) else "Preparing …")


def figures(found: Found) -> None:
    """The numbers that matter, counted beside predicted."""
    both = found.both
    row = st.columns(4)
    counted, predicted = both.scores
    if not np.isfinite(counted.value):
        st.caption("This text has too few words for a test, or for neighbors that could differ.")
    score_help = (
        "Share of the analogies that must hold in this text that do."
        if counted.test == "known analogies"
        else (f"Rank correlation with people’s judgements; {counted.covered} of {counted.total} pairs are covered.")
    )
    row[0].metric(f"Counted, {counted.test}", _score(counted), help=score_help)
    row[1].metric(f"Predicted, {predicted.test}", _score(predicted), help=score_help)
    agree_help = (
        f"Mean share of a word's {NEIGHBORS} nearest words that both spaces have; by chance it would be near zero."
    )
    common = f"{both.agreement:.0%}" if _differ(found) else "–"
    row[2].metric("Neighbors in common", common, help=agree_help)
    counting = sum(both.seconds[name] for name in ("counts", "PPMI", "SVD"))
    time_help = "Counting, PPMI and SVD; then training skip-gram."
    row[3].metric("Count · predict took", f"{counting:.2g} · {both.seconds['skip-gram']:.1f} s", help=time_help)


def _differ(found: Found) -> bool:
    """Whether there are more words than neighbors of each: otherwise all lists hold the same words."""
    return len(found.text.vocabulary) > NEIGHBORS + 1


def _score(score: Score) -> str:
    if not np.isfinite(score.value):
        return "–"
    return f"{score.value:.0%}" if score.test == "known analogies" else shell.decimal(score.value)


def _of(settings: Settings) -> str:
    """Names the text in keys: words asked of one are none of another."""
    choice = settings.choice
    return f"own_{choice.digest[:8]}" if choice.source == "own" else choice.source


def _box(settings: Settings) -> str:
    """Key of the box for a word of this text."""
    return f"c_word_{_of(settings)}"


def _side_by_side(found: Both, settings: Settings, theme: Theme) -> None:
    """One word's neighbors in both spaces; those that both have are bold."""
    source, known = settings.choice.source, found.counted.words
    middle = known[len(known) // 3]
    first = _BLOCKS[source][0].split()[0] if source in _BLOCKS else middle
    box = _box(settings)
    word_boxes.begin_with(found.counted, {box: first}, lambda: [middle])
    typed = st.text_input("A word", first, key=box, bind="query-params")
    word = known_form(found.counted, typed)

    def look() -> tuple[str, list[queries.Neighbor], list[queries.Neighbor]]:
        if not typed.strip():
            raise InvalidSetting("Type a word to see its neighbors by both methods.")
        near = [queries.nearest_neighbors(space, word, _NEAR) for space in (found.counted, found.predicted)]
        return word, near[0], near[1]

    key = f"counts_word {settings.choice.key}"
    result = shell.attempt(key, look, inputs=[box], still=lambda shown: shown_word(shown[0]))
    if result is None:
        return
    shown, *near = result
    word_boxes.say_taken(found.counted, typed, single=True)
    both = {one.word for one in near[0]} & {one.word for one in near[1]}
    for name, column, given in zip(("Counted", "Predicted"), st.columns(2), near, strict=True):
        column.markdown(f"**{name}**: nearest to “{shell.as_text(shown)}”")
        words, values = [one.word for one in given], [one.similarity for one in given]
        chart, key = neighbor_bars(words, values, theme, marked=both, clickable=True), f"c_near_{name} {shown}"
        said = ", ".join(f"{one.word} {one.similarity:.2f}" for one in given)
        with column:
            asking.chart(chart, key=key, alt=f"{name}: {said}.", box=box)
    st.caption(f"Bold: in both, {len(both)} of {_NEAR}.")


def three_tables(found: Found, theme: Theme) -> None:
    """A block of the table between chosen words and neighbors: counts, PPMI, and what the vectors make of it."""
    both = found.both
    source = _of(found.settings)
    boxes = [f"c_{label}_{source}" for label in ("Words", "Neighbors")]
    begun = [as_typed(both.counted, words) for words in _block(found)]
    word_boxes.begin_with(
        both.counted,
        dict(zip(boxes, begun, strict=True)),
        lambda: [as_typed(both.counted, words) for words in _own_block(both)],
    )
    labeled = zip(("Words", "Neighbors"), begun, boxes, strict=True)
    given = [st.text_input(label, default, key=box, bind="query-params") for label, default, box in labeled]

    def chosen() -> list[list[str]]:
        lists = [list(dict.fromkeys(find_words(both.counted, text))) for text in given]
        for words in lists:
            within("number of words", len(words), 2, _IN_BLOCK)
        both.counted.rows([*lists[0], *lists[1]])  # an error that names all missing words
        return lists

    key = f"counts_block {found.settings.choice.key}"
    result = shell.attempt(key, chosen, inputs=boxes, still=lambda lists: word_boxes.named(lists[0]))
    if result is None:
        return
    words, others = result
    entries, config = tables(both, words, others), found.settings.config
    counts = config.counts
    st.markdown(
        f"Frequent words dominate **counts**, but not **PPMI**. **SVD** keeps {counts.dimensions} directions of "
        f"{config.measure}, each times its singular value to the power {counts.power:g}. Counts of a new text can be "
        "added to the old ones; PPMI and SVD then follow anew."
    )
    weighed = "" if counts.weighting == "flat" else ", weighted by distance"
    shown = {
        f"**Counts**{weighed}": (entries.counts, others, 0, None),
        "**PPMI**, in nats (ln)": (entries.ppmi, others, 1, None),
        "**Counted vectors**, cosine": (entries.counted, words, 1, 1.0),
        "**Predicted vectors**, cosine": (entries.predicted, words, 1, 1.0),
    }
    with st.container(horizontal=True, gap="large"):
        for n, (title, (values, labels, digits, limit)) in enumerate(shown.items()):
            with st.container(width="content", key=f"matrix_{n}"):
                st.markdown(title)
                chart = heatmaps.matrix(
                    values, words, labels, theme, digits=digits, limit=limit, clickable=True, max_width=330
                )
                said = f"{title.replace('*', '')}: {', '.join(words)} by {', '.join(labels)}."
                key, box = f"c_table_{title} {words}", _box(found.settings)
                asking.chart(chart, width="content", key=key, alt=said, selections=asking.ON_MATRIX, box=box)


def _block(found: Found) -> tuple[Sequence[str], Sequence[str]]:
    """The words and neighbors that the tables begin with; all of a text of few words."""
    if (source := found.settings.choice.source) in _BLOCKS:
        words, others = _BLOCKS[source]
        return words.split(), others.split()
    return _own_block(found.both)


def _own_block(both: Both) -> tuple[Sequence[str], Sequence[str]]:
    """Those of a text of which nothing is known: all of a text of few words."""
    known = both.counted.words
    if len(known) <= _IN_BLOCK:
        return known, known
    rarer = min(40, len(known) // 3)
    return known[rarer : rarer + 10], known[:10]


def planes(found: Found, theme: Theme) -> None:
    """Chosen words in two dimensions, counted beside predicted."""
    spaces = {"Counted": found.both.counted, "Predicted": found.both.predicted}
    words = _block(found)[0]
    if not all(word in found.both.counted for word in words):
        words = _own_block(found.both)[0]
    word_planes.draw(spaces, words, theme, key=f"c_{_of(found.settings)}", box=_box(found.settings))


def vocabulary_records(found: Found) -> list[dict[str, object]]:
    """All words of the text with their counts, in alphabetical order."""
    known = found.text.vocabulary
    return [{"word": word, "count": count} for word, count in sorted(zip(known.words, known.counts, strict=True))]


def what_you_see(found: Found) -> str:
    """What this run shows, in sentences that name its numbers; Markdown."""
    both, settings = found.both, found.settings
    size = len(found.text.vocabulary)
    lines = [
        "**What you see**",
        f"- {both.counts.nnz:,} of {size**2:,} pairs occur, {both.table.nnz:,} more often than by chance (PPMI above "
        "0).",
    ]
    if settings.config.measure != "PPMI":
        lines.append(f"- The counted vectors are made of {settings.config.measure}, not of PPMI.")
    if _hardly_differ(found):
        lines.append(
            f"- The predicted vectors hardly differ yet: two words’ cosine is {shell.decimal(both.alike)} on average. "
            f"{len(found.text):,} words are few: they take more passes."
        )
    if settings.is_world and {"king", "queen"} <= set(both.counted.words):
        together = tables(both, ["king"], ["queen"]).counts[0, 0]
        near = queries.similarity(both.counted, "king", "queen")
        lines.append(
            f"- “king” and “queen” co-occur {together:.0f} times, yet share contexts: cosine {shell.decimal(near)}."
        )
    return "\n".join(lines)


def _hardly_differ(found: Found) -> bool:
    """Whether the predicted words have not parted yet; two sentences hold too little for that."""
    return found.settings.choice.source != "two" and found.both.alike > _ALIKE


def differing(found: Found) -> None:
    """The words on which both differ most, to be clicked."""
    if _differ(found):
        words = apart(found.both, _APART)
        asking.row(words, key="c_apart", box=_box(found.settings), said="Neighbors differ most on")


def tries(found: Found) -> None:
    """Settings worth a look."""
    choice, config = found.settings.choice, found.settings.config
    more = {"c_passes": 20, "c_text": choice.source, "c_min": choice.min_count}
    if config.counts.dimensions in form.SIZES:  # else nobody chose them
        more["c_dims"] = config.counts.dimensions
    with widgets.tries():
        if _hardly_differ(found) and config.passes < 20:
            st.button("20 passes: the predicted vectors part", on_click=form.fill, kwargs=more)
        st.button("128 dimensions: counting gets worse", on_click=form.fill, kwargs={"c_dims": 128})
        st.button("PPMI minus ln 5: a third of the pairs is left", on_click=form.fill, kwargs={"c_shift": 5})
        st.button(
            "Real news: both do poorly, and alike",
            on_click=form.fill,
            kwargs={"c_text": "news", "c_min": 3, "c_passes": 10},
        )


def numbers(found: Found) -> None:
    """The pairs with the highest PPMI, and all words with their counts."""
    pairs, words = st.columns([3, 2], gap="large")
    with pairs:
        _surprising(found)
    with words:
        st.markdown(f"**Vocabulary**: {len(found.text.vocabulary):,} words")
        asking.table(vocabulary_records(found), ["word"], key="c_vocabulary", box=_box(found.settings))


def _surprising(found: Found) -> None:
    st.markdown("**Surprising pairs**")
    helps = {"count": None, "ppmi": "In nats: e to this power is how many times as often as by chance."}
    columns = {name: st.column_config.NumberColumn(format="%.2f", help=said) for name, said in helps.items()}
    asking.table(records(found), ["word", "other"], key="c_surprising", box=_box(found.settings), column_config=columns)
    first = ""
    if pairs := found.both.surprising:
        ratio = cooccurrence.lift(pairs[0].ppmi, found.settings.config.counts.shift)
        first = f"; the first, {ratio:,.0f} times chance"
    st.caption(f"Counted at least 5 times{first}.")


def records(found: Found) -> list[dict[str, str | float]]:
    """The surprising pairs."""
    return [
        {"word": pair.word, "other": pair.other, "count": pair.counted, "ppmi": pair.ppmi}
        for pair in found.both.surprising
    ]


def code(found: Found) -> tuple[Code, ...]:
    """Counting and predicting."""
    predicting = (f"embedlab.lessons.word2vec.skip_gram:{name}" for name in ("SkipGramWindows", "windows_loss"))
    return cooccurrence.cooccurrence, cooccurrence.ppmi, cooccurrence.svd_vectors, *predicting
