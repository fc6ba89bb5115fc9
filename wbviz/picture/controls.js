// Controls: names for those of an explorer, for people who hear the page.

/** Give every control inside an explorer the name of its row, now and whenever controls appear. */
function nameControls(explorer) {
  if (!explorer) return null;
  const label = (element) => {
    for (let at = element; at && at !== explorer; at = at.parentElement) {
      const text = at.querySelector(".widget-label")?.textContent.trim();
      if (text) return text;
      if (at.matches(".wbviz-knob")) return "";
    }
    return "";
  };
  const name = (element) => {
    const text = label(element);
    if (text) setAttribute(element, "aria-label", text);
  };
  const all = (selector, action) => explorer.querySelectorAll(selector).forEach(action);
  const run = () => {
    all(".wbviz-knob :is(input:not([type=checkbox]), select, textarea)", name);
    all(".wbviz-knob .widget-toggle-buttons", name);
    all(".widget-toggle-buttons", (group) => setAttribute(group, "role", "group"));
    all(".widget-toggle-buttons button, .widget-toggle-button", (button) =>
      setAttribute(button, "aria-pressed", String(button.classList.contains("mod-active"))),
    );
    all(".wbviz-error", (box) => setAttribute(box, "role", "alert"));
    // Their arrow keys are their own: JupyterLab would go to another cell.
    all("select, input", (control) => (control.dataset.lmSuppressShortcuts = "true"));
  };
  // What is written with each frame or turn (words, rows of our own) brings no new controls.
  const own = ".wbviz-words, .wbviz-picture, .wbviz-slider, .wbviz-table";
  const observer = new MutationObserver((changes) => changes.some(({ target }) => !target.closest(own)) && run());
  observer.observe(explorer, { childList: true, subtree: true, attributeFilter: ["class"] });
  explorer.addEventListener("click", copyText);
  explorer.addEventListener("keydown", leaveExplorer, { capture: true });
  run();
  return observer;
}

/** Escape leads from the controls of an explorer to its cell; in the picture it belongs to the explorer. */
function leaveExplorer({ key, target, currentTarget }) {
  if (key === "Escape" && !target.matches("canvas")) currentTarget.closest(".jp-Cell")?.focus({ preventScroll: true });
}

/** The button with the class wbviz-copy copies the text beside it. */
async function copyText(event) {
  const button = event.target.closest?.(".wbviz-copy");
  const text = button?.closest(".wbviz-share")?.querySelector("textarea");
  if (!text) return;
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    document.execCommand("copy"); // pages without https have no clipboard of their own
  }
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
}
