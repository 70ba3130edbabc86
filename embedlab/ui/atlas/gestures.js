// What pointers, fingers, the wheel and keys do with the map. One finger that moves up or down scrolls the page, and so
// does the wheel where it turns away from the whole map.
const STEP = 60, GROWTH = 1.5, TAP = 6;  // px and times for a key; px that a pointer may slip while it clicks
const CORNERS = 80;  // of an outline, at most
const REACH = { touch: 24, mouse: 12, pen: 12 };  // px around a pointer within which a word counts as meant

function listen(atlas) {
  const { canvas, root, list, pointers } = atlas, place = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return [clientX - box.left, clientY - box.top];
  };
  const pan = (x, y) => atlas.look(atlas.view.x - x / atlas.scale, atlas.view.y + y / atlas.scale, atlas.view.zoom);
  const grow = (times, middle = atlas.size.map((length) => length / 2)) => {  // the place under the pointer stays there
    const [x, y] = atlas.toMap(middle), { view } = atlas, zoom = within(view.zoom * times, 1, MOST), part = view.zoom / zoom;
    atlas.look(x + (view.x - x) * part, y + (view.y - y) * part, zoom);
  };
  const deeds = {
    in: () => grow(GROWTH), out: () => grow(1 / GROWTH), whole: () => atlas.fly(0, 0, 1), picture: () => atlas.save(),
    lasso: () => {
      atlas.selecting = !atlas.selecting;
      root.querySelector("[data-do=lasso]").setAttribute("aria-pressed", atlas.selecting);
      canvas.style.touchAction = atlas.selecting ? "none" : "";
    },
  };
  for (const button of root.querySelectorAll("[data-do]")) {
    Object.assign(button, { onclick: () => deeds[button.dataset.do](), ariaLabel: button.title });
  }
  const keys = {
    ArrowLeft: () => pan(STEP, 0), ArrowRight: () => pan(-STEP, 0), ArrowUp: () => pan(0, STEP), ArrowDown: () => pan(0, -STEP),
    "+": deeds.in, "=": deeds.in, "-": deeds.out, 0: deeds.whole,
    Enter: () => atlas.pick(atlas.nearest(...atlas.size.map((length) => length / 2), STEP)),
  };
  canvas.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...list.children];
    buttons.at((buttons.indexOf(event.target) + step) % buttons.length).focus();
  });
  for (const kind of ["focus", "blur"]) canvas.addEventListener(kind, () => atlas.redraw());
  let scrolled = 0, from = null;
  const scrolls = { capture: true, passive: true, signal: atlas.gone.signal };
  document.addEventListener("scroll", () => { scrolled = performance.now(); }, scrolls);
  canvas.addEventListener("wheel", (event) => {
    if (event.deltaY > 0 && atlas.view.zoom <= 1 || performance.now() - scrolled < 250) return;  // the page scrolls
    event.preventDefault();
    grow(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : event.ctrlKey ? 0.01 : 0.002)), place(event));
  }, { passive: false });
  canvas.addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    cancelAnimationFrame(atlas.flight);
    pointers.set(event.pointerId, place(event));
    canvas.setPointerCapture(event.pointerId);
    from = pointers.size === 1 ? place(event) : null;
    if (atlas.selecting && from) atlas.path = [atlas.toMap(from)];
  });
  canvas.addEventListener("pointermove", (event) => {
    const now = place(event), before = pointers.get(event.pointerId);
    if (!before) return void (event.pointerType === "mouse" && atlas.hover(atlas.nearest(...now, REACH.mouse)));
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, other]) => other);
    pointers.set(event.pointerId, now);
    if (from && Math.hypot(now[0] - from[0], now[1] - from[1]) > TAP) {
      const upright = Math.abs(now[1] - from[1]) > Math.abs(now[0] - from[0]);
      from = null;
      const scrolls = event.pointerType === "touch" && upright && !others.length && !atlas.selecting;
      if (scrolls) return void pointers.delete(event.pointerId);
    }
    if (atlas.path && atlas.selecting) {
      atlas.path.push(atlas.toMap(now));
      atlas.redraw();
    } else if (others.length) {
      const [x, y] = others[0], gap = ([a, b]) => Math.hypot(a - x, b - y) || 1;
      pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      grow(gap(now) / gap(before), [(now[0] + x) / 2, (now[1] + y) / 2]);
    } else if (!from) pan(now[0] - before[0], now[1] - before[1]);
  });
  const end = (event) => {
    pointers.delete(event.pointerId);
    if (atlas.path && atlas.selecting && !pointers.size) {
      const each = Math.ceil(atlas.path.length / CORNERS), corners = atlas.path.filter((_, at) => at % each === 0);
      if (event.type !== "pointerup" || corners.length < 3) atlas.path = null;
      else atlas.on.lasso?.(corners.map((corner) => corner.map((part) => +part.toFixed(4))));
      deeds.lasso();
    } else if (event.type === "pointerup" && from) atlas.pick(atlas.nearest(...from, REACH[event.pointerType] ?? REACH.mouse));
    from = null;
  };
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, end);
  canvas.addEventListener("pointerleave", () => atlas.hover(-1));
}
