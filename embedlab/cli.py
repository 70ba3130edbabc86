"""The commands: neighbors | analogy | evaluate | compare | lay-out | debias | convert | download | app, and the makers
of the bundled files (`embedlab.recipes.commands`).

Installed they are `embedlab COMMAND`, in a checkout `python -m embedlab COMMAND`.
"""

import os
import runpy
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import partial, wraps
from io import TextIOWrapper
from math import isfinite
from pathlib import Path
from typing import Any, get_args

import click

from embedlab import __version__
from embedlab.atlas.layout import WORDS
from embedlab.checks import within
from embedlab.errors import EmbedlabError, InvalidSetting, InvalidText
from embedlab.formats.limits import OddRows
from embedlab.library import bundled, memory
from embedlab.library.given import Reading, give, give_folder
from embedlab.places import PROGRAM, ROOT
from embedlab.recipes.commands import FILE, MAKERS
from embedlab.vectors import queries
from embedlab.vectors.spelling import look_up, remarks
from embedlab.vectors.subwords import composed_note
from embedlab.vectors.word_vectors import WordVectors

EXIT_OK, EXIT_REFUSED, EXIT_STOPPED = 0, 1, 130  # click's own errors, a command it cannot read, carry a 2
# By word, where a file is asked for.
SHIPPED = dict(zip(bundled.WORDS, (bundled.bundled_vectors, bundled.counted_vectors), strict=True))
UPLOAD = 4_000  # MB of a file that is dropped on the app; on a machine of one's own memory is the limit
# Options that answer what a refused file asks for.
ASKED = {
    "anyway": "--odd-rows any", "encoding": "--encoding NAME", "words": "--words FILE", "member": "--member NAME",
    "columns": "--word-column, --vector-column, --heading", "matrix": "--words FILE beside the numbers",
}  # fmt: skip
SHOWN = 8  # words that agree least and most


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
        option = ASKED.get(getattr(error, "asks", ""), "")
        print(f"embedlab: {error}{f' ({option})' if option else ''}", file=sys.stderr)
        return EXIT_REFUSED
    except BrokenPipeError:  # the reader, such as head, has enough; nothing is written at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("embedlab: stopped", file=sys.stderr)
        return EXIT_STOPPED
    return EXIT_OK


