"""Home: an answer is there when it opens, and bad input leaves it there."""

import io
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageStat
from streamlit.testing.v1 import AppTest

from benchmarks import draw_thumbnails
from embedlab.charts.theme import DARK, LIGHT, Theme
from embedlab.library.bundled import bundled_vectors
from embedlab.ui import shell
from embedlab.ui.home import cards, results, words
from embedlab.ui.menu import MENU
from embedlab.vectors.queries import nearest_neighbors
from tests.pages.page import charts, open_page, plain, press, rows

opened = partial(open_page, "pages/0_Home.py")


COFFEE = date.min + timedelta(days=-date.min.toordinal() % len(words.WORDS))  # a day of the first word


@pytest.fixture(autouse=True)
def day_of_coffee(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "today", lambda: COFFEE)


@pytest.fixture
def app() -> AppTest:
    return opened()


def bars(app: AppTest) -> list[str]:
    """Words of the first chart, nearest first."""
    return [row["word"] for row in rows(charts(app)[0])]


def nearest(word: str) -> list[str]:
    return [n.word for n in nearest_neighbors(bundled_vectors(), word, 10)]


def links(app: AppTest) -> dict[str, str]:
    """Pages that links lead to, each with its query, by their labels."""
    sent = [element.proto for element in app.get("page_link")]
    return {link.label: f"{link.page}?{link.query_string}" for link in sent}


def test_it_opens_with_the_word_of_the_day_and_all_lessons(app: AppTest) -> None:
    assert not app.error
    assert app.text_input[0].value == "coffee"
    assert bars(app) == nearest("coffee")
    assert "Today’s word is **coffee**" in app.markdown[0].value
    assert not app.query_params, "the word is not written into the address by itself"
    shown = {text.value for text in app.caption}
    assert {line.question for line in MENU if line.section in ("Learn", "Explore")} <= shown


