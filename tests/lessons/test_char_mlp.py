"""The character model: its arithmetic against NumPy, its recipes against the lecture, and what it learns."""

import inspect
from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pytest
import torch

from embedlab.errors import InvalidSetting, TrainingError
from embedlab.lessons.letters.alphabet import Alphabet, examples, tally, vowel_separation
from embedlab.lessons.letters.bundled import record
from embedlab.lessons.letters.char_mlp import CharMLP, batches, run, sweep, training
from embedlab.lessons.letters.config import FAST, LECTURE, CharConfig, sized, snapshot_steps
from embedlab.lessons.letters.letter_model import DIRECT, WEIGHTS, LetterModel
from embedlab.lessons.letters.names import given_names, split
from embedlab.lessons.letters.run import LetterRun
from embedlab.training.loop import train
from tests.conftest import shared_file

UNIFORM_LOSS = LECTURE.alphabet.uniform_loss

SMALL = CharConfig(dimensions=3, hidden=7, context=4, steps=40, batch=16)


def made(config: CharConfig) -> CharMLP:
    return CharMLP(config, torch.Generator().manual_seed(config.seed))


def numpy_loss_and_gradients(
    weights: dict[str, np.ndarray], contexts: np.ndarray, targets: np.ndarray
) -> tuple[float, dict[str, np.ndarray]]:
    """Forward and backward pass written out by hand, from Bengio et al.'s equations."""
    rows = np.arange(len(targets))
    looked_up = weights["embeddings"][contexts].reshape(len(targets), -1)  # (B, C * D)
    hidden = np.tanh(looked_up @ weights["hidden_weights"] + weights["hidden_bias"])  # (B, H)
    direct = weights.get("direct_weights", np.zeros((looked_up.shape[1], weights["output_bias"].shape[0])))
    scores = hidden @ weights["output_weights"] + weights["output_bias"] + looked_up @ direct  # (B, V)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    loss = -np.log(odds[rows, targets]).mean()
    d_scores = odds.copy()
    d_scores[rows, targets] -= 1
    d_scores /= len(targets)
    d_hidden = d_scores @ weights["output_weights"].T * (1 - hidden**2)  # through tanh
    d_embeddings = np.zeros_like(weights["embeddings"])
    d_looked_up = (d_hidden @ weights["hidden_weights"].T + d_scores @ direct.T).reshape(*contexts.shape, -1)
    np.add.at(d_embeddings, contexts, d_looked_up)  # a letter that occurs twice gathers both
    return float(loss), {
        "embeddings": d_embeddings,
        "hidden_weights": looked_up.T @ d_hidden,
        "hidden_bias": d_hidden.sum(axis=0),
        "output_weights": hidden.T @ d_scores,
        "output_bias": d_scores.sum(axis=0),
        "direct_weights": looked_up.T @ d_scores,
    }


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize("recipe", ["fast", "lecture"])
def test_loss_and_gradients_are_those_worked_out_by_hand(recipe, direct) -> None:  # type: ignore[no-untyped-def]
    model = made(CharConfig(dimensions=3, hidden=7, context=4, recipe=recipe, direct=direct)).double()
    names = (*WEIGHTS, DIRECT) if direct else WEIGHTS
    contexts, targets = (array[:50] for array in examples(["anna", "bob", "charlotte", "oo"] * 5, 4))
    model.loss((torch.from_numpy(contexts), torch.from_numpy(targets))).backward()
    weights = {name: getattr(model, name).detach().numpy() for name in names}
    loss, gradients = numpy_loss_and_gradients(weights, contexts, targets)
    with torch.no_grad():
        found = float(model.loss((torch.from_numpy(contexts), torch.from_numpy(targets))))
    assert found == pytest.approx(loss, rel=1e-12)
    for name in names:
        np.testing.assert_allclose(getattr(model, name).grad.numpy(), gradients[name], rtol=1e-9, atol=1e-12)


