"""gz and zip: 40 files."""

import gzip
import io
import struct
import tarfile
import warnings
import zipfile
import zlib

from tests.hostile.case import (
    ASKED,
    GLOVE,
    MATRIX,
    REFUSED,
    REPORTED,
    SAME,
    TOO_LARGE,
    UNSAFE,
    W2V,
    WORDS,
    Case,
    gz,
    gz_of,
    npz,
    zip_of,
    zipped,
)

import numpy as np  # isort: skip

G = "compression"
_GZ, _ZIP = gz(W2V), zipped(vectors__txt=W2V)
_END = "the gz data ends too early"
_NPZ = npz(words=np.array(WORDS), vectors=MATRIX)


def _refused(name: str, data, message: str, outcome: str = REFUSED) -> Case:  # type: ignore[no-untyped-def]
    return Case(G, name, data, outcome, message)


def _patched(data: bytes, mark: bytes, at: int, patch: bytes) -> bytes:
    """The data with some bytes replaced, `at` bytes after every `mark`."""
    out = bytearray(data)
    place = data.find(mark)
    while place >= 0:
        out[place + at : place + at + len(patch)] = patch
        place = data.find(mark, place + 1)
    return bytes(out)


def _method(method: int) -> bytes:
    """A zip that says its members are packed by another method."""
    return _patched(
        _patched(_ZIP, b"PK\x03\x04", 8, struct.pack("<H", method)), b"PK\x01\x02", 10, struct.pack("<H", method)
    )


def _tar_gz() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("vectors.txt")
        info.size = len(W2V)
        archive.addfile(info, io.BytesIO(W2V))
    return out.getvalue()


def _many_entries(n: int) -> bytes:
    return zip_of({f"{i}.txt": GLOVE for i in range(n)}, zipfile.ZIP_STORED)


def _directory_bomb() -> bytes:
    """A central directory of 300,000 entries without their files: listing it takes hundreds of megabytes."""
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a"
    directory = entry * 300_000
    return directory + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 50, 50, len(directory), 0, 0)


def _overlapping() -> bytes:
    """Fifty directory entries that all name the same packed bytes."""
    one = zip_of({"a.txt": GLOVE * 2000})
    start = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    directory = one[start:end] * 50
    return one[:start] + directory + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 50, 50, len(directory), start, 0)


def _twins() -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("v.txt", GLOVE)
        archive.writestr("v.txt", W2V)
    return out.getvalue()


