// A map of tens of thousands of words, which is moved, enlarged and asked. What happens on it, `on` is told.
const MOST = 400, FLIGHT = 700, TRAVEL = 2100;  // times as large as the whole; ms
const NEAR_ENOUGH = 7, REST = 300;  // of ten neighbors, those that a flight brings into view; ms until a view counts
const MARKUP = `<canvas tabindex="0" role="application" aria-roledescription="map"></canvas><div class="tools">
<button data-do="in" title="Enlarge">+</button><button data-do="out" title="Reduce">−</button>
<button data-do="whole" title="Whole map">⤢</button>
<button data-do="lasso" title="Select words by drawing around them" aria-pressed="false">⬚</button>
<button data-do="picture" title="Picture of this view (PNG)">⤓</button></div><div class="legend" hidden></div>
<div class="spaces" hidden><span></span><input type="range" min="0" max="1" step="any" value="0"><span></span></div>
<div class="list" role="toolbar" aria-label="Neighbors and districts" aria-orientation="vertical"></div>`;
const smooth = (part) => part * part * (3 - 2 * part);
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const within = (value, low, high) => Math.min(high, Math.max(low, value));

class Atlas extends Picture {
  pointers = new Map(); selecting = false; layers = { paint: null, second: null }; gone = new AbortController();

