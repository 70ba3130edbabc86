"""Questions to a trained letter model on the page Letters: names, surprise, next letter, neighbors."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st

from embedlab.charts import bars
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.errors import InvalidText
from embedlab.formats.limits import shown_word
from embedlab.lessons.letters.alphabet import LECTURE, Alphabet, in_text, written
from embedlab.lessons.letters.letter_model import LONGEST, LetterModel
from embedlab.lessons.letters.names import NameList, spell
from embedlab.lessons.letters.run import LetterRun
from embedlab.ui import shell, widgets
from embedlab.ui.address import address
from embedlab.ui.letters import charts
from embedlab.vectors.queries import nearest_neighbors

_SHOWN = 24
COUNTED = 500  # names that the share of new ones is counted on
_ON_THE_WAY = 8


class Draws(NamedTuple):
    """How names are invented."""

    temperature: float = 1.0
    seed: int = 0
    start: str = ""  # letters of the model's alphabet

    def of(self, model: LetterModel, count: int) -> list[str]:
        """Names that the model invents; the same again for the same model."""
        return _invented(model, count, self)


@lru_cache(maxsize=200)  # drawn at every rerun of the page, whatever was changed
def _invented(model: LetterModel, count: int, draws: Draws) -> list[str]:
    return model.sample(count, temperature=draws.temperature, seed=draws.seed, start=draws.start)


def draws(alphabet: Alphabet = LECTURE) -> Draws:
    """Asks how names are to be invented; one and the same while it learns and after."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        heat = "Probabilities are raised to the power 1 / temperature. Low: the likeliest names. High: any letters."
        temperature = st.slider("Temperature", 0.1, 2.0, 1.0, 0.1, key="temperature", bind="query-params", help=heat)
        address.whole("draw")
        seed = st.number_input("Seed of the draws", 0, 2**31 - 1, 0, key="draw", bind="query-params")
        start = st.text_input("Begin with", max_chars=LONGEST - 1, key="start", bind="query-params")

    def make() -> Draws:
        begin = spell(start, alphabet) if start.strip() else ""
        if len(begin) >= LONGEST:
            raise InvalidText(f"A start has at most {LONGEST - 1} letters; “{begin}” has {len(begin)}: shorten it.")
        return Draws(temperature, int(seed), begin)

    def named(kept: Draws) -> str:
        begin = written(_fitting(kept, alphabet).start)
        return f"names that begin with {shown_word(begin)}" if begin else "names with any beginning"

    chosen = shell.attempt("letters_draws", make, inputs=["temperature", "draw", "start"], still=named, otherwise=Draws)
    return _fitting(chosen or Draws(), alphabet)


def chosen_draws(alphabet: Alphabet = LECTURE) -> Draws:
    """What `draws` last gave in this session."""
    return _fitting(shell.last_good("letters_draws") or Draws(), alphabet)


def _fitting(chosen: Draws, alphabet: Alphabet) -> Draws:
    """Without a start of another list's letters."""
    return chosen if all(letter in alphabet for letter in chosen.start) else chosen._replace(start="")


def marked(drawn: Collection[str], names: NameList) -> str:
    """Invented names as Markdown: new ones bold, those of the list with a sign."""
    shown = [(in_text(written(name)) or "(nothing)", name in names.known) for name in drawn]
    return " · ".join(f"{name} ↺" if known else f"**{name}**" for name, known in shown)


def names(learned: LetterRun, listed: NameList) -> None:
    """Names the model invents, and those that it invented on the way; those that it only repeats are marked."""
    chosen = draws(listed.alphabet)
    drawn = chosen.of(learned.model, COUNTED)
    st.markdown(marked(drawn[:_SHOWN], listed))
    st.caption(
        f"**Bold**: new; ↺: in the list. Of {COUNTED} such names {listed.new_share(drawn):.0%} are new, "
        f"{len(set(drawn)):,} distinct."
    )
    if len(learned.models) > 1:
        st.markdown("**Earlier in training**")
        for step, model in learned.milestones:
            st.markdown(f":gray[Step {step:,}:] {marked(chosen.of(model, _ON_THE_WAY), listed)}")


