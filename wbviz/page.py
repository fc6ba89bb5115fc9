"""A notebook as a page of the web, whose figures stay alive although no Python runs behind it."""

import os
import re
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter

from wbviz.book import PACKAGE, START, BookError

#: Seconds that a cell may take; and the figures, to draw their main knobs ahead.
CELL, FIGURES = 300, 1800
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
KEEP = "from wbviz.widgets._keeping import keep_figures\nkeep_figures({address!r})"
NOTE = (
    "> **No Python runs behind this page.**\n"
    "> Figures still answer to their main knobs: a sentence below each says which.\n"
    "> Predictions, exercises, experiments and progress need the notebook{place}."
)
#: Widgets have the font of the page.
STYLE = "<style>.jp-OutputArea-output, .wbviz-lesson { font-family: var(--jp-ui-font-family, sans-serif); }</style>"


@dataclass
class Page:
    """A page that was written: where it is, and how many live figures it has."""

    path: Path
    figures: int

    def __str__(self):
        size = self.path.stat().st_size / 1e6
        return f"{self.path}: {size:.1f} MB, {self.figures} figure{'s' * (self.figures != 1)}."


def write_page(notebook, folder, others=()):
    """Run a notebook from nothing learned, and write it as an HTML page into a folder; the notebook stays as it is.

    others: the notebooks whose pages stand beside this one; links between them lead to pages.
    Raises BookError when the notebook cannot be read or stops at an error, or the folder cannot be written.
    """
    notebook, folder = Path(notebook), Path(folder).expanduser()
    book = read(notebook)
    address = binder(notebook.name)
    run(book, notebook, address)
    figures = tidy(book)
    place = f": [open it on Binder]({address})" if address else ""
    book.cells.insert(0, nbformat.v4.new_markdown_cell(NOTE.format(place=place)))
    link(book, {Path(other).name for other in others})
    text, _ = HTMLExporter(embed_images=True).from_notebook_node(
        book, resources={"metadata": {"name": notebook.stem, "path": str(notebook.parent)}}
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{notebook.stem}.html"
        target.write_text(text.replace("</head>", f"{STYLE}</head>", 1), encoding="utf-8")
    except OSError as error:
        raise BookError(f"The page cannot be written to {folder}: {error.strerror or error}.") from error
    return Page(target, figures)


def read(path):
    """The notebook at a path; BookError if there is none."""
    try:
        return nbformat.read(path, as_version=4)
    except OSError as error:
        raise BookError(f"The notebook {path} cannot be read: {error.strerror or error}.") from error
    except Exception as error:  # nbformat has many ways to say it
        raise BookError(f"{path} is no notebook: {error}") from error


def run(book, path, address=""):
    """Run every cell of a notebook in place, then let its figures keep themselves. BookError says which cell failed."""
    keep = nbformat.v4.new_code_cell(KEEP.format(address=address))
    book.cells.append(keep)
    execute(book, path, lambda cell: FIGURES if cell is keep else CELL)
    book.cells.remove(keep)


def execute(book, path, seconds=lambda cell: CELL):
    """Run every cell of a notebook in place, with nothing learned. BookError says which cell failed.

    seconds: how long a cell may take.
    """
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(book, timeout_func=seconds, kernel_name="python3", resources=resources)
    with tempfile.TemporaryDirectory() as nothing_learned:
        try:
            client.execute(env=os.environ | {"WBVIZ_PROGRESS": os.path.join(nothing_learned, "progress.json")})
        except CellExecutionError as error:
            raise BookError(f"{path} stopped in {_failed(book)}: {error.ename}: {error.evalue}") from error
        except (CellTimeoutError, DeadKernelError) as error:
            raise BookError(f"{path} stopped: {str(error).splitlines()[0]}") from error


def _failed(book):
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells, 1):
        if any(output.output_type == "error" for output in cell.outputs):
            return f"code cell {number}, “{cell.source.splitlines()[0]}”"
    return "a cell"


def tidy(book):
    """Leave out the widgets that nobody sees, and disable those that need Python; returns how many figures there are.

    Figures see to their own controls.
    """
    widgets = book.metadata.get("widgets", {}).get(STATE)
    if widgets is None:
        return 0
    models = widgets["state"]
    shown = [
        output.data[VIEW]["model_id"]
        for cell in book.cells
        for output in cell.get("outputs", ())
        if VIEW in output.get("data", {})
    ]
    lessons = _held(models, shown, until="wbviz-explorer")
    for name in lessons:
        if "disabled" in models[name]["state"] and not _has_class(models[name], "wbviz-explorer"):
            models[name]["state"]["disabled"] = True
    seen = _held(models, shown)
    widgets["state"] = {name: model for name, model in models.items() if name in seen}
    return sum(_has_class(models[name], "wbviz-explorer") for name in seen)


def _held(models, names, until=None):
    """The names of models and of all that they hold; what a model of the class `until` holds is left out."""
    found, left = set(), list(names)
    while left:
        name = left.pop()
        if name in found or name not in models:
            continue
        found.add(name)
        if until is None or not _has_class(models[name], until):
            left += _references(models[name]["state"])
    return found


def _references(value):
    if isinstance(value, str):
        return [value.removeprefix("IPY_MODEL_")] if value.startswith("IPY_MODEL_") else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [name for item in inner for name in _references(item)]


def _has_class(model, name):
    return name in model["state"].get("_dom_classes", ())


def link(book, names):
    """Let links to notebooks of these names lead to their pages."""
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(
                r"\]\(([^()\s/]+)\.ipynb(?=[)#])",
                lambda found: f"]({found[1]}.html" if f"{found[1]}.ipynb" in names else found[0],
                cell.source,
            )


def binder(name):
    """The address at which a chapter can be run: that of the badge in README.md. Empty where it is not known."""
    readme = PACKAGE.parent / "README.md"
    try:
        text = readme.read_text(encoding="utf-8") if readme.is_file() else str(metadata.metadata("wbviz").get_payload())
    except metadata.PackageNotFoundError:
        return ""
    found = re.search(r"https://mybinder\.org/v2/[^\s)]+", text)
    chapter = any((folder / "chapters" / name).is_file() for folder in (PACKAGE, PACKAGE.parent))
    return found[0].replace(START, name if chapter else START) if found else ""
