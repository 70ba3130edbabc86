"""HTTP: a server's answer from a given byte on, and a sentence for everything that can go wrong."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from urllib.parse import urlsplit

from embedlab.errors import DownloadError

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
def answer_from_end(wanted: Wanted, file: FileIO, timeout: float) -> Iterator[http.client.HTTPResponse]:
    """The server's answer, asked for from the end of `file` on."""
    headers = {"User-Agent": "embedlab", "Accept-Encoding": "identity"}
    if file.tell():
        headers["Range"] = f"bytes={file.tell()}-"
    try:
        answer = urllib.request.urlopen(urllib.request.Request(wanted.url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # the server has less than what we hold: ours is not its beginning
            file.truncate(0)
        cause = "does not have it (404)" if error.code == 404 else f"answered with an error ({error.code})"
        raise DownloadError(
            f"{wanted.file} could not be fetched: {wanted.host} {cause}. Try again later. {STILL}"
        ) from None
    except (OSError, http.client.HTTPException) as error:
        if isinstance(getattr(error, "reason", error), TimeoutError):
            raise _stalled(wanted, timeout) from None
        raise DownloadError(
            f"{wanted.file} could not be fetched: {wanted.host} cannot be reached. Check the Internet connection. "
            f"{STILL}"
        ) from None
    with answer:
        yield answer


def read_some(wanted: Wanted, answer: http.client.HTTPResponse, timeout: float) -> bytes:
    """Some bytes as soon as there are any; none at the end."""
    try:
        return answer.read1(_CHUNK)
    except TimeoutError:
        raise _stalled(wanted, timeout) from None
    except (OSError, http.client.HTTPException):
        raise cut_off(wanted) from None


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
