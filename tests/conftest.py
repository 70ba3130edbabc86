"""What several tests share: where the public reference data lie, and a small set of vectors to check by hand."""

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner

from embedlab.vectors.word_vectors import WordVectors

ROOT = Path(__file__).parents[1]
os.environ.pop("GENSIM_DATA_DIR", None)  # downloads of tests must not land in a developer's own folder
SHARED = Path(os.environ.get("EMBEDLAB_SHARED", ROOT.parent / "shared"))
# A busy machine makes an example slow, not wrong: with deadlines tests of a property fail now and then.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
# Each AppTest reads what all installed packages say of themselves, which takes longer than most pages.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def shared_file(relative: str) -> Path:
    """A file of the public reference data, or a skip that names it."""
    path = SHARED / "data" / relative
    if not path.is_file():
        pytest.skip(f"needs the reference file data/{relative} (set EMBEDLAB_SHARED to the folder that holds data/)")
    return path


@pytest.fixture
def tiny_vectors() -> WordVectors:
    """Royalty and people in two dimensions: the first is royal, the second is gender."""
    words = ["man", "woman", "king", "queen", "apple"]
    matrix = np.array([[1, -1], [1, 1], [3, -1], [3, 1], [-2, 0.5]], dtype=np.float32)  # (5, 2)
    return WordVectors(words, matrix, source="made by hand")