def test_the_kept_model_answers_as_the_trained_one() -> None:
    model = made(SMALL)
    contexts = torch.randint(27, (200, SMALL.context), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = torch.log_softmax(model(contexts), dim=1).numpy()
    kept = LetterModel.of({name: getattr(model, name).detach().numpy() for name in WEIGHTS})
    np.testing.assert_allclose(kept.log_probabilities(contexts.numpy()), expected, atol=2e-5)


def test_direct_connections_are_trained_kept_and_saved() -> None:
    snapshots = list(run(given_names().names[:200], replace(SMALL, direct=True), snapshots=4))
    kept = LetterRun.of(snapshots)
    model = made(replace(SMALL, direct=True))
    with torch.no_grad():
        for name, array in kept.model.arrays.items():
            getattr(model, name).copy_(torch.from_numpy(array.copy()))
        contexts = torch.randint(27, (50, SMALL.context), generator=torch.Generator().manual_seed(1))
        expected = torch.log_softmax(model(contexts), dim=1).numpy()
    np.testing.assert_allclose(kept.model.log_probabilities(contexts.numpy()), expected, atol=2e-5)
    assert np.abs(kept.model.arrays[DIRECT]).max() > 0, "they start at zero in the fast recipe, and learn"
    loaded = LetterRun.load(kept.arrays("d_"), "d_")
    assert (loaded.model.arrays[DIRECT] == kept.model.arrays[DIRECT]).all()


def test_sizes_are_the_lectures() -> None:
    assert [sum(p.numel() for p in made(sized(LECTURE, d)).parameters()) for d in (2, 10)] == [3_481, 11_897]


def test_another_size_comes_with_its_hidden_units_unless_they_were_chosen() -> None:
    assert sized(sized(FAST, 10), 2) == FAST
    assert sized(CharConfig(hidden=300), 10) == CharConfig(dimensions=10, hidden=300)


def test_the_lectures_recipe_is_the_lectures() -> None:
    config = training(LECTURE, 182_625)
    assert (config.optimizer, config.weight_decay, LECTURE.batch, config.steps) == ("sgd", 0, 32, 200_000)
    rates = [config.learning_rate_at(step) for step in (1, 100_000, 100_001, 200_000)]
    assert rates == pytest.approx([0.1, 0.1, 0.01, 0.01])
    for parameter in made(sized(LECTURE, 10)).parameters():  # the smallest has 27 numbers: 5 standard errors are 0.68
        assert float(parameter.detach().std()) == pytest.approx(1, abs=0.7)
        assert abs(float(parameter.detach().mean())) < 1


def test_the_split_is_the_lectures() -> None:
    names = shared_file("names/names.txt").read_text().splitlines()
    assert [len(examples(part, 3).targets) for part in split(names)] == [182_625, 22_655, 22_866]


@pytest.mark.parametrize("dimensions", [2, 10])
@pytest.mark.parametrize("seed", range(4))
def test_the_fast_preset_starts_by_knowing_nothing(dimensions, seed) -> None:  # type: ignore[no-untyped-def]
    config = CharConfig(**{**vars(sized(FAST, dimensions)), "seed": seed})
    first = next(run(given_names().names, config))
    assert first.dev_loss == pytest.approx(UNIFORM_LOSS, abs=0.05)
    assert first.loss == pytest.approx(UNIFORM_LOSS, abs=0.05)


def test_the_lectures_preset_starts_far_worse_than_knowing_nothing() -> None:
    assert next(run(given_names().names, LECTURE)).dev_loss > 3 * UNIFORM_LOSS


@pytest.mark.parametrize("recipe", ["fast", "lecture"])
def test_the_same_seed_gives_the_same_bytes(recipe) -> None:  # type: ignore[no-untyped-def]
    def ending(seed: int) -> bytes:
        config = CharConfig(recipe=recipe, steps=30, batch=64, seed=seed)
        *_, last = run(given_names().names[:500], config)
        return b"".join(getattr(last.model, name).tobytes() for name in WEIGHTS)

    assert ending(3) == ending(3)
    assert ending(3) != ending(4)


def test_shares_have_the_gradient_of_the_examples_they_stand_for() -> None:
    names = given_names().names[:400]
    found = examples(names, 3)
    contexts, counts = (torch.from_numpy(array) for array in tally(found))
    gradients = []
    for batch, weight in (
        ((torch.from_numpy(found.contexts), torch.from_numpy(found.targets)), None),
        ((contexts, counts / counts.sum(dim=1, keepdim=True)), counts.sum(dim=1).double() / counts.sum()),
    ):
        model = made(CharConfig(seed=1)).double()
        if weight is None:
            model.loss(batch).backward()
        else:  # every context as often as it occurs, in expectation over what `batches` draws
            each = torch.nn.functional.cross_entropy(model(batch[0]), batch[1].double(), reduction="none")
            (each * weight).sum().backward()
        gradients.append([p.grad.numpy() for p in model.parameters()])
    for examples_, shares in zip(*gradients, strict=True):
        np.testing.assert_allclose(shares, examples_, rtol=1e-6, atol=1e-9)


def test_contexts_are_drawn_as_often_as_they_occur() -> None:
    """40 batches of 500: each context's share within 5 standard errors; by chance one is not for 1 seed in 100,000."""
    found = examples(["anna", "ann", "hannah", "bob"], 2)
    drawn = batches(found, CharConfig(context=2, batch=500), torch.Generator().manual_seed(0))
    contexts, shares = (torch.cat(parts).numpy() for parts in zip(*islice(drawn, 40), strict=True))
    codes = contexts @ [27, 1]
    for context, counts in zip(*tally(found), strict=True):
        here = codes == context @ [27, 1]
        wanted = counts.sum() / len(found.targets)
        assert abs(here.mean() - wanted) <= 5 * np.sqrt(wanted * (1 - wanted) / len(codes))
        np.testing.assert_allclose(shares[here], np.tile(counts / counts.sum(), (here.sum(), 1)), rtol=1e-6)


def test_very_many_contexts_are_drawn_as_examples() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"{a}{b}{c}{d}" for a in letters for b in letters for c in letters for d in letters[:4]]
    found = examples(names, 8)
    contexts, targets = next(batches(found, CharConfig(context=8, batch=5), torch.Generator().manual_seed(0)))
    assert (tuple(contexts.shape), tuple(targets.shape)) == ((5, 8), (5,))


