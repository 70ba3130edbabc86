// One click, one address, one view. Streamlit writes every change of an input to the address bar, some as an entry of
// the history each, others as none. Here such changes only replace the entry until the page has run to its end; then
// the view that is shown gets one entry, and an address whose view could not be shown goes back to the one before it.
const APP = "[data-testid=stApp]", STATE = "data-test-script-state", SHOWN = "notRunning";
const REFUSED = "st-key-refused_", WORKING = "st-key-working_", TRIES = "st-key-tries_";
const LEFT = "embedlab";  // in the state of an entry whose page runs: the address of the view that it had before
const TABS = 700;  // ms from a click on a tab until the address names it
const PATIENCE = 100;  // ms from the end of a run until what it drew stands

const keyOf = (container, kind) => [...container.classList].find((name) => name.startsWith(kind)).slice(kind.length);
const keys = (root, kind) => [...root.querySelectorAll(`[class*=${kind}]`)].map((found) => keyOf(found, kind));

class Address {
  settled = location.href; travelled = false; timer = null;
  typing = false; typed = false; entered = false; refusals = 0;
  push = history.pushState.bind(history); replace = history.replaceState.bind(history);

  watch() {
    history.pushState = (state, title, url) => this.write(state, title, url, this.push);
    history.replaceState = (state, title, url) => this.write(state, title, url, this.replace);
    window.addEventListener("popstate", () => this.arrive(), true);
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") return void (this.entered = true);  // what was typed may still be on its way
      if (this.entered) this.typed = this.entered = false;
      this.typing = key.length === 1 || key === "Backspace";
    }, true);
    document.addEventListener("pointerdown", () => { this.typing = this.typed = this.travelled = false; }, true);
    document.addEventListener("click", (event) => this.bringIntoView(event.target), true);
    document.addEventListener("click", ({ target }) => {  // a tab comes into the address after its run has ended
      if (target.closest?.("[role=tab]")) setTimeout(() => this.wait(), TABS);
    }, true);
    new MutationObserver(() => this.wait()).observe(document.querySelector(APP), { attributeFilter: [STATE] });
    this.wait();
  }
  write(state, title, url, native) {  // another page is always another entry
    const other = url != null && new URL(url, location.href).pathname !== location.pathname;
    if (other) return native(state, title, url);
    const left = this.samePage() ? { [LEFT]: this.settled } : {};
    this.replace({ ...state, ...left }, title, url);
  }
  samePage() { return new URL(this.settled).pathname === location.pathname; }
  arrive() {  // at an entry, which may have been left by Back or Forward before its page had run
    const left = history.state?.[LEFT];
    if (left && left !== location.href) {
      this.replace({}, "", left);
      return void window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));  // Streamlit has read the other
    }
    this.settled = location.href;
    this.travelled = true;
  }
  wait() {
    clearTimeout(this.timer);
    if (document.querySelector(APP)?.getAttribute(STATE) === SHOWN) this.timer = setTimeout(() => this.settle(), PATIENCE);
  }
  settle() {
    if (keys(document, WORKING).length) return;
    const samePage = this.samePage();
    const shown = samePage && !this.travelled ? this.withoutRefused() : location.href;
    if (shown !== location.href || history.state?.[LEFT]) this.replace({}, "", shown);
    if (shown === this.settled) return void (this.travelled = false);
    if (samePage && !this.travelled && !(this.typing && this.typed)) {
      this.replace({}, "", this.settled);
      this.push({}, "", shown);
    }
    this.typed = this.typing;  // what is typed on becomes part of the same entry
    this.travelled = false;
    this.settled = shown;
  }
  withoutRefused() {  // refused inputs have in the address what they had in the last view; see `address.refused`
    const now = new URL(location.href), before = new URL(this.settled);
    const refusals = keys(document, REFUSED).map((key) => key.split("--").slice(1)), seen = this.refusals;
    for (const [number, ...inputs] of refusals.map((parts) => [+parts.pop(), ...parts])) {
      if (number <= seen) continue;  // of a run before, and about to be removed
      this.refusals = Math.max(this.refusals, number);
      if (!inputs.length) return before.href;
      for (const input of inputs) {
        now.searchParams.delete(input);
        for (const value of before.searchParams.getAll(input)) now.searchParams.append(input, value);
      }
    }
    return now.href;
  }
  bringIntoView(clicked) {
    const buttons = clicked.closest?.("button")?.closest(`[class*=${TRIES}]`);
    const picture = buttons && document.querySelector(".st-key-" + keyOf(buttons, TRIES).split("--")[0]);
    if (!picture) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    picture.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
  }
}

export default function () {
  if (!window.embedlabAddress) (window.embedlabAddress = new Address()).watch();
}
