// Links in the text: one to `#Neuron(b=-2)` sets the nearest Neuron of the notebook, and leads there.
//
// The nearest is the next one above the link, else the first below. One inside an exercise or a prediction is the
// learner's answer and is left alone. What cannot be done is said beside the link.

const PRESET = /^#([A-Z]\w*)\(/;
/** So long Python may take to answer before the reader is told, in milliseconds. */
const SOON = 2000;

const notebookOf = (node) => node.closest(".jp-Notebook") ?? document.body;

/** What a link of the text sets: {href, name, figure, taken}; nothing where it leads to a heading or elsewhere. */
function presetOf(link) {
  const href = link?.getAttribute("href");
  const [, name] = href?.match(PRESET) ?? [];
  if (!name) return null;
  const book = notebookOf(link);
  const heading = CSS.escape(href.slice(1));
  if (book.querySelector(`[id="${heading}"], [data-jupyter-id="${heading}"]`)) return null;
  const all = [...book.querySelectorAll(`.wbviz-explorer.wbviz-${name}`)];
  const free = all.filter((figure) => !figure.closest(".wbviz-lesson"));
  const above = free.filter((figure) => link.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_PRECEDING);
  return { href, name, figure: above.at(-1) ?? free[0], taken: all.length > 0 };
}

/** The text of a preset in a link. */
function textOf(href) {
  try {
    return decodeURIComponent(href.slice(1));
  } catch {
    return href.slice(1);
  }
}

/** Follow the links that lead to the picture of a view, by the pointer and by Enter. */
function followLinks(view) {
  const follow = (event) => {
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || elsewhere || event.defaultPrevented || notebookOf(link) !== notebookOf(view.canvas)) return;
    const preset = presetOf(link);
    if (!preset || (preset.figure && preset.figure.querySelector("canvas") !== view.canvas)) return; // of another view
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would have a use for Enter
    if (preset.figure) ask(view, link, preset);
    else sayBeside(link, missing(preset));
  };
  const options = { capture: true, signal: view.ended.signal };
  addEventListener("click", follow, options);
  addEventListener("keydown", (event) => event.key === "Enter" && follow(event), options);
}

const missing = ({ name, taken }) =>
  taken
    ? `Nothing was set: the ${name} on this page is part of an exercise or a prediction, and its answer is yours.`
    : `There is no ${name} on this page yet: run the cell that shows it, then follow the link again.`;

/** Ask Python to set the figure; lead there when it was set, or say what is wrong. */
function ask({ canvas, frame, list, model }, link, { href, figure }) {
  if (list.kept.asleep) {
    return sayBeside(link, "No Python runs behind this page: the link sets the figure where the notebook is run.");
  }
  const number = Math.random();
  const down = link.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING;
  let late = false;
  const hear = async (message) => {
    if (message.type !== "linked" || message.link !== number) return;
    clearTimeout(waiting);
    model.off("msg:custom", hear);
    sayBeside(link, message.wrong);
    if (message.wrong || late) return; // a reader who had to wait may be somewhere else by now
    await comeNear(figure, down);
    frame.scrollIntoView({ behavior: isCalm() ? "instant" : "smooth", block: "nearest" });
    canvas.classList.add("wbviz-led");
    canvas.addEventListener("blur", () => canvas.classList.remove("wbviz-led"), { once: true });
    canvas.focus({ preventScroll: true });
  };
  const wait = () => {
    late = true;
    const restarted = "If it was started anew or has stopped, run the cell of the figure again.";
    sayBeside(link, `Python does not answer yet. It may be busy: then the figure is set when it is done. ${restarted}`);
  };
  const waiting = setTimeout(wait, SOON);
  model.on("msg:custom", hear);
  try {
    model.send({ type: "link", link: number, text: textOf(href) });
  } catch {
    wait(); // there is no kernel to send to
  }
}

/** A cell far from view may be folded up by JupyterLab: scroll towards it until it is not. */
async function comeNear(figure, down) {
  const cell = figure.closest(".jp-Cell");
  const page = cell?.closest(".jp-WindowedPanel-outer");
  const folded = () => cell.style.display === "none" || cell.style.opacity === "0";
  for (let patience = 300; page && folded() && patience; patience--) {
    page.scrollBy({ top: ((down ? 1 : -1) * page.clientHeight) / 2, behavior: "instant" });
    await new Promise(requestAnimationFrame);
  }
}

/** Say something beside a link, to those who see and those who hear; an empty text takes it away. */
function sayBeside(link, text) {
  const there = link.nextElementSibling;
  let place = there?.matches(".wbviz-beside") ? there : null;
  if (!place && !text) return;
  if (!place) {
    place = element("span", { className: "wbviz-beside" });
    setAttribute(place, "role", "status");
    link.after(place);
  }
  setTimeout(() => (place.textContent = text), 50); // a region is listened to once it is there
}
