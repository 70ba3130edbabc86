"""One small layout that several tests look at."""

import pytest

from embedlab.atlas.layout import finished, lay_out
from embedlab.atlas.word_map import WordMap
from embedlab.library import bundled
from embedlab.vectors.word_vectors import WordVectors


@pytest.fixture(scope="session")
def few() -> WordVectors:
    """500 words of the bundled set."""
    return bundled.bundled_vectors().restrict(500)


@pytest.fixture(scope="session")
def laid(few: WordVectors) -> WordMap:
    """400 of them laid out, the others beside."""
    return finished(lay_out(few, words=400))
