"""What the page Letters asks for: a list to learn from, a recipe, and sizes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import streamlit as st

from embedlab.errors import InvalidText
from embedlab.lessons.letters.config import FAST, MAX_HIDDEN, MAX_STEPS, PRESETS, CharConfig, sized
from embedlab.lessons.letters.names import MAX_BYTES, Letters, NameList, english_words, given_names
from embedlab.ui import jobs, shell, widgets
from embedlab.ui.address import address

SOURCES = {
    "names": "Given names of many cultures",
    "english": "English words",
    "makemore": "32,033 US names (download)",
    "own": "My own list",
}
LETTERS: dict[Letters, str] = {"auto": "As the list needs", "lecture": "The lecture’s 27", "own": "The list’s own"}
RECIPES = {"fast": "Fast", "lecture": "The lecture’s"}
_SETTINGS = "_letters_settings"
_BOXES = (
    "source",
    "letters",
    "recipe",
    "dim",
    "seed",
    "context",
    "hidden",
    "steps",
    "rate",
    "direct",
)  # in the address


@dataclass(frozen=True)
class Settings:
    """A list and a configuration to train on it."""

    source: str  # key of SOURCES
    names: NameList
    digest: str  # of a visitor's own list; empty for the others
    config: CharConfig

    @property
    def key(self) -> str:
        """Names everything that the result depends on."""
        return f"letters {self.source} {self.digest} {self.config}"


def ask() -> Settings:
    """Draws the form; returns the settings last submitted, at first the form's defaults, or the last valid ones."""
    view = widgets.Form("letters", _BOXES)
    list_help = "A list of words is all it gets: it learns which letter comes next."
    source = widgets.titled("Learn from", SOURCES, key="source", bind="query-params", help=list_help)
    with st.form("letters"):
        own = _own_list() if source == "own" else None
        config = _config()
        pressed = st.form_submit_button("Train", type="primary", width="stretch")
    settings: Settings | None = st.session_state.get(_SETTINGS)
    if view.is_asked(pressed) or settings is None:
        with view.answering():
            settings = shell.attempt(
                "letters",
                lambda: _resolve(source, own, config(), opening=not pressed),
                inputs=_BOXES,
                still=named,
                otherwise=lambda: Settings("names", given_names(), "", FAST),
            )
        assert settings is not None
        st.session_state[_SETTINGS] = settings
    else:  # what cannot be used is said as long as it stands in the form
        kept = settings
        shell.attempt("letters_config", config, inputs=_BOXES, still=lambda _: named(kept), otherwise=lambda: FAST)
    if report := settings.names.report:
        st.caption(shell.as_text(f"{settings.names.source.capitalize()}: " + " ".join(report.sentences())))
    return settings


def fill(**changed: object) -> None:
    """Sets the form, for buttons: everything not named goes back to its beginning. The page then trains."""
    start: dict[str, object] = {"source": "names", "recipe": "fast", "dim": 2, "seed": 0, "context": FAST.context}
    st.session_state.update(start | {"hidden": None, "steps": None, "rate": None, "direct": False} | changed)
    st.session_state[_SETTINGS] = None


def named(settings: Settings) -> str:
    """What it learned from and how, for a sentence; as text."""
    config, name = settings.config, settings.names.source
    return (
        f"{name[:1].upper()}{name[1:]}, D = {config.dimensions}, seed {config.seed}, {config.steps:,} steps, learning "
        f"rate {config.learning_rate:g}"
    )


