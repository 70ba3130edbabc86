"""The test of the page Evaluate by debiasing: gender is removed from vectors, and looked for again."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError
from embedlab.evaluation.bias import effects
from embedlab.evaluation.bias.debiasing import bias_direction, equalize, half_sibling, hard_debias, neutralize
from embedlab.evaluation.bias.effects import Account, Method
from embedlab.evaluation.bias.lists import OCCUPATIONS
from embedlab.evaluation.bias.recovery import recover
from embedlab.evaluation.weat_lists import TESTS
from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.ui import jobs, shell, vector_choice, widgets
from embedlab.ui.evaluate import charts
from embedlab.ui.evaluate.judging.test import Space, look_instead, pictures, signed
from embedlab.ui.pool import Job
from embedlab.ui.spreadsheets import records_to_csv
from embedlab.ui.tables import data_table
from embedlab.ui.widgets import File
from embedlab.ui.words import asking, word_boxes
from embedlab.vectors.spelling import find_words
from embedlab.vectors.word_vectors import WordVectors

_METHODS: dict[str, Method] = {"Hard": "hard", "Half-sibling": "half-sibling"}
_PATIENCE = 1.0  # seconds that the page waits before it shows progress
_TEST = "math"  # of WEAT: the headline
_NEUTRAL, _PAIR = "receptionist teacher engineer", "actor actress"
_DRAWN = 12  # occupations that lean most to either side


class DebiasingSettings(NamedTuple):
    """What the form holds."""

    space: Space
    method: str  # of `_METHODS`
    neutral: str  # of the exercise, as typed
    pair: str

    @property
    def typed(self) -> bool:
        """Whether the words of the exercise are not those that it begins with."""
        return self.pair != _PAIR or self.neutral not in (_NEUTRAL, _known_occupations(self.space.vectors))

    @property
    def name(self) -> str:
        """Of the debiased set, where vectors are chosen."""
        how = "debiased" if _METHODS[self.method] == "hard" else "debiased by half-sibling regression"
        return f"{self.space.name}, {how}"


class DebiasingResult(NamedTuple):
    """A space before and after."""

    settings: DebiasingSettings
    before: Account
    after: Account


class DebiasingTest:
    """Removed, and found again."""

    def ask(self, spaces: list[Space]) -> DebiasingSettings:
        """The form."""
        vectors = spaces[0].vectors
        word_boxes.begin_with(vectors, {"debias_neutralize": _NEUTRAL}, lambda: [_known_occupations(vectors)])
        with st.form("evaluate_debiasing"):
            method_help = (
                "**Hard debiasing** (Bolukbasi et al. 2016) takes the direction from he to she out of all words that "
                "mean no gender. **Half-sibling regression** (Yang and Feng 2020) takes out what words that mean one "
                "predict of the others."
            )
            method = widgets.one_of(
                "Method", list(_METHODS), key="debias_method", bind="query-params", help=method_help
            )
            exercise_help = "The exercise of deeplearning.ai’s course, with the axis woman − man; see Step by step."
            neutral = st.text_input(
                "Neutralize", _NEUTRAL, key="debias_neutralize", bind="query-params",
                help=exercise_help,
            )  # fmt: skip
            pair = st.text_input(
                "Equalize", _PAIR, key="debias_equalize", bind="query-params",
                help="Two words. Man and woman, the axis itself, already have opposite parts if all lengths are equal.",
            )  # fmt: skip
            st.form_submit_button("Remove gender", type="primary", width="stretch")
        if len(spaces) > 1:
            st.caption(f"Of the first set alone, {shell.as_text(spaces[0].name)}.")
        return DebiasingSettings(spaces[0], method, neutral or "", pair or "")

    def find(self, settings: DebiasingSettings) -> DebiasingResult | None:
        """Before and after; while they are being computed, draws progress and gives None."""
        vectors, method = settings.space.vectors, _METHODS[settings.method]
        key = f"debiasing {settings.space.key} {method}"
        job = jobs.submit(key, lambda: effects.accounts(vectors, method), total=2, short=True)
        job.wait(_PATIENCE)
        if job.error or (job.state == "finished" and job.latest is not None):
            remedy = look_instead([settings.space])
            key = f"debiased {settings.space.key}"
            return shell.attempt(
                key, lambda: _result(settings, job), remedy=remedy, still=lambda result: result.settings.name
            )
        jobs.panel(job, lambda _: None, key="evaluate_debiasing", stop="Stop removing")
        return None

    def picture(self, result: DebiasingResult, theme: Theme) -> None:
        """Occupations on the axis, before and after, and the course's exercise."""
        asking.chart(
            _axis(result, theme, clickable=True),
            alt=f"Occupations by their cosine with the direction from he to she: mean size {_size(result.before):.2f} "
            f"before, {_size(result.after):.2f} after",
            key="debiasing axis",
        )
        st.caption("Occupations by their cosine with the direction from he to she; dashed: means.")
        name = result.settings.name
        if name in vector_choice.names():
            st.caption(f"“{shell.as_text(name)}” is among the vectors of every page.")
        else:
            keep_help = "So that every page can ask it, and this one can test it beside the set it was made from."
            st.button(
                "Keep the debiased set", on_click=_keep, args=(name, result), key="debiasing_keep", help=keep_help
            )
        # It opens by itself where words were typed: they change nothing else.
        with st.expander("Step by step: neutralize and equalize", expanded=result.settings.typed):
            st.caption(
                "Cosines with woman − man, before and after. A neutral word loses its part along the axis; a pair gets "
                "opposite parts, and the rest in common. Vectors are taken as they are, as in deeplearning.ai’s course."
            )
            try:
                asking.table(steps(result.settings), ["word"], key="debiasing_steps")
            except EmbedlabError as error:
                shell.show_error(error)

    def figures(self, result: DebiasingResult) -> None:
        """One figure for what is gone, one for what is not, and two for the cost."""
        before, after = result.before, result.after
        left, middle, right, last = st.columns(4)
        if _TEST in before.weat and _TEST in after.weat:
            left.metric(
                "Effect size, math and arts", signed(after.weat[_TEST].effect_size, 2),
                f"before: {signed(before.weat[_TEST].effect_size, 2)}", "off", delta_arrow="off",
                help="WEAT 7 after debiasing: is math nearer to male words than the arts are?",
            )  # fmt: skip
        middle.metric(
            "Still found", f"{after.recovered.classified:.0%}", f"before: {before.recovered.classified:.0%}", "off",
            delta_arrow="off",
            help="Of the words that leaned most before, how many a classifier still puts on the right side, trained on "
            "one half and asked about the other. Chance: 50%.",
        )  # fmt: skip
        right.metric(
            "WordSim-353", shell.decimal(after.similarity), f"before: {shell.decimal(before.similarity)}", "off",
            delta_arrow="off",
            help="Rank correlation with people’s judgements of relatedness.",
        )  # fmt: skip
        if "family" in before.analogies and "family" in after.analogies:
            last.metric(
                "Family analogies", f"{after.analogies['family']:.0%}", f"before: {before.analogies['family']:.0%}",
                "off", delta_arrow="off", help="Google’s section family, such as boy : girl :: brother : sister.",
            )  # fmt: skip

    def what_you_see(self, result: DebiasingResult) -> list[str]:
        """Sentences with this run's numbers, in Markdown."""
        before, after = result.before.recovered, result.after.recovered
        lines = [
            f"**Removed**: occupations lean to he or she by **{_size(result.after):.2f}** on average (before: "
            f"{_size(result.before):.2f}).",
            f"**Found again**: of the words that leaned most, a classifier puts **{after.classified:.0%}** on the "
            f"right side (before: {before.classified:.0%}), and two clusters {after.clustered:.0%} (before: "
            f"{before.clustered:.0%}); chance is 50%.",
        ]
        if np.isfinite(after.correlation):
            lines.append(
                f"How an occupation leaned before correlates with the share of its neighbors that leaned to she: "
                f"**{after.correlation:.2f}** (before: {before.correlation:.2f}). Words of a side stand together."
            )
        lines.append(
            "So a direction is gone, not what the text says (Gonen and Goldberg 2019). First names count as words that "
            "lean, too."
        )
        return lines

    def tries(self) -> dict[str, dict[str, str]]:
        """Examples that set the form."""
        return {
            "The other method: half-sibling regression": {"debias_method": "Half-sibling"},
            "Hard debiasing": {"debias_method": "Hard"},
            f"“{COUNTED}”: removed from counts": {"vectors": COUNTED},
            f"“{PREDICTED}”": {"vectors": PREDICTED},
        }

    def numbers(self, result: DebiasingResult) -> None:
        """Every figure before and after, and every occupation."""
        data_table.draw(records(result))
        asking.table(occupations(result), ["word"], key="occupations")

    def code(self) -> tuple[Callable[..., Any], ...]:
        """What ran."""
        return (bias_direction, neutralize, equalize, hard_debias, half_sibling, recover)

    def files(self, result: DebiasingResult, theme: Theme) -> Iterator[File]:
        """Figures and picture."""
        yield File("Before and after (CSV)", "debiasing.csv", "text/csv", lambda: records_to_csv(records(result)))
        yield File("Occupations (CSV)", "occupations.csv", "text/csv", lambda: records_to_csv(occupations(result)))
        yield from pictures([result.settings.space], [partial(_axis, result, theme, 640)], "debiasing", theme)


