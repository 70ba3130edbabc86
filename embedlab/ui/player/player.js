const SPEEDS = [0.25, 0.5, 1, 2, 4];
const players = (window.embedlabPlayers ??= {});  // Streamlit mounts a component anew when the page runs again

class Player {
  rate = 1; loop = false; frame = null; place = 0; input = null; autoplayed = ""; show = () => {};
  stage = null; step = ""; arriving = false;
  slider() { return document.querySelector(`.st-key-${this.container} input[type=range][name="${this.param}"]`); }
  move(value) {
    this.input.value = value;
    this.shown = +this.input.value;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  take(input) {  // while it plays, points glide: the slider may stand between two of its places
    this.input = input;
    this.step = +input.step || this.step;
    if (this.glides) input.step = "any";
  }
  at(place) {  // the slider's own place at or before this one
    const low = +this.input.min;
    return low + Math.floor((place - low) / this.step + 1e-9) * this.step;
  }
  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.arriving = false;
    if (this.input?.step === "any") {
      const place = this.at(+this.input.value);
      this.input.step = this.step;
      this.move(place);
    }
    this.show();
  }
  start() {
    const input = this.slider();
    if (!input || this.frame !== null) return;
    this.take(input);
    this.place = +this.input.value >= +this.input.max ? +this.input.min : +this.input.value;
    this.move(this.place);
    this.before = performance.now();
    this.frame = requestAnimationFrame((time) => this.tick(time));
    this.show();
  }
  tick(time) {
    const input = this.slider();
    if (!input) return this.stop();
    if (input !== this.input) { this.take(input); this.place = +input.min; this.move(this.place); }  // another movie
    const low = +input.min, high = +input.max, shown = +input.value;
    if (shown !== this.shown) {  // moved by hand meanwhile
      if (this.arriving) return this.stop();
      this.place = shown;
    }
    this.place += (high - low) / this.seconds * this.rate * Math.min(time - this.before, 100) / 1000;
    this.before = time;
    if (this.place >= high && !this.loop) { this.move(high); return this.stop(); }
    if (this.place >= high) this.place = low;
    const next = this.glides ? this.place : this.at(this.place);
    if (next !== shown) this.move(next);
    this.frame = requestAnimationFrame((time) => this.tick(time));
  }
  // Vega writes where the slider stands. It says which frame that is, and where these are not evenly spaced, its count.
  watch() {
    const stage = document.querySelector(`.st-key-${this.container}`);
    if (!stage) return;
    this.name();
    if (stage === this.stage) return;
    this.stage = stage;
    new MutationObserver(() => this.name()).observe(stage, { childList: true, subtree: true });
  }
  name() {
    const input = this.slider(), said = input?.nextElementSibling;
    const at = Math.floor(+input?.value), counted = this.counts.length ? this.counts[at] : at;
    const count = counted?.toLocaleString("en") ?? "";  // none while a shorter movie takes the place of a longer one
    if (!said || said.textContent === count) return;  // else writing it would call this again, for ever
    said.textContent = count;
    if (!this.counts.length) return;
    input.previousElementSibling.textContent = this.unit;
    input.setAttribute("aria-valuetext", `${this.unit} ${count}`);
  }
  autoplay(token) {
    if (!token || token === this.autoplayed) return;
    this.autoplayed = token;
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const old = this.slider();  // perhaps of the chart that is about to be replaced
    const begin = (tries) => {
      if (token !== this.autoplayed) return;
      if (this.slider() && (this.slider() !== old || tries < 85)) this.startOnceSeen(token);
      else if (tries) setTimeout(() => begin(tries - 1), 50);
    };
    begin(100);
  }
  startOnceSeen(token) {  // below the end of a screen nobody would see it, and all else would be slower
    const seen = new IntersectionObserver(([entry]) => {
      const known = this.slider() && token === this.autoplayed;
      if (known && !entry.isIntersecting) return;
      seen.disconnect();
      if (!known || this.frame !== null) return;
      this.start();
      this.arriving = true;
    }, { threshold: 0.3 });
    seen.observe(this.slider().closest(".vega-embed"));
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