def surprise(learned: LetterRun, listed: NameList, theme: Theme) -> None:
    """A typed name, letter by letter."""
    alphabet = learned.alphabet
    typed = _asked("A name", "name", "charlotte", listed, max_chars=60)
    found = shell.attempt(
        f"letters_surprise{_own(alphabet)}",
        lambda: ((name := spell(typed, alphabet)), learned.model.surprises(name)),
        inputs=["name"],
        still=lambda found: shown_word(written(found[0])),
    )
    if found is None:
        return
    name, surprises = found
    total = sum(s.nats for s in surprises)
    worst = max(surprises, key=lambda s: s.nats)
    letter = "its end" if worst.letter == "." else f"“{in_text(charts.named(worst.letter))}”"
    name = written(name)
    bars_said = (
        f"Surprise of each letter of {name}, {total:.1f} nats together; the highest is {worst.nats:.1f}, {letter}."
    )
    show(charts.surprise_bars(surprises, theme, alphabet), "letters_surprise_chart", bars_said)
    mean = total / len(surprises)
    than = "less" if mean < alphabet.uniform_loss else "more"
    st.markdown(
        f"**{in_text(name)}** costs {mean:.2f} nats a letter, {than} than guessing "
        f"({alphabet.uniform_loss:.2f}); {letter} most: "
        f"{worst.nats:.1f} nats, a probability of {np.exp(-worst.nats):.1%}.",
        help="A letter’s **surprise** is −ln of its probability, in nats.",
    )


def next_letter(learned: LetterRun, listed: NameList, theme: Theme) -> None:
    """Probabilities after chosen letters."""
    looks, alphabet = learned.model.context, learned.alphabet
    before_help = f"The model looks at the last {looks}. Empty: the beginning of a name."
    typed = _asked("After these letters", "before", "mar", listed, max_chars=LONGEST, help=before_help)

    def compute() -> tuple[str, npt.NDArray[np.float64]]:
        before = spell(typed, alphabet) if typed.strip() else ""
        return before, learned.model.next_letter(before)

    key = f"letters_next{_own(alphabet)}"
    found = shell.attempt(
        key, compute, inputs=["before"], still=lambda found: f"what follows {shown_word(written(found[0]))}"
    )
    if found is None:
        return
    before, odds = found
    best = int(odds.argmax())
    said = "the end" if best == 0 else f"“{in_text(charts.named(alphabet.symbols[best]))}”"
    place = f"after “{in_text(written(before[-looks:]))}”" if before else "at the beginning"
    chart = charts.next_letter_bars(odds, theme, alphabet)
    show(chart, "letters_next_chart", f"Next letter {place}: most likely {said}, {odds[best]:.0%}.")
    st.caption(f"Most likely {shell.as_text(place)}: {said}, {odds[best]:.0%}. Dashed: 1 in {len(alphabet)}, guessing.")


def _asked(label: str, key: str, typed: str, listed: NameList, **options: Any) -> str:
    """A box for a name; of a list with letters of its own it begins with that list's first name, and is in no link."""
    if listed.alphabet != LECTURE:
        first = written(listed.names[0])
        key, typed, options["bind"] = f"{key}{_own(listed.alphabet)}", first if key == "name" else first[:1], None
    asked: str = st.text_input(label, typed, key=key, **{"bind": "query-params", **options})
    return asked


def _own(alphabet: Alphabet) -> str:
    """What the keys of inputs end with, so that what was typed in other letters does not come back."""
    return "" if alphabet == LECTURE else f" {alphabet.symbols}"


def neighbors(learned: LetterRun, theme: Theme) -> None:
    """Letters nearest to one letter, as on Neighbors: the letters are word vectors."""
    alphabet = learned.alphabet
    letters = list(alphabet.letters)
    if alphabet == LECTURE:
        letter = widgets.one_of("Letter", letters, key="letter", bind="query-params")
    else:
        letter = st.selectbox("Letter", letters, key=f"letter{_own(alphabet)}", format_func=charts.named)
    near = nearest_neighbors(learned.model.vectors(), letter, 8)
    found = [charts.named(n.word) for n in near]
    chart = bars.neighbor_bars(found, [n.similarity for n in near], theme)
    pairs = ", ".join(f"{in_text(word)} {n.similarity:.2f}" for word, n in zip(found, near, strict=True))
    show(chart, "letters_near", f"Letters nearest to {charts.named(letter)} by cosine: {pairs}.")
    st.caption("By **cosine**. “end” stands before and after each name.")


def show(chart: Spec, key: str, said: str) -> None:
    """A chart with its alternative text; unchecked, because checking takes longer than all the rest."""
    st.vega_lite_chart(chart, key=key, alt=said)
