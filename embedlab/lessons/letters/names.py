"""Lists of names to learn letters from: bundled ones, and a visitor's own with a report on its lines."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal, NamedTuple, get_args

from embedlab.checks import one_of
from embedlab.errors import FileTooLarge, InvalidText
from embedlab.formats.text.encodings import decode
from embedlab.lessons.letters import spelling
from embedlab.lessons.letters.alphabet import ALPHABET, END, LECTURE, MOST_SYMBOLS, Alphabet, in_text, label
from embedlab.lessons.letters.spelling import MAX_LETTERS, Spelled, in_own_letters, in_the_lectures
from embedlab.library import bundled
from embedlab.vectors.spelling import BETWEEN
from embedlab.wording import first_and_more

Letters = Literal["auto", "lecture", "own"]

MAX_BYTES = 1_000_000
MIN_NAMES = 30  # fewer leave 3 names to measure by
ENGLISH_WORDS = 10_000
_LETTERS = frozenset(ALPHABET[1:])
_EXAMPLES = 5  # of dropped lines, shown in a report
_LACKING = 0.2  # of the entries, above which a list whose letters a-z lacks is learned in its own
_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_ITEM = re.compile(r"\(?\d{1,7}[.)]\s*(?=[^\W\d])")  # its number
_NUMBERED = 0.5  # numbers a line, above which it is a numbered list
# What the first line of a list is called by that is no name, in several languages.
_HEADINGS = (
    "name|names|first name|first names|firstname|forename|forenames|given name|given names|last name|lastname|surname|"
    "surnames|family name|full name|vorname|vornamen|nachname|nachnamen|rufname|familienname|prénom|prénoms|prenom|nom|"
    "nombre|nombres|apellido|apellidos|nome|nomi|cognome|naam|voornaam|achternaam|navn|fornavn|namn|förnamn|imię|jméno|"
    "имя|имена|фамилия|όνομα|ad|isim|اسم|الاسم|שם|नाम|名前|名字|姓名|이름|성명"
)
_RARE = 5  # times that a letter occurs at least, to be learned well


class DroppedName(NamedTuple):
    """A line that could not be used."""

    line: int  # counted from 1
    text: str
    reason: str


@dataclass(frozen=True)
class NamesReport:
    """What happened to the entries of a list; every entry is kept, repeated or dropped."""

    entries: int
    kept: int
    repeated: int = 0  # entries that spell a name kept before
    changed: int = 0  # names kept in another spelling: accents, hyphens, spaces or blanks gone
    alphabet: Alphabet = LECTURE
    asked: bool = True  # whether these letters were asked for, not chosen for what the list holds
    letters: tuple[tuple[str, str, int], ...] = ()  # sign, what it became, how often; most frequent first
    dropped: int = 0
    reasons: tuple[tuple[str, int], ...] = ()  # why entries were dropped, most frequent first
    examples: tuple[DroppedName, ...] = ()  # the first few that were dropped
    rare: tuple[tuple[str, int], ...] = ()  # letters that occur fewer than 5 times, and how often
    cut: tuple[str, ...] = ()  # letters beyond the most frequent 99, the most frequent of them first
    heading: str = ""  # of the list, which is none of the entries
    numbered: int = 0  # entries before which a number stood, as in a list: 1. or 1) or (1)

    def sentences(self) -> list[str]:
        """The report in words, as plain text."""
        said = [f"{self.kept:,} of {self.entries:,} entries are used."]
        own = self.alphabet != LECTURE
        if own:
            why = "" if self.asked else ", as a-z lacks some of them"
            said.append(f"Their own letters are learned{why}: {len(self.alphabet.letters)} and the end.")
        if self.heading:
            said.append(f"The heading “{self.heading}” is left out.")
        if self.numbered:
            said.append(f"Numbers of list items are left out ({self.numbered:,}).")
        if self.changed:
            signs = ", ".join(f"{_sign(old)} → {new or 'left out'} ({n:,})" for old, new, n in self.letters[:8])
            said.append(f"{_were(self.changed)} respelt{'' if own else ' with a-z'}: {signs}.")
        if self.rare:
            some = first_and_more(self.rare, 8, lambda rare: f"{_sign(rare[0])} ({rare[1]})")
            said.append(f"Too rare to be learned well: {some}.")
        if self.cut:
            some = " ".join(map(_sign, self.cut[:8]))
            said.append(
                f"At most {MOST_SYMBOLS} symbols are learned; {len(self.cut):,} rarer letters are left out with their "
                f"names, such as {some}."
            )
        if self.repeated:
            said.append(f"Repeated: {self.repeated:,}, which count once.")
        if self.dropped:
            why = "; ".join(f"{reason}: {n:,}" for reason, n in self.reasons)
            some = ", ".join(f"line {d.line} “{d.text}”" for d in self.examples)
            said.append(f"{_were(self.dropped)} dropped ({why}), for example {some}.")
        return said


@dataclass(frozen=True)
class NameList:
    """Names, and where they come from; those of Hangul in single letters, as they are learned."""

    names: tuple[str, ...]
    source: str
    report: NamesReport | None = field(default=None, compare=False)
    alphabet: Alphabet = LECTURE

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def known(self) -> frozenset[str]:
        """The names, to ask whether one is among them."""
        return frozenset(self.names)

    def new_share(self, invented: Sequence[str]) -> float:
        """The share of at least one invented name that is not in the list, in [0, 1]."""
        return sum(name not in self.known for name in invented) / len(invented)


class Split(NamedTuple):
    """Names to learn from, to compare runs by, and to look at last."""

    train: tuple[str, ...]
    dev: tuple[str, ...]
    test: tuple[str, ...]


@cache
def given_names() -> NameList:
    """The bundled given names of many cultures."""
    return NameList(tuple(bundled.path("names.txt").read_text("utf-8").split()), "given names")


@cache
def english_words() -> NameList:
    """The 10,000 most frequent English words of the bundled vocabulary that are spelt with a-z."""
    words = bundled.path("vectors/words.txt").read_text("utf-8").split("\n")
    spelt = [word for word in words if 2 <= len(word) <= MAX_LETTERS and _LETTERS.issuperset(word)]
    return NameList(tuple(spelt[:ENGLISH_WORDS]), "English words")


def split(names: Sequence[str], seed: int = 42) -> Split:
    """80, 10 and 10% of the names in the lecture's shuffle (makemore, part 2: `random.seed(42)`)."""
    shuffled = list(names)
    random.Random(seed).shuffle(shuffled)  # Python's own generator, because the lecture's split is its
    first, second = int(0.8 * len(shuffled)), int(0.9 * len(shuffled))
    return Split(tuple(shuffled[:first]), tuple(shuffled[first:second]), tuple(shuffled[second:]))


