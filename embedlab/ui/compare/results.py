"""What the page Compare answers: both neighborhoods, the agreement of all words, one plane, and what they say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import streamlit as st

from embedlab.arrays import Doubles
from embedlab.charts import bars
from embedlab.charts.theme import Theme
from embedlab.comparison import alignment, cka, overlap
from embedlab.comparison.agreement import Agreement, Around, around, find_row
from embedlab.comparison.alignment import OnePlane, one_plane
from embedlab.comparison.overlap import MOST_SHARED
from embedlab.formats.limits import shown_word
from embedlab.ui import jobs, shell, widgets
from embedlab.ui.compare import charts, pair, tables
from embedlab.ui.compare.form import Settings
from embedlab.ui.compare.pair import Pair
from embedlab.ui.pool import Job
from embedlab.ui.words import asking, looks, word_boxes, word_planes
from embedlab.wording import counted

_DRAWN = 15  # bars of a side, and words of a side in the plane


@dataclass(frozen=True, eq=False)
class Found:
    """Two spaces made ready, the word that is looked at, and the ranking of all words."""

    settings: Settings
    pair: Pair
    word: Around
    job: Job[Doubles] | None = None

    @property
    def ended(self) -> bool:
        """Whether no more words will be ranked, and some were."""
        return self.job is not None and not self.job.live and bool(self.job.snapshots)

    @cached_property
    def ranked(self) -> Agreement:
        """The words ranked so far; there must be some."""
        return Agreement.of_blocks(self.pair.shared, list(self.job.snapshots) if self.job else [], self.settings.k)


def find(settings: Settings) -> Found | None:
    """The word's neighbors in both spaces; those of the opening word where the typed one is not shared."""
    spaces = (settings.first.vectors, settings.second.vectors)
    names = f"compare {settings.first.name} {settings.second.name}"
    compared = shell.attempt(names, lambda: pair.pair(settings.first, settings.second))
    if compared is None:
        for side, (column, space) in enumerate(zip(st.columns(2), (settings.first, settings.second), strict=True)):
            with column:
                st.markdown(f"**{shell.as_text(space.name)}**")
                looks.first_look(space.vectors, f"{side} {space.name}")
        return None
    row = shell.attempt(
        f"compare word {compared.key}",
        lambda: find_row(compared.shared, spaces, compared.names, settings.typed),
        inputs=[asking.WORD],
        remedy=word_boxes.spellings,
        still=lambda row: shown_word(compared.shared.words[row]),
        otherwise=lambda: compared.opening_row,
    )
    assert row is not None
    word = around(compared.shared, row, settings.k)
    return Found(settings, compared, word)


def is_ranked(found: Found) -> bool:
    """Whether there is anything to rank; says so where both sides are one space."""
    if found.pair.shared.is_one_space:
        first, second = found.pair.shown
        count = f"{len(found.pair.shared.words):,} words"
        st.info(
            f"“{first}” and “{second}” are one space: their {count} have the same unit vectors, so that all neighbors "
            "agree. Choose another one in either box."
        )
        return False
    return True


def rank(found: Found, theme: Theme) -> Found:
    """Begins to rank the words, or joins; shows how far that is, and a way to go on after a stop."""

    def draw(job: Job[Doubles]) -> None:
        if job.snapshots:
            spread(replace(found, job=job), theme)

    job = pair.ranking(found.pair, found.settings.k, found.settings.ranked)
    if job.live:
        jobs.panel(job, draw, key="compare", stop="Stop ranking")
    elif job.state == "stopped":
        st.button("Rank the rest of the words", on_click=job.again)
    return replace(found, job=job)


def picture(found: Found, theme: Theme) -> None:
    """The word's nearest in both spaces; those that both have in the second color and bold."""
    compared, word = found.pair, found.word
    words = word_boxes.say_taken(found.settings.first.vectors, found.settings.typed)
    word_boxes.say_only(found.settings.first.vectors, word.word, words)
    asked = shell.as_text(word.word)
    sides = zip(st.columns(2, gap="medium"), compared.shown, word.near, strict=True)
    for side, (column, name, near) in enumerate(sides):
        column.markdown(f"**{asked}** in **{name}**")
        key, shown = f"compare_bars_{side}", near[:_DRAWN]
        said = ", ".join(f"{n.word} {n.similarity:.2f}" for n in shown)
        chart = bars.neighbor_bars(
            [n.word for n in shown], [n.similarity for n in shown], theme, marked=word.both, clickable=True
        )
        alt = f"Nearest to {word.word} in {compared.names[side]}: {said}"
        with column:
            asking.chart(chart, alt=alt, key=key, box=asking.WORD)
    asking.choose(_drawn_words(word), "compare_words")
    cut = f" The first {_DRAWN} are drawn." if len(word.near[0]) > _DRAWN else ""
    st.caption(
        f"Bold: near in both.{cut} Only the {len(compared.shared.words):,} shared words count. Click a word to "
        "compare it.",
        help="The bars show **cosine similarity**: 1 where two vectors point the same way. Compare the order of the "
        "words rather than the numbers: each space has its own scale.",
    )


