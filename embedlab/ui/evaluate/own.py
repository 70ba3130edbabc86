"""The page Evaluate by a test of one's own: one uploader for word pairs, analogies, odd ones and categories."""

from hashlib import sha256
from typing import Any, NamedTuple

import streamlit as st

from embedlab.errors import EmbedlabError
from embedlab.evaluation.own.detection import NAMES, Kind, TestSet, counts, first_item, kinds_of, read_test
from embedlab.evaluation.own.examples import EXAMPLES
from embedlab.evaluation.own.lines import NamedFile
from embedlab.ui import shell, widgets
from embedlab.ui.evaluate.analogies import AnalogyTest
from embedlab.ui.evaluate.analogy_scores import ALL, AnalogySettings, OwnQuestions
from embedlab.ui.evaluate.judging.sets import SetSettings, SetTest
from embedlab.ui.evaluate.judging.test import Judged, Space, Test
from embedlab.ui.evaluate.similarity import OwnPairs, SimilaritySettings, SimilarityTest

_KIND = "own_test_kind"
_DETECT = "Detect from its lines"
_KINDS: dict[str, Kind | None] = {
    _DETECT: None,
    "Word pairs with scores": "pairs",
    "Analogies": "analogies",
    "Odd one out": "groups",
    "Categories": "categories",
}
_TITLES = {kind: title for title, kind in _KINDS.items()}
_HELP = (
    "**Word pairs**: two words and a number a line, as in WordSim, SimLex, MEN, RareWords and SimVerb. **Analogies**: "
    "four words a line below “: section” lines (Google), a : b :: c : d, three and one (MSR), or pairs (BATS: give all "
    "its files at once). **Odd one out**: three or more words a line, the odd one last, or marked: breakfast "
    "cereal\\* lunch. **Categories**: a word and its category a line, or “category: words”."
)
_ENDINGS = ["txt", "csv", "tsv", "tab", "questions", "answers"]


class OwnSettings(NamedTuple):
    """What the form holds."""

    files: tuple[NamedFile, ...]
    kind: Kind | None  # None: told by the lines
    spaces: list[Space]

    @property
    def name(self) -> str:
        """Of the files, for sentences."""
        return self.files[0].name if len(self.files) == 1 else f"{len(self.files)} files"

    @property
    def key(self) -> str:
        """For what depends on the files, how they are read, and the vectors that help to tell what they are."""
        parts = [part for name, data, code in self.files for part in (name.encode(), data, str(code).encode())]
        return f"{sha256(b' '.join(parts)).hexdigest()} {self.kind or self.spaces[0].key}"


class Read(NamedTuple):
    """A test as it was read."""

    name: str
    key: str
    kind: Kind
    tests: TestSet
    others: tuple[Kind, ...]  # that it may be as well

    @property
    def said(self) -> str:
        """What it was read as."""
        return f"{self.name}, read as {NAMES[self.kind]}: {counts(self.kind, self.tests)}."


class OwnTest:
    """Files of one's own, handed to the test of their kind."""

    def ask(self, spaces: list[Space]) -> OwnSettings:
        """The uploader, and what is in the files; an example where there is none."""
        given = st.file_uploader(
            "Your test", _ENDINGS, accept_multiple_files=True, key="own_test", help=_HELP, max_upload_size=20,
            on_change=_read_as, args=(_DETECT,),
        )  # fmt: skip
        if not given:
            name = st.selectbox("Or an example", list(EXAMPLES), key="own_test_example", bind="query-params")
            with st.expander("Its file"):
                st.code(EXAMPLES[name].data.decode(), language=None, height=200)
            return OwnSettings((EXAMPLES[name],), _KINDS[name], spaces)
        kind = st.selectbox("It holds", list(_KINDS), key=_KIND, bind="query-params")
        encodings = [widgets.encoding(f"own_test_encoding_{i}", file) for i, file in enumerate(given)]
        files = (NamedFile(file.name, file.getvalue(), code) for file, code in zip(given, encodings, strict=True))
        return OwnSettings(tuple(files), _KINDS[kind], spaces)

    def find(self, settings: OwnSettings) -> Judged | None:
        """What the test of the files' kind finds."""
        is_example = settings.files[0] in EXAMPLES.values()
        remedy = _detect if settings.kind else None
        read = shell.attempt(
            f"own test {is_example=}",
            lambda: _read(settings.key, settings),
            remedy=remedy,
            still=lambda read: read.said,
        )
        if read is None:
            return None
        if read.key == settings.key:
            others = () if is_example else read.others
            how = first_item(read.kind, read.tests) if others or read.kind == "groups" else ""
            guess = "A guess from its lines." if others else ""
            st.caption(" ".join(filter(None, (shell.as_text(read.said), guess, shell.as_text(how)))))
            for kind in others:
                title, label = _TITLES[kind], f"Read as {NAMES[kind]} instead"
                st.button(label, on_click=_read_as, args=(title,), key=f"read as {kind}")
        return _judged(read, settings.spaces)

    def tries(self) -> dict[str, dict[str, str]]:
        """The examples, where no file was given."""
        return {} if st.session_state.get("own_test") else {
            f"Example: {name.lower()}": {"own_test_example": name} for name in EXAMPLES
        }  # fmt: skip


def _read_as(title: str) -> None:
    """For callbacks."""
    st.session_state[_KIND] = title


def _detect(error: EmbedlabError) -> None:
    st.button(_DETECT, on_click=_read_as, args=(_DETECT,), key="own_test_detect")


@st.cache_resource(show_spinner=False, max_entries=20)
def _read(key: str, _settings: OwnSettings) -> Read:
    """The tests in the files; `key` is of these."""
    kind, *others = (_settings.kind,) if _settings.kind else kinds_of(_settings.files, _settings.spaces[0].vectors)
    return Read(_settings.name, key, kind, read_test(_settings.files, kind), tuple(others))


def _judged(read: Read, spaces: list[Space]) -> Judged | None:
    """What the test of its kind finds."""
    tests: Any = read.tests
    test: Test[Any, Any] | SetTest
    if read.kind == "pairs":
        test = SimilarityTest()
        result: Any = test.find(SimilaritySettings(read.name, spaces, OwnPairs(tests, read.key)))
    elif read.kind == "analogies":
        test = AnalogyTest()
        result = test.find(AnalogySettings(spaces, "3cosadd", ALL, OwnQuestions(tests, read.key)))
    else:
        test = SetTest()
        result = test.find(SetSettings(read.kind, tests, read.key, spaces))
    return None if result is None else Judged(test, result)
