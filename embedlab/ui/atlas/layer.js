const shared = (window.embedlabAtlas ??= {});
const layer = (kind) => ({ data }) => {
  shared[kind] = data;
  shared.atlas?.layer(kind, data);
  return () => { shared[kind] = null; shared.atlas?.layer(kind, null); };
};
