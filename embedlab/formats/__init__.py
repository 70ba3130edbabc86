"""Vector files: reading with limits and a report, writing, converting.

| module | noun |
|---|---|
| limits | `Limits`, and the one form of an error |
| source | the bytes of a file, unpacked and capped |
| archive, members | zip, .npz, and what is in them |
| detection | which format, by content |
| text, text_layout, text_rows, encodings | GloVe, word2vec and fastText text |
| binary, fasttext | word2vec binary, fastText .bin |
| arrays, tensors, words | .npy and .npz, safetensors, lists of words |
| collector, report | rows kept and dropped, `LoadReport` |
| reading | `read_vectors` |
| writers, writing | each format; `write_vectors`, `convert` |
"""

from embedlab.formats.limits import DEFAULT_LIMITS, Limits
from embedlab.formats.reading import read_vectors
from embedlab.formats.report import Dropped, LoadReport
from embedlab.formats.text.encodings import CHOICES as ENCODINGS
from embedlab.formats.writing import FORMATS, as_bytes, check_words, convert, write_vectors

__all__ = [
    "DEFAULT_LIMITS",
    "ENCODINGS",
    "FORMATS",
    "Dropped",
    "Limits",
    "LoadReport",
    "as_bytes",
    "check_words",
    "convert",
    "read_vectors",
    "write_vectors",
]
