"""Vector arithmetic as one types it: ``king - man + woman``, with weights, parentheses and words in quotes.

    sum    = term {("+" | "-") term}
    term   = {"+" | "-" | number ["/" number] "*"} factor {("*" | "/") ["+" | "-"] number}
    factor = word | "quoted word" | ["v"] "(" sum ")"

A sum of sums is a sum, so every expression comes to one weight for each of its words. Nothing is evaluated as code.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from embedlab.arrays import Doubles
from embedlab.errors import InvalidSetting, InvalidText
from embedlab.vectors.measures.sums import most_similar, weighted_sum
from embedlab.vectors.queries import Neighbor, nearest_neighbors
from embedlab.vectors.spelling import OPENING, QUOTED, SEPARATORS, Match, as_one, look_up, unquoted
from embedlab.vectors.word_vectors import WordVectors

MOST_LETTERS, MOST_NESTED = 2_000, 30
_EXAMPLE = "king - man + woman, or 0.5 * (king + queen) - man"
_LEAST, _MOST = 1e-6, 1e6  # of a number that is written; 0 takes a word away
_WEIGHTS = "from 0.000001 to 1,000,000"
_SIGNS = {
    "−": "-", "–": "-", "—": "-", "－": "-", "＋": "+", "×": "*", "·": "*", "⋅": "*", "∗": "*", "＊": "*", "÷": "/",
    "／": "/", "∕": "/", "⁄": "/", "（": "(", "）": ")",
}  # fmt: skip
_ANY_SIGN = r"-+*/−–—－＋×·⋅∗＊÷／∕⁄"
_QUOTED = re.compile(QUOTED)
_CHUNK = re.compile(r"[^\s()（）]+")
_NUMBER = re.compile(r"\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?")
_OPERATOR = re.compile(f"[{_ANY_SIGN}]")
_PART = re.compile(rf"(?:\d+(?:\.\d*)?|\.\d+)[eE][-+]?\d+(?![^{_ANY_SIGN}])|[{_ANY_SIGN}]|[^{_ANY_SIGN}]+")
_BEFORE_QUOTE = re.compile(rf'(?<=[{_ANY_SIGN}])(?=["{OPENING}])')
_LISTED = re.compile(f"[{SEPARATORS}=]")
_VECTOR_OF = {"v", "vec", "vector"}  # v(king), as sums are printed here and in books
_NO_NUMBERS = {"nan", "inf", "infinity", "∞"}
_THOUSANDS = re.compile(r"\d{1,3}(?:[',’_]\d{3}){2,}|\d{1,3}(?:['’_]\d{3})+")
_NOTHING, _LARGEST = 1e-12, 1e12  # of the products of weights: below, above
_LONGEST_JOINED = 4  # parts of one word with blanks between
_LONGEST_HYPHENATED = 9  # parts of one word with signs between, the signs counted


class _Token(NamedTuple):
    kind: str  # "word", "number", "(", ")", "+", "-", "*", "/", "," for what lists words, or "end"
    text: str  # as typed
    match: Match | None = None


@dataclass(frozen=True)
class Expression:
    """A weighted sum of n different words."""

    terms: tuple[tuple[str, float], ...]  # words as the vectors hold them and their weights, none 0, in their order
    matches: tuple[Match, ...]  # how each word that was typed was read, also of those that cancel out

    @property
    def text(self) -> str:
        """The sum with its vectors, after all parentheses: v(king) − v(man) + 0.5 · v(woman)."""
        return " ".join(_spelt(word, weight, first=not i) for i, (word, weight) in enumerate(self.terms))

    def vector(self, vectors: WordVectors) -> Doubles:
        """(D,) sum of the words' unit vectors, each times its weight. Raises UnknownWord: every missing word."""
        return weighted_sum(vectors, self.terms)

    def nearest(
        self, vectors: WordVectors, k: int = 10, *, include_inputs: bool = False, restrict_vocab: int | None = None
    ) -> list[Neighbor]:
        """The k words with the largest cosine to the sum, its own words left out unless asked for.

        Args:
            restrict_vocab: answer with the first n words only.

        Raises:
            UnknownWord: every missing word is listed.
            InvalidSetting: the words cancel out, or a number below 1.
        """
        if not include_inputs:
            return most_similar(vectors, self.terms, topn=k, restrict_vocab=restrict_vocab)
        among = vectors if restrict_vocab is None else vectors.restrict(restrict_vocab)
        return nearest_neighbors(among, self.vector(vectors), k)


