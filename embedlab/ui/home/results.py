"""The results of Home: a word's nearest neighbors as bars and on a map, and sums of words.

Home answers in a fragment, which runs again with each letter, so `answer` arranges what other pages' scripts do.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from embedlab.charts import bars, maps
from embedlab.charts.theme import Theme
from embedlab.formats.limits import shown_word
from embedlab.projection import Projection, pca, trustworthiness
from embedlab.ui import cache, menu, shell, turns, vector_choice
from embedlab.ui.address import address
from embedlab.ui.home import cards, form
from embedlab.ui.home.form import Settings
from embedlab.ui.words import asking, word_boxes
from embedlab.vectors.queries import Neighbor, analogy, nearest_neighbors
from embedlab.vectors.spelling import completions, find_matches, known_form
from embedlab.vectors.word_vectors import WordVectors

ON_BARS, ON_MAP = 10, 32
RARE, FREQUENT = 20_000, 10_000  # rows: words come by falling frequency
MANY_RARE = 8  # of the words on the bars; about one frequent word in twenty has as many
_STYLE = Path(__file__).with_name("home.css")
SUMS = (("king", "man", "woman"), ("tokyo", "japan", "germany"), ("swimming", "swim", "walk"))


class Found(NamedTuple):
    """A word, what is near it, and a map of them."""

    vectors: WordVectors
    word: str
    neighbors: list[Neighbor]  # nearest first
    plane: Projection  # of the word and its neighbors

    @property
    def words(self) -> list[str]:
        """The word and its neighbors, nearest first."""
        return [self.word, *(n.word for n in self.neighbors)]

    @property
    def rare(self) -> int:
        """How many of the words on the bars are rare."""
        return sum(self.vectors.index[n.word] >= RARE for n in self.neighbors[:ON_BARS])

    @property
    def is_special(self) -> bool:
        """Whether a frequent word has mostly rare neighbors; those of a rare word are rare anyway."""
        return self.vectors.index[self.word] < FREQUENT and self.rare >= MANY_RARE


def given() -> None:
    """Says which file the app was started with, if it was, and where it is asked."""
    if name := vector_choice.given():
        st.info(f"{shell.as_text(name)} is open: the Explore pages use it, Home does not.")
        line = menu.item("7_Neighbors.py")
        st.page_link(menu.PAGES / line.file, label=f"{line.title} in this file", icon=line.icon)


def style() -> None:
    """How the map moves and the cards lie."""
    st.html(_STYLE)


@turns.fragment
def answer(theme: Theme) -> Found:
    """The box and its answer. What is typed or clicked runs this part of the page alone."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        found = find(form.ask())
        nearest_words(found)
        link(found)
        tour()
    with right:
        picture(found, theme)
    return found


def find(settings: Settings) -> Found:
    """Looks the word up; where that cannot be done, says so and keeps the last one, at first the word of the day."""
    vectors = cache.bundled_vectors()
    several = find_matches(vectors, settings.typed)
    word = several[0].word if len(several) == 1 else known_form(vectors, settings.typed)
    if len(several) > 1 and several[0].word in vectors:  # such as those of the page Neighbors
        word = several[0].word
        word_boxes.say_only(vectors, word, [match.word for match in several])

    def look_up(word: str) -> Found:
        neighbors = nearest_neighbors(vectors, word, ON_MAP)
        return Found(vectors, word, neighbors, pca(vectors.matrix[vectors.rows([word, *(n.word for n in neighbors)])]))

    def begin() -> Found:
        return look_up(form.first())

    def kept() -> Found:
        last = shell.last_good("home") or begin()
        shell.say_still(shown_word(last.word))
        return last

    if word not in vectors and (begun := completions(vectors, word)):
        with address.refused([asking.WORD], settings.typed):
            word_boxes.offer(f"“{shell.as_text(word)}” is not a word here yet. These begin so:", begun)
        found: Found | None = kept()
    elif word:
        found = shell.attempt(
            "home",
            lambda: look_up(word),
            inputs=[asking.WORD],
            typed=settings.typed,
            remedy=word_boxes.spellings,
            still=lambda found: shown_word(found.word),
            otherwise=begin,
        )
    else:
        with address.refused([asking.WORD], settings.typed):
            st.info("Type a word to see its neighbors.")
        found = kept()
    assert found is not None
    return found


def nearest_words(found: Found) -> None:
    """Similarities of the nearest words, as bars to click."""
    first = found.neighbors[:ON_BARS]
    words, similarities = [n.word for n in first], [n.similarity for n in first]
    asking.chart(
        bars.neighbor_bars(words, similarities, shell.theme(), clickable=True),
        alt=f"The {ON_BARS} words nearest to {found.word} by cosine similarity: "
        + ", ".join(f"{n.word} {n.similarity:.2f}" for n in first),
        key="home_bars",
        box=asking.WORD,
        here=True,
    )
    if found.is_special:
        st.caption(
            f"{found.rare} of these {ON_BARS} are rare words in this text (Wikipedia), so their vectors rest on few "
            "sentences."
        )


def link(found: Found) -> None:
    """The way to more about the word."""
    st.page_link(
        menu.PAGES / "7_Neighbors.py",
        label=f"More about {shell.as_text(found.word)}",
        icon=menu.item("7_Neighbors.py").icon,
        help="Several words side by side, other maps, axes of your own, and files to take away.",
        query_params={asking.WORD: found.word},
    )


def tour() -> None:
    """The way into the course."""
    first = cards.lessons()[0]
    if st.button("Start the tour", type="primary", icon=":material/play_arrow:", width="stretch"):
        shell.go_to(first.file)


def picture(found: Found, theme: Theme) -> None:
    """The map of the word and its neighbors, to click."""
    asking.chart(
        maps.word_map(found.words, found.plane.coordinates, theme, marked=[found.word], clickable=True, height=460),
        alt=f"Map of {found.word} and its {ON_MAP} nearest words: " + ", ".join(found.words),
        key="home_map",
        selections=asking.ON_MAP,
        box=asking.WORD,
        here=True,
    )
    asking.choose(found.words[1:], "home_words", here=True)
    st.caption(
        what_you_see(found),
        help=f"**PCA** draws the two directions, of {found.vectors.dimensions} dimensions, in which these words differ "
        "most. **Trustworthiness** is 1 where all words near on the map are near in the original space, and about 0.5 "
        "by chance.",
    )


def what_you_see(found: Found) -> str:
    """What the map is, and how far to trust it."""
    return f"PCA, trustworthiness {found.plane.trustworthiness:.2f} of 1. Click a word."


def sums(found: Found) -> None:
    """Sums of words, each with the word nearest to it, and the way to where it is drawn."""
    st.subheader("Words can be added", anchor=False)
    with st.container(horizontal=True, gap="medium"):
        for (b, a, c), best in zip(SUMS, _nearest_to_sums(found.vectors), strict=True):
            st.page_link(
                menu.PAGES / "8_Analogies.py",
                label=f"{b} − {a} + {c} ≈ **{best}**",
                query_params={"a": a, "b": b, "c": c},
            )


@st.cache_resource(show_spinner=False)
def _nearest_to_sums(_vectors: WordVectors) -> list[str]:
    """The word nearest to each sum."""
    return [analogy(_vectors, [b, c], [a], 1)[0].word for b, a, c in SUMS]


def code(found: Found) -> tuple[Callable[..., Any], ...]:
    """What ran."""
    return nearest_neighbors, pca, trustworthiness, analogy
