"""The pictures of Letters: the map's movie, figures over the steps, and what a model expects letter by letter."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

from embedlab.charts.lines import Line, Mark, lines
from embedlab.charts.movie.curves import Curve, Measure
from embedlab.charts.movie.film import Film
from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import Theme
from embedlab.lessons.letters.alphabet import END, LECTURE, Alphabet, label
from embedlab.lessons.letters.letter_model import LetterSurprise
from embedlab.lessons.letters.run import LetterRun

_HEIGHT = 240  # pixels of a plot
GROUPS = ("letter", "vowel", "consonant", "name’s end", "other sign")
_MOST_BARS = 26  # letters that fit below a chart on a phone
_APART = Measure("vowels apart", "×", ".2f", 0.0)


def group(letter: str, alphabet: Alphabet = LECTURE) -> str:
    """Vowel, consonant, or the sign before and after a name; “letter” where vowels are not known."""
    if letter == END:
        return "name’s end"
    if not alphabet.knows_vowels:
        return "letter"
    return alphabet.kinds[alphabet.letters.index(letter)] or "other sign"


def groups(alphabet: Alphabet) -> tuple[str, ...]:
    """The groups of an alphabet's symbols, in the order of their colors."""
    found = {group(symbol, alphabet) for symbol in alphabet.symbols}
    return tuple(name for name in GROUPS if name in found)


def named(letter: str) -> str:
    """The letter, or “end” for the sign before and after a name, which alone would look like a speck."""
    return "end" if letter == END else label(letter)


def guessing(alphabet: Alphabet) -> str:
    """What all symbols alike cost: ln 27 = 3.30."""
    return f"ln {len(alphabet)} = {alphabet.uniform_loss:.2f}"


def letters_film(run: LetterRun, title: str = "") -> Film:
    """The letters' way over the plane, with dev loss and, where vowels are known, their separation."""
    frames = range(len(run.steps))  # spaced unevenly in steps
    dev = Measure("dev loss", "nats", ".3f", np.floor(run.dev_losses.min() * 5) / 5)
    apart = (Curve(_APART, frames, run.separations()[:, 2]),) if run.alphabet.knows_vowels else ()
    return Film(
        steps=frames,
        counts=run.steps.tolist(),
        coordinates=run.plane(),
        words=[named(letter) for letter in run.alphabet.symbols],
        groups=[group(letter, run.alphabet) for letter in run.alphabet.symbols],
        group_names=groups(run.alphabet),
        title=title,
        curves=(Curve(dev, frames, run.dev_losses), *apart),
    )


def loss_chart(run: LetterRun, theme: Theme) -> Spec:
    """Train and dev loss, and the loss of knowing nothing."""
    both = [Line("train", run.steps, run.losses), Line("dev", run.steps, run.dev_losses)]
    low = float(min(run.losses.min(), run.dev_losses.min()))
    uniform = run.alphabet.uniform_loss
    high = max(float(np.max([run.losses, run.dev_losses])), uniform)
    return lines(
        both,
        x_title="step, on a logarithmic scale",
        y_title="loss, nats a letter",
        theme=theme,
        marks=[Mark(f"all letters alike: {guessing(run.alphabet)}", uniform)],
        log_x=True,
        y_range=(np.floor(low * 5) / 5, min(np.ceil(high * 5) / 5, 2 * uniform)),
        height=_HEIGHT,
    )


def separation_chart(run: LetterRun, theme: Theme) -> Spec:
    """Mean distances from vowel to vowel and from vowel to consonant."""
    apart = run.separations()
    both = [Line("to vowels", run.steps, apart[:, 0]), Line("to consonants", run.steps, apart[:, 1])]
    return lines(both, x_title="step", y_title="mean distance of a vowel", theme=theme, height=_HEIGHT)


