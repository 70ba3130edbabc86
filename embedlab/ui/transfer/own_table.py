"""A visitor's own table on the page Transfer: what was found in it, shown with its first rows, and changed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from embedlab.errors import EmbedlabError, SeveralFiles
from embedlab.formats import ENCODINGS
from embedlab.formats.limits import shown_name
from embedlab.lessons.transfer.data import sentence_tables
from embedlab.lessons.transfer.data.column_roles import ColumnRoles
from embedlab.lessons.transfer.data.sentence_tables import Repeated, SentenceTable, open_table
from embedlab.lessons.transfer.data.sentences import Sentences
from embedlab.lessons.transfer.data.table_report import TableReport
from embedlab.ui import shell
from embedlab.ui.address import address
from embedlab.ui.tables import data_table

T = TypeVar("T")
_FIND_OUT = "find out"
_HEADINGS = {_FIND_OUT: None, "a heading": True, "no heading": False}
_NONE = -1  # no column
_LONGEST = 80  # characters of a cell in the preview


@dataclass(frozen=True)
class _Reading:
    """How a file is opened; None: found out."""

    encoding: str | None
    heading: bool | None
    member: str | None = None


@dataclass(frozen=True, eq=False)
class OwnTable:
    """The file in the form."""

    name: str
    table: SentenceTable | None = None  # None: it is no table
    roles: ColumnRoles | None = None
    key: str = ""  # says which content it is, and how it is read
    sentences: Sentences | None = None  # None: they could not be read
    report: TableReport | None = None

    def preview(self) -> None:
        """Draws the first rows, those columns first that have a role; says what was taken and what was left out."""
        roles = self.roles
        if self.table is None or roles is None:
            return
        places = sorted(range(len(self.table.columns)), key=lambda place: _role(place, roles) == "")
        names = {str(i): _titled(self.table.columns[i].name, _role(i, roles)) for i in places}
        rows = [{str(i): cell[:_LONGEST] for i, cell in enumerate(row)} for row in self.table.preview]
        data_table.draw(rows, column_config=names, column_order=list(names), height="content")
        if self.report is not None:
            st.caption(shell.as_text(f"{self.name}: {self.report.kept:,} rows. {self.report.columns}"))


def ask() -> OwnTable | None:
    """Draws the box for a file and, once one is there, how it is read; None without a file."""
    table_help = (
        "A text and its label on each line: CSV with any separator, JSON, JSON lines, fastText’s __label__ lines, or "
        "Parquet, each also in gz, zip and the like; train and test may be two files in one zip. "
        f"10 to {sentence_tables.MAX_ROWS:,} rows, or a sample of more; 2 to 20 labels. Columns are found by "
        "what stands in them; one that says train and test is kept to."
    )
    file = st.file_uploader("A table of texts and labels", key="own_table", help=table_help)
    if file is None:
        st.caption("Until a table is there the opinions are shown.")
        return None
    content, name = file.getvalue(), shown_name(file.name)
    digest = hashlib.sha256(content).hexdigest()
    mark = digest[:8]  # of keys: another file begins with what is found in it
    boxes = st.container()
    with st.expander("Read it another way"):
        reading = _ask_reading(mark)
    with boxes:
        table = _tried(lambda: _open(digest, content, name, reading))
        if table is None:
            return OwnTable(name)
        roles = _ask_roles(table, mark)
        sample = _ask_sample(table, mark)
        repeats = f"own_repeats_{mark}"
        repeated: Repeated = "together" if st.session_state.get(repeats) else "first"
        key = f"own {digest} {reading} {table.packed} {roles} {sample} {repeated}"
        found = _tried(lambda: _sentences(key, table, roles, sample, repeated))
        if found is None:
            return OwnTable(name, table, roles)
        sentences, report = found
        if report.repeated:
            repeats_help = (
                "Off: of a text that is repeated (capitals and blanks aside) the first row counts. On: all of its rows "
                "do, in one part. A text of the table’s own test part is left out of training either way."
            )
            label = f"Keep repeated texts in one part ({report.repeated:,} rows)"
            st.toggle(label, key=repeats, help=repeats_help)
        left_out = f", {report.read - report.kept:,} left out" if report.read > report.kept else ""
        with st.expander(f"{report.kept:,} rows read{left_out}"):
            st.markdown("\n".join(f"- {shell.as_text(line)}" for line in report.lines()))
    return OwnTable(name, table, roles, key, sentences, report)


def _tried(compute: Callable[[], T]) -> T | None:
    """The result; None where it cannot be had, with the reason. Unlike `shell.attempt` it keeps no earlier one."""
    try:
        return compute()
    except EmbedlabError as error:
        with address.refused(()):
            shell.show_error(error)
        return None


def _ask_reading(mark: str) -> _Reading:
    heading = st.segmented_control(
        "The first line is", _HEADINGS, default=_FIND_OUT, required=True, key=f"own_heading_{mark}"
    )
    encoding = st.selectbox("Encoding", ENCODINGS, None, key=f"own_encoding_{mark}", placeholder=_FIND_OUT)
    return _Reading(encoding, _HEADINGS[heading])


def _open(digest: str, content: bytes, name: str, reading: _Reading) -> SentenceTable:
    try:
        return _opened(digest, content, name, reading)
    except SeveralFiles as error:
        member = st.selectbox("Which file of the archive", error.members, key=f"own_member_{digest[:8]}")
    return _opened(digest, content, name, _Reading(reading.encoding, reading.heading, member))


def _ask_roles(table: SentenceTable, mark: str) -> ColumnRoles:
    """The first rows, and a box for each role; the columns that were found are chosen at first."""
    mark = f"{mark}_{len(table.columns)}_{bool(table.header)}"
    places = range(len(table.columns))

    def title(place: int) -> str:
        return "drawn at random" if place == _NONE else shell.as_text(table.columns[place].name)

    text_help = "Several are joined, as a title and what stands below it."
    text = st.multiselect("Text", places, table.found.text, format_func=title, key=f"own_text_{mark}", help=text_help)
    label = st.selectbox("Label", places, table.found.label, format_func=title, key=f"own_label_{mark}")
    part_help = "A column that says train, test or validation; without one the parts are drawn within each label."
    found = _NONE if table.found.part is None else table.found.part
    part = st.selectbox("Parts", [_NONE, *places], found + 1, format_func=title, key=f"own_part_{mark}", help=part_help)
    return ColumnRoles(tuple(text), label, None if part == _NONE else part)


def _role(place: int, roles: ColumnRoles) -> str:
    if place in roles.text:
        return "text"
    return "label" if place == roles.label else "part" if place == roles.part else ""


def _titled(name: str, role: str) -> str:
    """A column's name above the preview, with its role."""
    return f"{name} → {role}" if role else name


