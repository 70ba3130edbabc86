"""Question sets: Google's analogies, WordSim-353 and SimLex-999, which gensim ships."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from embedlab.checks import one_of
from embedlab.errors import InvalidText
from embedlab.formats.text.encodings import decode
from embedlab.library.gensim_files import gensim_file

Question = tuple[str, str, str, str]  # a is to b as c is to d
Questions = Mapping[str, Sequence[Question]]  # by section
Pair = tuple[str, str, float]  # two words and the mean judgement of people
SIMILARITY_SETS = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}
QUESTIONS = "questions-words.txt"


def analogy_questions(path: Path | None = None, encoding: str | None = None) -> dict[str, list[Question]]:
    """Questions by section from a file in the format of Google's ``questions-words.txt``, which gensim ships.

    Args:
        encoding: of the file, one of `TEXT_CHOICES`; None: UTF-8, or what a byte-order mark says.

    Raises InvalidText: another encoding, or a line that is neither ``: section`` nor four words; the message names it.
    """
    path = path or gensim_file(QUESTIONS)
    sections: dict[str, list[Question]] = {}
    current: list[Question] | None = None
    for number, line in enumerate(decode(path.read_bytes(), path.name, encoding).splitlines(), 1):
        if line.startswith(":"):
            current = sections.setdefault(line[1:].strip(), [])
        elif line.strip():
            words = line.split()
            if len(words) != 4 or current is None:
                raise InvalidText(f"{path.name}, line {number}: expected four words below a “: section” line.")
            current.append((words[0], words[1], words[2], words[3]))
    return sections


def similarity_pairs(name: str) -> list[Pair]:
    """Pairs of a set that gensim ships, by its name in `SIMILARITY_SETS`. Raises InvalidSetting: another name."""
    one_of("similarity set", name, tuple(SIMILARITY_SETS))
    lines = gensim_file(SIMILARITY_SETS[name]).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return [(a, b, float(score)) for a, b, score in rows]
