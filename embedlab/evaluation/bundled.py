"""How the bundled vectors answer Google's analogies, computed beforehand so that Evaluate opens with a result.

`python -m embedlab answer-analogies` makes the file; it holds only for the vectors and questions it was made from.
"""

import hashlib
import io
from pathlib import Path

import numpy as np

from embedlab.evaluation.analogies import Answers, SectionAnswers, answers, covered
from embedlab.evaluation.question_sets import QUESTIONS, analogy_questions
from embedlab.library import bundled
from embedlab.library.gensim_files import gensim_file
from embedlab.vectors.word_vectors import WordVectors

FILE = "analogy_answers.npz"
_MADE_FROM = ("vectors/matrix.npy", "vectors/words.txt")


def made_from() -> list[str]:
    """The sha256 of what the answers depend on, as it is now."""
    questions = hashlib.sha256(gensim_file(QUESTIONS).read_bytes()).hexdigest()
    return [*(bundled.registry()[file]["sha256"] for file in _MADE_FROM), questions]


def bundled_answers(vectors: WordVectors) -> Answers | None:
    """The answers of the bundled vectors by 3CosAdd; None where the file is missing or no longer fits.

    Args:
        vectors: the bundled ones.
    """
    if not bundled.is_here(FILE):
        return None
    with np.load(bundled.path(FILE), allow_pickle=False) as file:
        if file["made_from"].tolist() != made_from():
            return None
        columns = [file[name].astype(np.int32) for name in ("best", "left_in", "place")]  # (N,) over all sections
    sections: list[SectionAnswers] = []
    start = 0
    for name, asked in analogy_questions().items():
        which, rows = covered(vectors, asked)
        end = start + len(which)
        sections.append(SectionAnswers(name, len(asked), which, rows, *(column[start:end] for column in columns)))
        start = end
    return Answers(vectors, tuple(sections))


def save_answers(path: Path) -> None:
    """Answers the questions and writes the file."""
    *_, found = answers(bundled.bundled_vectors(), analogy_questions())
    best, left_in, place = (
        np.concatenate([getattr(section, name) for section in found.sections]).astype(np.uint16)
        for name in ("best", "left_in", "place")
    )
    stream = io.BytesIO()
    np.savez_compressed(stream, made_from=np.array(made_from()), best=best, left_in=left_in, place=place)
    path.write_bytes(stream.getvalue())
