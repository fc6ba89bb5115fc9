// What the learner does with a range input, told to the picture of its explorer in the browser, without a kernel.

function element(tag, properties = {}, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Set a property only where it differs: twenty times a second, a page should not look at what stays. */
function put(node, name, value) {
  if (node[name] !== value) node[name] = value;
}

/** Note in the page which knob an element is of, for those who ask which controls may move (kept.js). */
function mark(el, { knob, index }) {
  Object.assign(el.dataset, { knob, index: index ?? "" });
}

/** Without this the notebook would take the keys pressed inside an element. */
function keepKeys(el) {
  el.dataset.lmSuppressShortcuts = "true";
  el.addEventListener("keydown", (event) => event.stopPropagation());
}

/**
 * Dispatches what happens to the knob of a range input, as events that rise to the explorer:
 *   wbviz-hold, wbviz-release   taken hold of, by pointer or keys, and let go
 *   wbviz-turn                  moved by the learner to `value`
 *   wbviz-set                   put to `value` by anything else
 * and hands what the explorer is told by wbviz-put to `put(index, value)`. All carry {knob, index, value}.
 */
class Turning {
  /** `at()`: the knob and index that the range turns now. */
  constructor(range, at, put) {
    Object.assign(this, { range, at, held: null, ended: new AbortController() });
    range.addEventListener("pointerdown", ({ button }) => button === 0 && !range.disabled && this.press());
    range.addEventListener("focus", () => range.matches(":focus-visible") && this.hold());
    range.addEventListener("blur", () => this.release());
    const hear = ({ target, detail }) =>
      target.contains(range) && detail.knob === at().knob && put(detail.index, detail.value);
    document.addEventListener("wbviz-put", hear, { capture: true, signal: this.ended.signal });
  }

  press() {
    this.hold();
    const over = new AbortController();
    const release = () => (over.abort(), this.release());
    for (const type of ["pointerup", "pointercancel"]) addEventListener(type, release, { signal: over.signal });
  }

  hold() {
    if (!this.held) this.tell("hold", (this.held = this.at()));
  }

  release() {
    if (this.held) this.tell("release", this.held);
    this.held = null;
  }

  /** The range was moved, perhaps by keys after the pointer had let it go. */
  turn(value) {
    this.hold();
    this.tell("turn", { ...this.at(), value });
  }

  tell(what, detail) {
    this.range.dispatchEvent(new CustomEvent(`wbviz-${what}`, { bubbles: true, detail }));
  }

  end() {
    this.release();
    this.ended.abort();
  }
}
