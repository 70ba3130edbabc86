// A map of tens of thousands of words, which is moved, enlarged and asked. What happens on it, `on` is told.
const MOST = 400, FLIGHT = 700, TRAVEL = 2100;  // times as large as the whole; ms
const NEAR_ENOUGH = 7, REST = 300;  // of ten neighbors, those that a flight brings into view; ms until a view counts
const smooth = (part) => part * part * (3 - 2 * part);
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const within = (value, low, high) => Math.min(high, Math.max(low, value));
const same = (bytes, others) => bytes === others
  || (bytes?.length === others?.length && !!bytes?.every((byte, at) => byte === others[at]));

class Atlas extends Picture {
  // A view of a link is `linked` until the map is moved, and words of a second map begin where it says (`begins`), or
  // where they were left (`were`); words that come are flown to (`follows`) once the visitor has done something.
  selecting = false; follows = true; linked = false; begins = null; were = null; layers = { paint: null, second: null };
  bars = element("div", { className: "embedlab-bars" });
  root = element("div", { className: "embedlab-atlas", innerHTML: MARKUP });
  ratio = Math.min(2, window.devicePixelRatio || 1);

  constructor(bytes, on = {}) {
    super(bytes);
    const [canvas, tools, foot, spaces, list] = this.root.children, legend = foot.lastElementChild;
    const slider = spaces.querySelector("input"), controls = [tools, foot, spaces];  // no name stands under them
    Object.assign(this, { on, canvas, tools, legend, spaces, list, slider, controls });
    this.color(null);
    listen(this);
    this.slider.oninput = () => this.animate("travel", 0, () => this.move(+this.slider.value));
    this.slider.onchange = () => this.on.move?.(this.mix);
    new ResizeObserver(() => this.resize()).observe(this.root);
    this.root.addEventListener("transitionend", () => this.redraw());  // of its background, when the theme turns
    choices(this.list, this.head.districts, (at) => this.enter(this.n + at));
  }
  resize() {
    this.size = [this.canvas.clientWidth || 1, this.canvas.clientHeight || 1];
    [this.canvas.width, this.canvas.height] = this.size.map((length) => Math.round(length * this.ratio));
    this.draw();
  }
  redraw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }
  hover(at) {
    const row = at < this.n ? at : -1;  // not a district
    this.canvas.style.cursor = at < 0 ? "" : "pointer";
    if (row !== this.hovered) { this.hovered = row; this.redraw(); }
  }
  pick(row) {
    if (row < 0) return;
    if (row >= this.n) return this.enter(row);
    if (row !== this.picked) [this.picked, this.near] = [row, []];
    this.redraw();
    this.tell(this.view);  // where the word was seen, also while no place has been told
    this.on.pick?.(row);
  }
  enter(district) { this.fly(...this.place(district), Math.max(6, this.view.zoom)); }
  enclose(corners) {
    this.path = { corners, mix: this.mix };
    this.on.lasso?.(this.path);
  }
  save(times = 4) {  // a picture of the view, four times as fine
    const canvas = element("canvas", { width: this.size[0] * times, height: this.size[1] * times });
    this.draw(canvas, times);
    const pen = canvas.getContext("2d");
    pen.scale(times, times);
    this.explain(pen);
    element("a", { href: canvas.toDataURL(), download: "atlas.png" }).click();
  }
  take(kind, data) {  // what is shown, the colors, or the places of a second map; none takes them away
    if (kind === "shown") return data && this.show(data);
    if (same(data, this.layers[kind])) return;
    this.layers[kind] = data;
    const found = data && parts(data), own = found?.head.words === this.n ? found : null;  // not of the map before
    if (kind === "paint") this.color(own);
    else this.lead(own);
    this.redraw();
  }
  show({ words, word, near, cosines, outline }) {  // a word asked for, but not by a click here, is flown to
    if (words !== this.n) return;  // of the map before
    const asked = this.follows && word >= 0 && word !== this.picked, first = this.picked < 0;
    const name = (i) => this.words[i], names = near.map(name);
    Object.assign(this, { near, picked: word, path: outline ? { corners: outline[0], mix: outline[1] } : null });
    const said = word < 0 ? "" : ` Picked: ${name(word)}${near.length ? `; nearest to it ${names.join(", ")}` : ""}`;
    this.canvas.ariaLabel = `Map of ${words.toLocaleString("en")} words by ${this.head.method}.${said}`;
    choices(this.bars, names, (at) => this.on.pick?.(near[at]));
    [...this.bars.children].forEach((bar, at) => {
      bar.dataset.cosine = cosines[at].toFixed(2);
      bar.style.setProperty("--part", Math.max(0, cosines[at]));
    });
    if (asked) this.approach(first || still());
    if (asked && !first) this.root.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
    this.redraw();
  }
  approach(atOnce) {
    const lacks = Number.isNaN(this.place(this.picked)[0]);  // the second map does
    if (lacks) this.animate("travel", 0, () => this.move(0));
    const middle = this.place(this.picked), gaps = this.near.map((i) => gap([middle, this.place(i)]));
    const far = gaps.sort((a, b) => a - b)[Math.min(NEAR_ENOUGH, gaps.length) - 1] || 0.1;
    this.fly(...middle, within(0.8 / far, 2, 40), atOnce);
  }
  lead(layer) {  // to the places of a second map; the whole is in view, unless a link says what is, and how far they are
    this.second = layer && this.read(layer.take);
    this.spaces.hidden = !layer;
    if (!layer) {
      this.were = this.mix;
      this.on.move?.(1);
      return this.move(0);
    }
    const { names } = layer.head, [first, second] = this.spaces.querySelectorAll("span");
    [first.textContent, second.textContent, this.slider.ariaLabel] = [...names, `From ${names.join(" to ")}`];
    const { begins, linked } = this, end = begins ?? 1;
    if (!linked) this.fly(0, 0, 1);
    this.on.move?.(end);
    this.animate("travel", begins !== null || still() ? 0 : TRAVEL, (part) => this.move(end * smooth(part)));
  }
  move(mix) {
    this.blend(mix);
    this.slider.value = mix;
    this.redraw();
  }
  fly(x, y, zoom, atOnce = still()) {
    const from = this.view, far = Math.hypot(x - from.x, y - from.y) * this.scale / Math.min(...this.size);
    const grown = Math.log(zoom / from.zoom);
    const back = Math.max(0, Math.log(Math.max(1, far)) - Math.abs(grown) / 2);  // out, and in again, on a long way
    if (!Number.isNaN(far)) this.tell({ x, y, zoom });  // Back may end the flight, Forward comes where it was to end
    this.animate("flight", atOnce ? 0 : FLIGHT, (part) => {
      const done = smooth(part), between = from.zoom * Math.exp(grown * done - back * Math.sin(Math.PI * part));
      this.look(from.x + (x - from.x) * done, from.y + (y - from.y) * done, between);
    });
  }
  animate(name, ms, step, begin = performance.now()) {
    const part = ms ? Math.min(1, (performance.now() - begin) / ms) : 1;
    cancelAnimationFrame(this[name]);
    step(part);
    if (part < 1) this[name] = requestAnimationFrame(() => this.animate(name, ms, step, begin));
  }
  look(x, y, zoom, linked = false) {  // ends a flight; a link names the place that the map keeps to
    if (Number.isNaN(x + y)) return;  // a word that the second map does not have
    const shown = within(zoom, 1, MOST), far = this.reach() * (1 - 1 / shown ** 2);  // none is empty, the whole in its middle
    const part = Math.min(1, far / (Math.hypot(x, y) || 1));
    Object.assign(this, { linked, view: { x: x * part, y: y * part, zoom: shown } });
    cancelAnimationFrame(this.flight);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.tell(this.view), REST);
    this.redraw();
  }
  reach() { return Math.max(this.first.reach, this.second?.reach ?? 0); }
  tell({ x, y, zoom }) { this.on.look?.([x.toFixed(4), y.toFixed(4), zoom.toFixed(2)].join()); }
}

function choices(list, names, chosen) {  // buttons: the Tab key stops at one, arrows lead to the others
  const focused = list.contains(document.activeElement);
  list.replaceChildren(...names.map((textContent, at) => {
    const button = element("button", { tabIndex: at ? -1 : 0, onclick: () => chosen(at) });
    button.append(element("span", { textContent }));
    return button;
  }));
  list.onkeydown = (event) => {
    const { previousElementSibling: before, nextElementSibling: after } = event.target;
    const next = { ArrowUp: before ?? list.lastChild, ArrowDown: after ?? list.firstChild }[event.key];
    next?.focus();
    if (next) event.preventDefault();
  };
  if (focused) list.firstChild?.focus();
}
