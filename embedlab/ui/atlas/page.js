// The map as a page of its own, which needs no network. It holds no vectors: a click names a word and joins it to none.
const { map, shown, paint, second, view, moved } = JSON.parse(document.getElementById("what").textContent);
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const name = (word) => atlas.show({ ...shown, word, near: [] });
const atlas = new Atlas(bytes(map), { pick: name });
const box = document.getElementById("word"), status = document.querySelector("[role=status]");
document.getElementById("map").append(atlas.root, atlas.bars);
atlas.take("paint", bytes(paint));
Object.assign(atlas, { follows: false, begins: moved });
atlas.look(...view, true);
if (second) atlas.take("second", bytes(second));
atlas.show(shown);
atlas.follows = true;
document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = box.value.trim(), rows = [typed, typed.toLowerCase()].map((word) => atlas.words.indexOf(word));
  const row = rows.find((row) => row >= 0) ?? -1;
  status.textContent = row < 0 ? "Not on this map." : "";
  if (row >= 0) name(row);
});
