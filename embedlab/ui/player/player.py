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
@container (max-width: 459px) {  /* the picture shrinks to a phone's width, its words less so */
  [class*="st-key-movie_"] .role-mark text { font-size: 14.5px; }
  [class*="st-key-movie_"] .role-axis-label text { font-size: 13px; }
}
@container (min-width: 460px) {
  [class*="st-key-player_"] { position: absolute !important; top: 0; left: 0; z-index: 1; width: auto !important; }
  [class*="st-key-movie_"] .vega-bindings { padding-left: 15.5rem !important; min-height: 2.2rem; }
}
"""

_JS = """
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const players = (window.embedlabPlayers ??= {});  // Streamlit mounts a component anew when the page runs again

class Player {
  rate = 1; loop = false; frame = null; place = 0; input = null; autoplayed = ""; show = () => {};
  slider() { return document.querySelector(`.st-key-${this.container} input[type=range][name="${this.param}"]`); }
  move(value) { this.input.value = value; this.input.dispatchEvent(new Event("input", { bubbles: true })); }
  stop() { cancelAnimationFrame(this.frame); this.frame = null; this.show(); }
  start() {
    this.input = this.slider();
    if (!this.input || this.frame !== null) return;
    this.place = +this.input.value >= +this.input.max ? +this.input.min : +this.input.value;
    this.move(this.place);
    this.before = performance.now();
    this.frame = requestAnimationFrame((time) => this.tick(time));
    this.show();
  }
  tick(time) {
    const input = this.slider();
    if (!input) return this.stop();
    if (input !== this.input) { this.input = input; this.place = +input.min; this.move(this.place); }  // another movie
    const low = +input.min, high = +input.max, step = +input.step, shown = +input.value;
    if (Math.abs(shown - this.place) > step) this.place = shown;  // moved by hand meanwhile
    this.place += (high - low) / this.seconds * this.rate * Math.min(time - this.before, 100) / 1000;
    this.before = time;
    if (this.place >= high && !this.loop) { this.move(high); return this.stop(); }
    if (this.place >= high) this.place = low;
    if (Math.abs(this.place - shown) >= step) this.move(this.place);
    this.frame = requestAnimationFrame((time) => this.tick(time));
  }
  autoplay(token) {
    if (!token || token === this.autoplayed) return;
    this.autoplayed = token;
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const old = this.slider();  // perhaps of the chart that is about to be replaced
    const begin = (tries) => {
      if (this.slider() && (this.slider() !== old || tries < 85)) this.start();
      else if (tries) setTimeout(() => begin(tries - 1), 50);
    };
    begin(100);
  }
}

export default function ({ parentElement, data }) {
  const player = Object.assign((players[data.container] ??= new Player()), data);
  const [play, speed, loop] = parentElement.querySelectorAll(".embedlab-player button");
  player.show = () => {
    const running = player.frame !== null;
    play.classList.toggle("playing", running);
    play.setAttribute("aria-label", running ? "Pause" : "Play");
    play.querySelector(".say").textContent = running ? "Pause" : "Play";
    speed.textContent = player.rate + "×";
    speed.setAttribute("aria-label", `Speed ${player.rate} times`);
    loop.setAttribute("aria-pressed", player.loop);
  };
  play.onclick = () => (player.frame === null ? player.start() : player.stop());
  speed.onclick = () => { player.rate = SPEEDS[(SPEEDS.indexOf(player.rate) + 1) % SPEEDS.length]; player.show(); };
  loop.onclick = () => { player.loop = !player.loop; player.show(); };
  player.show();
  player.autoplay(data.token);
  // Nothing to clean up: without a slider on the page, the next tick stops.
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
    data = {"container": container_key, "param": param, "seconds": seconds, "token": autoplay}
    return _player(key=f"player_{container_key}", data=data)
