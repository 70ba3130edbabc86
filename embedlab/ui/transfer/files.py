"""What the tab Download of the page Transfer offers."""

from collections.abc import Iterator
from functools import partial

from embedlab.charts.theme import Theme
from embedlab.formats import as_bytes
from embedlab.lessons.transfer.conclusions import NAMES
from embedlab.lessons.transfer.config import STARTS
from embedlab.lessons.transfer.data.sentences import Sentences
from embedlab.lessons.transfer.movement import moves
from embedlab.lessons.transfer.three_starts import ThreeStarts
from embedlab.ui import widgets
from embedlab.ui.spreadsheets import records_to_csv, to_csv
from embedlab.ui.transfer.movement import moved_csv
from embedlab.ui.transfer.results import Found, records


def files(found: Found, theme: Theme) -> Iterator[widgets.File]:
    """The data behind the pictures; those of the closer look while it is open and complete."""
    curves, three = found.curves, found.runs
    if not curves.sizes:
        return
    csv = "text/csv"
    yield widgets.File("Learning curves (CSV)", "learning-curves.csv", csv, lambda: records_to_csv(records(found)))
    if three is None or not three.complete:
        return
    tuned = three.runs[STARTS.index("fine-tuned")].classifier

    def vectors() -> bytes:
        return as_bytes(tuned.word_vectors(), format="word2vec-text")

    verdicts = partial(_predictions_csv, found.data.sentences, three)
    yield widgets.File("Test verdicts (CSV)", "verdicts.csv", csv, verdicts)
    yield widgets.File("Words that moved (CSV)", "words-that-moved.csv", csv, lambda: moved_csv(moves(tuned)))
    yield widgets.File("Fine-tuned vectors (text)", "fine-tuned.txt", "text/plain", vectors)
    yield from widgets.kept_movies()


def _predictions_csv(sentences: Sentences, three: ThreeStarts) -> str:
    head = ("sentence", "label", *(f"predicted {NAMES[run.start].replace('-', ' ')}" for run in three.runs))
    rows = [
        (sentences.texts[row], sentences.labels[sentences.label_ids[row]], *(sentences.labels[i] for i in predicted))
        for row, *predicted in zip(sentences.rows("test"), *(run.predicted for run in three.runs), strict=True)
    ]
    return to_csv(head, rows)
