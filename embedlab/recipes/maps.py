"""From the two bundled sets of vectors to their maps, data/atlas: `python -m embedlab make-maps`."""

from collections.abc import Callable
from pathlib import Path

from embedlab.atlas.files import map_bytes
from embedlab.atlas.kept_maps import checksum
from embedlab.atlas.layout import finished, lay_out
from embedlab.library import bundled
from embedlab.recipes import folders


def make_maps(folder: Path, say: Callable[[str], None] = lambda line: None) -> None:
    """Lays out both sets and writes a file of each; the counted one begins where the predicted one ended.

    The words lie beside the vectors, so the files do not hold them.
    """
    folders.make(folder)
    start = None
    for name, vectors in (("predicted", bundled.bundled_vectors()), ("counted", bundled.counted_vectors())):
        start = finished(lay_out(vectors, start=start), say)
        (folder / f"{name}.npz").write_bytes(map_bytes(start, key=checksum(vectors), with_words=False))
        say(f"{name}: {start.share_kept:.1%} of the {start.nearest} nearest words are kept near")
