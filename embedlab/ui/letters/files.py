"""What the page Letters offers to download: embeddings, figures and names as CSV, and the movie."""

from collections.abc import Iterator
from functools import partial

from embedlab.charts.movie.movie import learning_movie
from embedlab.charts.theme import Theme
from embedlab.lessons.letters.alphabet import written
from embedlab.ui import widgets
from embedlab.ui.letters import charts, playground
from embedlab.ui.letters.results import Found, slider, story
from embedlab.ui.spreadsheets import to_csv


def files(found: Found, theme: Theme) -> Iterator[widgets.File]:
    """Embeddings, figures and names as files, and the movie."""
    run, names, alphabet = found.run, found.settings.names, found.run.alphabet
    rows = [
        (
            charts.named(letter),
            charts.group(letter, alphabet),
            *map(float, row),
        )  # as numbers: a minus is no formula
        for letter, row in zip(alphabet.symbols, run.model.embeddings, strict=True)
    ]
    header = ("letter", "group", *(f"d{i}" for i in range(run.embeddings.shape[2])))
    yield widgets.File("Embeddings (CSV)", "letters.csv", "text/csv", lambda: to_csv(header, rows))
    apart = 3 if alphabet.knows_vowels else 0
    figures = [
        (int(step), *map(float, values))
        for step, *values in zip(run.steps, run.losses, run.dev_losses, *run.separations().T[:apart], strict=True)
    ]
    measured = ("step", "train loss", "dev loss", *("vowel to vowel", "vowel to consonant", "ratio")[:apart])
    yield widgets.File("Figures of the run (CSV)", "letters-run.csv", "text/csv", lambda: to_csv(measured, figures))
    chosen = playground.chosen_draws(alphabet)

    def invented() -> str:  # runs where there is no session
        drawn = chosen.of(run.model, playground.COUNTED)
        return to_csv(("name", "new"), [(written(name), name not in names.known) for name in drawn])

    draws_help = "Drawn with the temperature, seed and start chosen above."
    yield widgets.File("500 invented names (CSV)", "invented.csv", "text/csv", invented, draws_help)

    yield widgets.web_page(
        lambda theme: learning_movie([charts.letters_film(run)], theme=theme),
        "The movie",
        "letters",
        title="Letters find their places",
        sentence=partial(story, run),
        slider=slider([run]),
    )
