// The head of a stage: names what stands there, announces it, and moves the focus to it and back.

function element(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

class Head {
  constructor(model, el) {
    Object.assign(this, { model, el, from: null, opened: model.get("opened") });
    this.title = element("div", { className: "wbviz-stage-title", tabIndex: -1 });
    this.title.setAttribute("role", "heading");
    this.title.setAttribute("aria-level", "4");
    this.button = element("button", { type: "button", className: "jupyter-button", title: "Take this figure away" });
    this.button.addEventListener("click", () => model.send("close"));
    this.said = element("div", { className: "wbviz-error wbviz-stage-said" });
    this.said.setAttribute("role", "alert");
    this.region = element("div", { className: "wbviz-live" });
    this.region.setAttribute("role", "status");
    el.classList.add("wbviz-stage-head");
    el.dataset.lmSuppressShortcuts = "true"; // without this the notebook would take the keys pressed here
    el.append(this.title, this.button, this.said, this.region);
    this.show();
  }

  show() {
    const [title, said, disabled] = ["title", "said", "disabled"].map((name) => this.model.get(name));
    this.title.textContent = title;
    this.title.hidden = !title;
    this.button.textContent = title ? `Close ${title.split(",")[0]}` : "";
    this.button.hidden = !title || disabled;
    this.said.textContent = said;
  }

  /** A figure was opened, or taken away. */
  follow() {
    this.show(); // which of the two changes is told first is not known, and what is hidden takes no focus
    const title = this.model.get("title");
    const fresh = this.model.get("opened") !== this.opened;
    this.opened = this.model.get("opened");
    this.region.textContent = title ? `Opened: ${title}` : "Closed";
    if (title && fresh) this.enter();
    if (!title) this.leave();
  }

  enter() {
    if (!this.el.contains(document.activeElement)) this.from = document.activeElement;
    this.title.focus({ preventScroll: true });
    this.title.scrollIntoView({ block: "nearest" });
    clearTimeout(this.later); // once the figure has its height
    this.later = setTimeout(() => this.title.scrollIntoView({ block: "start" }), 250);
  }

  leave() {
    if (this.from?.isConnected) this.from.focus();
    this.from = null;
  }

  end() {
    clearTimeout(this.later);
  }
}

function render({ model, el }) {
  const head = new Head(model, el);
  const show = () => head.show();
  const follow = () => head.follow();
  const listeners = { "change:said change:disabled": show, "change:opened change:title": follow };
  for (const [names, listener] of Object.entries(listeners)) model.on(names, listener);
  return () => {
    for (const [names, listener] of Object.entries(listeners)) model.off(names, listener);
    head.end();
  };
}

export default { render };
