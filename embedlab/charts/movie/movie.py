"""The learning movie: words on a plane, step by step, with everything else that changed in the same step.

The browser gets every frame once; a slider picks the step and the chart does the rest, without asking Python again.
`embedlab.ui.player.player` plays the slider.

Altair takes half a second to put this many layers together, so pictures of the same build are put together once: all
numbers of a run travel in datasets and parameters.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from embedlab.charts.movie.answers import answer_bars
from embedlab.charts.movie.curves import Measure, curve_rows, step_curve
from embedlab.charts.movie.film import (
    FINE,
    GAP,
    WIDTH,
    Domain,
    Film,
    film_rows,
    fit_domain,
    group_colors,
    group_shapes,
    map_size,
)
from embedlab.charts.movie.labels import FONT, SEEN, moments_per_frame
from embedlab.charts.templates import Layers, Spec, stored
from embedlab.charts.theme import Theme

_TRAIL = 45  # frames that a trail goes back
_TRAIL_PLACES, _FEW_PLACES, _MANY = 10, 6, 30  # in a trail, and with many words: a browser places all in each frame
_PANEL, _AXIS = 84, 42  # height of the curves, room for the numbers at their left


@dataclass(frozen=True)
class _Build:
    """What decides how the layers are put together."""

    theme: Theme
    param: str
    unit: str
    size: tuple[int, int]  # pixels of a map
    groups: tuple[tuple[str, ...], ...]  # of each film
    first_words: tuple[str, ...]  # of each film: what is asked for before a click
    runs: tuple[str, ...]  # names of the films
    measures: tuple[Measure, ...]
    answers: bool
    regions: tuple[bool, ...]
    still: bool
    trail: int  # places in a trail
    zooming: bool  # the domain is another in each frame, and may span any power of ten


def learning_movie(
    films: Sequence[Film],
    *,
    theme: Theme,
    param: str = "step",
    unit: str = "step",
    at: int | None = None,
    still: bool = False,
) -> Spec:
    """One film, or two side by side, on one slider; under them their curves and the answer for a clicked word.

    Args:
        films: one or two; with two, the curves share their axes and need different titles.
        theme: colors.
        param: the slider's name in the chart; `player.controls` needs the same one.
        unit: what a step is called on the slider, "step" or "epoch".
        at: the step shown at first; the last one where None.
        still: for `movie_gif`, which draws one step at a time: the regions of other steps are left out.
    """
    build, params, datasets = _content(films, theme, param, unit, at, still)
    spec = _template(build)
    own = [parameter.to_dict(validate=False) for parameter in params]
    others = [_with_list(each, films[0].words) if build.answers else each for each in spec["params"]]
    return spec | {"params": [*own, *others], "datasets": datasets}  # a parameter comes before what uses it


def _with_list(param: Spec, words: Sequence[str]) -> Spec:
    """The parameter of clicks on words with a list of them as well, for who has no pointer; any other as it is."""
    listed = {"word": {"input": "select", "options": [*words], "name": "answer for "}}
    return param | {"bind": listed} if param["name"] == "pick0" else param


def _content(
    films: Sequence[Film], theme: Theme, param: str, unit: str, at: int | None, still: bool
) -> tuple[_Build, list[Any], dict[str, list[Any]]]:
    """What decides the build, and the parameters and datasets that carry the runs' numbers."""
    width, height = map_size(len(films))
    build = _Build(
        theme=theme,
        param=param,
        unit=unit,
        size=(width, height),
        groups=tuple(tuple(film.group_names) for film in films),
        first_words=tuple(film.words[0] for film in films),
        runs=tuple(film.title for film in films),
        measures=tuple(curve.measure for curve in films[0].curves),
        answers=len(films) == 1 and films[0].shares is not None,
        regions=tuple(bool(film.regions) for film in films),
        still=still,
        trail=_TRAIL_PLACES if max(len(film.words) for film in films) <= _MANY else _FEW_PLACES,
        zooming=any(film.domains for film in films),
    )
    first, last = int(films[0].steps[0]), max(int(film.steps[-1]) for film in films)
    slider = alt.binding_range(
        min=first, max=last, step=_slider_step(films), name=f"{'frame' if films[0].counts else unit} "
    )
    params = [alt.param(name=param, value=last if at is None else at, bind=slider).param]
    datasets: dict[str, list[Any]] = {"curves": []}
    for n, film in enumerate(films):
        domain = film.domain or fit_domain(film.coordinates, width=width, height=height)
        params += [*_clock(film, n, param), *_plane(film.domains or [domain], n, width)]
        datasets[f"film{n}"] = film_rows(film, domain, width, height)
        datasets[f"stage{n}"] = [{"pictures": " ".join(film.regions)}]
        datasets["curves"] += curve_rows(film.curves, film.title)
    return build, params, datasets


