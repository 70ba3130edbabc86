// The map as a part of a Streamlit page, of three components that are one map: its points, what it shows, and a layer
// upon it. A rerun sends the few bytes of what it shows; the others are sent once. Where it is looked at, is in the address.
const shared = (window.embedlabAtlas ??= { atlas: null, state: null, layer: null });

function asked() {  // the place that the address names
  const place = (new URL(location).searchParams.get("view") ?? "").split(",").map(Number);
  return place.length === 3 && place.every(Number.isFinite) ? place : null;
}

function map({ parentElement, data, setTriggerValue }) {
  const on = {
    pick: (row) => { shared.atlas.arrived = true; setTriggerValue("picked", row); },
    lasso: (corners) => setTriggerValue("outline", corners),
    look: (view) => window.embedlabAddress?.drift("view", view),
  };
  if (same(shared.atlas?.bytes, data)) {
    shared.atlas.on = on;
  } else {
    shared.atlas?.gone.abort();
    const atlas = (shared.atlas = new Atlas(data, on)), view = asked();
    if (view) atlas.look(...view);
    atlas.opens = !view && new URL(location).searchParams.has("word");
    window.addEventListener("popstate", () => {
      atlas.arrived = true;
      atlas.look(...(asked() ?? [0, 0, 1]));
    }, { signal: atlas.gone.signal });
  }
  parentElement.append(shared.atlas.root);
  if (shared.state) shared.atlas.set(shared.state);
  shared.atlas.layer(shared.layer);
}

function control({ data }) {
  shared.state = data;
  shared.atlas?.set(data);
}

function layer({ data }) {
  shared.layer = data;
  shared.atlas?.layer(data);
  return () => {
    shared.layer = null;
    shared.atlas?.layer(null);
  };
}
