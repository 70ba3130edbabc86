"""One file from the network whose content is known beforehand."""

import hashlib
import http.client
import time
import urllib.error
import urllib.parse
import urllib.request

from embedlab.errors import DownloadError

SECONDS = 30.0  # that a download may take from beginning to end


def fetch(url: str, *, sha256: str, size: int, what: str, instead: str, seconds: float = SECONDS) -> bytes:
    """The file's content, checked; never more than a little above `size` bytes is read.

    Args:
        sha256: of the content, in hexadecimal.
        size: of the content, in bytes.
        what: the file in a few words, plural, to begin a sentence: "The names".
        instead: a sentence on what works without it.
        seconds: how long the download may take.

    Raises:
        DownloadError: no connection, too slow, or something else arrived.
    """
    host = urllib.parse.urlsplit(url).hostname or "the address"
    deadline = time.monotonic() + seconds
    content = bytearray()
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "embedlab"})
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # the timeout is that of each wait
            while part := answer.read1(65_536):
                content += part
                if len(content) > size:
                    break  # the checksum will say so
                if time.monotonic() > deadline:
                    raise TimeoutError
    except urllib.error.HTTPError as error:
        raise DownloadError(f"{what} are not where they were: {host} answers {error.code}. {instead}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
            raise DownloadError(
                f"{what} did not arrive from {host} within {seconds:g} s. Try again later. {instead}"
            ) from None
        raise DownloadError(f"{what} could not be fetched from {host}: is this computer online? {instead}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DownloadError(
            f"{what} were not kept: {host} sent {len(content):,} bytes that are not the expected {size:,}, by their "
            f"checksum. {instead}"
        )
    return bytes(content)