def parse_expression(vectors: WordVectors, typed: str) -> Expression:
    """Reads a sum of words.

    A word is found as `spelling.look_up` finds it. What stands between blanks is one word where the vectors hold it
    (vice-president), and is taken apart at its signs where they do not (king-man). What is in quotes is one word.

    Raises:
        InvalidText: nothing typed, or what is no sum of words; the message says where, and what to write.
        InvalidSetting: all words cancel out, or a weight that is no finite number.
        UnknownWord: every missing word is listed, with near spellings.
    """
    if not typed.strip():
        raise InvalidText(f"Type a sum of words, such as {_EXAMPLE}.")
    if len(typed) > MOST_LETTERS:
        raise InvalidText(f"An expression of {len(typed):,} letters is too long: give at most {MOST_LETTERS:,}.")
    tokens = list(_joined(vectors, list(_tokens(vectors, typed))))
    parser = _Parser(tokens)
    weights = parser.sum_of_all()
    matches = tuple(dict.fromkeys(parser.used))
    missing = [match.word for match in matches if match.way == "unknown" and not vectors.composes(match.word)]
    if missing:
        raise vectors.unknown(list(dict.fromkeys(missing)))
    largest = max(map(abs, weights.values()))
    if largest < _NOTHING:
        raise InvalidSetting(
            f"All words cancel out: the weights of {', '.join(weights)} come to 0. Change a word or its weight, which "
            f"is a number {_WEIGHTS}, such as 0.5 * {as_one(next(iter(weights)))}."
        )
    terms = tuple((word, weight) for word, weight in weights.items() if abs(weight) > 1e-12 * largest)
    return Expression(terms, matches)


def _tokens(vectors: WordVectors, typed: str) -> Iterator[_Token]:
    at = 0
    while at < len(typed):
        letter = typed[at]
        if letter.isspace():
            at += 1
        elif letter in "()（）":
            yield _Token(_SIGNS.get(letter, letter), letter)
            at += 1
        elif quoted := _QUOTED.match(typed, at):
            yield _Token("word", quoted[0], look_up(vectors, unquoted(quoted[0])))
            at = quoted.end()
        else:
            chunk = _CHUNK.match(typed, at)
            assert chunk is not None  # neither blank nor parenthesis
            text = _BEFORE_QUOTE.split(chunk[0])[0]  # a quoted word right behind a sign
            yield from _of_chunk(vectors, text)
            at += len(text)


def _of_chunk(vectors: WordVectors, text: str) -> Iterator[_Token]:
    """What stands between blanks: a number, a sign, a word, or several of them."""
    if _NUMBER.fullmatch(text):
        yield _Token("number", text, look_up(vectors, text))
    elif _OPERATOR.fullmatch(text):
        yield _Token(_SIGNS.get(text, text), text)
    elif (match := look_up(vectors, text)).way != "unknown":
        yield _Token("word", text, match)
    elif not _OPERATOR.search(text):
        if _looks_like_a_number(text) or not _LISTED.search(text):
            yield _Token("word", text, match)
            return
        for part in filter(None, re.split(f"({_LISTED.pattern})", text)):
            yield _Token(",", part) if _LISTED.fullmatch(part) else _Token("word", part, look_up(vectors, part))
    else:
        yield from _in_parts(vectors, text)


