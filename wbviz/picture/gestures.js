// Gestures: what the pointer and the keyboard do on a picture, as state in two traits.

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
