"""A shelf of analogies: those that everybody quotes, and those from which one learns more because they fail.

Which ones come out right depends on the vectors: nothing here says so, `fare` asks them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from embedlab.vectors import queries
from embedlab.vectors.word_vectors import WordVectors

_DEPTH = 100  # how far down the expected word is looked for


class Example(NamedTuple):
    """a is to b as c is to the expected word."""

    a: str
    b: str
    c: str
    expected: str
    note: str = ""  # what to think of when it fails

    @property
    def title(self) -> str:
        return f"{self.a} : {self.b} :: {self.c} : ?"


CLASSICS = (
    Example("man", "king", "woman", "queen"),
    Example("france", "paris", "italy", "rome"),
    Example("walk", "walking", "swim", "swimming"),
    Example("big", "bigger", "small", "smaller"),
    Example("japan", "tokyo", "germany", "berlin"),
    Example("man", "brother", "woman", "sister"),
    Example("car", "cars", "dog", "dogs"),
    Example("go", "went", "see", "saw"),
    Example("spain", "spanish", "france", "french"),
    Example("good", "best", "bad", "worst"),
    Example("man", "uncle", "woman", "aunt"),
    Example("scientist", "einstein", "painter", "picasso"),
)
FAILURES = (
    Example("january", "february", "may", "june", "“may” is a verb far more often than a month: one word, one vector."),
    Example("tea", "cup", "wine", "glass", "“cup” is mostly a trophy in an encyclopedia."),
    Example("dog", "bark", "cat", "mew", "“bark” is also what trees wear, and the tree wins."),
    Example("monday", "tuesday", "saturday", "sunday", "Weekdays stand in the same sentences, so their order is lost."),
    Example("one", "first", "two", "second", "“second” is a unit of time as well."),
    Example(
        "bee", "honey", "cow", "milk", "Only “cow” is left out, “cows” is not: the custom hides half of the problem."
    ),
    Example("mouse", "mice", "goose", "geese", "An irregular plural of a rare word."),
    Example("hand", "glove", "foot", "sock", "What belongs together in the world need not be a direction among words."),
    Example(
        "man",
        "doctor",
        "woman",
        "doctor",
        "The answer “doctor” is forbidden by the custom of leaving inputs out: see the ranking with them left in. "
        "Such analogies say less about prejudice than they seem to (Nissim et al. 2020).",
    ),
)


class Outcome(NamedTuple):
    """How an example comes out."""

    example: Example
    first: str  # best answer, inputs left out
    first_of_all: str  # best answer, inputs left in
    place: int | None  # of the expected word among the first hundred, inputs left out


def fare(vectors: WordVectors, examples: Sequence[Example]) -> list[Outcome]:
    """How examples come out by 3CosAdd; those with a word that the vectors lack are left out."""
    outcomes = []
    for example in examples:
        a, b, c, expected, _ = example
        if not all(word in vectors for word in (a, b, c, expected)):
            continue
        ranked = [near.word for near in queries.analogy(vectors, [b, c], [a], _DEPTH + 3, include_inputs=True)]
        found = [word for word in ranked if word not in (a, b, c)][:_DEPTH]
        place = found.index(expected) + 1 if expected in found else None
        outcomes.append(Outcome(example, found[0], ranked[0], place))
    return outcomes


def example_of(a: str, b: str, c: str) -> Example | None:
    """The example that asks this, if it is on the shelf."""
    return next((example for example in (*CLASSICS, *FAILURES) if example[:3] == (a, b, c)), None)
