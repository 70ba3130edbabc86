// A map of tens of thousands of words on a canvas, which is moved, enlarged and asked with a pointer, fingers or keys.
const MOST = 400, FLIGHT = 700;  // times as large as the whole; ms
const LONGEST = 36;  // letters of a name; longer ones are texts
const GRID = 128;  // cells on a side, in which the word at a place is looked for
const LATER = 2500;  // place in the order of names for words that only join others
const FONT = 12.5, LOUD = 14, NEAR_ENOUGH = 7;  // px; of ten neighbors, those that a flight brings into view
const MARKUP = `<canvas tabindex="0" role="application" aria-roledescription="map"></canvas>
<div class="tools"><button data-do="in" aria-label="Enlarge">+</button><button data-do="out" aria-label="Reduce">−</button>
<button data-do="whole" aria-label="Whole map">⤢</button><button data-do="lasso" aria-label="Select words by drawing around them" aria-pressed="false">⬚</button>
<button data-do="picture" aria-label="Picture of this view (PNG)">⤓</button></div>
<div class="legend" hidden></div><label class="spaces" hidden><span></span><input type="range" min="0" max="1" step="any" value="0"><span></span></label>
<div class="list"></div>`;
const smooth = (part) => part * part * (3 - 2 * part);
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const whole32 = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r;
const hex = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
const rgb = (color) => color.match(/[\d.]+/g).map(Number);

function parts(bytes) {  // a head in JSON, and how to take numbers from what follows it
  const data = bytes.slice().buffer, length = new DataView(data).getUint32(0, true), decoder = new TextDecoder();
  let at = 4 + length;
  const take = (Kind, count) => new Kind(data, at, count, at += count * Kind.BYTES_PER_ELEMENT);
  return { head: JSON.parse(decoder.decode(new Uint8Array(data, 4, length))), take, rest: () => decoder.decode(new Uint8Array(data, at)) };
}

class Atlas {
  view = { x: 0, y: 0, zoom: 1 }; size = [1, 1]; second = null; mix = 0; picked = -1; near = []; hovered = -1; paint = null;
  state = {}; pointers = new Map(); drawn = []; path = null; selecting = false; ends = new AbortController();

