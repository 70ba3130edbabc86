// Brings a place into view once for each arrival at the page, and keeps it there while what stands above it grows, until
// the visitor does something.
const GROWS = 4000;  // ms that charts above may take
const TOUCHES = ["wheel", "pointerdown", "keydown", "touchstart"];

export default function ({ data }) {
  if (window.embedlabArrival === data.arrival) return;
  window.embedlabArrival = data.arrival;
  const show = () => document.querySelector(`.st-key-${data.place}`)?.scrollIntoView({ block: "start" });
  const watch = new ResizeObserver(show);
  const end = () => {
    watch.disconnect();
    TOUCHES.forEach((touch) => window.removeEventListener(touch, end, true));
  };
  TOUCHES.forEach((touch) => window.addEventListener(touch, end, true));
  watch.observe(document.querySelector("[data-testid=stMainBlockContainer]"));  // at once, and at each change
  setTimeout(end, GROWS);
}
