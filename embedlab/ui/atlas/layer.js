const shared = (window.embedlabAtlas ??= { state: null, layer: null, atlas: null });

export default function ({ data }) {
  shared.layer = data;
  shared.atlas?.layer(data);
  return () => {
    shared.layer = null;
    shared.atlas?.unlayer();
  };
}
