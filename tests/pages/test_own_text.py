"""A text of one’s own: what was just pasted is what is trained on, and errors say what stands below."""

import pytest

from tests.pages.page import open_page, press, told

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
    assert "Below are still the results of the small world." in told(app)
    app.text_area(key=pasted).set_value(TEXT)
    if page == "5_Count_or_predict.py":
        app.select_slider(key="c_dims").set_value(8)
    press(app, button)
    assert app.session_state[asked].choice.source == "own"
    assert not app.toast, "it was chosen before"
    app.selectbox(key=source).set_value("the small world")
    press(app, button)  # the same text as before stands in the box, but another one was asked for
    assert app.session_state[asked].choice.source == "world"