def test_it_finds_the_vowels() -> None:
    run_ = LetterRun.of(list(run(given_names().names, CharConfig(steps=200), snapshots=10)))
    assert run_.dev_losses[-1] < 2.62  # 2.55 with this seed; single letters by frequency alone give about 2.85
    assert run_.separations()[-1, 2] > 2
    assert run_.losses[-1] < run_.losses[0]


def test_snapshots_are_closer_at_the_beginning_and_reach_the_last_step() -> None:
    for steps in (1, 2, 7, 100, 3_000, 3_001, 200_000):
        at = snapshot_steps(steps, 100)
        assert at[0] == 0
        assert at[-1] == steps
        assert len(at) <= 101
        assert (np.diff(at) > 0).all()
    config = CharConfig(steps=200, batch=8)
    snapshots = list(run(given_names().names[:200], config, snapshots=20))
    assert [snapshot.step for snapshot in snapshots] == snapshot_steps(200, 20)
    assert snapshots[1].step < 200 - snapshots[-2].step


def test_a_snapshots_loss_is_the_mean_since_the_one_before() -> None:
    names, config = given_names().names[:300], CharConfig(steps=60, batch=32, seed=5)
    learned = examples(split(names).train, 3)
    generator = torch.Generator().manual_seed(config.seed)
    model = CharMLP(config, generator)
    recipe = training(config, len(learned.targets))
    each = [s.loss for s in train(model, batches(learned, config, generator), recipe)][1:]
    snapshots = list(run(names, config, snapshots=6))
    for before, snapshot in pairwise(snapshots):
        assert snapshot.loss == pytest.approx(np.mean(each[before.step : snapshot.step]), rel=1e-6)