def sweep_chart(points: npt.NDArray[np.float64], chosen: float, theme: Theme, alphabet: Alphabet = LECTURE) -> Spec:
    """Loss over learning rates, with the rate of this run.

    Args:
        points: (P, 2) learning rates and losses.
        chosen: the learning rate to mark.
    """
    rows = [{"rate": float(f"{rate:.4g}"), "loss": float(f"{loss:.4g}")} for rate, loss in points]
    low, high = float(points[:, 1].min()), float(points[:, 1].max())
    best = float(points[points[:, 1].argmin(), 0])
    top = min(high, max(2 * alphabet.uniform_loss, 1.5 * low))  # diverging ends would flatten the valley
    marks = [
        {"rate": chosen, "name": f"this run, at {chosen:g}", "color": theme.second, "y": 4},
        {"rate": best, "name": f"lowest loss, at {best:.2g}", "color": theme.muted, "y": 22},
    ]
    ends = [min(1e-3, chosen), max(1.0, chosen)]
    return fill(_sweep_template(theme), rows=rows, marks=marks, ends=ends, low=low * 0.97, top=top)


@stored
def _sweep_template(theme: Theme) -> Spec:
    scale = alt.Scale(type="log", domain=["@ends"], nice=False)
    axis = alt.Axis(grid=False, values=[0.001, 0.01, 0.1, 1], format="~g")
    x = alt.X("rate:Q", title="learning rate", scale=scale, axis=axis)
    y = alt.Y("loss:Q", title="loss, nats a letter", scale=alt.Scale(domain=["@low", "@top"], clamp=True, nice=False))
    base = alt.Chart(ROWS)
    hover = [alt.Tooltip("rate:Q", title="learning rate", format=".2~g"), alt.Tooltip("loss:Q", format=".3f")]
    at = alt.Chart(alt.InlineData(values="@marks")).encode(x=x, color=alt.Color("color:N", scale=None))
    left = alt.expr("datum.rate > 0.03 ? 'right' : 'left'")
    offset = alt.expr("datum.rate > 0.03 ? -5 : 5")
    text: dict[str, Any] = {"align": left, "dx": offset, "baseline": "top", "fontSize": 12, "fontWeight": 600}
    place = {"y": alt.Y("y:Q", scale=None, axis=None), "text": "name:N"}
    return template(
        [
            base.mark_line(color=theme.accent, strokeWidth=2).encode(x=x, y=y),
            base.mark_point(opacity=0, size=90).encode(x=x, y=y, tooltip=hover),
            at.mark_rule(strokeDash=[4, 3], strokeWidth=1.5),
            at.mark_text(**text, **_halo(theme)).encode(**place, color=alt.value(theme.paper)),
            at.mark_text(**text).encode(**place),
        ],
        width="container",
        height=_HEIGHT,
    )


def surprise_bars(surprises: Sequence[LetterSurprise], theme: Theme, alphabet: Alphabet = LECTURE) -> Spec:
    """A bar for each letter of a name and its end, against ln V; from right to left where it is written so."""
    uniform = alphabet.uniform_loss
    rows = [
        {"at": i, "letter": named(s.letter), "nats": round(s.nats, 3)}
        | {"more": s.nats > uniform, "chance": float(np.exp(-s.nats))}
        for i, s in enumerate(surprises[::-1] if alphabet.runs_left else surprises)
    ]
    top = max(uniform * 1.25, max(s.nats for s in surprises) * 1.12)
    level = [{"nats": uniform, "name": guessing(alphabet)}]
    letters = _by_position([str(row["letter"]) for row in rows])
    return fill(_surprise_template(theme), rows=rows, top=top, level=level, letters=letters)


