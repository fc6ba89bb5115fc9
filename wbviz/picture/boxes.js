// Boxes: how far a piece reaches, so that what lies elsewhere need not be painted again.
//
// A box is [left, top, right, bottom], whole pixels of the device. It may be too large, never too small.

const NOTHING = [Infinity, Infinity, -Infinity, -Infinity];

const joined = (a, b) => [
  Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3]),
];
const common = (a, b) => [
  Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3]),
];
const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
const area = ([left, top, right, bottom]) => Math.max(0, right - left) * Math.max(0, bottom - top);

/** The box around points x, y, x, y, …, without those that are no numbers and those that only close a shape. */
function around(xy, codes) {
  let [left, low, right, high] = NOTHING;
  for (let i = 0; i < xy.length; i += 2) {
    if (codes && codes[i / 2] === 79) continue;
    const [x, y] = [xy[i], xy[i + 1]];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < low) low = y;
    if (y > high) high = y;
  }
  return [left, low, right, high];
}

/** The box around a box that matrices (six numbers each, one after another) have moved. */
function moved([left, low, right, high], matrices) {
  const corners = [];
  for (let i = 0; i < matrices.length; i += 6) {
    const [a, b, c, d, e, f] = matrices.slice(i, i + 6);
    for (const x of [left, right]) for (const y of [low, high]) corners.push(a * x + c * y + e, b * x + d * y + f);
  }
  return around(corners);
}

/** How far a record reaches in figure pixels, upwards, without the width of its lines. */
function extent(record) {
  if (record.image) return moved([0, 0, record.columns, record.rows], record.matrix);
  if (!record.text) {
    const shape = around(record.xy, record.codes);
    const turned = record.by ? moved(shape, record.by) : shape;
    return record.at ? around(record.at).map((edge, i) => edge + turned[i]) : turned;
  }
  const { places } = record;
  const boxes = record.text.map((glyph, i) => {
    const [x, y, size] = [places[3 * i], places[3 * i + 1], places[3 * i + 2]];
    const [left, low, right, high] = glyph.box;
    return [x + size * left, y + size * low, x + size * right, y + size * high];
  });
  return moved(boxes.reduce(joined, NOTHING), record.matrix);
}

/** How wide lines may stand out beyond a shape: half of the width, at the points of corners up to four times that. */
function overhang({ stroke, lw, join }) {
  if (!stroke) return 0;
  const width = typeof lw === "object" ? lw.reduce((a, b) => Math.max(a, b), 0) : (lw ?? 0);
  return width * (join === "miter" ? 2 : 0.75);
}

/** The box of a piece on a device of `height` pixels, `scale` of them to a figure pixel. */
function boxOf(piece, scale, height) {
  let box = NOTHING;
  for (const record of piece) {
    const wide = overhang(record) * scale + 2; // two pixels for snapping and soft edges
    const [left, low, right, high] = extent(record).map((edge) => edge * scale);
    if (!(left <= right)) continue;
    const reach = [left - wide, height - high - wide, right + wide, height - low + wide];
    const [l, b, r, t] = (record.clip ?? [-Infinity, -Infinity, Infinity, Infinity]).map((edge) => edge * scale);
    box = joined(box, common(reach, [l - 1, height - t - 1, r + 1, height - b + 1]));
  }
  return [Math.floor(box[0]), Math.floor(box[1]), Math.ceil(box[2]), Math.ceil(box[3])];
}
