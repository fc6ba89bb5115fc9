// The picture in the browser: receives display lists from Python (recorder.py) and paints them on a canvas.
//
// A display list is a row of pieces; a piece is a row of records. A frame brings all pieces, or only those of the
// artists that moved. Coordinates are figure pixels, upwards from the lower left; painting scales them to the
// pixels of the device. All views of one model share one display list.

// ---------------------------------------------------------------- the display list

const TYPES = {
  xy: Float32Array, at: Float32Array, by: Float32Array, lw: Float32Array, starts: Uint32Array,
  codes: Uint8Array, snap: Uint8Array, fill: Uint8Array, stroke: Uint8Array, image: Uint8ClampedArray,
};

/** Replace each [offset, count] of a record by the array it points to. */
function unpack(record, bytes) {
  for (const [name, Type] of Object.entries(TYPES)) {
    if (Array.isArray(record[name])) record[name] = new Type(bytes, ...record[name]);
  }
  if (record.clippath) unpack(record.clippath, bytes);
  record.clipKey = record.clippath ? record : String(record.clip);
  return record;
}

class DisplayList {
  constructor() {
    // `whole`: the last frame that brought everything; `still`: so many pieces, from the first on, lie still
    Object.assign(this, { pieces: [], glyphs: [], frame: 0, whole: 0, still: 0, description: "" });
    this.views = new Set();
    this.name = Math.random().toString(36).slice(2);
  }

  connect(model) {
    this.model = model;
    model.on("msg:custom", (message, buffers) => message.type === "frame" && this.receive(message, buffers[0]));
    for (const name of ["label", "interactive"]) {
      model.on(`change:${name}`, () => this.views.forEach((view) => view.describe()));
    }
  }

  receive(frame, data) {
    // A copy, because the view may begin at any byte and typed arrays may not.
    const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
    if (frame.whole) {
      Object.assign(this, { pieces: [], glyphs: [], dark: frame.dark, whole: frame.frame });
      this.still = Math.min(frame.pieces.length, ...frame.live);
    }
    for (const [index, glyph] of Object.entries(frame.glyphs)) this.glyphs[index] = trace(unpack(glyph, bytes));
    for (const [index, piece] of Object.entries(frame.pieces)) {
      this.pieces[index] = piece.map((record) => unpack(record, bytes));
    }
    Object.assign(this, { frame: frame.frame, description: frame.description });
    this.schedule();
  }

  /** Paint with the next picture of the screen; where none comes (a hidden tab), soon all the same. */
  schedule() {
    if (this.due) return;
    const paint = () => {
      if (this.due !== paint) return;
      this.due = null;
      this.paint();
    };
    this.due = paint;
    if (!document.hidden) requestAnimationFrame(paint);
    setTimeout(paint, document.hidden ? 0 : 100);
  }

  paint() {
    try {
      this.views.forEach((view) => view.paint());
    } finally {
      if (this.views.size && this.acknowledged !== this.frame) {
        this.acknowledged = this.frame;
        this.model.send({ type: "ack", frame: this.frame });
      }
    }
  }

  add(view) {
    this.views.add(view);
    if (this.views.size === 1) this.model.send({ type: "ready", view: this.name });
    if (this.frame) this.schedule();
  }

  remove(view) {
    this.views.delete(view);
    if (!this.views.size) this.model.send({ type: "gone", view: this.name });
  }
}

// ---------------------------------------------------------------- painting

/** Vertices from..to of a shape as a path, mapped by a matrix; `half`: what to add to whole numbers when snapping. */
function trace({ xy, codes, close }, matrix = [1, 0, 0, 1, 0, 0], from = 0, to = xy.length / 2, half = null) {
  const [a, b, c, d, e, f] = matrix;
  const path = new Path2D();
  const grid = (value) => (half === null ? value : Math.floor(value + 0.5) + half);
  const X = (i) => grid(a * xy[2 * i] + c * xy[2 * i + 1] + e);
  const Y = (i) => grid(b * xy[2 * i] + d * xy[2 * i + 1] + f);
  for (let i = from; i < to; i++) {
    const code = codes ? codes[i] : i === from ? 1 : 2;
    if (code === 1) path.moveTo(X(i), Y(i));
    else if (code === 2) path.lineTo(X(i), Y(i));
    else if (code === 3) path.quadraticCurveTo(X(i), Y(i), X(++i), Y(i));
    else if (code === 4) path.bezierCurveTo(X(i), Y(i), X(i + 1), Y(i + 1), X((i += 2)), Y(i));
    else if (code === 79) path.closePath();
  }
  if (close) path.closePath();
  return path;
}

