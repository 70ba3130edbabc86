"""Tokenization of English: embedlab's rules for all scripts against the same rules by \\w alone, and gensim's.

    python -m benchmarks.tokenization                    300 news texts that ship with gensim
    python -m benchmarks.tokenization --texts a.txt …    five million words of these, and which tokens differ

"By \\w" is what embedlab did before it knew marks: no NFC, no languages, no segmentation. gensim's simple_preprocess
makes no sentences and leaves out what is longer than 15 letters.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from benchmarks import machine
from benchmarks.figures import Row, Scale, show
from embedlab.text.sources import news_text
from embedlab.text.tokenization import read_sentences

REPEATS: dict[Scale, int] = {"full": 15, "quick": 7, "tiny": 1}
WORDS = 5_000_000  # of `--texts`, shared out among them
_TITLES = "Mr|Ms|Dr|St|Mt|Jr|Sr|Lt|No|vs|Mrs|Rev|Gen|Col|Sgt|Gov|Sen|Rep|Hon|Capt|Prof"
_NOT_AFTER = r"(?<!\b[A-Z]\.)" + "".join(rf"(?<!\b{title}\.)" for title in _TITLES.split("|"))
_END = re.compile(rf"[.!?]{_NOT_AFTER}[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
_RUN, _ROMAN, _HEADING = re.compile(r"\w+(?:'\w+)*"), re.compile(r"[IVX]{2,}"), re.compile(r"^\s*=+ .* =+\s*$")


def by_word_characters(lines: Iterable[str]) -> Iterator[list[str]]:
    """Sentences of at least two tokens, which are runs of \\w."""
    for line in lines:
        if _HEADING.match(line):
            continue
        for sentence in _END.split(line):
            tokens = []
            for run in _RUN.findall(sentence.replace("’", "'")):
                if _ROMAN.fullmatch(run.removesuffix("'s")):
                    continue
                run = run.lower()
                if not run.isalpha():
                    run = run.removesuffix("'s")
                    if not run.replace("'", "").isalpha():
                        continue
                if len(run) > 1 or run in "ai":
                    tokens.append(run)
            if len(tokens) > 1:
                yield tokens


def rows(scale: Scale = "full") -> Iterator[Row]:
    """Words a second of processor time."""
    from gensim.utils import simple_preprocess

    lines = news_text().splitlines()
    words = sum(len(line.split()) for line in lines)
    work = f"tokens of {words:,} words of news"
    ways = {"by \\w": lambda: list(by_word_characters(lines)), "gensim": lambda: list(map(simple_preprocess, lines))}
    for peer, way in ways.items():
        ours, theirs = machine.in_turn([lambda: list(read_sentences(lines)), way], REPEATS[scale], time.process_time)
        yield Row(work, "words/s", words / ours, peer, words / theirs, more_is_better=True)


def differences(texts: list[Path]) -> None:
    """Prints how many tokens of five million words are others by \\w alone, and the processor time of both."""
    total = seconds = before = 0.0
    gone: Counter[str] = Counter()
    came: Counter[str] = Counter()
    for path in texts:
        with path.open(encoding="utf-8") as file:
            lines = list(_first(file, WORDS // len(texts)))
        for part in (lines[i::10] for i in range(10)):  # in turn, so that others on the machine slow both
            start = time.process_time()
            old = Counter(chain.from_iterable(by_word_characters(part)))
            middle = time.process_time()
            new = Counter(chain.from_iterable(read_sentences(part)))
            before, seconds = before + middle - start, seconds + time.process_time() - middle
            total, gone, came = total + old.total(), gone + (old - new), came + (new - old)
    print(f"{total:,.0f} tokens: {gone.total():,} gone, {came.total():,} come; {before / seconds:.2f} times as fast")
    for name, words in (("gone", gone), ("come", came)):
        print(f"{name}: {', '.join(f'{word} {count}' for word, count in words.most_common(20))}")


def _first(lines: Iterable[str], words: int) -> Iterator[str]:
    seen = 0
    for line in lines:
        if seen >= words:
            return
        seen += len(line.split())
        yield line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", nargs="+", type=Path)
    given = parser.parse_args()
    print(machine.describe())
    if given.texts:
        differences(given.texts)
    else:
        show(rows())


if __name__ == "__main__":
    main()
