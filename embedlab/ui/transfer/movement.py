"""What fine-tuning moved, on the page Transfer: a map with arrows or a movie, opposites, neighbors in three spaces."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from embedlab.arrays import Floats, Ids
from embedlab.charts import arrows, bars
from embedlab.charts.movie.curves import Curve, Measure
from embedlab.charts.movie.film import Film
from embedlab.charts.movie.movie import learning_movie
from embedlab.charts.theme import Theme
from embedlab.lessons.transfer import movement
from embedlab.lessons.transfer.conclusions import NAMES
from embedlab.lessons.transfer.config import STARTS, Start
from embedlab.lessons.transfer.initialization import known_vectors
from embedlab.lessons.transfer.movement import AntonymSimilarity, Move, MovementPlane
from embedlab.lessons.transfer.three_starts import StartRun, ThreeStarts
from embedlab.ui import jobs, menu, shell, vector_choice, widgets
from embedlab.ui.player import player
from embedlab.ui.pool import Job
from embedlab.ui.spreadsheets import to_csv
from embedlab.ui.transfer import charts
from embedlab.ui.transfer.results import LESSON, Found
from embedlab.ui.words import asking
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.spelling import as_one, known_form
from embedlab.vectors.word_vectors import WordVectors

_SHOWN, _SMALL, _PAIRS = 22, 8, 14  # words on the map, neighbors of a word, pairs in the picture
_BOX = "near_word"  # key of the box for a word
_LISTED = 2000  # words in the table
_PATIENCE = 6.0  # seconds that the page waits for a movie before it shows a progress bar
_LOSS = Measure("validation loss", "nats", ".2f")


def moved(found: Found, three: ThreeStarts, theme: Theme) -> None:
    """Where fine-tuning took words, and what became of antonyms and neighbors."""
    if not three.complete:
        st.info("This compares all three spaces: press “Start again” to train those that are missing.")
        return
    run = three.runs[STARTS.index("fine-tuned")]
    every = movement.moves(run.classifier)
    start = run.classifier.initial
    index = {word: row for row, word in enumerate(run.classifier.words)}
    able = [move for move in every if start[index[move.word]].any()]  # a start at zero has no direction
    words = [move.word for move in able]
    if not set(st.session_state.get("moved_words", [])) <= set(words):  # chosen after other training
        del st.session_state["moved_words"]
    far = f"the {_SHOWN} that moved farthest"
    told = "Any words of the training sentences that have a pretrained vector."
    chosen = st.multiselect(
        "Words on the map", words, key="moved_words", bind="query-params", max_selections=30, placeholder=far, help=told
    )
    shown = [move for move in able if move.word in chosen] if len(chosen) > 1 else able[:_SHOWN]
    if len(shown) < 2:
        st.info("Fewer than two words moved: train on more sentences.")
        return
    _map(found, run, shown, theme)
    opposites, table = st.columns(2, gap="large")
    with opposites:
        st.markdown("**Antonyms in the three spaces**")
        pairs = movement.antonym_similarities([each.classifier for each in three.runs])
        if pairs:
            _antonyms(pairs, theme)
        else:
            st.info("None of the pairs looked for (good · bad, best · worst, …) occurs in the training sentences.")
    with table:
        st.markdown("**Every word that moved**")
        rows = _records(every[:_LISTED])
        asking.table(rows, ["word"], key=f"moved {found.look}", box=_BOX, height=430, column_config=_COLUMNS)
        last = shell.as_text(found.data.sentences.labels[-1])
        st.caption(f"Before, after: what it adds to the log-odds of “{last}” as one of ten words, in nats.")
    spaces = {run.start: run.classifier.word_vectors() for run in three.runs}
    usual = "good" if any(move.word == "good" for move in every) else able[0].word
    word = _neighbors(spaces, usual, theme)
    target = menu.item("7_Neighbors.py")
    if st.button("Keep the three spaces for the Explore pages", icon=target.icon):
        offer = vector_choice.offer
        kept = [offer(f"Transfer, {NAMES[s]}", space, show=s == "fine-tuned") for s, space in spaces.items()]
        if all(kept):
            st.success("Explore pages now start with the fine-tuned space; “Vectors” there offers all three.")
            label = f"Open “{shell.as_text(word)}” in Neighbors"
            st.page_link(menu.PAGES / target.file, label=label, icon=target.icon, query_params={"word": word})


def _map(found: Found, run: StartRun, shown: list[Move], theme: Theme) -> None:
    words = [move.word for move in shown]
    labels = found.data.sentences.labels
    last = labels[-1]
    groups = [f"towards {last}", f"away from {last}"]
    sides = [groups[move.after <= move.before] for move in shown]
    plane = movement.movement_plane(run.classifier, words)
    if widgets.one_of("As", ["Arrows", "Movie"], key="moved_as", bind="query-params", bare=True) == "Arrows":
        rows = [run.classifier.words.index(word) for word in words]
        before, after = (plane.coordinates(m[rows]) for m in (run.classifier.initial, run.classifier.embeddings))
        ways = [
            arrows.Arrow(word, (float(a[0]), float(a[1])), (float(b[0]), float(b[1])), side)
            for word, a, b, side in zip(words, before, after, sides, strict=True)
        ]
        chart = arrows.moves_map(ways, groups, theme, meaning=plane.meaning, clickable=True)
        story = f"Arrows from before to after fine-tuning for {len(words)} words: {', '.join(words[:8])}."
        asking.chart(chart, key=f"moves {found.look}", alt=story, selections=asking.ON_MAP, box=_BOX)
    else:
        _film(found, run, plane, (words, sides, groups), theme)
    far = shown[0]
    st.caption(
        f"After {run.chosen:,} updates “{shell.as_text(far.word)}” has moved farthest, to a cosine of "
        f"{shell.decimal(far.turn)} with its start. Only the {int(run.classifier.seen.sum()):,} words of the training "
        "sentences can move."
    )


def _film(
    found: Found, run: StartRun, plane: MovementPlane, labels: tuple[list[str], list[str], list[str]], theme: Theme
) -> None:
    """The movie of the words, sides and group names of `labels`; progress while their run is trained once more."""
    sentences, words = found.data.sentences, labels[0]
    vectors, key = known_vectors(sentences, found.vectors), f"{found.key} {found.look} {words}"
    job: Job[tuple[Ids, Floats]] = jobs.submit(
        f"paths {key}",
        lambda: jobs.compute(f"{LESSON}.three_starts:word_paths", sentences, vectors, "fine-tuned", found.look, words),
    )
    job.wait(_PATIENCE)
    if job.state != "finished" or job.latest is None:
        jobs.panel(job, lambda job: None, key="transfer_paths", stop="Stop this movie")
        return
    paths = job.latest
    movie = picture(f"moves {key} {theme.name}", lambda: _movie(paths, run, plane, labels, theme))
    slider = player.Slider("update", seconds=4.0)
    story = f"{len(words)} words on their way from their pretrained places while the classifier learns."
    with player.stage("moves") as stage:
        player.controls(stage, slider, view=shell.view(key))
        player.picture(movie, key="moves_movie", alt=f"A movie: {story}")
    asking.choose(words, "moves_words", _BOX)
    losses = run.validation_losses
    story += (
        f" After {run.chosen:,} updates the validation loss is {losses.min():.2f} nats; it began at {losses[0]:.2f}."
    )
    widgets.keep_movie(
        widgets.web_page(
            lambda theme: _movie(paths, run, plane, labels, theme),
            "The movie",
            "words-that-move",
            title="Where fine-tuning takes words",
            sentence=lambda: story,
            slider=slider,
        )
    )


def _movie(
    found: tuple[Ids, Floats],
    run: StartRun,
    plane: MovementPlane,
    labels: tuple[list[str], list[str], list[str]],
    theme: Theme,
) -> dict[str, Any]:
    """Words on their way, as Vega-Lite, from the updates and embeddings that were found."""
    (updates, paths), (words, sides, groups) = found, labels
    kept = updates <= run.chosen
    curve = Curve(_LOSS, run.updates[: kept.sum()].tolist(), run.validation_losses[: kept.sum()])
    film = Film(updates[kept].tolist(), plane.coordinates(paths[kept]), words, sides, groups, curves=(curve,))
    return learning_movie([film], theme=theme, param="update", unit="update")


def _antonyms(pairs: list[AntonymSimilarity], theme: Theme) -> None:
    count = len(pairs) // len(STARTS)
    said = ", ".join(_way([p for p in pairs if p.space == start]) for start in STARTS)
    drawn_pairs = pairs[: len(STARTS) * _PAIRS]
    chart = charts.antonym_dots(drawn_pairs, theme)
    both = {" · ".join(one.pair): ", ".join(map(as_one, one.pair)) for one in drawn_pairs}
    asking.chart(chart, key="antonyms", alt=f"Mean cosine of {count} pairs: {said}.", asked=both)
    drawn = f", the first {_PAIRS} of them drawn" if count > _PAIRS else ""
    st.caption(
        f"Mean cosine of {count} pairs{drawn}: {said} (before → after). Antonyms share contexts, so pretrained vectors "
        "put them close; this task parts them."
    )


def _way(pairs: list[AntonymSimilarity]) -> str:
    before, after = (float(np.mean([getattr(p, name) for p in pairs])) for name in ("before", "similarity"))
    way = "" if pairs[0].space == "frozen" else f"{shell.decimal(before)} → "
    return f"{NAMES[pairs[0].space]} {way}{shell.decimal(after)}"


def _neighbors(spaces: dict[Start, WordVectors], usual: str, theme: Theme) -> str:
    """Draws them and returns the word that was asked for, or the usual one where no space has it."""
    st.markdown("**Neighbors of a word in each space**")
    typed = st.text_input("Word", max_chars=60, key=_BOX, bind="query-params", placeholder=usual)
    every = spaces["fine-tuned"]  # it holds all words of the others
    word = known_form(every, typed) or usual
    known = shell.attempt(f"{_BOX} {usual}", lambda: bool(every.rows([word])) and word, inputs=[_BOX])
    if known != word:
        return usual
    for column, (start, space) in zip(st.columns(3), spaces.items(), strict=True):
        with column:
            st.caption(f"{NAMES[start].capitalize()}, {len(space):,} words")
            if word not in space:
                st.info(f"“{shell.as_text(word)}” is not among them.")
                continue
            near = nearest_neighbors(space, word, _SMALL)
            chart = bars.neighbor_bars([n.word for n in near], [n.similarity for n in near], theme, clickable=True)
            said, key = f"Nearest to {word}: {', '.join(n.word for n in near)}.", f"near_{start} {word}"
            asking.chart(chart, key=key, alt=said, box=_BOX)
    return word


_COLUMNS = {
    "distance": st.column_config.NumberColumn(format="%.2f", help="From its start to its end; Euclidean."),
    "similarity": st.column_config.NumberColumn(format="%.2f", help="The cosine between its vector before and after."),
    "before": st.column_config.NumberColumn(
        format="%.2f", help="What it would have added to a prediction, as one of ten words, in nats of log-odds."
    ),
    "after": st.column_config.NumberColumn(
        format="%.2f", help="What it adds now; both times by the trained layer above the embeddings."
    ),
}


def _records(every: list[Move]) -> list[dict[str, str | float]]:
    return [
        {"word": move.word, "distance": move.distance, "similarity": move.turn, "before": before, "after": after}
        for move in every
        for before, after in [move.as_one_of()]
    ]


def moved_csv(every: list[Move]) -> str:
    """The table of the words that moved, all of them, as CSV."""
    return to_csv(("word", *_COLUMNS), [tuple(record.values()) for record in _records(every)])


@st.cache_resource(show_spinner=False, max_entries=40)
def picture(key: str, _make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A picture as Vega-Lite, put together once; `key` says everything that it depends on."""
    return _make()
