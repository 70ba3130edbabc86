// What pointers, fingers, the wheel and keys do with the map. One finger that moves up or down scrolls the page, and so
// does the wheel where it turns away from the whole map.
const STEP = 60, GROWTH = 1.5, TAP = 6;  // px and times for a key; px that a pointer may slip while it clicks
const CORNERS = 80;  // of an outline, at most
const REACH = { touch: 24, mouse: 12, pen: 12 };  // px around a pointer within which a word counts as meant
const mean = (spots) => [0, 1].map((at) => spots.reduce((sum, spot) => sum + spot[at] / spots.length, 0));
const gap = ([one, other = one]) => Math.hypot(one[0] - other[0], one[1] - other[1]) || 1;

function listen(atlas) {
  const { canvas, tools } = atlas, pointers = new Map();
  const on = (kind, act, settings) => canvas.addEventListener(kind, act, settings);
  const place = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return [clientX - box.left, clientY - box.top];
  };
  const middle = (right = 0, down = 0) => [atlas.size[0] / 2 + right, atlas.size[1] / 2 + down];
  const carry = (from, to = from, times = 1) => {  // from one place of the screen to another, and enlarges
    const [x, y] = atlas.toMap(from), [right, down] = middle(-to[0], -to[1]), { scale, view } = atlas;
    const zoom = within(view.zoom * times, 1, MOST), grown = scale * zoom / view.zoom;
    atlas.look(x + right / grown, y - down / grown, zoom);
  };
  const pan = (x, y) => () => carry(middle(), middle(x, y));
  const deeds = {
    in: () => carry(middle(), middle(), GROWTH), out: () => carry(middle(), middle(), 1 / GROWTH),
    whole: () => atlas.fly(0, 0, 1), picture: () => atlas.save(),
    lasso: () => {
      atlas.selecting = !atlas.selecting;
      tools.querySelector("[data-do=lasso]").ariaPressed = atlas.selecting;
      canvas.style.touchAction = atlas.selecting ? "none" : "";
      atlas.redraw();
    },
  };
  for (const button of tools.children) {
    Object.assign(button, { onclick: () => deeds[button.dataset.do](), ariaLabel: button.title });
  }
  const keys = {
    ArrowLeft: pan(STEP, 0), ArrowRight: pan(-STEP, 0), ArrowUp: pan(0, STEP), ArrowDown: pan(0, -STEP),
    "+": deeds.in, "=": deeds.in, "-": deeds.out, 0: deeds.whole,
    Enter: () => atlas.pick(atlas.nearest(middle(), STEP)),
  };
  on("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const kind of ["focus", "blur"]) on(kind, () => atlas.redraw());
  let scrolled = 0, from = null, outline = null;  // the last: what there was before another one is drawn
  atlas.root.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !atlas.selecting) return;
    if (pointers.size) atlas.path = outline;
    pointers.clear();
    deeds.lasso();
  });
  const scrolls = { capture: true, passive: true, signal: atlas.gone.signal };
  document.addEventListener("scroll", () => { scrolled = performance.now(); }, scrolls);
  on("wheel", (event) => {
    if (event.deltaY > 0 && atlas.view.zoom <= 1 || performance.now() - scrolled < 250) return;  // the page scrolls
    event.preventDefault();
    const strength = event.deltaMode ? 0.05 : event.ctrlKey ? 0.01 : 0.002;
    carry(place(event), place(event), Math.exp(-event.deltaY * strength));
  }, { passive: false });
  on("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
  on("pointerdown", (event) => {
    cancelAnimationFrame(atlas.flight);
    pointers.set(event.pointerId, place(event));
    canvas.setPointerCapture(event.pointerId);
    from = pointers.size === 1 ? place(event) : null;
    if (atlas.selecting && from) [outline, atlas.path] = [atlas.path, [atlas.toMap(from)]];
  });
  on("pointermove", (event) => {
    const { pointerId, pointerType } = event, now = place(event), before = [...pointers.values()];
    if (!pointers.has(pointerId)) {
      if (pointerType === "mouse") atlas.hover(atlas.nearest(now, REACH.mouse));
      return;
    }
    pointers.set(pointerId, now);
    if (from && gap([from, now]) > TAP) {
      const upright = Math.abs(now[1] - from[1]) > Math.abs(now[0] - from[0]);
      if (pointerType === "touch" && upright && !atlas.selecting) pointers.delete(pointerId);  // the page scrolls
      from = null;
    }
    const after = [...pointers.values()];
    if (atlas.selecting && atlas.path) {
      atlas.path.push(atlas.toMap(now));
      atlas.redraw();
    } else if (!from && after.length === before.length) carry(mean(before), mean(after), gap(after) / gap(before));
  });
  const end = (event) => {
    const done = event.type === "pointerup";
    pointers.delete(event.pointerId);
    if (atlas.selecting && atlas.path && !pointers.size) {
      const each = Math.ceil(atlas.path.length / CORNERS), corners = atlas.path.filter((_, at) => at % each === 0);
      if (!done || corners.length < 3) atlas.path = outline;
      else atlas.on.lasso?.(corners.map((corner) => corner.map((part) => +part.toFixed(4))));
      deeds.lasso();
    } else if (done && from) atlas.pick(atlas.nearest(from, REACH[event.pointerType] ?? REACH.mouse));
    from = null;
  };
  on("pointerup", end);
  on("pointercancel", end);
  on("pointerleave", () => atlas.hover(-1));
}
