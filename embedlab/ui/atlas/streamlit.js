// The map as a part of a Streamlit page. What it shows and what lies upon it are components of their own (part.js), so
// that a run of the page sends the few bytes that changed; each may come before the map.
const shared = (window.embedlabAtlas ??= {}), WHOLE = [0, 0, 1];
shared.take = (kind) => {  // as the newest place of a part was told: Streamlit may draw it twice for a moment
  const { atlas } = shared, told = shared[kind] ?? new Map();
  for (const place of told.keys()) if (!place.isConnected) told.delete(place);
  const [place, data = null] = [...told].at(-1) ?? [];
  if (kind === "shown" && atlas && !place?.contains(atlas.bars)) place?.append(atlas.bars);  // keeps the focus
  atlas?.take(kind, data);
};

function asked() {  // the place that the address names
  const place = (new URL(location).searchParams.get("view") ?? "").split(",").map(Number);
  return place.length === 3 && place.every(Number.isFinite) ? place : null;
}

for (const kind of ["pointerdown", "keydown"]) {
  window.addEventListener(kind, () => { if (shared.atlas) shared.atlas.follows = true; }, true);
}
window.addEventListener("popstate", () => {  // words that come before the visitor does anything are of entries left
  const { atlas } = shared;
  if (!atlas) return;
  atlas.follows = false;
  atlas.look(...(asked() ?? WHOLE), true);
  clearTimeout(atlas.resting);  // the address names this place already, the whole map by no word of it
});

export default function map({ parentElement, data, setTriggerValue }) {
  const before = shared.atlas, page = location.pathname, on = {
    pick: (row) => setTriggerValue("picked", row), lasso: (corners) => setTriggerValue("outline", corners),
    look: (view) => page === location.pathname && window.embedlabAddress?.drift("view", view),
  };
  if (!same(before?.bytes, data)) {
    before?.root.remove();
    before?.bars.remove();
    const atlas = (shared.atlas = new Atlas(data, on)), view = asked();
    const linked = view && !before?.follows;  // else the address names a place on the map before
    if (view) atlas.look(...(linked ? view : WHOLE), linked);
    atlas.follows = !linked && new URL(location).searchParams.has("word");
  } else if (!before.root.isConnected && before.view.zoom > 1) {
    before.look(...Object.values(before.view));  // come again, to an address that names no place
  }
  shared.atlas.on = on;
  parentElement.append(shared.atlas.root);
  ["paint", "second", "shown"].forEach(shared.take);
}