/** Paints records on a context; `scale` device pixels to a figure pixel, `dark` the colours to exchange or null. */
class Brush {
  constructor(context, scale, dark, glyphs) {
    Object.assign(this, { context, scale, dark, glyphs, height: context.canvas.height });
  }

  paint(pieces) {
    this.clipKey = "undefined";
    this.context.save();
    this.context.miterLimit = 4;
    for (const piece of pieces) {
      for (const record of piece) {
        this.clip(record);
        if (record.image) this.image(record);
        else if (record.text) this.text(record);
        else this.shapes(record);
      }
    }
    this.context.restore();
  }

  clip(record) {
    if (record.clipKey === this.clipKey) return;
    const { context, scale, height } = this;
    this.clipKey = record.clipKey;
    context.restore();
    context.save();
    context.miterLimit = 4;
    if (record.clip) {
      const [left, bottom, right, top] = record.clip.map((edge) => edge * scale);
      const [x, y] = [Math.round(left), Math.round(height - top)];
      context.beginPath();
      context.rect(x, y, Math.round(right) - x, Math.round(height - bottom) - y);
      context.clip();
    }
    if (record.clippath) context.clip(trace(record.clippath, this.device([1, 0, 0, 1, 0, 0])));
  }

  /** A matrix to figure pixels, upwards, as one to device pixels, downwards. */
  device([a, b, c, d, e, f]) {
    const { scale, height } = this;
    return [a * scale, -b * scale, c * scale, -d * scale, e * scale, height - f * scale];
  }

  text(record) {
    const { context, glyphs } = this;
    const [a, b, c, d, e, f] = this.device(record.matrix);
    context.fillStyle = this.colour(record.fill, 0);
    record.text.forEach((glyph, i) => {
      const [x, y, size] = record.places.slice(3 * i, 3 * i + 3);
      context.setTransform(a * size, b * size, c * size, d * size, a * x + c * y + e, b * x + d * y + f);
      context.fill(glyphs[glyph]);
    });
    context.resetTransform();
  }

  shapes(record) {
    const { context, scale, height } = this;
    const { starts, by, at, marker } = record;
    const kinds = starts ? starts.length - 1 : 1;
    const places = at ? at.length / 2 : 1;
    const items = Math.max(kinds, places, by ? by.length / 6 : 1);
    for (let i = 0; i < items; i++) {
      const x = at ? at[2 * (i % places)] * scale : 0;
      const y = height - (at ? at[2 * (i % places) + 1] * scale : 0);
      if (!Number.isFinite(x + y)) continue;
      const width = record.stroke ? this.turn(record.lw, i) * scale : 0;
      // Agg puts markers on whole pixels: one path serves all.
      if (marker) context.setTransform(1, 0, 0, 1, Math.floor(x + 0.5), Math.floor(y + 0.5));
      const [left, top] = marker ? [0, 0] : [x, y];
      const path =
        marker || items === 1
          ? this.kept(record, width, left, top)
          : this.path(record, i, i % kinds, width, left, top);
      if (record.fill) this.fill(record, i, path);
      if (width > 0) this.stroke(record, i, path, width);
    }
    if (marker) context.resetTransform();
  }

  /** The only path of a record, kept for the next painting at this scale. */
  kept(record, width, x, y) {
    if (record.traced?.scale !== this.scale) {
      const middle = record.marker && !record.snap ? 0.5 : 0; // Agg centres round markers in a pixel
      record.traced = { scale: this.scale, path: this.path(record, 0, 0, width, x + middle, y + middle) };
    }
    return record.traced.path;
  }

