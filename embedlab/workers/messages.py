"""Serialization without pickle: what trainings take and yield, as bytes for a pipe or a file.

A message is a length (8 bytes), a head in JSON, and the bytes of its arrays. A value is written as it is where JSON has
it, otherwise as a list that begins with a sign: arrays, tuples, dictionaries, the package's own data classes and named
tuples, word vectors, sparse tables and errors. Nothing else can be written, and reading makes nothing else.

Read-only arrays and long tuples of words that several messages share travel once.
"""

import importlib
import json
import math
import struct
import weakref
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import IO, Any

import numpy as np

from embedlab.arrays import Array, frozen
from embedlab.errors import EmbedlabError
from embedlab.vectors.word_vectors import WordVectors

_LENGTH = struct.Struct("<Q")
_KINDS = "biufU"  # of arrays: booleans, numbers, text; never objects
_SHARED = 64  # words of a tuple, or bytes of an array, from which on it is looked for among those sent before


class Writer:
    """Writes messages to a stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._known: dict[int, tuple[int, weakref.ref[Any]]] = {}  # by identity: number, and whether it still lives
        self._words: dict[tuple[str, ...], int] = {}
        self._count = 0  # of arrays and vectors so far
        self._dead: list[int] = []  # numbers of those that nobody holds here any longer
        self._broken = False  # a message was begun and not ended

    def send(self, value: Any) -> None:
        """Writes one value.

        Raises:
            TypeError: something that is not in the list above; nothing was written, and other values can be sent.
            OSError: the stream's own; or an earlier message was written only in part, so that no other would be read.
        """
        if self._broken:
            raise OSError("an earlier message was written only in part")
        new: list[Array] = []
        known, words = dict(self._known), dict(self._words)
        try:
            node = self._node(value, new)
            dead = list(self._dead)
            heads = [[array.dtype.str, array.shape] for array in new]
            text = json.dumps([node, heads, dead], ensure_ascii=False, separators=(",", ":"))
            head = text.encode("utf-8", "surrogatepass")
            rows = [np.asarray(array, order="C") for array in new]  # copies only what does not lie in one piece
        except BaseException:
            self._known, self._words = known, words  # the reader has nothing of it
            raise
        self._broken = True
        self._stream.write(_LENGTH.pack(len(head)) + head)
        for array in rows:
            self._stream.write(array.data)
        self._stream.flush()
        self._broken = False
        del self._dead[: len(dead)]

    def _node(self, value: Any, new: list[Array]) -> Any:
        if value is None or isinstance(value, str | bool) or type(value) in (int, float):
            return value
        if isinstance(value, np.ndarray):
            return self._array(value, new)
        if isinstance(value, np.generic):
            return self._node(value.item(), new)
        if isinstance(value, WordVectors):
            number, known = self._number(value)
            held = (value.words, value.matrix, value.source)
            return ["known", number] if known else ["vectors", number, *(self._node(part, new) for part in held)]
        if isinstance(value, EmbedlabError):
            return ["error", _name(value), *(self._node(part, new) for part in (value.args, vars(value)))]
        if is_dataclass(value):
            parts = {field.name: getattr(value, field.name) for field in fields(value)}
            return ["data", _name(value), self._node(parts, new)]
        if hasattr(value, "_asdict"):
            return ["data", _name(value), self._node(value._asdict(), new)]
        if isinstance(value, tuple) and len(value) >= _SHARED and all(type(part) is str for part in value):
            if value in self._words:
                return ["words", self._words[value]]
            self._words[value] = len(self._words)
            return ["new words", list(value)]
        if isinstance(value, tuple | list):
            return [type(value).__name__, *(self._node(part, new) for part in value)]
        if isinstance(value, Mapping):
            return ["dict", *([self._node(key, new), self._node(part, new)] for key, part in value.items())]
        if type(value).__module__.startswith("scipy.sparse") and value.format == "csr":
            return ["csr", list(value.shape), *(self._node(a, new) for a in (value.data, value.indices, value.indptr))]
        raise TypeError(f"{type(value).__qualname__} cannot be written as a message")

    def _array(self, array: Array, new: list[Array]) -> Any:
        if array.dtype.kind not in _KINDS:
            raise TypeError(f"arrays of {array.dtype} cannot be written as a message")
        if array.flags.writeable or array.nbytes < _SHARED:  # it may be another at the next message
            number, self._count = self._count, self._count + 1
            self._dead.append(number)
        else:
            number, known = self._number(array)
            if known:
                return ["known", number]
        new.append(array)
        return ["array", number, len(new) - 1]

    def _number(self, value: Any) -> tuple[int, bool]:
        """The number of something that does not change, and whether it was sent before."""
        known = self._known.get(id(value))
        if known is not None and known[1]() is value:
            return known[0], True
        number, self._count = self._count, self._count + 1
        self._known[id(value)] = number, weakref.ref(value, lambda _: self._dead.append(number))
        return number, False


class Reader:
    """Reads the messages that a `Writer` wrote."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._known: dict[int, Any] = {}  # arrays and vectors by their numbers
        self._words: list[tuple[str, ...]] = []
        self._arrays: list[Array] = []  # of the message that is being read

    def receive(self) -> Any:
        """The next value; its arrays are read-only. Raises EOFError: there is none, or only a part of one."""
        (length,) = _LENGTH.unpack(self._bytes(_LENGTH.size))
        node, heads, dead = json.loads(self._bytes(length).decode("utf-8", "surrogatepass"))
        self._arrays = [self._array(*head) for head in heads]
        value = self._value(node)
        for number in dead:
            self._known.pop(number, None)
        return value

    def _array(self, kind: str, shape: list[int]) -> Array:
        dtype = np.dtype(kind)
        if dtype.kind not in _KINDS:
            raise TypeError(f"arrays of {dtype} are not read from a message")
        if any(size < 0 for size in shape):
            raise ValueError(f"an array of shape {shape} is not read from a message")
        data = self._bytes(dtype.itemsize * math.prod(shape))
        return frozen(np.frombuffer(data, dtype).reshape(shape))

    def _bytes(self, count: int) -> bytes:
        data = self._stream.read(count)
        if len(data) < count:
            raise EOFError("a message ends early" if data else "no more messages")
        return data

    def _value(self, node: Any) -> Any:
        if not isinstance(node, list):
            return node
        sign, *rest = node
        return self._makers[sign](self, rest)

    def _all(self, nodes: list[Any]) -> list[Any]:
        return [self._value(node) for node in nodes]

    def _new_words(self, rest: list[Any]) -> tuple[str, ...]:
        self._words.append(tuple(rest[0]))
        return self._words[-1]

    def _keep(self, number: int, value: Any) -> Any:
        self._known[number] = value
        return value

    def _vectors(self, rest: list[Any]) -> Any:
        words, matrix, source = self._all(rest[1:])
        return self._keep(rest[0], WordVectors(words, matrix, source=source))

    def _data(self, rest: list[Any]) -> Any:
        made_by, parts = _class(rest[0]), self._value(rest[1])
        if issubclass(made_by, tuple):
            return made_by(**parts)
        if not is_dataclass(made_by):
            raise TypeError(f"{rest[0]} is no data class")
        value = made_by.__new__(made_by)  # its numbers were checked when it was first made
        vars(value).update(parts)
        return value

    def _error(self, rest: list[Any]) -> EmbedlabError:
        made_by = _class(rest[0])
        if not issubclass(made_by, EmbedlabError):
            raise TypeError(f"{rest[0]} is no error of this package")
        arguments, state = self._all(rest[1:])
        error = made_by.__new__(made_by, *arguments)
        vars(error).update(state)
        return error

    def _csr(self, rest: list[Any]) -> Any:
        from scipy import sparse  # 13 MB, for those who count

        return sparse.csr_array(tuple(self._all(rest[1:])), shape=tuple(rest[0]))

    _makers: Mapping[str, Callable[["Reader", list[Any]], Any]] = {
        "array": lambda self, rest: self._keep(rest[0], self._arrays[rest[1]]),
        "known": lambda self, rest: self._known[rest[0]],
        "vectors": _vectors,
        "error": _error,
        "data": _data,
        "words": lambda self, rest: self._words[rest[0]],
        "new words": _new_words,
        "tuple": lambda self, rest: tuple(self._all(rest)),
        "list": _all,
        "dict": lambda self, rest: {self._value(key): self._value(part) for key, part in rest},
        "csr": _csr,
    }


def _name(value: object) -> str:
    return f"{type(value).__module__}:{type(value).__qualname__}"


def _class(name: str) -> type:
    """A class of this package by its name. Raises TypeError: a name from elsewhere."""
    module, _, qualname = name.partition(":")
    if not module.startswith("embedlab."):
        raise TypeError(f"{name} is not of this package")
    found = getattr(importlib.import_module(module), qualname, None)
    if not isinstance(found, type):
        raise TypeError(f"{name} is no class")
    return found
