"""Stability: how sure is a neighbor, an answer, a score, had the vectors been trained on another draw of the text?

Several runs learned small vectors, each from paragraphs drawn again with replacement (`embedlab.recipes.resampled`). A
neighbor that all runs name does not hang on the draw; one that a single run names may. A score comes with the interval
in which one more run would lie.

Sources: Antoniak and Mimno (2018), "Evaluating the Stability of Embedding-based Word Similarities", TACL 6, for the
draws; Student's prediction interval for the interval.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np

from embedlab.arrays import Doubles, Floats
from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.evaluation.intervals import Interval
from embedlab.evaluation.weat import LEAST, association_test, known_words, not_comparable
from embedlab.evaluation.weat_lists import TESTS
from embedlab.library import bundled
from embedlab.vectors.quantization import Int8s, encode, fast_product, plain_product
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.spelling import known_form
from embedlab.vectors.word_vectors import WordVectors

NEAREST = 10  # words that count as a word's neighbors in a run
STABLE = 0.5  # share of the runs, more than which have to agree
FOLDER = "resampled"


class Resamples:
    """R runs over the same V words, as 8-bit codes of their directions.

    Args:
        words: (V,) most frequent first.
        codes: (R, V, D) int8, no row of which is zero.

    Raises InvalidSetting: the shape does not fit the words, or there is no run.
    """

    def __init__(self, words: Sequence[str], codes: Int8s) -> None:
        if codes.ndim != 3 or not len(codes) or codes.shape[1] != len(words):
            raise InvalidSetting(
                f"{len(words):,} words and codes of shape {codes.shape} do not fit: give (R, V, D) codes of V words, "
                "R at least 1."
            )
        self.words = tuple(words)
        self._codes = codes
        squares = [np.einsum("vd,vd->v", run, run, dtype=np.float32) for run in codes]  # (R, V)
        self._scales = 1 / np.sqrt(np.stack(squares))  # (R, V); codes times these have length 1

    def __len__(self) -> int:
        return len(self._codes)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    def part(self, words: Sequence[str]) -> list[WordVectors]:
        """Those of some words that the runs hold, as a set of vectors for each run."""
        kept = [word for word in dict.fromkeys(words) if word in self.index]
        rows = [self.index[word] for word in kept]
        return [WordVectors(kept, self._rows(run, rows), source=f"run {run + 1}") for run in range(len(self))]

    def nearest(self, positive: Sequence[str], negative: Sequence[str] = (), k: int = NEAREST) -> list[list[str]]:
        """For each run the k words nearest to a sum of words, the given ones left out, nearest first.

        Raises UnknownWord: a word is not among the runs' words.
        """
        unknown = [word for word in (*positive, *negative) if word not in self.index]
        if unknown:
            raise UnknownWord(unknown, {}, size=len(self.words))
        added, taken = ([self.index[word] for word in given] for given in (positive, negative))
        found = []
        for run in range(len(self)):
            total = self._rows(run, added).sum(axis=0) - self._rows(run, taken).sum(axis=0)  # (D,)
            cosines = self._cosines(run, total)
            cosines[[*added, *taken]] = -np.inf
            k = min(k, len(cosines) - len({*added, *taken}))
            best = np.argpartition(-cosines, k - 1)[:k]
            found.append([self.words[row] for row in best[np.argsort(-cosines[best], kind="stable")]])
        return found

    def _rows(self, run: int, rows: Sequence[int]) -> Floats:
        return np.asarray(self._codes[run, rows] * self._scales[run, rows][:, None], dtype=np.float32)

    def _cosines(self, run: int, direction: Floats) -> Floats:
        """(V,) cosines to a (D,) direction but for a factor, which does not change their order."""
        code, _ = encode(direction[None])
        return np.asarray((fast_product() or plain_product)(self._codes[run], code) * self._scales[run])


@cache
def bundled_resamples() -> Resamples:
    """Five runs of the recipe of the bundled vectors on resampled text, for its most frequent words; no copy each time.

    Raises EmbedlabError: a file is missing or changed.
    """
    words = bundled.path(f"{FOLDER}/words.txt").read_text("utf-8").split("\n")
    return Resamples(words, np.load(bundled.path(f"{FOLDER}/codes.npy"), mmap_mode="r", allow_pickle=False))


def about_bundled(vectors: WordVectors) -> Resamples | None:
    """The runs, where the vectors are the ones they are about and the files are there; else None."""
    if vectors.source != bundled.PREDICTED or not bundled.is_here(f"{FOLDER}/codes.npy"):
        return None
    return bundled_resamples()


def agreement(
    runs: Resamples, answers: Sequence[str], positive: Sequence[str], negative: Sequence[str] = (), k: int = NEAREST
) -> dict[str, int]:
    """In how many runs each answer is among the k words nearest to a sum of words too, the given ones left out.

    Answers that the runs do not hold are left out; so are all where they do not hold a given word.
    """
    if any(word not in runs.index for word in (*positive, *negative)):
        return {}
    named = [set(found) for found in runs.nearest(positive, negative, k)]
    return {answer: sum(answer in found for found in named) for answer in answers if answer in runs.index}


def unstable(counts: Mapping[str, int], runs: int) -> list[str]:
    """Those answers that at most half of the runs name."""
    return [answer for answer, count in counts.items() if count <= STABLE * runs]


def cosines(runs: Resamples, a: str, b: str) -> list[float]:
    """The cosine similarity of two words, which the runs hold, in each run."""
    return [float(part.unit[0] @ part.unit[-1]) for part in runs.part([a, b])]


def effect_sizes(runs: Resamples, vectors: WordVectors, sets: Mapping[str, Sequence[str]]) -> list[float]:
    """The effect size of WEAT in each run; none where a set of X, Y, A and B has lost too many of its words.

    Args:
        vectors: those that the runs are about; a word of a set is the one that it is for them, as if it were typed.

    Raises InvalidSetting: as in `weat`.
    """
    spelled = {name: [known_form(vectors, word) for word in words] for name, words in sets.items()}
    parts = runs.part([word for words in spelled.values() for word in words])
    known = {name: known_words(parts[0], words)[0] for name, words in spelled.items()}
    if not_comparable(spelled, known) or any(len(known[name]) < least for name, least in LEAST.items()):
        return []
    return [association_test(part, known, permutations=1, seed=0).result.effect_size for part in parts]


def prediction_interval(values: Sequence[float] | Doubles) -> Interval:
    """The mean of n values, and the interval in which one more value of the same kind lies 95 times in 100.

    Student's t: mean plus and minus t * s * sqrt(1 + 1/n). Raises InvalidSetting: fewer than two values.
    """
    from scipy.special import stdtrit

    given = np.asarray(values, dtype=np.float64)
    if len(given) < 2:
        raise InvalidSetting(f"{len(given)} values have no spread: give at least 2.")
    half = float(stdtrit(len(given) - 1, 0.975) * given.std(ddof=1) * math.sqrt(1 + 1 / len(given)))
    mean = float(given.mean())
    return Interval(mean, mean - half, mean + half)


def bundled_effect(vectors: WordVectors, sets: Mapping[str, Sequence[str]]) -> Interval | None:
    """Where the effect size of WEAT would lie in one more run; None where there are no runs that can tell."""
    runs = about_bundled(vectors)
    found = effect_sizes(runs, vectors, sets) if runs else []
    return prediction_interval(found) if found else None


def recorded(run: Resamples) -> dict[str, Any]:
    """What is kept of a run that does not ship: its cosines of near words, and its effect sizes of WEAT."""
    vectors = bundled.bundled_vectors()
    pairs = [
        (word, near)
        for word in bundled.movie().words
        for near, _ in nearest_neighbors(vectors, word, 3)
        if word in run.index and near in run.index
    ]
    effects = {
        name: effect_sizes(run, vectors, {side: getattr(test, side).split() for side in LEAST})
        for name, test in TESTS.items()
    }
    return {
        "cosines": [[a, b, round(cosines(run, a, b)[0], 4)] for a, b in pairs],
        "effects": {name: round(found[0], 4) for name, found in effects.items() if found},
    }