def _slider_step(films: Sequence[Film]) -> float:
    """Steps between two places of the slider: about 150 places or more.

    The last step is one of the places, or a browser could not go there.
    """
    pitch = min(int(film.steps[1] - film.steps[0]) if len(film.steps) > 1 else 1 for film in films)
    frames = max(len(film.steps) for film in films)
    most = max(1, round(pitch / max(1, round(150 / frames))))
    span = max(int(film.steps[-1]) for film in films) - int(films[0].steps[0])
    if 0 < span < 75:
        return 0.5 ** math.ceil(math.log2(150 / span))  # exact in binary, so that places add up to whole steps
    return max(step for step in range(1, most + 1) if span % step == 0)


def _clock(film: Film, n: int, param: str) -> list[alt.VariableParameter]:
    """Which frame a step falls on, the next frame, how far the step is between the two, and which region picture."""
    steps = [int(step) for step in film.steps]
    end = len(steps) - 1
    pitch, last_gap = (steps[1] - steps[0], steps[-1] - steps[-2]) if end else (1, 1)
    frame = f"{param} >= {steps[-1]} ? {end} : clamp(floor(({param} - {steps[0]}) / {pitch}), 0, {max(end - 1, 0)})"
    share = f"({param} - {steps[0]} - frame{n} * {pitch}) / (frame{n} == {end - 1} ? {last_gap} : {pitch})"
    return [
        _variable(f"now{n}", f"min({param}, {steps[-1]})"),
        _variable(f"end{n}", str(end)),
        _variable(f"counts{n}", json.dumps([int(count) for count in film.counts])),
        _variable(f"frame{n}", frame),
        _variable(f"next{n}", f"min(frame{n} + 1, {end})"),
        _variable(f"said{n}", f"counts{n}[frame{n}]" if film.counts else f"floor(now{n})"),
        _variable(f"share{n}", f"frame{n} == {end} ? 0 : {share}"),
        _variable(f"moment{n}", f"floor((frame{n} + share{n}) * {moments_per_frame(len(steps))} + 1e-6)"),
        _variable(f"picture{n}", f"round(frame{n} * {max(len(film.regions) - 1, 0)} / {max(end, 1)})"),
    ]


def _plane(domains: Sequence[Domain], n: int, width: int) -> list[alt.VariableParameter]:
    """The domain, or that of the frame shown, and how long a unit of the numbers sent is on the plane."""
    sides = {side: [getattr(domain, side) for domain in domains] for side in ("left", "right", "bottom", "top")}
    sides["fine"] = [(domain.right - domain.left) / width / FINE for domain in domains]
    said = {name: ", ".join(f"{value:.7g}" for value in values) for name, values in sides.items()}
    return [_variable(f"{name}{n}", f"[{text}][frame{n}]" if len(domains) > 1 else text) for name, text in said.items()]


def _variable(name: str, expression: str) -> alt.VariableParameter:
    return alt.VariableParameter(name=name, expr=expression)


