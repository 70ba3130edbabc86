// One click, one address, one view. Streamlit writes every change of an input to the address bar, some as an entry of
// the history each, others as none. Here such changes only replace the entry until the page has run to its end; then
// the view that is shown gets one entry, and an address whose view could not be shown goes back to the one before it.
// What is changed in a form comes into the address when the form is sent.
const APP = "[data-testid=stApp]", STATE = "data-test-script-state", SHOWN = "notRunning";
const OF = "of";  // ends the key of a refused text that is typed and sent letter by letter, with its mark
const REFUSED = "st-key-refused_", WORKING = "st-key-working_", TRIES = "st-key-tries_";
const LEFT = "embedlab";  // in the state of an entry whose page runs: the address of the view that it had before
const TABS = 700;  // ms from a click on a tab until the address names it
const PATIENCE = 100;  // ms from the end of a run until what it drew stands
const UNSEEN = 1_500;  // ms from a change of the address after which its run was too short to be seen
const DRAWN = 1_000;  // ms from the end of a run until its charts have their heights
// On a busy machine what a run drew comes late; a browser is idle once it stands.
const idle = window.requestIdleCallback ?? ((call) => setTimeout(call));
const HEADER = "[data-testid=stHeader]";
const TOGETHER = ".st-key-form_and_picture", COLUMNS = ":scope > :first-child > .stHorizontalBlock > .stColumn";
const LITTLE = 100;  // px of a picture above the header, with which it still counts as in view
const AIR = 8;  // px between the header and a picture that is brought into view, which may move by as much
const TEXT = "input:not([type=checkbox], [type=radio], [type=range]), textarea";
const FORM = "[data-testid=stForm]", SEND = "[data-testid=stFormSubmitButton]";
const CHANGED = "data-changed";  // attribute of a form with changes to be sent; the page's style says so
// Ends the address while a form has changes to be sent. Streamlit writes no address that is there already; so it
// reports every change, also one back to what was sent last.
const UNSENT = "&";

const keyOf = (container, kind) => [...container.classList].find((name) => name.startsWith(kind)).slice(kind.length);
const keys = (root, kind) => [...root.querySelectorAll(`[class*=${kind}]`)].map((found) => keyOf(found, kind));

const inForm = (name) => document.querySelector(`.st-key-${CSS.escape(name)}`)?.closest(FORM);
function sent(address) {  // spelled one way, without the mark of `UNSENT`
  const url = new URL(address, location.href);
  url.search = url.searchParams;
  return url.href;
}
function give(url, name, values) {
  url.searchParams.delete(name);
  for (const value of values) url.searchParams.append(name, value);
}

function mark(text) {  // FNV-1a, as in address.py
  let made = 2166136261;
  for (const byte of new TextEncoder().encode(text)) made = Math.imul(made ^ byte, 16777619) >>> 0;
  return String(made);
}

class Unsent {  // inputs of forms that were changed and not sent
  values = new Map(); touched = null; sending = null;
  address = null;  // without them, while Streamlit reads the one with them

  watch() {
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, ({ target }) => this.touch(target), true);
    document.addEventListener("click", ({ target }) => target.closest?.(SEND) && this.send(target.closest(FORM)), true);
    document.addEventListener("keydown", ({ target, key, ctrlKey, metaKey }) => {
      const field = target.matches?.("textarea") ? ctrlKey || metaKey : target.matches?.("input:not([role=combobox])");
      if (key === "Enter" && field) this.send(target.closest(FORM));
    }, true);
  }
  touch(target) {
    this.sending = null;
    const input = target.closest?.(`${FORM} [class*=st-key-]`);
    if (input) this.touched = keyOf(input, "st-key-");
  }
  send(form) {
    if (!form) return;
    this.sending = form;  // with Enter, a text is still on its way to the address
    const next = new URL(location);
    for (const [name, values] of this.values) if (inForm(name) === form) {
      give(next, name, values);
      this.values.delete(name);
    }
    history.replaceState(history.state, "", next.href);
    this.show();
  }
  keepBack(next, byVisitor) {  // of an address that is about to be written
    const now = new URL(this.address ?? location).searchParams, written = next.searchParams;
    const names = [...new Set([...now.keys(), ...written.keys()])];
    const changed = names.filter((name) => String(now.getAll(name)) !== String(written.getAll(name)));
    if (byVisitor && !changed.length) this.values.delete(this.touched);
    for (const name of changed) {
      const values = written.getAll(name), form = inForm(name);
      const waits = byVisitor ? form && form !== this.sending : String(this.values.get(name)) === String(values);
      if (waits) {
        this.values.set(name, values);
        give(next, name, now.getAll(name));
      } else {
        this.values.delete(name);
      }
    }
  }
  added(url) {
    const all = new URL(url);
    for (const [name, values] of this.values) give(all, name, values);
    return all.href;
  }
  show() {  // forms with changes to be sent say so at their buttons
    const waiting = new Set([...this.values.keys()].map(inForm));
    for (const form of document.querySelectorAll(FORM)) form.toggleAttribute(CHANGED, waiting.has(form));
  }
  mark(address) {
    if (!this.values.size) return address;
    return address + (address.includes("?") ? UNSENT : "?" + UNSENT);
  }
}

