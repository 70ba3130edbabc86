"""The bundled sentences, the film reviews, and visitors' own tables."""

import csv
import gzip
import hashlib
import http.server
import io
import statistics
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embedlab.errors import DownloadError, FileTooLarge, InvalidText, VectorFileError
from embedlab.formats.packed.plain_text import TEXT_LIMITS
from embedlab.lessons.transfer.data import sentence_tables
from embedlab.lessons.transfer.data.film_reviews import WANTED, download_polarity, polarity_sentences
from embedlab.lessons.transfer.data.sentence_tables import MAX_ROWS, read_table
from embedlab.lessons.transfer.data.sentences import (
    BUNDLED,
    PAD,
    PARTS,
    Row,
    assemble,
    bundled_sentences,
    coverage,
    padded_ids,
)
from embedlab.library import bundled
from embedlab.text.tokenization import sentence_tokens
from embedlab.vectors.vocabulary import Vocabulary
from embedlab.vectors.word_vectors import WordVectors
from tests.conftest import shared_file

FOODS = "apple bread cherry dumpling egg fig grape honey ice jam kale lemon mango nut olive pear quince rice"
WORDS = FOODS.split()


def table(rows: int = 12, *, sign: str = "\t", header: str = "text{0}label\n", quote: bool = False) -> str:
    """Rows such as `the apple was good number apple<TAB>yes`, every text different."""
    lines = []
    for i in range(rows):
        text = (
            f"the {WORDS[i % 18]} was good with {WORDS[i // 18 % 18]} and {WORDS[i // 324 % 18]} {'so ' * (i // 5832)}"
        )
        lines.append((f'"{text}"' if quote else text) + sign + ("yes" if i % 2 else "no"))
    return header.format(sign) + "\n".join(lines) + "\n"


# The bundled sentences


def test_the_bundled_sentences_are_what_was_promised() -> None:
    found = bundled_sentences()
    assert len(found) >= 1_000
    assert len({text.lower() for text in found.texts}) == len(found)
    assert statistics.median(map(len, found.tokens)) >= 9
    assert len(found.vocabulary) >= 2_500
    assert found.labels == ("negative", "positive")
    lines = bundled.path(BUNDLED).read_text("utf-8").splitlines()[1:]
    assert {line.split("\t")[2] for line in lines} == {"books", "food", "places", "devices", "films"}
    for part in PARTS:
        counts = np.bincount(found.label_ids[found.rows(part)])
        assert counts[0] == counts[1] > 0, f"the {part} part is not balanced"
    assert found.majority == 0.5


def test_the_bundled_sentences_are_no_templates() -> None:
    found = bundled_sentences()
    beginnings = Counter(tokens[:4] for tokens in found.tokens)
    assert max(beginnings.values()) <= 5
    runs = Counter(tokens[i : i + 6] for tokens in found.tokens for i in range(len(tokens) - 5))
    assert max(runs.values()) <= 2
    common = set(found.vocabulary.words[:70])
    molds = Counter(tuple(word if word in common else "_" for word in tokens) for tokens in found.tokens)
    assert max(count for mold, count in molds.items() if len(mold) > 6) <= 3
    bags = [frozenset(tokens) for tokens in found.tokens]
    most = max(len(a & b) / len(a | b) for i, a in enumerate(bags) for b in bags[:i])
    assert most < 0.65, "two sentences share nearly all their words"


def test_a_bag_of_words_has_something_to_learn_and_leaves_something_to_gain() -> None:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    found = bundled_sentences()
    train, test = found.rows("train"), found.rows("test")
    scores = []
    for rows in (train[:200], *(np.random.default_rng(seed).permutation(train)[:200] for seed in range(5))):
        count = CountVectorizer()
        model = LogisticRegression(max_iter=2_000)
        model.fit(count.fit_transform([found.texts[i] for i in rows]), found.label_ids[rows])
        scores.append(model.score(count.transform([found.texts[i] for i in test]), found.label_ids[test]))
    assert min(scores) >= 0.65, scores
    assert max(scores) <= 0.88, scores


def test_the_registry_names_how_the_sentences_were_made() -> None:
    assert "Written for embedlab" in bundled.registry()["sentences.tsv"]["origin"]


# Tokens, ids, coverage


def test_ids_are_padded_and_unknown_words_left_out() -> None:
    vocabulary = Vocabulary.from_tokens(["b", "a", "b", "c"])
    ids = padded_ids([("a", "x", "b"), ("c",), ("x",)], vocabulary)
    assert ids.tolist() == [[1, 0], [2, PAD], [PAD, PAD]]
    assert not ids.flags.writeable


