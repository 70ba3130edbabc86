"""The part of the page Evaluate that answers Google's analogies."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np
import streamlit as st

from embedlab import analogy_answers, intervals, queries
from embedlab.analogy_answers import Answers, SectionAnswers
from embedlab.charts import export, scores
from embedlab.charts.theme import Theme
from embedlab.evaluation import analogy_questions
from embedlab.formats import to_csv
from embedlab.intervals import Interval
from embedlab.queries import Method
from embedlab.ui import cache, jobs, shell
from embedlab.ui.evaluate_form import Space, compared
from embedlab.ui.widgets import File

CODE = (analogy_answers.answers, analogy_answers._Race, intervals.accuracy, intervals._resampled, queries.analogy)
_METHODS: dict[str, Method] = {"3CosAdd": "3cosadd", "3CosMul": "3cosmul"}
_ALL = "all"
_AMONG = (_ALL, "10,000", "30,000", "50,000", "100,000", "200,000")
_NAMES = {
    "capital-common-countries": "well-known capitals", "capital-world": "capitals of the world",
    "currency": "currencies", "city-in-state": "cities and states", "family": "family",
    "gram1-adjective-to-adverb": "adverbs", "gram2-opposite": "opposites", "gram3-comparative": "comparatives",
    "gram4-superlative": "superlatives", "gram5-present-participle": "participles",
    "gram6-nationality-adjective": "nationalities", "gram7-past-tense": "past tense", "gram8-plural": "plurals",
    "gram9-plural-verbs": "plural of verbs",
}  # fmt: skip
HEADS = ("all questions", "meaning", "grammar")
_PATIENCE = 1.0  # seconds that the page waits for a job before it shows progress


@dataclass(frozen=True, eq=False)
class Setup:
    """Everything that the answers depend on."""

    spaces: list[Space]
    method: Method
    among: str

    @property
    def key(self) -> str:
        """Names and numbers."""
        return f"analogies {[space.key for space in self.spaces]} {self.method} {self.among}"

    @property
    def is_bundled(self) -> bool:
        """What the file that ships with the app holds."""
        bundled = len(self.spaces) == 1 and self.spaces[0].vectors is cache.bundled_vectors()
        return bundled and self.method == "3cosadd" and (self.among == _ALL)

    def rows(self) -> list[np.ndarray]:
        """The rows of each space that may be asked and answer: frequent ones, that all spaces know."""
        limit = None if self.among == _ALL else int(self.among.replace(",", ""))
        vocabularies = [space.vectors.words[:limit] for space in self.spaces]
        if len(self.spaces) == 1:
            return [np.arange(len(vocabularies[0]))]
        shared = set(vocabularies[0]) & set(vocabularies[1])
        return [np.array([i for i, word in enumerate(words) if word in shared], np.int64) for words in vocabularies]


@dataclass(frozen=True, eq=False)
class Found:
    """The answers of one or two spaces to the same questions."""

    setup: Setup
    given: tuple[Answers, ...]

    @cached_property
    def bars(self) -> list[scores.SectionBar]:
        """Every space's scores by section, and their sums."""
        return [
            bar
            for space, answers in zip(self.setup.spaces, self.given, strict=False)
            for name, sections in groups(answers).items()
            if (bar := _bar(name, space.name, tuple(sections))) is not None
        ]

    def overall(self) -> list[scores.SectionBar]:
        """The sum over all sections, of each space."""
        return [bar for bar in self.bars if bar.section == HEADS[0]]

    @cached_property
    def gains(self) -> dict[str, Interval]:
        """Second space less first, by section and over all."""
        if len(self.given) < 2:
            return {}
        first, second = (groups(answers) for answers in self.given)
        found = {}
        for name in (name for name in first if name in second):
            pairs = list(zip(first[name], second[name], strict=False))
            rows, right = [a.rows for a, _ in pairs], [[a.right for a, _ in pairs], [b.right for _, b in pairs]]
            if sum(map(len, rows)):
                found[name] = intervals.difference(rows, *right)
        return found


def groups(answers: Answers) -> dict[str, list[SectionAnswers]]:
    """The sections under the names of the screen: all, those of meaning, those of grammar."""
    kinds = [[s for s in answers.sections if s.name.startswith("gram") is grammar] for grammar in (False, True)]
    found = {HEADS[0]: list(answers.sections)}
    for head, sections in zip(HEADS[1:], kinds, strict=True):
        found |= {head: sections} | {_NAMES.get(s.name, s.name): [s] for s in sections}
    return found


