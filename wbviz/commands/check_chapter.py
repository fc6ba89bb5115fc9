"""`wbviz check-chapter`: do a chapter's lessons keep to the rules, and does its notebook run?"""

import ast
import contextlib
import json
from pathlib import Path

from wbviz.book import BookError


def options(parser):
    parser.add_argument("notebook", help="the chapter's notebook; its lessons are those that it loads")


def run(options):
    """Print every check; 1 if one fails."""
    from wbviz.lessons import house

    path = Path(options.notebook).expanduser().absolute()
    chapter = lessons_of(path)
    checks = [*house.checks(chapter, path), (f"notebook {path.name} runs", lambda: run_notebook(path))]
    failed = sum([not tell(what, check) for what, check in checks])
    print(f"\n{failed} to put right." if failed else f"\nAll is in order: {chapter!r}.")
    return 1 if failed else 0


def tell(what, check):
    """Run one check and print what it found; True when all is well."""
    try:
        check()
    except Exception as error:
        kind = "" if isinstance(error, (AssertionError, BookError)) else f"{type(error).__name__}: "
        print(f"  FAIL  {what}\n          → {kind}{error}", flush=True)
        return False
    print(f"  ok    {what}", flush=True)
    return True


def lessons_of(path):
    """The lessons that a notebook loads with `chapter(…)`. Raises BookError when there are none."""
    from wbviz.lessons import chapter

    try:
        with contextlib.chdir(path.parent):
            return chapter(loaded(path))
    except OSError as error:
        raise BookError(f"The notebook {path} cannot be read: {error.strerror or error}.") from error
    except Exception as error:
        raise BookError(f"The lessons of {path.name} cannot be loaded: {type(error).__name__}: {error}") from error


def loaded(path):
    """What stands between the brackets of the first `chapter(…)` in a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        with contextlib.suppress(SyntaxError):
            tree = ast.parse("".join(cell["source"]) if cell["cell_type"] == "code" else "")
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "chapter":
                    return ast.literal_eval(node.args[0])
    raise ValueError('no cell says chapter("my_lessons.py") or chapter(1)')


def run_notebook(path):
    """Run every cell, with nothing learned; the notebook stays as it is. Raises BookError with the cell that failed."""
    from wbviz import page

    page.execute(page.read(path), path)