def test_coverage_counts_words_and_running_words(tiny_vectors: WordVectors) -> None:
    rows = [Row("king king king queen", "a"), Row("king zebra", "b"), Row("man", "a"), Row("man", "b")]
    found = coverage(assemble("made by hand", rows * 3), tiny_vectors)
    assert (found.words, found.vocabulary, found.missing) == (3, 4, ("zebra",))
    assert found.tokens == pytest.approx(7 / 8)


def test_parts_are_shared_out_within_each_label_and_by_seed() -> None:
    rows = [Row(f"word {WORDS[i % 18]}", "ab"[i < 20]) for i in range(100)]
    first, again, other = (assemble("made by hand", rows, seed=seed) for seed in (1, 1, 2))
    for label, size in ((0, 80), (1, 20)):
        counts = np.bincount(first.parts[first.label_ids == label])
        assert counts.tolist() == [round(0.7 * size), round(0.1 * size), round(0.2 * size)]
    assert first.parts.tobytes() == again.parts.tobytes() != other.parts.tobytes()


# Own tables


@pytest.mark.parametrize("sign", ["\t", ",", ";", "|"])
@pytest.mark.parametrize("header", ["text{0}label\n", ""])
def test_the_delimiter_and_the_header_are_found(sign: str, header: str) -> None:
    found, report = read_table(table(sign=sign, header=header).encode(), "table")
    assert len(found) == report.kept == report.read == 12
    assert found.labels == ("no", "yes")
    assert found.texts[0].startswith("the apple was good")
    assert bool(report.header) == bool(header)


def test_a_table_written_by_the_csv_module_reads_back_the_same() -> None:
    texts = [f'He said "{a}", then\nleft; the {b} stayed' for a in WORDS for b in WORDS[:3]]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["Sentiment", "Review"])
    writer.writerows(("good" if i % 3 else "bad", text) for i, text in enumerate(texts))
    found, report = read_table(b"\xef\xbb\xbf" + stream.getvalue().encode(), "reviews.csv")
    assert list(found.texts) == texts
    assert [found.labels[i] for i in found.label_ids] == ["good" if i % 3 else "bad" for i in range(len(texts))]
    assert report.text_column == "column 2 (Review)"


def test_a_quote_in_a_tab_separated_file_is_just_a_quote() -> None:
    data = table(11, header="") + '12" records are "large" and good\tyes\n'
    found, _ = read_table(data.encode(), "table")
    assert found.texts[-1] == '12" records are "large" and good'


def test_the_own_parts_of_a_table_are_kept() -> None:
    lines = ["text\tlabel\tsplit"]
    lines += [f"the {word} was good\t{'ab'[i % 2]}\t{['train', 'dev', 'test'][i % 3]}" for i, word in enumerate(WORDS)]
    found, report = read_table("\n".join(lines).encode(), "table")
    assert found.parts.tolist() == [i % 3 for i in range(18)]
    assert "as in the table" in report.split


def test_the_report_says_what_was_left_out_and_where() -> None:
    bad = ["\tyes", "good bread\t", "the apple was good with apple and apple \tno", "12 34\tyes", "one\ttwo\tthree"]
    data = "text\tlabel\n" + "\n".join(bad) + "\n" + table(header="")
    found, report = read_table(data.encode(), "table")
    # The repeated text is the first of its kind, so it is kept and the later one goes.
    assert report.dropped == {
        "empty text": [2],
        "empty label": [3],
        "no word in the text": [5],
        "not 2 columns": [6],
        "text seen before": [7],
    }
    assert len(found) == 12
    assert report.read == 17
    assert any("line 5" in line for line in report.lines())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "is empty"),
        (table(3), "3 usable rows; at least 10"),
        (table().replace("\tno", "\tyes"), "All rows of table have the label “yes”"),
        ("\n".join(f"{w} {v}\tlabel {w} {v}" for w in WORDS for v in WORDS), "324 different labels"),
        ("text\tlabel\n" + "\tyes\n" * 20, "0 usable rows; at least 10 are needed. 20 were left out (empty text)"),
        ("just one sentence to a line and no label\n" * 20, "no two columns"),
        (table(sign="#"), "no tab, comma, semicolon or vertical bar"),
        ("text\tlabel\n", "no rows below it"),
        ("\n".join(f"the {w} was good\t{w}" for w in WORDS[:12]), "every label needs at least 3"),
    ],
    ids=["empty", "3 rows", "one label", "labels without end", "empty texts", "no label", "delimiter", "header only",
         "rare labels"],
)  # fmt: skip
def test_bad_tables_get_clear_messages(data: str, said: str) -> None:
    with pytest.raises(InvalidText) as caught:
        read_table(data.encode(), "table")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "data",
    [
        'text,label\n"the soup,yes\n' + table(30, sign=",", header=""),
        table(30, sign=",") + '"the soup,yes\n' + "".join(f"the {w} bowl,no\n" for w in WORDS) + 'a "quote",yes\n',
    ],
    ids=["never closed", "closed much later"],
)
def test_a_quotation_mark_that_opens_no_field_is_a_character_and_loses_no_row(data: str) -> None:
    found, report = read_table(data.encode(), "table")
    assert '"the soup' in found.texts
    assert len(found) == data.count("\n") - 1
    assert not report.dropped