def test_a_rate_too_large_is_named_and_the_snapshots_before_stay() -> None:
    snapshots = run(given_names().names, CharConfig(learning_rate=50.0))
    first = next(snapshots)
    with pytest.raises(TrainingError, match=r"learning rate 50"):
        list(snapshots)
    assert first.dev_loss == pytest.approx(UNIFORM_LOSS, abs=0.05)
    assert all(np.isfinite(getattr(first.model, name)).all() for name in WEIGHTS)


def test_the_sweep_climbs_and_ends_where_training_diverges() -> None:
    points = np.array(list(sweep(given_names().names[:500], CharConfig(batch=64))))
    rates, losses = points.T
    assert (np.diff(np.log(rates)) > 0).all()
    assert 1e-3 < rates[0] < 1.1e-3
    assert rates[-1] < 1
    assert 0.001 < rates[losses.argmin()] < 0.3
    whole = np.array(list(sweep(given_names().names[:500], CharConfig(recipe="lecture", batch=32))))
    assert len(whole) == 100
    assert 0.9 < whole[-1, 0] < 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("context", 0),
        ("context", 9),
        ("hidden", 501),
        ("dimensions", 33),
        ("steps", 300_001),
        ("batch", 0),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("seed", -1),
        ("recipe", "magic"),
    ],
)
def test_settings_outside_their_range_are_named(setting, value) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidSetting, match=setting.replace("_", " ")):
        CharConfig(**{setting: value})


def test_the_record_is_what_the_code_trains() -> None:
    for dimensions, kept in record().runs.items():
        assert kept.steps.tolist() == snapshot_steps(FAST.steps, 100)
        fresh = list(islice(run(given_names().names, sized(FAST, dimensions)), 6))
        for i, snapshot in enumerate(fresh):  # embeddings are kept as float16; other processors round otherwise
            np.testing.assert_allclose(kept.embeddings[i], snapshot.model.embeddings, atol=1e-2)
            assert kept.dev_losses[i] == pytest.approx(snapshot.dev_loss, abs=1e-2)
        np.testing.assert_allclose(kept.model.embeddings, kept.embeddings[kept.best], atol=2e-3)
    rates, losses = record().sweep.T
    assert (np.diff(rates) > 0).all()
    assert np.isfinite(losses).all()


def test_the_record_shows_what_the_page_tells() -> None:
    two, ten = record().runs[2], record().runs[10]
    assert two.separations()[two.best, 2] > 2.5
    assert ten.dev_losses.min() < two.dev_losses.min() < 2.5
    assert two.plane_share == 1
    assert 0.2 < ten.plane_share < 0.6
    assert vowel_separation(two.model.embeddings).ratio == pytest.approx(two.separations()[two.best, 2], rel=1e-2)


def with_losses(dev: list[float], train_losses: list[float], spread: list[float]) -> LetterRun:
    """A run whose vowels are at one end of a line and whose consonants are `spread` times as far from them."""
    table = np.zeros((len(dev), 27, 2), dtype=np.float32)
    for snapshot, far in zip(table, spread, strict=True):
        snapshot[1:, 0] = far
        snapshot[[1, 5, 9, 15, 21]] = [[0, 0], [0, 2], [0, 0], [0, 2], [0, 0]]
    steps = np.arange(len(dev)) * 10
    return LetterRun(steps, np.array(train_losses), np.array(dev), table, {})


def test_half_of_what_is_learned_overfitting_and_gathering_by_hand() -> None:
    half = UNIFORM_LOSS - 0.5
    run_ = with_losses([UNIFORM_LOSS, half + 0.01, half - 0.01, UNIFORM_LOSS - 1], [3, 2.5, 2.2, 2], [1, 2, 3, 4])
    assert run_.half_learned == 20
    assert run_.gathered
    assert not run_.worsened
    assert not run_.overfitted
    by_heart = with_losses([3.2, 2.2, 2.5], [3.2, 2.2, 1.9], [4, 4, 4])
    assert by_heart.worsened
    assert by_heart.overfitted
    assert not by_heart.gathered
    shaken = with_losses([3.2, 2.2, 2.5], [3.2, 2.2, 2.6], [1, 2, 3])
    assert shaken.worsened
    assert not shaken.overfitted
    assert with_losses([UNIFORM_LOSS + 1, UNIFORM_LOSS + 0.5], [4, 4], [1, 1]).half_learned is None