class Address {
  unsent = new Unsent();
  settled = sent(location.href); travelled = false; timer = null; drawn = null;
  first = true;  // the view that was opened has not settled, and the visitor has done nothing
  tried = null;  // selector of the picture that a button has just changed
  gently = false;  // by the button of its form, so that it need only be in view
  made = false;  // by jobs, with runs of the page until they end
  typing = false; typed = false; entered = false; refusals = 0;
  leaving = false;  // for another page: Streamlit takes what that has, too, out of this address before it writes the other
  drifting = new Set();  // names of what drifts
  drifted = null;  // the address of the settled view, with what has drifted since while another view is still to come
  push = history.pushState.bind(history); replace = history.replaceState.bind(history);

  watch() {
    this.unsent.watch();
    history.pushState = (state, title, url) => this.write(state, title, url, this.push);
    history.replaceState = (state, title, url) => this.write(state, title, url, this.replace);
    window.addEventListener("popstate", () => this.arrive(), true);
    document.addEventListener("keydown", ({ target, key }) => {
      this.first = this.travelled = this.leaving = false;
      if (key === "Enter") return void (this.entered = true);  // what was typed may still be on its way
      if (this.entered) this.typed = this.entered = false;
      this.typing = (key.length === 1 || key === "Backspace") && target.matches?.(TEXT);  // Space also presses buttons
      if (!this.typing) this.typed = false;
    }, true);
    document.addEventListener("pointerdown", () => {
      this.first = this.typing = this.typed = this.travelled = this.leaving = false;
    }, true);
    document.addEventListener("click", ({ target }) => {
      const link = target.closest?.("a[href]");
      this.leaving = link?.origin === location.origin && link.pathname !== location.pathname;
      this.bringIntoView(target);
    }, true);
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      document.addEventListener(kind, () => { this.tried = null; }, { capture: true, passive: true });
    }
    document.addEventListener("click", ({ target }) => {  // a tab comes into the address after its run has ended
      if (target.closest?.("[role=tab]")) setTimeout(() => this.wait(), TABS);
    }, true);
    new MutationObserver(() => this.wait()).observe(document, { subtree: true, attributeFilter: [STATE] });  // Streamlit
    // may put another element in the place of the app's
    this.wait();
  }
  write(state, title, url, native) {
    const next = new URL(url ?? location.href, location.href);
    if (next.pathname !== location.pathname) {  // another page is always another entry
      this.leaving = false;
      this.drifting.clear();
      this.unsent.values.clear();
      this.unsent.show();
      const left = history.state?.[LEFT];  // Streamlit has written inputs of that page into the entry of this one
      if (left && this.samePage()) this.replace({}, "", left);
      return native(state, title, url);
    }
    const here = new URL(location).searchParams;  // the server knows what drifts as it was when the page was opened
    for (const name of this.drifting) give(next, name, here.getAll(name));
    this.unsent.keepBack(next, native === this.replace && !this.travelled);  // pages themselves push
    const left = this.samePage() ? { [LEFT]: this.settled } : {};
    const write = (address) => this.replace({ ...state, ...left }, title, address);
    write(this.unsent.added(next));  // Streamlit reads here, at once, what it will send to the server with the form
    this.unsent.address = sent(next);
    queueMicrotask(() => {
      this.unsent.address = null;
      if (this.unsent.values.size) write(this.unsent.mark(sent(next)));
      this.unsent.show();
    });
    clearTimeout(this.timer);
    if (native === this.push) this.wait();
    else this.timer = setTimeout(() => this.wait(), UNSEEN);
  }
  drift(name, value) {  // of what changes without a run and many times, such as the place on a map: no entry of its own
    const now = new URL(sent(location)), before = new URL(this.settled), stands = now.href === this.settled;
    this.drifting.add(name);
    const values = value === null ? [] : [value];
    give(now, name, values);
    if (this.samePage()) give(before, name, values);
    this.drifted = sent(before);
    if (stands) this.settled = this.drifted;  // else the entry of the view before keeps where that was left
    this.replace(history.state, "", this.unsent.mark(sent(now)));
  }
  samePage() { return new URL(this.settled).pathname === location.pathname; }
  arrive() {  // at an entry, which may have been left by Back or Forward before its page had run
    this.leaving = this.made = false;
    this.tried = null;
    const left = history.state?.[LEFT];
    this.unsent.values.clear();
    this.unsent.show();
    if (left && left !== sent(location)) {
      this.replace({}, "", left);
      return void window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));  // Streamlit has read the other
    }
    this.settled = sent(location);
    this.travelled = true;
  }
  wait() {
    clearTimeout(this.timer);
    if (this.shown()) this.timer = setTimeout(() => idle(() => this.settle(), { timeout: UNSEEN }), PATIENCE);
  }
  shown() { return document.querySelector(APP)?.getAttribute(STATE) === SHOWN; }
  settle() {
    if (!this.shown() || this.leaving) return;
    if (!this.travelled && this.overtaken()) {  // its run may be too short to be seen
      this.timer = setTimeout(() => this.wait(), UNSEEN);
      return;
    }
    const fresh = this.first || !this.samePage();
    // The view of a link, or of an entry come back to, is still to come; what a visitor asks for is shown as it is made.
    if (keys(document, WORKING).length && (fresh || this.travelled)) return;
    this.keepInView();
    this.first = false;
    const shown = this.travelled ? sent(location) : this.withoutRefused(fresh);
    if (shown !== sent(location) || history.state?.[LEFT]) this.replace({}, "", this.unsent.mark(shown));
    const same = [this.settled, this.drifted].includes(shown);
    this.drifted = null;
    if (!same || this.made || (this.gently && this.tried)) this.rest();
    if (same) return void ([this.settled, this.travelled] = [shown, false]);
    if (!fresh && !this.travelled && !(this.typing && this.typed)) {
      this.replace({}, "", this.settled);
      this.push({}, "", this.unsent.mark(shown));
    }
    this.typed = this.typing;  // what is typed on becomes part of the same entry
    this.travelled = false;
    this.settled = shown;
  }
  withoutRefused(fresh) {  // refused inputs have in the address what they had in the last view; see `address.refused`
    const now = new URL(location), before = new URL(fresh ? location.pathname : this.settled, location);
    for (const { number, inputs } of this.refused()) {
      this.refusals = Math.max(this.refusals, number);
      if (!inputs.length) return fresh ? sent(now) : before.href;
      for (const input of inputs) give(now, input, before.searchParams.getAll(input));
    }
    return sent(now);
  }
  rest() {  // what was tried is let go once its charts have their heights; while jobs make them, that is still to come
    clearTimeout(this.drawn);
    this.drawn = setTimeout(() => {
      this.keepInView();
      this.made = !this.shown() || keys(document, WORKING).length > 0;
      if (!this.made) this.tried = null;
    }, DRAWN);
  }
  refused() {  // by the run that is shown; those of runs before are about to be removed
    const now = new URL(location).searchParams;
    return keys(document, REFUSED).map((key) => {
      const inputs = key.split("--").slice(1), of = inputs.at(-1).startsWith(OF) ? inputs.pop().slice(OF.length) : null;
      const number = +inputs.pop(), current = of === null || of === mark(now.getAll(inputs[0]).at(-1) ?? "");
      return { number, inputs, current };
    }).filter(({ number }) => number > this.refusals);
  }
  overtaken() {  // what is refused is no longer what the address asks for: the run for that is still to come
    return this.refused().some(({ current }) => !current);
  }
  bringIntoView(clicked) {
    clearTimeout(this.drawn);  // of a click before this one
    this.made = false;
    const button = clicked.closest?.("button"), buttons = button?.closest(`[class*=${TRIES}]`);
    this.gently = !buttons && !!button?.closest(SEND) && !!button.closest(TOGETHER);
    this.tried = buttons ? ".st-key-" + keyOf(buttons, TRIES).split("--")[0] : this.gently ? TOGETHER : null;
    if (buttons) this.scroll(this.picture());
  }
  scroll(part, block = "start") {
    if (!part) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    part.style.scrollMargin = `${this.header() + AIR}px 0 ${AIR}px`;
    part.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
  }
  picture() {  // of a form and a picture, on a phone one below the other, the picture
    const place = this.tried && document.querySelector(this.tried);
    const columns = place?.querySelectorAll(COLUMNS) ?? [];
    return columns.length === 2 && columns[1].offsetTop > columns[0].offsetTop ? columns[1] : place;
  }
  header() { return document.querySelector(HEADER)?.offsetHeight ?? 0; }  // which lies on the page
  keepInView() {  // what was tried, though the page above it has become shorter or longer, unless the visitor has moved on
    const place = this.gently && this.tried ? document.querySelector(this.tried) : null;
    const refused = place?.querySelector(COLUMNS)?.querySelector(`[class*=${REFUSED}]`);  // in the form
    if (refused) return this.scroll(refused, "nearest");
    const picture = this.picture(), top = picture?.getBoundingClientRect().top - this.header() - AIR;
    const away = this.gently ? top < -LITTLE || top > window.innerHeight / 2 : Math.abs(top) > AIR;
    if (picture && away) this.scroll(picture);
  }
}

export default function () {
  if (!window.embedlabAddress) (window.embedlabAddress = new Address()).watch();
}
