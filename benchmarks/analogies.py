"""Answering Google's 19,544 analogies: embedlab, gensim, and a plain loop in NumPy.

    python -m benchmarks.analogies                  the bundled vectors
    python -m benchmarks.analogies --vectors FILE   those of a file, such as GloVe's

The plain loop answers 512 questions with one matrix product, the input words left out, and does nothing else;
embedlab also finds the place of the right answer, and the answers with the inputs left in. All answer by 3CosAdd, in
turn; gensim once, since it takes so long. How many each gets right is noted.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks import machine
from benchmarks.figures import Row, Scale, show
from embedlab.evaluation import analogy_accuracy, analogy_questions
from embedlab.evaluation.analogies import covered
from embedlab.evaluation.question_sets import Questions
from embedlab.formats import read_vectors
from embedlab.library.bundled import bundled_vectors
from embedlab.vectors.word_vectors import WordVectors

AT_ONCE = 512  # questions of the plain loop
TINY = 2_000  # words
REPEATS: dict[Scale, int] = {"full": 5, "quick": 3, "tiny": 1}


def plain(vectors: WordVectors, questions: Questions) -> int:
    """How many are right, by NumPy alone."""
    unit = vectors.unit_rows(np.arange(len(vectors)))  # (V, D)
    asked = np.concatenate([covered(vectors, section)[1] for section in questions.values()])  # (n, 4)
    right = 0
    for start in range(0, len(asked), AT_ONCE):
        a, b, c, d = asked[start : start + AT_ONCE].T
        scores = (unit[b] - unit[a] + unit[c]) @ unit.T  # (m, V)
        for inputs in (a, b, c):
            scores[np.arange(len(inputs)), inputs] = -np.inf
        right += int((scores.argmax(axis=1) == d).sum())
    return right


def embedlab(vectors: WordVectors, questions: Questions) -> int:
    return analogy_accuracy(vectors, questions).overall.correct


def gensim(vectors: WordVectors) -> Callable[[WordVectors, Questions], int]:
    """The same by gensim, which reads the questions from a file and gives capitals to all words."""
    from gensim.models import KeyedVectors

    keyed = KeyedVectors(vectors.dimensions)
    keyed.add_vectors(list(vectors.words), np.array(vectors.matrix))

    def answer(vectors: WordVectors, questions: Questions) -> int:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "questions.txt"
            sections = (f": {name}\n" + "\n".join(map(" ".join, asked)) for name, asked in questions.items())
            path.write_text("\n".join(sections) + "\n", "utf-8")
            _, found = keyed.evaluate_word_analogies(str(path), restrict_vocab=len(vectors))
        return len(found[-1]["correct"])  # the last are all sections together

    return answer


def compare(vectors: WordVectors, questions: Questions, repeats: int) -> Iterator[Row]:
    """Seconds, in turn."""
    right: dict[str, int] = {}

    def job(name: str, answer: Callable[[WordVectors, Questions], int]) -> Callable[[], None]:
        def run() -> None:
            right[name] = answer(vectors, questions)

        return run

    mine = job("embedlab", embedlab)
    mine()  # unit rows and what else is made once
    asked = sum(map(len, questions.values()))
    work = f"{asked:,} analogies, {len(vectors):,} x {vectors.dimensions}"
    loop, own = machine.in_turn([job("NumPy", plain), mine], repeats)
    yield Row(work, "s", own, f"NumPy, {AT_ONCE} at a time", loop, note=note(right, "NumPy"))
    slow, own = machine.in_turn([job("gensim", gensim(vectors)), mine], 1)
    yield Row(work, "s", own, "gensim", slow, note=note(right, "gensim"))


def note(right: dict[str, int], peer: str) -> str:
    return f"right: {right['embedlab']:,}, {peer} {right[peer]:,}"


def rows(scale: Scale = "full") -> Iterator[Row]:
    """Of the bundled vectors."""
    vectors, questions = bundled_vectors(), analogy_questions()
    if scale == "tiny":
        vectors, questions = vectors.restrict(TINY), {"family": questions["family"]}
    yield from compare(vectors, questions, REPEATS[scale])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=Path)
    given = parser.parse_args().vectors
    print(machine.describe())
    if given is None:
        show(rows())
    else:
        show(compare(read_vectors(given, name=given.name)[0], analogy_questions(), REPEATS["full"]))


if __name__ == "__main__":
    main()