def figures(found: Found) -> None:
    """The numbers that matter."""
    compared, word, every = found.pair, found.word, found.ranked
    row = st.columns(5)
    row[0].metric(
        f"Mean of {len(every.words):,} words",
        f"{every.mean:.0%}",
        help=f"Share of each word’s {every.k} nearest words that both spaces have; mean of {len(every.words):,} words. "
        f"Chance: {every.chance:.2%}.",
    )
    row[1].metric(f"Of {shell.as_text(word.word)}’s nearest", f"{len(word.both)} of {len(word.near[0])}")
    row[2].metric("Shared words", f"{len(compared.shared.words):,}", help=_shared_help(compared))
    row[3].metric(
        "Cosine after rotation",
        shell.decimal(compared.turned[0].mean_similarity),
        help="**Orthogonal Procrustes** rotates the first space onto the second, which keeps all neighborhoods. This "
        "is then the mean cosine of a word’s two vectors: 1 if only a rotation was between them.",
    )

    row[4].metric(
        "Linear CKA",
        shell.decimal(compared.cka),
        help="**Centered kernel alignment**: how alike the similarities are that both spaces give to all pairs of "
        "words, near and far. 1 if only a rotation was between them.",
    )


def _shared_help(found: Pair) -> str:
    sizes = f"{found.sizes[0]:,} words in “{found.shown[0]}”, {found.sizes[1]:,} in “{found.shown[1]}”."
    cut = f" At most {MOST_SHARED:,} shared ones are used, the first of “{found.shown[0]}”."
    return sizes + (cut if len(found.shared.words) == MOST_SHARED else "")


def spread(found: Found, theme: Theme) -> None:
    """The histogram of all words."""
    every = found.ranked
    counts, _ = every.histogram()
    alt = (
        f"Of {len(every.words):,} words, {counts[0]:,} share no neighbor and {counts[-1]:,} all; mean {every.mean:.0%}."
    )
    st.vega_lite_chart(charts.spread_chart(every, theme), alt=alt, key="compare_spread")


def what_you_see(found: Found) -> str:
    """Sentences with this run's numbers, in Markdown."""
    compared, every = found.pair, found.ranked
    lines = []
    if len(compared.shared.words) <= 2 * every.k:
        lines.append(f"With {len(compared.shared.words)} shared words, chance alone explains most of this agreement.")
    low, high = every.extremes(1)
    least, most = every.overlaps[low[0]], every.overlaps[high[0]]
    if least < most:
        alike = int((every.overlaps == least).sum())
        others = f", like {counted(alike - 1, 'other word')}" if alike > 1 else ""
        lines.append(
            f"They agree most on “{shell.as_text(every.words[high[0]])}” ({most:.0%}) and least on "
            f"“{shell.as_text(every.words[low[0]])}” ({least:.0%}{others})."
        )
    lines += _padding(compared)
    return "**What you see**\n" + "\n".join(f"- {line}" for line in lines)


def _padding(found: Pair) -> list[str]:
    first, second = found.shown
    small, large = sorted(found.dimensions)
    if small == large:
        return []
    name = first if found.dimensions[0] == small else second
    return [f"For the rotation, the {small} dimensions of “{name}” are padded with {large - small} zeros."]


def tries(found: Found) -> None:
    """Buttons that set the form."""
    every = found.ranked
    low, high = every.extremes(1)
    agree, differ = every.words[high[0]], every.words[low[0]]
    ends = ((f"Least alike: {differ}", differ), (f"Most alike: {agree}", agree))
    with widgets.tries():
        for label, word in ends if agree != differ else ():
            st.button(shell.as_text(label), on_click=asking.ask, args=(word,), key=f"try {label[:5]}")
        more = "30 neighbors instead of 10: more in common"
        st.button(more, on_click=st.session_state.update, args=({"compare_k": 30},))


def plane(found: Found) -> OnePlane:
    """Both neighborhoods in one plane."""
    return one_plane(found.pair.turned, [found.word.word, *_drawn_words(found.word)])


def show_plane(found: Found, theme: Theme) -> None:
    """The plane with its arrows."""
    word = found.word
    drawn = plane(found)
    chart = charts.plane_chart(drawn, word, theme, clickable=True)
    said = f"{word.word} and {len(drawn.words) - 1} neighbors as both spaces have them: {', '.join(drawn.words)}"
    asking.chart(chart, alt=said, key=f"compare_arrows {word.word}", selections=asking.ON_MAP, box=asking.WORD)
    st.caption(
        f"From the first space (hollow) to the second (head), both centered; {shell.as_text(word.word)}’s cosine with "
        f"itself: {shell.decimal(drawn.cosine)}. PCA, trustworthiness {drawn.map.trustworthiness:.2f} of 1.",
        help="**Trustworthiness** is 1 where all words near on the map are near in the original space, and about "
        "0.5 by chance.",
    )


def _drawn_words(word: Around) -> Iterator[str]:
    """The nearest of both spaces by turns, each once."""
    seen: set[str] = set()
    for pair_ in zip(*word.near, strict=True):
        for neighbor in pair_:
            if neighbor.word not in seen and len(seen) < _DRAWN:
                seen.add(neighbor.word)
                yield neighbor.word


def planes(found: Found, theme: Theme) -> None:
    """Chosen words in two dimensions, in both spaces."""
    spaces = dict(
        zip(found.pair.told_apart, (found.settings.first.vectors, found.settings.second.vectors), strict=True)
    )
    word_planes.draw(spaces, list(_drawn_words(found.word)), theme, key="compare", box=asking.WORD)


def numbers(found: Found) -> None:
    """All ranked words, the least alike first."""
    tables.everything(found.pair, found.ranked)


def code(found: Found) -> tuple[Callable[..., Any], ...]:
    """What ran."""
    return overlap.Shared, alignment.align, alignment.padded, cka.linear_cka, alignment.one_plane
