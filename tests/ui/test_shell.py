"""What every page begins with: the menu, errors as sentences, the last good result."""

from streamlit.testing.v1 import AppTest

from embedlab.ui.shell import as_text


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
