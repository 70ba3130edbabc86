// The map as a part of a Streamlit page, of three components: the map itself, what it shows, and a layer upon it. A
// rerun sends the few bytes of what it shows; the others are sent once. The place on the map is in the address, without a run.
const shared = (window.embedlabAtlas ??= { state: null, layer: null, atlas: null });

function asked() {  // the place that the address names
  const [x, y, zoom] = (new URL(location).searchParams.get("view") ?? "").split(",").map(Number);
  return [x, y, zoom].every(Number.isFinite) ? [x, y, zoom] : null;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const old = shared.atlas, same = old?.bytes.length === data.length && old.bytes.every((byte, at) => byte === data[at]);
  const on = {
    pick: (row) => { shared.atlas.arrived = true; setTriggerValue("picked", row); },
    lasso: (path) => setTriggerValue("outline", path),
    look: (view) => window.embedlabAddress?.drift("view", view),
  };
  if (same) {
    old.on = on;
  } else {
    old?.ends.abort();
    const atlas = (shared.atlas = new Atlas(data, on)), view = asked();
    if (view) atlas.look(...view);
    atlas.opens = !view && new URL(location).searchParams.has("word");
    window.addEventListener("popstate", () => {
      atlas.arrived = true;
      atlas.look(...(asked() ?? [0, 0, 1]));
    }, { signal: atlas.ends.signal });
  }
  parentElement.append(shared.atlas.root);
  if (shared.state) shared.atlas.set(shared.state);
  if (shared.layer) shared.atlas.layer(shared.layer);
}
