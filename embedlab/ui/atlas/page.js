// The map as a page of its own, which needs no network. It holds no vectors: a click names a word and joins it to none.
const { map, state, view } = JSON.parse(document.getElementById("what").textContent);
const name = (word) => atlas.set({ ...state, word, near: [] });
const atlas = new Atlas(Uint8Array.from(atob(map), (sign) => sign.charCodeAt(0)), { pick: name });
const box = document.getElementById("word"), status = document.querySelector("[role=status]");
document.getElementById("map").append(atlas.root);
atlas.set(state);
atlas.look(...view);
document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = box.value.trim(), rows = [typed, typed.toLowerCase()].map((word) => atlas.words.indexOf(word));
  const row = rows.find((row) => row >= 0) ?? -1;
  status.textContent = row < 0 ? "Not on this map." : "";
  if (row >= 0) name(row);
});
