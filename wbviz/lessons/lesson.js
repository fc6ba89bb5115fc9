// The line that answers the learner: announced by screen readers, and what gives the lesson around it its names.

function label(el, text) {
  const lesson = el.closest(".wbviz-lesson");
  if (!lesson) return;
  lesson.setAttribute("role", "group");
  lesson.setAttribute("aria-label", text);
  for (const box of lesson.querySelectorAll(".widget-radio-box")) {
    box.setAttribute("role", "radiogroup");
    box.setAttribute("aria-label", text);
  }
  for (const hints of lesson.querySelectorAll(".wbviz-hints")) hints.setAttribute("role", "status");
}

function render({ model, el }) {
  const line = document.createElement("div");
  line.setAttribute("role", "status");
  line.className = "wbviz-said";
  el.append(line);
  const show = () => {
    line.textContent = model.get("text");
    line.dataset.tone = model.get("tone");
    setTimeout(() => label(el, model.get("lesson")), 0);
  };
  const events = ["change:text", "change:tone", "change:lesson"];
  for (const event of events) model.on(event, show);
  const late = setTimeout(show, 400);
  show();
  return () => {
    clearTimeout(late);
    for (const event of events) model.off(event, show);
  };
}

export default { render };
