const told = ((window.embedlabAtlas ??= {})[kind] ??= new Map()), take = () => embedlabAtlas.take?.(kind);
export default ({ parentElement, data }) => {
  told.set(parentElement, data);
  take();
  return take;
};