  /** Shape number `kind` for item i at x, y of the device, snapped as Agg does. */
  path(record, i, kind, width, x, y) {
    const { starts, by, xy, snap } = record;
    const [a, b, c, d, e, f] = by ? by.subarray(6 * (i % (by.length / 6))) : [1, 0, 0, 1, 0, 0];
    const matrix = [a, -b, c, -d, e, -f].map((number) => number * this.scale);
    const half = this.turn(snap, kind) ? (Math.round(width) % 2) / 2 : null;
    const [from, to] = starts ? [starts[kind], starts[kind + 1]] : [0, xy.length / 2];
    return trace(record, [...matrix.slice(0, 4), x + matrix[4], y + matrix[5]], from, to, half);
  }

  fill(record, i, path) {
    const { context } = this;
    const colour = this.colour(record.fill, i);
    if (colour.endsWith("00")) return;
    context.fillStyle = colour;
    context.fill(path);
    if (record.aa === 0 && !record.stroke && colour.endsWith("ff")) {
      // Drawn without smoothing by Agg: neighbours must meet without a seam.
      Object.assign(context, { strokeStyle: colour, lineWidth: 0.7, lineJoin: "round" });
      context.setLineDash([]);
      context.stroke(path);
    }
  }

  stroke(record, i, path, width) {
    const { context, scale } = this;
    const colour = this.colour(record.stroke, i);
    if (colour.endsWith("00")) return;
    const dash = (record.dashes ? record.dashes[i % record.dashes.length] : record.dash) ?? [];
    Object.assign(context, { strokeStyle: colour, lineWidth: width, lineCap: record.cap, lineJoin: record.join });
    context.setLineDash(dash.slice(1).map((length) => length * scale));
    context.lineDashOffset = (dash[0] ?? 0) * scale;
    context.stroke(path);
  }

  /** The value of item i: one for all, or taken in turn. */
  turn(value, i) {
    return typeof value === "object" ? value[i % value.length] : (value ?? 0);
  }

  colour(value, i) {
    let hex = value;
    if (typeof value === "object") {
      const k = 4 * (i % (value.length / 4));
      hex = "#" + [0, 1, 2, 3].map((j) => value[k + j].toString(16).padStart(2, "0")).join("");
    }
    const other = this.dark?.[hex.slice(0, 7)];
    return other ? other + hex.slice(7) : hex;
  }

  image(record) {
    const { context } = this;
    const { columns, rows } = record;
    let [a, b, c, d, e, f] = this.device(record.matrix);
    if (!b && !c) {
      const [left, right] = [Math.round(e), Math.round(e + a * columns)];
      const [low, high] = [Math.round(f), Math.round(f + d * rows)];
      [a, d, e, f] = [(right - left) / columns, (high - low) / rows, left, low];
    }
    context.save();
    context.transform(a, b, c, d, e, f);
    context.globalAlpha = record.alpha;
    context.imageSmoothingEnabled = Boolean(record.smooth);
    context.drawImage((record.bitmap ??= bitmap(record)), 0, 0);
    context.restore();
  }
}

const element = (tag, properties) => Object.assign(document.createElement(tag), properties);

function bitmap({ image, columns, rows }) {
  const canvas = element("canvas", { width: columns, height: rows });
  canvas.getContext("2d").putImageData(new ImageData(image, columns, rows), 0, 0);
  return canvas;
}

// ---------------------------------------------------------------- one view on the page

const setAttribute = (element, name, value) =>
  element.getAttribute(name) === value || element.setAttribute(name, value);

const isDark = () => document.body.dataset.jpThemeLight === "false";

class View {
  constructor(list, model, el) {
    Object.assign(this, { list, model });
    this.ended = new AbortController();
    this.canvas = element("canvas");
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.region = element("div", { className: "wbviz-live" });
    setAttribute(this.region, "aria-live", "polite");
    this.frame = element("div", { className: "wbviz-picture" });
    this.frame.append(this.canvas, this.region);
    this.take();
    el.append(this.frame);
    this.observe();
    followPointer(this);
    followKeys(this);
    this.describe();
    list.add(this);
  }

  /** Take up the figure's size on the page; narrower where the page is. */
  take() {
    const [width, height] = this.model.get("size");
    this.frame.style.width = `${width}px`;
    this.canvas.style.aspectRatio = `${width} / ${height}`;
  }

