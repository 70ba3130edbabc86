"""The movie as data: what is sent, that nothing is lost on the way, and that labels keep apart."""

import base64
import io
import json
import re
import zlib
from collections.abc import Sequence

import altair as alt
import numpy as np
import pytest
import vl_convert

from embedlab.charts.export import to_png
from embedlab.charts.labels import text_width
from embedlab.charts.movie.curves import Curve, Measure, curve_rows, step_curve
from embedlab.charts.movie.export import movie_gif
from embedlab.charts.movie.film import Domain, Film, film_rows, fit_domain, group_colors, group_shapes
from embedlab.charts.movie.labels import SEEN, label_places, moments_per_frame
from embedlab.charts.movie.movie import learning_movie
from embedlab.charts.theme import DARK, LIGHT
from embedlab.errors import InvalidSetting
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS, read_tagged
from embedlab.lessons.ten_words.training import endings, follow_many, run
from embedlab.ui.ten_words.charts import CHOSEN, contact_sheet
from embedlab.ui.ten_words.movie import films
from embedlab.ui.ten_words.regions import region_pictures

TEXT = read_tagged(TEN_WORDS)
RUN = run(TEXT, TenWordsConfig())


def walk(frames: int = 21, words: int = 6, seed: int = 0) -> np.ndarray:
    steps = np.random.default_rng(seed).normal(size=(frames, words, 2))
    return np.cumsum(steps, axis=0).astype(np.float32)


def small_film(**changed: object) -> Film:
    words = ["a", "bb", "cc", "dd", "ee", "ff"]
    settings: dict = {"steps": range(0, 210, 10), "coordinates": walk(), "words": words, "groups": list("XXYYZZ")}
    return Film(**(settings | {"group_names": list("XYZ")} | changed))


@pytest.mark.parametrize(("step", "said"), [(1, "100 thousand"), (2, "2.00 million"), (3, "1.20 billion")])
def test_large_counts_are_written_with_their_names(step: int, said: str) -> None:
    measure = Measure("words read", format=".3s")
    curve = Curve(measure, [1, 2, 3], np.array([1e5, 2e6, 1.2e9]))
    chart = step_curve(measure, ["run"], theme=LIGHT, param="moment", size=(200, 80))
    chart = chart.add_params(alt.param(name="moment", value=step), alt.param(name="counts0", value=[]))
    spec = chart.to_dict() | {"datasets": {"curves": curve_rows([curve], "run")}}
    assert f">{said}<" in vl_convert.vegalite_to_svg(spec)


@pytest.mark.parametrize(
    ("measure", "last"), [(Measure("loss"), 4.0), (Measure("loss", "nats", ".3~g", long=True), 2.79e35)]
)
def test_the_figures_of_two_runs_stand_apart_and_in_the_order_of_their_pictures(measure: Measure, last: float) -> None:
    runs = {"left": np.array([1.0, 2.0]), "right": np.array([3.0, last])}
    chart = step_curve(measure, list(runs), theme=LIGHT, param="moment", size=(180, 60))
    chart = chart.add_params(alt.param(name="moment", value=1), alt.param(name="counts0", value=[]))
    rows = [row for run, values in runs.items() for row in curve_rows([Curve(measure, [0, 1], values)], run)]
    svg = vl_convert.vegalite_to_svg(chart.to_dict() | {"datasets": {"curves": rows}})
    places = re.findall(r'text-anchor="end" transform="translate\(([\d.]+),-9\)"[^>]*>([^<]+)<', svg)
    (left, first), (right, second) = sorted((float(x), said) for x, said in places)  # where they end
    assert first.startswith("2")
    assert right == 180
    assert left <= right - 12 * text_width(second)


def test_axes_of_a_run_that_broke_after_a_frame_say_plain_numbers() -> None:
    curve = Curve(Measure("loss"), [0, 1], np.array([3.28, 48.3]))
    chart = step_curve(curve.measure, ["run"], theme=LIGHT, param="moment", size=(150, 60))
    chart = chart.add_params(alt.param(name="moment", value=1), alt.param(name="counts0", value=[0, 2]))
    spec = chart.to_dict() | {"datasets": {"curves": curve_rows([curve], "run")}}
    said = set(re.findall(r">([^<>]+)</text>", vl_convert.vegalite_to_svg(spec)))
    assert said == {"0", "2", "20", "40", "48.300", "loss"}


