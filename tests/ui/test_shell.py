"""What every page begins with: the menu, errors as sentences, the last good result."""

import pytest
from streamlit.testing.v1 import AppTest

from embedlab.ui.neighbors import results
from embedlab.ui.shell import as_text
from tests.conftest import ROOT
from tests.pages.page import PATIENCE, checked, open_page


def script() -> None:
    import streamlit as st

    from embedlab.errors import InvalidSetting
    from embedlab.ui import shell

    value = st.number_input("value", value=1)

    def compute() -> int:
        if value < 0:
            raise InvalidSetting(f"{value} <b>is</b> *not* allowed")
        return int(value) * 2

    st.write(f"result {shell.attempt('double', compute)}")


def test_a_bad_input_keeps_the_last_good_result() -> None:
    app = AppTest.from_function(script, default_timeout=30).run()
    assert app.markdown[0].value == "result 2"
    app.number_input[0].set_value(4).run()
    app.number_input[0].set_value(-1).run()
    assert app.markdown[0].value == "result 8"
    assert app.error[0].value == as_text("-1 <b>is</b> *not* allowed")
    assert not app.exception
    app.number_input[0].set_value(5).run()
    assert app.markdown[0].value == "result 10"
    assert not app.error


def test_as_text_leaves_nothing_for_markdown_or_html() -> None:
    assert as_text("<img src=x>") == r"\<img src\=x\>"
    assert as_text("$x$ [a](b) :red[c]") == r"\$x\$ \[a\]\(b\) \:red\[c\]"


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "pages").glob("*.py")))
def test_what_a_page_does_not_know_is_named_and_leaves_the_address(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown names, those of other pages, and keys of the session that no input of an address has."""
    monkeypatch.setattr(results, "_PATIENCE", PATIENCE)  # while a map is still to come, nothing is named
    asked = {"nonsense": "1", "metric": "bogus", "space_c": "nope", "more": "zzz", "_visits": "7", "home_words": "x"}
    app = open_page(f"pages/{file}", **asked)
    named = "".join(info.value for info in app.info).replace("\\", "")
    assert all(f"“{name}={value}”" in named for name, value in list(asked.items())[:5])
    assert not asked.keys() & app.query_params.keys()
    assert not checked(app.run()).query_params.keys() & asked.keys()
    assert any("Ignored in" in info.value for info in app.info), "it stays while the view does"


def test_signs_of_direction_are_replaced_unless_they_isolate_a_word() -> None:
    assert as_text("a\u202eb\u2068c") == "a�b�c"
    assert as_text("\u2068שלום\u2069 4") == "\u2068שלום\u2069 4"
    assert as_text("\u2068a\u202eb\u2069") == "�a�b�"
