// The display list: what Python recorded (recorder.py), piece by piece, as it stands now.
//
// A display list is a row of pieces; a piece is a row of records. A frame brings all pieces, or only those of the
// artists that moved. Coordinates are figure pixels, upwards from the lower left; painting scales them to the
// pixels of the device. All views of one model share one display list.

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
