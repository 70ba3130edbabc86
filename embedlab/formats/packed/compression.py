"""Compression: gz, bz2, xz and zst, unpacked as a stream and under the caps of the limits."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from embedlab.formats.detection import HEAD, by_start
from embedlab.formats.limits import MB, UNTRUSTED, Limits, refusal, size, too_large
from embedlab.formats.packed.source import CUT_OFF, Source, from_file, why

_XZ_MEMORY = 128 * MB  # what a file's dictionary may take; xz -9 needs 65 MB
Read = Callable[[int], bytes]


def from_packed(file: BinaryIO, length: int, *, name: str, limits: Limits) -> Source:
    """The bytes of a file, unpacked if it is compressed."""
    file.seek(0)
    plain = from_file(file, length, name=name, limits=limits)
    kind = by_start(plain.peek(HEAD))
    return unpacked(kind, file, name=name, limits=limits) if kind in COMPRESSIONS else plain


def unpacked(kind: str, file: BinaryIO, *, name: str, limits: Limits) -> Source:
    """What a compressed file unpacks to.

    Args:
        kind: one of `COMPRESSIONS`.
        file: seekable; it is read from its start.

    Raises VectorFileError: while reading, where the data is damaged, ends too early, or unpacks to more than allowed.
    """
    file.seek(0)
    unpack = COMPRESSIONS[kind](file)

    def read(n: int) -> bytes:
        try:
            return unpack(min(n, MB))
        except EOFError:
            raise refusal(name, f"the {kind} data ends too early", CUT_OFF) from None
        except (zlib.error, lzma.LZMAError, ValueError, OSError) as error:
            if getattr(error, "errno", None):  # of the disk, not of the data
                raise
            if "emory" in str(error):
                what = f"the {kind} data needs a dictionary of more than {size(_XZ_MEMORY)}"
                raise too_large(name, what, "Pack it anew in the usual way.") from None
            cause = f"the {kind} data is damaged{why(error)}"
            raise refusal(name, cause, "Get the file again, or pack it anew.") from None

    return Source(capped(read, file.tell, name=name, limits=limits), name=name, limits=limits, packed=kind)


def capped(read: Read, packed_bytes: Callable[[], int], *, name: str, limits: Limits) -> Read:
    """`read`, refusing once more bytes came out than a sound file would give."""
    done = 0

    def read_under_cap(n: int) -> bytes:
        nonlocal done
        data = read(n)
        done += len(data)
        allowed = max(limits.ratio_free_bytes, limits.ratio * packed_bytes())
        if done > min(allowed, limits.unpacked_bytes):
            raise too_large(
                name,
                f"unpacking gave more than {size(min(allowed, limits.unpacked_bytes))}, which is "
                + ("the most allowed" if done > limits.unpacked_bytes else f"over {limits.ratio} times its size"),
                UNTRUSTED,
            )
        return data

    return read_under_cap


def _gz(file: BinaryIO) -> Read:
    return gzip.GzipFile(fileobj=file, mode="rb").read


def _zst(file: BinaryIO) -> Read:
    import pyarrow as pa

    stream = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")
    return lambda n: bytes(stream.read(n))


def _in_steps(make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor], file: BinaryIO) -> Read:
    """A read function over one or several streams, one after the other, that unpacks no more than is asked for."""
    decompressor = make()

    def read(n: int) -> bytes:
        nonlocal decompressor
        while True:
            if decompressor.eof:
                data = decompressor.unused_data or file.read(MB // 16)
                if not data.strip(b"\0"):  # xz pads its end with zeros
                    return b""
                decompressor = make()
            else:
                data = file.read(MB // 16) if decompressor.needs_input else b""
                if not data and decompressor.needs_input:
                    raise EOFError
            if out := decompressor.decompress(data, n):
                return out

    return read


COMPRESSIONS: dict[str, Callable[[BinaryIO], Read]] = {
    "gz": _gz,
    "bz2": partial(_in_steps, bz2.BZ2Decompressor),
    "xz": partial(_in_steps, partial(lzma.LZMADecompressor, memlimit=_XZ_MEMORY)),
    "zst": _zst,
}
