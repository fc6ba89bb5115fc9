// A page with nothing but pictures: a stand-in for JupyterLab's widget models.
window.problems = [];
window.addEventListener("error", (event) => problems.push(String(event.message)));
window.addEventListener("unhandledrejection", (event) => problems.push(String(event.reason)));

class Model {
  constructor(state) {
    Object.assign(this, { state, sent: [], saved: [], listeners: [] });
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    this.state[name] = value;
    this.pending = { ...this.pending, [name]: value };
    this.emit(`change:${name}`);
  }
  save_changes() {
    this.saved.push(this.pending);
    this.pending = {};
  }
  send(content) {
    this.sent.push(content);
  }
  on(names, callback) {
    for (const name of names.split(" ")) this.listeners.push([name, callback]);
  }
  emit(name, ...values) {
    this.listeners.filter(([wanted]) => wanted === name).forEach(([, callback]) => callback(...values));
  }
}

window.pictures = {};

/** Make a model and its first view; the frames follow with `frame`. */
window.openPicture = async (id, state) => {
  const { default: definition } = await import("/picture.js");
  const widget = definition();
  const model = new Model(state);
  pictures[id] = { model, widget, views: [] };
  widget.initialize({ model });
  addView(id);
};

window.addView = (id, parent = document.body) => {
  const { model, widget, views } = pictures[id];
  const el = document.createElement("div");
  parent.append(el);
  views.push({ el, remove: widget.render({ model, el }) });
};

/** Hand over one frame, its buffer at an odd offset as over a websocket; resolves when it has been painted. */
window.frame = (id, header, base64, view = 0) =>
  new Promise((resolve) => {
    const canvas = pictures[id].views[view].el.querySelector("canvas");
    const painted = ({ detail }) => {
      if (detail.frame !== header.frame) return;
      canvas.removeEventListener("wbviz-painted", painted);
      resolve(detail.milliseconds);
    };
    canvas.addEventListener("wbviz-painted", painted);
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    pictures[id].model.emit("msg:custom", header, [new DataView(shifted.buffer, 1)]);
  });

window.closePicture = (id) => {
  pictures[id].views.forEach(({ el, remove }) => (remove(), el.remove()));
  delete pictures[id];
};