def read_names(
    content: str | bytes, source: str, *, letters: Letters = "auto", encoding: str | None = None
) -> NameList:
    """A visitor's list: one name a line, or several with commas, semicolons or tabs between them.

    Capitals become small, and the list's heading and numbers before its entries are left out. In the lecture's letters
    accents go, and hyphens, apostrophes and spaces inside a name are left out; an entry with anything else is dropped.
    In the list's own letters all letters, marks, digits, hyphens, apostrophes, spaces and dots between parts of a name
    are symbols; beyond 99 the rarest are left out with the names that have them. The report counts all of that.

    Args:
        content: at most 1,000,000 bytes.
        source: what the list is called on screen.
        letters: "lecture", "own", or "auto": its own where more than a fifth of the entries have letters beside a-z.
        encoding: as for `embedlab.formats.text.encodings.decode`.

    Raises:
        FileTooLarge: more bytes.
        InvalidSetting: another choice of letters.
        InvalidText: another encoding, or fewer than 30 names left.
    """
    one_of("letters", letters, get_args(Letters))
    size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise FileTooLarge(f"This list has {size:,} bytes; up to {MAX_BYTES:,} are read. Cut it, or take a part of it.")
    text = content if isinstance(content, str) else decode(content, "This list", encoding)
    entries = [
        (number, entry)
        for number, line in enumerate(_LINE_ENDS.split(text), start=1)
        for entry in filter(None, (part.strip(" \u00a0\u3000\x1a\ufeff") for part in BETWEEN.split(line)))
    ]
    heading = ""
    if entries and entries[0][1].casefold().replace("_", " ") in _HEADINGS.split("|"):
        (_, heading), *entries = entries
    numbered = sum(_ITEM.match(entry) is not None for _, entry in entries)
    if numbered > _NUMBERED * len({line for line, _ in entries}):
        entries = [(number, _ITEM.sub("", entry, count=1)) for number, entry in entries]
    else:
        numbered = 0
    spelled = [in_the_lectures(entry) for _, entry in entries]
    own = letters == "own" or (letters == "auto" and sum(s.lacking for s in spelled) > _LACKING * len(entries))
    if own:
        dotless = spelling.is_dotless(text)
        spelled = [in_own_letters(entry, dotless=dotless) for _, entry in entries]
    cut = _beyond(spelled) if own else ()
    names = [s.without(cut) for s in spelled]
    return _counted(
        entries, names, source, own=own, asked=letters == "own", cut=cut, heading=heading, numbered=numbered
    )


