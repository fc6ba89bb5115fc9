// The brush: paints records on a canvas.

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

/**
 * Paints records on a context; of the look, `scale` is device pixels to a figure pixel, `dark` the colours to exchange
 * or null.
 *
 * The picture is `height` device pixels high; `left`, `top`: where in it the context's canvas begins.
 */
class Brush {
  constructor(context, { scale, dark }, height = context.canvas.height, left = 0, top = 0) {
    Object.assign(this, { context, scale, dark, height, left, top });
  }

  paint(pieces) {
    const { context } = this;
    this.clipKey = "undefined";
    this.images = lay(pieces);
    context.save();
    this.place();
    context.miterLimit = 4;
    context.save();
    for (const piece of pieces) {
      for (const record of piece) {
        this.clip(record);
        if (record.image) this.image(record);
        else if (record.text) this.text(record);
        else this.shapes(record);
      }
    }
    context.restore();
    context.restore();
  }

  /** From here on, coordinates are the picture's pixels, moved by a matrix. */
  place(a = 1, b = 0, c = 0, d = 1, e = 0, f = 0) {
    this.context.setTransform(a, b, c, d, e - this.left, f - this.top);
  }

  clip(record) {
    if (record.clipKey === this.clipKey) return;
    const { context, scale, height } = this;
    this.clipKey = record.clipKey;
    context.restore();
    context.save();
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
    const { context } = this;
    const [a, b, c, d, e, f] = this.device(record.matrix);
    context.fillStyle = this.colour(record.fill, 0);
    const { places } = record;
    record.text.forEach((glyph, i) => {
      const [x, y, size] = [places[3 * i], places[3 * i + 1], places[3 * i + 2]];
      this.place(a * size, b * size, c * size, d * size, a * x + c * y + e, b * x + d * y + f);
      context.fill(glyph);
    });
    this.place();
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
      if (marker) this.place(1, 0, 0, 1, Math.floor(x + 0.5), Math.floor(y + 0.5));
      const [left, top] = marker ? [0, 0] : [x, y];
      const path =
        marker || items === 1
          ? this.kept(record, width, left, top)
          : this.path(record, i, i % kinds, width, left, top);
      if (record.fill) this.fill(record, i, path);
      if (width > 0) this.stroke(record, i, path, width);
    }
    if (marker) this.place();
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
    const [x, y] = this.images.get(record);
    context.drawImage(sheetOfImages, x, y, columns, rows, 0, 0, columns, rows);
    context.restore();
  }
}

const element = (tag, properties) => Object.assign(document.createElement(tag), properties);

/** One canvas for all images of a painting: making canvases, and looking at each, is what would take the time. */
const sheetOfImages = element("canvas", { width: 0, height: 0 });

/** Lay the images of pieces side by side on that canvas; returns record → [x, y]. */
function lay(pieces) {
  const records = pieces.flat().filter((record) => record.image);
  const places = new Map();
  const wide = Math.max(1024, ...records.map(({ columns }) => columns));
  let [x, y, next] = [0, 0, 0];
  for (const record of records) {
    if (x + record.columns > wide) [x, y] = [0, next];
    places.set(record, [x, y]);
    x += record.columns + 1;
    next = Math.max(next, y + record.rows + 1);
  }
  if (!records.length) return places;
  if (sheetOfImages.width < wide) sheetOfImages.width = wide;
  if (sheetOfImages.height < next) sheetOfImages.height = next;
  const context = sheetOfImages.getContext("2d", { willReadFrequently: true });
  for (const [record, [left, top]] of places) {
    context.putImageData(new ImageData(record.image, record.columns, record.rows), left, top);
  }
  return places;
}
