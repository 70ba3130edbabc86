"""The commands: neighbors | analogy | evaluate | convert | app, and the makers of the bundled files: train-vectors |
count-vectors | train-letters | answer-analogies.

Installed they are `embedlab COMMAND`, in a checkout `python -m embedlab COMMAND`.
"""

import os
import runpy
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from math import isfinite
from pathlib import Path
from typing import Any

import click

from embedlab import __version__
from embedlab.errors import EmbedlabError, InvalidText
from embedlab.lessons.word2vec.gensim_engine import BUNDLED
from embedlab.library import bundled, memory
from embedlab.places import GIVEN_FILE, ROOT
from embedlab.vectors import queries
from embedlab.vectors.spelling import known_form
from embedlab.vectors.word_vectors import WordVectors

EXIT_OK, EXIT_REFUSED, EXIT_STOPPED = 0, 1, 130  # click's own errors, a command it cannot read, carry a 2
PROGRAM = "python -m embedlab" if Path(sys.argv[0]).name == "__main__.py" else "embedlab"
FILE = click.Path(path_type=Path)  # what is wrong with a path is said by what opens it


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without the letters of some words
    try:
        # Not click's own `main`: that one has other exit codes for a closed pipe and for Ctrl-C.
        with commands.make_context(PROGRAM, list(sys.argv[1:] if arguments is None else arguments)) as context:
            commands.invoke(context)
    except click.exceptions.Exit as left:  # --help and --version
        return left.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except EmbedlabError as error:
        print(f"embedlab: {error}", file=sys.stderr)
        return EXIT_REFUSED
    except BrokenPipeError:  # whoever reads, such as head, has enough; nothing is left to say at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("embedlab: stopped", file=sys.stderr)
        return EXIT_STOPPED
    return EXIT_OK


