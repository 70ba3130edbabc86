"""One analogy in full: its answers with the inputs left out and left in, and its words in the plane that holds them."""

from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Doubles, read_only
from embedlab.errors import InvalidSetting, InvalidText
from embedlab.vectors import queries
from embedlab.vectors.queries import Method, Neighbor
from embedlab.vectors.spelling import find_words, known_form, two_words
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted

DRAWN = 5  # answers that are drawn beside the sum
MOST_PAIRS = 20
_DRAWN_AS_THEY_ARE = 2  # dimensions, at most
_SAMPLED = 500  # words, spread over the vocabulary, whose mean distance stands for all
_FLAT = 1e-6  # directions closer to parallel than this span no plane


@dataclass(frozen=True, eq=False)
class Analogy:
    """a is to b as c is to the best answer."""

    a: str
    b: str
    c: str
    method: Method
    left_out: tuple[Neighbor, ...]  # ranking without a, b and c
    left_in: tuple[Neighbor, ...]  # ranking of all words
    coordinates: Doubles  # (4 + n, 2) read-only: a, b, c, the sum, the first n answers, see `plane_of`
    off: Doubles  # (4 + n,) read-only: distances from that plane
    usual_distance: float  # mean distance of some of all words from that plane
    other_answer: str  # the best answer by the other method
    composed: tuple[str, ...] = ()  # of a, b and c, those that the vectors compose of character n-grams

    @property
    def inputs(self) -> tuple[str, str, str]:
        return self.a, self.b, self.c

    @property
    def sum_name(self) -> str:
        """The arithmetic as people write it."""
        return f"{self.b} − {self.a} + {self.c}"

    @property
    def drawn(self) -> list[str]:
        """Names of the points in `coordinates`."""
        return [*self.inputs, self.sum_name, *(neighbor.word for neighbor in self.left_out[: len(self.off) - 4])]

    def place(self, word: str) -> int | None:
        """Rank of `word` among the answers without inputs, from 1; None when it is farther down or an input."""
        return next((i for i, neighbor in enumerate(self.left_out, 1) if neighbor.word == word), None)


