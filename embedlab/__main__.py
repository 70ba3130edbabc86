"""Command line: python -m embedlab neighbors | analogy | evaluate | convert, and the makers of the bundled files:
train-vectors | count-vectors | train-letters | answer-analogies."""

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from math import isfinite
from pathlib import Path

from embedlab import __version__
from embedlab.errors import EmbedlabError, InvalidText
from embedlab.library import bundled, memory
from embedlab.vectors import queries
from embedlab.vectors.spelling import known_form
from embedlab.vectors.word_vectors import WordVectors

EXIT_OK, EXIT_REFUSED, EXIT_STOPPED = 0, 1, 130  # argparse itself exits with 2 on a command it cannot read


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without the letters of some words
    try:
        options.run(options)
    except EmbedlabError as error:
        print(f"embedlab: {error}", file=sys.stderr)
        return EXIT_REFUSED
    except BrokenPipeError:  # whoever reads, such as head, has enough; nothing is left to say at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("embedlab: stopped", file=sys.stderr)
        return EXIT_STOPPED
    return EXIT_OK


def neighbors(options: argparse.Namespace) -> None:
    """Words nearest to a word, with their cosine similarities."""
    vectors = _vectors(options)
    _show(queries.nearest_neighbors(vectors, known_form(vectors, options.word), options.k))


def analogy(options: argparse.Namespace) -> None:
    """What completes "man is to king as woman is to ...": words near king - man + woman."""
    vectors = _vectors(options)
    a, b, c = (known_form(vectors, word) for word in (options.a, options.b, options.c))
    _show(
        queries.analogy(
            vectors,
            [b, c],
            [a],
            options.k,
            method=options.method,
            include_inputs=options.include_inputs,
        )
    )


def evaluate(options: argparse.Namespace) -> None:
    """Score vectors: Google's analogies by section, then agreement with people on the similarity of words."""
    from embedlab.evaluation import question_sets, scores

    vectors = _vectors(options)
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


def convert(options: argparse.Namespace) -> None:
    """Rewrite a vector file in another format, with a report of what was read."""
    from embedlab import formats

    chosen = {name: getattr(options, name) for name in ("format", "member", "encoding", "words")}
    print(formats.convert(options.source, options.target, limits=memory.limits(), **chosen))


def train_vectors(options: argparse.Namespace) -> None:
    """Train word vectors from texts, as the bundled ones were trained."""
    from embedlab.lessons.word2vec.gensim_engine import Word2VecConfig
    from embedlab.recipes import predicted

    word2vec = Word2VecConfig(
        architecture=options.architecture,
        dimensions=options.dimensions,
        window=options.window,
        negatives=options.negatives,
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        min_count=options.min_count,
        seed=options.seed,
        workers=options.workers,
    )
    predicted.train_vectors(
        options.corpus,
        options.out,
        predicted.read_movie_words(options.movie_words),
        predicted.Recipe(word2vec, options.context_weight, options.whitening, options.size),
        say=lambda line: print(line, file=sys.stderr, flush=True),
    )
    print(f"Written to {options.out}")


def count_vectors(options: argparse.Namespace) -> None:
    """Count word vectors from texts, as the second bundled set was made."""
    from embedlab.lessons.counting.cooccurrence import CountConfig
    from embedlab.recipes import counted

    counting = CountConfig(
        window=options.window,
        shift=options.shift,
        exponent=options.exponent,
        dimensions=options.dimensions,
        power=options.power,
        seed=options.seed,
    )
    counted.count_vectors(
        options.corpus,
        options.out,
        counted.CountedRecipe(counting, options.skipped, options.size),
        say=lambda line: print(line, file=sys.stderr, flush=True),
    )
    print(f"Written to {options.out}")


def train_letters(options: argparse.Namespace) -> None:
    """Train the run that the page Letters opens with."""
    from embedlab.lessons.letters.bundled import make_record

    make_record(options.out)
    print(f"Written to {options.out}")


def answer_analogies(options: argparse.Namespace) -> None:
    """Answer Google's analogies with the bundled vectors, as the page Evaluate opens with."""
    from embedlab.evaluation.bundled import save_answers

    save_answers(options.out)
    print(f"Written to {options.out}")


def _show(answer: Sequence[queries.Neighbor]) -> None:
    width = max((len(neighbor.word) for neighbor in answer), default=0)
    for neighbor in answer:
        print(f"{neighbor.word:{width}}  {neighbor.similarity:.3f}")