@lru_cache(maxsize=400)  # a look at a job must not draw all pairs again
def _bar(name: str, space: str, sections: tuple[SectionAnswers, ...]) -> scores.SectionBar | None:
    covered = sum(len(section.asked) for section in sections)
    if not covered:
        return None
    right = intervals.accuracy([s.rows for s in sections], [s.right for s in sections])
    left_in = sum(int(section.right_left_in.sum()) for section in sections) / covered
    return scores.SectionBar(name, space, *right, left_in, covered, sum(section.total for section in sections))


def ask(spaces: list[Space]) -> Setup:
    """The form."""
    with st.form("evaluate_analogies"):
        method = st.segmented_control(
            "Method",
            list(_METHODS),
            default="3CosAdd",
            required=True,
            key="answered_by",
            bind="query-params",
            help="**3CosAdd** ranks by cosine to b − a + c. **3CosMul** multiplies the similarities to b and c and "
            "divides by that to a.",
        )
        among_help = "Rarer words are neither asked nor may they answer: fewer questions, easier ones."
        among = st.selectbox("Only the most frequent words", _AMONG, key="among", bind="query-params", help=among_help)
        st.form_submit_button("Answer the questions", type="primary", width="stretch")
    return Setup(spaces, _METHODS[method], among)


def find(setup: Setup, theme: Theme) -> Found | None:
    """Draws the answers as far as they are; None before there are any."""
    ready = cache.bundled_analogies() if setup.is_bundled else None
    if ready is not None:
        found = Found(setup, (ready,))
        _draw(found, theme)
        return found
    questions, rows = analogy_questions(), setup.rows()
    total = sum(analogy_answers.frames_total(len(among), questions) for among in rows)

    def work() -> Iterator[tuple[Answers, ...]]:
        done: tuple[Answers, ...] = ()
        for space, among in zip(setup.spaces, rows, strict=True):
            for frame in analogy_answers.answers(space.vectors, questions, method=setup.method, among=among):
                yield (*done, frame)
            done = (*done, frame)

    job = jobs.submit(setup.key, work, total=total)
    job.wait(_PATIENCE)
    jobs.panel(job, lambda job: _draw(Found(setup, job.latest or ()), theme), key="evaluate", stop="Stop answering")
    found = Found(setup, job.latest or ())
    return found if not job.live and found.overall() else None


def _draw(found: Found, theme: Theme) -> None:
    said = "; ".join(
        f"{bar.section} ({bar.space}) {bar.right:.0%}, inputs left in {bar.left_in:.0%}" for bar in found.bars
    )
    st.altair_chart(_chart(found, theme), alt=f"Share of analogies answered right: {said}", key="section_bars")
    st.caption(
        "Bar: answered right with the three input words left out, as is the custom. ◆: with them left in. Line: 95% "
        "interval, which counts that a section's questions are made of few pairs of words."
    )


def _chart(found: Found, theme: Theme, width: int | str = "container") -> scores.Chart:
    grammar = [name for section, name in _NAMES.items() if section.startswith("gram")]
    meaning = [name for name in _NAMES.values() if name not in grammar]
    order = [HEADS[0], HEADS[1], *meaning, HEADS[2], *grammar]
    return scores.section_bars(found.bars, order, HEADS, theme, width=width)


def figures(found: Found) -> None:
    """The numbers that matter."""
    bars = found.overall()
    row = st.columns(4)
    shares = [f"{bar.right:.1%}" for bar in bars]
    row[0].metric(
        "Answered right",
        shares[0],
        **_beside(found, shares),
        help=f"Of the questions whose four words are known. 95% interval: {bars[0].low:.1%} to {bars[0].high:.1%}.",
    )
    honest = [f"{bar.left_in:.1%}" for bar in bars]
    row[1].metric(
        "With the inputs left in", honest[0], **_beside(found, honest), help="The three given words may answer, too."
    )
    of_all = [f"{bar.right * bar.covered / bar.total:.1%}" for bar in bars]
    row[2].metric(
        "Of all questions", of_all[0], **_beside(found, of_all), help="Questions with an unknown word count as wrong."
    )
    covered = [f"{bar.covered / bar.total:.0%}" for bar in bars]
    row[3].metric(
        "Covered",
        covered[0],
        **_beside(found, covered),
        help=f"{bars[0].covered:,} of {bars[0].total:,} questions have only known words.",
    )


def _beside(found: Found, values: list[str]) -> dict[str, Any]:
    named = zip(found.setup.spaces, values, strict=False)
    return compared([f"{shell.as_text(space.name)}: {value}" for space, value in named])


