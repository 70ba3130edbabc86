"""What pages have in common: a form answers what it was asked, also where a click elsewhere broke its answer off."""

import pytest
from streamlit.testing.v1 import AppTest


@pytest.mark.parametrize(("then", "answered"), [("tea", "tea"), ("milk", "broken off")])
def test_an_answer_that_is_broken_off_comes_in_the_next_run_unless_another_is_asked(then: str, answered: str) -> None:
    def script() -> None:
        import streamlit as st

        from embedlab.ui import widgets

        view = widgets.Form("tried", ["word"])
        st.text_input("Word", key="word")
        if view.is_asked(st.button("Go")):
            with view.answering():
                if st.session_state.pop("busy", False):
                    st.session_state["answered"] = "broken off"
                    st.stop()  # as the next run ends this one
                st.session_state["answered"] = st.session_state["word"]

    app = AppTest.from_function(script, default_timeout=60).run()
    app.text_input[0].set_value("tea")
    app.session_state["busy"] = True
    app.button[0].click().run()
    app.text_input[0].set_value(then)
    assert app.run().session_state["answered"] == answered
    app.session_state["answered"] = "no more"
    assert app.run().session_state["answered"] == "no more"