def _vectors(options: argparse.Namespace) -> WordVectors:
    """The bundled vectors, or a file's."""
    if options.vectors is None:
        return bundled.bundled_vectors()
    if not options.vectors.is_file():
        raise InvalidText(f"{options.vectors} is not a file: give the path of a vector file.")
    from embedlab.formats import read_vectors

    return read_vectors(options.vectors, name=options.vectors.name, limits=memory.limits())[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m embedlab",
        description="Query, evaluate, convert and train word vectors. The app itself: streamlit run streamlit_app.py",
    )
    parser.add_argument("--version", action="version", version=f"embedlab {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(run, example: str) -> argparse.ArgumentParser:  # type: ignore[no-untyped-def]
        name = run.__name__.replace("_", "-")
        sub = commands.add_parser(
            name,
            help=run.__doc__.rstrip("."),
            description=run.__doc__,
            epilog=f"example: python -m embedlab {name} {example}",
        )
        sub.set_defaults(run=run)
        return sub

    def querying(sub: argparse.ArgumentParser) -> argparse.ArgumentParser:
        sub.add_argument("--vectors", type=Path, metavar="FILE", help="a vector file (default: the bundled vectors)")
        return sub

    near = querying(command(neighbors, "king -k 5"))
    near.add_argument("word", help="capitals do not matter where only one spelling is known")
    near.add_argument("-k", type=int, default=10, metavar="N", help="how many words (default: 10)")

    like = querying(command(analogy, "man king woman"))
    like.add_argument("a", help="man ...")
    like.add_argument("b", help="... is to king ...")
    like.add_argument("c", help="... as woman is to what?")
    like.add_argument("-k", type=int, default=10, metavar="N", help="how many answers (default: 10)")
    like.add_argument("--method", choices=["3cosadd", "3cosmul"], default="3cosadd",
                      help="rank answers by the cosine to the sum, or by a product (default: 3cosadd)")  # fmt: skip
    like.add_argument("--include-inputs", action="store_true", help="let the given words be answers too")

    querying(command(evaluate, "--vectors glove.6B.100d.txt"))

    change = command(convert, "glove.6B.50d.txt glove.bin --format word2vec-binary")
    change.add_argument("source", type=Path, help="the file to read; its format is detected")
    change.add_argument("target", type=Path, help="the file to write")
    change.add_argument("--format", help="word2vec-text, word2vec-binary, glove, npz, projector-tsv or safetensors "
                        "(default: from the target's name)")  # fmt: skip
    change.add_argument("--member", metavar="NAME", help="which file of a zip, or tensor of a safetensors file")
    change.add_argument("--encoding", help="of the source's words (default: UTF-8, or what the file says)")
    change.add_argument("--words", type=Path, metavar="FILE", help="the words of a source of numbers, one a line")

    train = command(train_vectors, "wiki.txt more.txt.bz2 --out vectors")
    train.add_argument("corpus", type=Path, nargs="+", help="text, a paragraph a line; plain, .gz or .bz2")
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write")
    train.add_argument("--movie-words", type=Path, default=bundled.DATA / "movie_words.txt", metavar="FILE",
                       help="words whose learning is recorded, as “group: word word” lines")  # fmt: skip
    train.add_argument("--architecture", choices=["cbow", "skip-gram"], default="cbow")
    for name, value, text in (
        ("dimensions", 140, "numbers a word"),
        ("window", 10, "words to either side"),
        ("negatives", 20, "noise words for every true one"),
        ("epochs", 5, "passes over the text"),
        ("min-count", 40, "rarer words are left out"),
        ("size", 50_000, "most frequent words to write"),
        ("seed", 1, "of the initial vectors and the order of paragraphs"),
        ("workers", 1, "threads; with more than one, every run gives slightly other numbers"),
    ):
        train.add_argument(f"--{name}", type=int, default=value, help=f"{text} (default: {value})")
    train.add_argument("--learning-rate", type=float, default=0.05, help="at the start (default: 0.05)")
    train.add_argument("--context-weight", type=float, default=1.0, help="of the context table, 0 to 1 (default: 1)")
    train.add_argument("--whitening", type=float, default=0.2, help="of the sums, 0 to 0.5 (default: 0.2)")

    count = command(count_vectors, "wiki.txt more.txt.bz2 --out counted")
    count.add_argument("corpus", type=Path, nargs="+", help="text, a paragraph a line; plain, .gz or .bz2")
    count.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write")
    for name, number, text in (
        ("window", 5, "words to either side"),
        ("shift", 1.0, "k of the shifted PPMI"),
        ("exponent", 1.0, "context counts are raised to it, 0 to 1"),
        ("dimensions", 100, "numbers a word"),
        ("power", 0.25, "of the singular values, 0 to 1"),
        ("skipped", 1, "directions of the largest singular values that are left out"),
        ("size", 20_000, "most frequent words to count and to write"),
        ("seed", 1, "where the decomposition starts from"),
    ):
        count.add_argument(f"--{name}", type=type(number), default=number, help=f"{text} (default: {number:,})")

    learn = command(train_letters, "--out data/letters_run.npz")
    learn.add_argument("--out", type=Path, required=True, metavar="FILE", help="the .npz file to write")

    ask = command(answer_analogies, "--out data/analogy_answers.npz")
    ask.add_argument("--out", type=Path, required=True, metavar="FILE", help="the .npz file to write")
    return parser


if __name__ == "__main__":
    sys.exit(main())
