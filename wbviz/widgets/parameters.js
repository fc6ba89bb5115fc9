// The table of a network's weights and biases. Python holds the values; what the learner does is told to it as deeds.

const LAST = 32;

function element(tag, properties = {}, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Set a property only where it differs: twenty times a second, a page should not look at what stays. */
function put(node, name, value) {
  if (node[name] !== value) node[name] = value;
}

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
    el.dataset.lmSuppressShortcuts = "true";
    el.addEventListener("keydown", (event) => event.stopPropagation()); // the notebook would keep the arrow keys
    el.append(element("div", { className: "in-hand" }, [this.name, this.slider, this.number]), this.layers, this.error);
    this.slider.addEventListener("input", () => tell(model, "edit", model.get("chosen"), Number(this.slider.value)));
    this.build();
  }

  build() {
    const { min, max, step } = this.model.get("span");
    Object.assign(this.slider, { min, max, step });
    this.cells = [];
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
    field.addEventListener("change", () => {
      delete field.dataset.typing;
      tell(model, "edit", index, field.value === "" ? null : Number(field.value));
    });
    field.addEventListener("blur", () => delete field.dataset.typing);
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
      const value = values[index] ?? 0;
      const text = String(Number(value.toFixed(3)));
      if (field.value !== text && !field.dataset.typing && !waiting.has(index)) field.value = text;
      field.disabled = disabled;
      const marks = [index === chosen ? "chosen" : "", frozen.has(index) ? "frozen" : ""];
      put(cell, "className", [value < 0 ? "negative" : "positive", ...marks].join(" "));
      if (lock) lock.checked = frozen.has(index);
    });
    for (const [node, property] of [[this.name, "textContent"], [this.slider, "ariaLabel"]]) {
      put(node, property, this.cells[chosen]?.name ?? "");
    }
    this.slider.disabled = disabled;
    if (!waiting.has(chosen)) this.slider.value = values[chosen] ?? 0;
    put(this.number, "textContent", String(Number((values[chosen] ?? 0).toFixed(3))).replace("-", "−"));
    put(this.error, "textContent", this.model.get("error"));
    if (this.model.get("error")) this.error.setAttribute("role", "alert");
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
  };
}

export default { render };