def test_each_day_has_its_word_and_a_session_keeps_it_over_midnight(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [words.word_of(COFFEE + timedelta(days=n)) for n in range(2 * len(words.WORDS))]
    assert days == [*words.WORDS] * 2
    monkeypatch.setattr(words, "today", lambda: COFFEE + timedelta(days=1))
    assert app.run().text_input[0].value == "coffee"
    assert opened().text_input[0].value == "volcano"
    assert opened(word="violin").text_input[0].value == "violin"


def test_the_day_is_the_one_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    before, day, after = datetime.now(UTC).date(), words.today(), datetime.now(UTC).date()
    assert before <= day <= after


# Words that anybody would name beside the word of the day.
COMPANY = {
    "coffee": "tea", "volcano": "lava", "violin": "cello", "penguin": "seabird", "chess": "grandmaster",
    "sword": "dagger", "jazz": "blues", "whale": "shark", "telescope": "observatory", "bread": "butter",
    "dragon": "serpents", "bicycle": "bike", "glacier": "meltwater", "opera": "verdi", "tiger": "leopard",
    "detective": "poirot", "moon": "earth", "photography": "photographer", "guitar": "bass",
    "earthquake": "tsunami", "castle": "fortress", "dolphin": "porpoise", "robot": "cyborg", "tea": "coffee",
    "comedy": "sitcom", "river": "valley", "submarine": "torpedo", "sculpture": "statue", "parrot": "bird",
    "rocket": "booster", "turtle": "tortoise", "piano": "concerto", "tornado": "storm", "wizard": "magic",
    "train": "freight", "poetry": "poems", "elephant": "rhinoceros", "galaxy": "nebula", "pizza": "cheese",
    "snow": "ice", "trumpet": "trombone", "pirate": "blackbeard", "ocean": "sea", "painter": "artist",
    "tomato": "lettuce", "football": "soccer", "silk": "wool", "planet": "earth", "ballet": "dancer",
    "lion": "leopard", "mathematics": "algebra", "waterfall": "cascade", "wine": "champagne",
    "astronaut": "nasa", "octopus": "squid", "festival": "concert", "bridge": "viaduct",
    "vampire": "dracula", "tennis": "badminton", "microscope": "magnification",
}  # fmt: skip


def test_the_words_of_the_days_have_the_neighbors_that_people_expect() -> None:
    assert len(words.WORDS) == len(set(words.WORDS)) == 60
    assert set(words.WORDS) == COMPANY.keys()
    vectors = bundled_vectors()
    for word in words.WORDS:
        near = nearest_neighbors(vectors, word, 10)
        assert COMPANY[word] in [n.word for n in near], word
        assert near[0].similarity > 0.55, word
        assert not results.Found(vectors, word, near, plane=None).is_special, word  # type: ignore[arg-type]


def test_a_frequent_word_with_rare_neighbors_is_said_to_rest_on_few_sentences() -> None:
    vectors = bundled_vectors()
    for word, special in {"horse": True, "king": False, "coffee": False, "sushi": False}.items():
        rare = sum(vectors.index[near] >= results.RARE for near in nearest(word))
        said = [text.value for text in opened(word=word).caption if "are rare words" in text.value]
        assert bool(said) is special, word
        if special:
            assert said[0].startswith(f"{rare} of these 10 are rare words")
            assert rare >= results.MANY_RARE


def test_sums_lead_to_analogies_with_their_words(app: AppTest) -> None:
    queries = {label: query for label, query in links(app).items() if "≈" in label}
    assert list(queries) == [
        "king − man + woman ≈ **queen**",
        "tokyo − japan + germany ≈ **berlin**",
        "swimming − swim + walk ≈ **walking**",
    ]
    page, _, query = queries["tokyo − japan + germany ≈ **berlin**"].partition("?")
    assert page == "Analogies"
    assert parse_qs(query) == {"a": ["japan"], "b": ["tokyo"], "c": ["germany"]}


def test_cards_are_numbered_links_with_pictures(app: AppTest) -> None:
    labels = [label for label in links(app) if label.startswith("**")]
    explore = ["Compare", "Evaluate", "Vectors"]
    course = ["1 · Lookup", "2 · Ten words", "3 · Letters", "4 · Word2vec", "5 · Count or predict", "6 · Transfer"]
    assert labels == [f"**{title}**" for title in [*course, "Neighbors", "Atlas", "Analogies", *explore]]
    assert len(app.get("image")) == len(labels)
    again = opened()  # from what the first visit left
    assert [label for label in links(again) if label.startswith("**")] == labels


def test_the_tour_begins_with_the_first_lesson(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_pages: list[str] = []
    monkeypatch.setattr(shell, "go_to", opened_pages.append)
    press(app, "Start the tour")
    assert opened_pages == ["1_Lookup.py"]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_page_has_a_small_picture_in_both_modes(theme: Theme) -> None:
    for line in MENU:
        if line.section in ("Learn", "Explore"):
            file = cards.picture_of(line.file, theme)
            assert file.stat().st_size < draw_thumbnails.MOST_BYTES, file
            with Image.open(file) as picture:
                assert picture.size == cards.SIZE, file
                assert np.ptp(np.asarray(picture.convert("L"))) > 100, f"{file} is empty"


@pytest.mark.parametrize("file", ["1_Lookup.py", "8_Analogies.py"])
def test_pictures_are_what_the_script_draws_but_for_fonts(file: str) -> None:
    with (
        Image.open(io.BytesIO(draw_thumbnails.draw(file, DARK))) as drawn,
        Image.open(cards.picture_of(file, DARK)) as kept,
    ):
        apart = ImageChops.difference(drawn.convert("RGB"), kept.convert("RGB"))
    assert max(ImageStat.Stat(apart).mean) < 8  # of 255


def test_a_word_is_looked_up(app: AppTest) -> None:
    app.text_input[0].set_value("  violin ").run()
    assert bars(app) == nearest("violin")
    assert not app.error


def test_an_unknown_word_says_so_and_keeps_the_last_answer(app: AppTest) -> None:
    app.text_input[0].set_value("violin").run()
    for typed in ("violinn", "x" * 1_000, "<img src=x onerror=alert(1)>", "$x$", "qqqq two"):
        app.text_input[0].set_value(typed).run()
        assert not app.exception, typed
        assert len(app.error) == 1, typed
        assert "50,000 words" in plain(app.error[0].value)
        assert bars(app) == nearest("violin"), typed


def test_of_several_words_the_first_is_shown_and_where_they_are_compared(app: AppTest) -> None:
    app.text_input[0].set_value("paris guitar").run()
    assert not app.error
    assert "page Neighbors" in app.info[0].value
    assert bars(app) == nearest("paris")


def test_capitals_do_not_matter(app: AppTest) -> None:
    for typed in ("Paris", "PARIS "):
        app.text_input[0].set_value(typed).run()
        assert not app.error
        assert bars(app) == nearest("paris")


def test_a_word_that_is_being_typed_is_no_error_and_a_click_ends_it(app: AppTest) -> None:
    app.text_input[0].set_value("violin").run()
    app.text_input[0].set_value("Guita").run()
    assert not app.error
    assert any("These begin so" in text.value for text in app.markdown)
    assert bars(app) == nearest("violin")
    press(app, "guitar")
    assert bars(app) == nearest("guitar")


def test_near_spellings_are_suggested_and_a_click_asks_for_them(app: AppTest) -> None:
    app.text_input[0].set_value("Violinn").run()
    assert "violin" in app.error[0].value
    press(app, "violin")
    assert not app.error
    assert bars(app) == nearest("violin")


def test_an_empty_box_asks_for_a_word_and_keeps_the_last_answer(app: AppTest) -> None:
    app.text_input[0].set_value("violin").run()
    app.text_input[0].set_value(" ").run()
    assert not app.exception
    assert not app.error
    assert "Type a word" in app.info[0].value
    assert bars(app) == nearest("violin")


def test_the_link_restores_the_word() -> None:
    app = opened(word="violin")
    assert app.text_input[0].value == "violin"
    assert bars(app) == nearest("violin")


def test_the_file_that_the_app_was_started_with_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my*set.txt").write_text("cat 1 2\ndog 3 4\n")
    monkeypatch.setenv("EMBEDLAB_FILE", str(tmp_path / "my*set.txt"))
    app = opened()
    (said,) = (plain(box.value) for box in app.info)
    assert said.startswith("my*set.txt is open")
    assert str(tmp_path) not in said
