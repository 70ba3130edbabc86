// Draws the page's chart in the colors that the reader's system asks for, and lets the app's player move its slider.
const what = JSON.parse(document.getElementById("what").textContent);
const darkness = window.matchMedia("(prefers-color-scheme: dark)");
let shown = null;

async function draw() {
  const place = what.player && shown?.view.signal(what.player.param);
  const chart = structuredClone(what.chart);
  for (const [path, value] of darkness.matches ? what.dark : []) {  // what is otherwise in the dark
    const inside = path.slice(0, -1).reduce((part, key) => part[key], chart);
    inside[path.at(-1)] = value;
  }
  const tooltip = { theme: darkness.matches ? "dark" : "light" };
  shown?.finalize();
  shown = await window.embedlabEmbed("#picture", chart, { mode: "vega", renderer: "svg", actions: false, tooltip });
  if (place !== undefined && place !== null) await shown.view.signal(what.player.param, place).runAsync();
}

if (what.player) window.embedlabPlayer({ parentElement: document, data: what.player });
let drawing = draw();
darkness.addEventListener("change", () => { drawing = drawing.then(draw); });
