"""The commands that make the files under data/: train-vectors | resample-vectors | count-vectors | train-letters |
answer-analogies | record-runs | make-maps."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embedlab.lessons.word2vec.gensim_engine import BUNDLED
from embedlab.library import bundled
from embedlab.places import PROGRAM
from embedlab.text.rules import KEEPS, Keep

if TYPE_CHECKING:
    from embedlab.recipes.sharding import TokenOptions

FILE = click.Path(path_type=Path)  # what is wrong with a path is said by what opens it
corpus_argument = click.argument(
    "corpus", type=FILE, nargs=-1, required=True, help="texts, a paragraph a line; plain, .gz or .bz2"
)
folder_option = click.option("--out", type=FILE, required=True, metavar="DIR", help="folder to write")
npz_option = click.option("--out", type=FILE, required=True, metavar="FILE", help="the .npz file to write")


def settings(*table: tuple[str, int | float, str]) -> Callable[[Any], Any]:
    """Options for numbers, each with its default and what it is."""

    def add(run: Any) -> Any:
        for name, value, text in reversed(table):
            run = click.option(f"--{name}", type=type(value), default=value, help=text)(run)
        return run

    return add


def token_options(run: Any) -> Any:
    """The options of how texts are cut into tokens; the command gets one `options`."""

    @click.option("--keep", "kept", type=click.Choice(KEEPS), default="letters",
                  help="digits: also words with digits, such as identifiers")  # fmt: skip
    @click.option("--language", metavar="NAME", help="by whose rules, such as French (default: found in the text)")
    @click.option("--encoding", metavar="NAME", help="of the texts (default: UTF-8, or what a byte-order mark says)")
    @click.option("--anyway", is_flag=True, help="read texts, too, of which more than a fifth of the words is lost")
    @wraps(run)
    def with_options(*, kept: Keep, language: str | None, encoding: str | None, anyway: bool, **others: Any) -> None:
        from embedlab.recipes.sharding import TokenOptions

        run(options=TokenOptions(kept, language, anyway, encoding), **others)

    return with_options


@click.command(epilog=f"example: {PROGRAM} train-vectors wiki.txt more.txt.bz2 --out vectors")
@corpus_argument
@folder_option
@click.option("--movie-words", type=FILE, default=bundled.DATA / "movie_words.txt", metavar="FILE",
              help="words whose learning is recorded, as “group: word word” lines")  # fmt: skip
@click.option("--architecture", type=click.Choice(["cbow", "skip-gram"]), default="cbow")
@settings(
    ("dimensions", BUNDLED.dimensions, "numbers a word"),
    ("window", BUNDLED.window, "words to either side"),
    ("negatives", BUNDLED.negatives, "noise words for every true one"),
    ("epochs", BUNDLED.epochs, "passes over the text"),
    ("min-count", BUNDLED.min_count, "rarer words are left out"),
    ("size", 50_000, "most frequent words to write"),
    ("seed", 1, "of the initial vectors and the order of paragraphs"),
    ("workers", 1, "threads; with more than one, every run gives slightly other numbers"),
    ("learning-rate", BUNDLED.learning_rate, "at the start"),
    ("context-weight", 1.0, "of the context table, 0 to 1"),
    ("whitening", 0.2, "of the sums, 0 to 0.5"),
)
@token_options
def train_vectors(
    corpus: tuple[Path, ...],
    out: Path,
    movie_words: Path,
    size: int,
    context_weight: float,
    whitening: float,
    options: "TokenOptions",
    **word2vec: Any,
) -> None:
    """Train word vectors from texts, as the bundled ones were trained."""
    from embedlab.lessons.word2vec.gensim_engine import Word2VecConfig
    from embedlab.recipes import predicted

    predicted.train_vectors(
        list(corpus),
        out,
        predicted.read_movie_words(movie_words),
        predicted.Recipe(Word2VecConfig(**word2vec), context_weight, whitening, size),
        options,
        say=_say,
    )
    print(f"Written to {out}")


@click.command(epilog=f"example: {PROGRAM} resample-vectors wiki.txt more.txt.bz2 --out data/resampled")
@corpus_argument
@folder_option
@settings(
    ("runs", 5, "that are written; one more is trained, of which results are kept"),
    ("words", 30_000_000, "drawn for each run"),
    ("size", 20_000, "most frequent words to write"),
)
@token_options
def resample_vectors(
    corpus: tuple[Path, ...], out: Path, runs: int, words: int, size: int, options: "TokenOptions"
) -> None:
    """Train small vectors on resampled text, to see what does not hang on the draw."""
    from embedlab.recipes import resampled

    recipe = resampled.ResampledRecipe(runs=runs, words=words, size=size)
    resampled.resample_vectors(list(corpus), out, recipe, options, say=_say)
    print(f"Written to {out}")


@click.command(epilog=f"example: {PROGRAM} count-vectors wiki.txt more.txt.bz2 --out counted")
@corpus_argument
@folder_option
@settings(
    ("window", 5, "words to either side"),
    ("shift", 1.0, "k of the shifted PPMI"),
    ("exponent", 1.0, "context counts are raised to it, 0 to 1"),
    ("dimensions", 100, "numbers a word"),
    ("power", 0.25, "of the singular values, 0 to 1"),
    ("skipped", 1, "directions of the largest singular values that are left out"),
    ("size", 20_000, "most frequent words to count and to write"),
    ("seed", 1, "where the decomposition starts from"),
)
@token_options
def count_vectors(
    corpus: tuple[Path, ...], out: Path, skipped: int, size: int, options: "TokenOptions", **counting: Any
) -> None:
    """Count word vectors from texts, as the second bundled set was made."""
    from embedlab.lessons.counting.cooccurrence import CountConfig
    from embedlab.recipes import counted

    recipe = counted.CountedRecipe(CountConfig(**counting), skipped, size)
    counted.count_vectors(list(corpus), out, recipe, options, say=_say)
    print(f"Written to {out}")


@click.command(epilog=f"example: {PROGRAM} train-letters --out data/letters_run.npz")
@npz_option
def train_letters(out: Path) -> None:
    """Train the run that the page Letters opens with."""
    from embedlab.lessons.letters.bundled import make_record

    _say("Training the letters model.")
    make_record(out)
    print(f"Written to {out}")


@click.command(epilog=f"example: {PROGRAM} answer-analogies --out data/analogy_answers.npz")
@npz_option
def answer_analogies(out: Path) -> None:
    """Answer Google's analogies with the bundled vectors, as the page Evaluate opens with."""
    from embedlab.evaluation.bundled import save_answers

    _say("Answering Google's analogies, with the inputs left out and left in.")
    save_answers(out)
    print(f"Written to {out}")


@click.command(epilog=f"example: {PROGRAM} record-runs --out data/runs")
@folder_option
def record_runs(out: Path) -> None:
    """Make the runs that Ten words, Word2vec, Count or predict, Transfer and Compare open with."""
    from embedlab.recipes import runs

    runs.record_runs(out, say=_say)
    print(f"Written to {out}")


@click.command(epilog=f"example: {PROGRAM} make-maps --out data/atlas")
@folder_option
def make_maps(out: Path) -> None:
    """Lay out the maps of both bundled sets, the counted one from the positions of the other."""
    from embedlab.recipes import maps

    maps.make_maps(out, say=_say)
    print(f"Written to {out}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


MAKERS = (
    train_vectors, resample_vectors, count_vectors, train_letters, answer_analogies, record_runs, make_maps,
)  # fmt: skip
