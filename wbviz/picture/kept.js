// Where no kernel runs: what a notebook kept of a picture (kept.py), and what of its explorer moves by that.
//
// A knob that was kept moves the picture from the state that was kept, one at a time: when another is turned, the first
// goes back. What cannot move is disabled, and a sentence under the picture says so. A frame of Python's ends all this.

/** So long after the kept picture Python may still be heard of, in milliseconds. */
const PATIENT = 1000;

class Kept {
  constructor(list, model) {
    Object.assign(this, { list, model, asleep: false, sweeps: [], stilled: new Set(), notes: [], observers: [] });
  }

  /** Show what was kept, if there is anything and Python has sent nothing yet. */
  async show() {
    const { messages } = this.model.get("kept") ?? {};
    if (!messages || this.list.frame) return;
    const [[frame, [buffer]], ...sweeps] = messages;
    const whole = await inflate(buffer);
    if (!this.sweeps) return;
    this.list.receive(frame, whole);
    for (const [{ glyphs, ...sweep }, [outlines, packed]] of sweeps) {
      this.list.addGlyphs(glyphs, copied(outlines));
      this.sweeps.push({ ...sweep, packed });
    }
    setTimeout(() => this.sleep(), PATIENT);
  }

  /** Python has sent a frame. */
  end() {
    if (!this.sweeps) return;
    if (this.asleep) this.model.set("interactive", this.interactive);
    this.observers.forEach((observer) => observer.disconnect());
    this.notes.forEach((note) => note.remove());
    this.stilled.forEach((control) => (control.disabled = false));
    Object.assign(this, { asleep: false, sweeps: null, stilled: new Set() });
  }

  /** No kernel runs: say so in every view. */
  sleep() {
    if (!this.sweeps) return;
    this.asleep = true;
    this.interactive = this.model.get("interactive");
    this.model.set("interactive", false);
    this.list.views.forEach((view) => this.still(view));
  }

  /** Disable what cannot move in the explorer of a view, now and whenever controls appear, and say what can. */
  still({ canvas, frame }) {
    const explorer = canvas.closest(".wbviz-explorer");
    if (!this.asleep || !explorer) return;
    const controls = "button, input, select, textarea";
    const run = () => explorer.querySelectorAll(controls).forEach((control) => this.disable(control));
    const observer = new MutationObserver(run);
    observer.observe(explorer, { childList: true, subtree: true });
    this.observers.push(observer);
    run();
    const note = element("p", { className: "wbviz-kept" });
    note.append(...this.words());
    frame.after(note);
    this.notes.push(note);
  }

  disable(control) {
    const { knob, index } = control.closest("[data-knob]")?.dataset ?? {};
    const moves = this.sweeps.some((sweep) => sweep.knob === knob && String(sweep.index ?? "") === index);
    if (moves || control.disabled) return;
    control.disabled = true;
    this.stilled.add(control);
  }

  /** What is said under the picture. */
  words() {
    const { address } = this.model.get("kept");
    const labels = this.sweeps.map(({ label }) => label);
    const all = [labels.slice(0, -1).join(", "), labels.at(-1)].filter(Boolean).join(" and ");
    const still = "No Python runs behind this page, so the figure stands still. It moves when the notebook is run";
    const turned = `Here you can turn ${all}${labels.length > 1 ? ", one at a time" : ""}`;
    const moves = `No Python runs behind this page. ${turned}. The whole figure moves when the notebook is run`;
    const words = labels.length ? moves : still;
    if (!address) return [`${words}.`];
    return [`${words}: `, element("a", { href: address, target: "_blank", textContent: "open it on Binder" }), "."];
  }

  /** The learner turned a knob. */
  async turn(hand) {
    const { list } = this;
    if (!this.asleep) return list.sweeps.turn(hand);
    const sweep = this.sweeps.find((one) => sameKnob(one, hand));
    if (!sweep) return;
    if (this.hand && !sameKnob(this.hand, hand)) this.put(this.sweeps.find((one) => sameKnob(one, this.hand)));
    this.hand = hand;
    list.sweeps.turn(hand);
    sweep.ready ??= list.sweeps.receive({ ...sweep, glyphs: {} }, [sweep.packed, sweep.packed]);
    await sweep.ready;
    if (this.hand !== hand) return;
    // Only exact frames: Python will not send one when the knob rests.
    const value = list.sweeps.nearest(hand);
    if (sameValue(value, hand.value)) return;
    this.put({ ...hand, value });
    list.sweeps.turn({ ...hand, value });
  }

  /** Let the control of a knob show a value. */
  put({ knob, index, value }) {
    const explorers = new Set([...this.list.views].map(({ canvas }) => canvas.closest(".wbviz-explorer")));
    const detail = { knob, index, value };
    explorers.forEach((explorer) => explorer?.dispatchEvent(new CustomEvent("wbviz-put", { detail })));
  }
}
