"""The film-review polarity set of Pang and Lee (2005), "MR": 5,331 positive and 5,331 negative sentences, downloaded.

It comes from NLTK's data collection (CC BY 4.0) and is checked against its known sha256.
"""

import hashlib
import http.client
import io
import time
import urllib.error
import urllib.request
import zipfile

import numpy as np

from embedlab.errors import DownloadError
from embedlab.lessons.transfer.sentences import Part, Row, Sentences, assemble
from embedlab.text.tokenization import tokenize

URL = "https://raw.githubusercontent.com/nltk/nltk_data/gh-pages/packages/corpora/sentence_polarity.zip"
SHA256 = "6e1ed4405b65c7eabf1d199a7f7c437091ac21da0ea7467b410a74062574566b"
BYTES = 490_256
SECONDS = 30.0  # that a download may take from beginning to end
TEST, VALIDATION = 2_000, 866  # sentences kept out of training
_INSTEAD = "The bundled sentences and your own table work without it."


def polarity_sentences(archive: bytes, *, seed: int = 0) -> Sentences:
    """Reads the zip file.

    Args:
        archive: what `download_polarity` returns.
        seed: draws the test and validation parts; 7,796 sentences are left for training.

    Raises:
        DownloadError: not that file.
    """
    if hashlib.sha256(archive).hexdigest() != SHA256:
        raise DownloadError(
            f"What arrived ({len(archive):,} bytes) is not the film-review set of {BYTES:,} bytes: its checksum "
            f"differs. {_INSTEAD}"
        )
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        sides = {
            label: file.read(f"sentence_polarity/rt-polarity.{end}").decode("latin-1").splitlines()
            for label, end in (("positive", "pos"), ("negative", "neg"))
        }
    rows = [(text, label) for label, lines in sides.items() for text in lines if tokenize(text)]
    parts: list[Part] = ["train"] * len(rows)
    for place, row in enumerate(np.random.default_rng(seed).permutation(len(rows))[: TEST + VALIDATION].tolist()):
        parts[row] = "test" if place < TEST else "validation"
    return assemble("Film reviews", (Row(*row, part) for row, part in zip(rows, parts, strict=True)))


def download_polarity(*, url: str = URL, seconds: float = SECONDS) -> bytes:
    """Fetches the zip file into memory.

    Raises:
        DownloadError: no connection, too slow, or far more than expected.
    """
    deadline = time.monotonic() + seconds
    content = bytearray()
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "embedlab"})
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            while part := answer.read1(65_536):
                content += part
                if len(content) > BYTES:
                    break  # the checksum will say so
                if time.monotonic() > deadline:
                    raise TimeoutError
    except urllib.error.HTTPError as error:
        raise DownloadError(f"The film reviews are not where they were (HTTP {error.code}). {_INSTEAD}") from None
    except TimeoutError:
        raise DownloadError(f"The film reviews did not arrive within {seconds:g} s. {_INSTEAD}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(getattr(error, "reason", None), TimeoutError):
            raise DownloadError(f"No answer within {seconds:g} s. Try again later. {_INSTEAD}") from None
        raise DownloadError(f"The film reviews could not be fetched: is this computer online? {_INSTEAD}") from None
    return bytes(content)
