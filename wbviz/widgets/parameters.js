// The table of a network's weights and biases. Python holds the values; what the learner does is told to it as deeds.

const LAST = 32;

/** Tell Python what was done. Only the latest state travels, so it holds the last deeds, each with its number. */
function tell(model, what, index, value = null) {
  const before = model.get("deeds");
  const number = (before.at(-1)?.[0] ?? 0) + 1;
  const others = before.filter(([, doing, at]) => doing !== what || at !== index);
  model.set("deeds", [...others, [number, what, index, value]].slice(-LAST));
  model.save_changes();
}

class Table {
  constructor(model, el) {
    this.model = model;
    this.slider = element("input", { type: "range" });
    this.name = element("label");
    this.number = element("output");
    this.layers = element("div", { className: "layers" });
    this.error = element("div", { className: "wbviz-error" });
    el.classList.add("wbviz-table");
    keepKeys(el);
    el.append(element("div", { className: "in-hand" }, [this.name, this.slider, this.number]), this.layers, this.error);
    this.turning = new Turning(this.slider, () => this.at(model.get("chosen")), (index, value) => this.put(index, value));
    this.slider.addEventListener("input", () => this.slide(model.get("chosen"), this.slider.valueAsNumber));
    this.build();
  }

  /** The knob that is one of the parameters. */
  at(index) {
    return { knob: this.model.get("knob"), index };
  }

  slide(index, value) {
    this.put(index, value);
    this.turning.turn(value);
    tell(this.model, "edit", index, value);
  }

  /** A number was typed, or something that is none. What is wrong with it is for Python to say. */
  type(index, field) {
    const { min, max } = this.model.get("span");
    delete field.dataset.typing;
    const value = field.value === "" ? null : field.valueAsNumber;
    if (value !== null && min <= value && value <= max) {
      this.put(index, value);
      this.turning.tell("turn", { ...this.at(index), value });
    }
    tell(this.model, "edit", index, value);
  }

  build() {
    const { min, max, step } = this.model.get("span");
    Object.assign(this.slider, { min, max, step });
    this.cells = [];
    this.shown = [...this.model.get("values")];
    this.layers.replaceChildren(...this.model.get("layers").map((layer) => this.layer(layer)));
    this.show();
  }

  layer({ title, rows, columns, cells, first }) {
    const heading = columns.map((name) => element("th", { scope: "col", textContent: name }));
    const body = rows.map((name, row) => {
      const fields = columns.map((_, column) => {
        const at = row * columns.length + column;
        return this.cell(cells[at], first + at);
      });
      const className = row === rows.length - 1 ? "bias" : "";
      return element("tr", { className }, [element("th", { scope: "row", textContent: name }), ...fields]);
    });
    return element("table", {}, [
      element("caption", { textContent: this.model.get("frozen") ? `${title}; tick to freeze` : title }),
      element("thead", {}, [element("tr", {}, [element("td"), ...heading])]),
      element("tbody", {}, body),
    ]);
  }

  cell(name, index) {
    const { model } = this;
    const { min, max, step } = model.get("span");
    const field = element("input", { type: "number", min, max, step, ariaLabel: name });
    field.addEventListener("focus", () => index !== model.get("chosen") && tell(model, "choose", index));
    field.addEventListener("input", () => (field.dataset.typing = "true")); // nothing overwrites what is being typed
    field.addEventListener("change", () => this.type(index, field));
    field.addEventListener("blur", () => (delete field.dataset.typing, this.put(index, this.shown[index])));
    mark(field, this.at(index));
    const cell = element("td", {}, [field]);
    const kept = { name, cell, field };
    if (model.get("frozen")) {
      kept.lock = element("input", { type: "checkbox", ariaLabel: `freeze ${name}`, title: `Freeze ${name}` });
      kept.lock.addEventListener("change", () => tell(model, "freeze", index, kept.lock.checked));
      cell.append(kept.lock);
    }
    this.cells[index] = kept;
    return cell;
  }

  show() {
    const [values, chosen] = [this.model.get("values"), this.model.get("chosen")];
    const [frozen, disabled] = [new Set(this.model.get("frozen") ?? []), this.model.get("disabled")];
    const waiting = this.waiting();
    this.cells.forEach(({ cell, field, lock }, index) => {
      if (!waiting.has(index)) this.hear(index, values[index] ?? 0);
      field.disabled = disabled;
      const marks = [index === chosen ? "chosen" : "", frozen.has(index) ? "frozen" : ""];
      put(cell, "className", [this.shown[index] < 0 ? "negative" : "positive", ...marks].join(" "));
      if (lock) lock.checked = frozen.has(index);
    });
    for (const [node, property] of [[this.name, "textContent"], [this.slider, "ariaLabel"]]) {
      put(node, property, this.cells[chosen]?.name ?? "");
    }
    mark(this.slider, this.at(chosen));
    this.slider.disabled = disabled;
    this.put(chosen, this.shown[chosen] ?? 0);
    put(this.error, "textContent", this.model.get("error"));
    if (this.model.get("error")) this.error.setAttribute("role", "alert");
  }

  /** Python says a value that is not older than what the learner did. */
  hear(index, value) {
    const other = value !== this.shown[index];
    this.put(index, value);
    if (other) this.turning.tell("set", { ...this.at(index), value });
  }

  /** Show a value without telling anybody. */
  put(index, value) {
    const field = this.cells[index]?.field;
    if (!field) return;
    const text = String(Number(value.toFixed(3)));
    this.shown[index] = value;
    if (!field.dataset.typing) put(field, "value", text);
    if (index !== this.model.get("chosen")) return;
    put(this.slider, "value", String(value)); // the range stands at the nearest step
    put(this.number, "textContent", text.replace("-", "−"));
  }

  /** The parameters whose last change Python has not answered yet: what it says meanwhile is older. */
  waiting() {
    const heard = this.model.get("heard");
    const edits = this.model.get("deeds").filter(([number, what]) => what === "edit" && number > heard);
    return new Set(edits.map(([, , index]) => index));
  }
}

function render({ model, el }) {
  const table = new Table(model, el);
  const [build, show] = [() => table.build(), () => table.show()];
  const shown = ["values", "chosen", "frozen", "disabled", "error", "heard"].map((name) => `change:${name}`).join(" ");
  model.on("change:layers", build);
  model.on(shown, show);
  return () => {
    model.off("change:layers", build);
    model.off(shown, show);
    table.turning.end();
  };
}

export default { render };