@stored
def _surprise_template(theme: Theme) -> Spec:
    base = alt.Chart(ROWS).encode(
        x=alt.X("at:O", title=None, axis=_letters()),
        y=alt.Y("nats:Q", title="surprise, nats", scale=alt.Scale(domain=[0, "@top"], nice=False)),
        tooltip=["letter:N", alt.Tooltip("nats:Q", format=".2f"), alt.Tooltip("chance:Q", format=".2%")],
    )
    tint = alt.condition(alt.datum.more, alt.value(theme.second), alt.value(theme.accent))
    number: dict[str, Any] = {"baseline": "bottom", "dy": -3, "fontSize": 12, "fontWeight": 600}
    said = alt.Text("nats:Q", format=".1f")
    name: dict[str, Any] = {"align": "right", "baseline": "bottom", "dy": -2, "fontSize": 11}
    right = {"x": alt.value(alt.expr("width")), "text": "name:N"}
    level = alt.Chart(alt.InlineData(values="@level")).encode(y="nats:Q")
    return template(
        [
            base.mark_bar(cornerRadiusEnd=3, width={"band": 0.78}).encode(color=tint),
            level.mark_rule(color=theme.muted, strokeDash=[3, 3]),
            level.mark_text(**name, **_halo(theme)).encode(**right),
            level.mark_text(**name, color=theme.muted).encode(**right),
            base.mark_text(**number, **_halo(theme)).encode(text=said),
            base.mark_text(**number, color=theme.ink).encode(text=said),
        ],
        width="container",
        height=230,
    )


def next_letter_bars(probabilities: npt.NDArray[np.float64], theme: Theme, alphabet: Alphabet = LECTURE) -> Spec:
    """The (V,) probability of each symbol, by color what it is, as the tooltip says; of more than 26 letters the
    likeliest.
    """
    order = np.argsort(-probabilities[1:], kind="stable")[:_MOST_BARS]
    shown = [alphabet.letters[i] for i in (np.sort(order) if len(alphabet) <= _MOST_BARS + 1 else order)]
    places = [*shown, "", END]  # a gap, so that “end” does not touch the z on a phone
    rows = [
        {"at": i, "letter": named(letter), "kind": group(letter, alphabet)}
        | {"share": float(probabilities[alphabet.symbols.index(letter)])}
        for i, letter in enumerate(places)
        if letter
    ]
    spec = _next_letter_template(theme, len(places), groups(alphabet))
    guess = [{"share": 1 / len(alphabet)}]
    return fill(
        spec, rows=rows, guess=guess, letters=_by_position([named(letter) if letter else "" for letter in places])
    )


@stored
def _next_letter_template(theme: Theme, places: int, kinds: tuple[str, ...]) -> Spec:
    legend = alt.Legend(orient="bottom", title=None)
    color = alt.Color("kind:N", legend=legend).scale(domain=list(kinds), range=list(theme.palette[: len(kinds)]))
    base = alt.Chart(ROWS).encode(
        x=alt.X("at:O", title=None, axis=_letters()).scale(domain=list(range(places))),
        y=alt.Y("share:Q", title="probability", axis=alt.Axis(format="%", tickCount=4)),
        tooltip=["letter:N", "kind:N", alt.Tooltip("share:Q", title="probability", format=".2%")],
    )
    bars = base.mark_bar(cornerRadiusEnd=2, width={"band": 0.78}).encode(color=color)
    level = alt.Chart(alt.InlineData(values="@guess")).encode(y="share:Q")
    rule = level.mark_rule(color=theme.muted, strokeDash=[3, 3])
    return template([bars, rule], width="container", height=230)


def _letters() -> alt.Axis:
    """An axis that shows letters by position, so that equal ones stay apart."""
    look: dict[str, Any] = {"ticks": False, "labelOverlap": False, "grid": False}
    return alt.Axis(labelExpr="@letters", labelAngle=0, labelFontSize=12, **look)


def _by_position(names: Sequence[str]) -> str:
    return f"{list(names)!r}[datum.value]"


def _halo(theme: Theme) -> dict[str, Any]:
    """Of a copy beneath a text, which keeps it readable where lines cross it."""
    return {"stroke": theme.paper, "color": theme.paper, "strokeWidth": 4, "strokeJoin": "round", "aria": False}
