// Arrow keys walk through steps. A tab or a switch that has been clicked would keep them for itself: where a pointer
// did it, the focus is given back. Who goes there by keyboard keeps it, and its arrows.
const HOLDERS = "[role=tab], .st-key-one_step [role=radio]";

function giveBack(held) {
  if (document.activeElement === held && held.matches(HOLDERS)) held.blur();
}

export default function () {
  const open = document.activeElement;  // the tab that was clicked to come here
  if (open?.matches("[role=tab]:not(:focus-visible)")) giveBack(open);
  const note = (event) => {
    const held = event.detail && event.target.closest?.(HOLDERS);  // 0: a key did it
    if (held) setTimeout(() => giveBack(held));
  };
  document.addEventListener("click", note, true);  // the switch lets no click through to the page
  return () => document.removeEventListener("click", note, true);
}
