"""bz2, xz, zst and tar: 40 files."""

import bz2
import io
import lzma
import struct
import tarfile

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
    npy,
    npz,
    zip_of,
)  # fmt: skip

import numpy as np  # isort: skip
import pyarrow as pa  # isort: skip

G = "containers"
PACK = {"bz2": bz2.compress, "xz": lzma.compress, "zst": lambda data: pa.Codec("zstd").compress(data).to_pybytes()}
_NPZ = npz(words=np.array(WORDS), vectors=MATRIX)
_LIST = "".join(f"{word}\n" for word in WORDS).encode()
_AGAIN = "Get the file again"


def tar_of(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _with(kind: bytes, target: str = "") -> bytes:
    """A tar with an entry that is no ordinary file before the vectors."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("odd")
        info.type, info.linkname = kind, target
        archive.addfile(info)
        info = tarfile.TarInfo("vectors.txt")
        info.size = len(W2V)
        archive.addfile(info, io.BytesIO(W2V))
    return out.getvalue()


def _claims(size: int, kind: bytes = b"0") -> bytes:
    """A tar whose only header claims this size."""
    info = tarfile.TarInfo("vectors.txt")
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(1024)


def _bomb(kind: str) -> bytes:
    """A hundred megabytes of one row in few bytes: thirty streams, as bz2 takes half a minute to pack it in one."""
    return PACK[kind](b"the 1 2 3 4\n" * 300_000) * 30


_TAR = tar_of({"vectors.txt": W2V})
CASES = [
    *(Case(G, kind, pack(W2V), SAME) for kind, pack in PACK.items()),
    *(Case(G, f"{kind} in two parts", pack(W2V[:40]) + pack(W2V[40:]), SAME) for kind, pack in PACK.items()),
    *(Case(G, f"tar in a {kind}", pack(_TAR), SAME) for kind, pack in PACK.items()),
    *(Case(G, f"npz in a {kind}", pack(_NPZ), SAME) for kind, pack in PACK.items()),
    *(Case(G, f"{kind} of nothing", pack(b""), REFUSED, "the file is empty") for kind, pack in PACK.items()),
    *(
        Case(G, f"{kind} cut in the middle", pack(W2V)[:60], REFUSED, "ends too early|damaged")
        for kind, pack in PACK.items()
    ),
    *(
        Case(G, f"{kind} header alone", pack(W2V)[:14], REFUSED, "ends too early|damaged")
        for kind, pack in PACK.items()
    ),
    *(
        Case(G, f"{kind} in a zip", zip_of({"a": pack(W2V)}), REFUSED, f"a {kind} inside a zip")
        for kind, pack in PACK.items()
    ),
    *(Case(G, f"gz in a {kind}", pack(gz(W2V)), REFUSED, f"a gz inside a {kind}") for kind, pack in PACK.items()),
    *(
        Case(G, f"bomb in a {kind}", lambda kind=kind: _bomb(kind), TOO_LARGE, "over 100 times its size")
        for kind in PACK
    ),
    Case(G, "bz2 with garbage behind", bz2.compress(W2V) + b"garbage", REFUSED, "the bz2 data is damaged"),
    Case(G, "bz2 of garbage", b"BZh91AY&SY" + bytes(100), REFUSED, "the bz2 data"),
    Case(G, "xz of garbage", b"\xfd7zXZ\0" + bytes(100), REFUSED, "the xz data"),
    Case(G, "zst of garbage", b"\x28\xb5\x2f\xfd" + bytes(100), REFUSED, "the zst data"),
    Case(
        G,
        "xz that wants a gigabyte",
        lambda: lzma.compress(W2V, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]),
        TOO_LARGE,
        "dictionary",
    ),
    Case(G, "tar", _TAR, SAME),
    Case(G, "tar in a gz", gz(_TAR), SAME),
    Case(G, "tar of old", tar_of({"v.txt": W2V}, tarfile.USTAR_FORMAT), SAME),
    Case(G, "tar with a readme", tar_of({"README.md": b"# Vectors\n\nMade by hand.\n", "v.txt": W2V}), SAME),
    Case(G, "tar with a path that climbs", tar_of({"../../../etc/passwd": W2V}), SAME),
    Case(G, "tar with a name of 300 letters", tar_of({"v" * 300: W2V}), SAME),
    Case(G, "tar with a link", _with(tarfile.SYMTYPE, "/etc/passwd"), SAME),
    Case(G, "tar with a hard link", _with(tarfile.LNKTYPE, "/etc/passwd"), SAME),
    Case(G, "tar with a device", _with(tarfile.CHRTYPE), SAME),
    Case(G, "tar of a matrix and its words", tar_of({"v.npy": npy(MATRIX), "words.txt": _LIST}), SAME),
    Case(G, "tar with several", tar_of({"a.txt": GLOVE, "b.txt": W2V}), ASKED, "several vector files: a.txt, b.txt"),
    Case(G, "tar with one chosen", tar_of({"a.txt": GLOVE, "b.txt": W2V}), SAME, options={"member": "b.txt"}),
    Case(G, "tar of nothing", tar_of({}) or bytes(10240), REFUSED, ""),
    Case(G, "tar of a pickle", tar_of({"a.pkl": b"\x80\x04\x95\0\0\0"}), UNSAFE, "only pickles"),
    Case(
        G,
        "tar of 101 files",
        lambda: tar_of({f"{i}.txt": GLOVE for i in range(101)}),
        TOO_LARGE,
        "the tar holds 101 files",
    ),
    Case(G, "tar cut in a file", _TAR[:560], REFUSED, _AGAIN),
    Case(G, "tar cut in a header", _TAR[:300], REFUSED, ""),
    Case(G, "tar that claims 8 GB", _claims(8 << 30), REFUSED, ""),
    Case(G, "tar with a name of 4 GB", _claims(4 << 30, tarfile.GNUTYPE_LONGNAME), TOO_LARGE, "a header of the tar"),
    Case(G, "tar with settings of 4 GB", _claims(4 << 30, tarfile.XHDTYPE), TOO_LARGE, "a header of the tar"),
    Case(G, "tar with a wrong checksum", _TAR[:148] + b"0000000\0" + _TAR[156:], REFUSED, ""),
    Case(G, "zip in a tar", tar_of({"a.zip": zip_of({"v.txt": W2V})}), REFUSED, "a zip inside a tar"),
    Case(G, "tar in a zip", zip_of({"a.tar": _TAR}), REFUSED, "a tar inside a zip"),
    Case(G, "tar with holes", struct.pack("100s", b"v.txt") + _claims(10, b"S")[100:], REFUSED, ""),
    Case(G, "blank lines in a bz2", bz2.compress(W2V + b"\n" * 1000), REPORTED, "Skipped 1,000 blank lines"),
]
