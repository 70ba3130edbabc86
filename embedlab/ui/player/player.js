const SPEEDS = [0.25, 0.5, 1, 2, 4];
const players = (window.embedlabPlayers ??= {});  // Streamlit mounts a component anew when the page runs again

class Player {
  rate = 1; loop = false; frame = null; place = 0; input = null; autoplayed = ""; show = () => {};
  stage = null;
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
  // Where frames are not evenly spaced, the slider goes through them and says what each is; Vega writes their numbers.
  watch() {
    const stage = document.querySelector(`.st-key-${this.container}`);
    if (!this.counts.length || !stage) return;
    this.name();
    if (stage === this.stage) return;
    this.stage = stage;
    new MutationObserver(() => this.name()).observe(stage, { childList: true, subtree: true });
  }
  name() {
    const input = this.slider(), said = input?.nextElementSibling;
    const count = this.counts[Math.floor(+input?.value)]?.toLocaleString("en") ?? "";
    if (!said || said.textContent === count) return;
    said.textContent = count;
    input.previousElementSibling.textContent = this.unit;
    input.setAttribute("aria-valuetext", `${this.unit} ${count}`);
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
  player.watch();
  player.autoplay(data.token);
  // Nothing to clean up: without a slider on the page, the next tick stops.
}
