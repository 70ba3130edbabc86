"""One's own sentences for Ten words: typed as they are, in any language, and tagged in a table."""

import streamlit as st

from embedlab.lessons.ten_words.tagged_text import TAG_NAMES, TEN_WORDS, plain_sentences, read_tagged, write_tagged
from embedlab.text import segmentation
from embedlab.ui import shell, widgets
from embedlab.ui.ten_words import form

_USUAL = "NN"  # the tag that a word begins with
_EXAMPLE = "die Katze schläft\nein Kind liest das gute Buch"
_TAGS = {name: tag for tag, name in TAG_NAMES.items()}


def ask() -> None:
    """A box for sentences, a table that asks for each word's part of speech, and a button that trains on both."""
    with st.expander("Your own words", key="own_words", on_change="rerun") as box:
        if box.open:
            _ask()


def _ask() -> None:
    typed = st.text_area("Sentences, one a line, in any language", key="own_plain", height=100, placeholder=_EXAMPLE)
    if not typed.strip():
        st.caption("About thirty words are enough, a few for each part of speech.")
        return
    sentences = shell.attempt("own words", lambda: plain_sentences(typed))
    if sentences is None:
        return
    widgets.said_first([segmentation.note(typed)])
    known = _known()
    words = list(dict.fromkeys(word for sentence in sentences for word in sentence))
    rows = st.data_editor(
        [{"word": word, "part of speech": TAG_NAMES[known.get(word.lower(), _USUAL)]} for word in words],
        key=f"own_tags {hash(tuple(words))}",
        hide_index=True,
        disabled=["word"],
        column_config={"part of speech": st.column_config.SelectboxColumn(options=list(_TAGS), required=True)},
    )
    tag_of = {row["word"]: _TAGS[row["part of speech"]] for row in rows}
    one = len(set(tag_of.values())) < 2
    if one:
        st.caption("Choose at least two different parts of speech.")
    st.button(
        "Train on these words",
        type="primary",
        width="stretch",
        on_click=form.fill,
        kwargs={"tagged": write_tagged(sentences, tag_of)},
        disabled=one,
    )


def _known() -> dict[str, str]:
    """Tags of the lesson's own words."""
    text = read_tagged(TEN_WORDS)
    return {word: text.tags[tag] for word, tag in zip(text.words, text.tag_of, strict=True)}