def test_the_movie_of_two_hundred_epochs_is_small() -> None:
    spec = learning_movie(films([RUN], LIGHT), theme=LIGHT, param="epoch", unit="epoch")
    assert len(json.dumps(spec, separators=(",", ":")).encode()) <= 400_000
    slider = next(p for p in spec["params"] if p["name"] == "epoch")
    assert slider["bind"] | {"name": ""} == {"input": "range", "min": 0, "max": 200, "step": 1, "name": ""}
    assert slider["value"] == 200


def tagged_words(words: int, tags: int) -> str:
    """Sentences of ten words each."""
    every = [f"word{i:02d}/TAG{i % tags}" for i in range(words)]
    return "\n".join(" ".join(every[i : i + 10]) for i in range(0, words, 10))


@pytest.mark.parametrize(("words", "tags"), [(100, 12), (100, 2), (36, 12)])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_movies_of_the_largest_texts_are_small_as_well(words: int, tags: int, optimizer: str) -> None:
    text = read_tagged(tagged_words(words, tags))
    config = TenWordsConfig(optimizer=optimizer)  # type: ignore[arg-type]
    *_, runs = follow_many(text, config, range(2))
    for beside in (1, 2):
        shown = films(runs[:beside], LIGHT)
        spec = learning_movie(shown, theme=LIGHT, param="epoch", unit="epoch")
        assert len(json.dumps(spec).encode()) <= 400_000
        assert all(len(film.steps) > 60 for film in shown)
        assert all(len(film.regions) > 30 for film in shown)


@pytest.mark.parametrize("beside", [1, 2])
def test_ten_words_have_a_frame_for_every_epoch_and_pictures_for_every_second(beside: int) -> None:
    shown = films([RUN] * beside, LIGHT)
    assert [(len(film.steps), len(film.regions)) for film in shown] == [(201, 101)] * beside
    short = films([run(TEXT, TenWordsConfig(epochs=20))] * beside, LIGHT)
    assert [(len(film.steps), len(film.regions)) for film in short] == [(21, 21)] * beside


@pytest.mark.parametrize("epochs", [300, 1200, 2000])
def test_a_long_run_has_more_early_frames_and_each_says_its_own_epoch_and_figures(epochs: int) -> None:
    found = run(TEXT, TenWordsConfig(epochs=epochs))
    (film,) = films([found], LIGHT)
    between = int(found.epochs[1])
    gaps = np.diff(film.counts)
    assert film.steps == list(range(201))
    assert (film.counts[0], film.counts[-1]) == (0, epochs)
    assert list(film.counts[:50]) == list(range(0, 50 * between, between)), "all that were kept"
    assert gaps[:60].max() == between
    assert gaps[-20:-1].min() > between
    rows = np.searchsorted(found.epochs, film.counts)
    assert np.array_equal(film.coordinates, found.embeddings[rows])
    assert np.array_equal(film.curves[0].values, found.losses()[rows])
    assert np.array_equal(film.curves[1].values, found.accuracies()[rows])


def test_two_long_runs_share_their_frames_as_far_as_both_go() -> None:
    shown = films([run(TEXT, TenWordsConfig(epochs=epochs)) for epochs in (400, 250)], LIGHT)
    both = len(shown[1].counts) - 1
    assert both > 100
    assert shown[0].counts[:both] == shown[1].counts[:both]
    assert (shown[0].counts[-1], shown[1].counts[-1]) == (400, 250)


def test_movies_follow_the_schema_which_pages_do_not_check() -> None:
    pictures = films([run(TEXT, TenWordsConfig(seed=1, epochs=3))], DARK)
    for shown in (pictures, [small_film(), small_film(words=list("abcdef"))]):
        spec = learning_movie(shown, theme=DARK)
        assert alt.VConcatChart.from_dict(spec).to_dict(validate=False)["datasets"] == spec["datasets"]


