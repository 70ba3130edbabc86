"""From texts to everything that data/vectors holds: `python -m embedlab train-vectors`.

Two runs of word2vec read the same text: CBOW, which is better at grammar, and skip-gram, which knows more of the world.
Of each, ``unit(center) + context_weight * unit(context)`` is kept: the two tables of a run say much the same of a word,
and their sum answers more analogies than either. The runs' rows are put side by side and their principal directions
kept, as Yin and Schütze (2016) join sets of embeddings, and whitened in part: directions in which words differ much are
shortened, which brings similarities closer to what people judge (Mu and Viswanath 2018 remove such directions).
data/README.md has the comparison.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from embedlab import evaluation
from embedlab.errors import InvalidSetting
from embedlab.pieces import Text, checkpoint_plan, prepare_text
from embedlab.vectors import WordVectors
from embedlab.word2vec_engine import Word2VecConfig, train_word2vec

LICENCE = "CC BY-SA 4.0; text by the contributors of the English Wikipedia, CC BY-SA 3.0 and 4.0"


CBOW = Word2VecConfig(architecture="cbow", dimensions=140, window=10, negatives=20, epochs=5, learning_rate=0.05)
SKIP_GRAM = Word2VecConfig(
    architecture="skip-gram", dimensions=140, window=8, negatives=5, epochs=2, learning_rate=0.025,
    subsampling_threshold=3e-5,
)  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """How the bundled vectors are made.

    Args:
        runs: what gensim is asked to do, one run after the other on the same text.
        weights: length of each run's rows where they are put side by side.
        context_weight: how much of a run's context table is added to its center table, 0 for none.
        dimensions: D of what ships, at most all the runs' together.
        whitening: each principal direction is divided by its mean square to this power; 0.5 makes all equal.
        size: V, the most frequent words that ship.
        checkpoints: frames of the movie, spaced evenly in the logarithm of the words read.
    """

    runs: tuple[Word2VecConfig, ...] = (CBOW, SKIP_GRAM)
    weights: tuple[float, ...] = (1.0, 1.0)
    context_weight: float = 1.0
    dimensions: int = 140
    whitening: float = 0.2
    size: int = 50_000
    checkpoints: int = 60

    def __post_init__(self) -> None:
        if not self.runs or len(self.runs) != len(self.weights) or min(self.weights) <= 0:
            raise InvalidSetting(f"{len(self.runs)} runs with weights {self.weights}: give each run one above 0.")
        if len({run.min_count for run in self.runs}) > 1:
            raise InvalidSetting("All runs need the same minimum count, so that they know the same words.")
        most = sum(run.dimensions for run in self.runs)
        if not 2 <= self.dimensions <= most:
            raise InvalidSetting(f"{self.dimensions} dimensions are not allowed: give 2 to {most}, what the runs have.")
        if not 0 <= self.context_weight <= 1:
            raise InvalidSetting(f"context weight {self.context_weight:g} is not allowed: give 0 to 1.")
        if not 0 <= self.whitening <= 0.5:
            raise InvalidSetting(f"whitening {self.whitening:g} is not allowed: give 0 to 0.5.")
        if self.size < 1 or self.checkpoints < 2:
            raise InvalidSetting(f"size {self.size} and checkpoints {self.checkpoints} must be at least 1 and 2.")


def read_run(text: str) -> tuple[Word2VecConfig, float]:
    """A run and its weight from “cbow,window=10,epochs=5,weight=1”; what is not named stays as `Word2VecConfig` has it.

    Raises:
        InvalidSetting: a setting that does not exist, or a value out of its range.
    """
    architecture, *pairs = text.split(",")
    known = {field.name: type(field.default) for field in fields(Word2VecConfig)} | {"weight": float}
    settings: dict[str, Any] = {"architecture": architecture, "weight": 1.0}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            settings[name] = known[name](value)
        except (KeyError, ValueError):
            allowed = ", ".join(name for name in known if name != "architecture")
            raise InvalidSetting(f"{pair!r} in {text!r} is no setting: give name=number, of {allowed}.") from None
    weight = settings.pop("weight")
    return Word2VecConfig(**settings), weight


class Learned(NamedTuple):
    """What is kept of one run."""

    words: tuple[str, ...]  # the most frequent V
    rows: np.ndarray  # (V, D) of length 1
    share: np.ndarray  # (S,) part of the run that was done at each frame, rising to 1
    frames: np.ndarray  # (S, W, D) rows of the W words of the movie


def combine(center: np.ndarray, context: np.ndarray, weight: float) -> np.ndarray:
    """(N, D) rows of length 1 from both tables; see the module's first lines."""
    return _unit(_unit(center) + np.float32(weight) * _unit(context))


def principal_map(rows: np.ndarray, dimensions: int, power: float) -> np.ndarray:
    """(E, D) map of (V, E) rows to their D principal directions, each divided by its mean square to the given power.

    Nothing is subtracted: the frames of the movie go through the same map, and early ones have other means. Each
    direction points to where its largest number is positive, so that the same rows give the same signs everywhere.
    """
    square, directions = np.linalg.eigh(rows.T.astype(np.float64) @ rows / len(rows))  # rising
    square, directions = square[::-1][:dimensions], directions[:, ::-1][:, :dimensions]
    directions = directions * np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(dimensions)])
    return directions * np.maximum(square, 1e-12 * square.max()) ** -power


