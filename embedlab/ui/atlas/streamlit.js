// The map as a part of a Streamlit page. What it shows and what lies upon it are components of their own (part.js), so
// that a run of the page sends the few bytes that changed; each may come before the map.
const shared = (window.embedlabAtlas ??= {}), WHOLE = [0, 0, 1];
shared.bars ??= element("div");
const drawn = { paint: new Map(), second: new Map(), shown: new Map() };  // Streamlit may draw a part twice for a moment
shared.take = (kind) => {
  const parts = drawn[kind], told = shared[kind];
  if (told) parts.set(told.parentElement, told);
  for (const place of parts.keys()) if (!place.isConnected) parts.delete(place);
  const { data = null, parentElement } = [...parts.values()].at(-1) ?? {};
  if (kind === "shown" && !parentElement?.contains(shared.bars)) parentElement?.append(shared.bars);  // keeps the focus
  shared.atlas?.take(kind, data);
};

function asked() {  // the place that the address names
  const place = (new URL(location).searchParams.get("view") ?? "").split(",").map(Number);
  return place.length === 3 && place.every(Number.isFinite) ? place : null;
}

export default function map({ parentElement, data, setTriggerValue }) {
  const before = shared.atlas, page = location.pathname, on = {
    pick: (row) => setTriggerValue("picked", row), lasso: (corners) => setTriggerValue("outline", corners),
    look: (view) => page === location.pathname && window.embedlabAddress?.drift("view", view),
  };
  if (!same(before?.bytes, data)) {
    before?.root.remove();
    before?.gone.abort();
    const atlas = (shared.atlas = new Atlas(data, on, shared.bars)), view = asked();
    const linked = view && !before?.follows;  // else the address names a place on the map before
    if (view) atlas.look(...(linked ? view : WHOLE), linked);
    atlas.follows = !linked && new URL(location).searchParams.has("word");
    const { signal } = atlas.gone, follow = () => { atlas.follows = true; };
    for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, follow, { capture: true, signal });
    window.addEventListener("popstate", () => {  // words that come before the visitor does anything are of entries left
      atlas.follows = false;
      atlas.look(...(asked() ?? WHOLE), true);
      clearTimeout(atlas.resting);  // the address names this place already, the whole map by no word of it
    }, { signal });
  } else if (!before.root.isConnected && before.view.zoom > 1) {
    before.look(...Object.values(before.view));  // come again, to an address that names no place
  }
  shared.atlas.on = on;
  parentElement.append(shared.atlas.root);
  ["paint", "second", "shown"].forEach(shared.take);
}
