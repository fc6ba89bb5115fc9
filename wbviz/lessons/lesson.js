// The line that answers the learner: announced by screen readers, and what gives the lesson around it its names.

const own = (lesson, selector) =>
  [...lesson.querySelectorAll(selector)].filter((found) => found.closest(".wbviz-lesson") === lesson);

function label(lesson, text) {
  lesson.setAttribute("role", "group");
  lesson.addEventListener("keydown", onKey, { capture: true }); // the same one is added once
  lesson.setAttribute("aria-label", text);
  for (const box of own(lesson, ".widget-radio-box")) {
    box.setAttribute("role", "radiogroup");
    box.setAttribute("aria-label", text);
    byArrows(box);
  }
  for (const hints of own(lesson, ".wbviz-hints")) hints.setAttribute("role", "status");
}

/** Name the lesson around a line once it is on the page, and again when something in it comes or goes. */
function follow(el, name, come) {
  let lesson = null;
  const sizes = new ResizeObserver(() => {
    if (!lesson && (lesson = el.closest(".wbviz-lesson"))) {
      sizes.observe(lesson);
      come();
    }
    if (lesson) label(lesson, name());
  });
  sizes.observe(el);
  return sizes;
}

/** Move the focus to the first control of a lesson that has just come, and out of the way of one that has gone. */
function enter(el) {
  const control = el.closest(".wbviz-lesson")?.querySelector("input:enabled, button:enabled");
  control?.focus({ preventScroll: true });
  control?.closest(".wbviz-lesson").scrollIntoView({ block: "nearest" });
}

/** Let the arrow keys choose among the options: ipywidgets leaves them apart, and JupyterLab would go to another cell. */
function byArrows(box) {
  box.dataset.group ??= Math.random().toString(36);
  for (const option of box.querySelectorAll("input")) {
    option.name = box.dataset.group;
    option.dataset.lmSuppressShortcuts = "true";
  }
}

/** Escape leads out of a lesson, to its cell; Enter hands over what was written before it asks for an answer. */
function onKey({ key, target, currentTarget }) {
  const out = key === "Escape" && target.type !== "search" && !target.matches("canvas");
  if (out) currentTarget.closest(".jp-Cell")?.focus({ preventScroll: true });
  if (key === "Enter" && target.type === "text") target.dispatchEvent(new Event("change", { bubbles: true }));
}

function render({ model, el }) {
  const line = document.createElement("div");
  line.setAttribute("role", "status");
  line.className = "wbviz-said";
  el.append(line);
  const show = () => {
    line.textContent = model.get("text");
    line.dataset.tone = model.get("tone");
  };
  const name = () => {
    const lesson = el.closest(".wbviz-lesson");
    if (lesson) label(lesson, model.get("lesson"));
  };
  const events = { "change:text change:tone": show, "change:lesson": name };
  for (const [names, listener] of Object.entries(events)) model.on(names, listener);
  let entering;
  const come = () => model.get("enter") && (entering = setTimeout(() => enter(el), 100));
  const sizes = follow(el, () => model.get("lesson"), come);
  show();
  return () => {
    sizes.disconnect();
    clearTimeout(entering);
    for (const [names, listener] of Object.entries(events)) model.off(names, listener);
  };
}

export default { render };