def train_vectors(
    corpora: Sequence[Path],
    out: Path,
    movie_words: Mapping[str, str],
    recipe: Recipe | None = None,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Trains on the texts and writes words.txt, matrix.npy, counts.npy, card.json and movie.npz into `out`.

    Args:
        movie_words: group of each word whose learning is recorded; words that are too rare are left out.
        say: takes a line of progress.
    """
    recipe = recipe or Recipe()
    started = time.monotonic()
    with TemporaryDirectory(prefix="embedlab-") as folder:
        say("Reading, tokenizing and shuffling the text.")
        epochs, seed = max(run.epochs for run in recipe.runs), recipe.runs[0].seed
        text = prepare_text(corpora, Path(folder), epochs=epochs, frames=recipe.checkpoints, seed=seed)
        frequent = {word for word, count in text.counts.items() if count >= recipe.runs[0].min_count}
        recorded = {word: group for word, group in movie_words.items() if word in frequent}
        learned = [learn(text, run, recipe, tuple(recorded), say=say) for run in recipe.runs]
    say("Writing and scoring.")
    write(out, text, learned, recorded, recipe, minutes=(time.monotonic() - started) / 60)


def learn(
    text: Text,
    run: Word2VecConfig,
    recipe: Recipe,
    movie_words: Sequence[str],
    *,
    say: Callable[[str], None] = lambda line: None,
) -> Learned:
    """Trains one run on the whole text and records the words of the movie."""
    total = run.epochs * sum(piece.words for piece in text.pieces)
    due = checkpoint_plan(total, recipe.checkpoints)
    say(f"{run.architecture}: {total:,} words to read in {run.epochs} epochs.")
    share, frames = [], []
    started = time.monotonic()
    for checkpoint in train_word2vec(text.pieces, text.counts, run):
        if due and checkpoint.words_seen >= due[0]:
            due = [words for words in due if words > checkpoint.words_seen]
            place = {word: i for i, word in enumerate(checkpoint.words)}
            rows = [place[word] for word in movie_words]
            share.append(checkpoint.words_seen / total)
            frames.append(combine(checkpoint.center[rows], checkpoint.context[rows], recipe.context_weight))
        say(_progress(checkpoint.words_seen, total, time.monotonic() - started))
    kept = slice(recipe.size)
    sums = combine(checkpoint.center[kept], checkpoint.context[kept], recipe.context_weight)
    return Learned(tuple(checkpoint.words[kept]), sums, np.array(share), np.stack(frames))


def join(learned: Sequence[Learned], recipe: Recipe) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The runs' rows as one.

    Returns:
        (V, D) rows of length 1, (S,) parts of the training done, (S, W, D) rows of the movie at these: of every run the
        frame that is nearest to the same part of its own training.
    """
    share = max(learned, key=lambda run: len(run.share)).share  # (S,)
    nearest = [np.abs(np.log(run.share) - np.log(share)[:, None]).argmin(axis=1) for run in learned]
    rows = np.hstack([run.rows * weight for run, weight in zip(learned, recipe.weights, strict=True)])  # (V, E)
    frames = np.concatenate(
        [run.frames[at] * weight for run, at, weight in zip(learned, nearest, recipe.weights, strict=True)], axis=2
    )
    turn = principal_map(rows, recipe.dimensions, recipe.whitening)  # (E, D)
    return _unit(rows @ turn), share, _unit(frames @ turn)


def write(
    out: Path, text: Text, learned: Sequence[Learned], groups: Mapping[str, str], recipe: Recipe, *, minutes: float
) -> None:
    """Writes the five files of the finished runs."""
    rows, share, frames = join(learned, recipe)
    words, matrix = learned[0].words, rows.astype(np.float16)
    words_read = sum(run.epochs for run in recipe.runs) * sum(piece.words for piece in text.pieces)
    out.mkdir(parents=True, exist_ok=True)
    (out / "words.txt").write_text("\n".join(words), "utf-8")
    np.save(out / "matrix.npy", matrix)
    np.save(out / "counts.npy", np.array([text.counts[word] for word in words], dtype=np.uint32))
    np.savez_compressed(
        out / "movie.npz",
        words=np.array(list(groups)),
        groups=np.array(list(groups.values())),
        words_seen=np.rint(share * words_read).astype(np.int64),
        # Directions in int8: the largest number of each row becomes 127, the reader restores the length.
        vectors=np.rint(frames * (127 / np.abs(frames).max(axis=2, keepdims=True))).astype(np.int8),
    )
    card = {
        "recipe": asdict(recipe),
        "texts": text.sources,
        "words_read": words_read,
        "minutes": round(minutes, 1),
        "licence": LICENCE,
        "scores": scores(WordVectors(words, matrix, source="bundled")),
    }
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def scores(vectors: WordVectors) -> dict[str, float]:
    """The three scores of the card, with the coverage of each."""
    analogies = evaluation.analogy_accuracy(vectors).overall
    result = {
        "google_analogies": round(analogies.accuracy, 4),
        "google_analogies_coverage": round(analogies.coverage, 4),
    }
    for name in evaluation.SIMILARITY_SETS:
        judged = evaluation.similarity_correlation(vectors, name)
        key = name.lower().replace("-", "_")
        result |= {key: round(judged.spearman, 4), f"{key}_coverage": round(judged.covered / judged.total, 4)}
    return result


def read_movie_words(path: Path) -> dict[str, str]:
    """Group of each word, from lines of the form ``group: word word``."""
    groups: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            group, _, words = line.partition(":")
            groups |= dict.fromkeys(words.split(), group.strip())
    return groups


def _unit(rows: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.where(norms > 0, norms, 1)


def _progress(seen: int, total: int, seconds: float) -> str:
    left = seconds * (total - seen) / seen / 60
    return f"{seen / total:6.1%}  {seen:,} words  {seen / seconds:,.0f} words/s  {left:.1f} minutes left"