def test_every_position_arrives_within_a_tenth_of_a_pixel() -> None:
    film = small_film()
    domain = fit_domain(film.coordinates)
    rows = film_rows(film, domain, 480, 360)
    fine = (domain.right - domain.left) / 480 / 10
    xs = np.array([[int(x) for x in str(row["xs"]).split()] for row in rows]).T * fine + domain.left
    ys = np.array([[int(y) for y in str(row["ys"]).split()] for row in rows]).T * fine + domain.bottom
    np.testing.assert_allclose(np.stack([xs, ys], axis=-1), film.coordinates, atol=fine)
    assert [row["word"] for row in rows] == list(film.words)


def test_the_domain_holds_all_frames_with_equal_units() -> None:
    coordinates = walk() * np.array([10, 0.1], dtype=np.float32)
    domain = fit_domain(coordinates)
    assert domain.left < coordinates[..., 0].min() < coordinates[..., 0].max() < domain.right
    assert domain.bottom < coordinates[..., 1].min() < coordinates[..., 1].max() < domain.top
    assert (domain.right - domain.left) / 480 == pytest.approx((domain.top - domain.bottom) / 360)
    one_place = fit_domain(np.zeros((3, 4, 2)))
    assert one_place.left < 0 < one_place.right


def png_of(address: str) -> tuple[int, int, np.ndarray]:
    data = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    at = data.index(b"IDAT")
    rows = np.frombuffer(zlib.decompress(data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]), np.uint8)
    return width, height, rows.reshape(height, width + 1)[:, 1:]


def test_region_pictures_show_the_likeliest_group_with_its_sureness() -> None:
    pillow = pytest.importorskip("PIL.Image")
    sure, unsure = [0.98, 0.01, 0.01], [0.34, 0.33, 0.33]
    probabilities = np.array([[[sure, unsure], [sure[::-1], sure[::-1]]]])  # (1, 2, 2, 3), bottom row first
    (address,) = region_pictures(probabilities, LIGHT, group_colors(LIGHT, 3))
    width, height, indices = png_of(address)
    assert (width, height) == (2, 2)
    assert indices[1, 0] // 8 == indices[1, 1] // 8 == 0
    assert indices[0, 0] // 8 == 2
    assert indices[1, 0] > indices[1, 1]
    picture = pillow.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB")
    blue, paper = picture.getpixel((0, 1)), picture.getpixel((1, 1))
    assert blue[2] > blue[0]
    assert min(paper) > 220


