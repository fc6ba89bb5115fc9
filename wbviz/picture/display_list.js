// The display list: what Python recorded (recorder.py), piece by piece, as it stands now.
//
// A display list is a row of pieces; a piece is a row of records. A frame brings all pieces, or only those of the
// artists that moved. Coordinates are figure pixels, upwards from the lower left; painting scales them to the
// pixels of the device. All views of one model share one display list.

const TYPES = {
  xy: Float32Array, at: Float32Array, by: Float32Array, lw: Float32Array, starts: Uint32Array,
  codes: Uint8Array, snap: Uint8Array, fill: Uint8Array, stroke: Uint8Array, image: Uint8ClampedArray,
};

/** Replace each [offset, count] of a record by the array it points to, and the numbers of glyphs by their paths. */
function unpack(record, bytes, glyphs) {
  for (const [name, Type] of Object.entries(TYPES)) {
    if (Array.isArray(record[name])) record[name] = new Type(bytes, ...record[name]);
  }
  if (record.text) record.text = record.text.map((glyph) => glyphs[glyph]);
  if (record.clippath) unpack(record.clippath, bytes);
  record.clipKey = record.clippath ? record : String(record.clip);
  return record;
}

/** A copy of a buffer of a message, because the view may begin at any byte and typed arrays may not. */
const copied = ({ buffer, byteOffset, byteLength }) => buffer.slice(byteOffset, byteOffset + byteLength);

/** Pieces that belong together; the first `still` of them do not move, and `ground` names what they show. */
class Drawing {
  constructor(pieces, still, ground = {}) {
    Object.assign(this, { pieces, still, ground });
  }

  /** The same with other pieces in some places (place → records). */
  with(moved) {
    return new Drawing(Object.assign([...this.pieces], moved), this.still, this.ground);
  }
}

class DisplayList {
  constructor() {
    Object.assign(this, { drawing: new Drawing([], 0), glyphs: [], frame: 0, told: "", views: new Set() });
    this.ahead = null; // a drawing made ahead and its words, shown instead of the last frame's (sweeps.js)
    this.sweeps = new Sweeps(this);
    this.name = Math.random().toString(36).slice(2);
  }

  connect(model) {
    this.model = model;
    this.kept = new Kept(this, model);
    this.kept.show();
    model.on("change:first", () => this.begin());
    this.begin();
    model.on("msg:custom", (message, buffers) => {
      if (message.type === "frame") {
        this.kept.end();
        this.receive(message, copied(buffers[0]));
      } else if (message.type === "sweep") this.sweeps.receive(message, buffers.map(copied));
    });
    for (const name of ["label", "interactive"]) {
      model.on(`change:${name}`, () => this.views.forEach((view) => view.describe()));
    }
  }

  /** Take up the frame that came with the model. It is not saved with the notebook: there it would be no first one. */
  begin() {
    const { header, buffer } = this.model.get("first") ?? {};
    if (!header) return;
    if (!this.frame) {
      this.kept.end();
      this.receive(header, copied(buffer));
    }
    this.model.set("first", {});
  }

  receive(frame, bytes) {
    if (frame.whole) {
      Object.assign(this, { glyphs: [], dark: frame.dark });
      this.drawing = new Drawing([], Math.min(frame.pieces.length, ...frame.live));
    }
    this.addGlyphs(frame.glyphs, bytes);
    for (const [index, piece] of Object.entries(frame.pieces)) {
      this.drawing.pieces[index] = piece.map((record) => unpack(record, bytes, this.glyphs));
    }
    Object.assign(this, { frame: frame.frame, told: frame.description });
    this.sweeps.followed(frame);
    this.schedule();
  }

  addGlyphs(glyphs, bytes) {
    for (const [index, glyph] of Object.entries(glyphs)) {
      unpack(glyph, bytes);
      this.glyphs[index] = Object.assign(trace(glyph), { box: around(glyph.xy, glyph.codes) });
    }
  }

  /** The drawing to paint. */
  get shown() {
    return this.ahead?.drawing ?? this.drawing;
  }

  /** What it shows, in words. */
  get description() {
    return this.ahead?.words ?? this.told;
  }

  /** Show a drawing made ahead, {drawing, words}, instead of the last frame's; null: that again. */
  showAhead(ahead) {
    this.ahead = ahead;
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
    if (this.views.size === 1) this.model.send({ type: "ready", view: this.name, frame: this.frame });
    if (this.frame) this.schedule();
  }

  remove(view) {
    this.views.delete(view);
    if (!this.views.size) this.model.send({ type: "gone", view: this.name });
  }
}
