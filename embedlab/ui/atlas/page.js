// The map as a page of its own, which needs no network. It holds no vectors: a click names a word and joins it to none.
const { map, state, view } = JSON.parse(document.getElementById("what").textContent);
const atlas = new Atlas(Uint8Array.from(atob(map), (sign) => sign.charCodeAt(0)), { pick: (word) => atlas.set({ ...state, word, near: [] }) });
document.getElementById("map").append(atlas.root);
atlas.set(state);
atlas.look(...view);
document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = document.getElementById("word").value.trim(), row = [typed, typed.toLowerCase()].map((word) => atlas.words.indexOf(word)).find((row) => row >= 0);
  document.querySelector("[role=status]").textContent = row === undefined ? "Not on this map." : "";
  if (row !== undefined) atlas.set({ ...state, word: row, near: [] });
});