  constructor(bytes, on = {}) {
    const { head, take, rest } = parts(bytes), n = head.words;
    Object.assign(this, { head, n, on, bytes, first: Float32Array.from(take(Int16Array, 2 * n), (whole) => whole / 32767) });
    this.district = take(Uint8Array, n); this.kept = take(Uint8Array, n); this.words = rest().split("\n");
    this.at = this.first;
    this.root = Object.assign(document.createElement("div"), { className: "embedlab-atlas", innerHTML: MARKUP });
    for (const name of ["canvas", ".legend", ".spaces", ".list"]) this[name.replace(".", "")] = this.root.querySelector(name);
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    this.index();
    listen(this);
    this.spaces.querySelector("input").oninput = ({ target }) => { cancelAnimationFrame(this.travelling); this.move(+target.value); };
    new ResizeObserver(() => this.resize()).observe(this.root);
    this.list.append(...head.districts.map((name, at) => this.button(name, () => this.fly(...head.places[at], 6))));
    this.hues = this.apart();
    setTimeout(() => { this.nameAll(); this.redraw(); });  // the points do not wait for it
  }
  button(text, click) {
    const button = Object.assign(document.createElement("button"), { textContent: text });
    button.addEventListener("click", click);
    return button;
  }
  apart() {  // a hue for each district: of eight the one whose districts are farthest
    const hues = [];
    for (const [x, y] of this.head.places) {
      const gaps = Array(8).fill(9);
      hues.forEach((hue, at) => { gaps[hue] = Math.min(gaps[hue], Math.hypot(x - this.head.places[at][0], y - this.head.places[at][1])); });
      hues.push(gaps.indexOf(Math.max(...gaps)));
    }
    return hues;
  }
  index() {  // which words are in which cell
    const cells = Uint16Array.from({ length: this.n }, (_, i) => this.cell(this.at[2 * i]) + GRID * this.cell(this.at[2 * i + 1]));
    this.starts = new Uint32Array(GRID * GRID + 1);
    for (const cell of cells) this.starts[cell + 1]++;
    for (let cell = 0; cell < GRID * GRID; cell++) this.starts[cell + 1] += this.starts[cell];
    const next = this.starts.slice();
    this.members = new Uint32Array(this.n);
    cells.forEach((cell, i) => { this.members[next[cell]++] = i; });
  }
  cell(part) { return Math.min(GRID - 1, Math.max(0, Math.floor((part + 1) / 2 * GRID))); }
  nameAll() {  // districts first, then words in order of importance
    const { districts, late } = this.head, places = this.mix ? this.placed : this.head.places, dull = new Set(late), pen = this.canvas.getContext("2d");
    const rows = [...Array(this.n).keys()].filter((i) => !dull.has(i));
    this.order = [...rows.slice(0, LATER), ...late, ...rows.slice(LATER)];
    const texts = [...districts, ...this.order.map((i) => this.name(i))], loud = districts.length, widths = new Map();
    this.reaches = new Float32Array(3 * texts.length);
    const points = new Float32Array(2 * texts.length), until = new Uint8Array(texts.length).fill(LEVELS).fill(DISTRICTS_UNTIL, 0, loud);
    texts.forEach((text, at) => {
      if (at === 0 || at === loud) {
        pen.font = at < loud ? this.font(LOUD, 600) : this.font(FONT);
        widths.clear();
      }
      let width = 0;
      for (const sign of text) {
        if (!widths.has(sign)) widths.set(sign, pen.measureText(sign).width);
        width += widths.get(sign);
      }
      this.reaches.set(at < loud ? [width / 2 + 8, width / 2 + 8, 13] : [-2, width + 14, 10], 3 * at);
      const i = this.order[at - loud];
      points.set(at < loud ? places[at] : this.at.subarray(2 * i, 2 * i + 2), 2 * at);
    });
    this.names = new Names(points, this.reaches, until, loud);
  }
  name(i) { return this.words[i].length > LONGEST ? this.words[i].slice(0, LONGEST - 1) + "…" : this.words[i]; }
  font(size, weight = 400) { return `${weight} ${size}px ${getComputedStyle(this.root).fontFamily || "sans-serif"}`; }
  get scale() { return this.view.zoom * Math.min(...this.size) / 2 * 0.97; }
  screen(i) {
    const [w, h] = this.size;
    return [w / 2 + (this.at[2 * i] - this.view.x) * this.scale, h / 2 - (this.at[2 * i + 1] - this.view.y) * this.scale];
  }
  onMap([x, y]) { return [this.view.x + (x - this.size[0] / 2) / this.scale, this.view.y - (y - this.size[1] / 2) / this.scale]; }
  resize() {
    this.size = [this.canvas.clientWidth || 1, this.canvas.clientHeight || 1];
    [this.canvas.width, this.canvas.height] = this.size.map((length) => Math.round(length * this.ratio));
    this.draw();
  }
  nearest(x, y, reach) {  // the word at a place of the screen, or -1
    const [right, up] = this.onMap([x, y]), gap = reach / this.scale;
    let found = -1, least = gap * gap;
    for (let row = this.cell(up - gap); row <= this.cell(up + gap); row++) {
      for (let column = this.cell(right - gap); column <= this.cell(right + gap); column++) {
        for (let at = this.starts[column + GRID * row]; at < this.starts[column + GRID * row + 1]; at++) {
          const i = this.members[at], far = (this.at[2 * i] - right) ** 2 + (this.at[2 * i + 1] - up) ** 2;
          if (far < least) [found, least] = [i, far];
        }
      }
    }
    return found;
  }
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
    const picture = Object.assign(document.createElement("canvas"), { width: this.size[0] * times, height: this.size[1] * times });
    this.draw(picture, times);
    picture.toBlob((blob) => {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "atlas.png" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
  }
  set(state) {  // the word picked, its neighbors, colors; a new word is flown to, unless a click on the map asked for it
    const before = this.state, other = state.word !== this.picked;
    this.state = state; this.near = state.near; this.picked = state.word; this.tint = null;
    this.canvas.setAttribute("aria-label", state.said);
    this.path = state.outline.length ? state.outline : null;
    this.list.querySelectorAll(".near").forEach((old) => old.remove());
    this.list.prepend(...state.near.map((i) => Object.assign(this.button(this.words[i], () => this.on.pick?.(i)), { className: "near" })));
    if (other && state.word >= 0 && (before.near ? !this.arrived : this.opens)) this.approach(!before.near);
    this.arrived = this.opens = false;
    this.redraw();
  }
  approach(atOnce = false) {
    const [x, y] = this.at.subarray(2 * this.picked, 2 * this.picked + 2);
    const gaps = this.near.map((i) => Math.hypot(this.at[2 * i] - x, this.at[2 * i + 1] - y)).sort((a, b) => a - b);
    const gap = Math.max(0.02, gaps[Math.min(NEAR_ENOUGH, gaps.length) - 1] || 0.1);
    this.fly(x, y, Math.min(40, Math.max(2, 0.8 / gap)), atOnce);
  }
  layer(bytes) {  // colors by a column, or the places of a second map
    if (bytes.length === this.layered?.length && bytes.every((byte, at) => byte === this.layered[at])) return;
    this.layered = bytes;
    const { head, take } = parts(bytes);
    if (head.kind === "paint") Object.assign(this, { paint: take(Uint8Array, this.n), legend_of: head, tint: null });
    if (head.kind === "second") {
      this.second = Float32Array.from(take(Int16Array, 2 * this.n), (whole) => (whole === -32768 ? NaN : whole / 32767));
      this.placed = head.places;
      this.spaces.hidden = false;
      this.spaces.querySelectorAll("span").forEach((span, at) => { span.textContent = head.names[at]; });
      this.spaces.querySelector("input").setAttribute("aria-label", `From ${head.names.join(" to ")}`);
      this.fly(0, 0, 1);
      this.travel(1);
    }
    this.redraw();
  }
  unlayer() {
    if (!this.layered) return;
    this.paint = this.second = this.layered = this.tint = null;
    this.spaces.hidden = true;
    this.move(0);
  }
  move(mix) {  // words on their way to their places on the second map
    this.mix = mix; this.spaces.querySelector("input").value = mix;
    const { first, second } = this, between = mix > 0 && mix < 1;
    this.at = !mix || !second ? first : first.map((place, at) => (second[at] === second[at] ? place + (second[at] - place) * mix : NaN));
    if (between) this.names = null;
    clearTimeout(this.naming);
    this.naming = setTimeout(() => { this.index(); if (!between) this.nameAll(); this.redraw(); }, 60);
    this.redraw();
  }
  travel(mix) { this.animate("travelling", still() ? 0 : 3 * FLIGHT, ((from) => (part) => this.move(from + (mix - from) * smooth(part)))(this.mix)); }
  fly(x, y, zoom, atOnce = still()) {
    const from = { ...this.view }, far = Math.hypot(x - from.x, y - from.y) * this.scale / Math.min(...this.size);
    const back = Math.max(0, Math.log(Math.max(1, far)) - Math.abs(Math.log(zoom / from.zoom)) / 2);  // out and in again
    this.animate("flight", atOnce ? 0 : FLIGHT, (part) => {
      const done = smooth(part), grown = Math.log(from.zoom) + Math.log(zoom / from.zoom) * done;
      this.look(from.x + (x - from.x) * done, from.y + (y - from.y) * done, Math.exp(grown - back * Math.sin(Math.PI * part)));
    });
  }
  animate(name, ms, step) {
    cancelAnimationFrame(this[name]);
    const begin = performance.now(), tick = (now) => {
      const part = ms ? Math.min(1, Math.max(0, now - begin) / ms) : 1;
      step(part);
      if (part < 1) this[name] = requestAnimationFrame(tick);
    };
    if (ms) this[name] = requestAnimationFrame(tick); else step(1);
  }
  look(x, y, zoom) {
    if (Number.isNaN(x + y)) return;  // a word that the second map does not have
    const inside = (part) => Math.min(1, Math.max(-1, part));
    this.view = { x: inside(x), y: inside(y), zoom: Math.min(MOST, Math.max(1, zoom)) };
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.on.look?.([this.view.x.toFixed(4), this.view.y.toFixed(4), this.view.zoom.toFixed(2)].join()), 300);
    this.redraw();
  }
  redraw() { this.frame ??= requestAnimationFrame(() => { this.frame = null; this.draw(); }); }
  colors() {  // of the page, which may turn from light to dark at any time
    const style = getComputedStyle(this.root), key = style.backgroundColor + style.color + style.outlineColor;
    if (this.tint?.key === key) return this.tint;
    const paper = rgb(style.backgroundColor), dark = paper[1] < 128, mode = dark ? "dark" : "light", { scheme = "district", palette, steps } = this.state;
    const mixed = (color, part) => color.map((value, at) => Math.round(value * part + paper[at] * (1 - part)));
    const ink = rgb(style.color), accent = rgb(style.outlineColor), table = new Int32Array(256).fill(whole32(mixed(ink, 0.12)));
    const own = (scheme === "layer" ? this.legend_of?.colors : scheme === "kept" ? steps : palette)?.[mode].map(hex) ?? [accent];
    const [low, high] = this.state.range ?? [0, 1], hue = (value) => Math.floor((value / 255 - low) / (high - low) * own.length);
    for (let at = 0; at < 255; at++) {  // 254: without a value, 255: left out
      const number = scheme === "district" ? (this.hues[at] ?? 0) : scheme === "kept" ? Math.min(own.length - 1, Math.max(0, hue(at))) : at;
      if (scheme !== "layer" || at < own.length) table[at] = whole32(mixed(own[number % own.length], scheme === "district" ? 0.75 : 1));
    }
    const said = scheme === "layer" ? this.legend_of?.labels : scheme === "kept" ? this.state.labels : null;
    this.legend.hidden = !said;
    this.legend.replaceChildren(...(said ?? []).map((label, at) => {
      const entry = Object.assign(document.createElement("span"), { textContent: label });
      entry.style.setProperty("--swatch", `rgb(${own[at % own.length]})`);
      return entry;
    }));
    const css = (color) => `rgb(${color})`;
    return (this.tint = { key, table, values: { layer: this.paint, kept: this.kept }[scheme] ?? this.district,
      paper: css(paper), paper32: whole32(paper), ink: css(ink), accent: css(accent), muted: css(mixed(ink, 0.6)) });
  }
  draw(canvas = this.canvas, ratio = this.ratio) {
    const { table, values, paper32 } = this.colors(), pen = canvas.getContext("2d", { alpha: false }), { width, height } = canvas;
    if (this.image?.width !== width || this.image.height !== height) this.image = pen.createImageData(width, height);
    const pixels = new Int32Array(this.image.data.buffer).fill(paper32), { at, n, view, scale } = this;
    const side = Math.max(2, Math.round(ratio * Math.min(6, 1.6 + 0.55 * Math.log2(view.zoom)))), cut = side > 3 ? 1 : 0, a = scale * ratio;
    const left = width / 2 - view.x * a - side / 2, top = height / 2 + view.y * a - side / 2;
    const { paint } = this;
    for (let pass = paint ? 0 : 1; pass < 2; pass++) {  // what a filter left out lies below
      for (let i = n; i--;) {  // the most frequent on top
        const x = (at[2 * i] * a + left) | 0, y = (top - at[2 * i + 1] * a) | 0, left_out = paint !== null && paint[i] === 255;
        if (x <= 0 || y <= 0 || x >= width - side || y >= height - side || at[2 * i] !== at[2 * i] || left_out === (pass === 1)) continue;
        const color = table[left_out ? 255 : Math.min(254, values[i])];
        for (let row = 0, start = y * width + x; row < side; row++, start += width) {
          const inset = row === 0 || row === side - 1 ? cut : 0;
          for (let pixel = start + inset; pixel < start + side - inset; pixel++) pixels[pixel] = color;
        }
      }
    }
    pen.putImageData(this.image, 0, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.overlay(pen);
    pen.setTransform(1, 0, 0, 1, 0, 0);
  }
  overlay(pen) {  // lines to the neighbors, then names: first those, then districts and words by their levels
    const { ink, accent, muted } = this.tint, [w, h] = this.size, taken = [], here = this.picked >= 0 && this.screen(this.picked);
    const visible = (x, y) => x > -80 && y > -12 && x < w + 20 && y < h + 12;
    const dot = (i, size) => { const [x, y] = this.screen(i); pen.beginPath(); pen.arc(x, y, size, 0, 7); pen.fill(); };
    pen.lineJoin = "round"; pen.textBaseline = "middle"; pen.strokeStyle = accent; pen.fillStyle = accent; pen.lineWidth = 1.2;
    pen.beginPath();
    if (here) for (const i of this.near) { pen.moveTo(...here); pen.lineTo(...this.screen(i)); }
    pen.stroke();
    for (const i of here ? this.near : []) dot(i, 3.2);
    if (here) dot(this.picked, 5);
    const write = (text, x, y, font, color, centered, always) => {
      pen.font = font;
      const width = pen.measureText(text).width, box = [x + (centered ? -width / 2 : 6), y - 8, width, 16];
      if (!always && taken.some((o) => box[0] < o[0] + o[2] + 4 && o[0] < box[0] + box[2] + 4 && box[1] < o[1] + o[3] && o[1] < box[1] + box[3])) return;
      if (always !== undefined) taken.push(box);
      this.drawn.push({ text, box });
      pen.strokeStyle = this.tint.paper; pen.lineWidth = 3.5; pen.fillStyle = color;
      pen.strokeText(text, box[0], y); pen.fillText(text, box[0], y);
    };
    this.drawn = [];
    const loud = this.font(LOUD, 600), plain = this.font(FONT);
    if (here) write(this.name(this.picked), ...here, loud, accent, false, true);
    for (const i of here ? this.near : []) if (visible(...this.screen(i))) write(this.name(i), ...this.screen(i), this.font(FONT, 600), ink, false, false);
    if (this.hovered >= 0) { pen.fillStyle = ink; dot(this.hovered, 4); write(this.name(this.hovered), ...this.screen(this.hovered), loud, ink, false, true); }
    const level = levelOf(this.scale), { names } = this, count = this.head.districts.length, shown = new Set([...this.near, this.picked, this.hovered]);
    for (let name = 0; names && name < names.levels.length; name++) {
      if (names.levels[name] > level || names.until[name] < level) continue;
      const x = w / 2 + (names.points[2 * name] - this.view.x) * this.scale, y = h / 2 - (names.points[2 * name + 1] - this.view.y) * this.scale, i = this.order[name - count];
      if (!visible(x, y) || shown.has(i)) continue;
      write(name < count ? this.head.districts[name] : this.name(i), x, y, name < count ? loud : plain, name < count ? ink : muted, name < count);
    }
    if (document.activeElement === this.canvas && this.canvas.matches(":focus-visible")) {  // what Enter picks
      pen.strokeStyle = ink; pen.lineWidth = 1; pen.strokeRect(w / 2 - 7, h / 2 - 7, 14, 14);
    }
    if (this.path) { pen.strokeStyle = accent; pen.lineWidth = 2; pen.stroke(new Path2D("M" + this.path.map(([x, y]) => [w / 2 + (x - this.view.x) * this.scale, h / 2 - (y - this.view.y) * this.scale]).join("L") + "Z")); }
  }
}
