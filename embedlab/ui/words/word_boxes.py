"""Boxes for typed words: what they begin with, what was understood, and how they are mended."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from embedlab.errors import EmbedlabError, UnknownWord
from embedlab.formats.limits import shown_word
from embedlab.ui import shell
from embedlab.ui.words.asking import WORD, ask
from embedlab.vectors.spelling import QUOTES, SEPARATORS, as_one, find_matches, find_words, look_up, quoted, remarks
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import first_of

_NAMED = 4  # words that a sentence names


def begin_with(
    vectors: WordVectors | Sequence[WordVectors], boxes: Mapping[str, str], instead: Callable[[], Sequence[str]]
) -> None:
    """Fills boxes that nobody has typed in, where these vectors lack a word of what they hold; before they are drawn.

    Args:
        vectors: all of several must know the words.
        boxes: keys, each with what the box begins with.
        instead: as many different texts, where the vectors lack a word of that, too.
    """
    key = f"_begun_{'_'.join(boxes)}"
    held = {box: st.session_state.get(box, st.query_params.get(box, text)) for box, text in boxes.items()}
    spaces = [vectors] if isinstance(vectors, WordVectors) else vectors

    def known(texts: Iterable[str]) -> bool:
        return all(knows(space, list(texts)) for space in spaces)

    begun = st.session_state.get(key, {})
    free = [box for box in boxes if held[box] in (boxes[box], begun.get(box))]
    if known(held[box] for box in free):
        return
    if known(boxes[box] for box in free):
        texts = [boxes[box] for box in free]
    else:  # none that is typed in another box: words of one question must differ
        typed = [held[box] for box in boxes if box not in free]
        texts = [text for text in instead() if text not in typed][-len(free) :]
    filled = dict(zip(free, texts, strict=True))
    st.session_state[key] = begun | filled
    st.session_state.update(filled)


def knows(vectors: WordVectors, texts: Iterable[str]) -> bool:
    """Whether the vectors hold, or compose, every word of some texts."""
    words = [word for text in texts for word in find_words(vectors, text.replace(" - ", " ").replace(" + ", " "))]
    return all(word in vectors or vectors.composes(word) for word in words)


def say_taken(vectors: WordVectors, *texts: str, single: bool = False) -> list[str]:
    """Says what was done with typed texts, each of one word where `single`, if that is not plain from them.

    Returns the words that they stand for.
    """
    found = {text: [look_up(vectors, text)] if single else find_matches(vectors, text) for text in texts}
    said = [remark for text, matches in found.items() for remark in remarks(matches, "" if single else text)]
    if said:
        st.caption(shell.as_text(" ".join(dict.fromkeys(said))))
    return [match.word for matches in found.values() for match in matches]


def named(words: Sequence[str]) -> str:
    """Words, or the first of many, for a sentence about what is shown; as text."""
    return first_of(words, _NAMED, shown_word)


def say_only(vectors: WordVectors, word: str, words: Sequence[str]) -> None:
    """Says, on a page that shows one word, which of several typed words are unknown, and that others are not shown."""
    if word not in words:  # none of them is shown
        return
    words = list(dict.fromkeys(words))
    missing = [other for other in words if other not in vectors and not vectors.composes(other)]
    if missing:
        error = vectors.unknown(missing)
        shell.show_error(error)
        spellings(error)
    if len(words) - len(missing) > 1:
        st.info(f"Only “{shell.as_text(word)}” is shown; the page Neighbors compares several words.")


def offer(said: str, words: Sequence[str]) -> None:
    """Buttons that put a word into the box, below a sentence in Markdown."""
    st.markdown(said)
    with st.container(horizontal=True, gap="small"):
        for word in words:
            st.button(shell.as_text(word), key=f"begun {word}", on_click=ask, args=(word,))


def spellings(error: EmbedlabError, boxes: Sequence[str] = (WORD,)) -> None:
    """Buttons with the words that may have been meant, which mend the boxes of these keys; for `shell.attempt`."""
    if not isinstance(error, UnknownWord):
        return
    with st.container(horizontal=True, gap="small"):
        for wrong, near in error.suggestions.items():
            for word in near:
                label = word if len(error.suggestions) == 1 else f"{wrong} → {word}"
                mended = {box: _mended(st.session_state[box], wrong, word) for box in boxes}
                key = f"instead {boxes[0]} {wrong} {word}"
                st.button(shell.as_text(label), key=key, on_click=st.session_state.update, args=(mended,))


def _mended(typed: str, wrong: str, word: str) -> str:
    """A text with a word in place of another, which may stand in quotes."""
    spelled = rf"(?:{re.escape(quoted(wrong))}|[{QUOTES}]?{re.escape(wrong)}[{QUOTES}]?)"
    if re.fullmatch(spelled, typed.strip()):
        return word
    by = as_one(word).replace("\\", r"\\")
    return re.sub(rf"(?<![^\s{SEPARATORS}]){spelled}(?![^\s{SEPARATORS}])", by, typed)