def _config() -> Callable[[], CharConfig]:
    """The recipe and sizes in the form; raises where they are invalid."""
    address.whole("seed", "hidden", "steps")
    recipe = widgets.one_of(
        "Recipe",
        list(RECIPES),
        format_func=RECIPES.__getitem__,
        key="recipe",
        bind="query-params",
        help="**The lecture’s**: 200,000 steps of 32 examples, plain SGD, all weights from N(0, 1): about a minute. "
        "**Fast**: the same model in 3,000 steps of 512 contexts, each with the shares of all letters that followed "
        "it; scaled weights, Adam, a learning rate that falls to 0: seconds, and a lower loss.",
    )
    with st.container(horizontal=True):
        dim_help = (
            "Numbers for each letter. 2 are drawn as they are; of 10, the map shows the two directions in which the "
            "letters vary most (PCA)."
        )
        dimensions = widgets.one_of("Dimensions D", [2, 10], key="dim", bind="query-params", help=dim_help)
        seed_help = "One seed, one run, to the last digit."
        seed = st.number_input("Seed", 0, 2**31 - 1, 0, key="seed", bind="query-params", help=seed_help)
    with st.expander("More settings"):
        context = st.slider(
            "Context C: letters before the next", 1, 8, FAST.context, key="context", bind="query-params"
        )
        preset = sized(PRESETS[recipe], dimensions)
        hidden = st.number_input(
            "Hidden units H", 1, MAX_HIDDEN, None, placeholder=f"{preset.hidden}", key="hidden", bind="query-params"
        )
        steps = st.number_input(
            "Steps", 1, MAX_STEPS, None, placeholder=f"{preset.steps:,}", key="steps", bind="query-params"
        )
        direct = st.toggle(
            "Direct connections",
            key="direct",
            bind="query-params",
            help="Letters also lead straight to the scores, past the hidden layer: an option of Bengio et al. (2003).",
        )
        own, hint = f"{preset.learning_rate:g}", "At the first step. Empty: the recipe’s own."
        rate = st.number_input(
            "Learning rate", 0.0, 100.0, None, format="%g", key="rate", bind="query-params", placeholder=own, help=hint
        )

    def make() -> CharConfig:
        return replace(
            preset,
            context=context,
            seed=seed,
            hidden=hidden or preset.hidden,
            steps=steps or preset.steps,
            direct=direct,
            learning_rate=preset.learning_rate if rate is None else rate,
        )

    return make


class _Own(NamedTuple):
    """A visitor's own list, and how it is read."""

    content: str | bytes
    letters: Letters
    encoding: str | None

    @property
    def digest(self) -> str:
        """Names all that its names depend on."""
        content = self.content
        data = content.encode("utf-8", "replace") if isinstance(content, str) else content
        return hashlib.sha256(f"{self.letters} {self.encoding} ".encode() + data).hexdigest()[:24]


def _own_list() -> _Own:
    list_help = "At least 30 names of any kind, in any script: places, plants, dinosaurs. What is left out is counted."
    example = "anna\nbjörn\ncléo\n…"
    pasted = st.text_area("Your list, one name a line", key="own_list", height=120, placeholder=example, help=list_help)
    file_help = f"Up to {MAX_BYTES:,} bytes."
    file = st.file_uploader("or a text file", ["txt", "csv"], key="own_file", max_upload_size=1, help=file_help)
    letters_help = (
        "**The lecture’s 27**: a-z and the end; accents and hyphens are removed. **The list’s own**: all letters, "
        "marks and digits that it has, at most 99. **As the list needs**: its own where more than a fifth of the names "
        "have other letters than a-z."
    )
    letters = widgets.titled("Letters", LETTERS, key="letters", bind="query-params", help=letters_help)
    content = file.getvalue() if file is not None else pasted
    return _Own(content, letters, widgets.encoding("own_list_encoding", file))


def _resolve(source: str, own: _Own | None, config: CharConfig, *, opening: bool) -> Settings:
    if own is not None:
        if not own.content and opening:  # a link cannot carry a list
            return Settings("names", given_names(), "", config)
        if not own.content:
            raise InvalidText("Your list is empty: paste at least 30 names, or choose a file.")
        names = own_names(own.digest, own)
        return Settings(source, names, own.digest, replace(config, alphabet=names.alphabet))
    lists: dict[str, Callable[[], NameList]] = {
        "names": given_names,
        "english": english_words,
        "makemore": makemore_names,
    }
    return Settings(source, lists[source](), "", config)


@st.cache_resource(show_spinner="Reading the list", max_entries=8)
def own_names(digest: str, _own: _Own) -> "NameList":
    """A visitor's own list of names; `digest` is its own."""
    from embedlab.lessons.letters.names import read_names

    return read_names(_own.content, "your list", letters=_own.letters, encoding=_own.encoding)


def makemore_names() -> "NameList":
    """makemore's names, downloaded once for everybody."""
    from embedlab.lessons.letters import makemore

    jobs.await_file("32,033 names", makemore.WANTED)
    return _makemore_names()


@st.cache_resource(show_spinner=False, max_entries=1)
def _makemore_names() -> "NameList":
    from embedlab.lessons.letters.makemore import makemore_names

    return makemore_names()