def test_ten_thousand_labels_get_a_clear_message() -> None:
    lines = "\n".join(
        f"the {WORDS[i % 18]} {'x' * (i % 97 + 1)} {'y' * (i // 97 + 1)}\tlabel{i}" for i in range(10_000)
    )
    with pytest.raises(InvalidText, match="10,000 different labels, such as"):
        read_table(lines.encode(), "table")


def test_too_much_and_not_text_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sentence_tables, "TABLE_LIMITS", replace(TEXT_LIMITS, file_bytes=1_000, unpacked_bytes=1_000))
        with pytest.raises(FileTooLarge, match=r"at most 1\.0 kB"):
            read_table(table(40).encode(), "table")
        with pytest.raises(FileTooLarge, match=r"unpacking gave more than 1\.0 kB"):
            read_table(gzip.compress(table(40).encode()), "table")
    with pytest.raises(VectorFileError, match="not plain text"):
        read_table(b"text\tlabel\n" + bytes(range(256)) * 20, "table", encoding="latin-1")
    with pytest.raises(VectorFileError, match="this is not utf-16"):
        read_table(table(41).encode("utf-16")[:-1], "table")
    with pytest.raises(InvalidText, match=f"{MAX_ROWS + 1:,} usable rows; at most {MAX_ROWS:,}"):
        read_table(
            "\n".join(f"{'a' * (i % 251 + 1)} {'b' * (i // 251 + 1)}\t{i % 2}" for i in range(MAX_ROWS + 1)).encode(),
            "t",
        )


@pytest.mark.parametrize("cut", range(1, 400, 23))
def test_a_table_cut_off_anywhere_is_read_or_refused_with_a_message(cut: int) -> None:
    data = table(14).encode()[:cut]
    whole = data.count(b"\t") - 1 - (not data.endswith((b"yes", b"no", b"\n")))  # rows whose label is not cut off
    if whole >= 10:
        found, _ = read_table(data, "table")
        assert len(found) >= whole
    else:
        with pytest.raises(InvalidText):
            read_table(data, "table")


# The film reviews


def test_the_film_reviews_are_read_and_shared_out() -> None:
    found = polarity_sentences(shared_file("textclf/nltk_sentence_polarity.zip").read_bytes())
    assert len(found) == 10_662
    assert np.bincount(found.parts).tolist() == [7_796, 866, 2_000]
    assert np.bincount(found.label_ids).tolist() == [5_331, 5_331]
    assert all(map(sentence_tokens, found.texts[:50]))


@pytest.fixture
def server() -> Iterator[str]:
    """Answers /short with a few bytes, /right with those that are wanted, everything else with 404."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = {"/short": b"<html>please log in</html>", "/right": RIGHT}.get(self.path, b"")
            self.send_response(200 if content else 404)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


RIGHT = b"PK, and any bytes"  # as a zip begins


def test_a_download_is_kept_and_a_failed_one_says_what_to_do(server: str, tmp_path: Path) -> None:
    wanted = replace(WANTED, bytes=len(RIGHT), md5=hashlib.md5(RIGHT, usedforsecurity=False).hexdigest())
    assert download_polarity(tmp_path, wanted=replace(wanted, url=f"{server}/right")) == RIGHT
    gone = replace(wanted, url=f"{server}/gone")
    assert download_polarity(tmp_path, wanted=gone) == RIGHT, "it is fetched although it is there"
    with pytest.raises(DownloadError, match="checksum differs"):
        polarity_sentences(RIGHT)
    for url, said in (
        (f"{server}/short", "something else"),
        (f"{server}/gone", "404"),
        ("http://127.0.0.1:9/nothing", "Internet connection"),
    ):
        with pytest.raises(DownloadError, match=said):
            download_polarity(tmp_path / "empty", wanted=replace(wanted, url=url))


def test_the_download_is_checked_by_its_published_checksum() -> None:
    content = shared_file("textclf/nltk_sentence_polarity.zip").read_bytes()
    assert (len(content), hashlib.md5(content, usedforsecurity=False).hexdigest()) == (WANTED.bytes, WANTED.md5)
