"""The test of the page Evaluate by Google's analogies."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.errors import TooFewWords
from embedlab.evaluation import analogies, intervals
from embedlab.evaluation.analogies import GROUPS, SECTION_NAMES, Answers
from embedlab.evaluation.bundled import bundled_answers
from embedlab.evaluation.published import ANALOGIES, span
from embedlab.ui import jobs, shell, widgets
from embedlab.ui.cache import bundled_vectors
from embedlab.ui.evaluate.analogy_scores import ALL, AnalogyResult, AnalogySettings, chart
from embedlab.ui.evaluate.judging.test import Space, is_that_good, look_instead, metrics, signed, verdict
from embedlab.ui.pool import Job
from embedlab.ui.spreadsheets import records_to_csv
from embedlab.ui.tables import data_table
from embedlab.ui.widgets import File
from embedlab.ui.words import asking
from embedlab.vectors import queries
from embedlab.vectors.queries import Method
from embedlab.wording import counted

_METHODS: dict[str, Method] = {"3CosAdd": "3cosadd", "3CosMul": "3cosmul"}
_AMONG = (ALL, "10,000", "30,000", "50,000", "100,000", "200,000")
_PERCENT = {
    name: st.column_config.NumberColumn(format="percent")
    for name in ("accuracy", "low", "high", "accuracy with inputs left in")
}
_LISTED = 1_000  # failed questions in the table: 100 kB; all of them would be 650
_PATIENCE = 1.0  # seconds that the page waits for a job before it shows progress


class AnalogyTest:
    """Google's analogies, answered by one space or two."""

    def ask(self, spaces: list[Space]) -> AnalogySettings:
        """The form."""
        with st.form("evaluate_analogies"):
            method_help = (
                "**3CosAdd** ranks by cosine to b − a + c. **3CosMul** multiplies the similarities to b and c and "
                "divides by that to a."
            )
            method = widgets.one_of("Method", list(_METHODS), key="answered_by", bind="query-params", help=method_help)
            among_help = "Rarer words are neither asked nor allowed as answers: fewer and easier questions."
            among = st.selectbox(
                "Only the most frequent words", _AMONG, key="among", bind="query-params", help=among_help
            )
            st.form_submit_button("Answer the questions", type="primary", width="stretch")
        return AnalogySettings(spaces, _METHODS[method], among)

    def find(self, settings: AnalogySettings) -> AnalogyResult | None:
        """The answers; while they are being computed, draws those that there are and gives None."""
        ready = bundled_analogies() if settings.is_bundled else None
        if ready is not None:
            return AnalogyResult(settings, (ready,), None)
        rows = analogies.common_rows([space.vectors for space in settings.spaces], settings.most)
        first, several = settings.spaces[0].vectors, settings.right_answers
        questions = {
            name: analogies.with_known_answers(first, asked, several.get(name), rows[0])
            for name, asked in settings.questions.items()
        }
        total = sum(analogies.states_total(len(among), questions) for among in rows)

        def work() -> Iterator[tuple[Answers, ...]]:
            done: tuple[Answers, ...] = ()
            for space, among in zip(settings.spaces, rows, strict=True):
                for state in analogies.answers(space.vectors, questions, method=settings.method, among=among):
                    yield (*done, state)
                done = (*done, state)

        job = jobs.submit(settings.key, work, total=total)
        job.wait(_PATIENCE)
        live = job.live
        result = AnalogyResult(settings, answers_of(job), job)
        if not live and result.overall():
            return result
        self.picture(result, shell.theme())
        if live and not job.live:  # it ended meanwhile
            st.rerun()
        if job.state == "finished":
            said = f"Not one of the {sum(map(len, questions.values())):,} questions has four known words: "
            error = TooFewWords(said + "choose vectors with more everyday English words.")
            shell.show_error(error)
            look_instead(settings.spaces)(error)
        return None

    def picture(self, result: AnalogyResult, theme: Theme) -> None:
        """Accuracy by section, under the progress of a job."""
        if (job := result.job) is None:
            _draw(result, theme)
        else:

            def draw(job: Job[tuple[Answers, ...]]) -> None:
                _draw(AnalogyResult(result.settings, answers_of(job), job), theme)

            jobs.panel(job, draw, key="evaluate", stop="Stop answering")
        if result.is_of_all_googles:
            is_that_good(ANALOGIES, result.scores, percent=True)

    def figures(self, result: AnalogyResult) -> None:
        """The numbers that matter."""
        bars = result.overall()
        right, left_in = [f"{bar.right:.1%}" for bar in bars], [f"{bar.left_in:.1%}" for bar in bars]
        of_all = [f"{bar.right * bar.covered / bar.total:.1%}" for bar in bars]
        covered = [
            "below 1%" if 0 < bar.covered < bar.total / 200 else f"{bar.covered / bar.total:.0%}" for bar in bars
        ]
        interval = f"95% interval: {bars[0].low:.1%} to {bars[0].high:.1%}."
        asked = f"{bars[0].covered:,} of {bars[0].total:,} questions have only known words."
        metrics(
            result.settings.spaces,
            ("Accuracy", right, f"Of the questions whose four words are known. {interval}"),
            ("With the inputs left in", left_in, "The three given words may answer, too."),
            ("Of all questions", of_all, "Questions with an unknown word count as wrong."),
            ("Coverage", covered, asked),
        )

    def what_you_see(self, result: AnalogyResult) -> list[str]:
        """Sentences with this run's numbers, in Markdown."""
        bars = {bar.section: bar for bar in result.bars if bar.space == result.settings.spaces[0].name}
        whole = bars[GROUPS[0]]
        single = [bar for name, bar in bars.items() if name not in GROUPS]
        best, worst = max(single, key=lambda bar: bar.right), min(single, key=lambda bar: bar.right)
        answers = result.given[0].sections
        kept = np.concatenate([section.input_left_in for section in answers])
        lines = [
            f"With the inputs left in, the nearest word is one of the three given ones in {kept.mean():.0%} of "
            f"{counted(whole.covered, 'question')}.",
        ]
        if best.right > worst.right:
            top, bottom = shell.as_text(best.section), shell.as_text(worst.section)
            lines.insert(0, f"Best: {top} ({best.right:.0%}). Hardest: {bottom} ({worst.right:.0%}).")
        done = [len(given.sections) for given in result.given]
        done += [0] * (len(result.settings.spaces) - len(done))
        sections = len(result.settings.own.questions if result.settings.own else SECTION_NAMES)
        if min(done) < sections:
            names = [shell.as_text(space.name) for space in result.settings.spaces]
            parts = [f"{count} of {sections} by “{name}”" for count, name in zip(done, names, strict=True)]
            lines.insert(0, f"Stopped early; sections shown: {', '.join(parts)}.")
        if result.is_of_all_googles:
            low, high = span(ANALOGIES)
            lines.insert(0, f"Published vectors reach {low:.0%} to {high:.0%}; see “Is that good?”")
        if result.right_by_any:
            shares = ", ".join(f"{share:.1%}" for share in result.right_by_any)
            lines.append(f"Questions have several right answers; with any of them counted: **{shares}**.")
        places = np.concatenate([section.place[~section.right] for section in answers])
        near = int((places <= 5).sum())
        if len(places):
            lines.append(f"{near:,} of {len(places):,} wrong answers have the right word among the first five.")
        gains = result.gains
        if (gain := gains.get(GROUPS[0])) is not None:
            first, second = (shell.as_text(space.name) for space in result.settings.spaces)
            less, more = (round(100 * bar.right, 1) for bar in result.overall())  # as they are shown
            lead = more - less if min(done) == max(done) else 100 * gain.value  # else they are of other questions
            lines.append(
                f"“{second}” minus “{first}”: **{signed(lead, 1)} points** (95% interval {_points(gain.low)} to "
                f"{_points(gain.high)}), on the same questions and among the words that both know. " + verdict(gain)
            )
            compared = [name for name in gains if name not in GROUPS]
            unclear = [name for name in compared if not gains[name].is_clear]
            lines.append(
                f"{len(compared) - len(unclear)} of {len(compared)} sections differ clearly"
                + (f"; not so: {shell.as_text(', '.join(unclear))}." if 0 < len(unclear) < 7 else ".")
            )
        return lines

    def tries(self) -> dict[str, dict[str, str]]:
        """Examples that set the form."""
        return {
            "3CosMul: a difference of a point or two": {"answered_by": "3CosMul", "among": ALL},
            "10,000 words only: a higher score": {"answered_by": "3CosAdd", "among": "10,000"},
        }

    def numbers(self, result: AnalogyResult) -> None:
        """Failed questions, or sections."""
        if widgets.one_of("Table", ["Failed questions", "Sections"], key="evaluate_table") == "Sections":
            data_table.draw(sections(result), column_config=_PERCENT)
            return
        typed = st.text_input("Only with this word", key="evaluate_search").strip().lower()
        rows = result.asked(failed=True)
        shown = [each for each in rows if not typed or typed in " ".join(map(str, each[0].values())).lower().split()]
        first = "" if len(shown) <= _LISTED else f" Listed: the first {_LISTED:,}; Download has all."
        st.caption(f"{len(shown):,} of {len(rows):,} failed questions.{first}")
        listed = [row for row, _ in shown[:_LISTED]]
        asked = [row | {"question": words} for row, words in shown[:_LISTED]]
        columns = ["question", "right answer", "given answer", "given with inputs left in"]
        asking.table(listed, columns, key=f"failed {typed}", asked=asked)

    def code(self) -> tuple[Callable[..., Any], ...]:
        """What ran."""
        return analogies.answers, intervals.accuracy, queries.analogy

    def files(self, result: AnalogyResult, theme: Theme) -> Iterator[File]:
        """Questions, sections, picture."""
        csv = "text/csv"
        yield File("Questions (CSV)", "analogy-answers.csv", csv, lambda: records_to_csv(result.records(failed=False)))
        yield File("Sections (CSV)", "analogy-sections.csv", csv, lambda: records_to_csv(sections(result)))
        yield from widgets.pictures(partial(chart, result, theme, 720), "Picture", "analogy-sections", theme)


