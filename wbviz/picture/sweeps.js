// Sweeps: a knob drawn ahead. While a learner turns it, the picture is painted here, without asking Python.
//
// A sweep holds exact frames for many positions of one knob. Between two of them shapes are drawn in between while the
// knob moves; words and numbers are those of the nearer exact frame. When the knob rests, Python's own frame follows.
// Readers who ask for less motion see exact frames only.

const sameKnob = (one, other) => one && other && one.knob === other.knob && one.index === other.index;
const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const sameValue = (one, other) => Math.abs(one - other) < 1e-9;

class Sweeps {
  constructor(list) {
    Object.assign(this, { list, hand: null, state: null, sweeps: new Map() });
  }

  /** What a knob is known by. */
  key({ knob, index }) {
    return `${knob} ${index ?? ""}`;
  }

  /** The learner turned a knob: show it at once if it was drawn ahead. */
  turn(hand) {
    this.hand = hand;
    this.show();
  }

  /** Nobody turns a knob: what Python sent last is shown. */
  drop() {
    this.hand = null;
    this.leave();
  }

  /** Show Python's own frame. */
  leave() {
    if (this.list.ahead) this.list.showAhead(null);
  }

  /** Frames drawn ahead, packed (sweeps.py); `buffers`: the outlines of new glyphs, and the frames, deflated. */
  async receive(message, [outlines, packed]) {
    const { list } = this;
    list.addGlyphs(message.glyphs, outlines);
    const { glyphs, drawing } = list; // as they are now: a whole frame brings new ones
    const data = await inflate(packed);
    const length = new DataView(data).getUint32(0, true);
    const { frames, pieces, grounds } = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
    if (message.state !== this.state) return; // something else has changed meanwhile
    const sheet = { pieces, glyphs, bytes: data.slice(4 + length), drawings: [drawing] };
    sheet.drawings.push(...grounds.map((ground) => new Drawing([], 0, ground)));
    const key = this.key(message);
    if (!this.sweeps.has(key)) this.sweeps.set(key, []);
    const sweep = this.sweeps.get(key);
    sweep.push(...frames.map((frame) => ({ ...frame, sheet })));
    sweep.sort((one, other) => one.value - other.value);
    if (sameKnob(message, this.hand)) this.show();
  }

  /** A frame of Python's has come: it may end what was drawn ahead, or be overtaken already. */
  followed({ state, at }) {
    if (state !== this.state) this.sweeps.clear();
    this.state = state;
    this.list.ahead = null;
    if (this.hand && at && sameKnob(at, this.hand) && !sameValue(at.value, this.hand.value)) this.show();
  }

  /** The value of the exact frame nearest to where a knob was turned. */
  nearest(hand) {
    const far = ({ value }) => Math.abs(value - hand.value);
    return this.sweeps.get(this.key(hand)).reduce((best, frame) => (far(frame) < far(best) ? frame : best)).value;
  }

  show() {
    const { hand, list } = this;
    const sweep = hand && this.sweeps.get(this.key(hand));
    if (!sweep?.length) return;
    const next = sweep.findIndex(({ value }) => value >= hand.value - 1e-9);
    const [low, high] = [sweep[next - 1], sweep[next]];
    const exact = high && sameValue(high.value, hand.value);
    if (!exact && !(low && high)) return this.leave(); // not drawn as far as that yet: Python shows it
    const share = exact ? 1 : (hand.value - low.value) / (high.value - low.value);
    const near = share < 0.5 ? low : high;
    const blended = !exact && !isCalm();
    const drawing = blended ? between(drawingOf(low), drawingOf(high), share) : drawingOf(near);
    list.showAhead({ drawing, words: near.words });
  }
}

/** The drawing of an exact frame, unpacked when it is first wanted. */
function drawingOf(frame) {
  const { pieces, bytes, glyphs, drawings } = frame.sheet;
  const records = (number) => {
    const piece = pieces[number];
    if (typeof piece === "number") return records(piece); // the same as an earlier one
    if (!piece.unpacked) {
      piece.forEach((record) => unpack(record, bytes, glyphs));
      piece.unpacked = true;
    }
    return piece;
  };
  const ground = drawings[frame.ground];
  if (frame.ground && !ground.pieces.length) {
    const { first, last, still } = ground.ground;
    for (let number = first; number < last; number++) ground.pieces.push(records(number));
    ground.still = still;
  }
  const slots = Object.entries(frame.slots).map(([slot, number]) => [slot, records(number)]);
  frame.drawing ??= ground.with(Object.fromEntries(slots));
  return frame.drawing;
}

async function inflate(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/** A drawing a part of the way from one exact frame to the next; where they differ in kind, the nearer one. */
function between(low, high, share) {
  const near = share < 0.5 ? low : high;
  if (low.ground !== high.ground) return near;
  const moved = near.pieces.map((piece, slot) => {
    const [one, other] = [low.pieces[slot], high.pieces[slot]];
    if (one === other || one.length !== other.length) return piece;
    return piece.map((record, i) => blend(one[i], other[i], record, share));
  });
  return near.with(moved);
}

const MOVING = ["xy", "at", "by"];

/** A record with its shapes moved; words and pictures stay those of the nearer frame. */
function blend(one, other, near, share) {
  if (one.text || other.text || near.image) return near;
  const alike = (name) => one[name]?.length === other[name]?.length;
  const moved = MOVING.filter((name) => near[name] && one[name] !== other[name]);
  if (!moved.length || ![...MOVING, "codes", "starts"].every(alike)) return near;
  const made = { ...near, traced: undefined, box: undefined };
  for (const name of moved) made[name] = near[name].map((_, i) => one[name][i] + share * (other[name][i] - one[name][i]));
  return made;
}

/** Follow the knobs of the explorer in which a view stands (see turning.js of the widgets). */
function followKnobs({ canvas, model, list, ended }) {
  const explorer = canvas.closest(".wbviz-explorer");
  if (!explorer || !model.get("sweeps")) return;
  const on = (type, action) => {
    const mine = ({ target, detail }) => target.closest(".wbviz-explorer") === explorer && action(detail);
    explorer.addEventListener(type, mine, { signal: ended.signal }); // another one may stand in it, on a stage
  };
  on("wbviz-hold", ({ knob, index }) => model.send({ type: "hold", knob, index }));
  on("wbviz-release", ({ knob, index }) => model.send({ type: "release", knob, index }));
  on("wbviz-turn", (hand) => list.kept.turn(hand));
  on("wbviz-set", () => list.sweeps.drop());
}
