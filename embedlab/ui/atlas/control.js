const shared = (window.embedlabAtlas ??= { state: null, layer: null, atlas: null });

export default function ({ data }) {
  shared.state = data;
  shared.atlas?.set(data);
}