@stored
def _template(build: _Build) -> Spec:
    maps = [_map(build, n) for n in range(len(build.groups))]
    count = len(build.measures) + build.answers
    size = ((WIDTH - (GAP + _AXIS) * (count - 1)) // max(count, 1), _PANEL)
    panels = [
        step_curve(measure, build.runs, theme=build.theme, param=build.param, size=size) for measure in build.measures
    ]
    if build.answers:
        panels.append(answer_bars(build.groups[0], theme=build.theme, size=size))
    rows = [
        alt.hconcat(*part, spacing=GAP).resolve_scale(
            color="independent", shape="independent", strokeDash="independent"
        )
        for part in (maps, panels)
        if part
    ]
    chart = alt.vconcat(*rows, spacing=16).configure_view(strokeOpacity=0).configure_axisY(labelFlush=False)
    whole = chart.resolve_scale(color="independent", shape="independent", strokeDash="independent")
    spec: Spec = whole.to_dict(validate=False)  # a test checks it: here that would take longer than all the rest
    return spec


def _map(build: _Build, n: int) -> Layers:
    theme, names = build.theme, list(build.groups[n])
    legend = None
    if n == 0 or build.groups[n] != build.groups[0]:
        columns = max(1, build.size[0] // (7 * max(map(len, names)) + 36))  # as many names as fit beside each other
        legend = alt.Legend(orient="bottom", symbolSize=90, symbolOpacity=1, title=None, columns=columns)
    color = alt.Color("group:N", legend=legend).scale(domain=names, range=list(group_colors(theme, len(names))))
    shape = alt.Shape("group:N", legend=legend).scale(domain=names, range=list(group_shapes(len(names))))
    x_scale = alt.Scale(domain=[alt.expr(f"left{n}"), alt.expr(f"right{n}")], nice=False, zero=False)
    y_scale = alt.Scale(domain=[alt.expr(f"bottom{n}"), alt.expr(f"top{n}")], nice=False, zero=False)
    powers: dict[str, Any] = {"format": "~g", "minExtent": 44} if build.zooming else {}
    bare = alt.Axis(tickCount=5, grid=False, domain=False, ticks=False, **powers)
    x, y = alt.X("x:Q", title=None, scale=x_scale, axis=bare), alt.Y("y:Q", title=None, scale=y_scale, axis=bare)
    u, v = alt.X("u:Q", title=None, scale=x_scale), alt.Y("v:Q", title=None, scale=y_scale)

    # 1. The rows: texts become lists once, positions between two frames at every move of the slider.
    def now(numbers: str) -> str:
        here, there = f"toNumber(datum.{numbers}[frame{n}])", f"toNumber(datum.{numbers}[next{n}])"
        return f"fine{n} * ({here} * (1 - share{n}) + {there} * share{n})"

    now_x, now_y = f"left{n} + {now('xs')}", f"bottom{n} + {now('ys')}"

    rows = alt.Chart(alt.NamedData(f"film{n}"))
    rows = rows.transform_calculate(xs="split(datum.xs, ' ')", ys="split(datum.ys, ' ')")
    words = rows.transform_calculate(x=now_x, y=now_y)
    labels = words.transform_filter("datum.us != null").transform_calculate(
        us="split(datum.us, ' ')", vs="split(datum.vs, ' ')"
    )
    labels = labels.transform_calculate(
        u=f"datum.x + {FINE} * {now('us')}",
        v=f"datum.y + {FINE} * {now('vs')}",
        shown=f"datum.seen ? toNumber(datum.seen[moment{n}]) / {SEEN} : 1",
    )

    # 2. Trails: where a word was, thinner the longer ago.
    trails = rows.transform_filter("datum.trail").transform_calculate(age=f"sequence(0, {build.trail})")
    step = _TRAIL // (build.trail - 1)
    trails = trails.transform_flatten(["age"]).transform_calculate(then=f"max(0, frame{n} - datum.age * {step})")
    trails = trails.transform_calculate(
        x=f"datum.age == 0 ? {now_x} : left{n} + fine{n} * toNumber(datum.xs[datum.then])",
        y=f"datum.age == 0 ? {now_y} : bottom{n} + fine{n} * toNumber(datum.ys[datum.then])",
    )
    thickness = alt.Size("age:Q", legend=None).scale(domain=[0, build.trail - 1], range=[5, 0.3])
    trail = trails.mark_trail(opacity=0.6, aria=False).encode(
        x=x, y=y, detail="word:N", order="age:Q", color=color, size=thickness
    )

    # 3. Points and labels.
    hover = [alt.Tooltip(f"{name}:N") for name in ("word", "group")]
    hover += [alt.Tooltip(f"{name}:Q", format=".2f") for name in ("x", "y")]
    points = words.mark_point(size=110, filled=True, opacity=1, stroke=theme.paper, strokeWidth=1.5)
    leaders = labels.mark_rule(color=theme.ink, opacity=alt.expr("0.3 * datum.shown"), aria=False)
    pick = alt.selection_point(
        name=f"pick{n}", fields=["word"], on="click", clear=False, value=[{"word": build.first_words[n]}]
    )
    text = labels.encode(x=u, y=v, text="word:N")
    font: dict[str, Any] = {"fontSize": FONT, "fontWeight": 600, "opacity": alt.expr("datum.shown")}
    halo = text.mark_text(**font, stroke=theme.paper, strokeWidth=4, strokeJoin="round", aria=False)
    ink = text.mark_text(**font, color=theme.ink, cursor="pointer").add_params(pick)
    title = f"{build.runs[n]} · " if build.runs[n] else ""
    readout = alt.Chart(alt.NamedData(f"stage{n}")).mark_text(
        align="left",
        baseline="bottom",
        fontSize=15,
        fontWeight=600,
        color=theme.ink if len(build.runs) == 1 else (theme.accent, theme.second)[n],  # as the run's curves
        text=alt.expr(f"{json.dumps(title + build.unit)} + ' ' + format(said{n}, ',')"),
    )
    layers = [
        *([_regions(n, build)] if build.regions[n] else []),
        trail,
        leaders.encode(x=x, y=y, x2="u:Q", y2="v:Q"),
        points.encode(x=x, y=y, color=color, shape=shape, tooltip=hover),
        halo,
        ink,
        readout.encode(x=alt.value(0), y=alt.value(-8)),
    ]
    return alt.layer(*layers).properties(width=build.size[0], height=build.size[1])


def _regions(n: int, build: _Build) -> alt.Chart:
    """All pictures on top of each other, one of them visible: a browser draws nothing while a new address loads."""
    width, height = build.size
    now = f"datum.place == picture{n}"
    pictures = alt.Chart(alt.NamedData(f"stage{n}")).transform_calculate(url="split(datum.pictures, ' ')")
    pictures = pictures.transform_calculate(place="sequence(length(datum.url))").transform_flatten(["url", "place"])
    if build.still:
        pictures = pictures.transform_filter(now)
    image: alt.Chart = pictures.mark_image(
        width=width, height=height, aspect=False, aria=False, clip=True, opacity=alt.expr(f"{now} ? 1 : 0")
    )
    return image.encode(x=alt.value(width / 2), y=alt.value(height / 2), url="url:N")