def _in_parts(vectors: WordVectors, text: str) -> Iterator[_Token]:
    """A chunk that is no word, at its signs; parts that the vectors hold together, such as x-ray, stay so."""
    parts = _PART.findall(text)
    at = 0
    while at < len(parts):
        if not _OPERATOR.fullmatch(parts[at]):
            for behind in range(min(len(parts), at + _LONGEST_HYPHENATED), at + 2, -1):
                together = "".join(parts[at:behind])
                if (match := look_up(vectors, together)).way != "unknown":
                    yield _Token("word", together, match)
                    at = behind
                    break
            else:
                yield from _of_chunk(vectors, parts[at])
                at += 1
        else:
            yield from _of_chunk(vectors, parts[at])
            at += 1


def _joined(vectors: WordVectors, tokens: list[_Token]) -> Iterator[_Token]:
    """The tokens, with words that stand side by side made one where the vectors hold them so: New York."""
    at = 0
    while at < len(tokens):
        behind = at
        while behind < min(len(tokens), at + _LONGEST_JOINED) and tokens[behind].kind in ("word", "number"):
            behind += 1
        for end in range(behind, at + 1, -1):
            text = " ".join(token.text for token in tokens[at:end])
            if (match := look_up(vectors, text)).way != "unknown":
                yield _Token("word", text, match)
                at = end
                break
        else:
            yield tokens[at]
            at += 1


