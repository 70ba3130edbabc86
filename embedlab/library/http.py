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


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched."""

    url: str
    file: str  # name on the disk; never from a visitor
    bytes: int
    md5: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@contextmanager
def answer_from_end(wanted: Wanted, file: FileIO, timeout: float) -> Iterator["requests.Response"]:
    """The server's answer, asked for from the end of `file` on."""
    import requests

    headers = {"User-Agent": "embedlab", "Accept-Encoding": "identity"}
    if file.tell():
        headers["Range"] = f"bytes={file.tell()}-"
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


def _stalled(wanted: Wanted, timeout: float) -> DownloadError:
    return DownloadError(
        f"{wanted.file}: {wanted.host} sent nothing for {timeout:g} s. Try again: it goes on from there. {STILL}"
    )


def something_else(wanted: Wanted) -> DownloadError:
    return DownloadError(
        f"{wanted.host} sent something else than {wanted.file}; it may be the login page of this network. Open a web "
        f"page to log in, then try again. {STILL}"
    )


def cut_off(wanted: Wanted) -> DownloadError:
    return DownloadError(
        f"The connection to {wanted.host} broke before {wanted.file} was complete. Try again: it goes on from there. "
        f"{STILL}"
    )