def _beyond(spelled: Sequence[Spelled]) -> tuple[str, ...]:
    """Letters beyond the most frequent 99, by how many names have them."""
    names = {s.name for s in spelled if not s.reason}
    counts = Counter(letter for name in sorted(names) for letter in sorted(set(name)))
    return tuple(letter for letter, _ in counts.most_common()[MOST_SYMBOLS - 1 :])


def _counted(
    entries: Sequence[tuple[int, str]],
    spelled: Sequence[Spelled],
    source: str,
    *,
    own: bool,
    asked: bool,
    cut: tuple[str, ...],
    heading: str,
    numbered: int,
) -> NameList:
    """The list of what was spelled, with its report. Raises InvalidText: fewer than 30 names."""
    kept: dict[str, None] = {}
    changed = repeated = 0
    signs: Counter[tuple[str, str]] = Counter()
    dropped: list[DroppedName] = []
    for (number, entry), each in zip(entries, spelled, strict=True):
        if each.reason:
            dropped.append(DroppedName(number, _shown(entry), each.reason))
        elif each.name in kept:
            repeated += 1
        else:
            kept[each.name] = None
            changed += bool(each.signs)
            signs.update(each.signs)
    counts = Counter("".join(kept))
    alphabet = Alphabet(END + "".join(sorted(counts, key=spelling.place))) if own and counts else LECTURE
    report = NamesReport(
        entries=len(entries),
        kept=len(kept),
        repeated=repeated,
        changed=changed,
        alphabet=alphabet,
        asked=asked,
        letters=tuple((old, new, n) for (old, new), n in signs.most_common()),
        dropped=len(dropped),
        reasons=tuple(Counter(d.reason for d in dropped).most_common()),
        examples=tuple(dropped[:_EXAMPLES]),
        rare=tuple((letter, n) for letter, n in reversed(counts.most_common()) if own and n < _RARE),
        cut=cut,
        heading=heading,
        numbered=numbered,
    )
    if len(kept) < MIN_NAMES:
        said = " ".join(report.sentences()) if entries else "The list is empty."
        remedy = " Write the names in an alphabet, such as pinyin." if cut else ""
        of = "" if own else " of letters from a to z"
        raise InvalidText(f"At least {MIN_NAMES} different names{of} are needed. {said}{remedy}")
    return NameList(tuple(kept), source, report, alphabet)


def spell(word: str, alphabet: Alphabet = LECTURE) -> str:
    """One typed name in the letters of an alphabet. Raises InvalidText: it has other signs, or none at all."""
    if alphabet == LECTURE:
        each, of = in_the_lectures(word.strip()), "a-z"
    else:
        each, of = spelling.in_letters_of(alphabet, word.strip()), alphabet.said
    if each.reason:
        raise InvalidText(f"“{_shown(word)}” cannot be spelled with {of} ({each.reason}): type another name.")
    return each.name


def _were(count: int) -> str:
    return f"{count:,} {'was' if count == 1 else 'were'}"


def _shown(entry: str) -> str:
    """An entry as it can be printed: short, and without signs that act on a terminal or turn the line around."""
    short = entry if len(entry) <= 24 else entry[:23] + "…"
    return "".join(c if c.isprintable() else "�" for c in short)


def _sign(sign: str) -> str:
    return in_text(label(sign)) if len(sign) == 1 else sign
