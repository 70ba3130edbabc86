"""A text of one’s own: what was just pasted is what is trained on, and errors say what stands below."""

import pytest

from embedlab.ui import cache
from tests.pages.page import finished, open_page, plain, press, told

TEXT = "the cat sat on the mat and the dog sat on the rug near the cat. " * 40
PAGES = {
    "4_Word2vec.py": ("text", "pasted", "Train", "word2vec_asked"),
    "5_Count_or_predict.py": ("c_text", "c_pasted", "Count and predict", "counts_asked"),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_pasted_text_is_chosen_until_another_one_is(page: str) -> None:
    source, pasted, button, asked = PAGES[page]
    app = open_page(f"pages/{page}")
    app.text_area(key=pasted).set_value("hello")
    press(app, button)
    assert app.session_state[source] == "own"
    assert ["own text is chosen" in toast.value for toast in app.toast] == [True]
    assert "Still shown: the small world, " in plain(told(app))
    app.text_area(key=pasted).set_value(TEXT)
    press(app, button)
    assert app.session_state[asked].choice.source == "own"
    assert not app.toast, "it was chosen before"
    app.selectbox(key=source).set_value("the small world")
    press(app, button)  # the same text as before stands in the box, but another one was asked for
    assert app.session_state[asked].choice.source == "world"


@pytest.mark.parametrize("blanks", ["  \n\t \n", "\u200b \u200b"])
@pytest.mark.parametrize("page", PAGES)
def test_blanks_are_no_text_and_nothing_else_is_trained_on_in_their_place(page: str, blanks: str) -> None:
    source, pasted, button, asked = PAGES[page]
    app = open_page(f"pages/{page}")
    app.text_area(key=pasted).set_value(blanks)
    press(app, button)
    assert app.session_state[source] == "own"
    assert len(app.error) == 1
    assert "Still shown: the small world, " in plain(told(app))
    assert app.session_state[asked].choice.source == "world"


SHORT = {
    "Hindi": "राम घर जाता है। सीता घर आती है। राम और सीता बाज़ार जाते हैं।",
    "Thai": "แมวนั่งบนเสื่อ หมานอนบนพื้น แมวเห็นหมา",
    "Chinese": "猫坐在垫子上。狗睡在地板上。猫看见狗。",
    "Greek": "Η γάτα κάθισε στο χαλί. Ο σκύλος κοιμήθηκε στο πάτωμα. Η γάτα είδε τον σκύλο.",
    "signs": "<b>bold</b> $x$ *star* `code` king queen man woman <b>bold</b> $x$",
    "five words": "one two three four five",
    # Long, but subsampling would leave next to nothing of so few different words.
    "Chinese, often": "国王统治国家，王后喜欢花园。一个女孩跑过街道。" * 120,
    "English, often": "one two three. four five one." * 300,
}


@pytest.mark.parametrize("page", PAGES)
def test_short_texts_of_all_scripts_one_after_another_have_results(page: str) -> None:
    source, pasted, button, asked = PAGES[page]
    app = open_page(f"pages/{page}")
    for name, text in SHORT.items():
        app.text_area(key=pasted).set_value(text)
        finished(press(app, button))
        assert not [*app.error, *app.warning, *app.info], name
        assert app.session_state[asked].choice.source == "own"
        said = told(app)
        if page == "5_Count_or_predict.py":
            assert "in place of 64" in said, name
            choice = app.session_state[asked].choice
            assert app.session_state[asked].config.counts.dimensions == len(cache.text(choice.key, choice).vocabulary)
            assert app.session_state[asked].config.subsampling_threshold == 0
        else:
            assert app.session_state[asked].config.pairs.subsampling_threshold == 0
            assert "No word was dropped" in said, name
    assert app.session_state[source] == "own"


def test_a_word_to_watch_that_the_text_lacks_is_named_and_the_others_are_watched() -> None:
    app = open_page("pages/4_Word2vec.py")
    app.text_area(key="pasted").set_value(TEXT)
    app.text_input(key="watched").set_value("cat, dgo, rug, *zebra*")
    finished(press(app, "Train"))
    settings = app.session_state["word2vec_asked"]
    assert settings.config.validation == ("cat", "rug")
    assert not app.error
    assert "dgo" in plain(app.warning[0].value)
    assert "*zebra*" in plain(app.warning[0].value)
    press(app, "dgo → dog")
    finished(press(app, "Train"))
    assert app.session_state["word2vec_asked"].config.validation == ("cat", "dog", "rug")
