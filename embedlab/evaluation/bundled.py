"""How the bundled vectors answer Google's analogies, computed beforehand so that Evaluate opens with a result.

`python -m embedlab answer-analogies` makes the file; it holds only for the vectors and questions it was made from.
"""

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np

from embedlab.evaluation.analogies import Answers, SectionAnswers, answers
from embedlab.evaluation.question_sets import QUESTIONS, analogy_questions
from embedlab.library import bundled
from embedlab.library.gensim_files import gensim_file
from embedlab.vectors.word_vectors import WordVectors

FILE = "analogy_answers.npz"
_COLUMNS = ("asked", "rows", "best", "left_in", "place")  # of `SectionAnswers`, one section after the other
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
        ends = np.cumsum(file["covered"])[:-1]
        columns = [np.split(file[name].astype(np.int32), ends) for name in _COLUMNS]
    asked = analogy_questions().items()
    sections = [SectionAnswers(name, len(every), *of) for (name, every), *of in zip(asked, *columns, strict=True)]
    return Answers(vectors, tuple(sections))


def save_answers(path: Path) -> None:
    """Answers the questions and writes the file."""
    *_, found = answers(bundled.bundled_vectors(), analogy_questions())
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(section, name) for section in found.sections]).astype(np.uint16)
        for name in _COLUMNS
    }
    sizes = np.array([len(section.asked) for section in found.sections], np.uint16)
    stream = io.BytesIO()
    np.savez_compressed(stream, made_from=np.array(made_from()), covered=sizes, **columns)
    path.write_bytes(stream.getvalue())
