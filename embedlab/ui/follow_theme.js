// The theme, followed: charts have the colors of the run that drew them, so the page is run again when the visitor or
// the system turns light into dark. The paper takes its color from the theme in a transition, whose end is an event.
export default function ({ parentElement, data, setTriggerValue }) {
  const paper = parentElement.querySelector("i");
  paper.ontransitionend = () => {
    const light = getComputedStyle(paper).backgroundColor.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0);
    if (light < 384 !== data.dark) setTriggerValue("turned", true);
  };
}