@click.group(context_settings={"show_default": True, "help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="embedlab", message="%(prog)s %(version)s")
def commands() -> None:
    """Query, evaluate, convert and train word vectors, and the app itself."""


def command(example: str) -> Callable[[Callable[..., None]], click.Command]:
    """Adds a function to the commands, under its own name and with an example of its use."""

    def add(run: Callable[..., None]) -> click.Command:
        name = run.__name__.replace("_", "-")
        return commands.command(name, epilog=f"example: {PROGRAM} {name} {example}".rstrip())(run)

    return add


def settings(*table: tuple[str, int | float, str]) -> Callable[[Any], Any]:
    """Options for numbers, each with its default and what it is."""

    def add(run: Any) -> Any:
        for name, value, text in reversed(table):
            run = click.option(f"--{name}", type=type(value), default=value, help=text)(run)
        return run

    return add


vectors_option = click.option(
    "--vectors", "file", type=FILE, metavar="FILE", help="a vector file (default: the bundled vectors)"
)
corpus_argument = click.argument("corpus", type=FILE, nargs=-1, required=True)
folder_option = click.option("--out", type=FILE, required=True, metavar="DIR", help="folder to write")
npz_option = click.option("--out", type=FILE, required=True, metavar="FILE", help="the .npz file to write")


@command("king -k 5")
@click.argument("word")
@click.option("-k", type=int, default=10, metavar="N", help="how many words")
@vectors_option
def neighbors(word: str, k: int, file: Path | None) -> None:
    """Words nearest to a word, with their cosine similarities. Capitals do not matter where only one spelling is
    known."""
    vectors = _vectors(file)
    _show(queries.nearest_neighbors(vectors, known_form(vectors, word), k))


@command("man king woman")
@click.argument("a")
@click.argument("b")
@click.argument("c")
@click.option("-k", type=int, default=10, metavar="N", help="how many answers")
@click.option(
    "--method",
    type=click.Choice(["3cosadd", "3cosmul"]),
    default="3cosadd",
    help="rank answers by the cosine to the sum, or by a product",
)
@click.option("--include-inputs", is_flag=True, help="let the given words be answers too")
@vectors_option
def analogy(a: str, b: str, c: str, k: int, method: Any, include_inputs: bool, file: Path | None) -> None:
    """What completes "A is to B as C is to ...": man king woman asks for words near king - man + woman."""
    vectors = _vectors(file)
    a, b, c = (known_form(vectors, word) for word in (a, b, c))
    _show(queries.analogy(vectors, [b, c], [a], k, method=method, include_inputs=include_inputs))


@command("--vectors glove.6B.100d.txt")
@vectors_option
def evaluate(file: Path | None) -> None:
    """Score vectors: Google's analogies by section, then agreement with people on the similarity of words."""
    from embedlab.evaluation import question_sets, scores

    vectors = _vectors(file)
    score = scores.analogy_accuracy(vectors)
    print(f"{'analogies':34} accuracy   asked of all")
    for section in (*score.sections, score.overall):
        accuracy = f"{section.accuracy:.1%}" if section.covered else "–"
        print(f"{section.name:34} {accuracy:>8}   {section.covered:,} of {section.total:,}")
    print(f"\n{'similarity':34} Spearman   pairs of all")
    for name in question_sets.SIMILARITY_SETS:
        judged = scores.similarity_correlation(vectors, name)
        spearman = f"{judged.spearman:.3f}" if isfinite(judged.spearman) else "–"  # too few pairs
        print(f"{name:34} {spearman:>8}   {judged.covered:,} of {judged.total:,}")


@command("glove.6B.50d.txt glove.bin --format word2vec-binary")
@click.argument("source", type=FILE)
@click.argument("target", type=FILE)
@click.option("--format", help="word2vec-text, word2vec-binary, glove, npz, projector-tsv or safetensors "
              "(default: from the target's name)")  # fmt: skip
@click.option("--member", metavar="NAME", help="which file of a zip, or tensor of a safetensors file")
@click.option("--encoding", help="of the source's words (default: UTF-8, or what the file says)")
@click.option("--words", type=FILE, metavar="FILE", help="the words of a source of numbers, one a line")
def convert(source: Path, target: Path, **chosen: Any) -> None:
    """Rewrite a vector file in another format, with a report of what was read."""
    from embedlab import formats

    print(formats.convert(source, target, limits=memory.limits(), **chosen))


@command("glove.6B.100d.txt")
@click.argument("file", type=FILE, required=False)
def app(file: Path | None) -> None:
    """Open the app in the browser; with a file, its vectors are chosen. Ctrl-C ends it."""
    if file is not None:
        _check_is_file(file)
        os.environ[GIVEN_FILE] = str(file.resolve())
    # In this very process: a signal that ends the command ends the server, and there is no child to be left behind.
    sys.argv = ["streamlit", "run", str(ROOT / "streamlit_app.py")]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


@command("wiki.txt more.txt.bz2 --out vectors")
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
def train_vectors(
    corpus: tuple[Path, ...],
    out: Path,
    movie_words: Path,
    size: int,
    context_weight: float,
    whitening: float,
    **word2vec: Any,
) -> None:
    """Train word vectors from texts, as the bundled ones were trained. CORPUS is text, a paragraph a line; plain, .gz
    or .bz2."""
    from embedlab.lessons.word2vec.gensim_engine import Word2VecConfig
    from embedlab.recipes import predicted

    predicted.train_vectors(
        list(corpus),
        out,
        predicted.read_movie_words(movie_words),
        predicted.Recipe(Word2VecConfig(**word2vec), context_weight, whitening, size),
        say=_progress,
    )
    print(f"Written to {out}")


@command("wiki.txt more.txt.bz2 --out counted")
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
def count_vectors(corpus: tuple[Path, ...], out: Path, skipped: int, size: int, **counting: Any) -> None:
    """Count word vectors from texts, as the second bundled set was made. CORPUS is text, a paragraph a line; plain,
    .gz or .bz2."""
    from embedlab.lessons.counting.cooccurrence import CountConfig
    from embedlab.recipes import counted

    recipe = counted.CountedRecipe(CountConfig(**counting), skipped, size)
    counted.count_vectors(list(corpus), out, recipe, say=_progress)
    print(f"Written to {out}")


@command("--out data/letters_run.npz")
@npz_option
def train_letters(out: Path) -> None:
    """Train the run that the page Letters opens with."""
    from embedlab.lessons.letters.bundled import make_record

    make_record(out)
    print(f"Written to {out}")


@command("--out data/analogy_answers.npz")
@npz_option
def answer_analogies(out: Path) -> None:
    """Answer Google's analogies with the bundled vectors, as the page Evaluate opens with."""
    from embedlab.evaluation.bundled import save_answers

    save_answers(out)
    print(f"Written to {out}")


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _show(answer: Sequence[queries.Neighbor]) -> None:
    width = max((len(neighbor.word) for neighbor in answer), default=0)
    for neighbor in answer:
        print(f"{neighbor.word:{width}}  {neighbor.similarity:.3f}")


def _vectors(file: Path | None) -> WordVectors:
    """The bundled vectors, or a file's."""
    if file is None:
        return bundled.bundled_vectors()
    _check_is_file(file)
    from embedlab.formats import read_vectors

    return read_vectors(file, name=file.name, limits=memory.limits())[0]


def _check_is_file(file: Path) -> None:
    if not file.is_file():
        raise InvalidText(f"{file} is not a file: give the path of a vector file.")