def sections(result: AnalogyResult) -> list[dict[str, Any]]:
    """Each section's score in each space."""
    return [
        {
            "vectors": bar.space,
            "section": bar.section,
            "accuracy": bar.right,
            "low": bar.low,
            "high": bar.high,
            "accuracy with inputs left in": bar.left_in,
            "covered": bar.covered,
            "total": bar.total,
        }
        for bar in result.bars
    ]


def answers_of(job: Job[tuple[Answers, ...]]) -> tuple[Answers, ...]:
    """What there is; of a stopped job only sections that both sets answered, so that their sums can be compared."""
    given = job.latest or ()
    if job.live:
        return given
    both = min((len(answers.sections) for answers in given if answers.sections), default=0)
    return tuple(replace(answers, sections=answers.sections[:both]) for answers in given)


def _draw(result: AnalogyResult, theme: Theme) -> None:
    if not result.bars:
        return
    said = "; ".join(
        f"{bar.section} ({bar.space}) {bar.right:.0%}, inputs left in {bar.left_in:.0%}" for bar in result.bars
    )
    st.vega_lite_chart(chart(result, theme), alt=f"Share of analogies answered right: {said}", key="section_bars")
    st.caption("Bar: accuracy, inputs left out. ◇: left in. Line: 95% interval over a section’s pairs of words.")


def _points(share: float) -> str:
    return signed(100 * share, 1)


@st.cache_resource(show_spinner=False, max_entries=1)
def bundled_analogies() -> Answers | None:
    """The answers that Evaluate opens with; None where they no longer fit the bundled files."""
    return bundled_answers(bundled_vectors())
