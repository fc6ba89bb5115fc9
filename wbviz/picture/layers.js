// Layers: what lies still is painted once, on a canvas of its own; a frame costs what moves, and what lies on that.
//
//   ground   one canvas: all pieces on which nothing that moves lies or shines through from below
//   above    in the order of drawing: pieces that move, and *sheets*, canvases of pieces that lie still on them
//
// Which pieces move is learnt from which have changed. A picture painted in layers is the picture painted whole.

/** So many paintings after its last change a piece counts as lying still again. */
const PATIENCE = 120;

class Layers {
  constructor() {
    this.ground = element("canvas");
    this.number = 0;
    this.changed = [];
  }

  /** Paint a drawing on a context; `look`: {scale, dark} (brush.js). */
  paint(context, { pieces, ground }, look) {
    const { width, height } = context.canvas;
    this.number += 1;
    this.look = look;
    const key = [width, height, Boolean(look.dark)].join();
    if (key !== this.key || ground !== this.of) this.begin(pieces.length, { width, height });
    Object.assign(this, { key, of: ground });
    if (this.note(pieces) || this.number >= this.planned + PATIENCE || this.covers()) this.plan();
    context.globalCompositeOperation = "copy";
    context.drawImage(this.ground, 0, 0);
    context.globalCompositeOperation = "source-over";
    for (const layer of this.above) this.put(context, layer);
  }

  begin(count, size) {
    Object.assign(this.ground, size);
    if (this.changed.length !== count) this.changed = new Array(count).fill(-Infinity);
    Object.assign(this, { pieces: null, boxes: [], isUp: [], above: [], planned: -Infinity });
  }

  /** Take up pieces that are new; returns whether one of them was thought to lie still. */
  note(pieces) {
    let surprise = !this.pieces;
    pieces.forEach((piece, i) => {
      if (this.pieces?.[i] === piece) return;
      if (this.pieces) {
        this.changed[i] = this.number;
        surprise ||= !this.moves[i];
      }
      this.boxes[i] = boxOf(piece, this.look.scale, this.ground.height);
    });
    this.pieces = [...pieces];
    return surprise;
  }

  /** Which pieces move or lie on one that does. */
  upper() {
    const { boxes, moves } = this;
    const found = [];
    return boxes.map((box, i) => {
      const up = box[0] < box[2] && (moves[i] || found.some((other) => meet(other, box)));
      if (up) found.push(box);
      return up;
    });
  }

  /** Does something that moves lie under the ground's pieces now? */
  covers() {
    return this.upper().some((up, i) => up && !this.isUp[i]);
  }

  /** Share the pieces out anew; if others than before lie still, the ground is painted again. */
  plan() {
    this.planned = this.number;
    this.moves = this.changed.map((when) => this.number - when < PATIENCE);
    const up = this.upper();
    if (up.some((isUp, i) => isUp !== this.isUp[i])) {
      // All of it: cut to a part, Chromium would draw the soft edges of shapes a little differently.
      const context = this.ground.getContext("2d");
      context.clearRect(0, 0, this.ground.width, this.ground.height);
      this.brush(context).paint(this.pieces.filter((_, i) => !up[i]));
    }
    this.isUp = up;
    this.above = this.stack(new Map(this.above.map((layer) => [layer.name, layer])));
  }

  brush(context, left, top) {
    return new Brush(context, this.look, this.ground.height, left, top);
  }

  /** The layers above the ground; a sheet of the same pieces as before is kept. */
  stack(before) {
    const layers = [];
    this.isUp.forEach((isUp, i) => {
      if (!isUp) return;
      const last = layers.at(-1);
      const box = this.boxes[i];
      if (this.moves[i] && last?.moves) last.items.push(i);
      else if (!this.moves[i] && last && !last.moves && this.near(last, box)) {
        Object.assign(last, { box: joined(last.box, box), covered: last.covered + area(box) }).items.push(i);
      } else layers.push({ moves: this.moves[i], items: [i], box, covered: area(box) });
    });
    return layers.map((layer) => {
      layer.name = `${layer.moves} ${layer.items}`;
      return (!layer.moves && before.get(layer.name)) || layer;
    });
  }

  /** Is a box so near to a sheet that one canvas holds both without much waste? */
  near(sheet, box) {
    return area(joined(sheet.box, box)) <= 2 * (sheet.covered + area(box));
  }

  /** Paint a layer; a sheet comes into being when it is wanted for the second time. */
  put(context, layer) {
    const [left, top, right, bottom] = common(layer.box, [0, 0, this.ground.width, this.ground.height]);
    const pieces = layer.items.map((i) => this.pieces[i]);
    if (layer.moves || !layer.wanted) this.brush(context).paint(pieces);
    else if (right > left && bottom > top) {
      if (!layer.sheet) {
        layer.sheet = element("canvas", { width: right - left, height: bottom - top });
        this.brush(layer.sheet.getContext("2d"), left, top).paint(pieces);
      }
      context.drawImage(layer.sheet, left, top);
    }
    layer.wanted = true;
  }
}
