const shared = (window.embedlabAtlas ??= {}), put = (part) => { shared[kind] = part; shared.take?.(kind); };
export default (part) => { put(part); return () => put(null); };
