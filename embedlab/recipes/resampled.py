"""Bootstrap runs of the bundled recipe: `python -m embedlab resample-vectors`.

How sure is a neighbor? The text that vectors are trained on is one draw of many that could have been made. Each run
draws paragraphs of it again, with replacement, and learns small vectors from them as the bundled ones were learned.
What all runs agree on does not hang on the draw (Antoniak and Mimno 2018); `embedlab.evaluation.stability` asks them.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from embedlab.arrays import Floats, unit_rows
from embedlab.checks import within
from embedlab.evaluation.stability import Resamples, recorded
from embedlab.evaluation.weat import LEAST
from embedlab.evaluation.weat_lists import TESTS
from embedlab.lessons.word2vec.gensim_engine import BUNDLED, Shard, Word2VecConfig, train_word2vec
from embedlab.recipes import folders
from embedlab.recipes.predicted import LICENCE, Recipe, combine, whitening
from embedlab.recipes.sharding import Paragraphs, TokenOptions, read_paragraphs
from embedlab.vectors.quantization import encode

SMALL = replace(BUNDLED, dimensions=80, negatives=10, epochs=3)


@dataclass(frozen=True)
class ResampledRecipe:
    """How the resampled runs are made; what is not said here is as in the bundled recipe."""

    word2vec: Word2VecConfig = SMALL
    context_weight: float = Recipe.context_weight
    whitening: float = Recipe.whitening
    runs: int = 5  # that ship; one more is trained, of which only results are kept, to test the intervals with
    words: int = 30_000_000  # drawn for each run
    size: int = 20_000  # most frequent words that are kept

    def __post_init__(self) -> None:
        within("number of runs", self.runs, 2, 100)
        within("words drawn", self.words, 1)
        within("size", self.size, 2)


def resample_vectors(
    corpora: Sequence[Path],
    out: Path,
    recipe: ResampledRecipe | None = None,
    options: TokenOptions | None = None,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Trains the runs and writes words.txt, codes.npy, one_more.json and card.json into `out`.

    Run r draws its paragraphs, and starts, from the recipe's seed + r: with one worker, the same bytes each time.
    """
    recipe = recipe or ResampledRecipe()
    folders.make(out)
    say("Reading and tokenizing the text.")
    text = read_paragraphs(corpora, options, say=say)
    words = kept_words(text.counts, recipe.size)
    trained = []
    for run in range(recipe.runs + 1):
        start = time.monotonic()
        trained.append(_train(text, recipe, run, words))
        say(f"Run {run + 1} of {recipe.runs + 1}: {(time.monotonic() - start) / 60:.1f} minutes.")
    shared = [word for word in words if all(word in rows for rows in trained)]
    codes = np.stack([encode(np.stack([rows[word] for word in shared]))[0] for rows in trained])  # (R + 1, V, D)
    (out / "words.txt").write_text("\n".join(shared), "utf-8")
    np.save(out / "codes.npy", codes[:-1])
    one_more = recorded(Resamples(shared, codes[-1:]))
    (out / "one_more.json").write_text(json.dumps(one_more) + "\n", "utf-8")
    card = {"recipe": asdict(recipe), "texts": text.sources, "licence": LICENCE}
    (out / "card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def kept_words(counts: Mapping[str, int], size: int) -> list[str]:
    """The most frequent words, most frequent first, and all words of WEAT's tests, of which many are names."""
    tested = {
        word.lower() for test in TESTS.values() for side in LEAST for word in getattr(test, side).split()
    } & counts.keys()
    ordered = [word for word, _ in Counter(counts).most_common()]
    return ordered[:size] + [word for word in ordered[size:] if word in tested]


def _train(text: Paragraphs, recipe: ResampledRecipe, run: int, words: Sequence[str]) -> dict[str, Floats]:
    """The (D,) vectors of length 1 of those words that a run's draw holds often enough."""
    config = replace(recipe.word2vec, seed=recipe.word2vec.seed + run)
    draw = random.Random(config.seed)
    counts: Counter[bytes] = Counter()
    drawn = 0
    with TemporaryDirectory(prefix="embedlab-") as folder:
        path = Path(folder) / "drawn.txt"
        with path.open("wb") as stream:
            while drawn < recipe.words:
                paragraph = draw.choice(text.paragraphs)
                tokens = paragraph.split()
                counts.update(tokens)
                drawn += len(tokens)
                stream.write(paragraph)
        known = {word.decode(): count for word, count in counts.items()}
        *_, snapshot = train_word2vec([Shard(path, drawn)], known, config)
    sums = combine(snapshot.center, snapshot.context, recipe.context_weight)
    wanted = set(words)
    kept = [row for row, word in enumerate(snapshot.words) if word in wanted]
    rows = unit_rows(sums[kept] @ whitening(sums[kept], recipe.whitening).astype(np.float32))
    return {snapshot.words[row]: unit for row, unit in zip(kept, rows, strict=True)}
