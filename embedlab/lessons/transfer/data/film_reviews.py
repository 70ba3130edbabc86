"""The film-review polarity set of Pang and Lee (2005), "MR": 5,331 positive and 5,331 negative sentences, downloaded.

It comes from NLTK's data collection (CC BY 4.0) and is checked against its known sha256.
"""

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

from embedlab.errors import DownloadError
from embedlab.lessons.transfer.data.sentences import Part, Row, Sentences, assemble
from embedlab.library.download import download
from embedlab.library.http import Wanted
from embedlab.text.tokenization import sentence_tokens

WANTED = Wanted(
    "https://raw.githubusercontent.com/nltk/nltk_data/gh-pages/packages/corpora/sentence_polarity.zip",
    "sentence_polarity.zip",
    bytes=490_256,
    md5="5cdc0cae7f558040d050c90eb2b72e97",
)
SHA256 = "6e1ed4405b65c7eabf1d199a7f7c437091ac21da0ea7467b410a74062574566b"
TEST, VALIDATION = 2_000, 866  # sentences kept out of training
_INSTEAD = "The bundled sentences and your own table work without it."


def polarity_sentences(archive: bytes, *, seed: int = 0) -> Sentences:
    """Reads the zip file.

    Args:
        archive: what `download_polarity` returns.
        seed: draws the test and validation parts; 7,796 sentences are left for training.

    Raises DownloadError: not that file.
    """
    if hashlib.sha256(archive).hexdigest() != SHA256:
        raise DownloadError(
            f"What arrived ({len(archive):,} bytes) is not the film-review set of {WANTED.bytes:,} bytes: its checksum "
            f"differs. {_INSTEAD}"
        )
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        sides = {
            label: file.read(f"sentence_polarity/rt-polarity.{end}").decode("latin-1").splitlines()
            for label, end in (("positive", "pos"), ("negative", "neg"))
        }
    rows = [(text, label) for label, lines in sides.items() for text in lines if sentence_tokens(text)]
    parts: list[Part] = ["train"] * len(rows)
    for place, row in enumerate(np.random.default_rng(seed).permutation(len(rows))[: TEST + VALIDATION].tolist()):
        parts[row] = "test" if place < TEST else "validation"
    return assemble("Film reviews", (Row(*row, part) for row, part in zip(rows, parts, strict=True)))


def download_polarity(folder: Path, *, wanted: Wanted = WANTED) -> bytes:
    """The zip file's content, fetched into `folder` unless it is there already.

    Raises DownloadError: what failed, and what to do.
    """
    for _ in download(wanted, folder):
        pass
    return (folder / wanted.file).read_bytes()