def seen(found: Found) -> str:
    """Sentences with this run's numbers, in Markdown."""
    bars = {bar.section: bar for bar in found.bars if bar.space == found.setup.spaces[0].name}
    whole = bars[HEADS[0]]
    single = [bar for name, bar in bars.items() if name not in HEADS]
    best, worst = max(single, key=lambda bar: bar.right), min(single, key=lambda bar: bar.right)
    lines = [
        f"**{whole.right:.1%}** of {whole.covered:,} questions come out right; {whole.total - whole.covered:,} more "
        "cannot be asked, because a word is unknown.",
        f"Best: {best.section} ({best.right:.0%}). Hardest: {worst.section} ({worst.right:.0%}).",
        f"With the input words left in, only **{whole.left_in:.1%}** come out right: the nearest word to the sum is "
        "mostly one that went into it. Leaving inputs out is part of the score.",
    ]
    if (done := len(found.given[0].sections)) < len(_NAMES) or len(found.given) < len(found.setup.spaces):
        lines.insert(0, f"Stopped early: only {done} of {len(_NAMES)} sections of the first set were answered.")
    places = np.concatenate([section.place for section in found.given[0].sections])
    near = int(((places > 1) & (places <= 5)).sum())
    lines.append(f"Of {int((places > 1).sum()):,} wrong ones, {near:,} have the right word at places 2 to 5.")
    if (gain := found.gains.get(HEADS[0])) is not None:
        first, second = (shell.as_text(space.name) for space in found.setup.spaces)
        lines.append(
            f"{second} less {first}: **{_signed(gain.value)} points** (95% interval {_signed(gain.low)} to "
            f"{_signed(gain.high)}), on the same questions and among the words that both know. "
            + ("That is more than chance." if gain.is_clear else "That could be chance.")
        )
        sections = [name for name in found.gains if name not in HEADS]
        unclear = [name for name in sections if not found.gains[name].is_clear]
        lines.append(
            f"{len(sections) - len(unclear)} of {len(sections)} sections differ clearly"
            + (f"; not so: {', '.join(unclear)}." if 0 < len(unclear) < 7 else ".")
        )
    return "\n".join(f"- {line}" for line in lines)


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")


def tries() -> dict[str, dict[str, str]]:
    """Examples that set the form."""
    return {
        "Multiply in place of adding": {"answered_by": "3CosMul", "among": _ALL},
        "Only frequent words: an easier test": {"answered_by": "3CosAdd", "among": "10,000"},
    }


def records(found: Found, *, failed: bool = True) -> list[dict[str, Any]]:
    """Each question of the spaces with its answer."""
    rows = []
    for space, answers in zip(found.setup.spaces, found.given, strict=False):
        words = answers.vectors.words
        for section in answers.sections:
            for i in np.flatnonzero(~section.right) if failed else range(len(section.asked)):
                a, b, c, d = (words[row] for row in section.rows[i])
                rows.append(
                    {
                        "vectors": space.name,
                        "section": _NAMES.get(section.name, section.name),
                        "question": f"{a} : {b} :: {c} : ?",
                        "right answer": d,
                        "given answer": words[section.best[i]],
                        "place of the right one": int(section.place[i]),
                        "given with inputs left in": words[section.left_in[i]],
                    }
                )
    return rows


def numbers(found: Found) -> None:
    """The questions that failed, and the scores."""
    wanted = st.segmented_control(
        "Table", ["Failed questions", "Sections"], default="Failed questions", required=True, key="evaluate_table"
    )
    if wanted == "Sections":
        st.dataframe([bar._asdict() for bar in found.bars], hide_index=True, column_config=_PERCENT)
        return
    typed = st.text_input("Only with this word", key="evaluate_search").strip().lower()
    rows = records(found)
    shown = [row for row in rows if not typed or typed in " ".join(map(str, row.values())).lower().split()]
    st.caption(f"{len(shown):,} of {len(rows):,} failed questions.")
    st.dataframe(shown, hide_index=True)


_PERCENT = {name: st.column_config.NumberColumn(format="percent") for name in ("right", "low", "high", "left_in")}


def files(found: Found, theme: Theme) -> Iterator[File]:
    """Questions, sections, picture."""

    def table() -> str:
        rows = records(found, failed=False)
        return to_csv(list(rows[0]), [list(row.values()) for row in rows])

    def sections() -> str:
        return to_csv(scores.SectionBar._fields, found.bars)

    yield File("Questions (CSV)", "analogy-answers.csv", "text/csv", table)
    yield File("Sections (CSV)", "analogy-sections.csv", "text/csv", sections)
    for kind, mime, make in (("PNG", "image/png", export.to_png), ("SVG", "image/svg+xml", export.to_svg)):
        draw = partial(lambda make: make(_chart(found, theme, 720), theme), make)
        yield File(f"Picture ({kind})", f"analogy-sections.{kind.lower()}", mime, draw)
