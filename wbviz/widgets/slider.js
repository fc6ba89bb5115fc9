// The row of a number knob. The range counts steps, so that no browser rounds a value; the field shows the value.

class Slider {
  constructor(model, el) {
    Object.assign(this, { model, telling: false });
    const id = `wbviz-${Math.random().toString(36).slice(2)}`;
    this.label = element("label", { htmlFor: id });
    this.range = element("input", { type: "range", id });
    this.field = element("input", { type: "number" });
    this.error = element("div", { className: "wbviz-error", role: "alert" });
    this.at = { knob: model.get("knob"), index: model.get("index") };
    mark(el, this.at);
    this.turning = new Turning(this.range, () => this.at, (index, value) => index === this.at.index && this.put(value));
    el.classList.add("wbviz-slider");
    keepKeys(el);
    el.append(this.label, this.range, this.field, this.error);
    this.listen();
    this.fit();
    this.show();
  }

  listen() {
    const { range, field } = this;
    range.addEventListener("input", () => this.slide());
    field.addEventListener("input", () => (field.dataset.typing = "true")); // nothing overwrites what is being typed
    field.addEventListener("change", () => this.type());
    field.addEventListener("blur", () => (delete field.dataset.typing, this.put(this.value)));
  }

  /** The learner moved the range. */
  slide() {
    const value = this.valueAt(this.range.valueAsNumber);
    this.put(value);
    this.turning.turn(value);
    this.tell(value);
  }

  /** The learner typed a number, or something that is none. What is wrong with it is for Python to say. */
  type() {
    const { field, model } = this;
    const { min, max } = model.get("span");
    delete field.dataset.typing;
    const value = field.value === "" ? null : field.valueAsNumber;
    if (value !== null && min <= value && value <= max) {
      this.put(value);
      this.turning.tell("turn", { ...this.at, value });
    }
    this.tell(value);
  }

  /** Tell Python: the value, and how many times the learner has turned this knob by now. */
  tell(value) {
    const { model } = this;
    this.turns = model.get("turns") + 1;
    this.telling = true;
    model.set("turns", this.turns);
    model.set("value", value);
    this.telling = false;
    model.save_changes();
  }

  /** The model has another value: Python's, if it is not older than the learner's; or that of another view. */
  hear() {
    if (this.telling) return;
    const [value, turns] = ["value", "turns"].map((name) => this.model.get(name));
    const elsewhere = turns !== this.turns; // turned in another view of the same row
    this.turns = turns;
    if (!elsewhere && this.model.get("heard") < turns) return this.model.set("value", this.value);
    if (value !== this.value && !elsewhere) this.turning.tell("set", { ...this.at, value });
    if (value !== null) this.put(value);
  }

  /** Show a value without telling anybody. */
  put(value) {
    const { range, field } = this;
    this.value = value;
    put(range, "value", String(this.positionOf(value)));
    put(range, "ariaValueText", String(value));
    if (!field.dataset.typing) put(field, "value", String(value));
  }

  // A scale of equal steps has its positions at whole numbers of steps from 0; another one lists its stops.

  positionOf(value) {
    const { step, stops } = this.model.get("span");
    if (!stops) return Math.round(value / step);
    const far = stops.map((stop) => Math.abs(Math.log(value / stop)));
    return far.indexOf(Math.min(...far));
  }

  valueAt(position) {
    const { min, max, step, stops } = this.model.get("span");
    return stops ? stops[position] : Math.min(Math.max(Number((position * step).toFixed(10)), min), max);
  }

  /** Take up the range of the knob. */
  fit() {
    const { min, max, step, stops } = this.model.get("span");
    const ends = stops ? [0, stops.length - 1] : [min, max].map((end) => this.positionOf(end));
    Object.assign(this.range, { min: ends[0], max: ends[1], step: 1 });
    Object.assign(this.field, { min: stops ? "" : min, max, step }); // its steps count from min, if it has one
    this.turns = this.model.get("turns");
    this.put(this.model.get("value"));
  }

  show() {
    const [label, tip, disabled, error] = ["label", "tip", "disabled", "error"].map((name) => this.model.get(name));
    put(this.label, "textContent", label);
    for (const control of [this.range, this.field]) {
      put(control, "ariaLabel", label);
      put(control, "disabled", disabled);
      put(control, "title", tip);
    }
    put(this.label, "title", tip);
    put(this.error, "textContent", error);
  }
}

function render({ model, el }) {
  const slider = new Slider(model, el);
  const listeners = {
    "change:value": () => slider.hear(),
    "change:span": () => slider.fit(),
    "change:label change:disabled change:error": () => slider.show(),
  };
  for (const [names, listener] of Object.entries(listeners)) model.on(names, listener);
  return () => {
    for (const [names, listener] of Object.entries(listeners)) model.off(names, listener);
    slider.turning.end();
  };
}

export default { render };
