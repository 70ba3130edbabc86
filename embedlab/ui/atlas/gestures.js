// What pointers, fingers, the wheel and keys do with the map. One finger that moves up or down scrolls the page, and so
// does the wheel where it turns away from the whole map.
const STEP = 60, GROWTH = 1.5, TAP = 6;  // px and times for a key; px that a pointer may slip while it clicks
const PAUSE = 250;  // ms without a turn of the wheel, after which it may do something else
const REACH = { touch: 24, mouse: 12, pen: 12 };  // px around a pointer within which a word counts as meant
const mean = (spots) => [0, 1].map((at) => spots.reduce((sum, spot) => sum + spot[at] / spots.length, 0));
const gap = ([one, other = one]) => Math.hypot(one[0] - other[0], one[1] - other[1]);
const place = ({ offsetX, offsetY }) => [offsetX, offsetY];
let scrolled = 0, turned = 0;  // when the page was, and when a wheel was turned upon a map
let stop = () => {};  // ends what a pointer does with the map on show
document.addEventListener("keydown", ({ key }) => key === "Escape" && stop());
document.addEventListener("scroll", () => { scrolled = performance.now(); }, { capture: true, passive: true });

function listen(atlas) {
  const { canvas, tools } = atlas, pointers = new Map();
  let from = null;  // where a pointer went down that may be about to click
  const on = (kind, act, settings) => canvas.addEventListener(kind, act, settings);
  const middle = (right = 0, down = 0) => [atlas.size[0] / 2 + right, atlas.size[1] / 2 + down];
  const carry = (from, to = from, times = 1) => {  // from one place of the screen to another, and enlarges
    const [x, y] = atlas.toMap(from), [right, down] = middle(-to[0], -to[1]), { scale, view } = atlas;
    const zoom = within(view.zoom * times, 1, MOST), grown = scale * zoom / view.zoom;
    atlas.look(x + right / grown, y - down / grown, zoom);
  };
  const pan = (x, y) => () => carry(middle(), middle(x, y));
  const select = (selecting) => {
    Object.assign(atlas, { selecting, drawing: null });
    tools.querySelector("[data-do=lasso]").ariaPressed = selecting;
    atlas.redraw();
  };
  const cancel = stop = () => {
    from = null;
    pointers.clear();
    select(false);
  };
  const deeds = {
    in: () => carry(middle(), middle(), GROWTH), out: () => carry(middle(), middle(), 1 / GROWTH),
    whole: () => atlas.fly(0, 0, 1), picture: () => atlas.save(), lasso: () => select(!atlas.selecting),
  };
  const keys = {
    ArrowLeft: pan(STEP, 0), ArrowRight: pan(-STEP, 0), ArrowUp: pan(0, STEP), ArrowDown: pan(0, -STEP),
    "+": deeds.in, "=": deeds.in, "-": deeds.out, 0: deeds.whole,
    Enter: () => atlas.pick(atlas.nearest(middle(), STEP)),
  };
  tools.onclick = ({ target }) => deeds[target.dataset.do]?.();
  on("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const kind of ["focus", "blur"]) on(kind, () => atlas.redraw());
  on("wheel", (event) => {
    const now = performance.now();
    if (event.deltaY > 0 && atlas.view.zoom <= 1 && now - turned > PAUSE || now - scrolled < PAUSE) return;  // the page does
    event.preventDefault();
    turned = now;
    const strength = event.deltaMode ? 0.05 : event.ctrlKey ? 0.01 : 0.002;
    carry(place(event), place(event), Math.exp(-event.deltaY * strength));
  }, { passive: false });
  on("touchmove", (event) => event.touches.length > 1 && event.cancelable && event.preventDefault(), { passive: false });
  on("pointerdown", (event) => {
    if (event.button) return;  // not the one that picks
    cancelAnimationFrame(atlas.flight);
    pointers.set(event.pointerId, place(event));
    canvas.setPointerCapture(event.pointerId);
    from = pointers.size === 1 ? place(event) : null;
    atlas.drawing = atlas.selecting && from ? [atlas.toMap(from)] : null;  // a second finger enlarges instead
  });
  on("pointermove", (event) => {
    const now = place(event), before = [...pointers.values()], finger = event.pointerType === "touch";
    if (!pointers.has(event.pointerId)) return finger || atlas.hover(atlas.under(now, REACH.mouse));
    if (from && gap([from, now]) <= TAP) return;
    const upright = from && Math.abs(now[1] - from[1]) > Math.abs(now[0] - from[0]);
    from = null;
    if (finger && upright && !atlas.drawing) return pointers.delete(event.pointerId);  // the page scrolls
    pointers.set(event.pointerId, now);
    const after = [...pointers.values()];
    if (!atlas.drawing) return carry(mean(before), mean(after), (gap(after) || 1) / (gap(before) || 1));
    atlas.drawing.push(atlas.toMap(now));
    atlas.redraw();
  });
  on("pointerup", (event) => {
    pointers.delete(event.pointerId);
    if (atlas.drawing) {
      if (atlas.drawing.length > 2) atlas.enclose(atlas.drawing);
      select(false);
    } else if (from) atlas.pick(atlas.under(from, REACH[event.pointerType] ?? REACH.mouse));
    from = null;
  });
  on("pointercancel", cancel);
  on("pointerleave", () => atlas.hover(-1));
}