def _ask_sample(table: SentenceTable, mark: str) -> int | None:
    most = sentence_tables.MAX_ROWS
    if table.rows <= most:
        return None
    sample_help = "Drawn at random, always the same ones, every label in its proportion."
    wanted = st.toggle(f"Take {most:,} of the {table.rows:,} rows", key=f"own_sample_{mark}", help=sample_help)
    return most if wanted else None


@st.cache_resource(show_spinner="Reading the table", max_entries=3)
def _opened(digest: str, _data: bytes, name: str, reading: _Reading) -> SentenceTable:
    """A table that is opened; `digest` is of its content."""
    return open_table(_data, name, encoding=reading.encoding, heading=reading.heading, member=reading.member)


def _sentences(
    key: str, table: SentenceTable, roles: ColumnRoles, sample: int | None, repeated: Repeated
) -> tuple[Sentences, TableReport]:
    """The rows of a table; `key` says which, and how they are read."""
    read = _read(key, table, roles, sample, repeated)
    if isinstance(read, EmbedlabError):
        raise read
    return read


@st.cache_resource(show_spinner="Reading the rows", max_entries=6)
def _read(
    key: str, _table: SentenceTable, _roles: ColumnRoles, _sample: int | None, _repeated: Repeated
) -> tuple[Sentences, TableReport] | EmbedlabError:
    """What came of reading, an error too: a long table would be read anew at every click."""
    try:
        return _table.read(_roles, repeated=_repeated, sample=_sample)
    except EmbedlabError as error:
        return error.with_traceback(None)  # its frames would hold the table
