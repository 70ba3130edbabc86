"""Play, pause, speed and loop for a chart's own slider: one small component for every movie of the app.

The chart holds all frames and its slider picks one. This component moves that slider in the browser, as a hand
would; nothing is sent to Python. It also scales the picture to the column it stands in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

_HTML = """
<div class="embedlab-player" role="group" aria-label="Movie controls">
  <button type="button" class="play" aria-label="Play"><span class="sign"></span><span class="say">Play</span></button>
  <button type="button" class="speed" aria-label="Speed" title="Speed">1×</button>
  <button type="button" class="loop" aria-pressed="false" title="Start again at the end">Loop</button>
</div>
"""

_CSS = """
.embedlab-player { display: flex; gap: .5rem; align-items: center; font-family: var(--st-font); }
.embedlab-player button {
  font: inherit; font-size: .9rem; line-height: 1.2; padding: .4rem .8rem; cursor: pointer;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, .5rem);
}
.embedlab-player button:hover, .embedlab-player button:focus-visible {
  border-color: var(--st-primary-color); color: var(--st-primary-color);
}
.embedlab-player button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.embedlab-player .play {
  min-width: 6.4rem; color: var(--st-background-color); background: var(--st-primary-color);
  border-color: var(--st-primary-color); font-weight: 600;
}
.embedlab-player .play:hover, .embedlab-player .play:focus-visible {
  color: var(--st-background-color); filter: brightness(1.08);
}
.embedlab-player .sign {
  display: inline-block; width: .7em; height: .75em; margin-right: .5em; background: currentColor;
  clip-path: polygon(0 0, 100% 50%, 0 100%);
}
.embedlab-player .playing .sign {
  clip-path: polygon(0 0, 35% 0, 35% 100%, 65% 100%, 65% 0, 100% 0, 100% 100%, 0 100%);
}
.embedlab-player .speed { min-width: 3.4rem; font-variant-numeric: tabular-nums; }
.embedlab-player .loop[aria-pressed=true] { color: var(--st-primary-color); border-color: var(--st-primary-color); }
[class*="st-key-movie_"] { position: relative; container-type: inline-size; }
[class*="st-key-movie_"] .stVegaLiteChart { width: 100% !important; }
[class*="st-key-movie_"] .vega-embed { display: flex !important; flex-direction: column; align-items: stretch; }
[class*="st-key-movie_"] svg.marks { width: 100%; height: auto; max-width: 780px; }
[class*="st-key-movie_"] .vega-bindings { order: -1; max-width: 780px; margin: 0 0 .9rem 0 !important; }
[class*="st-key-movie_"] .vega-bind label { display: flex; align-items: center; gap: .75rem; width: 100%; }
[class*="st-key-movie_"] .vega-bind input[type=range] { flex: 1 1 auto; width: auto !important; max-width: none; }
[class*="st-key-movie_"] .vega-bind .vega-bind-name { min-width: 0 !important; width: auto !important; flex: none; }
[class*="st-key-movie_"] .vega-bind span:last-child { min-width: 2.6rem; font-variant-numeric: tabular-nums; }
@container (min-width: 460px) {
  [class*="st-key-player_"] { position: absolute !important; top: 0; left: 0; z-index: 1; width: auto !important; }
  [class*="st-key-movie_"] .vega-bindings { padding-left: 15.5rem !important; min-height: 2.2rem; }
}
"""

_JS = """
const SPEEDS = [0.25, 0.5, 1, 2, 4];
export default function ({ parentElement, data }) {
  console.log("mount", JSON.stringify(data), Date.now());
  const root = parentElement.querySelector(".embedlab-player");
  const [play, speed, loop] = root.querySelectorAll("button");
  const slider = () => document.querySelector(`.st-key-${data.container} input[type=range][name="${data.param}"]`);
  const memory = (window.embedlabPlayers ??= {})[data.container] ??= { rate: 1, loop: false, played: null };
  let frame = null, before = 0, place = 0, played = null;
  const show = () => {
    const running = frame !== null;
    play.classList.toggle("playing", running);
    play.setAttribute("aria-label", running ? "Pause" : "Play");
    play.querySelector(".say").textContent = running ? "Pause" : "Play";
    speed.textContent = memory.rate + "×";
    speed.setAttribute("aria-label", `Speed ${memory.rate} times`);
    loop.setAttribute("aria-pressed", memory.loop);
  };
  const move = (input, value) => { input.value = value; input.dispatchEvent(new Event("input", { bubbles: true })); };
  const stop = () => { cancelAnimationFrame(frame); frame = null; show(); };
  const tick = (time) => {
    const input = slider();
    if (!input) return stop();
    if (input !== played) { played = input; place = +input.min; move(input, place); }  // another movie took its place
    const low = +input.min, high = +input.max, shown = +input.value;
    if (Math.abs(shown - place) > +input.step) place = shown;  // moved by hand meanwhile
    place += (high - low) / data.seconds * memory.rate * Math.min(time - before, 100) / 1000;
    before = time;
    if (place >= high && !memory.loop) { move(input, high); return stop(); }
    if (place >= high) place = low;
    if (Math.abs(place - shown) >= +input.step) move(input, place);
    frame = requestAnimationFrame(tick);
  };
  const start = () => {
    const input = slider();
    if (!input) return;
    place = +input.value >= +input.max ? +input.min : +input.value;
    played = input;
    move(input, place);
    before = performance.now();
    frame = requestAnimationFrame(tick);
    show();
  };
  play.onclick = () => (frame === null ? start() : stop());
  speed.onclick = () => { memory.rate = SPEEDS[(SPEEDS.indexOf(memory.rate) + 1) % SPEEDS.length]; show(); };
  loop.onclick = () => { memory.loop = !memory.loop; show(); };
  show();
  let waiting = null;
  if (data.autoplay && memory.played !== data.autoplay) {
    memory.played = data.autoplay;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const old = slider();  // perhaps of the chart that is about to be replaced
    const begin = (tries) => {
      if (slider() && (slider() !== old || tries < 85)) start();
      else if (tries) waiting = setTimeout(() => begin(tries - 1), 50);
    };
    if (!still) begin(100);
  }
  if (memory.going && memory.going === slider()) start();  // the page ran again while this movie was playing
  memory.going = null;
  return () => { console.log("cleanup"); memory.going = frame === null ? null : played; clearTimeout(waiting); cancelAnimationFrame(frame); };
}
"""

_player = st.components.v2.component("embedlab_player", html=_HTML, css=_CSS, js=_JS, isolate_styles=False)


@contextmanager
def stage(name: str) -> Iterator[str]:
    """A container for one movie and its controls; inside, the picture fills the column.

    Yields:
        The container's key, for `controls`.
    """
    key = f"movie_{name}"
    with st.container(key=key):
        yield key


def controls(container_key: str, param: str, *, seconds: float = 6.0, autoplay: str = "") -> Any:
    """Play/Pause, speed and loop for the slider of the chart in a container; to be called before the chart is drawn.

    The slider stands beside the buttons where there is room, and above the picture everywhere.

    Args:
        container_key: from `stage`; the chart comes into the same container.
        param: the slider's name in the chart.
        seconds: how long the whole movie takes at speed 1.
        autoplay: when this is new and not empty, the movie plays by itself once (never where the visitor's system
            asks for less motion).
    """
    data = {"container": container_key, "param": param, "seconds": seconds, "autoplay": autoplay}
    return _player(key=f"player_{container_key}", data=data)
