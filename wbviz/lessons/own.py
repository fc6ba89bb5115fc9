"""A chapter of one's own: a file of lessons beside its notebook, found by its path."""

import importlib.util
import sys
from pathlib import Path

MAKE = 'A chapter of your own is made by: wbviz new "My title"'


def own_chapter(path, kind):
    """The `CHAPTER` of a file of lessons, read anew: what was changed in it counts at once.

    path: absolute, or from the folder of the notebook.  kind: the class that it must be of.
    Raises ValueError when there is no such file, or no chapter in it; what goes wrong inside the file comes as Python
    says it, with its line.
    """
    path = Path(path).expanduser().absolute()
    if path.suffix != ".py" or not path.is_file():
        raise ValueError(f"There is no file of lessons {path.name!r} in {path.parent}. {MAKE}")
    name = f"wbviz_own_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = getattr(module, "CHAPTER", None)
    if not isinstance(found, kind):
        raise ValueError(f"{path.name} holds no chapter: it must end with CHAPTER = Chapter(…). {MAKE}")
    return found
