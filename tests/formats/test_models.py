"""Embeddings out of model files, against the packages that write them: tokenizers, safetensors, model2vec and gguf."""

import io
import json
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from embedlab.arrays import Array
from embedlab.errors import EmbedlabError, FileTooLarge, SeveralFiles, VectorFileError
from embedlab.formats import LoadReport
from embedlab.formats.binary.gguf import read_gguf
from embedlab.formats.binary.safetensors import read_safetensors
from embedlab.formats.binary.shards import choose_shard
from embedlab.formats.binary.tensors import read_names
from embedlab.formats.collector import Collector
from embedlab.formats.limits import DEFAULT_LIMITS, Limits
from embedlab.formats.packed.source import Source, from_file
from embedlab.formats.tokens import Tokens, is_tokens, read_tokens
from embedlab.formats.word_lists import ListedWords
from embedlab.vectors.word_vectors import WordVectors

D = 6
RNG = np.random.default_rng(23)
TEXTS = [
    "The river runs to the lake, and the lake is still.",
    "Größe und Zürich; 日本語のテキスト、 naïve café — “quoted” text.\n\tdef f(x): return {x: [1, 2]}",
    "A bridge over the river: rivers, bridges, bridged, unbridged.",
] * 4
quiet = settings(max_examples=150, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def source_of(data: bytes, limits: Limits = DEFAULT_LIMITS, name: str = "model") -> Source:
    return from_file(io.BytesIO(data), len(data), name=name, limits=limits)


def tokens_of(content: bytes | str | dict[str, Any], limits: Limits = DEFAULT_LIMITS) -> Tokens:
    content = json.dumps(content) if isinstance(content, dict) else content
    return read_tokens(source_of(content.encode() if isinstance(content, str) else content, limits))


def rows(count: int, dtype: Any = np.float32, seed: int = 7) -> Array:
    numbers = np.random.default_rng(seed).normal(size=(count, D)) * (40 if np.dtype(dtype).kind == "i" else 1)
    return numbers.astype(dtype)


def finished(read: Collector) -> tuple[WordVectors, LoadReport]:
    return read.finish(seconds=0.0, source="model")


def listed(words: list[str] | Tokens) -> ListedWords:
    return ListedWords(words, padded=isinstance(words, Tokens))


def load_tensors(
    data: bytes, words: list[str] | Tokens | None = None, member: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> tuple[WordVectors, LoadReport]:
    given = None if words is None else listed(words)
    return finished(read_safetensors(source_of(data, limits), words=given, member=member))


def load_gguf(data: bytes, words: list[str] | None = None, member: str | None = None) -> tuple[WordVectors, LoadReport]:
    return finished(read_gguf(source_of(data), words=None if words is None else listed(words), member=member))


def saved(**arrays: Array) -> bytes:
    from safetensors.numpy import save

    return bytes(save({name.replace("__", "."): array for name, array in arrays.items()}))


def words(count: int) -> list[str]:
    return [f"w{i}" for i in range(count)]


# ---------------------------------------------------------------- tokenizers


def trained(kind: str) -> Any:
    """A small tokenizer of each kind, trained by the tokenizers package, with added tokens."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    special = ["[PAD]", "[UNK]", "<|end▁of|>"]
    if kind == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer: Any = trainers.WordPieceTrainer(vocab_size=150, special_tokens=special)
    elif kind == "byte-level":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=420, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
        )
    elif kind == "unigram":
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
        trainer = trainers.UnigramTrainer(vocab_size=120, special_tokens=special, unk_token="[UNK]")
    elif kind == "bpe":
        tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
        tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
        trainer = trainers.BpeTrainer(vocab_size=150, special_tokens=special)
    else:
        tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        trainer = trainers.WordLevelTrainer(special_tokens=special)
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.add_tokens([AddedToken("new token", normalized=False), "Ã©added"])
    return tokenizer


KINDS = ["wordpiece", "byte-level", "unigram", "bpe", "wordlevel"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_id_has_the_token_that_the_tokenizers_package_gives_it(kind: str) -> None:
    tokenizer = trained(kind)
    data = tokenizer.to_str(pretty=kind == "bpe").encode()
    assert is_tokens(data)
    assert is_tokens(data[:1000])
    found = tokens_of(data)
    assert len(found) == tokenizer.get_vocab_size(with_added_tokens=True)
    added = set(tokenizer.get_added_tokens_decoder())
    seen: set[str] = set()
    for i, word in enumerate(found):
        token = tokenizer.id_to_token(i)
        expected = token
        if i not in added and kind in ("unigram", "bpe"):
            expected = token.replace("▁", " ")
        if i not in added and kind == "byte-level":
            text = tokenizer.decoder.decode([token])
            whole = "\N{REPLACEMENT CHARACTER}" not in text and all(c.isprintable() or c == "\u3000" for c in text)
            expected = text if whole else token
        assert word == (token if expected in seen else expected)
        seen.add(str(word))
    assert len(set(found)) == len(found)
    if kind == "byte-level":
        assert {" river", " lake", "<|end▁of|>", "Ã©added", "Ċ"} <= set(found)


@pytest.mark.parametrize("kind", ["bpe", "byte-level"])
def test_a_vocabulary_by_itself_has_the_words_of_its_tokenizer(kind: str, tmp_path: Path) -> None:
    tokenizer = trained(kind)
    tokenizer.model.save(str(tmp_path))
    data = (tmp_path / "vocab.json").read_bytes()
    assert is_tokens(data)
    assert is_tokens(data[:700])
    found, whole = tokens_of(data), tokens_of(tokenizer.to_str())
    differ = [i for i, (a, b) in enumerate(zip(found, whole, strict=False)) if a != b]
    assert {whole[i] for i in differ} <= {"<|end▁of|>"}  # which only tokenizer.json calls special


def test_merges_in_either_form_are_passed_over_whatever_is_in_them() -> None:
    vocab = {'"merges":[': 0, "]": 1, "a\\": 2, "b c": 3}
    for merges in (['] "', "a\\ [", '"merges": ["x'], [["]", '"'], ["a\\", "["]]):
        content = {"model": {"type": "BPE", "vocab": vocab, "merges": merges}, "added_tokens": []}
        assert list(tokens_of(content)) == list(vocab)
        content["model"] = {"type": "BPE", "merges": merges, "vocab": vocab}
        assert list(tokens_of(json.dumps(content, indent=1))) == list(vocab)


def test_merges_take_no_memory() -> None:
    count = 60_000
    merges = [[f"t{i}", f"u{i}"] for i in range(2 * count)]
    data = json.dumps(
        {"added_tokens": [], "model": {"type": "BPE", "vocab": {f"t{i}": i for i in range(count)}, "merges": merges}}
    )
    encoded = data.encode()
    tracemalloc.start()
    found = tokens_of(encoded)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == count
    assert peak < 6 * len(encoded)


def test_tokens_that_would_become_one_word_stay_two() -> None:
    found = tokens_of({" a": 0, "▁a": 1, "▁b": 2})
    assert list(found) == [" a", "▁a", " b"]


def test_ids_without_a_token_are_told() -> None:
    found = tokens_of({"a": 0, "b": 3})
    assert list(found) == ["a", "", "", "b"]
    vectors, report = load_tensors(saved(v=rows(4)), found)
    assert vectors.words == ("a", "b")
    assert report.dropped["empty word"].places == (2, 3)
    assert "2 ids" in found.notes[0]


def test_an_added_token_wins_and_is_told() -> None:
    content = {"model": {"type": "WordPiece", "vocab": {"a": 0, "b": 1}}, "added_tokens": [{"id": 1, "content": "[X]"}]}
    found = tokens_of(content)
    assert list(found) == ["a", "[X]"]
    assert "“[X]”, not “b”" in found.notes[0]


def test_a_token_that_is_there_twice() -> None:
    """The same is read once; of another with the same id, the first counts."""
    added = [{"id": 1, "content": "[X]"}, {"id": 1, "content": "[X]"}]
    found = tokens_of({"model": {"vocab": {"a": 0}}, "added_tokens": added})
    assert list(found) == ["a", "[X]"]
    assert found.notes == []
    found = tokens_of({"a": 0, "b": 1, "c": 1})
    assert list(found) == ["a", "b"]
    assert "same id, 1" in found.notes[0]


@pytest.mark.parametrize(("words", "rows", "fits"), [(6, 8, True), (6, 9, False), (6, 16, True), (6, 136, False)])
def test_only_a_few_rows_fill_up_a_matrix(words: int, rows: int, fits: bool) -> None:
    listed = ListedWords([f"w{i}" for i in range(words)], padded=True)
    assert (listed.fitting(rows) is not None) == fits


def test_half_a_surrogate_pair_is_no_word() -> None:
    assert list(tokens_of(r'{"a": 0, "\ud800": 1}')) == ["a", None]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"a": 0, "b": 0, "c": 0}, "same id, 0"),
        ({"a": -1}, "“-1”"),
        ({"a": 10**12}, "“1000000000000”"),
        ({"a": 0, "b": 5_000_000}, "below 5,000,000"),
        ({"a": 1.5}, "“1.5”"),
        ({"a": True}, "“True”"),
        ({"a": None}, "is no number"),
        ({"a": [0]}, "ids are whole"),
        ({"model": {"vocab": {}}}, "no tokens"),
        ({}, "no tokens"),
        ({"model": {}}, "no vocabulary"),
        ({"model": {"vocab": [["a"], [1, 2]]}}, "no vocabulary"),
        ({"model": {"vocab": [[]]}}, "no vocabulary"),
        ({"model": {"vocab": ["ab", {}]}}, "no vocabulary"),
        ({"model": {"vocab": ["ab", "cd"]}}, "no vocabulary"),
        ({"model": {"vocab": 5}}, "no tokens"),
        ({"model": {"vocab": {"a": 0}}, "added_tokens": [{"id": 1}]}, "no vocabulary"),
        ({"model": {"vocab": {"a": 0}}, "added_tokens": 5}, "no vocabulary"),
        ({"model": {"vocab": {"a": 0}}, "added_tokens": [{"id": 10**12, "content": "x"}]}, "“1000000000000”"),
        ("[1]", "no vocabulary"),
        ('{"a": 0', "no vocabulary"),
        ('{"a": ' + "9" * 5000 + "}", "no vocabulary"),
        ('{"model":' * 50_000, "no vocabulary"),
        (b'{"a\xff": 0}', "no vocabulary"),
        ("", "no vocabulary"),
    ],
)
def test_ids_that_are_no_rows_are_refused(content: Any, said: str) -> None:
    with pytest.raises(VectorFileError, match=said) as refused:
        tokens_of(content)
    assert refused.value.asks == "words"


@pytest.mark.parametrize("part", ["[],", "{},", "1,", '"merges":[', '"a",', "\\"])
def test_bombs_are_refused_before_they_are_parsed(part: str) -> None:
    data = ('{"added_tokens":[' + part * (8_000_000 // len(part))).encode()
    tracemalloc.start()
    with pytest.raises(VectorFileError):
        tokens_of(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150e6


def test_more_bytes_than_allowed_are_not_read() -> None:
    endless = Source(lambda n: b"a" * n, name="tokenizer.json", limits=Limits(memory_bytes=4 << 20))
    with pytest.raises(FileTooLarge):
        read_tokens(endless)
    assert endless.position <= 6 << 20


@pytest.mark.parametrize(
    "head",
    [
        b"", b"{", b"{}", b"[1, 2]", b'["a", "b"]', b"river 0.1 0.2\n", b'{"a": 1.5}', b'{"a": "b"}', b'{"a": [1, 2]}',
        b'{"word": "river", "vector": [1]}\n', b'{"count": 5, "word": "river"}', b'{"vocab_size": 5, "a": "x"}',
        b"[PAD]\n[UNK]", b'{"a": 1}\n{"a": 2}\n', b'{"added_tokens_decoder": {"0": {"content": "a"}}}',
    ],
)  # fmt: skip
def test_other_files_are_no_vocabularies(head: bytes) -> None:
    assert not is_tokens(head)


@quiet
@given(st.dictionaries(st.text(), st.integers(-5, 10**6), min_size=1), st.integers(0, 3), st.booleans())
def test_any_map_to_ids_is_one_however_it_is_cut(content: dict[str, int], indent: int, ascii_only: bool) -> None:
    data = json.dumps(content, indent=indent or None, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert is_tokens(data)
    first = json.dumps(next(iter(content.items())), ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    if len(content) > 1:
        for cut in range(len(first) + 20, len(data)):
            assert is_tokens(data[:cut])


@quiet
@given(st.dictionaries(st.text(max_size=5) | st.sampled_from(["Ġa", "▁b", "Ã©", "Ċ"]), st.integers(0, 20), min_size=1))
def test_every_token_of_a_vocabulary_is_at_its_id(content: dict[str, int]) -> None:
    if len(set(content.values())) < len(content):
        with pytest.raises(VectorFileError, match="same id"):
            tokens_of(content, Limits(odd_rows="none"))
        return
    found = tokens_of(content)
    form = {token[:1] for token in content}
    for token, i in content.items():
        assert found[i] == token or found[i] is None or form & {"Ġ", "▁"}
    kept = [word for word in found if word]
    assert len(kept) == len(set(kept))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=80, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255), st.booleans())
def test_a_damaged_tokenizer_is_refused_or_gives_words(kind: str, position: float, change: int, cut: bool) -> None:
    if kind not in DAMAGED:
        DAMAGED[kind] = trained(kind).to_str().encode()
    data = DAMAGED[kind]
    at = int(position * len(data))
    data = data[:at] if cut else data[:at] + bytes([data[at] ^ change]) + data[at + 1 :]
    is_tokens(data)
    try:
        found = tokens_of(data)
    except VectorFileError:
        return
    assert all(word is None or isinstance(word, str) for word in found)


DAMAGED: dict[str, bytes] = {}


# ---------------------------------------------------------------- safetensors


@pytest.mark.parametrize("dtype", ["f4", "f8", "f2", "i1", "u1", "i2", "i4"])
def test_numbers_are_those_that_the_safetensors_package_wrote(dtype: str) -> None:
    matrix = np.abs(rows(5, dtype)) + 1 if dtype[0] == "u" else rows(5, dtype)
    vectors, _ = load_tensors(saved(other=rows(1)[0], vectors=matrix.astype(dtype)), words(5))
    assert vectors.matrix.tobytes() == matrix.astype(dtype).astype(np.float32).tobytes()


def test_bfloat16_is_the_upper_half_of_float32() -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save

    matrix = torch.from_numpy(rows(5)).to(torch.bfloat16)
    vectors, _ = load_tensors(save({"embedding.weight": matrix}), words(5))
    assert vectors.matrix.tobytes() == matrix.float().numpy().tobytes()


@pytest.mark.parametrize(
    "name",
    [
        "embeddings", "embedding.weight", "embeddings.word_embeddings.weight", "bert.embeddings.word_embeddings.weight",
        "wte.weight", "transformer.wte.weight", "model.embed_tokens.weight", "model.embeddings.tok_embeddings.weight",
        "tok_embeddings.weight", "shared.weight", "gpt_neox.embed_in.weight",
        "text_model.embeddings.token_embedding.weight",
        "transformer.word_embedding.weight", "tokens_embed.weight", "emb.weight", "backbone.embeddings.weight",
        "rwkv.embeddings.weight", "model.language_model.embed_tokens.weight", "lm_head.weight",
    ],
)  # fmt: skip
def test_input_embeddings_are_found_by_their_name_and_told(name: str) -> None:
    others = {"encoder.layers.0.query.weight": rows(D), "embeddings.position_embeddings.weight": rows(9, seed=3)}
    others |= {"embeddings.position_ids": np.zeros((1, 9), np.int64), "notwte.weight": rows(5, seed=4)}
    matrix = rows(7, seed=5)
    data = saved(**others, **{name: matrix})
    vectors, report = load_tensors(data, words(7))
    assert vectors.matrix.tobytes() == matrix.tobytes()
    assert any("Of 5 matrices" in note and name in note for note in report.notes)
    assert any("tie_word_embeddings" in note for note in report.notes) == (name == "lm_head.weight")
    chosen, _ = load_tensors(data, words(9), "embeddings.position_embeddings.weight")
    assert chosen.matrix.tobytes() == rows(9, seed=3).tobytes()


def test_input_embeddings_come_before_the_output_layer() -> None:
    data = saved(lm_head__weight=rows(7, seed=1), model__embed_tokens__weight=rows(7, seed=2))
    assert load_tensors(data, words(7))[0].matrix.tobytes() == rows(7, seed=2).tobytes()


@pytest.mark.parametrize(
    "names", [("a.weight", "b.weight"), ("encoder.embed_tokens.weight", "decoder.embed_tokens.weight")]
)
def test_none_or_several_input_embeddings_ask(names: tuple[str, str]) -> None:
    data = saved(**{name: rows(7) for name in names})
    with pytest.raises(SeveralFiles) as refused:
        load_tensors(data, words(7))
    assert refused.value.members == tuple(sorted(names))
    load_tensors(data, words(7), names[1])
    with pytest.raises(SeveralFiles, match="no “wte”"):
        load_tensors(data, words(7), "wte")


def test_types_that_hold_no_vectors_are_named() -> None:
    for dtype, name in ((np.int64, "I64"), (np.bool_, "BOOL"), (np.uint32, "U32")):
        with pytest.raises(VectorFileError, match=f"type {name}"):
            load_tensors(saved(v=np.ones((7, D), dtype)), words(7))
        with pytest.raises(VectorFileError, match=f"type {name}"):
            load_tensors(saved(lm_head__weight=rows(7), model__embed_tokens__weight=np.ones((7, D), dtype)), words(7))


def test_float8_is_named() -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save

    for dtype, name in ((torch.float8_e4m3fn, "F8_E4M3"), (torch.float8_e5m2, "F8_E5M2")):
        with pytest.raises(VectorFileError, match=name):
            load_tensors(save({"v": torch.ones(7, D).to(dtype)}), words(7))


@pytest.mark.parametrize("scale", ["wte.scales", "wte.weight_scale", "wte.weight.absmax", "wte.SCB", "wte.biases"])
def test_quantized_numbers_are_refused(scale: str) -> None:
    with pytest.raises(VectorFileError, match="quantized"):
        load_tensors(saved(**{"wte.weight": rows(7, np.int8), scale: np.ones(7, np.float32)}), words(7))


def test_rows_after_the_last_token_are_left_out_and_told() -> None:
    tokens = Tokens(words(300))
    for count in (300, 304, 320, 384):  # to a multiple of 8, 64, 128
        vectors, report = load_tensors(saved(wte__weight=rows(count)), tokens)
        assert vectors.matrix.tobytes() == rows(count)[:300].tobytes()
        assert any(f"last {count - 300} row" in note for note in report.notes) == (count > 300)
        assert report.rows_dropped == 0


@pytest.mark.parametrize(
    ("count", "given"), [(299, Tokens(words(300))), (429, Tokens(words(300))), (301, words(300)), (299, words(300))]
)
def test_other_numbers_of_words_and_rows_are_refused(count: int, given: Any) -> None:
    with pytest.raises(VectorFileError, match=f"300 words and {count} rows") as refused:
        load_tensors(saved(wte__weight=rows(count)), given)
    assert refused.value.asks == "words"


# ---------------------------------------------------------------- model2vec


def static_model(dtype: Any, weights: Any, mapped: bool, padding: int = 0) -> tuple[Any, bytes, bytes]:
    """A model of model2vec, and its two files."""
    model2vec = pytest.importorskip("model2vec")
    tokenizer = trained("wordpiece")
    count = tokenizer.get_vocab_size()
    stored = 20 if mapped else count
    arrays = {"vectors": rows(stored, dtype), "weights": None, "token_mapping": None}
    if weights is not None:
        arrays["weights"] = np.random.default_rng(1).uniform(0.1, 3, count + padding).astype(weights)
    if mapped:
        arrays["token_mapping"] = np.random.default_rng(2).integers(0, stored, count + padding)
    model = model2vec.StaticModel(tokenizer=tokenizer, **arrays)
    tensors = {"embeddings": arrays["vectors"], "weights": arrays["weights"], "mapping": arrays["token_mapping"]}
    return model, saved(**{k: v for k, v in tensors.items() if v is not None}), tokenizer.to_str().encode()


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize("weights", [None, "f4", "f8", "f2"])
@pytest.mark.parametrize("dtype", ["f4", "f2", "f8", "i1"])
def test_rows_are_those_of_model2vec(dtype: str, weights: str | None, mapped: bool) -> None:
    model, data, tokenizer = static_model(dtype, weights, mapped)
    tokens = tokens_of(tokenizer)
    vectors, report = load_tensors(data, tokens)
    assert vectors.words == tuple(tokens)
    expected = model._encode_helper(list(range(len(tokens))))  # what `encode` pools and `encode_as_sequence` gives
    assert vectors.matrix.tobytes() == expected.astype(np.float32).tobytes()
    text = "the river runs to the lake"
    ids = model.tokenize([text])[0]
    assert model.encode_as_sequence(text).astype(np.float32).tobytes() == vectors.matrix[ids].tobytes()
    assert any("“weights”" in note for note in report.notes) == (weights is not None)
    assert any("“mapping”" in note for note in report.notes) == mapped


def test_a_saved_folder_of_model2vec_is_read(tmp_path: Path) -> None:
    model, _, _ = static_model("f2", "f4", True)
    model.save_pretrained(tmp_path)
    tokens = tokens_of((tmp_path / "tokenizer.json").read_bytes())
    vectors, _ = load_tensors((tmp_path / "model.safetensors").read_bytes(), tokens)
    assert vectors.matrix.tobytes() == model._encode_helper(list(range(len(tokens)))).astype(np.float32).tobytes()


def test_a_padded_mapping_is_cut_at_the_last_token() -> None:
    model, data, tokenizer = static_model("i1", "f4", True, padding=8)
    tokens = tokens_of(tokenizer)
    vectors, report = load_tensors(data, tokens)
    assert vectors.matrix.tobytes() == model._encode_helper(list(range(len(tokens)))).astype(np.float32).tobytes()
    assert any("last 8 rows" in note for note in report.notes)


def test_the_layout_of_sentence_transformers_is_weighted_too() -> None:
    weights = np.linspace(1, 2, 7, dtype=np.float32)
    vectors, _ = load_tensors(saved(embedding__weight=rows(7), weights=weights), words(7))
    assert vectors.matrix.tobytes() == (rows(7) * weights[:, None]).tobytes()


@pytest.mark.parametrize("entry", [-1, 20, 2**40])
def test_a_mapping_to_rows_that_are_not_there_is_refused(entry: int) -> None:
    mapping = np.arange(8)
    mapping[3] = entry
    with pytest.raises(VectorFileError, match="“mapping” names the rows"):
        load_tensors(saved(embeddings=rows(8), mapping=mapping), words(8))


def test_weights_and_mapping_that_do_not_fit() -> None:
    _, report = load_tensors(saved(embeddings=rows(8), mapping=np.arange(5), weights=np.ones(3, "f4")), words(8))
    assert [note.split(" ")[0] for note in report.notes[:2]] == ["“mapping”", "“weights”"]
    with pytest.raises(VectorFileError, match=r"7 words, 4 rows and “mapping” of shape \(8,\)"):
        load_tensors(saved(embeddings=rows(4), mapping=np.arange(8) % 4), words(7))
    with pytest.raises(VectorFileError, match="7 words, 8 rows"):
        load_tensors(saved(embeddings=rows(8), weights=np.ones(8, "f4")), words(7))


def test_a_weight_of_zero_leaves_a_row_of_zeros_out() -> None:
    weights = np.array([1, 0, 1], np.float32)
    vectors, report = load_tensors(saved(embeddings=rows(3), weights=weights), words(3))
    assert vectors.words == ("w0", "w2")
    assert report.dropped["only zeros"].places == (2,)


def test_limits_hold_for_static_models() -> None:
    data = saved(embeddings=rows(4), mapping=np.zeros(1000, np.int64))
    with pytest.raises(FileTooLarge):
        load_tensors(data, words(1000), limits=Limits(memory_bytes=1000 * D * 4 - 1))
    with pytest.raises(FileTooLarge):
        load_tensors(data, words(1000), limits=Limits(dimensions=D - 1))


# ---------------------------------------------------------------- several files


def shards(parts: dict[str, bytes]) -> dict[str, Callable[[], Source]]:
    return {name: lambda data=data, name=name: source_of(data, name=name) for name, data in parts.items()}  # type: ignore[misc]


FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
PARTS = {
    FIRST: saved(model__embed_tokens__weight=rows(8), model__layers__0__weight=rows(5)),
    SECOND: saved(lm_head__weight=rows(8, seed=1), model__norm__weight=rows(1)[0], model__layers__1__weight=rows(5)),
}
PLACES = {"model.embed_tokens.weight": FIRST, "model.layers.0.weight": FIRST, "lm_head.weight": SECOND}
INDEX = json.dumps({"metadata": {"total_size": 1}, "weight_map": PLACES}).encode()


@pytest.mark.parametrize("index", [None, INDEX])
def test_the_file_with_the_input_embeddings_is_found(index: bytes | None) -> None:
    assert choose_shard(shards(PARTS), index=index) == (FIRST, None)
    assert (
        choose_shard(shards({f"snapshots/a/{k}": v for k, v in PARTS.items()}), index=index)[0]
        == f"snapshots/a/{FIRST}"
    )
    assert choose_shard(shards(PARTS), index=index, member="lm_head.weight") == (SECOND, "lm_head.weight")
    assert load_tensors(PARTS[FIRST], words(8))[0].matrix.tobytes() == rows(8).tobytes()


def test_a_file_that_the_index_names_and_that_is_not_there_is_named() -> None:
    for files in ({SECOND: PARTS[SECOND]}, {}):
        with pytest.raises(VectorFileError, match=f"Add {FIRST}"):
            choose_shard(shards(files), index=INDEX)
    assert choose_shard(shards({FIRST: PARTS[FIRST]}), index=INDEX) == (FIRST, None)


def test_one_file_is_not_looked_into() -> None:
    assert choose_shard({"a": lambda: pytest.fail("opened")}, member="x") == ("a", "x")


def test_files_with_the_same_tensor_ask() -> None:
    with pytest.raises(SeveralFiles) as refused:
        choose_shard(shards({"a": PARTS[FIRST], "b": PARTS[FIRST]}))
    assert refused.value.members == ("a", "b")
    with pytest.raises(SeveralFiles) as refused:
        choose_shard(shards({"a": saved(x=rows(2)), "b": saved(y=rows(2))}))
    assert refused.value.members == ("x", "y")
    with pytest.raises(SeveralFiles, match="no matrix “z”"):
        choose_shard(shards(PARTS), member="z")


@pytest.mark.parametrize(
    "index", [b"", b"[]", b"{}", b'{"weight_map": {"a": 5}}', b'{"weight_map": 5}', b"[" * 100_000]
)
def test_a_damaged_index_is_refused(index: bytes) -> None:
    with pytest.raises(VectorFileError, match="no index"):
        choose_shard(shards(PARTS), index=index)


def test_names_and_shapes() -> None:
    assert read_names(source_of(PARTS[SECOND]))["lm_head.weight"] == (8, D)


MODEL = saved(embeddings=rows(4), mapping=np.arange(8) % 4, weights=np.ones(8, np.float32))


@quiet
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255), st.booleans())
@example(0.02, 1, False)
def test_a_damaged_model_is_refused_or_gives_sound_vectors(position: float, change: int, cut: bool) -> None:
    at = int(position * len(MODEL))
    data = MODEL[:at] if cut else MODEL[:at] + bytes([MODEL[at] ^ change]) + MODEL[at + 1 :]
    for some in (words(8), Tokens(words(8)), words(4)):
        try:
            vectors, _ = load_tensors(data, some)
        except VectorFileError:
            continue
        assert not cut
        assert np.isfinite(vectors.matrix).all()


# ---------------------------------------------------------------- GGUF

TOKENS = ["<s>", "▁river", "▁lake", "s", "▁", "é", "<0x0A>", "x"]


def gguf_file(
    tmp_path: Path,
    matrix: Array | None,
    *,
    kind: str = "F32",
    tokens: list[str] | None = TOKENS,
    model: str = "llama",
    alignment: int | None = None,
    name: str = "token_embd.weight",
    after: bool = True,
) -> bytes:
    """A model that the gguf package writes, with keys of all types."""
    gguf = pytest.importorskip("gguf")
    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    if alignment:
        writer.add_custom_alignment(alignment)
    for i, (add, value) in enumerate(
        [
            ("uint8", 1), ("int8", -1), ("uint16", 2), ("int16", -2), ("uint32", 3), ("int32", -3), ("float32", 0.5),
            ("uint64", 4), ("int64", -4), ("float64", 0.25), ("bool", True), ("string", "text" * 50_000),
        ]
    ):  # fmt: skip
        getattr(writer, f"add_{add}")(f"test.{i}", value)
    writer.add_array("test.numbers", [1.5, 2.5])
    writer.add_array("test.flags", [True, False])
    writer.add_array("tokenizer.ggml.merges", [f"a b{i}" for i in range(3000)] + ["c" * 70_000])
    writer.add_tokenizer_model(model)
    if tokens is not None:
        writer.add_token_list(tokens)
    writer.add_array("tokenizer.ggml.scores", [0.0] * len(tokens or [1]))
    writer.add_tensor("rope_freqs.weight", np.ones(5, np.float32))
    if matrix is not None:
        data = gguf.quants.quantize(matrix, gguf.GGMLQuantizationType[kind])
        writer.add_tensor(name, data, raw_dtype=gguf.GGMLQuantizationType[kind])
    if after:
        writer.add_tensor("output_norm.weight", np.ones((3, 3), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


def wide(count: int = len(TOKENS), dimensions: int = 64) -> Array:
    return np.random.default_rng(4).normal(size=(count, dimensions)).astype(np.float32)


@pytest.mark.parametrize("alignment", [None, 8, 64, 4096])
@pytest.mark.parametrize("kind", ["F32", "F16", "BF16", "Q8_0"])
def test_numbers_are_those_that_the_gguf_package_reads(kind: str, alignment: int | None, tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    data = gguf_file(tmp_path, wide(), kind=kind, alignment=alignment)
    vectors, report = load_gguf(data)
    reader = gguf.GGUFReader(tmp_path / "model.gguf")
    (tensor,) = [t for t in reader.tensors if t.name == "token_embd.weight"]
    expected = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
    assert vectors.matrix.tobytes() == expected.tobytes()
    assert vectors.words == ("<s>", " river", " lake", "s", " ", "é", "<0x0A>", "x")
    assert report.format == f"GGUF ({kind})"


def test_many_rows_in_several_blocks(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    matrix = wide(9000, 160)
    vectors, _ = load_gguf(gguf_file(tmp_path, matrix, kind="Q8_0", tokens=words(9000)))
    kind = gguf.GGMLQuantizationType.Q8_0
    assert vectors.matrix.tobytes() == gguf.quants.dequantize(gguf.quants.quantize(matrix, kind), kind).tobytes()


def test_tokens_of_a_byte_level_model_are_shown_as_text(tmp_path: Path) -> None:
    tokens = ["Ġriver", "Ã©", "Ċ", "▁a", "<|end|>", "Ġ", "x", "y"]
    vectors, _ = load_gguf(gguf_file(tmp_path, wide(), tokens=tokens, model="gpt2"))
    assert vectors.words == (" river", "é", "Ċ", "▁a", "<|end|>", " ", "x", "y")


def test_version_2_is_read_like_3(tmp_path: Path) -> None:
    data = gguf_file(tmp_path, wide())
    vectors, _ = load_gguf(data[:4] + struct.pack("<I", 2) + data[8:])
    assert vectors.matrix.tobytes() == wide().tobytes()


def test_tokens_and_rows_of_another_number(tmp_path: Path) -> None:
    vectors, report = load_gguf(gguf_file(tmp_path, wide(16)))
    assert vectors.matrix.tobytes() == wide(16)[:8].tobytes()
    assert any("last 8 rows" in note for note in report.notes)
    with pytest.raises(VectorFileError, match="8 words and 7 rows"):
        load_gguf(gguf_file(tmp_path, wide(7)))


def test_words_beside_a_model(tmp_path: Path) -> None:
    with pytest.raises(VectorFileError, match="no tokens") as refused:
        load_gguf(gguf_file(tmp_path, wide(), tokens=None))
    assert refused.value.asks == "words"
    assert load_gguf(gguf_file(tmp_path, wide(), tokens=None), words(8))[0].words == tuple(words(8))
    _, report = load_gguf(gguf_file(tmp_path, wide()), words(8))
    assert any("own tokens were not used" in note for note in report.notes)


@pytest.mark.parametrize("kind", ["Q4_0", "Q4_1", "Q5_0", "Q5_1"])
def test_other_types_are_named_with_a_way_out(kind: str, tmp_path: Path) -> None:
    with pytest.raises(VectorFileError, match=f"of type {kind}, .*llama-quantize"):
        load_gguf(gguf_file(tmp_path, wide(), kind=kind))


def test_another_tensor_can_be_chosen(tmp_path: Path) -> None:
    data = gguf_file(tmp_path, wide(), name="output.weight")
    with pytest.raises(SeveralFiles) as refused:
        load_gguf(data)
    assert refused.value.members == ("output.weight", "output_norm.weight")
    assert load_gguf(data, member="output.weight")[0].matrix.tobytes() == wide().tobytes()
    with pytest.raises(VectorFileError, match=r"shape \(5,\)"):
        load_gguf(data, member="rope_freqs.weight")
    with pytest.raises(VectorFileError, match="no tensor"):
        load_gguf(gguf_file(tmp_path, None, after=False))


def text(value: str | bytes) -> bytes:
    value = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(value)) + value


def array_of(kind: int, count: int, data: bytes) -> bytes:
    return struct.pack("<IIQ", 9, kind, count) + data


def entry(name: str, dims: tuple[int, ...], kind: int = 0, start: int = 0, axes: int | None = None) -> bytes:
    return text(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims) if axes is None else axes, *dims, kind, start)


LIST = text("tokenizer.ggml.tokens") + array_of(8, 2, text("a") + text("b"))
TABLE = entry("token_embd.weight", (2, 2))
NUMBERS = np.array([[1, 2], [3, 4]], "<f4").tobytes()


def by_hand(
    keys: tuple[bytes, ...] = (LIST,),
    table: tuple[bytes, ...] = (TABLE,),
    numbers: bytes = NUMBERS,
    align: int = 32,
    **counts: int,
) -> bytes:
    head = struct.pack("<4sIQQ", b"GGUF", 3, counts.get("tensor_count", len(table)), counts.get("key_count", len(keys)))
    data = head + b"".join(keys) + b"".join(table)
    return data + b"\0" * (-len(data) % align) + numbers


def test_a_file_by_hand() -> None:
    assert load_gguf(by_hand())[0].matrix.tolist() == [[1, 2], [3, 4]]


FLAG = struct.pack("<I?", 7, True)
HUGE, LONG = 1 << 60, 1 << 40


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "ends inside"),
        (b"GGUX" + by_hand()[4:], "no GGUF file"),
        (b"FUGG" + by_hand()[4:], "big-endian"),
        (b"GGUF\0\0\0\3" + by_hand()[8:], "big-endian"),
        (b"GGUF\1\0\0\0" + by_hand()[8:], "version 1"),
        (b"GGUF\0\0\0\0" + by_hand()[8:], "version 0"),
        (b"GGUF\7\0\0\0" + by_hand()[8:], "version 7"),
        (by_hand(key_count=HUGE), "needs at least"),
        (by_hand(tensor_count=HUGE), "needs at least"),
        (by_hand(key_count=2), "ends inside|needs at least|unknown type"),
        (by_hand((LIST, LIST)), "there twice"),
        (by_hand((LIST, text("a") + FLAG, text("a") + FLAG)), "“a” is there twice"),
        (by_hand((struct.pack("<Q", LONG),)), "needs at least"),
        (by_hand((text("k") + struct.pack("<IQ", 8, LONG),)), "needs at least"),
        (by_hand((text("k" * 70_000) + FLAG, LIST)), "70,000 bytes"),
        (by_hand((text("k") + array_of(9, 1, array_of(0, 0, b"")), LIST)), "array of arrays"),
        (by_hand((text("k") + array_of(8, HUGE, b""), LIST)), "needs at least"),
        (by_hand((text("k") + array_of(12, HUGE, b""), LIST)), "needs at least"),
        (by_hand((text("k") + array_of(99, 1, b""), LIST)), "unknown type 99"),
        (by_hand((text("k") + struct.pack("<I", 13), LIST)), "unknown type 13"),
        (by_hand((text("tokenizer.ggml.tokens") + array_of(8, 1, text("a" * 70_000)),)), "70,000 bytes"),
        (by_hand((text("tokenizer.ggml.tokens") + array_of(5, 2, b"\0" * 8),)), "no tokens"),
        (by_hand((text("tokenizer.ggml.tokens") + FLAG,)), "no tokens"),
        (by_hand((text("general.alignment") + struct.pack("<II", 4, 0), LIST)), "power of two"),
        (by_hand((text("general.alignment") + struct.pack("<II", 4, 24), LIST)), "power of two"),
        (by_hand((text("general.alignment") + FLAG, LIST)), "power of two"),
        (by_hand((text("general.alignment") + struct.pack("<II", 4, 1 << 31), LIST)), "ends inside"),
        (by_hand(table=(TABLE, TABLE)), "there twice"),
        (by_hand(table=(entry("token_embd.weight", (1 << 47, 1 << 47)),)), "needs at least"),
        (by_hand(table=(entry("token_embd.weight", (1 << 63, 2)),)), "too large"),
        (by_hand(table=(entry("token_embd.weight", (2, 2, 1, 1, 1)),)), "5 axes"),
        (by_hand(table=(entry("token_embd.weight", (2, 2), axes=(1 << 32) - 1),)), "axes"),
        (by_hand(table=(entry("token_embd.weight", (2, 2), start=LONG),)), "not where it should be"),
        (by_hand(table=(entry("token_embd.weight", (2, 2), start=4),)), "not where it should be"),
        (by_hand(table=(TABLE, entry("x", (2,), start=0))), "not where it should be"),
        (by_hand(table=(TABLE, entry("x", (2,), start=64))), "not where it should be"),
        (by_hand(table=(entry("token_embd.weight", (2, 2), kind=8),)), "whole number of blocks"),
        (by_hand(table=(entry("token_embd.weight", (2, 2), kind=99),)), "type number 99"),
        (by_hand(table=(entry("token_embd.weight", (256, 2), kind=12),), numbers=bytes(288)), "type Q4_K"),
        (by_hand(table=(entry("token_embd.weight", (4,)),)), r"shape \(4,\)"),
        (by_hand(table=(entry("token_embd.weight", ()),)), r"shape \(\)"),
        (by_hand(table=(entry("token_embd.weight", (0, 2)),)), "Vectors need one row"),
        (by_hand(table=(entry("token_embd.weight", (2, 0)),)), "2 words and 0 rows"),
        (by_hand(table=(), numbers=b""), "no tensor"),
        (by_hand(numbers=NUMBERS[:-1]), "needs at least"),
    ],
)
def test_hostile_files_are_refused_in_little_memory(data: bytes, said: str) -> None:
    tracemalloc.start()
    with pytest.raises(VectorFileError, match=said):
        load_gguf(data)
    unsized = Source(io.BytesIO(data).read, name="model", limits=DEFAULT_LIMITS)  # as out of a gz
    with pytest.raises(VectorFileError):
        finished(read_gguf(unsized, words=None, member=None))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6


@pytest.mark.parametrize("count", [1000, 10_000, 10_001])
def test_many_small_keys(count: int) -> None:
    data = by_hand((LIST, *(text(f"k{i}") + FLAG for i in range(count - 1))))
    if count > 10_000:
        with pytest.raises(FileTooLarge):
            load_gguf(data)
    else:
        load_gguf(data)


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    data = gguf_file(tmp_path, wide(8, 32), kind="Q8_0", tokens=TOKENS)
    body = len(data) - 600  # bytes of the last tensors and what is before them
    for length in [*range(0, 1500), *range(body, len(data))]:
        try:
            load_gguf(data[:length])
        except VectorFileError:
            continue
        assert not data[length:].strip(b"\0")  # only the padding after the last number is missing


@quiet
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_one_changed_byte_of_a_gguf_file(position: float, change: int) -> None:
    data = by_hand(
        (LIST, text("k") + FLAG, text("m") + array_of(5, 2, b"\0" * 8)),
        (TABLE, entry("x", (2,), start=32)),
        NUMBERS * 4,
    )
    at = int(position * len(data))
    try:
        vectors, _ = load_gguf(data[:at] + bytes([data[at] ^ change]) + data[at + 1 :])
    except EmbedlabError:
        return
    assert np.isfinite(vectors.matrix).all()
    assert len(set(vectors.words)) == len(vectors.words)


@quiet
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9), min_size=1, max_size=9, unique=True
    ),
    st.integers(1, 5),
    st.sampled_from([1, 2, 4, 8, 32, 256]),
)
def test_round_trip(tokens: list[str], dimensions: int, align: int) -> None:
    matrix = np.random.default_rng(len(tokens)).normal(size=(len(tokens), dimensions)).astype("<f4")
    keys = (
        text("tokenizer.ggml.tokens") + array_of(8, len(tokens), b"".join(map(text, tokens))),
        text("general.alignment") + struct.pack("<II", 4, align),
    )
    table = (entry("token_embd.weight", (dimensions, len(tokens))),)
    vectors, _ = load_gguf(by_hand(keys, table, matrix.tobytes(), align))
    assert vectors.words == tuple(tokens)
    assert vectors.matrix.tobytes() == matrix.tobytes()
