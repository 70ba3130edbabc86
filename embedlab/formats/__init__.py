"""Vector files: reading with limits and a report, writing, converting.

| module | noun |
|---|---|
| limits | `Limits`, and the one form of an error |
| packed: source, compression | the bytes of a file, unpacked and capped |
| packed: archive, zips, tars, file_sets, members | files in one or together, and which of them holds the vectors |
| packed: lists_beside, projector | which of them is the list of its words |
| packed: plain_text | texts and tables that are no vectors: unpacked, in UTF-8 |
| detection | which format, by content |
| text: reader, layout, rows, raw_numbers | GloVe, word2vec and fastText text; bare float32 |
| text: encodings, plausibility | bytes as text, and which encodings would read them |
| tables | CSV, TSV, JSON, JSON lines, Parquet, Arrow |
| binary: word2vec, fasttext, numpy_arrays, safetensors, gguf | word2vec binary, fastText .bin, .npy and .npz, models |
| word_lists, list_columns, tokens | lists of words beside a matrix; the vocabularies of tokenizers |
| collector, report, loaded_table | rows kept and dropped, `LoadReport`, `LoadedTable` |
| reading | `read_vectors` |
| writers, writing | each format; `write_vectors`, `convert` |
"""

from embedlab.formats.limits import DEFAULT_LIMITS, Limits
from embedlab.formats.loaded_table import LoadedTable
from embedlab.formats.reading import read_vectors
from embedlab.formats.report import Dropped, LoadReport
from embedlab.formats.tables.roles import Columns
from embedlab.formats.text.encodings import CHOICES as ENCODINGS
from embedlab.formats.writing import FORMATS, as_bytes, check_words, convert, export_notes, write_vectors

__all__ = [
    "DEFAULT_LIMITS",
    "ENCODINGS",
    "FORMATS",
    "Columns",
    "Dropped",
    "Limits",
    "LoadReport",
    "LoadedTable",
    "as_bytes",
    "check_words",
    "convert",
    "export_notes",
    "read_vectors",
    "write_vectors",
]
