"""From texts to everything that data/counted holds: `python -m embedlab count-vectors`.

The same text, the same sentences and tokens as those of the bundled vectors (`embedlab.recipes.sharding`), but counted
instead of predicted (`embedlab.lessons.counting.cooccurrence`): what is left between the two spaces is the difference
of the two ways.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy import sparse

from embedlab.arrays import Int32s
from embedlab.checks import within
from embedlab.lessons.counting.cooccurrence import CountConfig, cooccurrence, ppmi, svd_vectors
from embedlab.lessons.word2vec.gensim_engine import Shard
from embedlab.recipes import folders
from embedlab.recipes.predicted import LICENCE, scores
from embedlab.recipes.sharding import TokenOptions, shard_corpora
from embedlab.text.corpus import Corpus
from embedlab.vectors.vocabulary import Vocabulary
from embedlab.vectors.word_vectors import WordVectors

_PART = 8_000_000  # words whose pairs are counted before they are added to the sum


@dataclass(frozen=True)
class CountedRecipe:
    """How the counted vectors are made."""

    # how to count and to decompose
    counting: CountConfig = field(default_factory=lambda: CountConfig(exponent=1, dimensions=100, power=0.25))
    skipped: int = 1  # number of directions, those of the largest singular values, that are left out; 0 to 100
    size: int = 20_000  # V, the most frequent words; pairs with rarer ones are not counted

    def __post_init__(self) -> None:
        within("number of skipped directions", self.skipped, 0, 100)
        needed = self.counting.dimensions + self.skipped
        within(f"size for {needed} directions", self.size, needed)


def count_vectors(
    corpora: Sequence[Path],
    out: Path,
    recipe: CountedRecipe | None = None,
    options: TokenOptions | None = None,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Counts the texts and writes words.txt, matrix.npy and card.json into `out`.

    Args:
        say: takes a line of progress.
    """
    recipe = recipe or CountedRecipe()
    counting, begun = recipe.counting, time.monotonic()
    folders.make(out)
    with TemporaryDirectory(prefix="embedlab-") as folder:
        say("Reading and tokenizing the text.")
        text = shard_corpora(corpora, Path(folder), options, epochs=1, snapshots=2, seed=counting.seed, say=say)
        vocabulary = Vocabulary.from_counts(text.counts, max_size=recipe.size)
        counts = sparse.csr_array((len(vocabulary), len(vocabulary)), dtype=np.float32)
        for part in corpus_parts(text.shards, vocabulary):
            counts += cooccurrence(part, counting.window, counting.weighting)
            say(f"{part.name}; {counts.nnz:,} kinds of pairs.")
    table = ppmi(counts, counting.shift, counting.exponent)
    say(f"{table.nnz:,} of them are more frequent than by chance. Decomposing.")
    del counts  # the decomposition needs the room
    size = counting.dimensions + recipe.skipped
    found = svd_vectors(table, vocabulary, dimensions=size, power=counting.power, seed=counting.seed, source="counted")
    vectors = WordVectors(vocabulary.words, found.matrix[:, recipe.skipped :], source="counted")
    matrix = vectors.unit.astype(np.float16)  # (V, D)
    (out / "words.txt").write_text("\n".join(vocabulary.words), "utf-8")
    np.save(out / "matrix.npy", matrix)
    card = {
        "recipe": asdict(recipe),
        "texts": text.sources,
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "licence": LICENCE,
        "scores": scores(WordVectors(vocabulary.words, matrix, source="counted")),
    }
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def corpus_parts(shards: Sequence[Shard], vocabulary: Vocabulary, size: int = _PART) -> Iterator[Corpus]:
    """The shards as numbered corpora of about `size` words; words that the vocabulary lacks are left out."""
    ids: list[Int32s] = []
    seen = kept = 0

    def part() -> Corpus:
        sentences = np.repeat(np.arange(len(ids), dtype=np.int32), [len(sentence) for sentence in ids])
        return Corpus(f"{seen:,} words read", vocabulary, np.concatenate(ids), sentences)

    for shard in shards:
        with shard.path.open(encoding="utf-8") as lines:
            for line in lines:
                tokens = line.split()
                known = vocabulary.ids(tokens)
                seen += len(tokens)
                if len(known) > 1:  # a lone word has no context
                    ids.append(np.array(known, dtype=np.int32))
                    kept += len(known)
                if kept >= size:
                    yield part()
                    ids, kept = [], 0
    if ids:
        yield part()
