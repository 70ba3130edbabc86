"""Lists of names to learn letters from: bundled ones, and a visitor's own with a report on its lines."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from embedlab.errors import FileTooLarge, InvalidText
from embedlab.lessons.letters.alphabet import ALPHABET
from embedlab.library import bundled

MAX_BYTES = 1_000_000
MIN_NAMES = 30  # fewer leave 3 names to measure by
MAX_LETTERS = 30
ENGLISH_WORDS = 10_000
_LETTERS = frozenset(ALPHABET[1:])
_BETWEEN = frozenset(" -'’‘`´.·‐‑–_\u00ad\u200b\u200c\u200d")  # left out inside a name
_PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "ng"}
)
_EXAMPLES = 5  # of dropped lines, shown in a report


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
    letters: tuple[tuple[str, str, int], ...] = ()  # sign, what it became, how often; most frequent first
    dropped: int = 0
    reasons: tuple[tuple[str, int], ...] = ()  # why entries were dropped, most frequent first
    examples: tuple[DroppedName, ...] = ()  # the first few that were dropped

    def sentences(self) -> list[str]:
        """The report in words, as plain text."""
        said = [f"{self.kept:,} of {self.entries:,} entries are used."]
        if self.changed:
            signs = ", ".join(f"{old} → {new or 'left out'} ({n:,})" for old, new, n in self.letters[:8])
            said.append(f"{_were(self.changed)} respelt with a-z: {signs}.")
        if self.repeated:
            said.append(f"Repeated: {self.repeated:,}, which count once.")
        if self.dropped:
            why = "; ".join(f"{reason}: {n:,}" for reason, n in self.reasons)
            some = ", ".join(f"line {d.line} “{d.text}”" for d in self.examples)
            said.append(f"{_were(self.dropped)} dropped ({why}), for example {some}.")
        return said


@dataclass(frozen=True)
class NameList:
    """Names of a-z, and where they come from."""

    names: tuple[str, ...]
    source: str
    report: NamesReport | None = field(default=None, compare=False)

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


def read_names(content: str | bytes, source: str) -> NameList:
    """A visitor's list: one name a line, or several with commas, semicolons or tabs between them.

    Capitals become small, accents go, and hyphens, apostrophes and spaces inside a name are left out; an entry with
    anything else is dropped. The report counts all of that.

    Args:
        content: at most 1,000,000 bytes; UTF-8, or UTF-16 with its mark at the beginning.
        source: what the list is called on screen.

    Raises:
        FileTooLarge: more bytes.
        InvalidText: another encoding, or fewer than 30 names left.
    """
    size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise FileTooLarge(f"This list has {size:,} bytes; up to {MAX_BYTES:,} are read. Cut it, or take a part of it.")
    text = content if isinstance(content, str) else _decode(content)
    kept: dict[str, None] = {}
    entries = changed = repeated = 0
    letters: Counter[tuple[str, str]] = Counter()
    dropped: list[DroppedName] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        for entry in filter(None, map(str.strip, re.split(r"[,;\t]", line))):
            entries += 1
            name, signs, reason = _spell(entry)
            if reason:
                dropped.append(DroppedName(number, _shown(entry), reason))
            elif name in kept:
                repeated += 1
            else:
                kept[name] = None
                changed += bool(signs)
                letters.update(signs)
    report = NamesReport(
        entries=entries,
        kept=len(kept),
        repeated=repeated,
        changed=changed,
        letters=tuple((old, new, n) for (old, new), n in letters.most_common()),
        dropped=len(dropped),
        reasons=tuple(Counter(d.reason for d in dropped).most_common()),
        examples=tuple(dropped[:_EXAMPLES]),
    )
    if len(kept) < MIN_NAMES:
        said = " ".join(report.sentences()) if entries else "The list is empty."
        raise InvalidText(f"At least {MIN_NAMES} different names of letters from a to z are needed. {said}")
    return NameList(tuple(kept), source, report)


def spell(word: str) -> str:
    """One typed name in a-z. Raises InvalidText: it has signs that stand for no letter from a to z, or none at all."""
    name, _, reason = _spell(word.strip())
    if reason:
        raise InvalidText(f"“{_shown(word)}” cannot be spelt with a-z ({reason}): type another name.")
    return name


def _spell(entry: str) -> tuple[str, list[tuple[str, str]], str]:
    """The entry in a-z, what was changed beside capitals, and why it cannot be used ("" where it can)."""
    if len(entry) > 4 * MAX_LETTERS:  # accents may be written apart
        return "", [], f"longer than {MAX_LETTERS} letters"
    name, signs = [], []
    for sign in unicodedata.normalize("NFC", entry).lower():
        if sign in _LETTERS:
            name.append(sign)
            continue
        plain = unicodedata.normalize("NFKD", sign.translate(_PLAIN))
        plain = "".join(c for c in plain if not unicodedata.combining(c))
        if sign in _BETWEEN or not plain:
            plain = ""
        elif not _LETTERS.issuperset(plain):
            return "", [], "signs that are no letters" if not sign.isalpha() else "letters of another alphabet"
        name.append(plain)
        signs.append(("space" if sign == " " else sign, plain))
    if not any(name):
        return "", [], "no letters"
    if sum(map(len, name)) > MAX_LETTERS:
        return "", [], f"longer than {MAX_LETTERS} letters"
    return "".join(name), signs, ""


def _decode(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise InvalidText("The file begins like UTF-16 but breaks off: save it as UTF-8.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidText(
            f"Byte {error.start + 1:,}, in line {line:,}, is not UTF-8: save the file as UTF-8, or paste the names."
        ) from None


def _were(count: int) -> str:
    return f"{count:,} {'was' if count == 1 else 'were'}"


def _shown(entry: str) -> str:
    """An entry as it can be printed: short, and without signs that act on a terminal or turn the line around."""
    short = entry if len(entry) <= 24 else entry[:23] + "…"
    return "".join(c if c.isprintable() else "�" for c in short)
