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
    all(".wbviz-knob :is(.noUi-handle, input:not([type=checkbox]), select, textarea, .widget-readout)", name);
    all(".wbviz-knob .widget-toggle-buttons", name);
    all(".widget-toggle-buttons", (group) => setAttribute(group, "role", "group"));
    all(".widget-toggle-buttons button, .widget-toggle-button", (button) =>
      setAttribute(button, "aria-pressed", String(button.classList.contains("mod-active"))),
    );
    all(".wbviz-error", (box) => setAttribute(box, "role", "alert"));
    all(".wbviz-knob", sayValue);
  };
  const observer = new MutationObserver((changes) => {
    for (const { attributeName, target } of changes) {
      if (attributeName === "aria-valuetext") sayValue(target.closest(".wbviz-knob"));
    }
    // What each frame writes (words, live region) brings no new controls.
    const fresh = ({ attributeName, target }) =>
      attributeName !== "aria-valuetext" && !target.closest(".wbviz-words, .wbviz-picture");
    if (changes.some(fresh)) run();
  });
  observer.observe(explorer, { childList: true, subtree: true, attributeFilter: ["class", "aria-valuetext"] });
  explorer.addEventListener("click", copyText);
  run();
  return observer;
}

/** A slider counts steps (see _rows.py); what is read aloud is the value. */
function sayValue(row) {
  const handle = row?.querySelector(".noUi-handle");
  const field = row?.querySelector("input[type=number]");
  if (!handle || !field) return;
  const value = handle.getAttribute("aria-valuenow") * (field.step || 1);
  setAttribute(handle, "aria-valuetext", String(Number(value.toFixed(6))));
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
