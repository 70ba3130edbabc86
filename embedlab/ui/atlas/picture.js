// The picture of a map on a canvas: pixels of points put there at once, and on them lines, names and an outline.
const NAMED = 60_000;  // words, at most
const LATER = 2500;  // place in the order of names for words that only join others
const MANY = 50_000;  // points, which are small where the whole map is shown
const FONT = 12.5, LOUD = 14;  // px
const LEFT_OUT = 255;  // by a filter; 254: has no value
const whole = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r;
const hex = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
const rgb = (color) => color.match(/[\d.]+/g).map(Number);
const css = (color) => `rgb(${color})`;
const element = (kind, settings) => Object.assign(document.createElement(kind), settings);

class Picture extends Points {
  view = { x: 0, y: 0, zoom: 1 }; size = [1, 1]; state = {};
  picked = -1; near = []; hovered = -1; paint = null; path = null; drawn = [];

  get scale() { return this.view.zoom * Math.min(...this.size) / 2 * 0.97; }  // px a unit of the map
  toScreen([x, y]) {
    return [this.size[0] / 2 + (x - this.view.x) * this.scale, this.size[1] / 2 - (y - this.view.y) * this.scale];
  }
  toMap([x, y]) {
    return [this.view.x + (x - this.size[0] / 2) / this.scale, this.view.y - (y - this.size[1] / 2) / this.scale];
  }
  screen(i) { return this.toScreen(this.place(i)); }
  font(size, weight = 400) { return `${weight} ${size}px ${getComputedStyle(this.root).fontFamily || "sans-serif"}`; }
  nameAll() {  // districts first, then words in order of importance
    const { districts, late } = this.head, places = this.mix ? this.placed : this.head.places, count = districts.length;
    const rows = [...Array(this.n).keys()], dull = new Set(late), others = rows.filter((i) => !dull.has(i));
    this.order = [...others.slice(0, LATER), ...late, ...others.slice(LATER, NAMED)];
    const pen = this.canvas.getContext("2d"), total = count + this.order.length, widths = new Map();
    const points = new Float32Array(2 * total), reaches = new Float32Array(3 * total);
    const width = (text) => {
      let sum = 0;
      for (const sign of text) {
        if (!widths.has(sign)) widths.set(sign, pen.measureText(sign).width);
        sum += widths.get(sign);
      }
      return sum;
    };
    pen.font = this.font(LOUD, 600);
    districts.forEach((name, at) => {
      points.set(places[at], 2 * at);
      reaches.set([width(name) / 2 + 8, width(name) / 2 + 8, 13], 3 * at);
    });
    pen.font = this.font(FONT);
    widths.clear();
    this.order.forEach((i, at) => {
      points.set(this.place(i), 2 * (count + at));
      reaches.set([-2, width(this.name(i)) + 14, 10], 3 * (count + at));
    });
    this.names = new Names(points, reaches, count);
  }
  colors() {  // of the page, which may turn from light to dark at any time, and of what they say
    const style = getComputedStyle(this.root), key = style.backgroundColor + style.color + style.outlineColor;
    if (this.tint?.key === key) return this.tint;
    const paper = rgb(style.backgroundColor), ink = rgb(style.color), accent = rgb(style.outlineColor);
    const { scheme = "district", labels, range: [low, high] = [0, 1] } = this.state, { hues } = this.head;
    const mixed = (color, part) => color.map((value, at) => Math.round(value * part + paper[at] * (1 - part)));
    const ways = {
      district: { colors: PALETTE, part: 0.75, at: (value) => hues[value] ?? 0, values: this.district },
      kept: { colors: STEPS, labels, values: this.kept, at: (value) => (value / 255 - low) / (high - low) * own.length },
      layer: { ...this.painted, values: this.paint, at: (value) => (value < LEFT_OUT - 1 ? value : NaN) },
    };
    const way = ways[scheme].values && ways[scheme].colors ? ways[scheme] : ways.district;
    const own = way.colors?.[paper[1] < 128 ? "dark" : "light"].map(hex) ?? [accent];
    const table = Int32Array.from({ length: 256 }, (_, value) => {
      const color = own[Math.min(own.length - 1, Math.max(0, Math.floor(way.at(value))))];
      return whole(color && value < LEFT_OUT ? mixed(color, way.part ?? 1) : mixed(ink, 0.12));
    });
    this.legend.hidden = !way.labels;
    this.legend.replaceChildren(...(way.labels ?? []).map((textContent) => element("span", { textContent })));
    [...this.legend.children].forEach((entry, at) => entry.style.setProperty("--swatch", css(own[at % own.length])));
    const pens = { ink: css(ink), accent: css(accent), paper: css(paper), quiet: css(mixed(ink, 0.6)) };
    return (this.tint = { key, table, values: way.values, blank: whole(paper), ...pens });
  }
  draw(canvas = this.canvas, ratio = this.ratio) {
    const { table, values, blank } = this.colors(), { width, height } = canvas, { at, n, view, paint } = this;
    const pen = canvas.getContext("2d", { alpha: false });
    if (this.image?.width !== width || this.image.height !== height) this.image = pen.createImageData(width, height);
    const pixels = new Int32Array(this.image.data.buffer).fill(blank), a = this.scale * ratio;
    const size = 1.6 + 0.55 * Math.log2(view.zoom) + 0.6 * Math.log2(Math.max(1, MANY / n));  // more where there is room
    const side = Math.max(2, Math.round(ratio * Math.min(6, size))), cut = side > 3 ? 1 : 0;
    const left = width / 2 - view.x * a - side / 2, top = height / 2 + view.y * a - side / 2;
    for (let pass = paint ? 0 : 1; pass < 2; pass++) {  // what a filter left out lies below
      for (let i = n; i--;) {  // the most frequent on top
        const x = at[2 * i] * a + left, y = top - at[2 * i + 1] * a, out = paint !== null && paint[i] === LEFT_OUT;
        if (!(x > 0 && y > 0 && x < width - side && y < height - side) || out === (pass === 1)) continue;
        const color = table[out ? LEFT_OUT : Math.min(LEFT_OUT - 1, values[i])];
        for (let row = 0, start = (y | 0) * width + (x | 0); row < side; row++, start += width) {
          const corner = row === 0 || row === side - 1 ? cut : 0;
          for (let pixel = start + corner; pixel < start + side - corner; pixel++) pixels[pixel] = color;
        }
      }
    }
    pen.putImageData(this.image, 0, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.join(pen);
    this.write(pen);
    pen.setTransform(1, 0, 0, 1, 0, 0);
  }
  join(pen) {  // the word that is picked to its neighbors, and the corners of an outline to one another
    const { accent, ink } = this.tint, [w, h] = this.size, dots = (rows, size) => rows.forEach((i) => {
      pen.beginPath();
      pen.arc(...this.screen(i), size, 0, 7);
      pen.fill();
    });
    const lines = (from, to) => { pen.moveTo(...from); pen.lineTo(...to); };
    Object.assign(pen, { strokeStyle: accent, fillStyle: accent, lineWidth: 1.4, lineJoin: "round" });
    pen.beginPath();
    for (const i of this.near) lines(this.screen(this.picked), this.screen(i));
    for (const [at, corner] of (this.path ?? []).entries()) lines(this.toScreen(this.path.at(at - 1)), this.toScreen(corner));
    pen.stroke();
    dots(this.near, 3.2);
    if (this.picked >= 0) dots([this.picked], 5);
    pen.fillStyle = pen.strokeStyle = ink;
    if (this.hovered >= 0) dots([this.hovered], 4);
    if (this.canvas.matches(":focus-visible")) pen.strokeRect(w / 2 - 7, h / 2 - 7, 14, 14);  // what Enter picks
  }
  write(pen) {  // names: of the word picked or pointed at and of neighbors, then of districts and words by their levels
    const { ink, accent, quiet, paper } = this.tint, { names, picked, near, hovered, head } = this;
    const [w, h] = this.size, taken = [];
    const loud = this.font(LOUD, 600), bold = this.font(FONT, 600), plain = this.font(FONT), level = levelOf(this.scale);
    const covers = ([x, y, wide, high]) => taken.some(([left, top, across, down]) =>
      x < left + across + 4 && left < x + wide + 4 && y < top + down && top < y + high);
    const put = (text, [x, y], font, color, { middle = false, first = false, always = false } = {}) => {
      if (!(x > -80 && y > -12 && x < w + 20 && y < h + 12)) return;
      pen.font = font;
      const width = pen.measureText(text).width, box = [x + (middle ? -width / 2 : 6), y - 8, width, 16];
      if (!always && covers(box)) return;
      if (first) taken.push(box);
      this.drawn.push({ text, box });
      pen.fillStyle = color;
      pen.strokeText(text, box[0], y);
      pen.fillText(text, box[0], y);
    };
    Object.assign(pen, { strokeStyle: paper, lineWidth: 3.5, textBaseline: "middle" });
    this.drawn = [];
    if (hovered >= 0) put(this.name(hovered), this.screen(hovered), loud, ink, { first: true, always: true });
    if (picked >= 0 && picked !== hovered) put(this.name(picked), this.screen(picked), loud, accent, { first: true });
    for (const i of near) if (i !== hovered) put(this.name(i), this.screen(i), bold, ink, { first: true });
    const shown = new Set([...near, picked, hovered]), count = head.districts.length;
    for (let at = 0; names && at < names.levels.length; at++) {
      const i = this.order[at - count];
      if (!names.isAt(at, level) || shown.has(i)) continue;
      const place = this.toScreen(names.points.subarray(2 * at, 2 * at + 2));
      if (at < count) put(head.districts[at], place, loud, ink, { middle: true });
      else put(this.name(i), place, plain, quiet);
    }
  }
}