  observe() {
    this.resized = new ResizeObserver(([entry]) => {
      this.fit(entry);
      this.controls ??= nameControls(this.canvas.closest(".wbviz-explorer"));
    });
    try {
      this.resized.observe(this.canvas, { box: "device-pixel-content-box" });
    } catch {
      this.resized.observe(this.canvas);
    }
    this.followRatio();
    this.theme = new MutationObserver(() => this.list.schedule());
    this.theme.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  }

  /** Zooming the page changes how many device pixels there are, not the size. */
  followRatio() {
    const changed = () => (this.fit(), this.followRatio());
    const options = { once: true, signal: this.ended.signal };
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", changed, options);
  }

  /** As many pixels as the device shows; `entry` may know the number to the pixel. */
  fit(entry) {
    const about = this.canvas.clientWidth * devicePixelRatio;
    const exact = entry?.devicePixelContentBoxSize?.[0].inlineSize;
    this.width = Math.abs(exact - about) <= 1 ? exact : Math.round(about);
    if (this.list.frame) this.paint();
  }

  describe() {
    const { canvas, model, region } = this;
    const { description } = this.list;
    const interactive = model.get("interactive");
    setAttribute(canvas, "role", interactive ? "application" : "img");
    setAttribute(canvas, "aria-label", [model.get("label"), description].filter(Boolean).join(": "));
    canvas.tabIndex = interactive ? 0 : -1;
    if (description !== this.said) {
      // For those who see, of an explorer's first picture; the label and the region are for those who hear.
      const explorer = canvas.closest(".wbviz-explorer");
      const words = explorer?.querySelector("canvas") === canvas && explorer.querySelector(".wbviz-words");
      if (words) words.textContent = description;
      clearTimeout(this.saying);
      // What is there at first is read with the picture; only changes are announced.
      if (this.said) this.saying = setTimeout(() => (region.textContent = description), 500);
      this.said = description;
    }
  }

  paint() {
    const { canvas, list } = this;
    if (!this.width) return;
    const started = performance.now();
    const [width, height] = this.model.get("size");
    const scale = this.width / width;
    const dark = isDark() ? list.dark : null;
    const pixels = { width: this.width, height: Math.round(height * scale) };
    if (canvas.width !== pixels.width || canvas.height !== pixels.height) {
      Object.assign(canvas, pixels);
      this.take();
    }
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.background(scale, dark), 0, 0);
    new Brush(context, scale, dark, list.glyphs).paint(list.pieces.slice(list.still));
    this.describe();
    canvas.dataset.frame = list.frame;
    const detail = { frame: list.frame, milliseconds: performance.now() - started };
    canvas.dispatchEvent(new CustomEvent("wbviz-painted", { bubbles: true, detail }));
  }

  /** What lies still below everything that moves, painted once. */
  background(scale, dark) {
    const { canvas, list } = this;
    const key = [list.whole, canvas.width, canvas.height, Boolean(dark)].join();
    if (this.backgroundKey !== key) {
      this.backgroundKey = key;
      this.sheet = element("canvas", { width: canvas.width, height: canvas.height });
      new Brush(this.sheet.getContext("2d"), scale, dark, list.glyphs).paint(list.pieces.slice(0, list.still));
    }
    return this.sheet;
  }

  remove() {
    this.list.remove(this);
    this.ended.abort();
    this.resized.disconnect();
    this.theme.disconnect();
    this.controls?.disconnect();
    clearTimeout(this.saying);
    this.frame.remove();
  }
}

// ---------------------------------------------------------------- gestures: state in two traits

function followPointer({ canvas, model, ended }) {
  const report = (event, changes) => {
    const box = canvas.getBoundingClientRect();
    const [width, height] = model.get("size");
    const round = (value) => Math.round(value * 100) / 100;
    const x = round(((event.clientX - box.left) / box.width) * width);
    const y = round(((box.bottom - event.clientY) / box.height) * height);
    const before = { press: 0, px: 0, py: 0, down: false, ...model.get("pointer") };
    const after = { ...before, x, y, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey, inside: true };
    model.set("pointer", { ...after, ...changes(after) });
    model.save_changes();
  };
  const on = (type, changes) =>
    canvas.addEventListener(type, (event) => model.get("interactive") && changes(event), { signal: ended.signal });
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault(); // no text is selected
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    report(event, ({ press, x, y }) => ({ press: press + 1, px: x, py: y, down: true }));
  });
  on("pointermove", (event) => report(event, () => ({})));
  on("pointerup", (event) => report(event, () => ({ down: false })));
  on("pointercancel", (event) => report(event, () => ({ down: false })));
  on("pointerleave", (event) => report(event, () => ({ inside: false })));
}

