"""What a screen reader finds in our part of a page."""

OURS = ".wbviz-explorer, .wbviz-lesson"
PAGE = f"{OURS}, .jp-RenderedMarkdown"
_NAMELESS = """selector => [...document.querySelectorAll(selector)]
  .flatMap(view => [...view.querySelectorAll("canvas, .noUi-handle, button, input, select, textarea, [role=slider]")])
  .filter(e => e.checkVisibility())
  .filter(e => !(e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.labels?.length
    || e.title || (e.tagName === "BUTTON" && e.innerText.trim())))
  .map(e => e.outerHTML.slice(0, 120))"""
_AXE = """async selector => {
  const found = await axe.run({include: [...document.querySelectorAll(selector)]}, {resultTypes: ["violations"]});
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id} (${v.impact}): ${n.html.slice(0, 160)}`)); }"""


def nameless(notebook):
    """The pictures and controls of explorers and lessons that have no accessible name, as HTML."""
    return notebook.page.evaluate(_NAMELESS, OURS)


def axe_violations(notebook, axe):
    """What axe-core (its source is `axe`) finds in explorers, lessons and text: by all its rules, of every impact.

    What is around them is JupyterLab's.
    """
    notebook.page.evaluate(axe)
    return notebook.page.evaluate(_AXE, PAGE)