CASES = [
    Case(G, "gz", _GZ, SAME),
    Case(G, "gz in two parts", gz(W2V[:40]) + gz(W2V[40:]), SAME),
    Case(G, "gz with empty parts", gz(b"") * 100 + _GZ, SAME),
    Case(G, "gz with zero padding", _GZ + bytes(512), SAME),
    Case(G, "gz that names a path", _GZ[:3] + b"\x08" + _GZ[4:10] + b"../../etc/passwd\0" + _GZ[10:], SAME),
    Case(G, "npz in a gz", gz(_NPZ), SAME),
    _refused("gz of nothing", gz(b""), "the file is empty"),
    _refused("gz header alone", _GZ[:10], _END),
    _refused("gz cut in its header", _GZ[:4], _END),
    _refused("gz cut in the middle", _GZ[: len(_GZ) // 2], _END),
    _refused("gz cut before its checksum", _GZ[:-8], _END),
    _refused("gz cut by one byte", _GZ[:-1], _END),
    _refused("gz with wrong checksum", _GZ[:-8] + b"\0\0\0\0" + _GZ[-4:], "its checksum differs"),
    _refused("gz with wrong length", _GZ[:-4] + b"\1\0\0\0", "the gz data is damaged"),
    _refused(
        "gz with a flipped byte", _GZ[:40] + bytes([_GZ[40] ^ 255]) + _GZ[41:], "the gz data (is damaged|ends)|line"
    ),
    _refused("gz with garbage behind", _GZ + b"garbage", "the gz data is damaged"),
    _refused("gz in a gz", gz(_GZ), "a gz inside a gz"),
    _refused("zip in a gz", gz(_ZIP), "a zip inside a gz"),
    Case(G, "tar in a gz", _tar_gz, SAME),
    _refused("bomb of one line", lambda: gz_of(b"a", 1 << 28), "line 1: the line is longer", TOO_LARGE),
    _refused("bomb of rows", lambda: gz_of(b"the 1 2 3 4\n", 20_000_000), "over 100 times its size", TOO_LARGE),
    _refused("bomb of blank lines", lambda: gz_of(b"\n", 1 << 28), "blank lines"),
    _refused("bomb of blank lines inside", lambda: _GZ + gz_of(b"\n", 1 << 28), "over 100 times its size", TOO_LARGE),
    _refused("bomb in zeros", lambda: gz_of(b"\0", 1 << 28), "longer than", TOO_LARGE),
    _refused("7z", b"7z\xbc\xaf\x27\x1c" + bytes(100), "this is a 7z archive"),
    Case(G, "zip", _ZIP, SAME),
    Case(G, "zip, stored", zipped(zipfile.ZIP_STORED, vectors__txt=W2V), SAME),
    Case(G, "zip with a folder and leftovers", zipped(__MACOSX___x=b"x", a___v__vec=W2V, a_____DS_Store=b"y"), SAME),
    Case(G, "zip with a readme", zipped(README__md=b"# Vectors\n\nMade by hand.\n", v__txt=W2V), SAME),
    Case(G, "zip with a path that climbs", zip_of({"../../../etc/passwd": W2V}), SAME),
    Case(G, "zip with an npz", zip_of({"x.npz": _NPZ}), SAME),
    Case(G, "zip with one chosen", zipped(a__txt=GLOVE, b__txt=W2V), SAME, options={"member": "b.txt"}),
    Case(G, "zip with several", zipped(a__txt=GLOVE, b__txt=W2V), ASKED, "several vector files: a.txt, b.txt"),
    Case(G, "zip with another chosen", zipped(a__txt=GLOVE), ASKED, "no “c.txt”: a.txt", options={"member": "c.txt"}),
    _refused("zip of nothing", zip_of({}), "the zip holds no vector file .it holds nothing"),
    _refused("zip of prose", zipped(a__md=b"# Hello\nYou there\n"), r"line 1: “Hello” is not a number"),
    _refused(
        "zip of two proses", zipped(a__md=b"# Hello\n", b__md=b"# You\n"), r"no vector file \(it holds a.md, b.md\)"
    ),
    Case(
        G,
        "zip of a table",
        zipped(a__csv=b"a,1,2\nb,3,4\n"),
        REPORTED,
        "became the vectors",
        ("a", "b"),
        ((1, 2), (3, 4)),
    ),
    _refused("zip of an empty file", zipped(a__txt=b""), "the file is empty"),
    _refused(
        "zip that says it is smaller", _patched(_ZIP, b"PK\x01\x02", 24, struct.pack("<L", 9)), "checksum differs"
    ),
    _refused("zip of a folder", zip_of({"folder/": b""}), "the zip holds no vector file"),
    _refused("zip of 101 files", lambda: _many_entries(101), "the zip holds 101 files", TOO_LARGE),
    _refused("zip of 70,000 entries", lambda: b"PK\x03\x04" + _directory_bomb(), "directory is too large", TOO_LARGE),
    _refused("zip, overlapping", _overlapping, "(50 files called a.txt|damaged)"),
    _refused("zip with two of one name", _twins, "2 files called v.txt"),
    Case(G, "zip with two of one name, chosen", _twins, REFUSED, "2 files called", options={"member": "v.txt"}),
    _refused(
        "zip, encrypted", _patched(_patched(_ZIP, b"PK\x03\x04", 6, b"\1"), b"PK\x01\x02", 8, b"\1"), "is encrypted"
    ),
    _refused("zip by bzip2", _method(12), "packed in an unusual way"),
    _refused("zip by an unknown way", _method(97), "packed in an unusual way"),
    _refused("zip cut in half", _ZIP[: len(_ZIP) // 2], "the zip is damaged or cut off"),
    _refused("zip cut by one byte", _ZIP[:-1], "the zip is damaged or cut off"),
    _refused("zip with wrong checksum", _patched(_ZIP, b"PK\x01\x02", 16, b"\0\0\0\0"), "its checksum differs"),
    Case(G, "zip that says it is larger", _patched(_ZIP, b"PK\x01\x02", 24, struct.pack("<L", 5000)), SAME),
    _refused("zip in a zip", zip_of({"a.zip": _ZIP}), "a zip inside a zip"),
    _refused("gz in a zip", zip_of({"a.gz": _GZ}), "a gz inside a zip"),
    _refused("zip bomb", lambda: zip_of({"a.txt": b"the 1 2 3 4\n" * 4_000_000}), "over 100 times its size", TOO_LARGE),
    _refused("zip of pickles", zip_of({"a.pkl": b"\x80\x04\x95\0\0\0"}), "only pickles", UNSAFE),
]
assert gzip.decompress(_GZ) == W2V == zlib.decompress(_GZ, 31)
