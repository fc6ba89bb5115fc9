// A page with one row of controls in an explorer: what the row tells, and what it dispatches, is kept.
window.openRow = async (source, style, state) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { default: definition } = await import(url);
  const model = new Model(state);
  model.off = () => {};
  model.set = (name, value) => model.get(name) === value || Model.prototype.set.call(model, name, value);
  const explorer = Object.assign(document.createElement("div"), { className: "wbviz-explorer" });
  const el = document.createElement("div");
  const events = [];
  for (const type of ["hold", "turn", "set", "release"]) {
    explorer.addEventListener(`wbviz-${type}`, ({ detail }) => events.push({ type, ...detail }));
  }
  const remove = definition.render({ model, el });
  explorer.append(Object.assign(document.createElement("style"), { textContent: style }), el);
  document.body.prepend(explorer);
  const [range, field] = ["range", "number"].map((type) => el.querySelector(`input[type=${type}]`));
  const close = () => (remove(), explorer.remove());
  /** What Python says: all at once, then each change is told. */
  const hear = (changes) => {
    Object.assign(model.state, changes);
    Object.keys(changes).forEach((name) => model.emit(`change:${name}`));
  };
  window.row = { model, explorer, el, events, range, field, hear, close };
};
