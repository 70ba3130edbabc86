const shared = (window.embedlabAtlas ??= {});
export default ({ data }) => { shared.state = data; shared.atlas?.set(data); };
