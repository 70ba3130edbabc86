// The picture of a map on a canvas: pixels of points put there at once, and on them lines, names and an outline.
const MANY = 50_000;  // points, which are small where the whole map is shown
const LEFT_OUT = 255;  // by a filter
const FEW = 400;  // words that a filter leaves, which are named wherever there is room
const MARGIN = 10;  // px around an entry of the legend in a file
const whole = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r;
const hex = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
const rgb = (color) => color.match(/[\d.]+/g).map(Number);
const say = (pen, text, x, y, color) => {
  pen.fillStyle = color;
  pen.strokeText(text, x, y);
  pen.fillText(text, x, y);
};
const element = (kind, settings) => Object.assign(document.createElement(kind), settings);

class Picture extends Points {
  view = { x: 0, y: 0, zoom: 1 }; size = [1, 1]; picked = -1; near = []; hovered = -1; drawn = [];
  path = null; drawing = null;  // an outline, with where words were when it was drawn, and one that is being drawn

  get scale() { return this.view.zoom * Math.min(...this.size) / 2 * 0.97; }  // px a unit of the map
  toScreen([x, y]) {
    return [this.size[0] / 2 + (x - this.view.x) * this.scale, this.size[1] / 2 - (y - this.view.y) * this.scale];
  }
  toMap([x, y]) {
    return [this.view.x + (x - this.size[0] / 2) / this.scale, this.view.y - (y - this.size[1] / 2) / this.scale];
  }
  screen(i) { return this.toScreen(this.place(i)); }
  nearest(spot, reach) {  // the word at a place of the screen, or -1
    const [x, y] = this.toMap(spot), { at, classes } = this;
    let found = -1, least = (reach / this.scale) ** 2;
    for (let i = 0; i < this.n; i++) {
      const gap = (at[2 * i] - x) ** 2 + (at[2 * i + 1] - y) ** 2;
      if (gap < least && classes[i] !== LEFT_OUT) [found, least] = [i, gap];
    }
    return found;
  }
  under([x, y], reach) {  // the word or district whose name is at a place of the screen, else the word there, or -1
    const name = this.drawn.find(({ box: [left, top, wide, high] }) => (
      x > left && x < left + wide && y > top && y < top + high));
    return name ? name.i : this.nearest([x, y], reach);
  }
  font(size, weight = 400) { return `${weight} ${size}px ${getComputedStyle(this.root).fontFamily || "sans-serif"}`; }
  color(layer) {  // classes of words, their colors and what they are called; those that are left out are drawn first
    const classes = layer?.take(Uint8Array, this.n) ?? new Uint8Array(this.n), rows = [...classes.keys()].reverse();
    const [out, left] = [true, false].map((is) => rows.filter((i) => (classes[i] === LEFT_OUT) === is));
    const few = out.length > 0 && left.length < FEW;
    Object.assign(this, { classes, few, meaning: layer?.head ?? {}, rows: Uint32Array.from([...out, ...left]), tint: null });
  }
  tints() {  // the colors of the page, which may turn from light to dark at any time, and of the words
    const style = getComputedStyle(this.root), key = style.backgroundColor + style.color + style.outlineColor;
    if (this.tint?.key === key) return this.tint;
    const { color: ink, outlineColor: accent, backgroundColor: paper } = style, back = rgb(paper);
    const faint = (part) => rgb(ink).map((value, at) => Math.round(value * part + back[at] * (1 - part)));
    const { colors, labels = [] } = this.meaning, own = colors?.[back[1] < 128 ? "dark" : "light"] ?? [];
    const table = new Int32Array(LEFT_OUT + 1).fill(whole(faint(0.12)));
    own.forEach((color, at) => { table[at] = whole(hex(color)); });
    const entry = (textContent, at) => element("span", { textContent, style: `--swatch: ${own[at]}` });
    this.legend.replaceChildren(...labels.map(entry));
    return (this.tint = { key, table, blank: whole(back), ink, accent, paper, own, quiet: `rgb(${faint(0.6)})` });
  }
  draw(canvas = this.canvas, ratio = this.ratio) {
    if (!this.root.isConnected) return;
    const { table, blank } = this.tints(), { width, height } = canvas, { at, view, classes } = this;
    const pen = canvas.getContext("2d", { alpha: false });
    if (this.image?.width !== width || this.image.height !== height) this.image = pen.createImageData(width, height);
    const pixels = new Int32Array(this.image.data.buffer).fill(blank), a = this.scale * ratio;
    const room = Math.log2(Math.max(1, MANY / this.n)), size = 1.6 + 0.55 * Math.log2(view.zoom) + 0.6 * room;
    const side = Math.max(2, Math.round(ratio * Math.min(6, size))), cut = side > 3 ? 1 : 0;
    const left = width / 2 - view.x * a - side / 2, top = height / 2 + view.y * a - side / 2;
    for (const i of this.rows) {
      const x = at[2 * i] * a + left, y = top - at[2 * i + 1] * a;
      if (!(x > 0 && y > 0 && x < width - side && y < height - side)) continue;
      const color = table[classes[i]];
      for (let row = 0, start = (y | 0) * width + (x | 0); row < side; row++, start += width) {
        const corner = row === 0 || row === side - 1 ? cut : 0;
        for (let pixel = start + corner; pixel < start + side - corner; pixel++) pixels[pixel] = color;
      }
    }
    pen.putImageData(this.image, 0, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.join(pen);
    this.write(pen);
    pen.resetTransform();
  }
  join(pen) {  // the word that is picked to its neighbors, and the corners of an outline to one another
    const { accent, ink, paper } = this.tint, [w, h] = this.size, { path: kept, mix } = this;
    const path = this.drawing ?? (kept?.mix === mix ? kept.corners : null);  // elsewhere it has other words inside
    const lines = (from, to) => { pen.moveTo(...from); pen.lineTo(...to); };
    const dot = (i, radius) => { pen.beginPath(); pen.arc(...this.screen(i), radius, 0, 7); pen.fill(); };
    Object.assign(pen, { strokeStyle: paper, fillStyle: accent, lineWidth: 4, lineJoin: "round" });
    pen.beginPath();
    for (const i of this.near) lines(this.screen(this.picked), this.screen(i));
    path?.forEach((corner, at) => lines(this.toScreen(path.at(at - 1)), this.toScreen(corner)));
    pen.stroke();  // a margin, which keeps the line apart from points of its color
    Object.assign(pen, { strokeStyle: accent, lineWidth: 1.6 });
    pen.stroke();
    for (const i of this.near) dot(i, 3.2);
    if (this.picked >= 0) dot(this.picked, 5);
    pen.fillStyle = pen.strokeStyle = ink;
    if (this.hovered >= 0) dot(this.hovered, 4);
    if (this.canvas.matches(":focus-visible")) pen.strokeRect(w / 2 - 7, h / 2 - 7, 14, 14);  // what Enter picks
  }
  write(pen) {  // names: of the words pointed at and picked and of neighbors, then of districts and words by levels
    const { ink, accent, quiet, paper } = this.tint, { at, levels, n, all, classes, few } = this, [w, h] = this.size;
    const loud = this.font(LOUD, 600), bold = this.font(FONT, 600), plain = this.font(FONT);
    const drawn = (this.drawn = []), level = Math.max(0, Math.floor(STEPS * Math.log2(this.scale / LOWEST) + 1e-6));
    const controls = this.controls.map(({ offsetLeft, offsetTop, offsetWidth, offsetHeight }) => (
      { box: [offsetLeft, offsetTop, offsetWidth, offsetHeight] }));
    const covers = ([x, y, wide, high], others) => others.some(({ box: [left, top, across, down] }) =>
      x < left + across + 4 && left < x + wide + 4 && y < top + down && top < y + high);
    const put = (i, font, color, { middle = false, always = false } = {}) => {
      const text = this.name(i), [x, y] = this.screen(i);
      if (!(x > 0 && y > -12 && x < w && y < h + 12)) return;
      pen.font = font;
      const width = pen.measureText(text).width, box = [x + 6, y - 8, width, 16];
      if (middle) box[0] = within(x - width / 2, 2, w - width - 2);
      else if (box[0] + width > w || covers(box, controls)) box[0] = Math.max(2, x - 6 - width);  // to the left of its point
      if (!always && (covers(box, controls) || covers(box, drawn))) return;
      drawn.push({ i, text, box });
      say(pen, text, box[0], y, color);
    };
    Object.assign(pen, { strokeStyle: paper, lineWidth: 3.5, textBaseline: "middle" });
    if (this.hovered >= 0) put(this.hovered, loud, ink, { always: true });
    if (this.picked >= 0) put(this.picked, loud, accent);
    for (const i of this.near) put(i, bold, ink);
    const last = level > DISTRICTS_UNTIL ? n : all;
    for (let i = n; i < last; i++) if (levels[i] <= level) put(i, loud, ink, { middle: true });
    const [left, top] = this.toMap([0, -12]), [right, bottom] = this.toMap([w, h + 12]);
    for (let i = 0; i < n; i++) {
      const x = at[2 * i], y = at[2 * i + 1];
      if (classes[i] === LEFT_OUT || !(few || levels[i] <= level)) continue;
      if (x > left && x < right && y < top && y > bottom) put(i, plain, quiet);
    }
  }
  explain(pen) {  // what colors mean, as on the page
    const { ink, paper, own } = this.tint, { labels = [] } = this.meaning;
    let [x, y] = [MARGIN, 2 * MARGIN];
    Object.assign(pen, { font: this.font(FONT), strokeStyle: paper, lineWidth: 3.5, textBaseline: "middle" });
    labels.forEach((label, at) => {
      const wide = pen.measureText(`● ${label}`).width + MARGIN;
      if (x + wide > this.size[0]) [x, y] = [MARGIN, y + 2 * MARGIN];
      say(pen, `● ${label}`, x, y, ink);
      say(pen, "●", x, y, own[at]);
      x += wide;
    });
  }
}
