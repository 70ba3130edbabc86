"""HTTP: a server's answer from a given byte on, and a sentence for everything that can go wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from embedlab.errors import DownloadError

if TYPE_CHECKING:
    import requests  # a quarter of a second, which pages that fetch nothing do without

TIMEOUT = 30.0  # seconds without a byte
STILL = "The bundled vectors go on working."
_CHUNK = 1 << 18


_MAGIC = {".gz": b"\x1f\x8b", ".zip": b"PK", ".json": b"{"}  # how such files begin


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched."""

    url: str
    file: str  # name on the disk; never from a visitor
    bytes: int
    md5: str = ""  # the published checksum, in hexadecimal digits; where none is published, neither
    sha256: str = ""
    exact: bool = True  # whether `bytes` is the very size; else it may be half as much or twice, and the server says

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def published(self) -> str:
        """The published checksum; empty where there is none."""
        return self.md5 or self.sha256

    @property
    def algorithm(self) -> str:
        """Of its checksum. MD5 is what gensim-data publishes: it finds damage, not forgery."""
        return "md5" if self.md5 else "sha256"

    def may_have(self, size: int) -> bool:
        """Whether the file can be so many bytes."""
        return size == self.bytes if self.exact else self.bytes // 2 <= size <= self.most

    @property
    def most(self) -> int:
        """Bytes that it has at most."""
        return self.bytes if self.exact else self.bytes * 2


@contextmanager
def answer_from_end(
    wanted: Wanted, file: FileIO, timeout: float, *, version: str = ""
) -> Iterator["requests.Response"]:
    """The server's answer, asked for from the end of `file` on.

    Args:
        version: what the server called the file that `file` is the beginning of (`version_of`); where it has another
            by now, it answers with that from its first byte on. Empty: any.

    Raises DownloadError: no server, no such file there, another refusal, or a way that leads off https. Where the
    server holds less than `file`, that is emptied, as it is no beginning of the server's.
    """
    import requests

    headers = {"User-Agent": "embedlab", "Accept-Encoding": "identity"}
    if file.tell():
        headers["Range"] = f"bytes={file.tell()}-"
        if version:
            headers["If-Range"] = version
    try:
        answer = requests.get(wanted.url, headers=headers, timeout=timeout, stream=True)
    except requests.Timeout:
        raise _stalled(wanted, timeout) from None
    except requests.RequestException:
        raise DownloadError(
            f"{wanted.file} could not be fetched: {wanted.host} cannot be reached. Check the Internet connection. "
            f"{STILL}"
        ) from None
    with answer:
        if not answer.ok:
            if answer.status_code == 416:  # the server has less than what we hold: ours is not its beginning
                file.truncate(0)
            missing = answer.status_code == 404
            cause = "does not have it (404)" if missing else f"answered with an error ({answer.status_code})"
            raise DownloadError(f"{wanted.file} could not be fetched: {wanted.host} {cause}. Try again later. {STILL}")
        if wanted.url.startswith("https:") and not answer.url.startswith("https:"):
            raise DownloadError(
                f"{wanted.file} could not be fetched: {wanted.host} leads to an address without encryption, where "
                f"anybody could put something else in its place. Try again from another network. {STILL}"
            )
        yield answer


def read_some(wanted: Wanted, answer: "requests.Response", timeout: float) -> bytes:
    """Some bytes as soon as there are any; none at the end."""
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    try:
        some: bytes = answer.raw.read1(_CHUNK, decode_content=False)
    except ReadTimeoutError:
        raise _stalled(wanted, timeout) from None
    except (OSError, HTTPError):
        raise cut_off(wanted) from None
    return some


def version_of(answer: "requests.Response") -> str:
    """What the server calls this version of the file (its ETag or date); empty where it does not say."""
    tag = answer.headers.get("ETag", "")
    return answer.headers.get("Last-Modified", "") if tag.startswith("W/") or not tag else tag


def size_of(answer: "requests.Response", start: int) -> int | None:
    """Bytes of the whole file, of which the answer begins at byte `start`; None where the server does not say."""
    length = answer.headers.get("Content-Length", "")
    return start + int(length) if length.isdecimal() else None


def is_page(wanted: Wanted, answer: "requests.Response", beginning: bytes) -> bool:
    """Whether a web page came in place of the file, such as the one on which a network asks to log in."""
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    magic = next((magic for end, magic in _MAGIC.items() if wanted.file.endswith(end)), b"")
    return html or not magic.startswith(beginning[: len(magic)])


def _stalled(wanted: Wanted, timeout: float) -> DownloadError:
    return DownloadError(
        f"{wanted.file}: {wanted.host} sent nothing for {timeout:g} s. Try again: it goes on from there. {STILL}"
    )


def something_else(wanted: Wanted) -> DownloadError:
    return DownloadError(
        f"{wanted.host} sent something else than {wanted.file}; it may be the login page of this network. Open a web "
        f"page to log in, then try again. {STILL}"
    )


def size_unknown(wanted: Wanted) -> DownloadError:
    return DownloadError(
        f"{wanted.host} does not say how large {wanted.file} is, so that nobody could tell whether all of it came. Try "
        f"again later. {STILL}"
    )


def cut_off(wanted: Wanted) -> DownloadError:
    return DownloadError(
        f"The connection to {wanted.host} broke before {wanted.file} was complete. Try again: it goes on from there. "
        f"{STILL}"
    )
