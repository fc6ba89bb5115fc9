"""`wbviz new`: a chapter of one's own, from a template that runs as it is."""

import json
import re
from pathlib import Path

from wbviz.book import PACKAGE, BookError

TEMPLATES = PACKAGE / "templates"
#: What the template is called; the new chapter's names take the place of these.
TITLE, NAME, STEM = "My title", "my-title", "my_title"


def options(parser):
    parser.add_argument("title", help="the chapter's heading")
    parser.add_argument("--to", default=".", metavar="FOLDER", help="where it is written (default: here)")


def run(options):
    """Write the notebook and its lessons, and say what to do next."""
    notebook, lessons = write_chapter(options.title, options.to)
    print(
        f"Written: {notebook} and {lessons}.\n"
        f"Open the notebook in JupyterLab; change the lessons, then run `chapter(…)` again.\n"
        f"Is it all in order? wbviz check-chapter {notebook}"
    )
    return 0


def write_chapter(title, folder):
    """Write a chapter of this title into the folder → the paths of its notebook and its lessons.

    Raises BookError when the title holds no letter or digit, a file is there already, or the folder cannot be used.
    """
    title, folder = " ".join(title.split()), Path(folder).expanduser()
    stem = stem_of(title)
    targets = {
        f"{STEM}.ipynb": folder / f"{stem}.ipynb",
        f"{STEM}_lessons.py": folder / f"{stem}_lessons.py",
    }
    for target in targets.values():
        if target.exists():
            raise BookError(f"{target} is there already; nothing was written. Choose another title or --to FOLDER.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, target in targets.items():
            write = _notebook if target.suffix == ".ipynb" else _lessons
            target.write_text(write((TEMPLATES / name).read_text(encoding="utf-8"), title, stem), encoding="utf-8")
    except OSError as error:
        raise BookError(f"The chapter cannot be written to {folder}: {error.strerror or error}.") from error
    return tuple(targets.values())


def stem_of(title):
    """The name of its files: letters, digits and underscores, not a digit at its beginning."""
    stem = re.sub(r"\W+", "_", title.lower()).strip("_")[:60]
    if not stem:
        raise BookError(f"A chapter needs a title with at least one letter or digit, not {title!r}.")
    return f"chapter_{stem}" if stem[0].isdigit() else stem


def _lessons(text, title, stem):
    text = text.replace(f'"{TITLE}"', json.dumps(title, ensure_ascii=False))
    return text.replace(NAME, stem.replace("_", "-")).replace(STEM, stem)


def _notebook(text, title, stem):
    book = json.loads(text)
    for cell in book["cells"]:
        source = "".join(cell["source"]).replace(STEM, stem)
        cell["source"] = source.replace(TITLE, title) if cell["cell_type"] == "markdown" else source
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"