def test_regions_agree_with_the_model_at_every_word() -> None:
    (film,) = films([RUN], LIGHT)
    assert film.domain is not None
    _, _, indices = png_of(film.regions[-1])
    at = film.domain.pixels(film.coordinates[-1], 80, 60).astype(int)
    shown = [indices[59 - y, x] // 8 for x, y in at]
    assert shown == RUN.predicted()[-1].tolist()


def far_walk(frames: int, words: int, seed: int) -> np.ndarray:
    """Points in pixels that spread from a crowd in the middle of a plot."""
    spread = np.random.default_rng(seed).normal(size=(words, 2)) * [90, 60]
    jitter = np.cumsum(np.random.default_rng(seed + 1).normal(size=(frames, words, 2)), axis=0)
    points = [240, 180] + np.linspace(0.05, 1, frames)[:, None, None] * spread + jitter
    return np.clip(points, [40, 30], [440, 330])


@pytest.mark.parametrize(("frames", "words"), [(201, 10), (99, 27), (31, 36), (60, 60), (8, 12), (2, 12), (1, 12)])
def test_no_label_that_is_seen_lies_on_another_or_jumps_or_leaves_the_plot(frames: int, words: int) -> None:
    names = [f"word{'s' * (i % 5)}{i}" for i in range(words)]
    points = far_walk(frames, words, seed=words)
    steps, seen = label_places(points, names, width=480, height=360)
    parts = moments_per_frame(frames)
    assert seen.shape == ((frames - 1) * parts + 1, words)
    assert set(np.unique(seen)) <= set(range(SEEN + 1))
    at = np.arange(len(seen)) / parts
    middles = between(points + steps, at)
    assert not overlaps(middles, names, seen > 0).any()
    shown = seen > 0
    half = text_boxes(names)
    assert (middles >= half - 1)[shown].all()
    assert (middles <= [480, 360] - half + 1)[shown].all()
    assert np.abs(np.diff(seen, axis=0)).max(initial=0) <= 1, "labels fade"
    moves = np.linalg.norm(np.diff(between(steps, at), axis=0), axis=-1)
    assert moves[shown[1:] & shown[:-1]].max(initial=0) < 15, "and glide"
    assert shown[:, 0].mean() > 0.9, "the first word is the most important"
    assert shown[-1].mean() > 0.75, "even of sixty, or of points that are all in one place"
    beside = np.linalg.norm(np.maximum(np.abs(steps) - half, 0), axis=-1)
    assert beside.max() < 60
    assert beside[-1][shown[-1]].min() >= 3, "not on its own point"


def between(frames: np.ndarray, at: np.ndarray) -> np.ndarray:
    """What stands between frames, on straight lines, as in the browser."""
    low, share = np.floor(at).astype(int), (at % 1)[:, None, None]
    return frames[low] * (1 - share) + frames[np.ceil(at).astype(int)] * share


def text_boxes(words: Sequence[str]) -> np.ndarray:
    """(N, 2) px: half the width and height of words in the movies' font."""
    return np.array([[text_width(word) * 13 / 2, 7.0] for word in words])


def overlaps(middles: np.ndarray, words: Sequence[str], shown: np.ndarray) -> np.ndarray:
    """(M,) how many pairs of labels that are shown cover each other by more than a pixel."""
    half = text_boxes(words)
    covered = (np.abs(middles[:, :, None] - middles[:, None]) < half[:, None] + half - 1).all(axis=-1)
    covered &= shown[:, :, None] & shown[:, None] & ~np.eye(len(words), dtype=bool)
    return covered.sum(axis=(1, 2)) // 2


def test_labels_of_points_with_room_are_all_seen_at_once_beside_their_points_and_at_rest() -> None:
    points = np.tile(np.array([[[100.0, 100], [300, 100], [100, 250], [300, 250]]]), (50, 1, 1))
    steps, seen = label_places(points, ["one", "two", "three", "four"], width=480, height=360)
    assert (seen == SEEN).all()
    assert (np.abs(np.diff(steps, axis=0)) < 1e-9).all()
    assert np.linalg.norm(np.maximum(np.abs(steps) - text_boxes(["one", "two", "three", "four"]), 0), axis=-1).max() < 9


def test_of_two_labels_that_have_to_meet_the_more_important_one_is_seen() -> None:
    """In a plot in which there is room for one only, as long as the points are together."""
    way = np.concatenate([np.linspace(0, 60, 21), np.full(20, 60.0), np.linspace(60, 0, 21)])
    points = np.stack([np.stack([60 + way, 0 * way + 15], -1), np.stack([180 - way, 0 * way + 15], -1)], axis=1)
    for words in (["longest word", "longer words"], ["longer words", "longest word"]):
        _, seen = label_places(points, words, width=240, height=30)
        assert seen[:, 0].mean() > seen[:, 1].mean()


def test_the_browser_puts_labels_where_they_were_placed_and_fades_them() -> None:
    rng = np.random.default_rng(3)
    words = [f"word{i}" for i in range(12)]
    ends = rng.normal(size=(12, 2)) * 4
    frames = (ends * np.linspace(0.02, 1, 21)[:, None, None]).astype(np.float32)
    film = Film(range(21), frames, words, ["X"] * 12, ["X"])
    points = fit_domain(film.coordinates).pixels(film.coordinates, 480, 360)
    steps, seen = label_places(points, words, width=480, height=360)
    assert seen.min() == 0
    for at in (0, 7, 7.25, 20):
        svg = vl_convert.vegalite_to_svg(learning_movie([film], theme=LIGHT, at=at))  # type: ignore[arg-type]
        place = r'transform="translate\(([-.\d]+),([-.\d]+)\)"'
        drawn = {
            found[4]: found for found in re.finditer(rf"(<text aria-label[^>]*{place}[^>]*)>(word\d+)</text>", svg)
        }
        expected = between(points + steps, np.array([at]))[0]
        for i, word in enumerate(words):
            assert (float(drawn[word][2]), 360 - float(drawn[word][3])) == pytest.approx(expected[i], abs=5)
            opacity = re.search(r'opacity="([.\d]+)"', drawn[word][1])
            assert float(opacity[1] if opacity else 1) == seen[int(at * moments_per_frame(21) + 1e-6), i] / SEEN


@pytest.mark.parametrize(
    ("steps", "at"), [([0, 10, 20, 25], 5), ([0, 10, 20, 25], 20), ([0, 10, 20, 25], 24), ([0, 1], 1), ([7], 7)]
)
def test_the_drawn_points_are_the_frames_with_straight_lines_between(steps: list[int], at: int) -> None:
    frames = walk(len(steps))
    film = small_film(steps=steps, coordinates=frames)
    svg = vl_convert.vegalite_to_svg(learning_movie([film], theme=LIGHT, at=at)).replace("−", "-")
    drawn = [(float(x), float(y)) for x, y in re.findall(r'aria-label="x: ([-.\d]+); y: ([-.\d]+); group', svg)]
    expected = [[np.interp(at, steps, frames[:, i, d]) for d in (0, 1)] for i in range(6)]
    pixel = (fit_domain(frames).right - fit_domain(frames).left) / 480
    np.testing.assert_allclose(drawn, expected, atol=pixel / 5)
    assert f">step {at}<" in svg


def test_a_run_that_breaks_is_drawn_in_a_domain_that_grows_with_it() -> None:
    found = run(TEXT, TenWordsConfig(learning_rate=30.0))
    assert found.broke
    (film,) = films([found], LIGHT)
    assert len(film.domains) == len(film.regions) == len(film.steps) == 8
    for at in (0, 3, 7):
        spec = learning_movie([film], theme=LIGHT, param="epoch", unit="epoch", at=at)
        svg = vl_convert.vegalite_to_svg(spec).replace("−", "-")
        marks = re.findall(r'<path aria-label="x: [^"]*; group[^>]*>', svg)
        drawn = np.array([re.findall(r"translate\(([-.\d]+),([-.\d]+)\)", mark)[0] for mark in marks], dtype=float)
        assert len(drawn) == 10
        assert drawn.min() >= 0
        assert (drawn.max(axis=0) <= [480, 360]).all()
        expected = film.domains[at].pixels(film.coordinates[at], 480, 360)
        np.testing.assert_allclose(drawn, [0, 360] + expected * [1, -1], atol=0.2)
    sliders = [param["bind"] for param in spec["params"] if "bind" in param]
    assert 1 / sliders[0]["step"] == 32, "points glide between few frames"


def test_the_loss_of_a_run_beside_one_that_breaks_is_on_its_axis() -> None:
    runs = [run(TEXT, TenWordsConfig(learning_rate=rate)) for rate in (0.1, 30.0)]
    measures = {film.curves[0].measure for film in films(runs, LIGHT)}
    assert [measure.log for measure in measures] == [True]
    assert not films(runs[:1], LIGHT)[0].curves[0].measure.log


def test_many_words_go_without_trails_and_labels_are_by_choice() -> None:
    words = [f"w{i}" for i in range(300)]
    film = Film(range(50), walk(50, 300), words, ["X"] * 300, ["X"], labelled=[i < 20 for i in range(300)])
    rows = film_rows(film, fit_domain(film.coordinates), 480, 360)
    assert [row["us"] is not None for row in rows].count(True) == 20
    assert [row["trail"] for row in rows].count(True) == 20
    spec = learning_movie([film], theme=LIGHT)
    assert len(json.dumps(spec)) <= 400_000


def test_regions_of_all_steps_wait_in_the_picture_and_one_is_seen() -> None:
    for still, count in ((False, len(films([RUN], LIGHT)[0].regions)), (True, 1)):
        chart = learning_movie(films([RUN], LIGHT), theme=LIGHT, param="epoch", at=100, still=still)
        images = re.findall(r"<image [^>]*>", vl_convert.vegalite_to_svg(chart))
        assert len(images) == count
        assert sum('opacity="0"' not in image for image in images) == 1


def test_long_names_leave_the_movie_as_wide_as_short_ones() -> None:
    def width(text: str) -> float:
        found = run(read_tagged(text), TenWordsConfig(epochs=3))
        svg = vl_convert.vegalite_to_svg(learning_movie(films([found], LIGHT), theme=LIGHT))
        return float(re.search(r'width="([\d.]+)"', svg)[1])  # type: ignore[index]

    assert width("overlylongwordfarandwide/LONGTAGLONGTAGLONGTAGXYZ b/B") == pytest.approx(width("a/ABC b/B"), abs=20)


def test_two_films_share_one_slider_and_their_curves() -> None:
    short = run(TEXT, TenWordsConfig(seed=11, stop="perfect"))
    spec = learning_movie(films([RUN, short], DARK), theme=DARK, param="epoch", unit="epoch")
    assert [p["name"] for p in spec["params"] if "bind" in p] == ["epoch"]
    assert {row["run"] for row in spec["datasets"]["curves"]} == {"seed 0", "seed 11"}
    assert len(spec["vconcat"][0]["hconcat"]) == 2


def test_colours_repeat_only_with_other_shapes() -> None:
    looks = list(zip(group_colors(LIGHT, 12), group_shapes(12), strict=True))
    assert len(set(looks)) == 12


def test_curves_are_thinned_but_keep_their_ends() -> None:
    values = np.linspace(3, 0, 5001)
    (row,) = curve_rows([Curve(Measure("loss"), range(5001), values)], "run")
    steps = str(row["steps"]).split()
    assert len(steps) <= 241
    assert (steps[0], steps[-1], row["last"]) == ("0", "5000", 5000)
    assert float(str(row["values"]).split()[-1]) == 0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"coordinates": walk(20)}, r"needs coordinates of shape \(21, 6, 2\); these have \(20, 6, 2\)"),
        ({"coordinates": walk() * np.nan}, "not finite"),
        ({"groups": list("XXYYZQ")}, "groups Q are not"),
    ],
)
def test_a_film_that_does_not_fit_together_is_refused(changed: dict, message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        small_film(**changed)


def test_the_sheet_holds_every_run_once_and_frames_the_chosen() -> None:
    *_, ended = endings(TEXT, TenWordsConfig(epochs=30), range(20))
    spec = contact_sheet(ended, LIGHT)
    frames = spec["layer"][0]["data"]["values"]
    assert [frame["seed"] for frame in frames] == list(range(20))
    assert [p["name"] for p in spec["params"] if "select" not in p] == [CHOSEN]
    assert spec["layer"][-1]["encoding"]["strokeWidth"]["condition"]["test"] == f"(datum.seed === {CHOSEN})"
    assert len({(frame["left"], frame["top"]) for frame in frames}) == 20


def test_a_gif_has_a_frame_for_each_step() -> None:
    pillow = pytest.importorskip("PIL.Image")
    chart = learning_movie([small_film()], theme=LIGHT)
    *drawn, file = movie_gif(chart, [0, 100, 200], theme=LIGHT, param="step", title="Six words")
    assert drawn == [b"", b"", b""]
    picture = pillow.open(io.BytesIO(file))
    assert picture.n_frames == 3
    bare = pillow.open(io.BytesIO(to_png(chart, LIGHT, scale=1.0)))
    assert picture.width == bare.width
    assert picture.height > bare.height + 30, "title and credit"
    pictures = set()
    for number in range(3):
        picture.seek(number)
        pictures.add(picture.convert("RGB").tobytes())
    assert len(pictures) == 3


def test_a_gif_that_nobody_waits_for_leaves_no_process_behind() -> None:
    psutil = pytest.importorskip("psutil")
    drawing = movie_gif(learning_movie([small_film()], theme=LIGHT), range(50), theme=LIGHT, param="step", title="")
    next(drawing)
    drawing.close()
    assert not [child for child in psutil.Process().children() if "embedlab.charts.movie.gif" in child.cmdline()]


def test_the_same_run_gives_the_same_chart() -> None:
    one, two = (learning_movie(films([RUN], LIGHT), theme=LIGHT, param="epoch") for _ in range(2))
    assert one == two
    assert Domain(0, 4, 0, 3).grid(4, 3)[0].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("epochs", [200, 251, 500, 1_000, 2_000])
def test_the_last_step_is_a_place_of_the_slider(epochs: int) -> None:
    kept = sorted({*range(0, epochs, max(1, epochs // 100)), epochs})
    spec = learning_movie([small_film(steps=kept, coordinates=walk(len(kept)))], theme=LIGHT)
    (slider,) = (param["bind"] for param in spec["params"] if "bind" in param)
    assert slider["max"] == epochs
    assert (slider["max"] - slider["min"]) % slider["step"] == 0