  constructor(bytes, on = {}) {
    super(bytes);
    this.on = on;
    this.root = element("div", { className: "embedlab-atlas", innerHTML: MARKUP });
    const names = { canvas: "canvas", legend: ".legend", spaces: ".spaces", list: ".list", slider: "input" };
    for (const name in names) this[name] = this.root.querySelector(names[name]);
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    listen(this);
    this.slider.oninput = () => {
      cancelAnimationFrame(this.travelling);
      this.move(+this.slider.value);
    };
    new ResizeObserver(() => this.resize()).observe(this.root);
    this.root.addEventListener("transitionend", () => this.redraw());  // of its background, when the theme turns
    this.head.districts.forEach((name, at) => this.list.append(this.button(name, () => this.fly(...this.head.places[at], 6))));
    requestAnimationFrame(() => setTimeout(() => { this.nameAll(); this.redraw(); }));  // once the points are drawn
  }
  button(textContent, onclick, className = "") { return element("button", { textContent, onclick, className }); }
  resize() {
    if (!this.root.isConnected) return;
    this.size = [this.canvas.clientWidth || 1, this.canvas.clientHeight || 1];
    [this.canvas.width, this.canvas.height] = this.size.map((length) => Math.round(length * this.ratio));
    this.draw();
  }
  redraw() { this.frame ??= requestAnimationFrame(() => { this.frame = null; if (this.root.isConnected) this.draw(); }); }
  nearest(x, y, reach) { return this.nearestTo(...this.toMap([x, y]), reach / this.scale); }  // on the screen
  hover(row) {
    this.canvas.style.cursor = row < 0 ? "" : "pointer";
    if (row !== this.hovered) { this.hovered = row; this.redraw(); }
  }
  pick(row) {
    if (row < 0) return;
    if (row !== this.picked) [this.picked, this.near] = [row, []];
    this.redraw();
    this.on.pick?.(row);
  }
  save(times = 4) {  // a picture of the view, four times as fine
    const canvas = element("canvas", { width: this.size[0] * times, height: this.size[1] * times });
    this.draw(canvas, times);
    canvas.toBlob((blob) => {
      const link = element("a", { href: URL.createObjectURL(blob), download: "atlas.png" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
  }
  set(state) {  // the word picked, its neighbors, colors; a new word is flown to, unless a click on the map asked for it
    if (state.words !== this.n) return;  // of the map before
    const first = !this.state.near, asked = first ? this.opens : !this.arrived && state.word !== this.picked;
    Object.assign(this, { state, near: state.near, picked: state.word, tint: null, arrived: false });
    this.path = state.outline.length ? state.outline : null;
    this.canvas.setAttribute("aria-label", state.said);
    this.show(state.near);
    if (asked && state.word >= 0) this.approach(first || still());
    if (asked && !first) this.root.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
    this.redraw();
  }
  show(near) {  // in the list, which is one stop of the Tab key
    const { list } = this, focused = list.contains(document.activeElement);
    list.querySelectorAll(".near").forEach((old) => old.remove());
    list.prepend(...near.map((i) => this.button(this.words[i], () => this.on.pick?.(i), "near")));
    [...list.children].forEach((button, at) => { button.tabIndex = at ? -1 : 0; });
    if (focused) list.firstChild?.focus();
  }
  approach(atOnce) {
    const [x, y] = this.place(this.picked), gap = (i) => Math.hypot(this.at[2 * i] - x, this.at[2 * i + 1] - y);
    const gaps = this.near.map(gap).sort((a, b) => a - b), far = gaps[Math.min(NEAR_ENOUGH, gaps.length) - 1] || 0.1;
    this.fly(x, y, within(0.8 / far, 2, 40), atOnce);
  }
  layer(kind, bytes) {  // colors by a column, or the places of a second map; none takes them away
    if (same(bytes, this.layers[kind])) return;
    this.layers[kind] = bytes;
    const found = bytes && parts(bytes), own = found?.head.words === this.n ? found : null;  // not of the map before
    if (kind === "paint") this.color(own);
    else this.lead(own);
  }
  color(layer) {
    Object.assign(this, { paint: layer?.take(Uint8Array, this.n) ?? null, painted: layer?.head, tint: null });
    this.redraw();
  }
  lead(layer) {  // to the places of a second map; the whole is in view, unless a link says what is
    this.second = layer && this.places(layer.take(Int16Array, 2 * this.n));
    this.spaces.hidden = !layer;
    if (!layer) return this.move(0);
    const { names, places } = layer.head, { linked, view } = this;
    this.placed = places.map((place) => place ?? [NaN, NaN]);  // none for a district without a word there
    this.spaces.querySelectorAll("span").forEach((span, at) => { span.textContent = names[at]; });
    this.slider.setAttribute("aria-label", `From ${names.join(" to ")}`);
    if (!linked || linked.x !== view.x || linked.y !== view.y || linked.zoom !== view.zoom) this.fly(0, 0, 1);
    this.animate("travelling", still() ? 0 : TRAVEL, (part) => this.move(smooth(part)));
  }
  move(mix) {  // words on their way to the second map; their names come when they rest
    this.blend(mix);
    this.slider.value = mix;
    this.names = null;
    clearTimeout(this.naming);
    this.naming = setTimeout(() => { this.index(); this.nameAll(); this.redraw(); }, 150);
    this.redraw();
  }
  fly(x, y, zoom, atOnce = still()) {
    const from = this.view, far = Math.hypot(x - from.x, y - from.y) * this.scale / Math.min(...this.size);
    const grown = Math.log(zoom / from.zoom);
    const back = Math.max(0, Math.log(Math.max(1, far)) - Math.abs(grown) / 2);  // how far out, and in again, on a long way
    this.animate("flight", atOnce ? 0 : FLIGHT, (part) => {
      const done = smooth(part), between = from.zoom * Math.exp(grown * done - back * Math.sin(Math.PI * part));
      this.look(from.x + (x - from.x) * done, from.y + (y - from.y) * done, between);
    });
  }
  animate(name, ms, step) {
    cancelAnimationFrame(this[name]);
    if (!ms) return step(1);
    const begin = performance.now(), tick = (now) => {
      const part = within((now - begin) / ms, 0, 1);
      step(part);
      if (part < 1) this[name] = requestAnimationFrame(tick);
    };
    this[name] = requestAnimationFrame(tick);
  }
  look(x, y, zoom) {
    if (Number.isNaN(x + y)) return;  // a word that the second map does not have
    this.view = { x: within(x, -1, 1), y: within(y, -1, 1), zoom: within(zoom, 1, MOST) };
    clearTimeout(this.resting);
    const { view } = this, said = [view.x.toFixed(4), view.y.toFixed(4), view.zoom.toFixed(2)].join();
    this.resting = setTimeout(() => this.on.look?.(said), REST);
    this.redraw();
  }
}

function same(bytes, others) {
  return bytes === others || (!!others && bytes?.length === others.length && bytes.every((byte, at) => byte === others[at]));
}
