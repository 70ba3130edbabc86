// The map as a part of a Streamlit page. What it shows and what lies upon it are components of their own (part.js), so
// that a run of the page sends the few bytes that changed; each may come before the map.
const shared = (window.embedlabAtlas ??= {}), WHOLE = [0, 0, 1];
shared.take = (kind) => {  // as the newest place of a part was told: Streamlit may draw it twice for a moment
  const { atlas } = shared, told = shared[kind] ?? new Map();
  for (const place of told.keys()) if (!place.isConnected) told.delete(place);
  const [place, data = null] = [...told].at(-1) ?? [];
  if (kind === "shown") {
    if (!atlas?.root.isConnected) return;  // a map that comes again takes its word then, at its place
    if (!place?.contains(atlas.bars)) place?.append(atlas.bars);  // keeps the focus
  }
  atlas?.take(kind, data);
};

function asked() {  // the place that the address names, and how far words have moved to those of a second map
  const query = new URL(location).searchParams, place = (query.get("view") ?? "").split(",").map(Number);
  const part = parseFloat(query.get("moved")), view = place.length === 3 && place.every(Number.isFinite) ? place : null;
  return { view, begins: part >= 0 && part < 1 ? part : null };
}

for (const kind of ["pointerdown", "keydown"]) {
  window.addEventListener(kind, () => shared.atlas && Object.assign(shared.atlas, { follows: true, begins: null }), true);
}
window.addEventListener("popstate", () => {  // words that come before the visitor does anything are of entries left
  const { atlas } = shared;
  if (!atlas) return;
  atlas.follows = false;
  const { view, begins } = asked();
  atlas.look(...(view ?? WHOLE), true);
  atlas.begins = begins ?? 1;
  if (atlas.second) atlas.animate("travel", 0, () => atlas.move(atlas.begins));
  clearTimeout(atlas.resting);  // the address names this place already, the whole map by no word of it
});

export default function map({ parentElement, data, setTriggerValue }) {
  const before = shared.atlas, page = location.pathname;
  const told = (name, value) => page === location.pathname && window.embedlabAddress?.drift(name, value);
  const on = {
    pick: (row) => setTriggerValue("picked", row), lasso: (outline) => setTriggerValue("outline", outline),
    look: (view) => told("view", view), move: (mix) => told("moved", mix < 1 ? mix : null),
  };
  if (!same(before?.bytes, data)) {
    const another = before?.root.isConnected && before.follows;  // the address names a place on the map before
    before?.root.remove();
    before?.bars.remove();
    const atlas = (shared.atlas = new Atlas(data, on)), { view, begins } = asked();
    atlas.begins = begins;
    const linked = view && !another;
    if (view) atlas.look(...(linked ? view : WHOLE), linked);
    atlas.follows = !linked && new URL(location).searchParams.has("word");
  } else if (!before.root.isConnected) {  // come again: to where it was left, if the address does not say
    const { view, begins } = asked(), place = view ?? Object.values(before.view);
    if (place[2] > 1) before.look(...place);
    const follows = !view && new URL(location).searchParams.has("word");  // that was asked, not the one a page begins with
    Object.assign(before, { linked: true, follows, begins: begins ?? before.were });
  }
  shared.atlas.on = on;
  parentElement.append(shared.atlas.root);
  ["paint", "second", "shown"].forEach(shared.take);
}