def solve(vectors: WordVectors, a: str, b: str, c: str, k: int = 10, *, method: Method = "3cosadd") -> Analogy:
    """Completes "a is to b as c is to ..." with and without the given words among the answers.

    Args:
        a, b, c: three different words, spaces around them ignored, in other capitals where only those are known.
        k: answers in each ranking.
        method: as in `queries.analogy`.

    Raises:
        InvalidText: an empty word, or one given twice.
        InvalidSetting: no other word to answer with, or a number out of range.
        UnknownWord: every missing word is listed.
    """
    a, b, c = words = [known_form(vectors, word) for word in (a, b, c)]
    if not all(words):
        raise InvalidText("An analogy needs three words: fill in all three boxes.")
    if len(set(words)) < 3:
        raise InvalidText(f"“{a}”, “{b}” and “{c}” must be three different words: change the repeated one.")
    given = vectors.unit_vectors_of(words).astype(np.float64)  # (3, D)
    ranked = queries.analogy(vectors, [b, c], [a], k + 3, method=method, include_inputs=True)
    left_in, left_out = ranked[:k], [neighbor for neighbor in ranked if neighbor.word not in words][:k]
    if not left_out:
        raise InvalidSetting(f"The {len(vectors)} words hold no other word to answer with: choose larger vectors.")
    (other,) = queries.analogy(vectors, [b, c], [a], 1, method="3cosmul" if method == "3cosadd" else "3cosadd")
    answers = vectors.unit_vectors_of([neighbor.word for neighbor in left_out[:DRAWN]])  # (n, D)
    if vectors.dimensions <= _DRAWN_AS_THEY_ARE:
        given = vectors.vectors_of(words).astype(np.float64)
        answers = vectors.vectors_of([neighbor.word for neighbor in left_out[:DRAWN]])
    points = np.vstack([given, given[1] - given[0] + given[2], answers])  # (4 + n, D)
    plane = plane_of(*given)
    coordinates, off = plane.project(points)
    some = slice(None, None, -(-len(vectors) // _SAMPLED))
    others = vectors.matrix[some] if vectors.dimensions <= _DRAWN_AS_THEY_ARE else vectors.unit_rows(some)
    usual = plane.project(others.astype(np.float64))[1].mean()
    composed = tuple(word for word in words if word not in vectors)
    return Analogy(
        a, b, c, method, tuple(left_out), tuple(left_in), read_only(coordinates), read_only(off), float(usual),
        other.word, composed,
    )  # fmt: skip


def pair_similarities(vectors: WordVectors, typed: str) -> list[tuple[str, str, float]]:
    """Cosines of pairs of words, one pair a line, most similar first.

    Raises:
        InvalidText: a line without exactly two words, or no line.
        InvalidSetting: more than 20 pairs.
        UnknownWord: every missing word is listed.
    """
    pairs: dict[tuple[str, str], None] = {}  # each once
    for number, line in enumerate(typed.splitlines(), 1):
        if words := two_words(vectors, line):
            pairs[words[0], words[1]] = None
        elif words := find_words(vectors, line):
            raise InvalidText(f"Line {number} has {counted(len(words), 'word')}: write two words, such as: cat dog")
    if not pairs:
        raise InvalidText("There is no pair to compare: write two words a line, such as: cat dog")
    if len(pairs) > MOST_PAIRS:
        raise InvalidSetting(f"{len(pairs)} pairs are too many: give at most {MOST_PAIRS}.")
    vectors.vectors_of([word for pair in pairs for word in pair])  # names every unknown word at once
    found = [(a, b, queries.similarity(vectors, a, b)) for a, b in pairs]
    return sorted(found, key=lambda pair: -pair[2])


def plane_of(a: Doubles, b: Doubles, c: Doubles) -> "PlaneThrough":
    """The plane that an analogy is drawn on: `plane_through`, and up to two numbers as they are."""
    if len(a) > _DRAWN_AS_THEY_ARE:
        return plane_through(a, b, c)
    return PlaneThrough(np.zeros(len(a)), np.eye(2, len(a)))


@dataclass(frozen=True, eq=False)
class PlaneThrough:
    """The plane through three points, with c to the right of a and b above the line through both."""

    origin: Doubles  # (D,) the point a
    basis: Doubles  # (2, D) orthonormal rows; the second is zero when D is 1

    def project(self, points: Doubles) -> tuple[Doubles, Doubles]:
        """(N, 2) coordinates of (N, D) points dropped onto the plane, and their (N,) distances from it."""
        moved = points - self.origin  # (N, D)
        coordinates = moved @ self.basis.T  # (N, 2)
        return coordinates, np.linalg.norm(moved - coordinates @ self.basis, axis=1)


def plane_through(a: Doubles, b: Doubles, c: Doubles) -> PlaneThrough:
    """The plane that holds a, b, c and so b - a + c, the fourth corner of their parallelogram.

    Args:
        a, b, c: (D,) finite. If they are on one line, a plane through that line.
    """
    a, b, c = (np.asarray(point, dtype=np.float64) for point in (a, b, c))
    right = _perpendicular_direction(c - a, [])
    up = _perpendicular_direction(b - a, [right])
    return PlaneThrough(a, np.stack([right, up]))


def _perpendicular_direction(vector: Doubles, others: list[Doubles]) -> Doubles:
    """(D,) the part of `vector` that is perpendicular to `others`, of length 1; any such direction if there is none."""
    rest = _perpendicular(vector, others)
    if np.linalg.norm(rest) <= _FLAT * max(float(np.linalg.norm(vector)), _FLAT):
        choices = [_perpendicular(axis, others) for axis in np.eye(len(vector))]
        rest = max(choices, key=lambda choice: float(np.linalg.norm(choice)))
    length = float(np.linalg.norm(rest))
    return rest / length if length > _FLAT else np.zeros_like(rest)


def _perpendicular(vector: Doubles, others: list[Doubles]) -> Doubles:
    for other in others:
        vector = vector - (vector @ other) * other
    return vector