class _Parser:
    """Recursive descent; each method gives the weights of the words it has read."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at, self.depth = [*tokens, _Token("end", "")], 0, 0
        self.used: list[Match] = []

    def sum_of_all(self) -> dict[str, float]:
        found = self._sum()
        if self._now.kind == ")":
            raise InvalidText("A closing parenthesis has no opening one before it: take it away, or add “(”.")
        if self._now.kind != "end":
            raise self._no_sign()
        return found

    @property
    def _now(self) -> _Token:
        return self.tokens[self.at]

    def _sum(self) -> dict[str, float]:
        total: dict[str, float] = {}
        sign = 1.0
        while True:
            for word, weight in self._term().items():
                total[word] = total.get(word, 0.0) + sign * weight
            if self._now.kind not in "+-":
                return total
            sign = self._sign()

    def _sign(self) -> float:
        self.at += 1
        return 1.0 if self.tokens[self.at - 1].kind == "+" else -1.0

    def _term(self) -> dict[str, float]:
        factor = 1.0
        while self._now.kind in ("+", "-") or self._weighs():
            if self._now.kind != "number":
                factor *= self._sign()
            else:
                factor *= self._number()
                if self._now.kind == "/":
                    self.at += 1
                    factor /= self._number(divides=True)
                self.at += 1  # the sign
        found = self._factor()
        while self._now.kind in ("*", "/"):
            before, sign = self.tokens[self.at - 1].text, self._now.kind
            self.at += 1
            if self._now.kind in ("+", "-"):
                factor *= self._sign()
            if self._now.kind != "number":
                raise _no_weight(before, sign, self._now.text)
            value = self._number(divides=sign == "/")
            factor = factor * value if sign == "*" else factor / value
        weighted = {word: factor * weight for word, weight in found.items()}
        if any(abs(weight) > _LARGEST for weight in weighted.values()):
            raise InvalidSetting(f"Weights multiply to {factor:.3g}, which is too large: choose numbers {_WEIGHTS}.")
        return weighted

    def _weighs(self) -> bool:
        """Whether a number comes now that multiplies what is behind it: 2 *, or 1 / 2 *."""
        kinds = [token.kind for token in self.tokens[self.at : self.at + 4]]
        return kinds[:2] == ["number", "*"] or kinds == ["number", "/", "number", "*"]

    def _number(self, *, divides: bool = False) -> float:
        text = self._now.text
        self.at += 1
        value = float(text)
        if divides and value == 0:
            raise InvalidSetting(f"A vector cannot be divided by {text}: choose a number {_WEIGHTS}.")
        if value and not _LEAST <= value <= _MOST:
            size = "large" if value > 1 else "small"
            raise InvalidSetting(f"The weight {_short(text)} is too {size}: choose a number {_WEIGHTS}.")
        return value

    def _factor(self) -> dict[str, float]:
        token = self._now
        self.at += 1
        if token.kind == "(":
            self.depth += 1
            if self.depth > MOST_NESTED:
                raise InvalidText(f"More than {MOST_NESTED} parentheses inside one another: take some away.")
            found = self._sum()
            if self._now.kind != ")":
                if self._now.kind == "end":
                    raise InvalidText("A parenthesis is not closed: add “)”.")
                raise self._no_sign()
            self.at += 1
            self.depth -= 1
            return found
        if token.text in _VECTOR_OF and self._now.kind == "(":
            return self._factor()
        if token.kind in ("word", "number") and token.match is not None:  # a number that nothing multiplies is a word
            self.used.append(token.match)
            return {token.match.word: 1.0}
        if token.kind == "end":
            raise InvalidText(f"A word is missing at the end: write a sum such as {_EXAMPLE}.")
        raise InvalidText(
            f"A word is missing before “{token.text}”: write a sum such as {_EXAMPLE}. A word that has signs in it "
            'goes into quotes: "c++".'
        )

    def _no_sign(self) -> InvalidText:
        first, now = self.tokens[self.at - 1], self._now
        before, behind = first.text, now.text
        if first.kind == now.kind == "number":
            return InvalidText(f"“{before} {behind}” is no weight: write a number without blanks, {before}{behind}.")
        if now.kind == ",":
            following = self.tokens[self.at + 1].text or "man"
            return InvalidText(f"“{behind}” behind “{before}” is no sign: write {before} + {following}, or -.")
        if number := _plain(before) if now.kind != "number" else None:
            return InvalidText(f"Between “{before}” and “{behind}” a sign is missing: write {number} * {behind}.")
        by = "*" if now.kind == "number" and before != ")" else "+"
        instead = "" if by == "*" else f" or {before} - {behind}"
        return InvalidText(
            f"Between “{before}” and “{behind}” a sign is missing: write {before} {by} {behind}{instead}."
        )


def _no_weight(before: str, sign: str, behind: str) -> InvalidText:
    """Says why one cannot multiply by what stands beside a sign, and what to write."""
    other = "(…)" if behind == "(" else behind
    for text, instead in ((before, f"{{}} * {other}"), (behind, f"{before} {sign} {{}}")):
        if text and _looks_like_a_number(text):
            return InvalidText(
                f"“{_short(text)}” is no weight: weights are numbers {_WEIGHTS}, with a point before decimals. Write "
                f"{instead.format(_plain(text) or '0.5')}."
            )
    return InvalidText(
        f"“{behind or 'Nothing'}” behind “{sign}” is no number: words are added and subtracted, and multiplied by "
        f"numbers {_WEIGHTS}. Write {before} {sign} 2" + (f", or {before} + {behind}." if behind.isalnum() else ".")
    )


def _looks_like_a_number(text: str) -> bool:
    return text.lower() in _NO_NUMBERS or text[:1] in "√π" or unicodedata.category(text[0])[0] == "N"


def _plain(text: str) -> str | None:
    """A number as it is to be written; None where it is none, or too large or small."""
    if len(text) == 1:
        value = unicodedata.numeric(text, None)
    else:
        plain = re.sub("[',’_]", "", text) if _THOUSANDS.fullmatch(text) else re.sub("[,٫·]", ".", text)
        percent, plain = plain.endswith(("%", "٪")), plain.rstrip("%٪")
        value = float(plain) / (100 if percent else 1) if _NUMBER.fullmatch(plain) else None
    return f"{value:.12g}" if value is not None and _LEAST <= value <= _MOST else None


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:27]}..."


def _spelt(word: str, weight: float, *, first: bool) -> str:
    sign = ("−" if weight < 0 else "") if first else ("− " if weight < 0 else "+ ")
    size = f"{abs(weight):.{4 if abs(weight) < 1000 else 6}g}"
    return f"{sign}v({word})" if size == "1" else f"{sign}{size} · v({word})"