const REPORTED =
  /^(Arrow(Left|Right|Up|Down)|[-+ ]|Enter|Delete|Backspace|Escape|Home|End|Page(Up|Down)|[\p{L}\p{N}])$/u;
const SCROLLING = /^(Arrow.*|Page.*|Home|End| )$/;

function followKeys({ canvas, model, ended }) {
  const press = (event) => {
    if (!model.get("interactive") || event.altKey || event.metaKey || !REPORTED.test(event.key)) return;
    if (SCROLLING.test(event.key)) event.preventDefault();
    const { n = 0, recent = [] } = model.get("keystrokes");
    const key = event.key === " " ? "Space" : event.key;
    const stroke = { key, shift: event.shiftKey, ctrl: event.ctrlKey };
    model.set("keystrokes", { n: n + 1, recent: [...recent, stroke].slice(-32) });
    model.save_changes();
  };
  canvas.addEventListener("keydown", press, { signal: ended.signal });
}

// ---------------------------------------------------------------- names for the controls of an explorer

/** Give every control inside an explorer the name of its row, now and whenever controls appear. */
function nameControls(explorer) {
  if (!explorer) return null;
  const label = (element) => {
    for (let at = element; at && at !== explorer; at = at.parentElement) {
      const text = at.querySelector(".widget-label")?.textContent.trim();
      if (text) return text;
      if (at.matches(".wbviz-knob")) return "";
    }
    return "";
  };
  const name = (element) => {
    const text = label(element);
    if (text) setAttribute(element, "aria-label", text);
  };
  const all = (selector, action) => explorer.querySelectorAll(selector).forEach(action);
  const run = () => {
    all(".wbviz-knob :is(.noUi-handle, input:not([type=checkbox]), select, textarea, .widget-readout)", name);
    all(".wbviz-knob .widget-toggle-buttons", name);
    all(".widget-toggle-buttons", (group) => setAttribute(group, "role", "group"));
    all(".widget-toggle-buttons button, .widget-toggle-button", (button) =>
      setAttribute(button, "aria-pressed", String(button.classList.contains("mod-active"))),
    );
    all(".wbviz-error", (box) => setAttribute(box, "role", "alert"));
    all(".wbviz-knob", sayValue);
  };
  const observer = new MutationObserver((changes) => {
    for (const { attributeName, target } of changes) {
      if (attributeName === "aria-valuetext") sayValue(target.closest(".wbviz-knob"));
    }
    // What each frame writes (words, live region) brings no new controls.
    const fresh = ({ attributeName, target }) =>
      attributeName !== "aria-valuetext" && !target.closest(".wbviz-words, .wbviz-picture");
    if (changes.some(fresh)) run();
  });
  observer.observe(explorer, { childList: true, subtree: true, attributeFilter: ["class", "aria-valuetext"] });
  explorer.addEventListener("click", copyText);
  run();
  return observer;
}

/** A slider counts steps (see _rows.py); what is read aloud is the value. */
function sayValue(row) {
  const handle = row?.querySelector(".noUi-handle");
  const field = row?.querySelector("input[type=number]");
  if (!handle || !field) return;
  const value = handle.getAttribute("aria-valuenow") * (field.step || 1);
  setAttribute(handle, "aria-valuetext", String(Number(value.toFixed(6))));
}

/** The button with the class wbviz-copy copies the text beside it. */
async function copyText(event) {
  const button = event.target.closest?.(".wbviz-copy");
  const text = button?.closest(".wbviz-share")?.querySelector("textarea");
  if (!text) return;
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    document.execCommand("copy"); // pages without https have no clipboard of their own
  }
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

// ---------------------------------------------------------------- what anywidget asks for

export default () => {
  const list = new DisplayList();
  return {
    initialize({ model }) {
      list.connect(model);
    },
    render({ model, el }) {
      const view = new View(list, model, el);
      return () => view.remove();
    },
  };
};