def _known_occupations(vectors: WordVectors) -> str:
    """Up to three occupations that the vectors hold."""
    return " ".join([word for word in OCCUPATIONS if word in vectors][:3])


def _result(settings: DebiasingSettings, job: Job[tuple[Account, ...]]) -> DebiasingResult:
    """What a job that ended found. Raises what it raised."""
    if job.error:
        raise job.error
    assert job.latest is not None
    before, after = job.latest
    return DebiasingResult(settings, before, after)


def _keep(name: str, result: DebiasingResult) -> None:
    vector_choice.offer(name, result.after.vectors)


def _size(account: Account) -> float:
    return float(np.mean(np.abs(list(account.leaning.values())))) if account.leaning else 0.0


def _axis(result: DebiasingResult, theme: Theme, width: int | str = "container", *, clickable: bool = False) -> Spec:
    before = result.before.leaning
    ordered = sorted(before, key=before.__getitem__, reverse=True)
    shown = ordered if len(ordered) <= 2 * _DRAWN else [*ordered[:_DRAWN], *ordered[-_DRAWN:]]
    kinds = {"before": before, "after": result.after.leaning}
    words, sets = shown * 2, [kind for kind in kinds for _ in shown]
    cosines = np.array([leaning[word] for leaning in kinds.values() for word in shown])
    means = {kind: float(np.mean([leaning[word] for word in shown])) for kind, leaning in kinds.items()}
    return charts.association_dots(words, sets, cosines, means, ("she", "he"), theme, width=width, clickable=clickable)