def test_what_a_run_keeps_is_read_only() -> None:
    kept = record().runs[2]
    for array in (kept.steps, kept.losses, kept.dev_losses, kept.embeddings, kept.model.embeddings):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_plane_of_ten_dimensions_is_a_rotation_that_keeps_what_spreads_most() -> None:
    ten = record().runs[10]
    last = ten.embeddings[-1] - ten.embeddings[-1].mean(axis=0)
    spread = np.linalg.svd(last.astype(np.float64), compute_uv=False)
    shown = np.linalg.svd((ten.plane()[-1] - ten.plane()[-1].mean(axis=0)).astype(np.float64), compute_uv=False)
    np.testing.assert_allclose(shown, spread[:2], rtol=1e-5)


def test_the_class_shown_on_the_page_is_short_and_says_its_shapes() -> None:
    lines = [line for line in inspect.getsource(CharMLP).splitlines() if line.strip()]
    assert len(lines) <= 36
    assert sum("# (" in line for line in lines) >= 9


CYRILLIC = Alphabet(".абвгдежзийклмнопрстуфхцчшщыэюя")
MOST = Alphabet("." + "".join(chr(0x1100 + i) for i in range(19)) + "".join(chr(0x4E00 + i) for i in range(80)))


@pytest.mark.parametrize("alphabet", [CYRILLIC, MOST, Alphabet(".ab")])
def test_another_alphabet_has_a_model_of_its_size_that_begins_at_ln_v(alphabet: Alphabet) -> None:
    rng = np.random.default_rng(0)
    names = ["".join(rng.choice(list(alphabet.letters), rng.integers(2, 7))) for _ in range(200)]
    config = CharConfig(alphabet=alphabet, steps=20, batch=64)
    V, D, C, H = len(alphabet), 2, 3, 100
    assert sum(p.numel() for p in made(config).parameters()) == V * D + C * D * H + H + H * V + V
    snapshots = list(run(names, config))
    assert snapshots[0].loss == pytest.approx(np.log(V), abs=0.06)
    assert snapshots[0].dev_loss == pytest.approx(np.log(V), abs=0.06)
    kept = LetterRun.of(snapshots)
    assert kept.alphabet == alphabet
    model = made(config)
    with torch.no_grad():
        for name, array in kept.model.arrays.items():
            getattr(model, name).copy_(torch.from_numpy(array.copy()))
        contexts = torch.randint(V, (50, C), generator=torch.Generator().manual_seed(1))
        expected = torch.log_softmax(model(contexts), dim=1).numpy()
    np.testing.assert_allclose(kept.model.log_probabilities(contexts.numpy()), expected, atol=2e-5)
    each = [s.nats for name in split(names).dev for s in kept.model.surprises(name)]
    assert kept.dev_losses[kept.best] == pytest.approx(np.mean(each))
    assert set("".join(kept.model.sample(50, seed=1))) <= set(alphabet.letters)
    assert np.isnan(kept.separations()).all() == (not alphabet.knows_vowels)
    assert next(sweep(names, config))[1] == pytest.approx(np.log(V), abs=0.2)


def test_both_ways_to_draw_batches_serve_large_alphabets() -> None:
    """Contexts that are too many to be counted are drawn one by one; their targets are as often as they occur."""
    rng = np.random.default_rng(0)
    names = ["".join(rng.choice(list(MOST.letters), 20)) for _ in range(3_000)]
    found = examples(names, 3, MOST)
    _, targets = next(batches(found, CharConfig(alphabet=MOST, batch=16), torch.Generator().manual_seed(0)))
    assert targets.shape == (16,)
    few = examples(names[:100], 3, MOST)
    _, shares = next(batches(few, CharConfig(alphabet=MOST, batch=16), torch.Generator().manual_seed(0)))
    assert shares.shape == (16, 100)
    np.testing.assert_allclose(shares.sum(dim=1).numpy(), 1, rtol=1e-5)
