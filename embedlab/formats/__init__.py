"""Vector files: reading with limits and a report, writing, converting.

| module | noun |
|---|---|
| limits | `Limits`, and the one form of an error |
| packed: source, archive, members | the bytes of a file, unpacked and capped; zip, .npz, and what is in them |
| detection | which format, by content |
| text: reader, layout, rows, encodings | GloVe, word2vec and fastText text |
| binary: word2vec, fasttext, numpy_arrays, safetensors | word2vec binary, fastText .bin, .npy and .npz, safetensors |
| word_lists | lists of words beside a matrix |
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