def steps(settings: DebiasingSettings) -> list[dict[str, Any]]:
    """The course's exercise with the words of the form. Raises as `effects.exercise`."""
    vectors = settings.space.vectors
    neutral, pair = (find_words(vectors, typed) for typed in (settings.neutral, settings.pair))
    made = effects.exercise(vectors, neutral, pair=pair)
    return [step._asdict() | {"before": round(step.before, 4), "after": round(step.after, 4) + 0.0} for step in made]


def records(result: DebiasingResult) -> list[dict[str, Any]]:
    """Every figure, before and after."""
    before, after = result.before, result.after
    rows: list[tuple[str, float, float]] = [("mean |cosine| of occupations", _size(before), _size(after))]
    rows += [
        (f"WEAT {TESTS[name].number}, effect size: {TESTS[name].title}", one.effect_size, after.weat[name].effect_size)
        for name, one in before.weat.items()
    ]
    rows += [
        ("most biased words told by a classifier", before.recovered.classified, after.recovered.classified),
        ("most biased words told by two clusters", before.recovered.clustered, after.recovered.clustered),
        ("correlation with sides of neighbors", before.recovered.correlation, after.recovered.correlation),
        ("WordSim-353, rank correlation", before.similarity, after.similarity),
    ]
    rows += [(f"analogies, {name}", right, after.analogies[name]) for name, right in before.analogies.items()]
    return [{"figure": name, "before": round(a, 4), "after": round(b, 4)} for name, a, b in rows]


def occupations(result: DebiasingResult) -> list[dict[str, Any]]:
    """Each occupation's cosine with the direction from he to she, before and after."""
    after = result.after.leaning
    return [
        {"word": word, "before": round(cosine, 4), "after": round(after[word], 4) + 0.0}  # no minus before a zero
        for word, cosine in result.before.leaning.items()
    ]