@click.group(context_settings={"show_default": True, "help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="embedlab", message="%(prog)s %(version)s")
def commands() -> None:
    """Query, evaluate, compare, convert and train word vectors, and the app itself."""


for maker in MAKERS:
    commands.add_command(maker)


def command(example: str) -> Callable[[Callable[..., None]], click.Command]:
    """Adds a function to the commands, under its own name and with an example of its use."""

    def add(run: Callable[..., None]) -> click.Command:
        return commands.command(epilog=f"example: {PROGRAM} {run.__name__.replace('_', '-')} {example}")(run)

    return add


def reading_options(run: Callable[..., None]) -> Callable[..., None]:
    """The options of all commands that take vector files; the command gets one `reading`."""

    @click.option("--encoding", help="of the words (default: UTF-8, or what the file says)")
    @click.option("--member", metavar="NAME", help="which file of several, tensor of a model or column of vectors")
    @click.option("--words", metavar="FILE", help="the words of a file of numbers, such as one a line")
    @click.option("--with", "beside", multiple=True, metavar="FILE",
                  help="a further file that belongs to it, such as a model's tokenizer.json")  # fmt: skip
    @click.option("--limit", "keep", type=int, metavar="N", help="only the first N words")
    @click.option("--word-column", metavar="NAME", help="a table's column of words, by its name or number from 1")
    @click.option("--vector-column", metavar="NAME", help="its column of vectors, where there are several")
    @click.option(
        "--heading/--no-heading", default=None, help="whether its first line is a heading (default: find out)"
    )
    @click.option("--odd-rows", type=click.Choice(get_args(OddRows)), default="few",
                  help="how many rows that do not fit may be left out")  # fmt: skip
    @wraps(run)
    def with_reading(**given: Any) -> None:
        chosen = {field.name: given.pop(field.name) for field in fields(Reading)}
        run(reading=Reading(**chosen), **given)

    return with_reading


def vectors_option(run: Callable[..., None]) -> Callable[..., None]:
    """The option for a file, and those for how it is read; the command gets its `vectors`."""

    @click.option("--vectors", "file", type=FILE, metavar="FILE",
                  help="a vector file, or counted for the counted vectors (default: the bundled vectors)")  # fmt: skip
    @reading_options
    @wraps(run)
    def with_vectors(*, file: Path | None, reading: Reading, **others: Any) -> None:
        run(vectors=_vectors(file or Path("bundled"), reading), **others)

    return with_vectors


@command("king -k 5")
@click.argument("word", help="capitals do not matter where only one spelling is known")
@click.option("-k", type=int, default=10, metavar="N", help="how many words")
@vectors_option
def neighbors(vectors: WordVectors, word: str, k: int) -> None:
    """Words nearest to a word, with their cosine similarities."""
    (word,) = _words(vectors, word)
    _show(queries.nearest_neighbors(vectors, word, k))
    _say_composed(vectors, word)


@command("man king woman")
@click.argument("a", help="the word that stands to B ...")
@click.argument("b", help="... as this one,")
@click.argument("c", help="and the word that stands so to the answer")
@click.option("-k", type=int, default=10, metavar="N", help="how many answers")
@click.option(
    "--method",
    type=click.Choice(["3cosadd", "3cosmul"]),
    default="3cosadd",
    help="rank answers by the cosine to the sum, or by a product",
)
@click.option("--include-inputs", is_flag=True, help="let the given words be answers too")
@vectors_option
def analogy(vectors: WordVectors, a: str, b: str, c: str, k: int, method: Any, include_inputs: bool) -> None:
    """What completes "A is to B as C is to ...": man king woman asks for words near king - man + woman."""
    a, b, c = _words(vectors, a, b, c)
    _show(queries.analogy(vectors, [b, c], [a], k, method=method, include_inputs=include_inputs))
    _say_composed(vectors, a, b, c)


@command("glove.6B.100d.txt --pairs MEN.txt --analogies BATS_3.0")
@click.argument("file", type=FILE, required=False, help="a vector file, or counted for the counted vectors")
@click.option("--vectors", type=FILE, metavar="FILE", help="the same as the argument")
@click.option("--pairs", type=FILE, multiple=True, metavar="FILE",
              help="word pairs with judgements, such as those of MEN, in place of the usual tests")  # fmt: skip
@click.option("--analogies", type=FILE, multiple=True, metavar="FILE", help="analogies, or a folder of them (BATS)")
@click.option("--groups", type=FILE, multiple=True, metavar="FILE",
              help="words with an odd one last in each line, or marked: breakfast cereal* lunch")  # fmt: skip
@click.option("--categories", type=FILE, multiple=True, metavar="FILE", help="a word and its category in each line")
@click.option("--errors", type=int, default=3, metavar="N", help="how many errors of these tests are listed")
@click.option("--test-encoding", metavar="NAME", help="of the files of tests (default: UTF-8, or their mark)")
@reading_options
def evaluate(file: Path | None, vectors: Path | None, errors: int, test_encoding: str | None, reading: Reading,
             **own: tuple[Path, ...]) -> None:  # fmt: skip
    """Score vectors: Google's analogies by section, then agreement with people on the similarity of words.

    Or by tests of your own, where files of them are given.
    """
    from embedlab.evaluation import question_sets, scores
    from embedlab.evaluation.own import report
    from embedlab.evaluation.own.analogy_files import AnalogyQuestions, read_analogies

    if file and vectors:
        raise click.UsageError(f"Give the vectors once: {file}, or --vectors {vectors}.")
    within("number of errors", errors, 0)
    usual = not any(own.values())
    if test_encoding and usual:
        raise click.UsageError("The encoding of which tests? Name a file: --pairs FILE.")
    asked: list[AnalogyQuestions | None] = [read_analogies(path, encoding=test_encoding) for path in own["analogies"]]
    asked += [None] * usual
    evaluated = _vectors(vectors or file or Path("bundled"), reading)
    for questions in asked:
        with _progress_bar("Analogies") as progress:
            score = scores.analogy_accuracy(evaluated, questions, progress=progress)
        print(*report.analogies(score, 0 if usual else errors), "", sep="\n")
    for kind in ("pairs", "groups", "categories"):
        for path in own[kind]:
            print(*getattr(report, kind)(evaluated, path, errors, test_encoding), "", sep="\n")
    if not usual:
        return
    print(f"{'similarity':34} Spearman   pairs of all")
    for name in question_sets.SIMILARITY_SETS:
        judged = scores.similarity_correlation(evaluated, name)
        spearman = f"{judged.spearman:.3f}" if isfinite(judged.spearman) else "–"  # too few pairs
        print(f"{name:34} {spearman:>8}   {judged.covered:,} of {judged.total:,}")


@command("glove.6B.50d.txt counted -k 20")
@click.argument("a", type=FILE, help="a vector file, or bundled, or counted")
@click.argument("b", type=FILE, help="another one")
@click.option("-k", type=int, default=10, metavar="N", help="nearest words of either space that are compared")
@click.option("--ranked", type=int, default=1_000, metavar="N",
              help="words whose neighbors are compared, the first of A that B holds too")  # fmt: skip
@reading_options
def compare(a: Path, b: Path, k: int, ranked: int, reading: Reading) -> None:
    """How far two sets of vectors agree: neighbor overlap, alignment, linear CKA."""
    import numpy as np

    from embedlab.comparison.agreement import Agreement
    from embedlab.comparison.alignment import turn
    from embedlab.comparison.cka import linear_cka
    from embedlab.comparison.overlap import MOST_SHARED, share

    within("number of words to compare", ranked, 1)
    within("number of neighbors", k, 1)
    first, second = _vectors(a, reading), _vectors(b, reading)
    shared = share(first, second, MOST_SHARED)
    for name, vectors in ((a.name, first), (b.name, second)):
        print(f"{name}: {len(vectors):,} words, {vectors.dimensions} dimensions")
    print(f"shared words      {len(shared.words):,}")
    if shared.is_one_space:
        print("one space         both give these words the same vectors: there is nothing to rank")
        return
    count = min(ranked, len(shared.words))
    blocks, total = [], -(-count // shared.rows_at_once)
    with _progress_bar("Neighbors") as progress:
        for block in shared.overlaps(k, np.arange(count)):
            blocks.append(block)
            progress(len(blocks), total)
    found = Agreement.of_blocks(shared, blocks, k)
    turned, _ = turn(shared, (a.name, b.name))
    least, most = found.extremes(SHOWN)
    print(
        f"neighbor overlap  {found.mean:.1%} of the {found.k} nearest, {found.chance:.2%} by chance ({count:,} words)"
    )
    print(f"alignment         {turned.mean_similarity:.3f} mean cosine, after {a.name} was turned onto {b.name}")
    print(f"linear CKA        {linear_cka(shared):.3f}, 1 where all similarities are alike")
    for said, rows in (("agree most", most), ("agree least", least)):
        print(f"{said:16}  {', '.join(f'{found.words[row]} {found.overlaps[row]:.0%}' for row in rows)}")


@command("glove.6B.50d.txt -o map.npz")
@click.argument("source", type=FILE, metavar="VECTORS", help="a vector file, or bundled, or counted")
@click.option("-o", "--out", type=FILE, required=True, metavar="FILE", help="the .npz file to write")
@click.option("--laid-out", "count", type=int, default=WORDS, metavar="N",
              help="words laid out by t-SNE; all others are placed beside their nearest")  # fmt: skip
@click.option("--seed", type=int, default=0, metavar="N", help="same seed, same map")
@click.option("--start", type=FILE, metavar="FILE", help="a map to begin with, so that the two can be compared")
@reading_options
def lay_out(source: Path, out: Path, count: int, seed: int, start: Path | None, reading: Reading) -> None:
    """Lay out all words on one map, as the page Atlas shows it; two minutes for 50,000."""
    from embedlab.atlas import files, kept_maps, layout

    begin = None if start is None else files.read_map(start).word_map
    vectors = _vectors(source, reading)
    steps = layout.lay_out(vectors, words=count, seed=seed, start=begin)
    try:
        out.open("ab").close()  # before the long work
    except OSError as error:
        raise InvalidSetting(f"{out} cannot be written ({error.strerror}): give another path.") from None
    found = layout.finished(steps, say=_say_on_terminal)
    out.write_bytes(files.map_bytes(found, key=kept_maps.checksum(vectors)))
    print(f"{out}: {len(found.words):,} words on one map; "
          f"{found.share_kept:.0%} of the {found.nearest} nearest words are kept near")  # fmt: skip


@command("glove.6B.50d.txt debiased.txt --method half-sibling")
@click.argument("source", type=FILE, help="a vector file, or bundled, or counted")
@click.argument("target", type=FILE, help="the file to write")
@click.option("--method", type=click.Choice(["hard", "half-sibling"]), default="hard", help="how gender is removed")
@reading_options
def debias(source: Path, target: Path, method: Any, reading: Reading) -> None:
    """Remove gender from vectors; the page Evaluate says what that costs and what is left."""
    from embedlab.evaluation.bias import effects
    from embedlab.formats.writing import format_of, write_vectors

    format = format_of(target)
    vectors = _vectors(source, reading)
    write_vectors(effects.debias(vectors, method), target, format=format)
    print(f"{target}: {len(vectors):,} words without gender, by the method {method}")


@command("glove.6B.50d.txt glove.bin --format word2vec-binary")
@click.argument("source", type=FILE, help="a vector file of any known format")
@click.argument("target", type=FILE, help="the file to write")
@click.option("--format", help="word2vec-text, word2vec-binary, glove, npz, projector-tsv or safetensors "
              "(default: from the target's name)")  # fmt: skip
@reading_options
def convert(source: Path, target: Path, format: str | None, reading: Reading) -> None:
    """Rewrite a vector file in another format, with a report of what was read."""
    from embedlab import formats

    _say_on_terminal(f"Reading {source}, writing {target}.")
    report = formats.convert(
        [source, *map(Path, reading.beside)], target, format=format, member=reading.member, encoding=reading.encoding,
        words=Path(reading.words) if reading.words else None, columns=reading.columns,
        limits=reading.limited(memory.limits()),
    )  # fmt: skip
    print(report)


@command("glove-wiki-gigaword-50 text8")
@click.argument("names", nargs=-1, required=True, help="of vectors on the page Vectors, or of a lesson's text: text8, "
                "makemore-names, film-reviews")  # fmt: skip
def download(names: Sequence[str]) -> None:
    """Download what the app offers, so that no visitor waits for it; what is here already stays."""
    from embedlab.lessons.letters import makemore
    from embedlab.lessons.transfer.data import film_reviews
    from embedlab.library import catalogue
    from embedlab.library.download import download as fetch

    folder = catalogue.downloads_folder()
    offered: dict[str, Callable[[], Iterator[object]]] = {
        "text8": catalogue.download_text8,
        "makemore-names": lambda: fetch(makemore.WANTED, folder),
        "film-reviews": lambda: fetch(film_reviews.WANTED, folder),
    }
    offered |= {name: partial(catalogue.fetch, entry) for name, entry in catalogue.vector_entries().items()}
    if unknown := [name for name in names if name not in offered]:
        raise InvalidSetting(f"“{unknown[0]}” is not offered: choose from {', '.join(offered)}.")
    for name in names:
        _say_on_terminal(f"Downloading {name}.")
        for _ in offered[name]():
            pass
        print(f"{name}: here", flush=True)


@command("glove.6B.100d.txt")
@click.argument("file", type=FILE, required=False, help="a vector file, which is then chosen")
@click.option("--folder", type=FILE, metavar="FOLDER", help="its files can be opened in the app, without an upload")
@click.option("--address", default="localhost", metavar="ADDRESS",
              help="where the app can be opened; 0.0.0.0: from every machine on the network")  # fmt: skip
@click.option("--port", type=int, metavar="N", help="its port (default: 8501, or the next that is free)")
@reading_options
def app(file: Path | None, folder: Path | None, address: str, port: int | None, reading: Reading) -> None:
    """Open the app in the browser. Ctrl-C ends it."""
    if file is not None:
        _check_is_file(file)
        give(file, reading)
    elif reading != Reading():
        raise click.UsageError("How to read which file? Name it: embedlab app FILE.")
    if folder is not None:
        if not folder.is_dir():
            raise InvalidText(f"{folder} is not a folder: give the path of one that holds vector files.")
        give_folder(folder)
    # In this very process: a signal that ends the command ends the server, and there is no child to be left behind.
    settings = [f"--server.maxUploadSize={UPLOAD}", f"--server.address={address}"]
    settings += [] if port is None else [f"--server.port={port}"]
    sys.argv = ["streamlit", "run", str(ROOT / "streamlit_app.py"), *settings]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


@contextmanager
def _progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, and none elsewhere; takes the parts that are done and all of them."""
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def report(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield report


def _say_on_terminal(line: str) -> None:
    """What is being done, for who waits; nothing where the output goes into a file or another program."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)


def _say_composed(vectors: WordVectors, *asked: str) -> None:
    """Says of words that the file does not hold what their vectors are made of."""
    if composed := [word for word in asked if word not in vectors]:
        print(composed_note(composed, len(vectors)), file=sys.stderr)


def _words(vectors: WordVectors, *typed: str) -> list[str]:
    """The words that are meant; says what was done where that is not plain."""
    matches = [look_up(vectors, text) for text in typed]
    for said in remarks(matches):
        print(said, file=sys.stderr)
    return [match.word for match in matches]


def _show(answer: Sequence[queries.Neighbor]) -> None:
    if not answer:
        print("These vectors hold no other word.", file=sys.stderr)
    width = max((len(neighbor.word) for neighbor in answer), default=0)
    for neighbor in answer:
        print(f"{neighbor.word:{width}}  {neighbor.similarity:.3f}")


def _vectors(file: Path, reading: Reading) -> WordVectors:
    if str(file) in SHIPPED and not file.exists():
        if reading != Reading(keep=reading.keep):
            raise click.UsageError(f"“{file}” ships with embedlab: encoding, member and words are for files.")
        vectors = SHIPPED[str(file)]()
        return vectors if reading.keep is None else vectors.restrict(reading.keep)
    _check_is_file(file)
    _say_on_terminal(f"Reading {file}.")
    return reading.read(file, name=file.name)[0]


def _check_is_file(file: Path) -> None:
    if not (file.is_file() or file.is_dir()):
        raise InvalidText(f"{file} is not a file: give the path of a vector file, or of a model's folder.")
