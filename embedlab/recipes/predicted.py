"""From texts to everything that data/vectors holds: `python -m embedlab train-vectors`.

The word vector that ships is ``unit(center) + context_weight * unit(context)``: the two tables of word2vec say much
the same of a word, and their sum answers more analogies than either. The sums are then whitened in part: directions in
which words differ much are shortened, which brings similarities closer to what people judge (Mu and Viswanath 2018
remove such directions). data/README.md has the comparison.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from embedlab.arrays import Doubles, Floats, unit_rows
from embedlab.checks import within
from embedlab.errors import InvalidText
from embedlab.evaluation import question_sets
from embedlab.evaluation import scores as evaluation_scores
from embedlab.lessons.word2vec.gensim_engine import BUNDLED, GensimSnapshot, Word2VecConfig, train_word2vec
from embedlab.recipes import folders
from embedlab.recipes.sharding import ShardedCorpus, TokenOptions, shard_corpora, snapshot_plan
from embedlab.vectors.word_vectors import WordVectors

LICENCE = "CC BY-SA 4.0; text by the contributors of the English Wikipedia, CC BY-SA 3.0 and 4.0"


@dataclass(frozen=True)
class Recipe:
    """How the bundled vectors are made."""

    word2vec: Word2VecConfig = BUNDLED  # what gensim is asked to do
    context_weight: float = 1.0  # how much of the context table is added to the center table, 0 for none
    whitening: float = 0.2  # each principal direction is divided by its mean square to this power; 0.5 makes all equal
    size: int = 50_000  # V, the most frequent words that ship
    snapshots: int = 60  # snapshots of the movie, spaced evenly in the logarithm of the words read

    def __post_init__(self) -> None:
        within("context weight", self.context_weight, 0, 1)
        within("whitening", self.whitening, 0, 0.5)
        within("size", self.size, 1)
        within("number of snapshots", self.snapshots, 2)


@dataclass
class MovieRecorder:
    """Keeps the tables' rows of chosen words, from the first snapshot after each number of words that is due."""

    words: Sequence[str]
    due: list[int]  # words seen at which the next snapshots are wanted, rising
    seen: list[int] = field(default_factory=list)
    tables: list[tuple[Floats, Floats]] = field(default_factory=list)  # (W, D) center, context

    def look(self, snapshot: GensimSnapshot) -> None:
        """Records the snapshot when one is due."""
        if not self.due or snapshot.words_seen < self.due[0]:
            return
        self.due = [words for words in self.due if words > snapshot.words_seen]
        row = {word: i for i, word in enumerate(snapshot.words)}
        rows = [row[word] for word in self.words]
        self.seen.append(snapshot.words_seen)
        self.tables.append((snapshot.center[rows], snapshot.context[rows]))


def combine(center: Floats, context: Floats, weight: float) -> Floats:
    """(N, D) rows of length 1 from both tables; see the module's first lines."""
    return unit_rows(unit_rows(center) + np.float32(weight) * unit_rows(context))


def whitening(rows: Floats, power: float) -> Doubles:
    """(D, D) map that divides each principal direction of (V, D) rows by its mean square to the given power.

    Nothing is subtracted: the snapshots of the movie go through the same map, and early ones have other means.
    """
    square, directions = np.linalg.eigh(rows.T.astype(np.float64) @ rows / len(rows))
    scale = np.maximum(square, 1e-12 * square.max()) ** -power  # (D,)
    return np.asarray((directions * scale) @ directions.T)


def train_vectors(
    corpora: Sequence[Path],
    out: Path,
    movie_words: Mapping[str, str],
    recipe: Recipe | None = None,
    options: TokenOptions | None = None,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Trains on the texts and writes words.txt, matrix.npy, counts.npy, card.json and movie.npz into `out`.

    Args:
        movie_words: group of each word whose learning is recorded; words that are too rare are left out.
        say: takes a line of progress.
    """
    recipe = recipe or Recipe()
    config = recipe.word2vec
    with TemporaryDirectory(prefix="embedlab-") as folder:
        say("Reading, tokenizing and shuffling the text.")
        text = shard_corpora(
            corpora, Path(folder), options, epochs=config.epochs, snapshots=recipe.snapshots, seed=config.seed, say=say
        )
        folders.make(out)
        total = config.epochs * sum(shard.words for shard in text.shards)
        frequent = {word for word, count in text.counts.items() if count >= config.min_count}
        recorder = MovieRecorder(
            [word for word in movie_words if word in frequent], snapshot_plan(total, recipe.snapshots)
        )
        say(f"{total:,} words to read in {config.epochs} epochs; {len(frequent):,} distinct words.")
        training = time.monotonic()
        for snapshot in train_word2vec(text.shards, text.counts, config):
            recorder.look(snapshot)
            say(_progress_line(snapshot.words_seen, total, time.monotonic() - training))
    rows = min(recipe.size, len(snapshot.words))
    sums = combine(snapshot.center[:rows], snapshot.context[:rows], recipe.context_weight)
    say("Writing and scoring.")
    minutes = (time.monotonic() - training) / 60
    write(out, text, snapshot.words[:rows], sums, recorder, movie_words, recipe, words_read=total, minutes=minutes)


def write(
    out: Path,
    text: ShardedCorpus,
    words: Sequence[str],
    sums: Floats,
    recorder: MovieRecorder,
    groups: Mapping[str, str],
    recipe: Recipe,
    *,
    words_read: int,
    minutes: float,
) -> None:
    """Writes the five files from the (V, D) combined rows of the finished run."""
    turn = whitening(sums, recipe.whitening)  # (D, D)
    matrix = unit_rows(sums @ turn).astype(np.float16)  # (V, D)
    (out / "words.txt").write_text("\n".join(words), "utf-8")
    np.save(out / "matrix.npy", matrix)
    np.save(out / "counts.npy", np.array([text.counts[word] for word in words], dtype=np.uint32))
    snapshots = np.stack([combine(*tables, recipe.context_weight) @ turn for tables in recorder.tables])  # (S, W, D)
    np.savez_compressed(
        out / "movie.npz",
        words=np.array(recorder.words),
        groups=np.array([groups[word] for word in recorder.words]),
        words_seen=np.array(recorder.seen, dtype=np.int64),
        # Directions in int8: the largest number of each row becomes 127, the reader restores the length.
        vectors=np.rint(snapshots * (127 / np.abs(snapshots).max(axis=2, keepdims=True))).astype(np.int8),
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
    analogies = evaluation_scores.analogy_accuracy(vectors).overall
    result = {
        "google_analogies": round(analogies.accuracy, 4),
        "google_analogies_coverage": round(analogies.coverage, 4),
    }
    for name in question_sets.SIMILARITY_SETS:
        judged = evaluation_scores.similarity_correlation(vectors, name)
        key = name.lower().replace("-", "_")
        result |= {key: round(judged.spearman, 4), f"{key}_coverage": round(judged.covered / judged.total, 4)}
    return result


def read_movie_words(path: Path) -> dict[str, str]:
    """Group of each word, from lines of the form ``group: word word``.

    Raises InvalidText: the file is missing or not UTF-8.
    """
    groups: dict[str, str] = {}
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidText(f"{path} cannot be read as UTF-8 text: {error}. Give lines “group: word word”.") from None
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            group, _, words = line.partition(":")
            groups |= dict.fromkeys(words.split(), group.strip())
    return groups


def _progress_line(seen: int, total: int, seconds: float) -> str:
    left = seconds * (total - seen) / seen / 60
    return f"{seen / total:6.1%}  {seen:,} words  {seen / seconds:,.0f} words/s  {left:.1f} minutes left"
