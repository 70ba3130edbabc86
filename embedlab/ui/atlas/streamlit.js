// The map as a part of a Streamlit page. What it shows and what lies upon it are components of their own (control.js,
// layer.js), so that a run of the page sends the few bytes that changed; each may come before the map.
const shared = (window.embedlabAtlas ??= {});

function asked() {  // the place that the address names
  const place = (new URL(location).searchParams.get("view") ?? "").split(",").map(Number);
  return place.length === 3 && place.every(Number.isFinite) ? place : null;
}

export default function map({ parentElement, data, setTriggerValue }) {
  const on = {
    pick: (row) => { shared.atlas.arrived = true; setTriggerValue("picked", row); },
    lasso: (corners) => setTriggerValue("outline", corners),
    look: (view) => window.embedlabAddress?.drift("view", view),
  };
  if (same(shared.atlas?.bytes, data)) {
    shared.atlas.on = on;
  } else {
    shared.atlas?.root.remove();
    shared.atlas?.gone.abort();
    const atlas = (shared.atlas = new Atlas(data, on)), view = asked();
    if (view) atlas.look(...view);
    atlas.linked = view && { ...atlas.view };
    atlas.opens = !view && new URL(location).searchParams.has("word");
    window.addEventListener("popstate", () => {
      atlas.arrived = true;
      atlas.look(...(asked() ?? [0, 0, 1]));
      clearTimeout(atlas.resting);  // the address names this place already, the whole map by no word of it
    }, { signal: atlas.gone.signal });
  }
  parentElement.append(shared.atlas.root);
  if (shared.state) shared.atlas.set(shared.state);
  for (const kind of ["paint", "second"]) shared.atlas.layer(kind, shared[kind] ?? null);
}
