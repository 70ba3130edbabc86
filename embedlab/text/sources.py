"""Text sources: the small world, gensim's news, text8, or a visitor's own text."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from embedlab.checks import one_of, within
from embedlab.errors import InvalidText
from embedlab.formats.text.encodings import TEXT_CHOICES, check_encoding
from embedlab.library.gensim_files import gensim_file
from embedlab.text.corpus import Corpus, decode, encode, with_boundaries
from embedlab.text.rules import KEEPS, Keep
from embedlab.text.small_world import World, make_world

Source = Literal["world", "news", "text8", "own", "two"]
SOURCES: dict[Source, str] = {
    "world": "the small world",
    "news": "300 news texts",
    "text8": "text8 (17 million words)",
    "own": "your own text",
}
# Small enough to count by hand; its own, since a link cannot carry a text.
TWO_SENTENCES = "the small cat sees the large dog", "a large dog sees the cat"
MAX_SIZE = 20_000  # words of a vocabulary on a page


@dataclass(frozen=True)
class TextChoice:
    """Which text, and how it is cut down."""

    source: Source = "world"  # one of `SOURCES`
    world_words: int = 60_000  # of the small world, 20,000 to 200,000
    world_seed: int = 1  # of the small world
    min_count: int = 1  # rarer words are left out, 1 to 1,000
    # the bytes of the visitor's own text; dropped once the corpus is made
    content: bytes = field(default=b"", repr=False, compare=False)
    digest: str = ""  # of the visitor's own text; made from `content` where that is given
    max_size: int = MAX_SIZE  # V at most; the most frequent words stay
    boundaries: bool = False  # whether sentences begin with <s> and end with </s>
    keep: Keep = "letters"  # of one's own text: "digits" keeps words with digits, too
    encoding: str | None = None  # of one's own text; None: UTF-8, or what a byte-order mark says

    def __post_init__(self) -> None:
        within("minimum count", self.min_count, 1, 1_000)
        one_of("what is kept", self.keep, KEEPS)
        check_encoding(self.encoding, TEXT_CHOICES)
        if self.content and not self.digest:
            object.__setattr__(self, "digest", hashlib.sha256(self.content).hexdigest()[:24])

    def without_content(self) -> "TextChoice":
        """The same choice without the text itself, to keep."""
        return replace(self, content=b"")

    @property
    def key(self) -> str:
        """Names and numbers that say everything the text depends on."""
        edges = " with boundaries" if self.boundaries else ""
        if self.source == "world":
            return f"world {self.world_words} {self.world_seed} {self.min_count} {self.max_size}{edges}"
        digits = " with digits" if self.keep == "digits" else ""
        read_as = f" as {self.encoding}" if self.encoding else ""
        return f"{self.source} {self.digest} {self.min_count} {self.max_size}{edges}{digits}{read_as}"


def prepare(choice: TextChoice, world: World | None = None) -> Corpus:
    """The chosen text, made ready; with boundary tokens where asked.

    Args:
        world: the small world of this choice, where it has been made already.

    Raises:
        InvalidText, FileTooLarge: what cannot be learned from, and why.
        DownloadError: text8 could not be fetched.
    """
    text = _read(choice, world)
    return with_boundaries(text) if choice.boundaries else text


def _read(choice: TextChoice, world: World | None) -> Corpus:
    encoded = partial(encode, min_count=choice.min_count, max_size=choice.max_size)
    if choice.source == "world":
        world = world or make_world(choice.world_words, choice.world_seed)
        return encoded(world.sentences, "the small world")
    if choice.source == "two":
        return encoded((sentence.split() for sentence in TWO_SENTENCES), "two sentences")
    if choice.source == "news":
        return encoded(news_text(), "300 news texts")
    if choice.source == "text8":
        from embedlab.library.catalogue import text8  # not needed for other texts

        words = text8().split()
        return encoded((words[i : i + 1_000] for i in range(0, len(words), 1_000)), "text8")
    if choice.content and not choice.content.strip():
        raise InvalidText(
            "Your own text holds nothing but blanks: paste at least a few hundred words, or choose a text."
        )
    if not choice.content:
        raise InvalidText("There is no text of your own yet: paste one under “Your own text”, or upload a file there.")
    return encoded(decode(choice.content, "Your text", choice.encoding), "your text", keep=choice.keep)


def news_text() -> str:
    """300 short news texts of 2000 and 2001 that ship with gensim, about 60,000 words (Lee and Welsh 2005)."""
    return gensim_file("lee_background.cor").read_text("utf-8")
